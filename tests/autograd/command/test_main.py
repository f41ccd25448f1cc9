"""``python -m autograd``: the command without the package nn."""

import runpy
import sys

import pytest

import autograd


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["autograd", *words])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("autograd", run_name="__main__")
    return stop.value.code


def test_module_runs_as_the_command(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert autograd.__version__ in capsys.readouterr().out


def test_exit_code_of_a_wrong_word_is_2(monkeypatch, capsys):
    assert run(monkeypatch, "no such command") == 2
    assert "no such command" in capsys.readouterr().err
