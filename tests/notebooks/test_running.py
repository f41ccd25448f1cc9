"""The tests of the notebooks see what they are there to see: each fault here is planted."""

from __future__ import annotations

from typing import Any

import pytest
from books import code_cells, numbers_asserted, solution_in, title
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from running import Run, run

EXERCISE = """
answer = {blank}

float(answer if answer is not ... else 0) == 4
"""
SOLUTION = """<details><summary>Solution</summary>

```python
answer = {answer}
```

</details>"""


def exercise(blank: str = "...", answer: str = "2 + 2") -> list[Any]:
    cell = new_code_cell(EXERCISE.format(blank=blank).strip(), metadata={"tags": ["exercise"]})
    return [cell, new_markdown_cell(SOLUTION.format(answer=answer))]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A notebook in which nearly everything is wrong, executed."""
    cells = [
        new_code_cell("import warnings; warnings.warn('old')"),
        new_code_cell("1 / 0"),
        new_code_cell("import sys; print('oh', file=sys.stderr)"),
        *exercise(),
        *exercise(blank="4"),
        *exercise(answer="5"),
    ]
    return run(new_notebook(cells=cells), tmp_path_factory.mktemp("ipython"))


def errors(cell: Any) -> list[str]:
    return [f"{each.ename}: {each.evalue}" for each in cell.outputs if each.output_type == "error"]


def test_a_warning_and_an_error_stop_the_cell(planted: Run) -> None:
    cells = code_cells(planted)
    assert errors(cells[0]) == ["UserWarning: old"]
    assert errors(cells[1]) == ["ZeroDivisionError: division by zero"]
    assert [each.name for each in cells[2].outputs] == ["stderr"]


def test_blanks_and_solutions_are_judged(planted: Run) -> None:
    _, right, given_away, wrong = planted.added
    assert not errors(right)
    assert errors(given_away) == ["AssertionError: the blank counts as right"]
    assert errors(wrong) == ["AssertionError: the solution counts as wrong: False"]


@pytest.mark.parametrize(
    ("program", "numbers"),
    [
        ("assert x == 1\nprint()", {1}),
        ("assert close(x, 2.5) and y < 3\nprint()", {2.5, 3}),
        ("for x in y:\n    assert close(x, 2)\nprint()", {2}),
        (
            "for x, expected in ((1, 7), (2, 9)):\n    assert f(x) == expected\nprint()",
            {1, 2, 7, 9},
        ),
        ("if x:\n    assert x == 1\nprint()", set()),
        ("def f():\n    assert x == 1\nprint()", set()),
        ("assert x\nprint()", set()),
        ("assert 1 == 1\nprint()", set()),
        ("assert x == y or 7\nprint()", set()),
        ("print(x == 1)", set()),
    ],
)
def test_a_number_counts_where_it_is_compared_and_cannot_be_passed_by(
    program: str, numbers: set[float]
) -> None:
    cell = new_code_cell(program, metadata={"tags": ["row-9"]})
    assert numbers_asserted(new_notebook(cells=[cell])).get(9, set()) == numbers


def test_a_solution_in_the_open_is_none() -> None:
    assert solution_in(SOLUTION.format(answer=3)) == "answer = 3\n"
    assert not solution_in("```python\nanswer = 3\n```")


def test_a_title_that_says_too_little_is_found() -> None:
    with pytest.raises(AssertionError, match="minutes"):
        title(new_notebook(cells=[new_markdown_cell("# 1 · Values\n\n**The question.** Why?")]))
