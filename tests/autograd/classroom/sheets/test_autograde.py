"""An assignment by the real nbgrader: released, answered rightly and wrongly, graded."""

import csv
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.classroom.sheets.assignment import Task, assignment
from autograd.classroom.sheets.worksheet import worksheet

ROOT = Path(autograd.__file__).parent.parent
QUESTION = worksheet("graded", 2, 1)[0].questions[0]
TASKS = [
    Task(
        "Give the gradients of `loss`.",
        'Exercise("the gradients", graph=loss)',
        'answer1 = {"a": -2.0, "b": 2.0}',
        "answer1",
        setup='a, b = Value(2.0, label="a"), Value(-3.0, label="b")\nloss = a * b + a',
        points=2,
    ),
    QUESTION,
]


def nbgrader(course, *arguments):
    """Run a command of nbgrader, which looks for its own tools on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments, f"--CourseDirectory.root={course}"],
        capture_output=True, text=True, cwd=course, check=False,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def answer(course, student, answers):
    """Put the released notebook, with its solution cells filled in, where students hand it in."""
    notebook = json.loads((course / "release/hw/hw.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    folder = course / "submitted" / student / "hw"
    folder.mkdir(parents=True)
    (folder / "hw.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    assert importlib.util.find_spec("nbgrader"), (
        "these tests grade with the real nbgrader: pip install 'nbgrader>=0.9.5' (it is in the "
        "development dependencies), or leave out tests/autograd/classroom/sheets/test_autograde.py."
    )
    course = tmp_path_factory.mktemp("course")
    (course / "source/hw").mkdir(parents=True)
    assignment(course / "source/hw/hw.ipynb", TASKS)
    nbgrader(course, "generate_assignment", "hw")
    return course


def test_the_students_version_has_neither_solutions_nor_hidden_tests(course):
    text = (course / "release/hw/hw.ipynb").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    assert "check(exercise1, answer1)" in text
    for hidden in ("-2.0", "verdict", "HIDDEN", "BEGIN SOLUTION"):
        assert hidden not in text


def test_the_scores_are_what_the_answers_deserve(course):
    right = f"answer2 = {dict(QUESTION.answers)}"
    wrong = f"answer2 = {dict.fromkeys(QUESTION.answers, 99)}"
    submissions = {
        "ada": {"solution1": 'answer1 = {"a": "-4/2", "b": 2}', "solution2": right},
        "bo": {"solution1": 'answer1 = {"a": 1, "b": 2}', "solution2": right},
        "cy": {"solution1": 'answer1 = {"a": 1, "b": 2}', "solution2": wrong},
        "di": {},
        # Who gives the checker's names another meaning is marked by the answer all the same.
        "ed": {
            "solution1": 'answer1 = {"a": 1, "b": 2}\ncheck = lambda *a: True',
            "solution2": f"{wrong}\nExercise = Seal = check = exec = lambda *a, **o: True",
        },
        "flo": {
            "solution1": 'answer1 = {"a": 1, "b": 2}\nloss = a + 2 * b\n'
            'exercise1 = Exercise("mine", graph=loss)',
            "solution2": f"{right}\nimport autograd.classroom as classroom\n"
            "classroom.check = lambda *a: False\n"
            "classroom.answers.check.Judge.finding = lambda *a: 'wrong'",
        },
        "gil": {
            "solution1": 'answer1 = {"a": 1, "b": 2}\nimport sys\n'
            "fake = type(sys)('autograd.classroom')\n"
            "fake.check = fake.Exercise = fake.Seal = lambda *a, **o: True\n"
            "sys.modules['autograd.classroom'] = fake",
            "solution2": wrong,
        },
    }
    for student, answers in submissions.items():
        answer(course, student, answers)
    nbgrader(course, "autograde", "hw", "--create")
    nbgrader(course, "export", "--to=grades.csv")
    with (course / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: float(row["score"]) for student, row in scores.items()} == {
        "ada": 3.0,
        "bo": 1.0,
        "cy": 0.0,
        "di": 0.0,
        "ed": 0.0,
        "flo": 1.0,
        "gil": 0.0,
    }
    assert {float(row["max_score"]) for row in scores.values()} == {3.0}
