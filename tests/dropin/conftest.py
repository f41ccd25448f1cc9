"""Runs a program written for micrograd, or for the lecture on it, on this engine."""

import contextlib
import io

import pytest


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return the function that runs a program after its new import line.

    It gives back what the program printed, and its variables. Nothing but the import line differs
    from what a reader of micrograd would type.
    """
    monkeypatch.chdir(tmp_path)  # for programs that write a picture

    def run_program(imports, program):
        variables = {"__name__": "program"}
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(f"{imports}\n{program}", "program", "exec"), variables)
        return printed.getvalue(), variables

    return run_program
