"""grad, and grad of grad, inside of a compiled function: the answers of the engine."""

import numpy as np
import pytest

import autograd
from autograd import Value, compile, derivative, grad, hypot, maximum, minimum, where

FUNCTIONS = {
    **{
        name: getattr(autograd, name)
        for name in (
            "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
            "sinh", "cosh", "tanh", "sigmoid", "relu", "gelu", "silu", "softplus",
            "log_sigmoid",
        )
    },
    "abs": abs,
    "leaky_relu": lambda x: x.leaky_relu(0.1),
    "elu": lambda x: autograd.elu(x, 1.5),
    "a power": lambda x: x**2.5,
    "a whole power": lambda x: x**3,
    "a power of a number": lambda x: 1.5**x,
    "maximum": lambda x: maximum(x * x, 0.3) * x,
    "minimum": lambda x: minimum(x * x, 0.3, x) * x,
    "hypot": lambda x: hypot(x, 0.5),
    "atan2": lambda x: autograd.atan2(x, 0.5),
    "a quotient": lambda x: 1.0 / (1.0 + x * x),
    "a choice": lambda x: where(x > 0.4, x * x, x * x * x),
}  # fmt: skip
ROWS = [0.2, 0.45, 0.7, 0.9]


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_inside_are_those_of_the_engine(name, order):
    w = Value(0.9)
    w.data = 1.1  # a weight that was written once

    def function(x):
        return derivative(lambda t: FUNCTIONS[name](w * t) * w, order)(x)

    step = compile(function, [w])
    value, gradient = step.value_and_grad(ROWS)
    w.grad = 0.0
    # A node, as x is inside of the compiled function: the result then stays connected to w.
    eager = sum(function(Value(x)) for x in ROWS) / len(ROWS)
    if isinstance(eager, Value):
        eager.backward()
    expected = eager.data if isinstance(eager, Value) else eager
    np.testing.assert_allclose([value, *gradient], [expected, w.grad], rtol=1e-12, atol=1e-13)


def test_gradient_inside_after_its_weight_was_written_is_no_stale_graph():
    w = Value(2.0)
    step = compile(lambda x: grad(lambda t: w * t * t)(x), [w])
    for number in (2.0, 3.0):
        w.data = number
        value, gradient = step.value_and_grad([1.0, 2.0])
        assert (value, gradient.tolist()) == (3.0 * number, [3.0])


def test_gradient_inside_of_a_crossentropy_at_a_recorded_label():
    def slope(x, label):
        return grad(lambda t: autograd.log_softmax([t, 2.0 * t, 0.5], label))(x)

    labels = [0, 1, 2, 1]
    found = compile(slope).predict(ROWS, labels)
    expected = [slope(x, label) for x, label in zip(ROWS, labels, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
