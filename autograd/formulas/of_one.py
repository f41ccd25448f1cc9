"""Functions of one number, from exp to the activations.

Where floating point needs another form than the textbook's, a comment says what the plain form
would lose.
"""

from __future__ import annotations

import functools
import math
from typing import Any

from autograd.formulas.dispatch import (
    Operand,
    by_sign,
    choose,
    elementary,
    generic,
    is_array,
    number,
)
from autograd.formulas.rounding import product_and_excess, quotient_and_excess, sum_and_excess


@elementary(math.exp)
def exp(x: Operand) -> Any:
    """Return e to the power x.

    >>> exp(0.0)
    1.0
    """


@elementary(math.expm1)
def expm1(x: Operand) -> Any:
    """Return exp(x) - 1, exact also where x is tiny.

    >>> expm1(1e-20)
    1e-20
    """


@elementary(math.log)
def log(x: Operand) -> Any:
    """Return the natural logarithm of x > 0. For another base, divide by the base's logarithm.

    >>> round(-log(0.78), 4), log(8.0) / log(2.0)
    (0.2485, 3.0)
    """


@elementary(math.log1p)
def log1p(x: Operand) -> Any:
    """Return log(1 + x), exact also where x is tiny.

    >>> log1p(1e-20)
    1e-20
    """


@elementary(math.sqrt)
def sqrt(x: Operand) -> Any:
    """Return the square root of x >= 0.

    >>> sqrt(9.0)
    3.0
    """


@elementary(math.sin)
def sin(x: Operand) -> Any:
    """Return the sine of x, in radians.

    >>> sin(0.0)
    0.0
    """


@elementary(math.cos)
def cos(x: Operand) -> Any:
    """Return the cosine of x, in radians.

    >>> cos(0.0)
    1.0
    """


@elementary(math.tan)
def tan(x: Operand) -> Any:
    """Return the tangent of x, in radians.

    >>> tan(0.0)
    0.0
    """


@elementary(math.asin)
def asin(x: Operand) -> Any:
    """Return the angle in [-pi/2, pi/2] whose sine is x.

    >>> asin(0.0)
    0.0
    """


@elementary(math.acos)
def acos(x: Operand) -> Any:
    """Return the angle in [0, pi] whose cosine is x.

    >>> acos(1.0)
    0.0
    """


@elementary(math.atan)
def atan(x: Operand) -> Any:
    """Return the angle in (-pi/2, pi/2) whose tangent is x.

    >>> atan(0.0)
    0.0
    """


@elementary(math.sinh)
def sinh(x: Operand) -> Any:
    """Return the hyperbolic sine of x.

    >>> sinh(0.0)
    0.0
    """


@elementary(math.cosh)
def cosh(x: Operand) -> Any:
    """Return the hyperbolic cosine of x.

    >>> cosh(0.0)
    1.0
    """


@elementary(math.tanh)
def tanh(x: Operand) -> Any:
    """Return the hyperbolic tangent of x, in (-1, 1).

    >>> tanh(0.0)
    0.0
    """


@generic
def sech2(x: Operand) -> Any:
    """Return the derivative of tanh, 1 / cosh(x)**2.

    The textbook's 1 - tanh(x)**2 loses every digit where tanh(x) rounds to 1, and cosh(x)
    overflows where the answer is still a number.

    >>> sech2(0.0), sech2(20.0)
    (1.0, 1.6993417021166355e-17)
    """
    e = exp(-2.0 * abs(x))
    once, excess = quotient_and_excess(e, e)
    twice, more = quotient_and_excess(once, e)
    return 4.0 * (twice - (more + excess / (1.0 + e)))


@generic
def sigmoid(x: Operand) -> Any:
    """Return 1 / (1 + exp(-x)), in (0, 1), without the overflow at large negative x.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    share, excess = sigmoid_and_excess(x)
    return share - excess


def sigmoid_and_excess(x: Operand) -> tuple[Any, Any]:
    """Return sigmoid(x), rounded at every step, and how much that is too large."""
    e = exp(-abs(x))
    return quotient_and_excess(choose(x >= 0, 1.0, e), e)


@generic
def log_sigmoid(x: Operand) -> Any:
    """Return log(sigmoid(x)), right also where sigmoid(x) rounds to 0 or 1.

    >>> log_sigmoid(-1000.0)
    -1000.0
    """
    return -softplus(-x)


@generic
def softplus(x: Operand) -> Any:
    """Return log(1 + exp(x)), the smooth relu, without overflow.

    >>> softplus(1000.0)
    1000.0
    """
    return choose(x >= 0, x, 0.0) + log1p(exp(-abs(x)))


@functools.partial(generic, on_arrays=lambda x: by_sign(x, x, 0.0))
def relu(x: Operand) -> Any:
    """Return x where it is positive, else 0. At 0 its derivative is taken to be 0.

    >>> relu(2.5), relu(-1.0)
    (2.5, 0.0)
    """
    return 0.0 if x < 0.0 else x  # NaN stays NaN


@generic
def leaky_relu(x: Operand, slope: Operand = 0.01) -> Any:
    """Return x where it is positive, else slope * x.

    >>> leaky_relu(-2.0), leaky_relu(-2.0, 0.5)
    (-0.02, -1.0)
    """
    return by_sign(x, x, slope * x)


@generic
def elu(x: Operand, alpha: Operand = 1.0) -> Any:
    """Return x where it is positive, else alpha * (exp(x) - 1).

    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential
    linear units", 2016, equation 15.

    >>> elu(2.0), elu(-1000.0)
    (2.0, -1.0)
    """
    return by_sign(x, x, lambda: alpha * expm1(x))


@generic
def silu(x: Operand) -> Any:
    """Return x * sigmoid(x), also called swish.

    Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2.

    >>> silu(0.0), silu(100.0)
    (0.0, 100.0)
    """
    near = clip(x, 1000.0)  # keeps -inf * 0 away
    share, excess = sigmoid_and_excess(near)
    product, more = product_and_excess(near, share)
    return choose(x > 1000.0, x, product - (more + near * excess))


@generic
def gelu(x: Operand) -> Any:
    """Return x * P(X <= x) for a standard normal X.

    Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2: the exact form.

    >>> gelu(0.0), round(gelu(1.0), 6)
    (0.0, 0.841345)
    """
    near = clip(x, 40.0)
    twice, excess = erfc_and_excess(near)
    product, more = product_and_excess(0.5 * near, twice)
    return choose(x > 40.0, x, product - (more + 0.5 * near * excess))


@generic
def normal_pdf(x: Operand) -> Any:
    """Return the density of the standard normal distribution at x.

    >>> round(normal_pdf(0.0), 6)
    0.398942
    """
    x = clip(x, 40.0)  # the density is 0 beyond, and the square cannot overflow
    square, excess = product_and_excess(x, x)
    # exp() turns the rounding error of a large square into hundreds of wrong last digits.
    density, more = weight_and_excess(-0.5 * square, LOG_ROOT)
    return density - (more + density * (LOG_ROOT_REST - 0.5 * excess))


@generic
def normal_cdf(x: Operand) -> Any:
    """Return the probability that a standard normal number is at most x.

    >>> normal_cdf(0.0)
    0.5
    """
    twice, _ = erfc_and_excess(clip(x, 40.0))
    return 0.5 * twice


def erfc_and_excess(x: Operand) -> tuple[Any, Any]:
    """Return erfc(-x / sqrt(2)), twice the probability, and how much that is too large."""
    scaled, excess = product_and_excess(x, -SQRT_HALF)
    # By the tangent, for the tail of erfc is as steep as exp(-x * x / 2).
    slope = (2.0 / math.sqrt(math.pi)) * exp(-scaled * scaled)
    return sum_and_excess(erfc(scaled), slope * (excess + x * SQRT_HALF_REST))


SQRT_HALF = 0.7071067811865476  # the double nearest to sqrt(1/2) ...


SQRT_HALF_REST = -4.833646656726457e-17  # ... and what it lacks


LOG_ROOT = 0.9189385332046728  # log(sqrt(2 * pi)), likewise


LOG_ROOT_REST = -3.8782941580672414e-17


def clip(x: Operand, bound: float) -> Any:
    """Return x moved into [-bound, bound]; NaN stays."""
    return choose(x > bound, bound, lambda: choose(x < -bound, -bound, x))


def erfc(x: Operand) -> Any:
    """Return the complementary error function, for numbers and arrays."""
    if not is_array(x) or number(x) is not None:
        return math.erfc(x)
    library = x.__array_namespace__()
    if library.__name__.startswith("jax"):
        from jax.scipy import special

        return special.erfc(x)
    return library.vectorize(math.erfc, otypes=[float])(x)  # NumPy has no erfc: right, but slow


def one_minus_square(x: Operand) -> Any:
    """Return 1 - x*x, exact near 1, and with an exact derivative near 0."""
    return choose(abs(x) < 0.5, lambda: 1.0 - x * x, lambda: (1.0 - x) * (1.0 + x))


def weight_and_excess(value: Operand, top: Operand) -> tuple[Any, Any]:
    """Return exp(value - top), and how much it is too large because value - top is rounded.

    exp() multiplies the error of a large difference by hundreds.
    """
    difference, excess = sum_and_excess(value, -top)
    weight = exp(difference)
    return weight, choose(weight > 0, weight * excess, 0.0)
