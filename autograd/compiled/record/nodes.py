"""The nodes of a recording: what a function may do with them, and what it may not.

What depends on the inputs is ``Unknown``: an ``if`` on it, or a look at its number, would be right
for one example and wrong for the next, so it raises. What depends on parameters alone is ``Known``:
it has a number, and a question about that number is a *guard*. The recording holds for as long as
every guard would get the same answer.
"""

from __future__ import annotations

import math
import operator
import sys
import threading
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograd.formulas.row import Op
from autograd.machinery import modes
from autograd.rules import OPS
from autograd.value import Value, comparable, converted
from autograd.words.formula_printer import formula
from autograd.words.names import ENGINE

# Comparisons have no row in the table: they have no derivative.
CONDITIONS = {
    name: Op(name, function, 0.0, 0.0)
    for name, function in {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "&": operator.and_,
        "|": operator.or_,
    }.items()
}

ALIAS = OPS["alias"]  # makes a node of a number
WHERE = OPS["where"]


class RecordingError(TypeError):
    """The function does something with an input that would be right for one example only."""


@dataclass(frozen=True)
class Guard:
    """A question that the function asked about its parameters, and the answer that it got."""

    symbol: str  # "<" and the like, or "data"
    left: Value
    right: Value | float
    answer: bool | float


@dataclass
class Recording:
    """What one call of a function left: its results and its inputs, as nodes of one graph.

    ``inputs`` lists for each argument its entries in order, ``results`` the nodes (or plain
    numbers) that the function returned, and ``structure`` how they were nested.
    """

    inputs: list[list[Value]]
    results: list[Any] = field(default_factory=list)
    structure: Any = None
    guards: list[Guard] = field(default_factory=list)
    size: int = 0  # how many nodes depend on an input
    refusals: list[RecordingError] = field(default_factory=list)  # also those that it swallowed


def refuse(message: str) -> NoReturn:
    """Raise the error that refuses to record, and remember it: the program may swallow it."""
    error = RecordingError(message)
    for recording in here.recordings:
        recording.refusals.append(error)
    raise error


CHOOSE = (
    "Write where(x > 0, yes, no), relu(x), maximum(a, b) or abs(x) instead of an if, and a "
    "function of autograd instead of a number."
)
EQUAL = (
    "Write where((x >= 2) & (x <= 2), yes, no) instead of yes if x == 2 else no, and one such "
    "where for each of several numbers."
)
INDEX = (
    "Write fsum([where((x >= k) & (x <= k), entry, 0.0) for k, entry in enumerate(table)]) instead "
    "of table[x], or log_softmax(values, x) instead of log_softmax(values)[x]."
)
JUMP = "Compute such a whole number before the call, and pass it as one more input of the function."
ARRAY = "Keep the numbers in a list, and use the functions of autograd: fsum, mean, exp and others."


def no_number(node: Value, what: str, instead: str = CHOOSE) -> NoReturn:
    """Refuse a question that only a number could answer, and say what to write instead."""
    refuse(
        f"a compiled function cannot {what}: {formula(node)} is different for every example, and "
        f"is recorded once for all of them. {instead}"
    )


LONG = 100_000


def is_chain(operands: tuple[Any, ...]) -> bool:
    """Whether operands are the end of a chain of at least nine in ten of so many operations.

    The walk goes on to the first argument that is the result of an operation. It may miss a chain,
    and then the compiler takes its time; it never takes a wide graph for one.
    """
    length = 0
    while operands:
        inner = (each for each in operands if isinstance(each, Unknown) and each.op is not None)
        node = next(inner, None)
        operands = () if node is None else node.args
        length += 1
    return length >= 0.9 * LONG


def refusal(what: str, instead: str = CHOOSE) -> Any:
    """Return the method that refuses one question."""

    def method(self: Value, *_: Any, **__: Any) -> NoReturn:
        no_number(self, what, instead)

    return method


class Known(Value):
    """A parameter that is being recorded, or what was computed from such alone."""

    __slots__ = ()
    recorded = True  # its number may be another one when the recording runs

    @classmethod
    def apply_op(cls, op: Op, operands: tuple[Any, ...]) -> Value:
        """Return the node of an operation: Unknown if one of the operands is."""
        if modes.current.no_grad:
            refuse(
                "no_grad() inside of a compiled function: what is computed there could not be "
                "computed again for other parameters. Take it out of the function."
            )
        if op is WHERE and type(operands[0]) is float:  # a guarded answer: no choice is left
            chosen = operands[1] if operands[0] else operands[2]
            return chosen if isinstance(chosen, Value) else super().apply_op(ALIAS, (chosen,))
        if cls is not Unknown and any(isinstance(operand, Unknown) for operand in operands):
            return Unknown.apply_op(op, operands)
        return super().apply_op(op, operands)

    @property
    def data(self) -> float:
        """The number; the program then depends on it, so the reading is guarded."""
        keep(Guard("data", self, 0.0, self._data))
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if not here.recordings:
            written: Any = Value.__dict__["data"]  # the property itself
            written.__set__(self, data)
            return
        refuse(
            f"{formula(self)} was written inside of a compiled function: it would be written once, "
            "and not in every call. Write it outside of the function."
        )

    def __lt__(self, other: Any) -> Any:
        return compared("<", self, other)

    def __le__(self, other: Any) -> Any:
        return compared("<=", self, other)

    def __gt__(self, other: Any) -> Any:
        return compared(">", self, other)

    def __ge__(self, other: Any) -> Any:
        return compared(">=", self, other)

    def backward(self, seed: float = 1.0, **options: Any) -> None:
        """Refuse: the gradient of what is being recorded comes from the compiled function."""
        if not here.recordings:
            super().backward(seed, **options)
            return
        refuse(
            "backward() inside of a compiled function: return the loss instead, and call "
            "value_and_grad of the compiled function."
        )


class Unknown(Known):
    """A node that depends on an input: it has an operation and arguments, and no number."""

    __slots__ = ()

    @classmethod
    def apply_op(cls, op: Op, operands: tuple[Any, ...]) -> Value:
        """Return the node of an operation, without computing it."""
        if modes.current.no_grad or (op is WHERE and type(operands[0]) is float):
            return super().apply_op(op, operands)
        for recording in here.recordings[-1:]:
            recording.size += 1
            if not recording.size % LONG and is_chain(operands):
                refuse(
                    f"a compiled function takes no chain of more than {LONG:,} operations, one "
                    "after the other: as arrays they are no quicker. Compile one step of the "
                    "loop, and call that in a loop; or call the function itself (in nn.fit, "
                    "engine='eager')."
                )
        node: Value = object.__new__(Unknown)
        node._data = math.nan  # a way around the refusals below leads to no number
        node.grad = 0.0
        node.label = ""
        node.version = modes.writes  # for a sweep within the recording, which looks for stale nodes
        node.op = op
        node.first = node.second = None
        arguments = converted(op, operands)
        if len(arguments) < 3 and op.every is None:
            node.first, *rest = arguments
            node.second = rest[0] if rest else None
        else:
            node.first = arguments
        return node

    @property
    def data(self) -> float:
        """Refuse: an input of a recording has no number."""
        no_number(self, "read its data")

    @data.setter
    def data(self, data: Any) -> None:
        no_number(self, "write its data")

    def decide(self, yes: Any, no: Any) -> Value:
        """Return the choice between two nodes or numbers that this answer will make, row by row."""
        return Unknown.apply_op(WHERE, (self.condition(), yes, no))

    def choose(self, yes: Any, no: Any) -> Value:
        """Return the same for a formula, whose choice between 1 and 0 is a slope."""
        node = self.decide(yes, no)
        if {type(yes), type(no)} == {float} and {yes, no} == {0.0, 1.0}:
            node.__class__ = Slope
        return node

    def condition(self) -> Unknown:
        """Return the node, if it is the answer of a comparison."""
        if not any(self.op is op for op in CONDITIONS.values()):
            no_number(self, "ask whether it holds")
        return self

    def __and__(self, other: Any) -> Value:
        return Unknown.apply_op(CONDITIONS["&"], (self.condition(), other))

    def __or__(self, other: Any) -> Value:
        return Unknown.apply_op(CONDITIONS["|"], (self.condition(), other))

    __rand__, __ror__ = __and__, __or__

    # What only a number could answer. It is refused by name, as Python would make up an answer to
    # some of these: two objects are never equal, and an object is in no set of numbers.

    __bool__ = refusal("ask whether it holds")
    __float__ = refusal("make it a float")
    __int__ = refusal("make it an int")
    __complex__ = refusal("make it a complex number")
    __eq__ = refusal("ask whether it is equal (==, in)", EQUAL)
    __ne__ = refusal("ask whether it is different (!=)", EQUAL)
    __index__ = refusal("use it as an index", INDEX)
    __mod__ = __rmod__ = refusal("take its remainder (%)", JUMP)
    __floordiv__ = __rfloordiv__ = refusal("divide it to a whole number (//)", JUMP)
    __divmod__ = __rdivmod__ = refusal("take its quotient and remainder (divmod)", JUMP)
    __round__ = refusal("round it", JUMP)
    __floor__ = __ceil__ = __trunc__ = refusal("round it (floor, ceil, trunc)", JUMP)
    __array__ = refusal("put it into a NumPy array", ARRAY)

    def __hash__(self) -> int:
        # The engine itself looks nodes up, by which node it is. A program would look up a number.
        if here.recordings and not sys._getframe(1).f_code.co_filename.startswith(ENGINE):
            no_number(self, "look it up in a set or a dict", EQUAL)
        return object.__hash__(self)

    def __format__(self, spec: str) -> str:
        return no_number(self, "format its number") if spec else repr(self)

    def __repr__(self) -> str:
        return f"<recorded {formula(self)}>"

    def __str__(self) -> str:
        text = Text(repr(self))
        text.node = self
        return text


class Slope(Unknown):
    """A slope that is 1 in some rows and 0 in the others, such as that of a ``where``.

    A number times it is a choice again. A product would be NaN where an infinite number belongs to
    the branch that is not taken: the engine itself computes no such number.
    """

    __slots__ = ()

    def __mul__(self, other: Any) -> Value:
        condition, yes, _ = self.args
        return Unknown.apply_op(WHERE, (condition, *((other, 0.0) if yes else (0.0, other))))

    __rmul__ = __mul__


class Text(str):
    """What ``str`` gives for an input: it may be printed, and refuses to be compared."""

    __slots__ = ("node",)
    node: Value

    def compared(self, *_: object) -> NoReturn:
        """Refuse: the text of a number would depend on the example."""
        no_number(self.node, "compare its text", EQUAL)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = compared
    __hash__ = compared


def compared(symbol: str, left: Value, other: Any) -> Any:
    """Return the answer of a comparison: a guarded one, or a condition for ``where``."""
    if isinstance(left, Unknown) or isinstance(other, Unknown):
        return Unknown.apply_op(CONDITIONS[symbol], (left, other))
    right = comparable(symbol, left, other)
    answer = bool(CONDITIONS[symbol].value(left._data, right))
    keep(Guard(symbol, left, other if isinstance(other, Value) else right, answer))
    return answer


class Here(threading.local):
    """The recordings that this thread is in, the innermost one last."""

    def __init__(self) -> None:
        self.recordings: list[Recording] = []


here = Here()


def keep(guard: Guard) -> None:
    """Keep a guard. Known nodes that a recording left behind, and other threads, ask nothing."""
    if here.recordings:
        here.recordings[-1].guards.append(guard)
