"""From a user's batch to the machine and back, a block of rows at a time."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.ask.explain import explain
from autograd.compiled.lift.program import Band
from autograd.compiled.record.nodes import RecordingError
from autograd.compiled.record.record import argument_name, like
from autograd.compiled.run.kernels import OutsideError
from autograd.compiled.run.machine import Layout, Machine
from autograd.formulas.dispatch import is_array, number
from autograd.machinery.modes import current
from autograd.value import Value

Array = Any


class Computed(NamedTuple):
    """What a batch gave: every result for every row, and the gradients, if they are wanted."""

    results: list[Array]
    gradient: Array | None
    by_input: list[Array] | None


def checked(batch: Sequence[Any]) -> list[Array]:
    """Return the arguments of a batch as arrays of floats with the same number of rows."""
    if not batch:
        raise ValueError("a compiled function needs a batch: write step.value(X, y).")
    arrays = []
    for position, argument in enumerate(batch, start=1):
        array = argument
        if type(argument) is not np.ndarray or argument.dtype != float:
            array = as_array(argument, position)
        if not array.ndim:
            raise ValueError(
                f"argument {position} of the batch is a single number: pass a list with an entry "
                "for each row."
            )
        arrays.append(array)
    rows = len(arrays[0])
    if any(len(array) != rows for array in arrays):
        counts = " and ".join(str(len(array)) for array in arrays)
        raise ValueError(
            f"the arguments of the batch have {counts} rows: each row needs one entry of each."
        )
    if not rows:
        raise ValueError("the batch has no row: pass at least one example.")
    for position, array in enumerate(arrays, start=1):
        if not array.size:
            raise ValueError(f"argument {position} of the batch has rows without any entry.")
    return arrays


def as_array(argument: Any, position: int) -> Array:
    """Return an argument of a batch as an array of floats."""
    is_array(argument)  # a masked one is refused
    try:
        array = np.asarray(argument)
        # Booleans, integers and floats. An array of objects may hold such numbers: a large integer.
        if array.dtype.kind in "biuf" or (array.dtype.kind == "O" and all_numbers(array)):
            return array.astype(float, copy=False)
    except RecordingError:
        raise
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"argument {position} of the batch is no table of numbers: every row needs the same number "
        "of entries, and each entry must be a number."
    )


def all_numbers(array: Array) -> bool:
    """Whether all members of an array of objects are numbers."""
    return all(number(member) is not None for member in array.flat)


def run(
    machine: Machine,
    arrays: list[Array],
    replay: Callable[[Iterable[int]], None],
    *,
    loss: int | None = None,
) -> Computed:
    """Return what the batch gives, or raise what the engine says of the first row that is wrong.

    ``loss`` is the place of the result that must be finite. ``replay`` lets the engine compute some
    rows, and raise. If it raises nothing, an overflow in between led to a right result, or a
    ``where`` did not choose it, or ieee() asks no questions.
    """
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            computed = compute(machine, arrays)
            if is_finite(computed, loss):
                return computed
    except FloatingPointError:
        pass
    suspects: list[Array] = []
    every = range(len(arrays[0]))
    try:
        with np.errstate(all="ignore"):
            computed = compute(machine, arrays, suspects)
    except OutsideError as error:  # no infinity stands for a label that no class has
        row = sum(map(len, suspects)) + int(error.rows.argmax())
        replay([row])
        raise IndexError(
            f"row {row} of the batch: the place in a softmax, such as a label, is no whole number "
            "from 0 to the last of its values: write 0 for the first, in every row."
        ) from None
    rows = np.flatnonzero(np.concatenate(suspects))
    replay(rows.tolist() if len(rows) else every)
    with np.errstate(all="ignore"):
        if current.ieee or is_finite(computed, loss):
            return computed
    raise FloatingPointError(OVERFLOW)


OVERFLOW = (
    "the mean or the gradient of the whole batch overflows, though no row does. In a training, "
    "take a smaller learning rate; elsewhere, scale the loss."
)


def is_finite(computed: Computed, loss: int | None) -> bool:
    """Whether the gradient is finite, or without one the loss, if that must be."""
    if computed.gradient is not None:
        return math.isfinite(np.add.reduce(computed.gradient))
    return loss is None or math.isfinite(np.add.reduce(computed.results[loss]))


def compute(machine: Machine, arrays: list[Array], suspects: list[Array] | None = None) -> Computed:
    """Run the program for all rows; the numbers that they share are in the column already.

    In ``suspects`` the rows are noted, True or False, in which something was not finite.
    """
    rows = len(arrays[0])
    size = machine.block_size(rows)
    if size >= rows:
        results, by_input = run_block(machine, arrays, rows, suspects)
    else:
        results, by_input = run_blocks(machine, arrays, size, suspects)
    if machine.root is None:
        return Computed(results, None, None)
    for function, args in machine.shared_back:
        function(*args)
    return Computed(results, machine.pulls[: machine.program.parameters, 0].copy(), by_input)


def run_blocks(
    machine: Machine, arrays: list[Array], size: int, suspects: list[Array] | None
) -> tuple[list[Array], list[Array] | None]:
    """Run block after block, and return what ``run_block`` does for all of them together."""
    rows = len(arrays[0])
    total = np.zeros_like(machine.pulls)
    parts = []
    for start in range(0, rows, size):
        block = [array[start : start + size] for array in arrays]
        parts.append(run_block(machine, block, rows, suspects))
        total += machine.pulls
    machine.pulls[...] = total
    machine.seed_shared()  # once, and not for every block
    results = joined([found for found, _ in parts])
    return results, joined([found for _, found in parts if found]) if machine.inputs else None


def joined(found: Sequence[list[Array]]) -> list[Array]:
    """Return the arrays of all blocks, one after the other."""
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def run_block(
    machine: Machine, block: list[Array], rows: int, suspects: list[Array] | None
) -> tuple[list[Array], list[Array] | None]:
    """Run the program for a block of all the rows; leave the gradient by what they share.

    Returns the results of each row, and the gradient with respect to the inputs, if wanted.
    """
    layout = machine.layout(len(block[0]))
    for slots, array in zip(layout.inputs, block, strict=True):
        slots[...] = array.T if array.ndim < 3 else array.reshape(len(array), -1).T
    for function, args in layout.forward:
        function(*args)
    results = results_of(layout, machine.program.results)
    if suspects is not None:
        suspects.append(~np.isfinite(layout.slots).all(axis=0))
    if machine.root is None:
        return results, None
    machine.pulls.fill(0.0)
    machine.seed_shared()
    if isinstance(machine.root, Band):
        layout.adjoints[machine.root.start].fill(1.0 / rows)
    for function, args in layout.backward:
        function(*args)
    if suspects is not None:
        suspects[-1] |= ~np.isfinite(layout.adjoints).all(axis=0)
    if not machine.inputs:
        return results, None
    return results, [layout.input_gradient(place, part) for place, part in enumerate(block)]


def results_of(layout: Layout, results: Sequence[Any]) -> list[Array]:
    """Return every result for every row of a block."""
    places = layout.machine.result_slots
    if places is None:
        return [result_of(layout, result) for result in results]
    return list(layout.slots[places])  # in one call: of ten classes, each would take its own


def result_of(layout: Layout, result: Any) -> Array:
    """Return one result for every row of a block."""
    if isinstance(result, Band):
        return layout.slots[result.start].copy()
    return np.full(layout.rows, layout.machine.column[result.positions[0], 0])


def mean(numbers: Array) -> float:
    """Return the mean of the numbers of all rows; an error if only their sum is too large."""
    with np.errstate(all="ignore"):  # in ieee() mode the numbers may be infinite
        total = float(numbers.dot(ones(len(numbers))))
    if not math.isfinite(total) and not current.ieee and np.isfinite(numbers).all():
        raise FloatingPointError(OVERFLOW)
    return total / len(numbers)


@functools.lru_cache(maxsize=4)
def ones(count: int) -> Array:
    """Return an array of ones."""
    return np.ones(count)


def nested(structure: Any, results: list[Array]) -> Any:
    """Return the results as the function returned them: a list of numbers as one array."""
    if isinstance(structure, int):
        return results[structure]
    if isinstance(structure, dict):
        return {key: nested(member, results) for key, member in structure.items()}
    if isinstance(structure, list) and all(isinstance(member, int) for member in structure):
        return np.array([results[member] for member in structure]).T
    return like(structure, [nested(member, results) for member in structure])


def replay(
    function: Callable[..., Any],
    batch: Sequence[Any],
    rows: Iterable[int],
    wanted: Mapping[str, bool],
) -> None:
    """Compute rows as the engine does, and raise what it says of the first bad one, if one is.

    ``wanted`` says what must be finite: "value", "inputs" (the gradient with respect to them) and
    "gradient" (that with respect to all else).
    """
    if current.ieee:
        return
    columns = [np.asarray(argument) for argument in batch]
    names = [argument_name(function, place) for place in range(len(columns))]
    for row in rows:
        leaves: set[Value] = set()
        try:
            example = [
                nodes(column[row].tolist(), name, leaves)
                for column, name in zip(columns, names, strict=True)
            ]
            result = function(*example)
            loss = result[0] if isinstance(result, tuple) else result
            explanation = explain(loss) if isinstance(loss, Value) else None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            error.args = (f"row {row} of the batch: {error}",)
            raise
        if explanation is None:
            continue
        kind: str = explanation.kind
        if kind == "gradient" and explanation.path[0] in leaves:
            kind = "inputs"
        if wanted.get(kind):
            raise FloatingPointError(f"row {row} of the batch: {explanation}")


def as_nodes(entry: Any, name: str) -> Any:
    """Return an argument of the function with all its numbers as Values."""
    if isinstance(entry, list | tuple):
        return [as_nodes(member, f"{name}[{place}]") for place, member in enumerate(entry)]
    return Value(entry, label=name)


def nodes(entry: Any, name: str, leaves: set[Value]) -> Any:
    """Return an argument of the function with its floats as named leaves, which are listed."""
    if isinstance(entry, list):
        return [nodes(member, f"{name}[{place}]", leaves) for place, member in enumerate(entry)]
    if not isinstance(entry, float):
        return entry  # a label stays an int
    leaf = Value(entry, label=name)
    leaves.add(leaf)
    return leaf
