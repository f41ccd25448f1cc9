"""Every row of the table against the oracle: value, gradient and second derivative.

The rows are taken from the table itself, so that an operation without points fails here.
"""

import math

import jets
import mpmath
import pytest

from autograd import Value, grad
from autograd.rules import OPS

REAL = [-700.0, -30.5, -2.0, -1.0, -0.3, -1e-5, 1e-300, 1e-8, 0.25, 1.0, 1.7, 19.0, 33.3, 700.0]
MIDDLE = [x for x in REAL if abs(x) < 300]
SHORT = [x for x in REAL if abs(x) < 35]
POSITIVE = [1e-300, 1e-5, 0.3, 0.999, 1.0, 2.5, 1e5, 1e300]
ABOVE_MINUS_ONE = [-0.999, -0.3, -1e-5, *POSITIVE]
INSIDE = [-0.999999, -0.7, -1e-9, 0.3, 0.99]
PAIRS = [(0.3, 0.7), (-2.0, 3.5), (1e-3, 1e3), (4.0, 4.5), (-1e-5, -2.0)]
WIDE_PAIRS = [*PAIRS, (1e155, 1e154), (1e200, 3e200)]
POWERS = [(2.0, 3.0), (0.3, -1.7), (1.5, 0.5), (1e-3, 0.1), (1e10, 2.0), (7.0, 1.0), (3.0, 0.2)]
KINKED = [(-3.0, 0.7), (-1e-9, 2.0), (2.0, 0.1)]
MANY = [(0.5, -1.2, 0.7), (1000.0, 999.0, -1000.0), (-1e-9, 0.0, 2.0), (3.0, 40.0, 3.5)]
CHOSEN = [(float(place % 3), *xs) for place, xs in enumerate(MANY)]

POINTS = {
    "+": WIDE_PAIRS, "-": WIDE_PAIRS, "*": PAIRS, "/": WIDE_PAIRS, "**": POWERS,
    "neg": REAL, "abs": REAL, "alias": REAL,
    "exp": REAL, "expm1": REAL, "log": POSITIVE, "log1p": ABOVE_MINUS_ONE, "sqrt": POSITIVE,
    "sin": REAL, "cos": REAL, "tan": REAL, "asin": INSIDE, "acos": INSIDE,
    "atan": [*REAL, 1e155], "atan2": WIDE_PAIRS,
    "sinh": REAL, "cosh": REAL, "tanh": MIDDLE, "sech2": MIDDLE,
    "sigmoid": MIDDLE, "log_sigmoid": REAL, "softplus": REAL,
    "relu": REAL, "leaky_relu": KINKED, "elu": KINKED, "silu": MIDDLE, "gelu": SHORT,
    "normal_cdf": SHORT, "normal_pdf": SHORT,
    "hypot": WIDE_PAIRS, "hypot_slope": WIDE_PAIRS, "over_square": PAIRS,
    "power_slope": POWERS,
    "power_log": [(0.3, 1.7), (2.5, -1.0)],
    "sum": MANY, "maximum": MANY, "minimum": MANY, "where": [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0)],
    "logsumexp": MANY, "softmax": CHOSEN, "log_softmax": CHOSEN,
    "softmax_rest": CHOSEN,
    "share": [(1.0, 3.5, 1e-16), (-700.0, 2.0, -3e-17), (999.0, 1000.5, 5e-14)],
}  # fmt: skip

# Arguments that choose and are not differentiated: the condition, and the place.
CHOOSING = {"where": 0, "softmax": 0, "softmax_rest": 0, "log_softmax": 0}

CASES = [
    pytest.param(name, point if isinstance(point, tuple) else (point,), id=f"{name}-{point}")
    for name, points in POINTS.items()
    for point in points
]


def ulps(got, exact, scale=0.0):
    """How many units in the last place of the exact number, or of the scale, lie in between."""
    unit = math.ulp(max(abs(float(exact)), scale))
    return float(abs(mpmath.mpf(got) - exact) / unit)


def directions(name, point):
    for position in range(len(point)):
        if position != CHOOSING.get(name):
            yield position, [float(position == other) for other in range(len(point))]


def along(name, point, position):
    """The row as a function of the one argument at ``position``."""
    return lambda x: Value.apply_op(
        OPS[name], tuple(x if other == position else number for other, number in enumerate(point))
    )


def test_every_row_of_the_table_has_points_and_a_formula():
    assert set(OPS) == set(POINTS) == set(jets.FORMULAS)


@pytest.mark.parametrize(("name", "point"), CASES)
def test_value_is_within_two_ulp(name, point):
    direction = [float(position != CHOOSING.get(name)) for position in range(len(point))]
    exact = jets.along(jets.FORMULAS[name], point, direction, 1)[0]
    # A sum of terms that nearly cancel is as exact as its largest term.
    scale = max(map(abs, point)) if name in ("logsumexp", "log_softmax") else 0.0
    assert ulps(OPS[name].on_numbers(*point), exact, scale) <= 2 + (name == "normal_pdf")


@pytest.mark.parametrize(("name", "point"), CASES)
def test_gradient_is_within_four_ulp(name, point):
    for position, direction in directions(name, point):
        exact = jets.along(jets.FORMULAS[name], point, direction)[1]
        scale = {"silu": 1.0, "gelu": 1.0}.get(name, 0.0)
        if name == "over_square":  # its partial is a difference of terms of this size
            scale = OPS[name].on_numbers(*point) ** 2
        if name == "power_log":  # by the base: a**(b - 1) * (1 + b * log(a)), which may cancel
            scale = point[0] ** (point[1] - 1)
        assert ulps(grad(along(name, point, position))(point[position]), exact, scale) <= 4, (
            position
        )


@pytest.mark.parametrize(("name", "point"), CASES)
def test_second_derivative_is_within_eight_ulp(name, point):
    for position, direction in directions(name, point):
        exact = jets.along(jets.FORMULAS[name], point, direction)[2]
        second = grad(grad(along(name, point, position)))
        if math.isinf(float(exact)):
            with pytest.raises(OverflowError):
                second(point[position])
        else:
            # p * (1 - 2 * p) passes through 0 at p = 1/2: as exact as its largest term.
            scale = 0.25 if name in ("softmax", "softmax_rest") else 0.0
            assert ulps(second(point[position]), exact, scale) <= 8, position
