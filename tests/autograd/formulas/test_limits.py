"""The answers of IEEE 754 that rows give where their number raises: inside ``ieee()`` only."""

import math

import pytest

from autograd import Value, ieee

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("base", "exponent", "by_base", "by_exponent"),
    [
        (1e200, 2.0, 2e200, INF), (1e-200, -2.0, -INF, -INF), (0.0, -1.0, -INF, -INF),
        (-0.0, -1.0, -INF, -INF), (-1e200, 3.0, INF, NAN), (-8.0, 0.5, NAN, NAN),
        (0.5, -2e4, -INF, -INF),
    ],
)  # fmt: skip
def test_slopes_of_a_power_that_is_no_float(base, exponent, by_base, by_exponent):
    a, b = Value(base), Value(exponent)
    with pytest.raises((ArithmeticError, ValueError)):
        (a**b).backward()
    with ieee():
        (a**b).backward()
    for got, right in ((a.grad, by_base), (b.grad, by_exponent)):
        assert got == right or (math.isnan(got) and math.isnan(right))


@pytest.mark.parametrize(
    ("compute", "slope"),
    [
        (lambda x: 1.0 / x, -INF), (lambda x: x.log(), INF), (lambda x: x.sqrt(), INF),
        (lambda x: (x - 1.0).log1p(), INF), (lambda x: (x - 1.0).asin(), INF),
    ],
)  # fmt: skip
def test_slope_at_a_pole_is_infinite(compute, slope):
    x = Value(0.0)
    with ieee():
        compute(x).backward()
    assert x.grad == slope
