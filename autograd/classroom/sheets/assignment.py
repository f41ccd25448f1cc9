"""assignment: a notebook with tasks and their checks, for nbgrader or for otter-grader.

The notebook is the teacher's: it holds the solutions between the marks of the grader, which takes
them out of the students' version, and its checks, in part hidden. The exercises that the students
see hold no key: the answer follows from the graph, or is sealed.

A hidden test runs after the students' own cells, so it trusts no name that they could have given
another meaning: ``check = lambda *a: True`` is one line. It loads the checker anew, and makes the
exercise again from the teacher's own code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd.classroom.answers.sealed import seal
from autograd.classroom.sheets.questions import TITLES, Question

Cell = dict[str, Any]
IMPORTS = "from autograd import Value\nfrom autograd.classroom import Exercise, Seal, check"


@dataclass(frozen=True)
class Task:
    """One task of an assignment.

    ``text`` is what is to be done, in Markdown. ``exercise`` is Python that makes the Exercise,
    after ``setup`` has run, and those of the tasks before; ``solution`` is Python that makes what
    is called ``answer``, which is checked and worth ``points``. ``start`` is what the students find
    in place of the solution.
    """

    text: str
    exercise: str
    solution: str
    answer: str = "answer"
    start: str = ""
    setup: str = ""
    points: float = 1


def assignment(
    filename: str | os.PathLike[str],
    tasks: Iterable[Task | Question],
    *,
    title: str = "Assignment",
    grader: str = "nbgrader",
) -> Path:
    """Write the teacher's notebook of an assignment, and return its path.

    ``tasks`` are Tasks, or the questions of a worksheet: ``worksheet(7, 3)[0].questions``. With
    ``grader="nbgrader"`` the cells have its metadata and marks: put the notebook into
    ``source/NAME/`` of the course. With ``grader="otter"`` they have the marks of otter-grader:
    run ``otter assign`` on it.

    Raises ValueError for another grader, for no tasks, and for a name that does not end in .ipynb.

    >>> import tempfile
    >>> task = Task("What is 1/2 + 1/4?", 'Exercise("a sum", 0.75)', 'answer = "3/4"', points=2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = assignment(Path(folder, "sums.ipynb"), [task], title="Sums")
    ...     cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    >>> print(cells[-1]["source"].partition("def")[0])
    check(exercise1, answer)
    ### BEGIN HIDDEN TESTS
    <BLANKLINE>
    """
    path = Path(filename)
    if path.suffix != ".ipynb":
        raise ValueError(f"{str(path)!r} is to be a notebook: end its name in .ipynb.")
    if grader not in WRITERS:
        raise ValueError(f"there is no grader {grader!r}. Known: {', '.join(WRITERS)}.")
    numbered = [
        task_of(number, task) if isinstance(task, Question) else task
        for number, task in enumerate(tasks, 1)
    ]
    if not numbered:
        raise ValueError("an assignment needs at least one task.")
    cells = [
        text_cell(f"# {title}"),
        code_cell(IMPORTS, locked=grader == "nbgrader", name="imports"),
    ]
    if grader == "otter":
        cells = [raw_cell(f"# ASSIGNMENT CONFIG\nname: {path.stem}"), *cells]
    for number, task in enumerate(numbered, 1):
        test = hidden_test([each.setup for each in numbered[:number]], task)
        cells += WRITERS[grader](number, task, test)
    path.write_text(json.dumps(notebook(cells), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def task_of(number: int, question: Question) -> Task:
    """Return the question of a worksheet as a task, with sealed answers."""
    name = f"answer{number}"
    # The students' notebook holds the exercise, so it may hold no answer that can be read.
    sealed = {part: str(seal(answer)) for part, answer in question.answers.items()}
    seals = ", ".join(f"{part!r}: Seal({text!r})" for part, text in sealed.items())
    blanks = ", ".join(f"{part!r}: ..." for part in sealed)
    solved = ", ".join(f"{part!r}: {answer!r}" for part, answer in question.answers.items())
    title, known = TITLES[question.kind], ""
    if question.gradients:
        rows = "\n".join(f"| {node} | {grad} |" for node, grad in question.gradients.items())
        known = f"\n\n| node | grad |\n|---|---:|\n{rows}"
    return Task(
        f"{title}. {question.task}\n\n```text\n{question.program}\n```{known}",
        f"Exercise({title!r}, {{{seals}}}, hint={question.hint!r})",
        f"{name} = {{{solved}}}",
        name,
        f"{name} = {{{blanks}}}",
    )


# The two graders ----------------------------------------------------------------------------------


def for_nbgrader(number: int, task: Task, test: str) -> list[Cell]:
    """Return the cells of a task with nbgrader's metadata (schema 3) and marks."""
    start = f"{task.start}\n" if task.start else ""
    return [
        text_cell(f"## Task {number}\n\n{task.text}", locked=True, name=f"text{number}"),
        code_cell(setup_of(number, task), locked=True, name=f"setup{number}"),
        code_cell(
            f"{start}### BEGIN SOLUTION\n{task.solution}\n### END SOLUTION",
            name=f"solution{number}", solution=True,
        ),
        code_cell(
            f"check(exercise{number}, {task.answer})\n### BEGIN HIDDEN TESTS\n"
            f"{test}\n### END HIDDEN TESTS",
            name=f"check{number}", locked=True, points=task.points,
        ),
    ]  # fmt: skip


def for_otter(number: int, task: Task, test: str) -> list[Cell]:
    """Return the cells of a task between the raw cells of otter-grader."""
    start = f"\n{commented(task.start)}" if task.start else ""
    mark = "# BEGIN SOLUTION NO PROMPT" if task.start else "# BEGIN SOLUTION"
    return [
        raw_cell(f"# BEGIN QUESTION\nname: q{number}\npoints: {task.points:g}"),
        text_cell(f"## Task {number}\n\n{task.text}"),
        code_cell(setup_of(number, task)),
        raw_cell("# BEGIN SOLUTION"),
        code_cell(f"{mark}\n{task.solution}\n# END SOLUTION{start}"),
        raw_cell("# END SOLUTION"),
        raw_cell("# BEGIN TESTS"),
        code_cell(f"# HIDDEN\n{test}"),
        raw_cell("# END TESTS"),
        raw_cell("# END QUESTION"),
        code_cell(f"check(exercise{number}, {task.answer})"),
    ]


WRITERS = {"nbgrader": for_nbgrader, "otter": for_otter}


def setup_of(number: int, task: Task) -> str:
    """Return the code before a task: its setup, and its exercise under a name."""
    return "\n".join(filter(None, [task.setup, f"exercise{number} = {task.exercise}"]))


HIDDEN_TEST = """\
def hidden_test(submitted):
    import builtins, sys

    for name in [each for each in sys.modules if each.startswith("autograd.classroom")]:
        del sys.modules[name]  # the cells above may have changed the checker itself
    code = [
{lines}
    ]
    builtins.exec("\\n".join(code), {{"submitted": submitted}})  # none of the cells' own names

hidden_test({answer})"""


def hidden_test(setups: Iterable[str], task: Task) -> str:
    """Return the code that fails where the answer is not right, with the verdict as its message."""
    # A task may go on with what an earlier one has set up, as in a notebook run from the top.
    code = "\n".join(
        [
            IMPORTS,
            *filter(None, setups),
            f"exercise = {task.exercise}",
            "verdict = check(exercise, submitted)",
            "assert verdict, verdict",
        ]
    )
    # As strings, since no indentation may change what stands between the teacher's own quotes.
    lines = "\n".join(f"        {line!r}," for line in code.split("\n"))
    return HIDDEN_TEST.format(lines=lines, answer=task.answer)


# Cells --------------------------------------------------------------------------------------------


def text_cell(source: str, *, locked: bool = False, name: str = "title") -> Cell:
    """Return a cell of Markdown."""
    return {"cell_type": "markdown", "metadata": graded(name, locked), "source": source}


def raw_cell(source: str) -> Cell:
    """Return a raw cell, which a grader reads as a command."""
    return {"cell_type": "raw", "metadata": {}, "source": source}


def code_cell(
    source: str, *, name: str = "", locked: bool = False, solution: bool = False,
    points: float | None = None,
) -> Cell:  # fmt: skip
    """Return a cell of code; ``points`` make it one that is graded."""
    metadata = graded(name, locked, solution=solution, points=points) if name else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def graded(
    name: str, locked: bool, *, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell; of one that is neither locked nor answered, none."""
    if not locked and not solution:
        return {}
    about: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    return {"nbgrader": about}


def commented(source: str) -> str:
    """Return code as the text that otter-grader puts in place of a solution."""
    return f'""" # BEGIN PROMPT\n{source}\n""" # END PROMPT'


def notebook(cells: Sequence[Cell]) -> dict[str, Any]:
    """Return a notebook of these cells in nbformat 4.5, for Python 3."""
    return {
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
