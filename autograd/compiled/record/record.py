"""Recording: a function is called once, with inputs that have no number, and its graph is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiled.record.nodes import Known, Recording, RecordingError, Unknown, here
from autograd.formulas.dispatch import number
from autograd.machinery import modes
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.one_at_a_time import OneAtATime
from autograd.value import Value

Shape = tuple[int, ...]  # of one example

recording_now = OneAtATime()  # two threads may have parameters in common


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
            except Exception as error:
                raise_refused(recording, error)
                raise
            finally:
                surroundings.restore()
        finally:
            surroundings.restore()  # should Ctrl-C have come on the way out
    raise_refused(recording)
    recording.structure = flattened(returned, recording.results)
    return recording


def raise_refused(recording: Recording, error: Exception | None = None) -> None:
    """Raise the first refusal, if there was one: what the program did then is not its answer.

    It may have caught the refusal (``except Exception``), and gone another way. A question that
    Python itself refused is worded as a refusal, too: ``len`` of an input, say.
    """
    if recording.refusals:
        raise recording.refusals[0] from error
    if isinstance(error, TypeError | AttributeError) and Unknown.__name__ in str(error):
        raise RecordingError(
            "a compiled function asks an input for something that no number can give: "
            f"{str(error).removesuffix('.')}. An input is recorded once for all examples, as a "
            "node of a graph: use operators and the functions of autograd on it."
        ) from error


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
        become(self.parameters, [known_as(kind) for kind in self.kinds])

    def restore(self) -> None:
        """Put everything back. It may come after half of ``change``, and twice.

        Ctrl-C may come between any two lines. A note of what has been done would be a line of its
        own, and could be lost: so each line here does no harm if there is nothing to undo.
        """
        become(self.parameters, self.kinds)
        del here.recordings[self.depth :]
        modes.current.no_grad = self.no_grad


KNOWN_AS: dict[type[Value], type[Value]] = {Value: Known, Known: Known}


def known_as(kind: type[Value]) -> type[Value]:
    """Return the class of known nodes for a class of Values; a subclass keeps its attributes."""
    if kind not in KNOWN_AS:
        # The subclass comes first: an object may change to a class of the same layout only.
        found: Any = type(kind.__name__, (kind, Known), {"__slots__": ()})
        KNOWN_AS[kind] = KNOWN_AS[found] = found
    return KNOWN_AS[kind]


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
    while hasattr(function, "__wrapped__"):  # grad(f), say, is called as f is
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code else ()
    return names[position] if position < len(names) else f"argument{position + 1}"


def flattened(thing: Any, leaves: list[Any]) -> Any:
    """Return the structure of what a function returned, and list its leaves.

    A leaf is written as its position, so that the results can be put back where they were.
    """
    if isinstance(thing, list | tuple):
        return like(thing, [flattened(member, leaves) for member in thing])
    if isinstance(thing, dict):
        return {key: flattened(member, leaves) for key, member in thing.items()}
    if not isinstance(thing, Value) and number(thing) is None:
        raise RecordingError(
            "a compiled function returns numbers, or lists and dicts of them, not "
            f"{type(thing).__name__}."
        )
    leaves.append(thing if isinstance(thing, Value) else number(thing))
    return len(leaves) - 1


def like(sequence: Any, members: Iterable[Any]) -> Any:
    """Return a sequence of the same type with other members.

    >>> like([1, 2], (3, 4)), like((1, 2), [3, 4])
    ([3, 4], (3, 4))
    """
    kind = type(sequence)
    return kind(*members) if hasattr(sequence, "_fields") else kind(members)  # a named tuple


def loss_place(structure: Any) -> int:
    """Return which result is the loss, or raise ValueError if the function returns no such one."""
    if isinstance(structure, tuple) and structure and isinstance(structure[0], int):
        return structure[0]
    if isinstance(structure, int):
        return structure
    raise ValueError(
        "the mean and the gradient are those of one number, the loss, but the function returns "
        "several: return the loss, or a tuple of the loss and the rest. For all that it returns "
        "for every row, call predict()."
    )
