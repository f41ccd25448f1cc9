"""Functions of two numbers; the partials of a power take more care than a textbook shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd.formulas.dispatch import Operand, choose, elementary, generic
from autograd.formulas.of_one import log
from autograd.formulas.rounding import product_and_excess, sum_and_excess


@elementary(math.atan2)
def atan2(y: Operand, x: Operand) -> Any:
    """Return the angle of the point with the ordinate first and the abscissa second, in (-pi, pi].

    >>> atan2(0.0, 1.0)
    0.0
    """


@elementary(math.hypot)
def hypot(a: Operand, b: Operand) -> Any:
    """Return sqrt(a*a + b*b) without overflow in between.

    >>> hypot(3.0, 4.0)
    5.0
    """


@elementary(math.pow, "**")
def power(a: Operand, b: Operand) -> Any:
    """Return a to the power b; an error where that is complex.

    >>> power(2.0, 3.0)
    8.0
    """


@generic
def hypot_slope(a: Operand, b: Operand) -> Any:
    """Return a / hypot(a, b), the cosine of a direction; 0 where both are 0.

    >>> hypot_slope(3.0, 4.0), hypot_slope(0.0, 0.0)
    (0.6, 0.0)
    """
    unit = unit_for(a, b, 290.0)
    direction = choose((a == 0) & (b == 0), 0.0, lambda: unit * a / hypot(unit * a, unit * b))
    infinite = (abs(a) == math.inf) & (abs(b) < math.inf)  # the quotient would be inf / inf
    return choose(infinite, choose(a > 0, 1.0, -1.0), direction)


def unit_for(a: Operand, b: Operand, decades: float) -> Any:
    """Return a power of 2 to measure a and b in: 1.0 where 1e-decades < hypot(a, b) < 1e+decades.

    Beyond, it leads away from the ends: numbers below 2.2e-308 have few digits, above 1.8e308 none.
    """
    length, longest = hypot(a, b), 10.0**decades
    return choose(
        length < 1.0 / longest, 2.0**600, lambda: choose(length > longest, 2.0**-600, 1.0)
    )


@generic
def over_square(a: Operand, b: Operand) -> Any:
    """Return a / (a*a + b*b), whose squares would over- or underflow.

    >>> over_square(2.0, 0.0), over_square(1e-200, 0.0)
    (0.5, 1e+200)
    """
    unit = unit_for(a, b, 120.0)  # in it, squares neither over- nor underflow
    a, b = unit * a, unit * b
    (a_square, a_excess), (b_square, b_excess) = product_and_excess(a, a), product_and_excess(b, b)
    square, excess = sum_and_excess(a_square, b_square)
    quotient = a / square
    refined = quotient + quotient * ((excess + a_excess + b_excess) / square)
    return unit * choose(square < math.inf, refined, lambda: hypot_slope(a, b) / square)


@generic
def power_slope(a: Operand, b: Operand) -> Any:
    """Return b * a**(b - 1), the derivative of a**b with respect to a; 0 where b is 0.

    It is 0 at a = 0, too.

    >>> power_slope(3.0, 2.0), power_slope(0.0, 0.0)
    (6.0, 0.0)
    """
    return choose(b == 0, 0.0, lambda: lowered(a, b, lambda exponent: b * power(a, exponent)))


def lowered(a: Operand, b: Operand, form: Callable[[Any], Any]) -> Any:
    """Return form(b - 1), which has a factor a**(b - 1), without the rounding of b - 1.

    A power turns the rounding of its exponent into hundreds of wrong last digits.
    """
    return choose(one_less_is_exact(a, b), lambda: form(b - 1.0), lambda: form(b) / a)


def one_less_is_exact(a: Operand, b: Operand) -> Any:
    """Whether b - 1 is not rounded, or a is 0, which leaves no other way."""
    return (b >= 0.5) & (b <= 2.0**53) | is_zero(a)


def is_zero(x: Operand) -> Any:
    """Whether a number, or the number of a Value, is 0: ``==`` would ask which Value it is."""
    return (x <= 0) & (x >= 0)


@generic
def power_log(a: Operand, b: Operand) -> Any:
    """Return a**b * log(a), the derivative of a**b with respect to b.

    Where the power is 0 this is the limit, 0, and no logarithm is taken of an a that is 0.

    >>> power_log(0.0, 2.0), power_log(1.0, 5.0)
    (0.0, 0.0)
    """
    y = power(a, b)
    return choose((y == 0) & (a >= 0), 0.0, lambda: y * log(a))
