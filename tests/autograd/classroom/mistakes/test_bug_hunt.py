"""bug_hunt plants a fault in one thread's sweep, marks what comes out of it, and never leaks."""

import copy
import json
import pickle
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, backward, check_gradients, draw, grad, ieee
from autograd.backward import sweep as engine
from autograd.classroom import FAULTS, bug_hunt
from autograd.classroom.mistakes.bug_hunt import SWEEP, Bugged
from autograd.classroom.mistakes.search import Case


def f(x, y):
    """Something in which every fault of the catalogue makes a difference."""
    u = (x * y).tanh()
    v = u - x / y
    return v**3 * 2.0 + (v + x).relu() * u.exp() + (v * 0.5).sin() - y


POINTS = ((1.3, -0.7), (2.0, 0.5))
RIGHT = [grad(lambda x, y: f(x, y), range(2))(*point) for point in POINTS]


def gradients(point):
    x, y = map(Value, point)
    f(x, y).backward()
    return x.grad, y.grad


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_found_with_check_gradients(name):
    with bug_hunt(name) as hunt:
        report = check_gradients(f, *POINTS)
    assert not report.ok, report
    assert not report.faults  # no rule is wrong: it is the sweep
    assert hunt.sweeps == len(POINTS)
    assert hunt.answer == name
    assert check_gradients(f, *POINTS).ok


@pytest.mark.parametrize("name", FAULTS)
def test_the_engine_gives_what_diagnose_computes(name):
    x, y = map(Value, POINTS[0])
    root = f(x, y)
    case = Case(root)
    with bug_hunt(name):
        f(*map(Value, POINTS[0])).backward()  # the pass before
        root.backward()
    expected = case.model.gradients([FAULTS[name].always(case.model)])
    if name != "stale data":  # of the same pass before nothing is stale
        assert [node.grad for node in case.model.nodes] == pytest.approx(expected)


def test_after_the_block_the_engine_is_as_it_was():
    with bug_hunt("seed forgotten"):
        assert backward.sweep is not engine
        assert gradients(POINTS[0]) == (0.0, 0.0)
    assert backward.sweep is engine
    assert gradients(POINTS[0]) == RIGHT[0]


def test_an_exception_in_the_block_does_not_leak_the_fault():
    x = Value(0.0)
    with pytest.raises(ZeroDivisionError), bug_hunt("sign of minus"):
        x.sqrt().backward()
    assert backward.sweep is engine
    assert x.grad == 0.0
    assert SWEEP.replacements.stack == []


def test_other_threads_keep_the_real_engine():
    inside, done = threading.Event(), threading.Event()
    seen = []

    def other():
        inside.wait()
        seen.append(gradients(POINTS[0]))
        with bug_hunt("seed forgotten"):
            seen.append(gradients(POINTS[0]))
        seen.append(gradients(POINTS[0]))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with bug_hunt("sign of minus"):
        inside.set()
        assert done.wait(300)
        assert gradients(POINTS[0]) != RIGHT[0]
    thread.join()
    assert seen == [RIGHT[0], (0.0, 0.0), RIGHT[0]]
    assert backward.sweep is engine


def test_hunts_in_one_another_plant_their_faults_together():
    x, y = Value(2.0), Value(5.0)
    with bug_hunt("sign of minus"):
        with bug_hunt("exponent not lowered"):
            (x**2 - y).backward()
        assert (x.grad, y.grad) == (8.0, 1.0)
        (x**2 - y).backward()
    assert (x.grad, y.grad) == (12.0, 2.0)


def test_a_hunt_decorates_a_function():
    @bug_hunt("seed forgotten")
    def hunted():
        return gradients(POINTS[0])

    assert hunted() == (0.0, 0.0)
    assert gradients(POINTS[0]) == RIGHT[0]


def test_a_fault_may_be_planted_in_one_operation():
    x = Value(0.5)
    with bug_hunt("local factor forgotten", operation="tanh"):
        (x.tanh() * 3.0).backward()
    assert x.grad == 3.0


def test_a_secret_fault_is_told_by_its_answer_alone():
    hunt = bug_hunt(7)
    assert hunt.answer == bug_hunt(7).answer
    assert hunt.answer not in repr(hunt)
    assert len({bug_hunt(seed).answer for seed in range(200)}) == len(FAULTS)
    assert "wrong operand" in repr(bug_hunt("wrong operand"))


def test_transforms_have_the_fault_too():
    with bug_hunt("exponent not lowered"):
        assert grad(lambda x: x**2)(3.0) == 18.0
        assert grad(grad(lambda x: x**2))(3.0) == 12.0  # the derivative of 2 * x**2
        with ieee():
            assert repr(grad(lambda x: x**2)(3.0)) == "18.0 (bug hunt)"


def test_an_error_of_a_hunted_sweep_is_in_the_students_own_names():
    mass, speed = Value(2.0), Value(3.0)
    energy = 0.5 * mass * speed**2
    speed.data = 5.0
    with (
        bug_hunt("wrong operand"),
        pytest.raises(StaleGraphError, match=r"^speed was written after speed\*\*2"),
    ):
        energy.backward()
    assert speed.grad == 0.0


# The mark -----------------------------------------------------------------------------------------


def test_a_gradient_of_a_hunt_says_so_wherever_it_is_shown():
    x = Value(3.0, label="x")
    with bug_hunt("wrong operand"):
        root = x * 2.0
        root.backward()
    assert str(x.grad) == repr(x.grad) == f"{x.grad}" == "3.0 (bug hunt)"
    assert f"{x.grad:.2f}" == "3.00 (bug hunt)"
    assert repr(x) == "Value(data=3.0, grad=3.0 (bug hunt), label='x')"
    assert "bug hunt" in draw(root).source


def test_a_true_gradient_added_to_it_stays_marked():
    x = Value(3.0)
    with bug_hunt("seed forgotten"):
        (x * 2.0).backward()
    assert x.grad == 0.0
    with bug_hunt("wrong operand"):
        (x * 2.0).backward()
    (x * 2.0).backward()
    assert repr(x.grad) == "5.0 (bug hunt)"
    x.grad = 0.0
    (x * 2.0).backward()
    assert repr(x.grad) == "2.0"


def test_a_step_with_it_gives_a_plain_number():
    x = Value(3.0)
    with bug_hunt("wrong operand"):
        (x * 2.0).backward()
    x.data -= 0.1 * x.grad
    assert type(x.data) is float
    assert x.data == 2.7


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_marked_number_is_a_float_like_any_other(a, b):
    bugged = Bugged(a)
    assert bugged == a
    assert hash(bugged) == hash(a)
    assert (bugged + b == a + b) or a + b != a + b
    assert type(1.0 + bugged) is Bugged
    assert copy.deepcopy(bugged) == pickle.loads(pickle.dumps(bugged)) == a
    with pytest.raises(TypeError):
        bugged + "1"


def test_a_marked_number_is_written_to_json_as_a_number():
    assert json.dumps(Bugged(2.5)) == "2.5"


# What cannot be hunted ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "operation", "words"),
    [
        ("sign of minos", None, "Did you mean 'sign of minus'"),
        ("local factor forgotten", "tanhh", "Did you mean 'tanh'"),
        ("seed forgotten", "tanh", "is not made in an operation"),
    ],
)
def test_what_does_not_exist_is_refused_in_words(fault, operation, words):
    with pytest.raises(ValueError, match=words):
        bug_hunt(fault, operation=operation)
