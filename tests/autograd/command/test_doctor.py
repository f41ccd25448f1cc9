"""The doctor speaks where nothing of ours can be imported any more, and says what mends it."""

import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import autograd
from autograd.command import doctor
from autograd.command.main import main

ROOT = Path(autograd.__file__).parent.parent
view = importlib.import_module("autograd.view")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """Nobody else's package is installed, and nothing lies beside the notebook."""
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {})
    monkeypatch.chdir(tmp_path)


def test_doctor_tells_versions_and_the_renderer(capsys):
    assert main(["doctor"]) == 0
    printed = capsys.readouterr().out
    for word in ("chalkgrad", "Python", "numpy", "pictures by", "All is well."):
        assert word in printed


def test_doctor_looks_for_every_package_that_is_declared(capsys):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["notebooks"], *extras["data"], *extras["jax"]]
    names = {re.match(r"[\w-]+", line).group() for line in declared}
    assert names == {*doctor.NEEDED, *doctor.OPTIONAL}
    main(["doctor"])
    printed = capsys.readouterr().out
    assert all(f"\n{name} " in printed for name in names)


def test_doctor_names_the_package_that_is_missing(monkeypatch, capsys):
    versions = doctor.version_of

    def version_of(name):
        return None if name in ("numpy", "pygraphviz") else versions(name)

    monkeypatch.setattr(doctor, "version_of", version_of)
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "problem: numpy is missing: pip install numpy" in out
    assert "problem: pygraphviz" not in out  # the Graphviz program would do


def test_doctor_says_that_nothing_draws(monkeypatch, capsys):
    def nothing():
        raise view.RenderError("neither dot nor pygraphviz")

    monkeypatch.setattr(view, "renderer", nothing)
    assert main(["doctor"]) == 1
    assert "nothing draws pictures: neither dot nor pygraphviz" in capsys.readouterr().out


def test_doctor_finds_a_distribution_that_installs_the_same_package(capsys, monkeypatch):
    both = {"autograd": ["autograd", "chalkgrad"]}
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: both)
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "pip uninstall -y autograd; pip install --force-reinstall --no-deps chalkgrad" in out
    assert "1 to mend." in out


@pytest.mark.parametrize("name", ["nn", "autograd"])
def test_a_students_own_file_of_that_name_is_found(capsys, tmp_path, name):
    (tmp_path / f"{name}.py").write_text("x = 1\n", encoding="utf-8")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert f"{name}.py is imported in place of the package {name}" in out
    assert f"Rename it: {name}.py to my_{name}.py" in out


def test_a_students_own_folder_of_that_name_is_found_and_our_own_is_not(capsys, tmp_path):
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "__init__.py").write_text("", encoding="utf-8")
    shutil.copytree(ROOT / "autograd", tmp_path / "autograd")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "nn is imported in place of the package nn" in out
    assert "in place of the package autograd" not in out


# In an installation -------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    """A folder of packages in which ours are installed, as pip has noted it."""
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(ROOT / "chalkgrad.py", site)
    for package in ("autograd", "nn"):
        shutil.copytree(
            ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return site


def chalkgrad(site, *arguments):
    """Run the command as installed there, with nothing of the checkout in sight."""
    code = f"import sys, chalkgrad; sys.exit(chalkgrad.main({list(arguments)}))"
    return subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False,
        cwd=site.parent, env=os.environ | {"PYTHONPATH": str(site)},
    )  # fmt: skip


def test_the_command_runs_where_all_is_well(site):
    done = chalkgrad(site, "--version")
    assert done.stdout.startswith("chalkgrad "), done.stderr
    assert chalkgrad(site, "doctor", "--help").stdout.startswith("usage: chalkgrad doctor")


def foreign(site):
    """Install a package of another distribution over ours."""
    (site / "autograd" / "__init__.py").write_text(
        "from .differential_operators import grad\n", encoding="utf-8"
    )


def without_its_first_file(site):
    """Uninstall the other distribution again: what it had overwritten is gone, too."""
    (site / "autograd" / "__init__.py").unlink()


def without_the_package(site):
    """Lose the whole package."""
    shutil.rmtree(site / "autograd")


@pytest.mark.parametrize("ill", [foreign, without_its_first_file, without_the_package])
@pytest.mark.parametrize("command", [["doctor"], ["draw", "a*b", "a=1", "b=2"]])
def test_the_command_says_what_mends_an_installation_that_cannot_be_imported(site, ill, command):
    ill(site)
    done = chalkgrad(site, *command)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "pip install --force-reinstall --no-deps chalkgrad" in done.stdout + done.stderr


def test_an_installed_file_that_was_overwritten_is_found(monkeypatch, tmp_path, capsys):
    class Noted(importlib.metadata.PackagePath):
        def locate(self):
            return tmp_path / self

    file, noted = tmp_path / "value.py", Noted("value.py")
    noted.hash = importlib.metadata.FileHash("sha256=rgvsnp0zxWNUvWEsimAQhAMk_FuXhs4KGLaWswSwk5c")
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [noted])
    assert doctor.changed_files() == ["value.py"]  # gone
    file.write_bytes(b"ours")
    assert doctor.changed_files() == []
    file.write_bytes(b"theirs")
    assert doctor.changed_files() == ["value.py"]
    assert main(["doctor"]) == 1
    assert "problem: value.py changed since the installation" in capsys.readouterr().out


def test_the_doctor_stops_without_a_word_where_the_reader_has_gone():
    ours, theirs = os.pipe()
    os.close(ours)
    # Unbuffered, so that the first line already finds nobody.
    command = [sys.executable, "-u", "-m", "chalkgrad", "doctor"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert (done.returncode, done.stderr) == (1, "")
