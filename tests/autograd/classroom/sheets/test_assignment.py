"""Assignments: notebooks of the right form, whose solutions pass their own checks."""

import ast
import contextlib
import io
import json
import re
import sys

import pytest

import autograd
from autograd.classroom import Exercise, check
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


def test_the_teachers_notebook_passes_its_own_checks(cells, checker):
    assert "hidden_test" in run(cells)


REBOUND = {
    "check": "check = lambda *a: True",
    "the exercise": 'exercise1 = Exercise("mine", graph=loss)\nExercise = dict',
    "the graph": "loss = a + b",
    "Python's own functions": "exec = print = list = str = lambda *a, **o: True",
    "the checker itself": "import autograd.classroom\n"
    "autograd.classroom.check = lambda *a: True\n"
    "autograd.classroom.answers.check.check = lambda *a: True\n"
    "autograd.classroom.answers.check.Judge.finding = lambda *a: ''\n"
    "autograd.classroom.Verdict.__bool__ = lambda self: True",
    "the module": "import sys, types\n"
    "fake = types.ModuleType('autograd.classroom')\n"
    "fake.Exercise = fake.Seal = fake.check = lambda *a, **o: True\n"
    "sys.modules['autograd.classroom'] = fake",
    "the test": "def hidden_test(*a): pass",
}


@pytest.fixture
def checker():
    """Put the checker back: submissions change its modules, and hidden tests drop them."""
    import autograd.classroom as package
    from autograd.classroom.answers import check as module

    names = [name for name in sys.modules if name.startswith("autograd.classroom")]
    kept = {name: sys.modules[name] for name in names}
    places = [
        (package, "check"),
        (module, "check"),
        (module.Judge, "finding"),
        (package.Verdict, "__bool__"),
    ]
    values = [getattr(*place) for place in places]
    yield
    for place, value in zip(places, values, strict=True):
        setattr(*place, value)
    for name in [name for name in sys.modules if name.startswith("autograd.classroom")]:
        del sys.modules[name]
    sys.modules.update(kept)
    autograd.classroom = package


@pytest.mark.parametrize("rebound", REBOUND)
@pytest.mark.parametrize("grader", ["nbgrader", "otter"])
def test_a_wrong_answer_does_not_pass_by_giving_names_another_meaning(
    tmp_path, grader, rebound, checker
):
    cells = cells_of(assignment(tmp_path / "hw.ipynb", [GRADIENTS], grader=grader))
    wrong = f'answer1 = {{"a": 1.0, "b": 1.0}}\n{REBOUND[rebound]}'
    cells = [
        cell | {"source": wrong} if "BEGIN SOLUTION\nanswer1" in cell["source"] else cell
        for cell in cells
    ]
    assert any(wrong == cell["source"] for cell in cells)
    with pytest.raises(AssertionError, match="Not yet: the gradients"):
        run(cells)


def test_a_number_that_claims_to_equal_all_others_is_taken_for_what_it_is(checker):
    class Sly(float):
        def __sub__(self, other):
            return 0.0

        __rsub__ = __sub__

        def __abs__(self):
            return 0.0

    leaf = autograd.Value(3.0, label="a")
    leaf.grad = Sly(7.0)
    exercise = Exercise("d(root)/da", graph=leaf * 2.0, decimals=2)
    assert not check(exercise, Sly(7.0))
    assert not check(exercise, leaf)
    assert check(exercise, 2.0)


def test_a_test_has_the_setups_of_the_tasks_before_it_and_text_over_several_lines(
    tmp_path, checker
):
    first = Task("one", 'Exercise("one", 1.0)', "answer = 1.0", setup='text = """a\n  b"""')
    second = Task("two", 'Exercise("two", len(text))', "answer = 5")
    run(cells_of(assignment(tmp_path / "hw.ipynb", [first, second])))


@pytest.mark.usefixtures("checker")
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


def test_no_task_speaks_of_a_picture_that_a_notebook_does_not_have(tmp_path):
    questions = [question for level in range(1, 6) for question in worksheet(4, level)[0].questions]
    for cell in cells_of(assignment(tmp_path / "hw.ipynb", questions)):
        assert "picture" not in cell["source"]


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


def test_the_answers_of_questions_are_numbered_like_their_tasks(tmp_path):
    questions = worksheet("numbers", 2, 2)[0].questions
    cells = cells_of(assignment(tmp_path / "hw.ipynb", questions))
    checks = [cell["source"].splitlines()[0] for cell in cells if "HIDDEN" in cell["source"]]
    assert checks == ["check(exercise1, answer1)", "check(exercise2, answer2)"]


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"end its name in \.ipynb"):
        assignment(tmp_path / "hw.json", [GRADIENTS])
    with pytest.raises(ValueError, match=r"no grader 'gradescope'\. Known: nbgrader, otter"):
        assignment(tmp_path / "hw.ipynb", [GRADIENTS], grader="gradescope")
    with pytest.raises(ValueError, match="at least one task"):
        assignment(tmp_path / "hw.ipynb", [])
