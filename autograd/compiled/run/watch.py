"""A recording is held to what the function itself says, row by row.

A recording refuses what a recorded number cannot answer. It cannot see ``isinstance(x, float)``,
``x is True``, or a number from outside that has changed since. So a few rows are computed by the
function itself, with the plain numbers of the batch, and compared: in the first batches, after a
change in what the function can reach, and from time to time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiled.record.nodes import CONDITIONS, Recording, RecordingError
from autograd.compiled.record.outside import Outside
from autograd.compiled.record.record import flattened
from autograd.graph import topological_order
from autograd.value import Value

ROWS = 8  # of a batch are compared, at first and after a change; from time to time, one
BATCHES = 3  # are compared then: a difference does not show in a row where a relu gives 0, say
FEW = 16  # places outside that are looked at in every call
SHARE = 0.01  # of the time may go into comparing, later on
CLOSE = 1e-10  # relatively: what is further apart is looked at once more
SAME = 1e-12  # relatively: the same operations in the same order

UNSEEN = (
    "It asks something that a recording cannot see, such as isinstance(x, float), x is True or "
    "type(x): let it do the same with every number, or write where(x > 0, yes, no)."
)
FROZEN = (
    "A recording keeps the number that it read: make it a Value, whose number is read at every "
    "call, or an argument of the function."
)


class Watch:
    """Says when which rows are to be compared. Times are those of the processor, in seconds."""

    def __init__(self, function: Callable[..., Any], outside: Outside) -> None:
        self.function, self.outside = function, outside
        self.doubtful = BATCHES  # so many batches are to be compared
        self.ran = self.compared = 0.0
        self.turn = 0
        self.looks_by_itself = False  # the user of the compiled function calls look_outside
        self.kinds: set[Any] = set()  # of labels that were compared

    def look_outside(self) -> None:
        """Have the next batch compared if anything that the function can reach has changed.

        The places in a model are many; they are looked at as often as their share of time allows.
        """
        started = time.perf_counter()
        self.looks_by_itself = True
        if self.outside.is_changed_nearby() or (self.may_compare() and self.outside.changes()):
            self.doubtful = BATCHES
        self.compared += time.perf_counter() - started

    def may_compare(self) -> bool:
        """Whether comparing has taken less than its share of the time."""
        return self.compared <= SHARE * self.ran

    def rows(self, batch: Sequence[Any]) -> Sequence[int]:
        """Return the rows of a batch that are to be compared: most often none."""
        count = len(batch[0])
        strange = [row for argument in batch for row in self.of_a_new_kind(argument)]
        if strange and not self.doubtful:
            return sorted(set(strange))
        # Of many places that would take too long, and who looks between epochs need not look here.
        look = not self.looks_by_itself and len(self.outside.near) <= FEW
        if look and self.outside.is_changed_nearby():
            self.doubtful = BATCHES
        if self.doubtful:
            self.doubtful -= 1
            last = max(1, min(count, ROWS) - 1)
            return sorted({*strange, *(place * (count - 1) // last for place in range(last + 1))})
        if not self.may_compare():
            return ()
        self.turn += 1
        return (self.turn * 7 % count,)  # another one each time

    def of_a_new_kind(self, argument: Any) -> list[int]:
        """Return the rows with a label of a kind that was not compared yet: an int among floats.

        True and False are two kinds: a program may ask ``label is True``.
        """
        if type(argument) is not list or type(argument[0]) is list:
            return []
        kinds: set[Any] = set(map(type, argument))
        if bool in kinds:
            kinds.update(str(each) for each in argument if type(each) is bool)
        if kinds <= self.kinds:
            return []
        found = {kind: row for row, each in enumerate(argument) for kind in (type(each), str(each))}
        new = kinds - self.kinds
        self.kinds |= kinds
        return [found[kind] for kind in new]

    def compare(
        self,
        recording: Recording,
        batch: Sequence[Any],
        rows: Iterable[int],
        results: Sequence[Any],
        as_nodes: Callable[[Any, str], Any],
    ) -> None:
        """Raise RecordingError if a row's results are not those of the function itself.

        ``as_nodes`` makes Values of an argument, for a function that calls their methods.
        """
        for row in rows:
            example = [entry(argument, row) for argument in batch]
            found = [float(result[row]) for result in results]
            answer = self.answer(example, as_nodes)
            if answer is None:
                continue
            structure, expected = answer
            same = structure == recording.structure
            if same and all(map(is_close, found, expected)):
                continue
            if same and differs_by_rounding(recording, example, expected):
                continue
            raise RecordingError(self.message(row, found, expected))
        self.outside = Outside(self.function)

    def answer(
        self, example: list[Any], as_nodes: Callable[[Any, str], Any]
    ) -> tuple[Any, list[float]] | None:
        """Return what the function itself gives for an example: its structure and its numbers.

        None if it takes neither plain numbers nor Values: then there is nothing to compare with.
        """
        states = self.outside.random_states()
        try:
            returned = self.function(*example)
        except (AttributeError, LookupError, TypeError):
            try:
                returned = self.function(*(as_nodes(each, "x") for each in example))
            except (AttributeError, LookupError, TypeError):
                return None
        finally:
            self.outside.draw_again(states)  # as if nobody had looked
        leaves: list[Any] = []
        structure = flattened(returned, leaves)
        return structure, [each._data if isinstance(each, Value) else each for each in leaves]

    def message(self, row: int, found: list[float], expected: list[float]) -> str:
        """Return what is different, why that may be, and what to write instead."""
        pairs = zip(found, expected, strict=False)
        ours, its = next((pair for pair in pairs if not is_close(*pair)), (found, expected))
        changes = self.outside.changes()
        name = getattr(self.function, "__name__", type(self.function).__name__)
        reason = UNSEEN
        if changes:
            reason = f"Since it was recorded, {'; '.join(changes[:3])}. {FROZEN}"
        return (
            f"row {row} of the batch: the recording of {name} gives {ours!r}, and the function "
            f"itself {its!r}. {reason}"
        )


def entry(argument: Any, row: int) -> Any:
    """Return one row of an argument of the batch, in plain numbers."""
    found = argument[row]
    return found.tolist() if hasattr(found, "tolist") else found


def is_close(found: float, expected: float) -> bool:
    """Whether two results are the same but for rounding; NaN is the same as NaN."""
    if math.isnan(found) or math.isnan(expected):
        return math.isnan(found) and math.isnan(expected)
    return math.isclose(found, expected, rel_tol=CLOSE)


def differs_by_rounding(recording: Recording, example: list[Any], expected: list[float]) -> bool:
    """Whether the recording itself, computed as the engine would, gives what is expected.

    Array programs add up in another order. Where terms cancel, or an error grows from step to step,
    that can change every digit: then it is no fault of the recording.
    """
    try:
        found = answers_of_rows(recording, example)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return all(
        ours == its or math.isclose(ours, its, rel_tol=SAME)
        for ours, its in zip(found, expected, strict=True)
    )


def answers_of_rows(recording: Recording, example: list[Any]) -> list[float]:
    """Return the results of a recording for one example, one operation after the other."""
    numbers: dict[Any, float] = {}
    for nodes, given in zip(recording.inputs, example, strict=True):
        leaves: list[Any] = []
        flattened(given, leaves)
        numbers.update(zip(nodes, leaves, strict=True))
    roots = [result for result in recording.results if isinstance(result, Value)]
    for node in topological_order(*roots):
        if node in numbers:
            continue
        if node.op is None:
            numbers[node] = node._data
            continue
        args = [each if type(each) is float else numbers[each] for each in node.args]
        if node.op.name in ("&", "|"):
            args = [bool(each) for each in args]
        compute = node.op.value if node.op.name in CONDITIONS else node.op.on_numbers
        try:
            numbers[node] = float(compute(*args))
        except (ArithmeticError, ValueError):  # in a branch that is not chosen
            numbers[node] = math.nan
    return [numbers.get(result, result) for result in recording.results]
