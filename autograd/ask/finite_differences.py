"""Slopes measured by evaluating a function: derivatives that no rule was asked for.

The quotient of a central difference is the slope plus a series in the square of the step; that of a
difference to one side, a series in the step. So quotients at steps that halve are extrapolated to
step 0: Richardson, "The approximate arithmetical solution by finite differences", 1911, by the
scheme of Neville and with the error estimate of Ridders, "Accurate computation of F'(x) and
F'(x)F''(x)", 1982 (also Press et al., "Numerical recipes", 3rd edition, section 5.7).

Ridders starts from one step that the caller has to know. Here the steps run from the size of the
numbers down to their last digit, since nobody knows beforehand how far a kink or a pole is.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

EPSILON = math.ulp(1.0)
COLUMNS = 7  # how often a quotient is extrapolated: the weights of more would amplify rounding
CAUTION = 2.0  # times the estimate of the error of truncation
FAR = 5.0  # an error that is so many times rounding's part of it is one of truncation
ULPS = 4.0  # how many units in the last place one evaluation may be wrong by
DIGITS = sys.float_info.mant_dig - 1
LOWEST = -1060  # the exponent of the smallest step

Samples: TypeAlias = list[tuple[float, float, float]]  # step, quotient, its rounding error


@dataclass(frozen=True, slots=True)
class Slope:
    """A measured slope: between ``low`` and ``high``, each within ``error``.

    The two differ at a kink only, where they are the slopes to either side. They are infinite where
    the function is vertical. ``error`` is infinite where nothing could be measured.
    """

    low: float
    high: float
    error: float

    @property
    def kink(self) -> bool:
        """Whether the slopes to the left and to the right differ."""
        return self.low < self.high

    @property
    def known(self) -> bool:
        """Whether there is a finite slope, with a finite error."""
        return math.isfinite(self.low) and math.isfinite(self.high) and math.isfinite(self.error)

    def allows(self, claim: float, tolerance: float = 0.0) -> bool:
        """Whether the claim lies in the measured range; a NaN never does."""
        if math.isinf(self.error):
            return not math.isnan(claim)
        margin = self.error + tolerance
        return self.low - margin <= claim <= self.high + margin

    def __str__(self) -> str:
        if math.isinf(self.error):
            return "unknown"
        if self.kink:
            return f"{self.low:.6g} to {self.high:.6g}"
        return f"{self.low:.9g}"


def measure(
    f: Callable[[float], float], x: float, *, reach: float = 1.0, noise: float = 0.0
) -> Slope:
    """Return the slope of ``f`` at ``x``, with an error that is an estimate on the safe side.

    ``f`` may raise, or return NaN or infinity, where it is undefined: next to the end of its domain
    the slope to the other side counts. It must be defined at ``x``. ``reach`` is the largest
    step worth trying if that is more than 1 and more than x, such as another argument's size.
    ``noise`` is the rounding error of one evaluation where it is more than 4 units in the last
    place of the result.

    >>> slope = measure(math.exp, 1.0)
    >>> abs(slope.low - math.e) < slope.error < 1e-12
    True
    >>> print(measure(abs, 0.0))
    -1 to 1
    """
    center = evaluated(f, x)
    to_left: Samples = []
    to_right: Samples = []
    to_both: Samples = []
    exponents = ladder(x, reach)
    while exponents:
        for exponent in exponents:
            step = math.ldexp(1.0, exponent)
            # The steps as they are after rounding: x + step is x again, or one digit more.
            right, left = (x + step) - x, x - (x - step)
            if not 0 < right < math.inf or not 0 < left < math.inf:
                continue
            above, below = evaluated(f, x + right), evaluated(f, x - left)
            rise, fall = (above - center) / right, (center - below) / left
            # Each value may be wrong by this much: a difference by twice as much.
            error_above = noise + ULPS * math.ulp(max(abs(center), abs(above)))
            error_below = noise + ULPS * math.ulp(max(abs(center), abs(below)))
            if math.isfinite(rise):
                to_right.append((step, rise, 2.0 * error_above / right))
            if math.isfinite(fall):
                to_left.append((step, fall, 2.0 * error_below / left))
            both = (rise * left + fall * right) / (left + right)
            if math.isfinite(both):
                to_both.append((step, both, max(error_above, error_below) / step))
        sides, center_limit = limits(to_left, to_right, to_both)
        # At x = 0 the steps can go on: log(x + 1e-20) looks vertical from further away.
        if x != 0 or exponents[-1] <= LOWEST or all(side.settled for side in sides):
            break
        exponents = list(range(exponents[-1] - 1, max(exponents[-1] - 200, LOWEST) - 4, -4))
    return together(sides, center_limit)


def evaluated(f: Callable[[float], float], x: float) -> float:
    """Return f(x), NaN where it is undefined or infinite."""
    try:
        result = f(x)
    except (ArithmeticError, ValueError):
        return math.nan
    return result if math.isfinite(result) else math.nan


def ladder(x: float, reach: float) -> list[int]:
    """Return the exponents of the steps 2**exponent, from large to small.

    For each of three sizes, that of x, 1 and ``reach``, from its half to its last digit; those in
    the second half of the digits, which are there for what happens next to x, are further apart.
    """
    sizes = {math.frexp(size)[1] for size in (x, 1.0, reach) if size}
    last = math.frexp(x)[1] - DIGITS if x else LOWEST
    downs = [*range(1, DIGITS // 2), *range(DIGITS // 2, DIGITS + 1, 2)]
    exponents = {size - down for size in sizes for down in downs}
    return sorted((e for e in exponents if max(last, LOWEST) <= e < 1023), reverse=True)


@dataclass(slots=True)
class Estimate:
    """An extrapolated quotient: its smallest step, its error, and rounding's part of that."""

    step: float
    value: float
    error: float
    rounding: float


@dataclass(slots=True)
class Limit:
    """The limit of the quotients for step 0; ``settled``: smaller steps would not tell more."""

    value: float
    error: float
    settled: bool


def limits(left: Samples, right: Samples, both: Samples) -> tuple[list[Limit], Limit]:
    """Return the limits of the quotients to the left and to the right, and of the central ones.

    An extrapolation from large steps can look perfect and be wrong: relu(x - 1) at x = 1.001 has
    the slope 1/2 for whoever looks from afar, and tanh to the right of 30 the slope 0. Therefore
    all three use only those steps that all three can use.
    """
    series = [(left, 1), (right, 1), (both, 2)]
    estimates = [extrapolated(samples, power) for samples, power in series]
    infinite = [
        vertical(samples, found) for (samples, _), found in zip(series, estimates, strict=True)
    ]
    usable_steps = [
        usable(found)
        for found, slope in zip(estimates, infinite, strict=True)
        if found and not slope
    ]
    near = min(usable_steps, default=0.0)
    first, second, center = (
        Limit(slope, 0.0, False) if slope else best([e for e in found if e.step <= near])
        for found, slope in zip(estimates, infinite, strict=True)
    )
    return [first, second], center


def extrapolated(samples: Samples, power: int) -> list[Estimate]:
    """Return the best estimate that ends with each step, given a series in step**power."""
    found = []
    table: list[tuple[float, float]] = []
    steps: list[float] = []
    for step, quotient, noise in samples:
        if steps and steps[-1] > 16.0 * step:  # a ladder of another size begins
            table, steps = [], []
        steps.append(step)
        row = [(quotient, noise)]
        least, estimate = math.inf, row[0]
        for column, (coarse, coarse_noise) in enumerate(table[:COLUMNS], start=1):
            fine, fine_noise = row[-1]
            ratio = (steps[-1 - column] / step) ** power
            value = fine + (fine - coarse) / (ratio - 1.0)
            rounding = (ratio * fine_noise + coarse_noise) / (ratio - 1.0)
            error = CAUTION * max(abs(value - fine), abs(value - coarse)) + rounding
            row.append((value, rounding))
            if error < least:
                least, estimate = error, (value, rounding)
            elif error > 4.0 * least:
                break  # more columns would only amplify rounding
        table = row
        if math.isfinite(least):
            value, rounding = estimate
            unit = math.ulp(value)
            found.append(Estimate(step, value, least + unit, rounding + unit))
    return found


def usable(estimates: list[Estimate]) -> float:
    """Return the largest step up to which the estimates can be used.

    The search goes from the smallest steps, which see nothing but rounding errors, to larger ones.
    It ends where an estimate contradicts what the smaller steps have left possible (Lepskii, "On a
    problem of adaptive estimation in Gaussian white noise", 1990), or where truncation outweighs
    rounding: from there on the error would grow.
    """
    low, high = -math.inf, math.inf
    step = 0.0
    for estimate in reversed(estimates):
        if estimate.value - estimate.error > high or estimate.value + estimate.error < low:
            break
        low = max(low, estimate.value - estimate.error)
        high = min(high, estimate.value + estimate.error)
        step = estimate.step
        if estimate.error > FAR * estimate.rounding:
            break
    return step


def vertical(samples: Samples, estimates: list[Estimate]) -> float:
    """Return infinity, with its sign, if the quotients grow down to the smallest step, else 0."""
    if len(samples) < DIGITS // 2 or any(seen.error <= FAR * seen.rounding for seen in estimates):
        return 0.0
    (_, first, _), (_, last, noise) = samples[0], samples[-1]
    settled = any(seen.error <= 0.1 * abs(seen.value) for seen in estimates)
    if settled or abs(last) < max(1000.0 * abs(first), 1000.0, 100.0 * noise):
        return 0.0
    return math.copysign(math.inf, last)


def best(estimates: list[Estimate]) -> Limit:
    """Return the estimate of least error."""
    if not estimates:
        return Limit(math.nan, math.inf, True)
    found = min(estimates, key=lambda estimate: estimate.error)
    rounding = any(estimate.error <= FAR * estimate.rounding for estimate in estimates)
    return Limit(found.value, found.error, rounding or found.error <= 1e-8 * abs(found.value))


def together(sides: list[Limit], center: Limit) -> Slope:
    """Return the slope that the two sides and the central differences tell."""
    finite = [side for side in sides if math.isfinite(side.value)]
    if not finite:
        values = [side.value for side in sides if math.isinf(side.value)]
        if not values:
            return Slope(math.nan, math.nan, math.inf)
        return Slope(min(values), max(values), 0.0)
    if len(finite) == 1:  # the end of the domain, or a jump: the other side counts
        return Slope(finite[0].value, finite[0].value, finite[0].error)
    left, right = finite
    if abs(left.value - right.value) > left.error + right.error:
        low, high = sorted([left.value, right.value])
        return Slope(low, high, max(left.error, right.error))
    best = min([left, right, center], key=lambda side: side.error)
    return Slope(best.value, best.value, best.error)


# The slopes of one operation ----------------------------------------------------------------------


@functools.lru_cache(maxsize=4096)
def slope_of(
    evaluate: Callable[..., float], many: bool, operands: tuple[float, ...], position: int
) -> Slope:
    """Return the measured slope of an operation by the argument at ``position``.

    No rule has a part in it, so that what was measured once holds, whatever the rules become.
    """

    def along(x: float) -> float:
        return evaluate(*operands[:position], x, *operands[position + 1 :])

    noise = noise_of(evaluate, operands) if many else 0.0
    return measure(along, operands[position], reach=max(map(abs, operands)), noise=noise)


@functools.lru_cache(maxsize=64)
def noise_of(evaluate: Callable[..., float], operands: tuple[float, ...]) -> float:
    """Return the rounding error of an operation of many arguments.

    Its terms may cancel: logsumexp is as exact as its largest argument, not as its result.
    """
    result, noise = evaluate(*operands), 0.0
    for place, operand in enumerate(operands):

        def along(x: float, place: int = place) -> float:
            return evaluate(*operands[:place], x, *operands[place + 1 :])

        nudged = evaluated(along, operand * (1.0 + EPSILON))  # a 0 that chooses stays 0
        noise += abs(nudged - result) if math.isfinite(nudged) else 0.0
    return noise
