"""Reads the tables of edges, and asks an engine for each row."""

import math
from pathlib import Path
from typing import NamedTuple

import scales
from points import CHOOSING, MAX, TINY

FOLDER = Path(__file__).parent

NUMBERS = {
    "+0": 0.0, "-0": -0.0, "+1": 1.0, "-1": -1.0, "+inf": math.inf, "-inf": -math.inf,
    "nan": math.nan, "tiny": TINY, "max": MAX, "710": 710.0, "-710": -710.0, "745": 745.0,
    "-745": -745.0, "-3/2": -1.5, "1/2": 0.5, "+2": 2.0, "-2": -2.0, "+3": 3.0,
}  # fmt: skip

# Operations whose derivative by some argument does not depend on that argument: a NaN there leaves
# the derivative a number, which is the other argument or a constant.
LINEAR = {"+", "-", "*", "/", "neg", "alias", "sum", "where", "leaky_relu", "elu", "**"}


class Row(NamedTuple):
    operation: str
    words: tuple[str, ...]  # the point, as the table writes it
    value: str
    gradient: tuple[str, ...]
    reason: str

    @property
    def point(self):
        return tuple(NUMBERS[word] for word in self.words)

    @property
    def name(self):
        return f"{self.operation} at {', '.join(self.words)}"


def rows(name):
    """The rows of the table in the file with this name, without comments and headings."""
    found = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        operation, point, value, gradient, reason = (part.strip() for part in line.split("|", 4))
        if operation != "operation":
            words = tuple(part.strip() for part in point.split(","))
            slopes = () if gradient == "-" else tuple(gradient.replace(",", " ").split())
            found.append(Row(operation, words, value, slopes, reason))
    return found


def places(row):
    """The places of the arguments that can be differentiated by."""
    return [place for place in range(len(row.words)) if place != CHOOSING.get(row.operation)]


def answers(engine, row):
    """Value and derivatives of the engine at the row's point: numbers, or names of exceptions."""
    operation = engine.rules.OPS[row.operation]
    nodes = tuple(map(engine.Value, row.point))
    value = outcome(lambda: engine.Value.apply_op(operation, nodes).data)
    if isinstance(value, str):
        return value, ()

    def by(place):
        def function(x):
            point = (*row.point[:place], x, *row.point[place + 1 :])
            return engine.Value.apply_op(operation, point)

        return outcome(lambda: engine.grad(function)(row.point[place]))

    return value, tuple(map(by, places(row)))


def answers_in_ieee_mode(engine, row):
    """Value and derivatives inside ``ieee()``, from one backward pass."""
    nodes = tuple(map(engine.Value, row.point))
    with engine.ieee():
        result = engine.Value.apply_op(engine.rules.OPS[row.operation], nodes)
        result.backward()
    return result.data, tuple(nodes[place].grad for place in places(row))


def outcome(compute):
    try:
        return compute()
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__


def differences(row, value, gradient):
    """In words, how the answers differ from the row; an empty list if they do not."""
    found = []
    if not same(
        value, row.value, scales.value(row.operation, row.point) if finite(row) else 0.0, 2
    ):
        found.append(f"value {value!r}, not {row.value}")
    if len(gradient) != len(row.gradient):
        return [*found, f"{len(gradient)} derivatives, not {len(row.gradient)}"]
    for place, got, expected in zip(places(row), gradient, row.gradient, strict=False):
        scale = scales.gradient(row.operation, row.point, place) if finite(row) else 0.0
        plus = got + 0.0 if isinstance(got, float) else got  # of a derivative, zero has no sign
        if not same(plus, expected, scale, 4):
            found.append(f"derivative by argument {place} {got!r}, not {expected}")
    return found


def finite(row):
    """Whether the point is an ordinary one, where a largest term can be computed."""
    return all(math.isfinite(x) and x != 0 for x in row.point)


def same(got, expected, scale, ulps):
    if isinstance(got, str) or expected.endswith("Error"):
        return got == expected
    number = float(expected)
    if type(got) is not float:
        return False
    if not math.isfinite(number) or number == 0.0 or not math.isfinite(got):
        small = number == 0.0 and abs(got) <= ulps * math.ulp(scale) and scale > 0.0
        return repr(got) == repr(number) or small
    return abs(got - number) <= ulps * math.ulp(max(abs(number), scale))
