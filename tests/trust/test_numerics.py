"""Every operation against mpmath: value within 2 ulp, gradient within 4, second within 8.

The points come from ``points.py``, the exact numbers from ``jets.py``; ``scales.py`` says what the
bound is relative to where terms cancel, and ``numerics.WIDER`` which rows have a wider one and why.
"""

import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numerics
import points
import pytest
import results
from worst import FAST, LONG, engine_in_use, worst


@pytest.fixture(scope="module")
def long_run(long):
    """The worst errors of all operations over the long run's points; None in the fast profile."""
    if not long:
        return None
    # Fresh interpreters, two at a time: a fork of a process with threads might wait forever.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = dict(
            zip(
                points.SAMPLERS,
                pool.map(worst, points.SAMPLERS, [LONG] * len(points.SAMPLERS)),
                strict=True,
            )
        )
    results.keep_errors(LONG, found)
    return found


@pytest.mark.parametrize("name", list(points.SAMPLERS))
def test_value_gradient_and_second_derivative_are_right_to_a_few_ulp(name, long_run):
    found = long_run[name] if long_run else worst(name, FAST)
    for kind, (error, point, positions) in found.items():
        assert error <= numerics.bound(name, kind), (kind, error, point, positions)
        # The README says how large the error is; on another C library it may be a little larger.
        told = results.kept("numerics")["worst"][name][kind]
        assert error <= told + 0.5, f"{kind}: {error}, and the README says {told}"


def test_points_do_not_depend_on_the_run():
    for name in points.SAMPLERS:
        assert points.points(name, 20) == points.points(name, 20)


def test_points_reach_from_subnormal_numbers_to_the_largest():
    everywhere = [abs(x) for (x,) in points.points("abs", 200)]
    assert min(everywhere) < 2.2e-308
    assert max(everywhere) > 1e300
    decades = {math.floor(math.log10(x) / 50) for x in everywhere}
    assert decades >= set(range(-7, 6))


@pytest.mark.parametrize("name", ["silu", "gelu", "sin", "normal_pdf"])
def test_points_come_close_to_the_roots(name):
    roots = {"silu": -1.2784645427610738, "gelu": -0.7517915246935645, "sin": math.pi}
    root = roots.get(name, 1.0)
    distances = sorted(abs(abs(x) - abs(root)) for (x,) in points.points(name, 200))
    assert distances[0] < 1e-9


# The measure itself ------------------------------------------------------------------------------


def test_error_in_ulp_is_measured_from_the_exact_number_not_from_its_float():
    third = numerics.exact(numerics_third())
    assert abs(numerics.ulps(1 / 3, third)) < 0.5
    assert 0.5 < numerics.ulps(math.nextafter(1 / 3, 1), third) < 1.5


def numerics_third():
    import mpmath

    return mpmath.mpf(1) / 3


def test_error_is_measured_by_the_scale_only_where_the_scale_is_larger():
    one = numerics.Exact(1.0, 0.0)
    off = 1.0 + 2**-50
    assert numerics.ulps(off, one) == 4.0
    assert numerics.ulps(off, one, 0.5) == 4.0
    assert numerics.ulps(off, one, 4.0) == 1.0


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 1])
def test_nan_infinity_and_an_integer_are_infinitely_wrong(wrong):
    one = numerics.Exact(1.0, 0.0)
    assert numerics.off(lambda: wrong, one, lambda: 0.0) == math.inf


def test_raising_is_right_exactly_where_the_exact_number_is_no_float():
    def raises():
        raise OverflowError

    assert numerics.off(raises, None, lambda: 0.0) == 0.0
    assert numerics.off(raises, numerics.Exact(1.0, 0.0), lambda: 0.0) == math.inf
    assert numerics.off(lambda: math.inf, None, lambda: 0.0) == math.inf


def test_oracle_does_not_take_the_zero_of_lost_digits_for_an_answer():
    import jets

    (value,) = jets.settled(lambda: [jets.exp(jets.mpf("1e-300")) - 1])
    assert abs(float(value) - 1e-300) < 1e-315


# Overflow in between -----------------------------------------------------------------------------


LOGITS = [
    [1000.0, -1000.0], [-1000.0, -1000.0, -1000.0], [1000.0, 999.0, 998.0], [1e5, -1e5, 0.0],
]  # fmt: skip


@pytest.mark.parametrize("logits", LOGITS)
@pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax"])
def test_logits_of_1000_overflow_nothing(name, logits):
    for place in range(len(logits)):
        point = tuple(logits) if name == "logsumexp" else (float(place), *logits)
        within_bounds(name, point)


@pytest.mark.parametrize("x", [1000.0, -1000.0, 1e5, -1e5])
@pytest.mark.parametrize("name", ["sigmoid", "log_sigmoid", "softplus", "silu", "tanh", "sech2"])
def test_sigmoids_of_1000_overflow_nothing(name, x):
    within_bounds(name, (x,))


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("/", (1e-300, 1e-200)), ("/", (1e300, 1e200)), ("/", (1e-308, 1e-308)),
        ("hypot", (1e200, 1e200)), ("hypot", (1e-200, 1e-200)), ("hypot", (5e-324, 5e-324)),
        ("atan2", (1e200, 1e200)), ("atan2", (1e-150, 1e-150)), ("atan2", (1.7e308, 1.7e308)),
        ("atan", (1e200,)), ("atan", (1.7e308,)),
        ("**", (1e200, 1.5)), ("**", (1e-200, 1.5)), ("**", (1e154, 2.0)), ("**", (1e-300, 0.3)),
        ("**", (1.0000000000000002, 1e18)),
    ],
)  # fmt: skip
def test_no_step_in_between_overflows_where_the_answer_is_a_float(name, point):
    within_bounds(name, point)


def within_bounds(name, point):
    import random

    case = numerics.case(name, point, random.Random(0))
    for kind, positions, error in numerics.errors(engine_in_use(), case):
        assert error <= numerics.bound(name, kind), (kind, positions, error)
