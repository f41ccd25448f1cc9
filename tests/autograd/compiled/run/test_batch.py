"""The floating-point truth: what goes wrong in a batch is told by its row and its node."""

import math

import numpy as np
import pytest

import autograd
from autograd import (
    Value,
    compile,
    exp,
    gelu,
    ieee,
    log,
    log_softmax,
    sigmoid,
    silu,
    softplus,
    sqrt,
    tanh,
    where,
)
from nn import categorical_crossentropy


def rows_with(place, number, rows=40):
    x = np.linspace(0.5, 1.5, rows)
    x[place] = number
    return x


@pytest.fixture
def w():
    return Value(2.0, label="w")


def calls(step, x):
    return (
        lambda: step.value(x),
        lambda: step.value_and_grad(x),
        lambda: step.value_and_grad(x, inputs=True),
        lambda: step.backward(x),
    )


def test_an_overflow_names_the_row_and_the_node(w):
    step = compile(lambda x: exp(w * x), [w])
    for call in (*calls(step, rows_with(23, 1e4)), lambda: step.predict(rows_with(23, 1e4))):
        with pytest.raises(OverflowError, match=r"^row 23 of the batch: exp of w \* x = 20000"):
            call()
    assert w.grad == 0.0


def test_a_logarithm_of_a_negative_number_names_the_row(w):
    step = compile(lambda x: tanh(log(w * x)), [w])
    for call in calls(step, rows_with(17, -1.0)):
        with pytest.raises(ValueError, match=r"^row 17 of the batch: log of w \* x = -2"):
            call()


def test_the_first_of_several_bad_rows_is_named_also_in_a_later_block(w):
    step = compile(lambda x: log(w * x), [w])
    step.value_and_grad(rows_with(0, 1.0))
    for machine in step.machines.values():
        machine.most = 7
    x = rows_with(30, -1.0)
    x[35] = 0.0
    with pytest.raises(ValueError, match=r"^row 30 of the batch"):
        step.value_and_grad(x)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_number_that_came_in_as_data_is_named(w, bad):
    step = compile(lambda x: tanh(w * x[1]) + w * x[1], [w])
    x = np.ones((9, 2))
    x[4, 1] = bad
    for call in calls(step, x):
        with pytest.raises(FloatingPointError, match=r"^row 4 .*came in as data: x\[1\] is"):
            call()


def test_an_infinite_slope_is_named(w):
    step = compile(lambda x: sqrt(w * x), [w])
    x = rows_with(5, 0.0)
    assert math.isfinite(step.value(x))
    with pytest.raises(
        FloatingPointError, match=r"^row 5 of the batch: The gradient with respect to w \* x"
    ):
        step.value_and_grad(x)


def test_an_infinite_slope_by_an_input_counts_if_it_is_asked_for(w):
    step = compile(lambda x: w * sqrt(x), [w])
    x = np.array([1.0, 0.0])
    value, gradient = step.value_and_grad(x)
    assert (value, gradient.tolist()) == (1.0, [0.5])
    with pytest.raises(
        FloatingPointError, match=r"^row 1 of the batch: The gradient with respect to x"
    ):
        step.value_and_grad(x, inputs=True)


def test_the_row_is_computed_again_with_the_numbers_of_the_call(w):
    step = compile(lambda x: exp(w * x), [w])
    with pytest.raises(OverflowError, match=r"row 0 of the batch: exp of w \* x = 5000"):
        step.value([1.0], parameters=[5000.0])
    assert w.data == 2.0


def test_in_ieee_mode_everything_passes(w):
    step = compile(lambda x: log(w * x), [w])
    with ieee():
        value, gradient = step.value_and_grad([1.0, -1.0])
        assert math.isnan(value)
        assert math.isnan(gradient[0])
        assert step.predict([1.0, 0.0])[1] == -math.inf


def test_predictions_for_missing_data_are_missing(w):
    found = compile(lambda x: w * x, [w]).predict([1.0, math.nan])
    assert found[0] == 2.0
    assert math.isnan(found[1])


def test_an_overflow_in_between_that_the_engine_does_not_have_is_no_error(w):
    x = np.array([1e5, -1e5, 800.0, -800.0, 1e300, -1e300])
    for function in (sigmoid, softplus, silu, gelu, tanh):
        step = compile(lambda x, function=function: function(x) * 1e-300 * w, [w])
        value, gradient = step.value_and_grad(x)
        expected = sum(function(number) * 1e-300 for number in x.tolist()) / len(x)
        assert gradient[0] == pytest.approx(expected, rel=1e-12)
        assert value == pytest.approx(2.0 * expected, rel=1e-12)


CHOICES = {
    "log": lambda x, w: where(x > 0, lambda: log(x) * w, lambda: w * 2.0),
    "quotient": lambda x, w: where(x > 0, lambda: w / x, lambda: x * w),
    "sqrt": lambda x, w: w * where(x > 0, lambda: sqrt(x) * w, lambda: 0.0),
    "a sum of products below": lambda x, w: where(x > 0, lambda: w * log(x) + w * x, lambda: w),
    "softmax below": lambda x, w: where(
        x > 0, lambda: log_softmax([w / x, w, x])[1], lambda: w * w
    ),
    "one in the other": lambda x, w: where(
        x > 0, lambda: where(x < 1.5, lambda: log(x) * w, lambda: w / (x - 1.5)), lambda: w
    ),
    "several": lambda x, w: where(x > 0, lambda: sqrt(x) / x * tanh(w / x), lambda: w - x),
}


@pytest.mark.parametrize("name", CHOICES)
def test_what_where_does_not_choose_may_be_undefined(name, w):
    x = [2.0, 0.0, 1.0, 0.0, 1.5001]
    step = compile(lambda x: CHOICES[name](x, w), [w])
    value, gradient, (by_input,) = step.value_and_grad(x, inputs=True)
    leaves = [Value(number) for number in x]
    loss = autograd.mean([CHOICES[name](leaf, w) for leaf in leaves])
    loss.backward()
    assert value == pytest.approx(loss.data, rel=1e-12)
    assert step.value(x) == value
    assert gradient.tolist() == pytest.approx([w.grad], rel=1e-12)
    assert by_input.tolist() == pytest.approx([leaf.grad for leaf in leaves], rel=1e-12)


def test_a_sum_over_the_batch_that_overflows_is_told(w):
    step = compile(lambda x: w * x, [w])
    with pytest.raises(FloatingPointError, match="whole batch overflows"):
        step.value([1e308 / 2.0] * 20)


@pytest.mark.parametrize("label", [3.0, -1.0, 1.5])
def test_a_label_that_no_class_has_names_the_row(w, label):
    step = compile(lambda x, y: categorical_crossentropy([w * x, x, w], y), [w])
    with pytest.raises((IndexError, TypeError, ValueError), match=r"^row 2 of the batch"):
        step.value_and_grad([1.0, 2.0, 3.0], [0.0, 1.0, label])
    if label.is_integer():
        with pytest.raises(ValueError, match=f"^row 2 of the batch: the label {label:.0f} is none"):
            step.value_and_grad([1.0, 2.0, 3.0], [0, 1, int(label)])
