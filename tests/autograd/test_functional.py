"""grad and value_and_grad: shapes, nesting, and what they refuse."""

import math
import sys
import threading

import jets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, exp, grad, ieee, no_grad, sin, tanh, value_and_grad


def test_the_gradient_of_a_number_is_a_number():
    assert grad(lambda x: x**3)(2.0) == 12.0
    assert type(grad(lambda x: x**3)(2)) is float


def test_grad_of_grad_is_exact():
    third = grad(grad(grad(lambda x: x**3)))
    assert grad(grad(lambda x: x**3))(2.0) == 12.0
    assert third(2.0) == 6.0
    assert grad(third)(2.0) == 0.0


def test_nested_transforms_never_alias():
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    assert grad(lambda x: x * grad(lambda y: y * y * x)(x))(2.0) == 24.0
    # The inner derivative does not mention its own argument, but the outer one's.
    assert grad(lambda x: grad(lambda y: x * y)(3.0))(2.0) == 1.0
    # Both are called with a plain number: sin'(x) * x at 2 differentiated.
    expected = math.cos(2.0) - 2.0 * math.sin(2.0)
    assert grad(lambda x: x * grad(sin)(x))(2.0) == pytest.approx(expected, rel=1e-15)


def test_gradients_have_the_shape_of_the_arguments():
    point = {"w": [1.0, 2.0], "b": (3.0, [4.0])}
    gradient = grad(lambda p: p["w"][0] * p["b"][0] + p["w"][1] * p["b"][1][0])(point)
    assert gradient == {"w": [3.0, 4.0], "b": (1.0, [2.0])}


def test_argnums_chooses_the_arguments():
    def f(x, y, scale=1.0):
        return x * y**2 * scale

    assert grad(f)(2.0, 3.0) == 9.0
    assert grad(f, 1)(2.0, 3.0) == 12.0
    assert grad(f, (0, 1))(2.0, 3.0, scale=10.0) == (90.0, 120.0)
    assert grad(f, -1)(2.0, 3.0) == 12.0
    with pytest.raises(TypeError, match="2 positional"):
        grad(f, 2)(2.0, 3.0)


def test_value_and_grad_gives_both_as_numbers():
    assert value_and_grad(lambda x: x * x)(3.0) == (9.0, 6.0)


def test_a_function_that_ignores_its_argument_has_gradient_zero():
    assert grad(lambda x: 5.0)(1.0) == 0.0
    assert grad(lambda p: p[0] * 2)([1.0, 2.0]) == [2.0, 0.0]


def test_called_with_values_it_gives_values_that_can_be_differentiated():
    x = Value(2.0)
    slope = grad(lambda t: t**3)(x)
    slope.backward()
    assert (slope.data, x.grad) == (12.0, 12.0)


def test_closed_over_values_are_left_alone():
    w = Value(5.0)
    assert grad(lambda x: w * x * x)(3.0) == 30.0
    assert w.grad == 0.0


@pytest.mark.parametrize("result", [[1.0], "3", None, (1.0, 2.0)])
def test_a_function_that_returns_no_number_is_refused(result):
    with pytest.raises(TypeError, match="returns one number"):
        grad(lambda x: result)(1.0)


@pytest.mark.parametrize("argument", ["3", None, 1j, {"a": "b"}, [None]])
def test_arguments_that_are_no_numbers_are_refused(argument):
    with pytest.raises(TypeError, match="takes numbers, or nested"):
        grad(lambda x: 1.0)(argument)


def no_grad_inside(x):
    with no_grad():
        factor = x * x
    return x + factor


def test_it_records_inside_no_grad_and_follows_ieee():
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0
        assert grad(no_grad_inside)(3.0) == 1.0
        assert (Value(1.0) * 2).args == ()
    with ieee():
        assert grad(lambda x: x.sqrt())(0.0) == math.inf
    with pytest.raises(ZeroDivisionError, match="derivative of sqrt"):
        grad(lambda x: x.sqrt())(0.0)


def test_only_what_lies_between_argument_and_result_is_differentiated():
    # The derivative of sqrt at 0 is undefined, but x has no part in it.
    zero = Value(0.0)
    assert grad(lambda x: x * 3 + zero.sqrt())(1.0) == 3.0


def test_shared_nodes_do_not_blow_up():
    def tower(x):
        for _ in range(60):
            x = x * x * 0.25 + x * 0.5
        return x

    first, second = grad(tower), grad(grad(tower))
    assert math.isfinite(first(0.9))
    assert math.isfinite(second(0.9))


def test_an_exception_in_the_function_leaves_no_trace():
    def fail(x):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        grad(fail)(1.0)
    assert type(grad(lambda x: x * x)(1.0)) is float


def test_the_name_and_help_of_the_function_are_kept():
    def energy(x):
        """Half the square."""
        return x * x / 2

    assert grad(energy).__name__ == "energy"
    assert grad(energy).__doc__ == "Half the square."


@given(st.floats(-3, 3), st.integers(1, 5))
def test_any_order_equals_the_taylor_oracle(x, order):
    def f(t):
        return exp(-t * t) * sin(3 * t) + tanh(t)

    def oracle(t):
        return jets.exp(-(t * t)) * jets.sin(3 * t) + jets.tanh(t)

    g = f
    for _ in range(order):
        g = grad(g)
    exact = jets.along(oracle, [x], [1.0], order)[order]
    assert g(x) == pytest.approx(float(exact), rel=1e-11, abs=1e-10)


def test_nested_transforms_are_exact_in_threads_that_interleave():
    results = []

    def work():
        results.extend(
            grad(lambda x: x * grad(lambda y: x * y)(x))(float(n)) for n in range(1, 200)
        )

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert sorted(results) == sorted([2.0 * n for n in range(1, 200)] * 8)
