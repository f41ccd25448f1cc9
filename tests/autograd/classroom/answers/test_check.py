"""check: free in form, strict in value, and never only "wrong"."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, derivative, tanh
from autograd.classroom.answers.check import check
from autograd.classroom.answers.exercise import AtLeast, Exercise
from autograd.classroom.answers.own_engine import TRIALS, check_engine
from autograd.classroom.answers.sealed import seal
from autograd.classroom.answers.verdict import Verdict

HALF = Exercise("a half", 0.5)


def lesson():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    u = a * b
    u.label = "u"
    loss = u + a
    loss.label = "loss"
    return a, b, loss


@pytest.fixture
def gradients():
    return Exercise("the gradients", graph=lesson()[2])


# The form is free ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        0.5, "0.5", "0,5", "1/2", "2*0.25", " 1 / 2 ", "50 %", "sqrt(1/4)", "-1/-2", "5e-1",
        "\N{MINUS SIGN}1/\N{MINUS SIGN}2", "2\N{MULTIPLICATION SIGN}0.25", "2\N{MIDDLE DOT}0.25",
        Fraction(1, 2), Decimal("0.5"), Value(0.5), np.float64(0.5), np.float32(0.5),
        np.array(0.5), np.array([0.5]), {"x": 0.5}, [0.5],
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_any_form(answer):
    assert check(HALF, answer)


def test_gradients_may_be_given_by_name_by_value_or_as_the_values(gradients):
    a, b, loss = lesson()
    loss.backward()
    for answer in (
        {"a": -2, "b": "6/3"},
        {"a.grad": a.grad, "b.grad": b.grad},
        {"a": a, "b": b},
        {a: a.grad, b: b.grad},
        [a, b],
    ):
        assert check(gradients, answer), answer


def test_a_value_stands_for_its_number_where_values_are_asked_for():
    loss = lesson()[2]
    exercise = Exercise("the values", graph=loss, asks="values")
    assert exercise.expected == {"u": -6.0, "loss": -4.0}
    assert check(exercise, {"u": Value(-6.0), "loss": loss})


def test_lists_and_arrays_are_compared_part_by_part():
    exercise = Exercise("the sizes", [[64, 32], 10])
    assert check(exercise, ((64, 32), 10))
    assert check(Exercise("a table", [[1.0, 2.0], [3.0, 4.0]]), np.array([[1, 2], [3, 4]]))
    wrong = check(exercise, [[64, 33], 10])
    assert wrong.findings == ["[0][1]: 33 is off by 1: should something be added or left out?"]
    assert wrong.share == pytest.approx(2 / 3)


def test_words_are_compared_without_capitals_and_spaces():
    exercise = Exercise("which node?", "the loss")
    assert check(exercise, "The  Loss")
    assert "'a' is not it" in str(check(exercise, "a"))
    assert "a name in quotes" in str(check(exercise, 3))


def test_a_bool_is_a_word():
    exercise = Exercise("is it convex?", True)
    assert all(check(exercise, answer) for answer in (True, np.True_, "true"))
    assert not any(check(exercise, answer) for answer in (False, np.False_, "no", 1, None))


# The value is strict ------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3))
def test_the_value_is_strict(expected):
    exercise = Exercise("a number", expected)
    assert check(exercise, expected)
    assert check(exercise, repr(expected))
    assert not check(exercise, expected * (1 + 1e-6))


@given(st.floats(-100, 100), st.integers(0, 4))
def test_with_decimals_exactly_the_numbers_that_round_to_it_are_right(expected, decimals):
    exercise = Exercise("a number", expected, decimals=decimals)
    assert check(exercise, round(expected, decimals))
    assert not check(exercise, expected + 0.51 * 10**-decimals)


@pytest.mark.parametrize("answer", [True, "x", "1/0", "a + 1", "__import__('os')", [1, 2], "(1"])
def test_what_is_no_number_is_not_right(answer):
    assert not check(Exercise("one", 1.0), answer)


@pytest.mark.parametrize("answer", [None, ..., "", "  "])
def test_no_answer_yet_is_said(answer, gradients):
    for exercise in (HALF, gradients, Exercise("a word", "loss")):
        assert "There is no answer yet" in str(check(exercise, answer))
    assert "a: There is no answer yet" in str(check(gradients, {"a": answer, "b": 2}))


@pytest.mark.parametrize("answer", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_no_gradient(answer, gradients):
    assert "not a finite number" in str(check(gradients, {"a": answer, "b": 2.0}))


# What is wrong is said ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "answer", "finding"),
    [
        (3.0, -3, "wrong sign"),
        (8.0, 4, "is half of"),
        (4.0, 8, "is twice"),
        (0.95, 95, "is a percentage"),
        (4.0, 0.25, "is upside down"),
        (3.0, 9, "is the square of"),
        (9.0, 3, "is the square root of"),
        (-math.log(0.78), 0.1079, "logarithm to base 10"),
        (7.0, 6, "is off by 1"),
        (1 / 3, 0.33, "rounded too far"),
        (5.0, 50, "too large"),
        (-5.0, -2, "too small, without its sign"),
        (5.0, -2, "wrong side of 0"),
        (0.0, 3, "too large"),
    ],
)
def test_the_usual_slips_are_named(expected, answer, finding):
    verdict = check(Exercise("a number", expected, hint="look again"), answer)
    assert finding in verdict.findings[0]
    assert verdict.lines[-1] == "Hint: look again"


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_a_wrong_number_is_never_only_wrong(expected, answer):
    verdict = check(Exercise("a number", expected), answer)
    assert verdict.right or not verdict.findings[0].endswith(("is not right.", "is wrong."))


def test_a_wrong_gradient_is_traced_to_the_mistake(gradients):
    told = str(check(gradients, {"a": 1.0, "b": 2.0}))
    assert "a: 1 is not right." in told
    assert "path to a is missing" in told
    assert "Right already: b." in told


def test_the_gradient_by_one_leaf_is_traced_too():
    a, _, loss = lesson()
    exercise = Exercise("d(loss)/da", graph=loss, by=a)
    assert check(exercise, -2)
    assert "path to a is missing" in str(check(exercise, 1))


def test_a_number_that_no_node_is_named_for_is_judged_without_the_graph():
    exercise = Exercise("the slope", -2.0, graph=lesson()[2])
    assert "2 has the wrong sign" in str(check(exercise, 2))


def test_a_wrong_value_is_told_from_one_that_only_follows():
    exercise = Exercise("the values", graph=lesson()[2], asks="values")
    told = str(check(exercise, {"u": 5, "loss": 7}))
    assert "Look at u = a * b first, with 2 and -3." in told
    assert "loss follows from your numbers before it" in told


def test_names_are_asked_for_and_mended(gradients):
    assert 'Give every number with its name: {"a": ..., "b": ...}' in str(check(gradients, 5))
    assert "with its name" in str(check(gradients, [1, 2]))
    exercise = Exercise("a rate", {"rate": 0.5})
    assert "raet is not asked for. Did you mean rate?" in str(check(exercise, {"raet": 0.5}))


def test_a_goal_may_be_passed():
    exercise = Exercise("the accuracy", AtLeast(0.95))
    assert check(exercise, 0.97)
    assert check(exercise, "95 %")
    assert "0.93 is not yet 0.95" in str(check(exercise, 0.93))
    assert "give a share" in str(check(exercise, 97))


def test_a_sealed_answer_is_judged_without_the_key():
    exercise = Exercise("sealed", {"a": seal(-2.0), "node": seal("loss")})
    assert check(exercise, {"a": "-4/2", "node": "Loss"})
    told = str(check(exercise, {"a": 2, "node": "a"}))
    assert "a: 2 has the wrong sign" in told
    assert "node: 'a' is not it" in told
    assert "go through the lines again" in str(check(exercise, {"a": 7, "node": "loss"}))


def test_a_slip_that_cannot_be_undone_is_not_named_behind_a_seal():
    told = str(check(Exercise("sealed", seal(-2.0)), 0))  # 1/0 opens nothing
    assert "go through the lines again" in told
    assert "upside down" not in told


# Functions ----------------------------------------------------------------------------------------

SLOPE = Exercise("the derivative of tanh", derivative(tanh))


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: 1 - tanh(x) ** 2,
        lambda x: 1 - math.tanh(x) ** 2,
        lambda x: np.float64(1 - math.tanh(x) ** 2),
        lambda x: 1 - Value(x).tanh() ** 2,
    ],
)
def test_a_function_is_right_however_it_is_written(answer):
    assert check(SLOPE, answer)


def raises(x):
    raise RuntimeError("not today")


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (lambda x: tanh(x) ** 2 - 1, "Everywhere only the sign is wrong"),
        (lambda x: 2 - 2 * tanh(x) ** 2, "Everywhere it is 2 times too much"),
        (lambda x: 2 - tanh(x) ** 2, "Everywhere it is 1 too much"),
        (lambda x: 1 - x**2, "your function gives"),
        (lambda x: None, "does it lack its return?"),
        (lambda x: "many", "gives no number"),
        (raises, "stops: RuntimeError: not today"),
        (lambda: 0.0, "stops: TypeError"),
        (0.5, "A function is asked for, not a float"),
    ],
)
def test_a_wrong_function_is_shown_where(answer, finding):
    assert finding in str(check(SLOPE, answer))


def test_a_function_of_two_numbers_is_tried_within_its_domain():
    seen = []
    exercise = Exercise("a product", lambda x, y: x * y, domain=(0.1, 0.13))
    assert check(exercise, lambda x, y: seen.extend([x, y]) or y * x)
    assert len(seen) > 10
    assert all(0.1 <= x <= 0.13 for x in seen)


def test_only_an_exercise_can_be_checked():
    with pytest.raises(TypeError, match=r"check\(Exercise"):
        check(0.5, 0.5)


# A student's own engine ---------------------------------------------------------------------------


class Own:
    """A small engine in one closure per operation, as students write it."""

    def __init__(self, data, before=(), pass_on=lambda gradient: ()):
        self.data, self.grad, self.before, self.pass_on = data, 0.0, before, pass_on

    def __add__(self, other):
        return type(self)(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other):
        return type(self)(
            self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data)
        )

    def receive(self, gradient):
        self.grad += gradient

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for each in node.before:
                    visit(each)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for each, gradient in zip(node.before, node.pass_on(node.grad), strict=True):
                each.receive(gradient)


class Assigns(Own):
    def receive(self, gradient):
        self.grad = gradient


class Forgets(Own):
    def backward(self):
        return None


def test_the_engine_itself_passes_every_trial():
    words = {word for trial in TRIALS for word in trial.needs}
    assert check_engine(Value, " ".join(sorted(words)))


def test_a_right_class_passes_as_far_as_it_goes():
    assert check_engine(Own)
    verdict = check_engine(Own, "+ * tanh")
    assert "a.tanh() with a = 0.5: your class stops: AttributeError" in str(verdict)
    assert 0.5 < verdict.share < 1.0


def test_a_wrong_class_is_told_its_mistake_in_the_simplest_formula():
    told = str(check_engine(Assigns))
    assert "a + a with a = 3: a.grad is 1. Assigned instead of accumulated" in told
    assert "a + b with" in str(check_engine(Forgets))


def test_what_cannot_be_tried_is_said():
    with pytest.raises(ValueError, match="no formula to try cosh"):
        check_engine(Value, "+ cosh")


# The verdict --------------------------------------------------------------------------------------


def test_a_verdict_is_a_truth_a_text_and_a_box():
    right, wrong = Verdict("q"), Verdict("a < b", ["1 < 2 is wrong"], "think")
    assert right
    assert not wrong
    assert str(right) == repr(right) == "Right: q"
    assert str(wrong) == "Not yet: a < b\n  1 < 2 is wrong\n  Hint: think"
    box = wrong._repr_html_()
    assert "1 &lt; 2" in box
    assert "Not yet" in box
    assert "dashed" in box  # not by colour alone
    assert "dashed" not in right._repr_html_()
    assert right.share == 1.0
    assert wrong.share == 0.0


# Answers of several parts -------------------------------------------------------------------------

SHAPES = Exercise("shapes", {"W2": (20, 5), "W3": (5, 2), "last": (32, 2)})


def test_of_lists_without_an_answer_there_is_one_finding_for_each_list():
    verdict = check(SHAPES, {"W2": ..., "W3": None, "last": " "})
    assert verdict.findings == [
        f"{name}: There is no answer yet: write yours in its place."
        for name in ("W2", "W3", "last")
    ]
    assert verdict.share == 0.0
    assert check(SHAPES, {"W2": [20, 5], "W3": [5, 2], "last": (32, 2)})


def test_what_is_no_list_is_told_what_to_write():
    verdict = check(SHAPES, {"W2": (20, 5), "W3": 7, "last": (32, 2)})
    assert verdict.findings == ["W3: Several answers are asked for: [..., ...]."]
    assert verdict.right_parts == ["W2[0]", "W2[1]", "last[0]", "last[1]"]
    assert verdict.share == 4 / 6


def test_too_many_places_and_misspelt_lists_are_named_once():
    verdict = check(SHAPES, {"W2": (20, 5, 1, 1), "W33": (5, 2), "last": (32, 2), "x": 1, "z": 2})
    assert verdict.findings == [
        "W3: There is no answer yet: write yours in its place.",
        "W2: more answers than are asked for, [..., ...].",
        "W33 is not asked for. Did you mean W3?",
        "x, z are not asked for. Asked for: W2, W3, last.",
    ]


def test_of_many_names_the_first_few_are_listed():
    exercise = Exercise("all", {f"w{number}": number for number in range(14)})
    given = {f"w{number}": number for number in range(14)} | dict.fromkeys("ABCDEFGH", 1)
    assert check(exercise, given).findings == [
        "A, B, C, D, E, F and 2 more are not asked for. "
        "Asked for: w0, w1, w2, w3, w4, w5 and 8 more."
    ]


def test_numbers_without_names_are_told_how_to_write_the_whole():
    assert check(SHAPES, 5).findings == [
        'Give every number with its name: {"W2": [..., ...], "W3": [..., ...], "last": [..., ...]}.'
    ]


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ((4, 2), "Python reads 4,2 as two numbers: write 4.2, with a point."),
        ([4, 25], "Python reads 4,25 as two numbers: write 4.25, with a point."),
        ((4, -2), "One answer is asked for, not 2."),
        ((4.0, 2), "One answer is asked for, not 2."),
        ((4, 2, 1), "One answer is asked for, not 3."),
    ],
)
def test_a_decimal_comma_outside_of_quotes_is_named(answer, finding):
    (found,) = check(Exercise("a number", 4.2), answer).findings
    assert found.endswith(finding)
    (found,) = check(Exercise("two", {"a": 4.2, "b": 1}), {"a": answer, "b": 1}).findings
    assert found.startswith("a: ")
    assert found.endswith(finding)


def test_a_decimal_comma_in_a_text_is_read():
    assert check(Exercise("a number", 4.2), "4,2")


@pytest.mark.parametrize("answer", [0.1, 0.5, -3.0])
def test_a_step_uphill_is_named_as_one(answer):
    (found,) = check(Exercise("the new weight", 1.9, before=1.0), answer).findings
    assert "so the step goes uphill: new = old - learning rate * gradient." in found


@pytest.mark.parametrize("answer", [1.0, 1.5, 2.5])
def test_another_wrong_step_is_not_called_uphill(answer):
    (found,) = check(Exercise("the new weight", 1.9, before={"": 1.0}), answer).findings
    assert "uphill" not in found


def test_a_step_uphill_is_named_by_the_part_and_behind_a_seal():
    exercise = Exercise("new", {"a": seal(5.0), "b": seal(6.0)}, before={"a": 6.0, "b": 5.0})
    findings = check(exercise, {"a": 7, "b": 4.5}).findings
    assert "7 lies on the wrong side" in findings[0]
    assert "uphill" not in findings[1]
    assert not check(Exercise("new", {"c": 2.0}, before={"a": 6.0}), {"c": 1}).right


@pytest.mark.parametrize("trial", [each for each in TRIALS if ";" not in each.text])
def test_a_trial_computes_what_its_text_says(trial):
    leaves = {name: Value(number, label=name) for name, number in trial.numbers.items()}
    computed = trial.formula(*leaves.values())
    assert computed.data == eval(trial.text, {}, leaves).data
