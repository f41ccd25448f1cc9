"""What the command does when something is missing, or the reader of its output has gone."""

import importlib
import sys

import autograd.command.cli
from autograd.command.main import main

view = importlib.import_module("autograd.view")


def test_doctor_names_the_package_that_is_missing(monkeypatch, capsys):
    versions = autograd.command.cli.version_of

    def version_of(name):
        return None if name in ("numpy", "pygraphviz") else versions(name)

    monkeypatch.setattr(autograd.command.cli, "version_of", version_of)
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


def test_reader_that_has_gone_is_no_error_message(monkeypatch, capsys, tmp_path):
    def broken(options):
        raise BrokenPipeError

    monkeypatch.setattr(autograd.command.cli, "run_doctor", broken)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["doctor"]) == 1
        print("into the void", file=out)
    assert (tmp_path / "out").read_text() == ""
    assert capsys.readouterr().err == ""
