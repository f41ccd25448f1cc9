"""grad and value_and_grad: shapes, nesting, and what they refuse."""

import math
import sys
import threading

import jets
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Value,
    derivative,
    exp,
    grad,
    hessian,
    hvp,
    ieee,
    jacobian,
    jvp,
    no_grad,
    sin,
    tanh,
    value_and_grad,
)


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


def test_argnums_may_be_repeated_and_come_from_numpy():
    def product(x, y):
        return x * y

    assert grad(product, (0, 0))(2.0, 3.0) == (3.0, 3.0)
    assert grad(product, (1, -1, 0))(2.0, 3.0) == (2.0, 2.0, 3.0)
    assert grad(product, numpy.int64(1))(2.0, 3.0) == 2.0
    assert grad(product, numpy.array([0, 1]))(2.0, 3.0) == (3.0, 2.0)
    assert grad(product, [0])(2.0, 3.0) == (3.0,)
    assert jacobian(product, range(2))(2.0, 3.0) == (3.0, 2.0)
    assert hessian(product, (0, 0))(2.0, 3.0) == ((0.0, 0.0), (0.0, 0.0))
    for wrong in ("0", 1.5, None, (0, "1")):
        with pytest.raises(TypeError, match=r"write grad\(f, 1\) or grad\(f, \(0, 1\)\)"):
            grad(product, wrong)(2.0, 3.0)


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


# Values from outside of the function --------------------------------------------------------------


def test_closed_over_values_are_left_alone():
    w = Value(5.0)
    assert grad(lambda x: w * x * x)(3.0).data == 30.0
    assert w.grad == 0.0


def test_a_slope_stays_connected_to_the_values_that_the_function_uses():
    w = Value(3.0)

    def u(t):
        return w * t * t

    loss = (grad(u)(2.0) + u(2.0) - 1) ** 2
    loss.backward()
    assert w.grad == 368.0


CONNECTED = {
    "grad": lambda f: grad(f)(2.0),
    "value_and_grad": lambda f: value_and_grad(f)(2.0)[1],
    "its value": lambda f: value_and_grad(f)(2.0)[0] * 6,
    "jacobian": lambda f: jacobian(lambda x: [f(x), 1.0])(2.0)[0],
    "hessian": lambda f: hessian(f)(2.0),
    "jvp": lambda f: jvp(f, 2.0, 1.0)[1],
    "its values": lambda f: jvp(f, 2.0, 1.0)[0] * 6,
    "hvp": lambda f: hvp(f, 2.0, 1.0),
    "derivative": lambda f: derivative(f, 2)(2.0),
    "derivative 0": lambda f: derivative(f, 0)(2.0) * 6,
}


@pytest.mark.parametrize("transform", CONNECTED.values(), ids=CONNECTED)
def test_every_transform_stays_connected_and_no_grad_gives_plain_numbers(transform):
    w = Value(3.0)
    found = transform(lambda x: w**2 * x**3)
    found.backward()
    assert found.data == w.grad * 1.5  # twice the square's derivative is the value over w
    with no_grad():
        plain = transform(lambda x: w**2 * x**3)
    assert type(plain) is float
    assert plain == found.data
    assert type(transform(lambda x: 9.0 * x**3)) is float


def test_a_value_that_is_made_inside_of_the_function_is_no_value_from_outside():
    def f(x):
        total = Value(0.0)
        for k in range(3):
            total = total + Value(k) * x
        return total

    assert grad(f)(2.0) == 3.0
    assert jvp(f, 2.0, 1.0) == (6.0, 3.0)
    assert jacobian(lambda x: [f(x), no_grad_inside(x)])(2.0) == [3.0, 1.0]


def test_an_inner_node_and_a_written_leaf_from_outside_connect_too():
    w = Value(3.0)
    double = w * 2.0
    grad(lambda x: double * x)(1.0).backward()
    assert w.grad == 2.0
    w.data = 4.0
    found = grad(lambda x: w * w * x)(1.0)
    w.grad = 0.0
    found.backward()
    assert (found.data, w.grad) == (16.0, 8.0)
    assert grad(lambda x: x * w.data)(1.0) == 4.0  # its number alone does not


def test_a_value_that_the_result_does_not_depend_on_does_not_connect():
    w = Value(3.0)

    def f(x):
        _ = w * x
        return x * x

    assert grad(f)(2.0) == 4.0


def test_only_the_outermost_transform_leaves_the_values_of_those_inside():
    w = Value(3.0)
    outer = grad(lambda x: grad(lambda y: w * y * y * x)(x))
    found = outer(2.0)  # of w * 2 * x * x
    found.backward()
    assert (found.data, w.grad) == (24.0, 8.0)
    assert grad(lambda x: grad(lambda y: y * y)(3.0) * x)(2.0) == 6.0
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    inside = []
    grad(lambda x: (inside.append(grad(lambda y: y * y)(3.0)), x)[1])(2.0)
    assert inside == [6.0]  # it has nothing to do with the outer argument


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


@pytest.mark.parametrize("transform", [grad, jacobian, hessian, derivative])
def test_a_number_in_the_place_of_the_function_is_refused_in_words(transform):
    with pytest.raises(TypeError, match=r"take a function, not Value: write grad\(f\)\(2.0\)"):
        transform(Value(2.0) ** 2)(1.0)


@pytest.mark.parametrize("result", [None, {1.0}, "1.0"])
def test_a_result_that_is_no_number_is_not_called_an_argument(result):
    for transform in (jacobian, lambda f: lambda x: jvp(f, x, 1.0)):
        with pytest.raises(TypeError, match=r"returns numbers.*return \[first, second\]"):
            transform(lambda x: result)(1.0)
