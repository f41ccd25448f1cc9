"""The notebooks as they are stored, and what the course promises about each of their cells.

The tags of a cell say what it is for: ``exercise``, ``row-9`` (it asserts the numbers of that row
of the curriculum), ``slide`` and ``same-slide``, ``varies`` (its numbers differ from run to run).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parent.parent.parent / "notebooks"
COURSE = (
    "00_tour", "01_values_and_graphs", "02_backpropagation_by_hand", "03_neurons_and_activations",
    "04_losses", "05_gradient_descent", "06_neural_networks", "07_training", "08_digits",
    "09_from_scalars_to_matrices", "10_second_derivatives", "11_build_your_own",
)  # fmt: skip
NOTE = (
    "> **Open without installing.** The notebook needs Python, this package and this folder, and "
    "nothing from a network. So it also runs where somebody else has installed them, such as a "
    "school's Jupyter server: ask your teacher for the address."
)


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.ipynb"


def read(name: str) -> Any:
    return nbformat.read(path_of(name), as_version=4)


def tags(cell: Any) -> list[str]:
    found: list[str] = cell.metadata.get("tags", [])
    return found


def code_cells(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def words(book: Any) -> str:
    """All that a notebook says, without its programs."""
    return "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")


def programs(book: Any) -> str:
    """All that a notebook runs, the solutions too."""
    return "\n\n".join(
        [cell.source for cell in code_cells(book)] + [solution for _, solution in exercises(book)]
    )


def numbers_asserted(book: Any) -> dict[int, set[float]]:
    """The numbers that the cells of each row of the curriculum hold something to, without signs.

    A cell counts if it also prints what it has shown.
    """
    found: dict[int, set[float]] = {}
    for cell in code_cells(book):
        for tag in tags(cell):
            if tag.startswith("row-") and "print(" in cell.source:
                numbers = found.setdefault(int(tag.removeprefix("row-")), set())
                numbers |= compared(ast.parse(cell.source).body)
    return found


def compared(statements: list[ast.stmt]) -> set[float]:
    """The numbers that something computed is compared with, where no assertion can be passed by.

    That is not inside an if, a function or a try. In a loop over numbers, those are meant, too.
    """
    found: set[float] = set()
    for each in statements:
        if isinstance(each, ast.Assert):
            conjuncts = each.test.values if isinstance(each.test, ast.BoolOp) else [each.test]
            for part in conjuncts:
                if is_about_something(part):
                    found |= numbers_in(part)
        elif isinstance(each, ast.For | ast.With):
            inside = compared(each.body)
            if isinstance(each, ast.For) and any(isinstance(it, ast.Assert) for it in each.body):
                inside |= numbers_in(each.iter)
            found |= inside
    return found


def is_about_something(test: ast.expr) -> bool:
    """Whether a condition compares, by an operator or a function, and names what it compares."""
    parts = list(ast.walk(test))
    return any(isinstance(part, ast.Name) for part in parts) and any(
        isinstance(part, ast.Compare | ast.Call) for part in parts
    )


def numbers_in(tree: ast.AST) -> set[float]:
    return {
        part.value
        for part in ast.walk(tree)
        if isinstance(part, ast.Constant) and type(part.value) in (int, float)
    }


# Exercises ----------------------------------------------------------------------------------------


def exercises(book: Any) -> list[tuple[Any, str]]:
    """The cell of each exercise, and the program of the solution in the cell below it."""
    found = []
    for cell, below in zip(book.cells, [*book.cells[1:], None], strict=True):
        if "exercise" in tags(cell):
            found.append((cell, solution_in(below.source if below else "")))
    return found


def solution_in(text: str) -> str:
    folded = re.search(r"<details><summary>Solution.*?</summary>(.*?)</details>", text, re.DOTALL)
    program = re.search(r"```python\n(.*?)```", folded[1] if folded else "", re.DOTALL)
    return program[1] if program else ""


def with_solution(cell: Any, solution: str, number: int) -> str:
    """The cell of an exercise in which the student has written the solution.

    Its last expression judges; all above is the student's to write. Its ``number`` is that under
    which the kernel has executed it with the blank.
    """
    last = ast.parse(cell.source).body[-1]
    assert isinstance(last, ast.Expr), "the cell of an exercise ends in an expression that judges"
    judge = "\n".join(cell.source.splitlines()[last.lineno - 1 :])
    return (
        f'assert not Out[{number}], "the blank counts as right"\n'  # IPython's own record
        f"{solution}\n"
        f"verdict = (\n{judge}\n)\n"
        'assert verdict, f"the solution counts as wrong: {verdict}"\n'
        "del verdict"
    )


# The title ----------------------------------------------------------------------------------------


def title(book: Any) -> dict[str, str]:
    """What the first cell says: title, after, question, minutes, rows."""
    first = book.cells[0].source
    patterns = {
        "title": r"^# (\d+ · [^\n]+)",
        "after": r"\*\*After this you can\*\* (.+?)(?=\n\n)",
        "question": r"\*\*The question\.\*\* (.+?)(?=\n\n)",
        "minutes": r"\*\*Minutes\*\* (.+?) · \*\*Before",
        "before": r"\*\*Before this\*\* (.+?) · \*\*Article",
        "rows": r"\*\*Article rows\*\* ([^\n]+)",
    }
    found = {key: re.search(each, first, re.M | re.S) for key, each in patterns.items()}
    missing = [key for key, match in found.items() if match is None]
    assert not missing, f"the first cell does not say: {', '.join(missing)}"
    return {key: " ".join(match[1].split()) for key, match in found.items() if match}
