"""Reading a row of the table with arrays that do not exist yet.

An ``Array`` stands for the numbers that an instruction will find. It follows the array API standard
as far as the formulas in ``rules.py`` ask for it, and writes down what they do as statements: one
call of an array function each, with a place for its result. So the derivative of an operation is
read from the one row that it has, and nothing of it is written here again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
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

    def terms(self, places: Iterable[Any]) -> tuple[Any, ...]:
        """Return what the patterns see of operands: a term for a place, a number as it is."""
        return tuple(Term(self, each) if isinstance(each, Place) else each for each in places)

    def emit(self, name: str, *args: Any) -> Any:
        """Write a statement with a temporary for its result, and return that; shorter if it can."""
        name = "power" if name == "pow" else name
        places = tuple(arg.place if isinstance(arg, Array | Term) else arg for arg in args)
        shorter = simpler(self, name, self.terms(places))
        if shorter is not None:
            return self.array(shorter.place) if isinstance(shorter, Term) else shorter
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
        # The last statement can as well write to the target itself: a copy less. Not the answer
        # of a question, though: its memory is of another type.
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


# Statements that need not be written --------------------------------------------------------------

# Read with arrays, a formula says more than it has to: by_sign asks twice where one comparison
# would do, a slope of 1 is multiplied by. Each pattern below is a shorter way to the same numbers,
# and stands there with its reason. Two patterns give up something, and say what.


class Term:
    """An operand as the patterns see it: the statement that computed it, and that one's operands.

    Two terms are equal if they are the same place; ``name`` is empty for what was there before.
    """

    __match_args__ = ("name", "operands")
    __hash__ = None  # type: ignore[assignment]  # equal to its place only, never looked up

    def __init__(self, tape: Tape, place: Place) -> None:
        self.tape, self.place = tape, place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self.place == other.place

    @property
    def name(self) -> str:
        """The array function whose result this is."""
        found: str = self.tape.meaning.get(self.place, ("",))[0]
        return found

    @property
    def operands(self) -> tuple[Any, ...]:
        """What that function was called with: terms, and numbers as they are."""
        return self.tape.terms(self.tape.meaning.get(self.place, ("",))[1:])


def simpler(tape: Tape, name: str, operands: tuple[Any, ...]) -> Any:
    """Return what a statement comes to if it need not be written, or a quicker one; else None."""
    pattern = PATTERNS.get(name)
    return None if pattern is None else pattern(tape, *operands)


def simpler_product(tape: Tape, a: Any, b: Any) -> Any:
    """Return a product that is simpler than one, or None."""
    match a, b:
        # The slope of a sum is 1, and of a difference -1: the chain rule multiplies by it.
        case (1, other) | (other, 1):
            return other
        case (-1, other) | (other, -1):
            return tape.emit("negative", other)
        # The slope of relu is 1.0 or 0.0. Under a mask nothing is multiplied at all.
        case (Term("where", (Term("greater", (x, 0)), 1, 0)), other) | (
            other,
            Term("where", (Term("greater", (x, 0)), 1, 0)),
        ):
            return tape.emit("gate", other, x)
        # True is 1.0 and False 0.0 already: the numbers need not be chosen first.
        case (Term("where", (condition, 1, 0)), other) | (other, Term("where", (condition, 1, 0))):
            return tape.emit("multiply", other, condition)
    return None


def simpler_difference(tape: Tape, a: Any, b: Any) -> Any:
    """Return a difference that is simpler than one, or None."""
    # This gives up the last digit: the correction would take more than half of the time.
    return a if is_rounding(b) else None


def is_rounding(term: Any) -> bool:
    """Whether an operand would be 0 if nothing were rounded.

    With q = w / (1 + e) that is q*e - (w - q), such a number by another, and the sum of two.
    """
    match term:
        case Term("divide", (rounding, _)):
            return is_rounding(rounding)
        case Term("add", (one, other)):
            return is_rounding(one) and is_rounding(other)
        case Term(
            "subtract",
            (
                Term("multiply", (Term("divide", (w, Term("add", (1.0, e)))) as q, e_again)),
                Term("subtract", (w_again, q_again)),
            ),
        ):
            return bool((w, e, q) == (w_again, e_again, q_again))
    return False


def simpler_power(tape: Tape, a: Any, exponent: Any) -> Any:
    """Return a power that is simpler than one, or None."""
    match exponent:
        case 1:
            return a
        # The library multiplies for a square, and takes a logarithm for any other power.
        case 2:
            return tape.emit("square", a)
    return None


def simpler_or(tape: Tape, a: Any, b: Any) -> Any:
    """Return "a or b" where one of them is known while the formula is read, or None."""
    match a, b:
        case (True, _) | (_, True):
            return True
        case (False, other) | (other, False):
            return other
    return None


def simpler_and(tape: Tape, a: Any, b: Any) -> Any:
    """Return "a and b" where one of them is known while the formula is read, or None."""
    match a, b:
        case (False, _) | (_, False):
            return False
        case (True, other) | (other, True):
            return other
    return None


def simpler_choice(tape: Tape, condition: Any, yes: Any, no: Any) -> Any:
    """Return a choice that is simpler than one, or None."""
    match condition, yes, no:
        # by_sign writes where(x > 0, above, where(x <= 0, below, x)), whose last x is a NaN that
        # passes through. These two give up that NaN in a slope; the value has kept it.
        case (
            Term("greater", (x, 0)),
            x_above,
            Term("where", (Term("less_equal", (x_asked, 0)), 0, x_nan)),
        ) if x == x_above == x_asked == x_nan:
            return tape.emit("maximum", x, 0.0)  # relu
        case (
            Term("greater", (x, limit)),
            _,
            Term("where", (Term("less_equal", (x_asked, limit_asked)), below, x_nan)),
        ) if x == x_asked == x_nan and limit == limit_asked:
            return tape.emit("where", condition, yes, below)
        # The larger of two, with a question about NaN that the library asks by itself.
        case (
            Term("logical_or", (Term("greater_equal" | "less_equal" as order, (a, b)), _)),
            a_chosen,
            b_chosen,
        ) if a == a_chosen and b == b_chosen:
            return tape.emit("maximum" if order == "greater_equal" else "minimum", a, b)
    return None


PATTERNS: dict[str, Callable[..., Any]] = {
    "multiply": simpler_product,
    "subtract": simpler_difference,
    "power": simpler_power,
    "logical_or": simpler_or,
    "logical_and": simpler_and,
    "where": simpler_choice,
}


# What a row of the table comes to ----------------------------------------------------------------


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
