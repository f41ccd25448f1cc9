"""Assignments: notebooks of the right form, whose solutions pass their own checks."""

import ast
import contextlib
import io
import json
import re

import pytest

from autograd.classroom.sheets.assignment import Task, assignment
from autograd.classroom.sheets.worksheet import worksheet

SETUP = 'a, b = Value(2.0, label="a"), Value(-3.0, label="b")\nloss = a * b + a'
GRADIENTS = Task(
    "Give the gradients of `loss`.",
    'Exercise("the gradients", graph=loss)',
    'answer1 = {"a": -2.0, "b": 2.0}',
    "answer1",
    setup=SETUP,
    points=2,
)


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(params=["nbgrader", "otter"])
def cells(request, tmp_path):
    questions = worksheet("assignment", 3)[0].questions
    path = assignment(tmp_path / "hw.ipynb", [GRADIENTS, *questions], grader=request.param)
    return cells_of(path)


def run(cells):
    """Run the cells of code as a kernel does, and return what they define."""
    namespace = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(cell["source"], namespace)
    return namespace


def test_the_teachers_notebook_passes_its_own_checks(cells):
    assert run(cells)["verdict"]


def test_a_wrong_answer_fails_with_the_verdict_as_its_message(cells):
    wrong = [cell | {"source": cell["source"].replace("-2.0, ", "2.0, ")} for cell in cells]
    with pytest.raises(AssertionError, match="Not yet: the gradients"):
        run(wrong)


def test_the_students_see_no_answer_of_a_worksheet(cells):
    text = "\n".join(
        re.sub(r"#+ BEGIN SOLUTION.*?#+ END SOLUTION", "", cell["source"], flags=re.DOTALL)
        for cell in cells
    )
    questions = worksheet("assignment", 3)[0].questions
    for number, question in enumerate(questions, 2):
        seals = re.search(rf"exercise{number} = Exercise\('[^']+', (\{{.*?\}}), hint", text)[1]
        assert set(re.findall(r"'(\S+)': Seal\('6\$\w+\$\w+'\)", seals)) == set(question.answers)
        blank = ast.literal_eval(re.search(rf"answer{number} = (\{{.*?\}})", text)[1])
        assert blank == dict.fromkeys(question.answers, ...)


def test_every_cell_has_what_a_notebook_needs(tmp_path):
    path = assignment(tmp_path / "hw.ipynb", [GRADIENTS], title="Näher")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in data["cells"]}) == len(data["cells"])
    for cell in data["cells"]:
        code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"id", "cell_type", "metadata", "source"} | code
    assert data["cells"][0]["source"] == "# Näher"


def test_the_cells_have_the_metadata_of_nbgrader(tmp_path):
    cells = cells_of(assignment(tmp_path / "hw.ipynb", [GRADIENTS, GRADIENTS]))
    about = [cell["metadata"]["nbgrader"] for cell in cells if cell["metadata"]]
    names = [each["grade_id"] for each in about]
    assert len(set(names)) == len(names)
    keys = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
    for each in about:
        assert set(each) == keys | ({"points"} if each["grade"] else set())
        assert each["schema_version"] == 3
        assert each["locked"] != each["solution"]
    assert [each["points"] for each in about if each["grade"]] == [2, 2]
    assert [each["grade_id"] for each in about if each["solution"]] == ["solution1", "solution2"]


def test_the_raw_cells_of_otter_open_and_close(tmp_path):
    cells = cells_of(assignment(tmp_path / "hw.ipynb", [GRADIENTS], grader="otter"))
    raw = [cell["source"].splitlines()[0] for cell in cells if cell["cell_type"] == "raw"]
    assert raw == [
        "# ASSIGNMENT CONFIG",
        "# BEGIN QUESTION",
        "# BEGIN SOLUTION",
        "# END SOLUTION",
        "# BEGIN TESTS",
        "# END TESTS",
        "# END QUESTION",
    ]
    assert not any(cell["metadata"] for cell in cells)


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"end its name in \.ipynb"):
        assignment(tmp_path / "hw.json", [GRADIENTS])
    with pytest.raises(ValueError, match=r"no grader 'gradescope'\. Known: nbgrader, otter"):
        assignment(tmp_path / "hw.ipynb", [GRADIENTS], grader="gradescope")
    with pytest.raises(ValueError, match="at least one task"):
        assignment(tmp_path / "hw.ipynb", [])
