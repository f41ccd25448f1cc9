"""The plan of the folders: who may import whom. Each imports only from its left, and no circles."""

import subprocess
import sys

import pytest
from house import PICTURE, drawing, told
from imports import ROOT, arrows, circles, imported, modules

import autograd
from autograd.view.renderers import picture

# From left to right. What stands together in one room of the plan does not know each other, unless
# it is the same wing.
PLAN = {
    "autograd": [
        ["formulas", "graph"], ["rules"], ["machinery"], ["words"], ["fast"],
        ["backward", "forward"], ["value"], ["functional", "story"], ["ask", "view"],
        ["compiled", "classroom"], ["command"], ["__main__"],
    ],
    "nn": [
        ["checks"],
        [
            "module", "layers", "initial", "losses", "penalties", "optimizers", "schedules",
            "clipping", "metrics",
        ],
        ["data"], ["saving"], ["view"], ["training"], ["command"], ["__main__"],
    ],
}  # fmt: skip
# The stages of compile, and what a wing shows at its own top, in the order in which they may look.
INSIDE = {
    "autograd.compiled": [
        "record", "lift", "run", "show", "recordings", "second_order", "to_jax",
        "compiled_function",
    ],
    "autograd.classroom": ["mistakes", "answers", "sheets", "costs"],
}  # fmt: skip


def place(package, name):
    """The number of the room that a module lies in."""
    room = name.removeprefix(f"{package}.").partition(".")[0]
    return next(number for number, rooms in enumerate(PLAN[package]) if room in rooms), room


@pytest.mark.parametrize("package", PLAN)
def test_a_room_imports_only_from_its_left(package):
    for name, others in arrows(package).items():
        if name == package:
            continue
        own, room = place(package, name)
        for other in others:
            there, other_room = place(package, other)
            assert there < own or room == other_room or (package == "nn" and own == there == 1), (
                f"{name} imports {other}"
            )


@pytest.mark.parametrize("wing", INSIDE)
def test_a_wing_imports_only_from_its_left(wing):
    order = INSIDE[wing]
    for name, others in arrows("autograd").items():
        for other in others:
            if name.startswith(f"{wing}.") and other.startswith(f"{wing}."):
                here, there = (
                    order.index(each.removeprefix(f"{wing}.").partition(".")[0])
                    for each in (name, other)
                )
                assert there <= here, f"{name} imports {other}"


@pytest.mark.parametrize("package", PLAN)
def test_no_modules_import_each_other_in_a_circle(package):
    assert circles(package) == []


def test_the_picture_of_the_house_shows_who_imports_whom_today():
    fresh = picture(drawing().source, "svg").decode()
    assert told(PICTURE.read_text(encoding="utf-8")) == told(fresh), "make house draws it anew"


def test_the_top_of_the_engine_is_the_lecture():
    assert sorted(path.stem for path in (ROOT / "autograd").glob("*.py")) == [
        "__init__", "__main__", "backward", "forward", "functional", "graph", "rules", "value",
    ]  # fmt: skip


def test_the_top_of_the_networks_is_their_vocabulary():
    assert sorted(path.stem for path in (ROOT / "nn").glob("*.py")) == [
        "__init__", "__main__", "clipping", "initial", "layers", "losses", "metrics", "module",
        "optimizers", "penalties", "schedules",
    ]  # fmt: skip


def test_the_engine_never_imports_the_networks():
    for name, path in modules("autograd").items():
        assert not any(other.split(".")[0] == "nn" for other in imported(path)), name


def test_the_networks_use_only_the_public_face_of_the_engine():
    public = {f"autograd.{name}" for name in autograd.__all__}
    # Some doors of the workshop stand open, so that there is one of each in the whole project.
    shared = {
        "autograd.machinery.whole_files",
        "autograd.machinery.all_or_nothing",
        "autograd.machinery.required",
        "autograd.view.fonts",
        "autograd.view.images",
        "autograd.words.html_table",
        "autograd.words.suggestions",
    }
    allowed = {"autograd", "autograd.command"} | public | shared
    for name, path in modules("nn").items():
        for other in imported(path):
            if other.split(".")[0] == "autograd":
                assert other in allowed or other.startswith(
                    ("autograd.command.", *(f"{door}." for door in shared))
                ), f"{name}: {other}"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_importing_a_package_imports_nothing_from_third_parties(package):
    code = (
        "import sys; before = set(sys.modules); import " + package + "; "
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.split()) - {"autograd", "nn"}
    assert loaded <= set(sys.stdlib_module_names), loaded
