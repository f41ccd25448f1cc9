"""Who may import whom, as DESIGN's layers say: a file imports only from lower levels."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

ROOT = Path(autograd.__file__).parent.parent

# The lower the level, the fewer a module knows. Modules of one level do not know each other, but
# for those that are listed in order on one line.
LEVELS = [
    ["autograd.rounding", "autograd.functions", "autograd.rules"],
    ["autograd.graph", "autograd.modes", "autograd.naming", "autograd.freeing"],
    ["autograd.source", "autograd.hints", "autograd.errors"],
    ["autograd.backward", "autograd.forward", "autograd.copying"],
    ["autograd.value"],
    ["autograd.functional", "autograd.expression", "autograd.change"],
    ["autograd.path_sum", "autograd.provenance"],
    ["autograd.slopes", "autograd.verdicts", "autograd.gradcheck", "autograd.declare"],
    ["autograd.styles", "autograd.notation", "autograd.narration", "autograd.stepping"],
    ["autograd.view"],
    ["autograd.compiled"],
    ["autograd.classroom"],
    ["autograd.cli"],
    ["autograd.classroom.commands", "autograd.classroom.worksheet_command"],
    ["autograd.commands"],
    ["autograd.__main__"],
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}


def modules(package):
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(name):
    """The listed module that a dotted name lies in."""
    while name and name not in LEVEL:
        name = name.rpartition(".")[0]
    return name


@pytest.mark.parametrize("name", [name for name, _ in modules("autograd") if name != "autograd"])
def test_a_module_imports_only_from_below(name):
    path = dict(modules("autograd"))[name]
    own = place(name)
    assert own, f"{name} has no level: add it to LEVELS"
    for other in map(place, imported(path)):
        if other and other != own:
            below = LEVEL[other] < LEVEL[own]
            beside = LEVEL[other] == LEVEL[own] and LEVELS[LEVEL[own]].index(other) < LEVELS[
                LEVEL[own]
            ].index(own)
            assert below or beside, f"{name} imports {other}"


def test_the_engine_never_imports_the_networks():
    for name, path in modules("autograd"):
        assert not any(other.split(".")[0] == "nn" for other in imported(path)), name


def test_the_networks_use_only_the_public_face_of_the_engine():
    public = {f"autograd.{name}" for name in autograd.__all__}
    allowed = {"autograd", "autograd.cli", "autograd.commands"} | public
    for name, path in modules("nn"):
        for other in imported(path):
            if other.split(".")[0] == "autograd":
                assert other in allowed or other.startswith("autograd.cli."), f"{name}: {other}"


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
