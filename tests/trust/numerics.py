"""One operation at one point: what mpmath says, what the engine says, and how far apart they are.

An exact number is kept as the float next to it and the rest in units of that float's last place:
so an error in ulp is a subtraction, and the table of exact numbers can be computed once and given
to many copies of the engine (``planted_faults.py``).
"""

import math
import random
from itertools import combinations
from typing import NamedTuple

import scales
from points import CHOOSING, MAX, points


class Exact(NamedTuple):
    nearest: float
    rest: float  # exact - nearest, in units of the last place of nearest


class Derivative(NamedTuple):
    """What the oracle says along one or two arguments: None where the number is no float."""

    positions: tuple[int, ...]
    exact: Exact | None


class Case(NamedTuple):
    name: str
    point: tuple[float, ...]
    value: Exact | None
    gradient: list[Derivative]
    second: list[Derivative]


# In ulp. Three values have wider bounds, for they are numbers of the C library, and can be no
# better: with glibc 2.36, math.tanh is off by up to 2.1 ulp, and math.erfc, of which normal_cdf and
# gelu are made, by up to 2.5. Zimmermann, "Accuracy of mathematical functions in single, double,
# extended double and quadruple precision", 2021, compares the libraries. What the formulas around
# erfc add is held to half an ulp by rounding_checks.py.
BOUNDS = {"value": 2.0, "gradient": 4.0, "second": 8.0}
WIDER = {("tanh", "value"): 2.5, ("normal_cdf", "value"): 3.0, ("gelu", "value"): 3.0}


def bound(name, kind):
    """How many ulp the operation may be off."""
    return WIDER.get((name, kind), BOUNDS[kind])


def exact(number):
    """The exact number as a float and the rest; None where it is beyond the largest float."""
    import mpmath

    nearest = float(number)
    if math.isinf(nearest):
        return None
    with mpmath.workdps(40):
        return Exact(nearest, float((number - mpmath.mpf(nearest)) / math.ulp(nearest)))


def cases(name, count, seed=0):
    """Yield the points of the operation with all that the oracle says there."""
    rng = random.Random(f"mixed {seed} {name}")
    for point in points(name, count, seed):
        yield case(name, point, rng)


def case(name, point, rng):
    """What the oracle says at one point; of second derivatives by two arguments, one at random."""
    import jets

    formula = jets.FORMULAS[name]
    places = [place for place in range(len(point)) if place != CHOOSING.get(name)]
    if name in ("**", "power_slope") and point[0] < 0:
        places = [0]  # by its exponent, a power of a negative base has no derivative
    pairs = [(place, place) for place in places]
    if len(places) > 1:
        pair = rng.choice(list(combinations(places, 2)))
        pairs.append(pair if rng.random() < 0.5 else pair[::-1])
    if len(places) > 3:  # of many arguments that are alike, some
        pairs = [*rng.sample(pairs[:-1], 2), pairs[-1]]
    value, gradient, second = None, [], []
    for pair in pairs:
        found = jets.settled(lambda pair=pair: jets.partials(formula, point, pair, mixed=True))
        value = exact(found[0])
        if pair[0] == pair[1]:
            gradient.append(Derivative(pair[:1], exact(found[1])))
        second.append(Derivative(pair, exact(found[3])))
    return Case(name, point, value, gradient, second)


def function_of(engine, name, point, positions):
    """The row as a function of the arguments at ``positions``, the others being constants."""
    row = engine.rules.OPS[name]

    def function(*variables):
        operands = list(point)
        for place, variable in zip(positions, variables, strict=True):
            operands[place] = variable
        return engine.Value.apply_op(row, tuple(operands))

    return function


def ulps(got, number, scale=0.0):
    """The error in units of the last place of the exact number or, if larger, of the scale."""
    unit = math.ulp(number.nearest)
    error = abs((got - number.nearest) / unit - number.rest)
    if scale > abs(number.nearest):
        error = error / (math.ulp(min(scale, MAX)) / unit)
    return error


def errors(engine, case):
    """Yield (kind, positions, error in ulp) for everything that the case has an exact number of.

    Where the exact number is no float, the error is 0 if the engine raised, and infinite if not.
    """
    name, point, *_ = case
    nodes = tuple(map(engine.Value, point))
    yield (
        "value",
        (),
        off(
            lambda: engine.Value.apply_op(engine.rules.OPS[name], nodes).data,
            case.value,
            lambda: scales.value(name, point),
        ),
    )
    if case.value is None:
        return
    sound = {}
    for (place,), number in case.gradient:
        first = engine.grad(function_of(engine, name, point, (place,)))
        sound[place] = number is not None
        yield (
            "gradient",
            (place,),
            off(
                lambda first=first, place=place: first(point[place]),
                number,
                lambda place=place: scales.gradient(name, point, place),
            ),
        )
    for pair, number in case.second:
        if not sound.get(pair[0], True):
            continue
        if pair[0] == pair[1]:
            second = engine.grad(engine.grad(function_of(engine, name, point, pair[:1])))
        else:
            second = engine.grad(engine.grad(function_of(engine, name, point, pair)), 1)
        at = [point[place] for place in dict.fromkeys(pair)]
        yield (
            "second",
            pair,
            off(
                lambda second=second, at=at: second(*at),
                number,
                lambda pair=pair: scales.second(name, point, *pair),
            ),
        )


def off(compute, number, scale):
    """The error of what ``compute()`` returns, or whether it raised where it had to.

    It may also raise where the exact number is a float, but a term of it is beyond all floats.
    """
    try:
        got = compute()
    except (ArithmeticError, ValueError):
        return 0.0 if number is None or scale() == math.inf else math.inf
    if type(got) is not float or math.isnan(got):
        return math.inf
    return math.inf if number is None else ulps(got, number, scale())
