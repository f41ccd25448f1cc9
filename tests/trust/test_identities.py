"""Laws of calculus that hold whatever the operations are, at points that Hypothesis looks for.

A tolerance here is a number of roundings: each law compares two formulas of a few operations, so
they may differ by a few units in the last place of the largest term.
"""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    cos,
    exp,
    expm1,
    gelu,
    grad,
    hessian,
    hvp,
    hypot,
    jacobian,
    jvp,
    log,
    log1p,
    log_sigmoid,
    log_softmax,
    logsumexp,
    sigmoid,
    silu,
    sin,
    softmax,
    softplus,
    sqrt,
    tanh,
)

SMOOTH = [sin, cos, tanh, sigmoid, softplus, gelu, silu, log_sigmoid, lambda x: x * x, expm1]
functions = st.sampled_from(SMOOTH)
numbers = st.floats(-4, 4, allow_subnormal=False)
positive = st.floats(1e-3, 1e3)
triples = st.lists(numbers, min_size=3, max_size=3)


def near(got, expected, *terms, ulps=16):
    """Assert that two numbers differ by a few units in the last place of the largest term."""
    scale = max(map(abs, (got, expected, *terms)))
    assert abs(got - expected) <= ulps * math.ulp(scale), (got, expected, terms)


@settings(deadline=None)
@given(f=functions, g=functions, x=numbers)
def test_derivative_of_a_sum_is_the_sum_of_derivatives(f, g, x):
    first, second = grad(f)(x), grad(g)(x)
    near(grad(lambda x: f(x) + g(x))(x), first + second, first, second, ulps=1)


@settings(deadline=None)
@given(f=functions, g=functions, x=numbers)
def test_derivative_of_a_product(f, g, x):
    first, second = grad(f)(x) * g(x), f(x) * grad(g)(x)
    near(grad(lambda x: f(x) * g(x))(x), first + second, first, second, ulps=4)


@settings(deadline=None)
@given(f=functions, x=numbers)
def test_derivative_of_a_quotient(f, x):
    def g(x):
        return 2.0 + cos(x)

    first, second = grad(f)(x) / g(x), f(x) / g(x) * grad(g)(x) / g(x)
    near(grad(lambda x: f(x) / g(x))(x), first - second, first, second, ulps=8)


@settings(deadline=None)
@given(f=functions, g=functions, x=numbers)
def test_derivative_of_a_composition(f, g, x):
    expected = grad(f)(g(x)) * grad(g)(x)
    near(grad(lambda x: f(g(x)))(x), expected, ulps=4)


@settings(deadline=None)
@given(f=functions, x=numbers, factor=numbers)
def test_derivative_is_linear(f, x, factor):
    near(grad(lambda x: factor * f(x))(x), factor * grad(f)(x), ulps=1)


@settings(deadline=None)
@given(x=positive)
def test_exp_undoes_log_in_value_and_derivative(x):
    # exp multiplies the rounding of log(x), half an ulp of it, by its size.
    spread = 4 + 2 * abs(math.log(x))
    near(exp(log(x)), x, ulps=spread)
    near(grad(lambda x: exp(log(x)))(x), 1.0, ulps=spread)
    near(grad(grad(lambda x: exp(log(x))))(x), 0.0, 1.0 / x, ulps=2 * spread)


@settings(deadline=None)
@given(x=st.floats(-0.9, 30))
def test_log1p_undoes_expm1(x):
    # The derivative of log1p beside -1, 1 / (1 + x), is as steep as 1 / exp(x).
    spread = 4 * (1 + math.exp(-x))
    near(log1p(expm1(x)), x, 1.0, ulps=spread)
    near(grad(lambda x: log1p(expm1(x)))(x), 1.0, ulps=spread)


@settings(deadline=None)
@given(x=st.floats(-1e6, 1e6))
def test_squares_of_sine_and_cosine_add_up_to_1_with_derivative_0(x):
    def one(x):
        return sin(x) ** 2 + cos(x) ** 2

    near(one(x), 1.0, ulps=4)
    near(grad(one)(x), 0.0, 1.0, ulps=4)
    near(grad(grad(one))(x), 0.0, 2.0, ulps=8)


@settings(deadline=None)
@given(x=st.floats(-30, 30))
def test_sigmoid_and_its_mirror_image_add_up_to_1(x):
    near(sigmoid(x) + sigmoid(-x), 1.0, ulps=2)
    near(grad(lambda x: sigmoid(x) + sigmoid(-x))(x), 0.0, grad(sigmoid)(x), ulps=4)
    near(log_sigmoid(x), x - softplus(x), x, ulps=4)
    near(grad(softplus)(x), sigmoid(x), ulps=4)
    near(tanh(x), 2.0 * sigmoid(2.0 * x) - 1.0, 1.0, ulps=8)


@settings(deadline=None)
@given(xs=triples, shift=numbers)
def test_softmax_adds_up_to_1_and_its_derivatives_to_0(xs, shift):
    near(sum(softmax(xs)), 1.0, ulps=4)
    for row in jacobian(softmax)(xs):
        near(math.fsum(row), 0.0, *row, ulps=8)
    moved = [x + shift for x in xs]
    near(logsumexp(moved), logsumexp(xs) + shift, shift, *xs, 1.0, ulps=8)
    for p, logarithm in zip(softmax(xs), log_softmax(xs), strict=True):
        near(math.log(p), logarithm, 1.0, ulps=16)


@settings(deadline=None)
@given(a=positive, b=positive)
def test_hypot_is_the_root_of_the_squares_and_homogeneous(a, b):
    near(hypot(a, b), sqrt(a * a + b * b), ulps=4)
    by_a, by_b = grad(hypot, (0, 1))(a, b)
    near(a * by_a + b * by_b, hypot(a, b), ulps=8)  # Euler's theorem for a function of degree 1
    near(by_a * by_a + by_b * by_b, 1.0, ulps=16)


def surface(v):
    x, y, z = v
    return sin(x * y) + exp(-(z * z)) * tanh(x + y) + hypot(x + 5.0, z) / (2.0 + cos(y * z))


def terms(matrix):
    return [abs(x) for row in matrix for x in row] + [100.0]


# The functions below are sums of a dozen products of numbers up to 100, each with a few roundings:
# both sides are within some dozen ulp of 100 of the truth.


@settings(deadline=None)
@given(v=triples)
def test_second_derivatives_are_symmetric(v):
    matrix = hessian(surface)(v)
    for i in range(3):
        for j in range(i):
            near(matrix[i][j], matrix[j][i], *terms(matrix), ulps=32)


@settings(deadline=None)
@given(v=triples, w=triples)
def test_forward_mode_gives_the_gradient_along_a_direction(v, w):
    gradient = grad(surface)(v)
    value, along = jvp(surface, v, w)
    assert value == surface(v)
    products = [g * d for g, d in zip(gradient, w, strict=True)]
    near(along, math.fsum(products), *products, 100.0, ulps=32)


@settings(deadline=None)
@given(v=triples, w=triples)
def test_product_of_hessian_and_direction_needs_no_hessian(v, w):
    matrix = hessian(surface)(v)
    for row, got in zip(matrix, hvp(surface, v, w), strict=True):
        products = [h * d for h, d in zip(row, w, strict=True)]
        near(got, math.fsum(products), *products, *terms(matrix), ulps=64)


@settings(deadline=None)
@given(v=triples)
def test_jacobian_of_one_result_is_the_gradient_and_of_the_gradient_the_hessian(v):
    assert jacobian(lambda v: [surface(v)])(v) == [grad(surface)(v)]
    matrix, again = hessian(surface)(v), jacobian(grad(surface))(v)
    assert matrix == again


@settings(deadline=None)
@given(x=numbers, y=numbers)
def test_nested_gradients_keep_their_variables_apart(x, y):
    inner = grad(lambda x: x * grad(lambda y: x * y * y)(y))
    near(inner(x), 4.0 * x * y, ulps=4)  # d/dx of x * 2*x*y
