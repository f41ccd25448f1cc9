"""chalkgrad notebooks: the course is copied, the student's own work is never overwritten."""

import subprocess
import sys
import tomllib

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook

from autograd.command import cli
from nn.command import notebooks
from nn.command.main import main


def chalkgrad(*arguments):
    return cli.run(cli.parser_for("chalkgrad", notebooks.add_notebooks), arguments)


@pytest.fixture(autouse=True)
def own_signatures(tmp_path_factory, monkeypatch):
    """Jupyter's records of what it trusts: not those of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("jupyter")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def opened(monkeypatch):
    """The commands that would open JupyterLab."""
    commands = []

    def run(command):
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(notebooks.subprocess, "run", run)
    monkeypatch.setattr(notebooks.importlib.util, "find_spec", lambda name: name)
    return commands


def test_the_course_is_copied_whole(tmp_path, capsys):
    folder = tmp_path / "some" / "course"
    assert chalkgrad("notebooks", str(folder), "--no-open") == 0
    originals = [
        each for each in notebooks.course_folder().iterdir() if each.suffix in notebooks.KINDS
    ]
    assert len(originals) >= 4
    said = capsys.readouterr().out
    for original in originals:
        assert (folder / original.name).read_bytes() == original.read_bytes()
        assert f"wrote {folder / original.name}" in said
    assert (folder / "README.md").is_file()


def test_what_a_student_has_written_is_kept(tmp_path, capsys):
    written = tmp_path / "00_tour.ipynb"
    written.write_text("my answers", encoding="utf-8")
    assert chalkgrad("notebooks", str(tmp_path), "--no-open") == 0
    assert written.read_text(encoding="utf-8") == "my answers"
    assert f"kept {written}" in capsys.readouterr().out
    assert (tmp_path / "01_values_and_graphs.ipynb").is_file()


def test_jupyter_trusts_what_was_copied_and_not_what_was_there(tmp_path):
    own = new_notebook(cells=[new_code_cell("1 + 1")])
    nbformat.write(own, tmp_path / "00_tour.ipynb")
    assert chalkgrad("notebooks", str(tmp_path), "--no-open") == 0
    notary = NotebookNotary()
    trusted = {
        path.stem: notary.check_signature(nbformat.read(path, as_version=4))
        for path in tmp_path.glob("*.ipynb")
    }
    notary.store.close()
    assert not trusted.pop("00_tour")
    assert trusted
    assert all(trusted.values())


def test_without_jupyter_it_is_copied_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert chalkgrad("notebooks", str(tmp_path), "--no-open") == 0
    assert (tmp_path / "00_tour.ipynb").is_file()


def test_it_is_opened_with_the_same_python(tmp_path, opened):
    assert chalkgrad("notebooks", str(tmp_path / "course")) == 0
    assert opened == [[sys.executable, "-m", "jupyterlab", str(tmp_path / "course")]]


def test_without_jupyterlab_the_extra_is_named_and_nothing_is_copied(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks.importlib.util, "find_spec", lambda name: None)
    assert chalkgrad("notebooks", str(tmp_path / "course")) == 1
    said = capsys.readouterr().err
    assert "chalkgrad[notebooks]" in said
    assert "--no-open" in said
    assert not (tmp_path / "course").exists()


def test_an_installed_package_has_the_course_inside(tmp_path, monkeypatch):
    package = tmp_path / "nn"
    (package / "notebooks").mkdir(parents=True)
    (package / "notebooks" / "00_tour.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(notebooks, "__file__", str(package / "command" / "notebooks.py"))
    assert notebooks.course_folder() == package / "notebooks"


def test_an_installation_without_the_course_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "__file__", str(tmp_path / "nn" / "command" / "notebooks.py"))
    with pytest.raises(FileNotFoundError, match="has no notebooks"):
        notebooks.course_folder()


# Where the course goes along ----------------------------------------------------------------------


def test_the_wheel_takes_the_course_along():
    root = notebooks.course_folder().parent
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"notebooks": "nn/notebooks"}


def test_chalkgrad_has_the_command(tmp_path):
    assert main(["notebooks", str(tmp_path), "--no-open"]) == 0
    assert (tmp_path / "README.md").is_file()


@pytest.mark.parametrize("name", ["nn", "autograd"])
def test_a_file_that_would_be_imported_in_place_of_ours_is_named(tmp_path, capsys, name):
    (tmp_path / f"{name}.py").write_text("x = 1\n", encoding="utf-8")
    assert chalkgrad("notebooks", str(tmp_path), "--no-open") == 0
    said = capsys.readouterr().err
    assert f"warning: the file {tmp_path / name}.py is imported in place of the package" in said
    assert f"Rename it: {name}.py to my_{name}.py" in said
