"""jacobian, hessian, jvp, hvp and derivative: shapes, exactness, nesting, cost."""

import itertools
import math
import time

import jets
import mpmath
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Value,
    derivative,
    exp,
    fsum,
    grad,
    hessian,
    hvp,
    ieee,
    jacobian,
    jvp,
    no_grad,
    sin,
    softmax,
    tanh,
)

numbers = st.floats(-2.0, 2.0)
triples = st.tuples(numbers, numbers, numbers).map(list)


def energy(v):
    return v[0] ** 2 * v[1] + tanh(v[1] * v[2]) * exp(-v[0]) + v[2] ** 3


def close(a, b):
    return a == pytest.approx(b, rel=1e-12, abs=1e-12)


# jacobian -----------------------------------------------------------------------------------------


def test_the_jacobian_has_a_row_for_each_result_and_a_column_for_each_argument():
    assert jacobian(lambda v: [v[0] * v[1], v[0] + v[1], 7.0])([2.0, 5.0]) == [
        [5.0, 2.0],
        [1.0, 1.0],
        [0.0, 0.0],
    ]


def test_results_and_arguments_keep_their_nested_shape():
    result = jacobian(lambda p: {"s": p["x"] * p["y"][0], "t": (p["x"],)})({"x": 2.0, "y": [3.0]})
    assert result == {"s": {"x": 3.0, "y": [2.0]}, "t": ({"x": 1.0, "y": [0.0]},)}
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert jacobian(lambda x, y: [x * y], (0, 1))(2.0, 3.0) == [(3.0, 2.0)]


def test_the_jacobian_of_softmax_is_the_formula_of_the_textbook():
    point = [0.3, -1.0, 2.0]
    p = softmax(point)
    for i, row in enumerate(jacobian(softmax)(point)):
        for j, slope in enumerate(row):
            assert slope == pytest.approx(p[i] * ((i == j) - p[j]), rel=1e-14)


def test_the_jacobian_refuses_what_is_no_number():
    with pytest.raises(TypeError, match="returns numbers, or nested"):
        jacobian(lambda x: ["text"])(1.0)


# hessian, hvp -------------------------------------------------------------------------------------


def test_the_hessian_of_a_hand_worked_function():
    assert hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0]) == [[10.0, 6.0], [6.0, 0.0]]
    assert hessian(lambda x, y: x * x * y, (0, 1))(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))
    assert hessian(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 3.0}) == {
        "a": {"a": 0.0, "b": 1.0},
        "b": {"a": 1.0, "b": 0.0},
    }


@given(triples)
def test_the_hessian_is_symmetric(point):
    h = hessian(energy)(point)
    for i in range(3):
        for j in range(i):
            assert close(h[i][j], h[j][i])


@given(triples, triples)
def test_hvp_is_the_hessian_times_the_direction(point, direction):
    h = hessian(energy)(point)
    product = [math.fsum(h[i][j] * direction[j] for j in range(3)) for i in range(3)]
    assert close(hvp(energy, point, direction), product)


def test_hvp_of_several_arguments_has_their_shape():
    assert hvp(lambda x, y: x * x * y, (2.0, 3.0), (1.0, 0.0)) == (6.0, 4.0)


# jvp ----------------------------------------------------------------------------------------------


@given(triples, triples)
def test_forward_mode_is_the_gradient_along_the_direction(point, direction):
    value, slope = jvp(energy, point, direction)
    assert value == energy(point)
    expected = math.fsum(g * d for g, d in zip(grad(energy)(point), direction, strict=True))
    assert close(slope, expected)


def test_forward_mode_gives_all_results_in_one_pass_in_their_shape():
    value, slope = jvp(lambda x: {"a": x * x, "b": [3.0 * x, 4.0]}, 2.0, 1.0)
    assert value == {"a": 4.0, "b": [6.0, 4.0]}
    assert slope == {"a": 4.0, "b": [3.0, 0.0]}


def test_forward_mode_of_a_function_that_returns_its_argument():
    assert jvp(lambda v: [v[1], v[0]], [2.0, 3.0], [10.0, 20.0]) == ([3.0, 2.0], [20.0, 10.0])


def test_the_direction_must_have_the_shape_of_the_point():
    with pytest.raises(ValueError, match=r"direction has 1 numbers?, but the point has 2"):
        jvp(lambda v: v[0], [1.0, 2.0], [1.0])


def test_forward_mode_raises_and_follows_ieee_as_the_sweep_does():
    with pytest.raises(ZeroDivisionError, match="derivative of sqrt"):
        jvp(lambda x: x.sqrt(), 0.0, 1.0)
    with ieee():
        assert jvp(lambda x: x.sqrt(), 0.0, 1.0)[1] == math.inf
    with no_grad():
        assert jvp(lambda x: x * x, 3.0, 1.0) == (9.0, 6.0)
    with pytest.raises(OverflowError, match="along the direction is inf"):
        jvp(lambda x: x * 1e200 * 1e200, 1e-200, 1.0)
    assert math.isnan(jvp(lambda x: x * math.nan, 1.0, 1.0)[1])


# derivative ---------------------------------------------------------------------------------------


def test_derivatives_of_a_polynomial_by_hand():
    values = [derivative(lambda x: x**5, n)(2.0) for n in range(8)]
    assert values == [32.0, 80.0, 160.0, 240.0, 240.0, 120.0, 0.0, 0.0]


@given(st.floats(-2, 2), st.integers(0, 6))
def test_the_nth_derivative_equals_the_oracle(x, n):
    got = derivative(lambda t: tanh(t) * sin(t), n)(x)
    exact = jets.along(lambda t: jets.tanh(t) * jets.sin(t), [x], [1.0], n + 1)[n]
    assert got == pytest.approx(float(exact), rel=1e-11, abs=1e-9)


def test_the_order_may_be_an_integer_of_numpy():
    assert derivative(lambda x: x**5, numpy.int64(3))(2.0) == 240.0


@pytest.mark.parametrize("n", [-1, 1.5, True, "2", numpy.int64(-1), numpy.float64(2.0)])
def test_an_order_that_is_no_count_is_refused(n):
    with pytest.raises(ValueError, match="0, 1, 2"):
        derivative(sin, n)


# Nesting and cost ---------------------------------------------------------------------------------


def test_transforms_nest_in_any_order():
    x = 0.4
    second = derivative(sin, 2)(x)
    assert grad(grad(sin))(x) == second
    assert jvp(grad(sin), x, 1.0)[1] == pytest.approx(second, rel=1e-15)
    assert grad(lambda t: jvp(sin, t, 1.0)[1])(x) == pytest.approx(second, rel=1e-15)
    forward_twice = jvp(lambda t: jvp(sin, t, 1.0)[1], x, 1.0)[1]
    assert forward_twice == pytest.approx(second, rel=1e-15)
    assert jacobian(jacobian(sin))(x) == second
    # The gradient of a Hessian's entry is the third derivative.
    third = grad(lambda t: hessian(lambda v: sin(v[0]))([t])[0][0])(x)
    assert third == pytest.approx(-math.cos(x), rel=1e-14)
    assert grad(lambda t: hvp(lambda v: v**3 / 6, t, t))(2.0) == pytest.approx(4.0)


def test_forward_mode_inside_forward_mode_does_not_confuse_its_directions():
    # The classic trap: the inner derivative of x + y by y is 1, whatever the direction of x.
    outer = jvp(lambda x: x * jvp(lambda y: x + y, 1.0, 1.0)[1], 3.0, 1.0)
    assert outer == (3.0, 1.0)


def test_a_value_as_point_or_direction_stays_connected():
    x = Value(2.0)
    slope = jvp(lambda t: t**3, x, 1.0)[1]
    slope.backward()
    assert (slope.data, x.grad) == (12.0, 12.0)
    d = Value(5.0)
    jvp(lambda t: t**3, 2.0, d)[1].backward()
    assert d.grad == 12.0


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: grad(f)(0.3),
        lambda f: jacobian(f)(0.3),
        lambda f: hessian(f)(0.3),
        lambda f: jvp(f, 0.3, 1.0),
        lambda f: hvp(f, 0.3, 1.0),
        lambda f: derivative(f, 3)(0.3),
        lambda f: grad(lambda x: jvp(f, x, 1.0)[1])(0.3),
    ],
    ids=["grad", "jacobian", "hessian", "jvp", "hvp", "derivative", "grad of jvp"],
)
def test_sharing_costs_in_proportion_to_the_nodes_in_every_transform(transform):
    # x = x*x + x, 60 times: 2**60 paths. Had a transform walked paths, it would never end.
    calls = 0

    def tower(x):
        nonlocal calls
        for _ in range(60):
            calls += 1
            x = x * x * 0.1 + x * 0.5
        return x

    start = time.process_time()
    transform(tower)
    assert calls <= 3 * 60
    assert time.process_time() - start < 20.0  # it takes 1/100 s; paths would take 30 years


def test_many_results_share_one_graph():
    evaluations = 0

    def f(v):
        nonlocal evaluations
        evaluations += 1
        s = fsum(v)
        return [s * x for x in v]

    jacobian(f)([1.0, 2.0, 3.0])
    assert evaluations == 1


# Corners: third derivatives, mixed ----------------------------------------------------------------

CORNERS = {
    "power": (lambda x, p: x**p, lambda x, p: x**p,
              [(2.0, 0.0), (2.0, 1.0), (2.0, 2.0), (0.3, 0.0), (1.5, -1.0), (0.7, 3.0)]),
    "hypot": (autograd.hypot, mpmath.hypot, [(3.0, 4.0), (-1.0, 1e-3), (1e-3, 2.0), (0.5, -0.5)]),
    "atan2": (autograd.atan2, mpmath.atan2, [(3.0, 4.0), (-1.0, 0.5), (1e-3, 2.0), (0.5, -0.5)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("order", list(itertools.product((0, 1), repeat=3)))
def test_mixed_third_derivatives_equal_the_oracle(name, order):
    f, exact, points = CORNERS[name]
    g = f
    for place in order:
        g = grad(g, place)
    for point in points:
        with mpmath.workdps(60):
            right = mpmath.diff(exact, point, (order.count(0), order.count(1)))
        assert g(*point) == pytest.approx(float(right), rel=1e-12, abs=1e-12)


def test_the_hessian_of_a_second_derivative_is_symmetric():
    second = grad(grad(lambda x, p: x**p, 0), 0)
    assert grad(second, 1)(2.0, 0.0) == -0.25
    for point in ((2.0, 0.0), (2.0, 1.0), (0.5, 2.0)):
        h = hessian(second, (0, 1))(*point)
        assert h[0][1] == pytest.approx(h[1][0], rel=1e-13)
