"""The catalogue: each fault gives the numbers that are computed by hand, and is named for them."""

import math
import string

import pytest

from autograd import Value
from autograd.classroom import FAULTS, diagnose
from autograd.classroom.mistakes.faults import Fault, fault_named
from autograd.classroom.mistakes.sweep_model import SweepModel
from autograd.classroom.mistakes.tolerance import close, margin
from autograd.graph import topological_order

E, SIN = math.exp(0.5), math.sin(1.0)
FIELDS = {
    "passed": {
        *("node", "argument", "operation", "y", "own", "local", "slope", "upstream"),
        *("right", "wrong"),
    },
    "added": {"node", "count", "terms", "right", "wrong"},
}
FIELDS["order"] = FIELDS["start"] = FIELDS["added"]


def twice_used(a, b):
    """The product is used by two others, of which one is used by the other."""
    m = a * b
    return m + m * 3.0


# At a = 2 and b = -3: the gradients of a, b and, where it counts, of the inner node a * b.
BY_HAND = [
    ("gradients not zeroed", lambda a, b: a * b, [-6, 4]),
    ("inner gradients not zeroed", lambda a, b: a * b * 2.0, [-12, 8, 4]),
    ("seed forgotten", lambda a, b: a * b, [0, 0]),
    ("seeded with its value", lambda a, b: a * b, [18, -12]),
    ("wrong operand", lambda a, b: a * b, [2, -3]),
    ("sign of minus", lambda a, b: a - b, [1, 1]),
    ("sign of minus", lambda a, b: -a * b, [-3, -2]),
    ("sign of the quotient", lambda a, b: a / b, [-1 / 3, 2 / 9]),
    ("exponent not lowered", lambda a, b: a + b**3, [1, -81]),
    ("exponent not brought down", lambda a, b: a + b**3, [1, 9]),
    ("relu's gate from the gradient", lambda a, b: a.relu() * b, [0, 2]),
    ("assigned instead of accumulated", lambda a, b: a * b + a, [-3, 2]),
    ("passed on too early", twice_used, [-3, 2, 4]),
    ("passed on twice", twice_used, [-15, 10, 4]),
    ("local factor forgotten", lambda a, b: a * b, [1, 1]),
    ("upstream forgotten", lambda a, b: a * b * 4.0, [-3, 2, 4]),
    ("path missed", lambda a, b: a * b + a, [1, 2]),
]


def inner(root):
    """The nodes a, b and a * b."""
    order = list(topological_order(root))
    product = [node for node in order if node.op is not None and node.op.name == "*"]
    return [*(node for node in order if node.op is None), *product[:1]]


@pytest.mark.parametrize(("name", "f", "numbers"), BY_HAND)
def test_a_fault_gives_the_numbers_computed_by_hand_and_is_named(name, f, numbers):
    root = f(Value(2.0, label="a"), Value(-3.0, label="b"))
    answers = dict(zip(inner(root), map(float, numbers), strict=False))
    found = diagnose(root, answers)
    assert found.name == name, str(found)
    assert not found.right


@pytest.mark.parametrize(
    ("f", "point", "answer"),
    [
        (Value.exp, 0.5, 0.5),
        (Value.sqrt, 4.0, 0.125),
        (Value.tanh, 0.5, 0.75),
        (Value.sigmoid, 0.25, 0.1875),
    ],
)
def test_the_input_in_place_of_the_output(f, point, answer):
    x = Value(point, label="x")
    assert diagnose(f(x), {x: answer}).name == "input used for output"


@pytest.mark.parametrize(
    ("f", "point", "answer"),
    [
        (Value.sin, 1.0, math.cos(SIN)),
        (Value.cos, 1.0, -math.sin(math.cos(1.0))),
        (Value.log, 2.0, 1 / math.log(2.0)),
        (Value.tanh, 0.5, 1.0 - math.tanh(math.tanh(0.5)) ** 2),
    ],
)
def test_the_output_in_place_of_the_input(f, point, answer):
    x = Value(point, label="x")
    found = diagnose(f(x), {x: answer})
    assert found.name == "output used for input", str(found)
    assert "taken at its input" in found.sentence


def test_what_the_pass_before_left_is_told_by_its_numbers():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    before = {a: 5.0, b: 1.0}  # where the gradients are 1 and 5
    assert diagnose(a * b, {a: -2.0, b: 7.0}, before=before).name == "gradients not zeroed"
    assert diagnose(a * b, {a: 1.0, b: 5.0}, before=before).name == "stale data"
    assert diagnose(a * b, {a: 1.0, b: 5.0}).name != "stale data"


def test_every_fault_was_computed_by_hand():
    elsewhere = {"input used for output", "output used for input", "stale data"}
    assert {name for name, *_ in BY_HAND} | elsewhere == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=str)
def test_a_fault_makes_one_move_wrongly_and_speaks_of_what_there_is(fault):
    moves = [move for move in FIELDS if getattr(fault, move) is not None]
    assert len(moves) == 1
    spoken = {name for _, name, _, _ in string.Formatter().parse(fault.sentence) if name}
    assert spoken
    assert spoken <= FIELDS[moves[0]]


def test_an_own_fault_can_be_planted_like_those_of_the_catalogue():
    own = Fault("added", "...", passed=lambda edge, upstream: edge.local + upstream)
    a, b = Value(2.0), Value(-3.0)
    model = SweepModel(topological_order(a * b))
    assert model.gradients([own.always(model)]) == [-2.0, 3.0, 1.0]
    assert fault_named(own) is own
    assert "added" in repr(own)


def test_a_recursion_over_too_many_paths_is_refused():
    node = Value(1.0)
    for _ in range(20):
        node = node * 2.0 + node
    model = SweepModel(topological_order(node))
    with pytest.raises(ValueError, match="more than 5,000"):
        model.gradients([FAULTS["passed on twice"].always(model)])


@pytest.mark.parametrize(
    ("given", "expected", "near"),
    [
        (0.33, 1 / 3, True),
        (0.34, 1 / 3, False),
        (6.0, 5.96, True),
        (0.0, 0.04, False),
        (1e300, 1e300 * (1 + 1e-12), True),
        (-0.5, 0.5, False),
    ],
)
def test_a_number_is_as_near_as_it_was_written_down(given, expected, near):
    assert close(given, expected) is near


def test_a_margin_is_half_of_the_last_place():
    assert math.isclose(margin(-2.25), 0.005)
    assert margin(12.0) == 0.05
    assert margin(1e22) == 0.05


def test_what_cancels_may_be_off_by_a_part_of_its_terms_and_by_no_more():
    assert close(0.0, 1e-13, terms=1.0)
    assert not close(0.0, 1e-10, terms=1.0)
    assert not close(0.0, 1e-13, terms=0.01)
    assert not close(0.0, 2e-9, terms=1e9)  # however large they are
