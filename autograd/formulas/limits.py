"""The answers of IEEE 754 where ``math`` raises: what ``ieee()`` gives instead of an error."""

from __future__ import annotations

import functools
import math
import operator


def ieee_divide(a: float, b: float) -> float:
    """Return the quotient by 0 that IEEE 754, section 7.3, asks for."""
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def ieee_power(a: float, b: float) -> float:
    """Return the power that IEEE 754, section 9.2.1, asks for where ``math.pow`` raises."""
    if a < 0 and not b.is_integer():
        return math.nan
    return -math.inf if math.copysign(1.0, a) < 0 and b % 2 == 1 else math.inf


def ieee_sum(*values: float) -> float:
    """Return the sum where ``math.fsum`` raises: added in order, as IEEE 754 adds."""
    return functools.reduce(operator.add, values)


def ieee_slope(a: float, b: float) -> float:
    """Return b * a**(b - 1) where ``math.pow`` raises."""
    return b * ieee_power(a, b - 1.0)


def ieee_power_log(a: float, b: float) -> float:
    """Return a**b * log(a) where ``math.pow`` or ``math.log`` raises."""
    if a > 0:
        return math.inf * math.log(a)
    return math.nan if a < 0 else -math.inf
