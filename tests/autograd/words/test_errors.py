"""The messages of the engine: the node, its operands, its path to the root, what to write."""

import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd import Value, exp, ieee, log, sigmoid, softmax, sqrt
from autograd.ask.explain import explain
from autograd.words import rewrites as hints


def leaf(label, data):
    return Value(data, label=label)


def message(compute):
    """Return the message of the error that the call raises."""
    with pytest.raises((ValueError, ArithmeticError)) as caught:
        compute()
    return str(caught.value)


def ieee_hint(compute, *labels, number=1000.0):
    """Return the hint for a formula of leaves, all of this number, that overflows."""
    with ieee():
        return explain(compute(*(leaf(label, number) for label in labels))).hint


# The better formula -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compute", "number", "advice"),
    [
        (lambda x: 1.0 / (1.0 + exp(-x)), -1000.0, "Use sigmoid(x) for 1 / (1 + exp(-x))"),
        (lambda x: 1.0 / (exp(-x) + 1.0), -1000.0, "Use sigmoid(x) for 1 / (1 + exp(-x))"),
        (lambda x: (1.0 + exp(-x)) ** -1, -1000.0, "Use sigmoid(x) for 1 / (1 + exp(-x))"),
        (lambda x: 1.0 / (1.0 + exp(x)), 1000.0, "Use sigmoid(-x) for 1 / (1 + exp(x))"),
        (lambda x: 1.0 / (1.0 + exp(x - 1.0)), 1000.0, "Use sigmoid(-(x - 1)) for"),
        (lambda x: exp(x) / (1.0 + exp(x)), 1000.0, "Use sigmoid(x) for exp(x) / (1 + exp(x))"),
        (lambda x: log(1.0 / (1.0 + exp(-x))), -1000.0, "Use log_sigmoid(x) for log(sigmoid(x))"),
        (lambda x: -log(sigmoid(x)), -1000.0, "Use log_sigmoid(x) for log(sigmoid(x))"),
        (lambda x: log(1.0 + exp(x)), 1000.0, "Use softplus(x) for log(1 + exp(x))"),
        (lambda x: log(softmax([x, 0.0])[0]), -1000.0, "Use log_softmax([a, b, ...]) for"),
        (lambda x: sqrt(x * x + x**2), 1e200, "Use hypot(x, x) for sqrt(x**2 + x**2)"),
        (lambda x: 1.0 / (exp(x) - 1.0), 1e-20, "Use expm1(x) for exp(x) - 1"),
        (lambda x: 1.0 / (exp(x) + -1.0), 1e-20, "Use expm1(x) for exp(x) - 1"),
        (lambda x: x / log(1.0 + x), 1e-20, "Use log1p(x) for log(1 + x)"),
        (lambda x: 1.0 / sqrt(x * x + x**2), 1e-200, "Use hypot(x, x)"),
    ],
)
def test_formula_that_fails_is_answered_with_the_function_that_does_not(compute, number, advice):
    assert advice in ieee_hint(compute, "x", number=number)


def test_quotient_of_exponentials_is_answered_with_softmax():
    def softmax_by_hand(a, b):
        e = [exp(a), exp(b)]
        return e[0] / sum(e)

    assert "Use softmax([a, b, ...])" in ieee_hint(softmax_by_hand, "a", "b")
    assert "Use log_softmax(" in ieee_hint(lambda a, b: log(softmax_by_hand(a, b)), "a", "b")
    other = ieee_hint(lambda a, b: exp(a) / (exp(b) + exp(b)), "a", "b")
    assert "Use softmax(" not in other


def test_logarithm_of_a_sum_of_exponentials_is_answered_with_logsumexp():
    assert "Use logsumexp(" in ieee_hint(lambda a, b: log(exp(a) + exp(b)), "a", "b")
    assert "Use logsumexp(" in ieee_hint(
        lambda a, b: log(autograd.fsum([exp(a), exp(b)])), "a", "b"
    )


def test_pattern_elsewhere_in_the_graph_is_not_taken_for_the_one_that_failed():
    def elsewhere(x, y):
        return (exp(x) * 0.0 + y) * sigmoid(y) / (1.0 + exp(y * 0.0))

    assert "Use sigmoid(x) for exp(x) / (1 + exp(x)), softplus(x)" in ieee_hint(elsewhere, "x", "y")


@pytest.mark.parametrize("name", sorted(hints.REASONS))
def test_function_that_a_hint_names_exists(name):
    assert callable(getattr(autograd, name))


def test_better_formula_is_named_by_the_error_itself_where_the_graph_shows_it():
    x = Value(-1000.0, label="x")
    assert "Use log_sigmoid(x) for log(sigmoid(x))" in message(lambda: log(sigmoid(x)))
    assert "Use sigmoid(x) for 1 / (1 + exp(-x)), softplus(-x) for" in message(lambda: exp(-x))
    assert "Use logsumexp(" in message(lambda: log(exp(x) + exp(x)))
    a, b = leaf("a", 0.0), leaf("b", 0.0)
    norm = sqrt(a * a + b**2)
    assert "Use hypot(a, b) for sqrt(a**2 + b**2)" in message(norm.backward)


def test_square_that_overflows_is_answered_with_hypot():
    a = leaf("a", 1e200)
    assert "hypot(a, b), which does not square" in message(lambda: a * a)
    assert "hypot(a, b), which does not square" in message(lambda: a**2)
    assert "hypot" not in message(lambda: a * 1e200)


# Too large ----------------------------------------------------------------------------------------


def test_overflow_in_a_training_loop_names_the_largest_parameter_and_the_learning_rate():
    w, x, target = leaf("w", 1.0), leaf("x", 3.0), 1.0

    def train():
        for _ in range(2000):
            error = w * x - target
            loss = error * error
            w.grad = 0.0
            loss.backward()
            w.data -= 10.0 * w.grad

    text = message(train)
    assert "take a smaller learning rate" in text
    assert "The largest number that it was computed from is w = " in text
    assert f"{w.data!r}" in text


def test_overflow_before_any_parameter_was_written_does_not_speak_of_training():
    code = (
        "from autograd import Value\n"
        "try:\n    Value(1e200) * 1e200\n"
        "except OverflowError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(autograd.__file__).parent.parent,
    )  # fmt: skip
    assert "normalise the inputs" in done.stdout
    assert "learning rate" not in done.stdout


def test_pole_is_not_taken_for_an_overflow():
    x = leaf("x", 0.0)
    with ieee():
        assert "learning rate" not in explain(x.log()).hint
        assert "log is defined for positive numbers only" in explain(x.log()).hint
        assert "The denominator is zero" in explain(1.0 / x).hint


def test_operand_that_is_infinite_already_is_named_with_the_way_to_its_origin():
    x = leaf("x", float("inf"))
    text = message(lambda: x - x)
    assert "undefined" in text
    assert "autograd.explain(x) tells where inf came in" in text


# The path -----------------------------------------------------------------------------------------


def test_error_of_backward_shows_the_path_to_the_root():
    x = Value(0.0)
    loss = sqrt(x) * 3.0 + 1.0
    with pytest.raises(ZeroDivisionError) as caught:
        loss.backward()
    text = str(caught.value)
    assert "Its path to the root: x -> sqrt(x) -> sqrt(x) * 3 -> loss." in text
    assert "the derivative of sqrt at x = 0.0 is undefined" in text
    assert text.endswith("Nothing was changed.")


def test_error_of_an_overflowing_gradient_shows_the_path_and_both_factors():
    d = Value(1e-200)
    loss = d * 1e200 * 1e200
    with pytest.raises(OverflowError) as caught:
        loss.backward()
    text = str(caught.value)
    assert "the gradient of d = 1e-200 is not finite" in text
    assert "it gets 1e+200 * 1e+200" in text
    assert "Its path to the root: d -> d * 1e+200 -> loss." in text
    assert d.grad == 0.0


def test_error_of_forward_mode_shows_the_path_too():
    text = message(lambda: autograd.jvp(lambda x: [sqrt(x) * 2.0, x * 3.0], 0.0, 1.0))
    assert "derivative of sqrt" in text
    assert "Its path to the root" in text


def test_derivative_of_a_derivative_names_the_operation_without_a_hint_within_the_hint():
    text = message(lambda: autograd.hessian(lambda v: sqrt(v[0]))([0.0]))
    assert text.count("derivative of sqrt") == 1
    assert "ieee" not in text


def test_path_of_a_chain_of_50000_nodes_is_cut_in_the_middle():
    a = leaf("a", 0.0)
    loss = sqrt(a)
    for _ in range(50_000):
        loss = loss + 1.0
    text = message(loss.backward)
    assert "a -> sqrt(a) -> sqrt(a) + 1 -> ... (49,998 more) ... -> " in text
    assert len(text) < 1000


# Names and operands -------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["two\nlines", 'say "a"', "it's", "tab\t", "\x1b[31mred", "a\\b"])
def test_name_that_is_not_plain_is_shown_as_python_writes_it(label):
    x = leaf(label, -1.0)
    text = message(x.log)
    assert text.isprintable()
    assert f"log of {label!r} = -1.0" in text


@pytest.mark.parametrize("label", ["w", "layer1.neuron3.w2", "a b", "größe", "\u03b1"])
def test_plain_name_is_shown_as_it_is(label):
    assert f"log of {label} = -1.0: " in message(leaf(label, -1.0).log)


def test_long_name_is_cut():
    text = message(leaf("n" * 10_000, -1.0).log)
    assert "n" * 57 + "... = -1.0" in text
    assert len(text) < 1000


def test_node_of_many_arguments_is_shown_by_the_first_of_them():
    xs = [leaf(f"x{i}", -1.0) for i in range(10_000)]
    text = message(lambda: log(autograd.fsum(xs)))
    assert "log of sum(x0, x1, x2, ... 9,997 more) = -10000.0" in text
    assert len(text) < 1000


@pytest.mark.parametrize("function", [autograd.steps, autograd.draw, autograd.trace])
def test_a_number_whose_graph_is_to_be_shown_is_refused_by_the_functions_own_name(function):
    name = function.__name__
    with pytest.raises(TypeError, match=rf"{name}\(\) takes a Value, not float.*{name}\(loss\)"):
        function(3.0)
