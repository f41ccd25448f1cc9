"""Measured slopes, without a rule to compare with: ends of domains, noise, what is unknown."""

import math

import pytest

from autograd.ask.finite_differences import Slope, measure


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (math.exp, 1.0, math.e), (math.sin, 1e3, math.cos(1e3)), (math.log, 1e-9, 1e9),
        (math.sqrt, 1e10, 5e-6), (lambda x: x**3, 0.0, 0.0), (lambda x: 2.0 * x, 1e300, 2.0),
        (lambda x: 5.0, 3.0, 0.0), (lambda x: math.log(x + 1e-20), 0.0, 1e20),
    ],
)  # fmt: skip
def test_slope_is_within_its_error(f, x, slope):
    found = measure(f, x)
    assert found.known
    assert not found.kink
    assert found.allows(slope)


def test_vertical_function_has_an_infinite_slope_that_allows_no_number():
    found = measure(lambda x: math.copysign(abs(x) ** (1 / 3), x), 0.0)
    assert found.low == found.high == math.inf
    assert not found.known
    assert found.allows(math.inf)
    assert not found.allows(1e300)


def test_slope_of_a_function_defined_at_one_point_only_is_unknown_and_allows_all_but_nan():
    def alone(x):
        if x != 1.0:
            raise ValueError
        return 0.0

    found = measure(alone, 1.0)
    assert str(found) == "unknown"
    assert not found.known
    assert found.allows(7.0)
    assert not found.allows(math.nan)


def test_step_to_a_side_where_the_function_is_undefined_is_left_out():
    found = measure(lambda x: math.sqrt(1.0 - x) ** 3, 1.0)  # defined to the left
    assert found.allows(0.0)
    assert found.error < 1e-3


def test_slope_where_steps_reach_beyond_the_largest_float_is_found_with_those_that_do_not():
    found = measure(lambda x: x * 1e-300, 1.7e308)
    assert found.allows(1e-300)


def test_noise_that_is_stated_widens_the_error():
    quiet, noisy = measure(math.sin, 0.5), measure(math.sin, 0.5, noise=1e-6)
    assert noisy.error > 100.0 * quiet.error
    assert noisy.allows(math.cos(0.5))


@pytest.mark.parametrize(
    ("slope", "text"),
    [
        (Slope(1.5, 1.5, 0.0), "1.5"), (Slope(-1.0, 1.0, 0.0), "-1 to 1"),
        (Slope(math.nan, math.nan, math.inf), "unknown"),
    ],
)  # fmt: skip
def test_slope_is_written_as_a_number_a_range_or_unknown(slope, text):
    assert str(slope) == text
