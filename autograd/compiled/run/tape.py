"""Reading a row of the table with arrays that do not exist yet.

An ``Array`` stands for the numbers that an instruction will find. It follows the array API standard
as far as the formulas in ``rules.py`` ask for it, and writes down what they do as statements: one
call of an array function each, with a place for its result. So the derivative of an operation is
read from the one row that it has, and nothing of it is written here again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.formulas.row import Op

CONDITIONAL = {
    "greater", "greater_equal", "less", "less_equal", "equal", "not_equal",
    "logical_and", "logical_or",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where an array lives: the kind of memory, and the part of it.

    ``part`` is a slot to start from ("slots" and "adjoints", one number per row), the positions in
    the column ("column" and "pulls", shared by all rows), or the number of a temporary.
    """

    memory: str
    part: Any
    size: int
    by_row: bool
    condition: bool = False


@dataclass(frozen=True)
class Statement:
    """One call of an array function: its name, its operands, and the place of the result."""

    name: str
    args: tuple[Any, ...]
    out: Place


class Array:
    """An array that will be at a place; operations on it are written on a tape."""

    def __init__(self, tape: Tape, place: Place) -> None:
        self.tape, self.place = tape, place

    def __array_namespace__(self, **_: Any) -> Namespace:
        return Namespace(self.tape)

    def __bool__(self) -> bool:
        raise TypeError("an array of a program has no number yet: write where(condition, yes, no).")

    __float__ = __int__ = __bool__
    __hash__ = object.__hash__

    def __neg__(self) -> Any:
        return self.tape.emit("negative", self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self.tape.emit("abs", self)


def operator_method(name: str, *, swapped: bool = False) -> Callable[[Array, Any], Any]:
    """Return the method of an operator that writes a statement."""

    def method(self: Array, other: Any) -> Any:
        return self.tape.emit(name, other, self) if swapped else self.tape.emit(name, self, other)

    return method


OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal",
    "ne": "not_equal", "and": "logical_and", "or": "logical_or",
}  # fmt: skip
for sign, function in OPERATORS.items():
    setattr(Array, f"__{sign}__", operator_method(function))
    if sign not in ("lt", "le", "gt", "ge", "eq", "ne"):  # Python swaps these by itself
        setattr(Array, f"__r{sign}__", operator_method(function, swapped=True))


class Namespace:
    """The functions of an array library, each writing a statement."""

    __name__ = "chalkgrad"

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args: self.tape.emit(name, *args)

    def vectorize(self, function: Callable[..., float], **_: Any) -> Callable[..., Any]:
        """Return a function of numbers as one of arrays: slow, and right."""
        return lambda *args: self.tape.emit("each", function, *args)


class Tape:
    """The statements that formulas have written."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.written: dict[tuple[Any, ...], Array] = {}  # within one instruction, by its meaning
        self.meaning: dict[Place, tuple[Any, ...]] = {}
        self.start = 0

    def begin(self) -> None:
        """Begin an instruction: its temporaries may lie where those of the one before lay."""
        self.written.clear()
        self.meaning.clear()
        self.start = len(self.statements)

    def array(self, place: Place) -> Array:
        """Return the array at a place."""
        return Array(self, place)

    def emit(self, name: str, *args: Any) -> Any:
        """Write a statement with a temporary for its result, and return that; shorter if it can."""
        name = "power" if name == "pow" else name
        places = tuple(arg.place if isinstance(arg, Array) else arg for arg in args)
        shorter = simpler(self, name, places, args)
        if shorter is not None:
            return shorter
        key = (name, *((type(place), place) for place in places))
        if key in self.written:
            return self.written[key]
        arrays = [place for place in places if isinstance(place, Place)]
        if name in ("sum_lanes", "rows_reached"):
            sizes = 1 if name == "sum_lanes" else arrays[-1].size
        else:
            sizes = max(place.size for place in arrays)
        rows = name != "sum_rows" and any(place.by_row for place in arrays)
        out = Place("temporary", len(self.written), sizes, rows, name in CONDITIONAL)
        self.statements.append(Statement(name, places, out))
        self.meaning[out] = (name, *places)
        result = self.written[key] = Array(self, out)
        return result

    def store(self, value: Any, target: Place, *, add: bool = False) -> None:
        """Write a value, or a number, into its place at last, or add it to what is there."""
        place = value.place if isinstance(value, Array) else value
        last = self.statements[-1] if len(self.statements) > self.start else None
        if add:
            self.statements.append(Statement("add", (target, place), target))
        elif (
            last is not None
            and last.out == place
            and (place.size, place.by_row) == (target.size, target.by_row)
            and place.memory == "temporary"
            and not place.condition
        ):
            self.statements[-1] = Statement(last.name, last.args, target)
            self.written = {
                key: array for key, array in self.written.items() if array.place != place
            }
        elif place != target:
            self.statements.append(Statement("copy", (place,), target))

    def drop_unused(self, result: Any = None) -> None:
        """Take out the statements of this instruction whose results nobody reads, but for one."""
        read = {result.place} if isinstance(result, Array) else set()
        kept = []
        for statement in reversed(self.statements[self.start :]):
            if statement.out.memory != "temporary" or statement.out in read:
                read.update(arg for arg in statement.args if isinstance(arg, Place))
                kept.append(statement)
        self.statements[self.start :] = reversed(kept)


def simpler(tape: Tape, name: str, places: tuple[Any, ...], args: tuple[Any, ...]) -> Any:
    """Return what a statement comes to if that needs no statement, or a quicker one; else None.

    Every one of these gives the same numbers, but for the last digits where a formula corrects its
    rounding: that would take more than half of the time. And the choice of relu and leaky_relu,
    ``where(x > 0, a, where(x <= 0, b, x))``, in which the last x is the NaN of the formula, loses
    a NaN in the slope that the value has kept.
    """
    if name == "multiply":
        return product(tape, places, args)
    if name == "subtract" and is_rounding(tape, places[1]):
        return args[0]
    if name in ("logical_or", "logical_and"):
        for k in (0, 1):
            if isinstance(places[k], bool):
                decides = places[k] is (name == "logical_or")
                return places[k] if decides else args[1 - k]
    if name == "power" and isinstance(places[1], float | int):
        if places[1] == 1:
            return args[0]
        if places[1] == 2:
            return tape.emit("square", args[0])
    if name == "where":
        return choice(tape, places, args)
    return None


def is_rounding(tape: Tape, place: Any) -> bool:
    """Whether a temporary would be 0 if nothing were rounded.

    With q = w / (1 + e) that is q*e - (w - q), such a number by another, and the sum of two.
    """
    name, *sides = tape.meaning.get(place, ("",)) if isinstance(place, Place) else ("",)
    if name == "divide":
        return is_rounding(tape, sides[0])
    if name == "add":
        return is_rounding(tape, sides[0]) and is_rounding(tape, sides[1])
    if name != "subtract":
        return False
    product, q, e = (*tape.meaning.get(sides[0], ()), None, None, None)[:3]
    difference, w, same = (*tape.meaning.get(sides[1], ()), None, None, None)[:3]
    quotient = tape.meaning.get(q, ())
    return (
        (product, difference, same) == ("multiply", "subtract", q)
        and quotient[:2] == ("divide", w)
        and tape.meaning.get(quotient[2]) == ("add", 1.0, e)
    )


def product(tape: Tape, places: tuple[Any, ...], args: tuple[Any, ...]) -> Any:
    """Return a product that is simpler than one: by 1, by -1, by an answer to a question."""
    for k in (0, 1):
        factor, other = places[k], args[1 - k]
        if isinstance(factor, float | int):
            if factor == 1:
                return other
            if factor == -1:
                return tape.emit("negative", other)
        meaning = tape.meaning.get(factor) if isinstance(factor, Place) else None
        if meaning and meaning[0] == "where" and meaning[2:] == (1.0, 0.0):
            condition = tape.meaning.get(meaning[1], ())
            if condition and condition[0] == "greater" and condition[2] == 0.0:
                return tape.emit("gate", other, Array(tape, condition[1]))
            return tape.emit("multiply", other, Array(tape, meaning[1]))
    return None


def choice(tape: Tape, places: tuple[Any, ...], args: tuple[Any, ...]) -> Any:
    """Return a choice that is simpler than one: that of relu, of maximum, and by a number."""
    condition = tape.meaning.get(places[0]) if isinstance(places[0], Place) else None
    if not condition:
        return None
    name, *sides = condition
    last = tape.meaning.get(places[2]) if isinstance(places[2], Place) else None
    if name == "greater" and last and last[0] == "where" and last[3] == sides[0]:
        below = tape.meaning.get(last[1])
        if below == ("less_equal", *sides):
            if places[1] == sides[0] and last[2] == 0.0 == sides[1]:
                return tape.emit("maximum", args[1], 0.0)
            other = Array(tape, last[2]) if isinstance(last[2], Place) else last[2]
            return tape.emit("where", args[0], args[1], other)
    if name == "logical_or" and places[1:] == tuple(places[1:3]):
        either = tape.meaning.get(sides[0])
        if either in (("greater_equal", *places[1:]), ("less_equal", *places[1:])):
            return tape.emit("maximum" if either[0][0] == "g" else "minimum", *args[1:])
    return None


def value_of(tape: Tape, op: Op, args: tuple[Any, ...]) -> Any:
    """Return the array of an operation's results."""
    return read(tape, op.value, op.on_numbers, args)


def partials_of(tape: Tape, op: Op, y: Any, args: tuple[Any, ...]) -> list[Callable[[], Any]]:
    """Return for each argument a function that writes its partial down: an array, or a number."""
    if op.every is not None:
        every = op.every
        if isinstance(every, float):
            return [lambda: every] * len(args)
        found = functools.cache(lambda: read_every(tape, every, y, args))
        return [functools.partial(lambda k: found()[k], position) for position in range(len(args))]

    def partial(row: Any) -> Any:
        return row if isinstance(row, float) else read(tape, row, row, (y, *args))

    rows = (op.first, op.second)[: len(args)]
    return [functools.partial(partial, row) for row in rows]


def read_every(tape: Tape, every: Any, y: Any, args: tuple[Any, ...]) -> Any:
    """Return all partials of an operation of many arguments, also of one that knows only numbers.

    What nobody asks for is dropped: see ``Tape.drop_unused``.
    """
    try:
        return every(y, *args)
    except (TypeError, AttributeError):
        return [
            tape.emit("each", functools.partial(one_of, every, position), y, *args)
            for position in range(len(args))
        ]


def one_of(every: Callable[..., Sequence[float]], position: int, *numbers: float) -> float:
    """Return one of the numbers that a function returns."""
    return every(*numbers)[position]


def read(tape: Tape, formula: Any, on_numbers: Any, args: tuple[Any, ...]) -> Any:
    """Return what a formula makes of arrays; one that knows only numbers is called for each."""
    try:
        return formula(*args)
    except (TypeError, AttributeError):
        return tape.emit("each", on_numbers, *args)
