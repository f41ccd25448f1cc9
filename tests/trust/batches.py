"""One row, two readers: whole arrays get the numbers that floats get, value and derivatives.

To 1e-12 of the number or of its largest term, which is what is promised between any two roads.
"""

import math

import edges
import numpy
import scales
from points import CHOOSING, MAX, points

COUNT, PRECISION = 60, 1e-12


def differences(engine, name, count=COUNT):
    """Yield, in words, where the arrays' numbers are not those of floats."""
    row = engine.rules.OPS[name]
    for (_, place), cases in batches(row, name, count).items():
        columns = list(map(numpy.array, zip(*(point for point, _ in cases), strict=True)))
        if name == "where":
            columns[0] = columns[0] != 0.0
        elif place is not None:
            columns[0] = place
        with numpy.errstate(all="ignore"):
            value = row.value(*columns)
            slopes = [row.partial(at, value, tuple(columns)) for at in varying(name, columns)]
        for kind, answers in enumerate([value, *slopes]):
            answers = numpy.broadcast_to(answers, len(cases))
            for got, (point, right) in zip(answers, cases, strict=True):
                if not same(float(got), right[kind], largest_term(name, point, kind)):
                    yield f"{kind} of {name} at {point} in a batch: {got}, not {right[kind]}"


def batches(row, name, count):
    """Points of one length and, where it is no array, one place; each with what floats give."""
    found = {}
    corners = [row.point for row in edges.rows("edge_table.txt") if row.operation == name]
    if name in CHOOSING and name != "where":
        corners += [(0.0, 3.0), (0.0, -1000.0)]  # one value, which has the whole softmax
    for point in [*points(name, count, "batches"), *corners]:
        try:
            value = row.on_numbers(*point)
            slopes = [row.partial(at, value, point) for at in varying(name, point)]
        except (ArithmeticError, ValueError):
            continue  # an array raises nothing for one of its numbers
        place = point[0] if name in CHOOSING and name != "where" else None
        found.setdefault((len(point), place), []).append((point, [value, *slopes]))
    return found


def varying(name, point):
    """The places of the arguments that can be differentiated by."""
    return [at for at in range(len(point)) if at != CHOOSING.get(name)]


def largest_term(name, point, kind):
    """What an error is relative to, if it is larger than the number itself."""
    if name == "sum":
        return max(map(abs, point))
    if not all(math.isfinite(x) and x != 0 for x in point):
        return 0.0  # a corner
    if kind == 0:
        return scales.value(name, point)
    return scales.gradient(name, point, varying(name, point)[kind - 1])


def same(got, right, scale):
    if not math.isfinite(right) or not math.isfinite(got):
        return repr(got) == repr(right)
    return abs(got - right) <= max(PRECISION * abs(right), PRECISION * min(scale, MAX), 2e-323)
