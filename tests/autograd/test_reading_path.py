"""The lecture: what the top of the package promises about its own length and simplicity."""

import ast
import re
from pathlib import Path

import autograd

FOLDER = Path(autograd.__file__).parent
PATH = ("rules", "graph", "backward", "value")


def text(name):
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def docstrings(tree):
    """The number of lines of all docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    documented = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    first = [node.body[0] for node in documented if ast.get_docstring(node) is not None]
    return sum(line.end_lineno - line.lineno + 1 for line in first)


def test_the_package_tells_the_true_length_of_each_file_of_the_lecture():
    rows = re.findall(r"^``(\w+)`` +(\d+) ", autograd.__doc__, re.MULTILINE)
    assert [name for name, _ in rows] == [*PATH, "forward", "functional"]
    for name, lines in rows:
        assert int(lines) == len(text(name).splitlines()), f"{name}: update autograd/__init__.py"


def test_the_reading_path_has_at_most_600_lines_without_its_docstrings():
    lines = sum(len(text(name).splitlines()) - docstrings(ast.parse(text(name))) for name in PATH)
    assert lines <= 600


def test_the_sweep_has_at_most_25_lines_and_few_decisions():
    tree = ast.parse(text("backward"))
    sweep = next(node for node in tree.body if getattr(node, "name", "") == "sweep")
    code = sweep.body[1:]  # after the docstring
    assert code[-1].end_lineno - code[0].lineno < 25
    decisions = (ast.If, ast.For, ast.While, ast.IfExp, ast.BoolOp, ast.ExceptHandler)
    assert sum(isinstance(node, decisions) for node in ast.walk(sweep)) + 1 <= 8
