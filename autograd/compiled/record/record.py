"""Recording: a function is called once, with inputs that have no number, and its graph is kept.

What depends on the inputs is ``Unknown``: an ``if`` on it, or a look at its number, would be right
for one example and wrong for the next, so it raises. What depends on parameters alone is ``Known``:
it has a number, and a question about that number is a *guard*. The recording holds for as long as
every guard would get the same answer.
"""

from __future__ import annotations

import math
import operator
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NoReturn

from autograd.formulas.dispatch import number
from autograd.formulas.row import Op
from autograd.machinery import modes
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.one_at_a_time import OneAtATime
from autograd.rules import OPS
from autograd.value import Value, comparable, converted
from autograd.words.names import formula

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

Shape = tuple[int, ...]  # of one example


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


class Known(Value):
    """A parameter that is being recorded, or what was computed from such alone."""

    __slots__ = ()
    recorded = True  # its number may be another one when the recording runs

    @classmethod
    def apply_op(cls, op: Op, operands: tuple[Any, ...]) -> Value:
        """Return the node of an operation: Unknown if one of the operands is."""
        if modes.current.no_grad:
            raise RecordingError(
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
        """The number; whoever reads it depends on it, so that it is guarded."""
        asked(Guard("data", self, 0.0, self._data))
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if not here.recordings:
            written: Any = Value.__dict__["data"]  # the property itself
            written.__set__(self, data)
            return
        raise RecordingError(
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

    def backward(self, seed: float = 1.0) -> None:
        """Refuse: the gradient of what is being recorded comes from the compiled function."""
        if not here.recordings:
            super().backward(seed)
            return
        raise RecordingError(
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
        node: Value = object.__new__(Unknown)
        node._data = math.nan  # whoever gets around the refusals below finds no number
        node.grad = 0.0
        node.label = ""
        node.version = 0
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

    def condition(self) -> Unknown:
        """Return the node, if it is the answer of a comparison."""
        if self.op not in CONDITIONS.values():
            no_number(self, "ask whether it holds")
        return self

    def __and__(self, other: Any) -> Value:
        return Unknown.apply_op(CONDITIONS["&"], (self.condition(), other))

    def __or__(self, other: Any) -> Value:
        return Unknown.apply_op(CONDITIONS["|"], (self.condition(), other))

    __rand__, __ror__ = __and__, __or__

    def __bool__(self) -> bool:
        no_number(self, "ask whether it holds")

    def __float__(self) -> float:
        no_number(self, "make it a float")

    def __int__(self) -> int:
        no_number(self, "make it an int")

    def __format__(self, spec: str) -> str:
        return no_number(self, "format its number") if spec else repr(self)

    def __repr__(self) -> str:
        return f"<recorded {formula(self)}>"


def no_number(node: Value, what: str) -> NoReturn:
    """Raise the error for a question that only a number could answer."""
    raise RecordingError(
        f"a compiled function cannot {what}: {formula(node)} is different for every example, and "
        "is recorded once for all of them. Write where(x > 0, yes, no), relu(x), maximum(a, b) or "
        "abs(x) instead of an if, and a function of autograd instead of a number."
    )


def compared(symbol: str, left: Value, other: Any) -> Any:
    """Return the answer of a comparison: a guarded one, or a condition for ``where``."""
    if isinstance(left, Unknown) or isinstance(other, Unknown):
        return Unknown.apply_op(CONDITIONS[symbol], (left, other))
    right = comparable(symbol, left, other)
    answer = bool(CONDITIONS[symbol].value(left._data, right))
    asked(Guard(symbol, left, other if isinstance(other, Value) else right, answer))
    return answer


class Here(threading.local):
    """The recordings that this thread is in, the innermost one last."""

    def __init__(self) -> None:
        self.recordings: list[Recording] = []


here = Here()
recording_now = OneAtATime()  # two threads may have parameters in common


def asked(guard: Guard) -> None:
    """Keep a guard. Known nodes that a recording left behind, and other threads, ask nothing."""
    if here.recordings:
        here.recordings[-1].guards.append(guard)


def record(
    function: Callable[..., Any], shapes: Sequence[Shape], parameters: Sequence[Value]
) -> Recording:
    """Return what the function does with one example, whose arguments have these shapes.

    An argument of shape () is a single node, another one a nested list of nodes. Raises
    RecordingError for what cannot be recorded.
    """
    recording = Recording(inputs=[[] for _ in shapes])
    arguments = []
    for position, shape in enumerate(shapes):
        name = argument_name(function, position)
        arguments.append(example(name, shape, recording.inputs[position]))
    with recording_now.lock:
        surroundings = Surroundings(parameters)
        try:
            try:
                surroundings.change(recording)
                returned = function(*arguments)
            finally:
                surroundings.restore()
        finally:
            surroundings.restore()  # should Ctrl-C have come on the way out
    recording.structure = flattened(returned, recording.results)
    return recording


class Surroundings:
    """What is otherwise while a function is recorded; it is put back when that is over.

    The parameters are known nodes. A nested recording finds them so, and leaves them so. And a
    recording inside ``no_grad`` records all the same.
    """

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.parameters = parameters
        self.kinds = [type(parameter) for parameter in parameters]
        self.no_grad = modes.current.no_grad
        self.depth = len(here.recordings)

    def change(self, recording: Recording) -> None:
        """Begin to record."""
        modes.current.no_grad = 0
        here.recordings.append(recording)
        become(self.parameters, repeat(Known))

    def restore(self) -> None:
        """Put everything back. It may come after half of ``change``, and twice.

        Ctrl-C may come between any two lines. A note of what has been done would be a line of its
        own, and could be lost: so each line here does no harm if there is nothing to undo.
        """
        become(self.parameters, self.kinds)
        del here.recordings[self.depth :]
        modes.current.no_grad = self.no_grad


def become(values: Iterable[Value], kinds: Iterable[type[Value]]) -> None:
    """Give Values other classes in one call into C, which Ctrl-C cannot cut in two."""
    write_all(values, "__class__", kinds)


def example(name: str, shape: Shape, entries: list[Value]) -> Any:
    """Return the nodes of an argument, nested as its shape says, and list them in ``entries``."""
    if shape:
        return [example(f"{name}[{k}]", shape[1:], entries) for k in range(shape[0])]
    node = Value(0.0, label=name)
    node._data = math.nan
    node.__class__ = Unknown
    entries.append(node)
    return node


def argument_name(function: Callable[..., Any], position: int) -> str:
    """Return what the function calls its argument, for messages and pictures."""
    code = getattr(function, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code else ()
    return names[position] if position < len(names) else f"argument{position + 1}"


def flattened(thing: Any, leaves: list[Any]) -> Any:
    """Return the structure of what a function returned, and list its leaves.

    A leaf is written as its position, so that the results can be put back where they were.
    """
    if isinstance(thing, list | tuple):
        return type(thing)(flattened(member, leaves) for member in thing)
    if isinstance(thing, dict):
        return {key: flattened(member, leaves) for key, member in thing.items()}
    if not isinstance(thing, Value) and number(thing) is None:
        raise RecordingError(
            "a compiled function returns numbers, or lists and dicts of them, not "
            f"{type(thing).__name__}."
        )
    leaves.append(thing if isinstance(thing, Value) else number(thing))
    return len(leaves) - 1
