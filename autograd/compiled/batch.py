"""From a user's batch to the machine and back, a block of rows at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.compiled.machine import Layout, Machine
from autograd.compiled.program import Band
from autograd.modes import modes
from autograd.provenance import explain
from autograd.value import Value

Array = Any


class Computed(NamedTuple):
    """What a batch gave: every result for every row, and the gradients that were asked for."""

    results: list[Array]
    gradient: Array | None
    by_input: list[Array] | None


def checked(batch: Sequence[Any]) -> list[Array]:
    """Return the arguments of a batch as arrays of floats with the same number of rows."""
    if not batch:
        raise ValueError("a compiled function needs a batch: write step.value(X, y).")
    arrays = []
    for position, argument in enumerate(batch, start=1):
        try:
            array = np.asarray(argument, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(
                f"argument {position} of the batch is no table of numbers: every row needs the "
                "same number of entries, and each entry must be a number."
            ) from None
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
    return arrays


def run(machine: Machine, arrays: list[Array], function: Any, batch: Sequence[Any]) -> Computed:
    """Return what the batch gives, or raise what the engine says of the first row that is wrong."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            computed = compute(machine, arrays)
        finite = computed.gradient is None or math.isfinite(np.add.reduce(computed.gradient))
    except FloatingPointError:
        finite = False
    if not finite:
        replay(function, batch)
        with np.errstate(all="ignore"):  # no row was wrong by itself, or ieee() asks no questions
            computed = compute(machine, arrays)
    return computed


def compute(machine: Machine, arrays: list[Array]) -> Computed:
    """Run the program for all rows; the numbers that they share are in the column already."""
    rows = len(arrays[0])
    size = machine.block_size(rows)
    if size >= rows:
        results, by_input = run_block(machine, arrays, rows)
    else:
        results, by_input = run_blocks(machine, arrays, size)
    if machine.root is None:
        return Computed(results, None, None)
    for function, args in machine.shared_back:
        function(*args)
    return Computed(results, machine.pulls[: machine.program.parameters, 0].copy(), by_input)


def run_blocks(machine: Machine, arrays: list[Array], size: int) -> tuple[Any, Any]:
    """Run block after block, and return what ``run_block`` does for all of them together."""
    rows = len(arrays[0])
    total = np.zeros_like(machine.pulls)
    parts = []
    for start in range(0, rows, size):
        parts.append(run_block(machine, [array[start : start + size] for array in arrays], rows))
        total += machine.pulls
    machine.pulls[...] = total
    machine.seed_shared()  # once, and not for every block
    results, by_input = zip(*parts, strict=True)
    return joined(results), joined(by_input) if machine.inputs else None


def joined(found: Sequence[list[Array]]) -> list[Array]:
    """Return the arrays of all blocks, one after the other."""
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def run_block(machine: Machine, block: list[Array], rows: int) -> tuple[Any, Any]:
    """Run the program for a block of all the rows; leave the gradient by what they share.

    Returns the results of each row, and the gradient by the inputs if it is wanted.
    """
    layout = machine.layout(len(block[0]))
    for slots, array in zip(layout.inputs, block, strict=True):
        slots[...] = array.T if array.ndim < 3 else array.reshape(len(array), -1).T
    for function, args in layout.forward:
        function(*args)
    results = [result_of(layout, result) for result in machine.program.results]
    if machine.root is None:
        return results, None
    machine.pulls.fill(0.0)
    machine.seed_shared()
    if isinstance(machine.root, Band):
        layout.adjoints[machine.root.start].fill(1.0 / rows)
    for function, args in layout.backward:
        function(*args)
    if not machine.inputs:
        return results, None
    return results, [layout.input_gradient(place, part) for place, part in enumerate(block)]


def result_of(layout: Layout, result: Any) -> Array:
    """Return one result for every row of a block."""
    if isinstance(result, Band):
        return layout.slots[result.start].copy()
    return np.full(layout.rows, layout.machine.column[result.positions[0], 0])


def mean(numbers: Array) -> float:
    """Return the mean of the numbers of all rows."""
    return float(np.add.reduce(numbers)) / len(numbers)


def nested(structure: Any, results: list[Array]) -> Any:
    """Return the results as the function returned them: a list of numbers as one array."""
    if isinstance(structure, int):
        return results[structure]
    if isinstance(structure, dict):
        return {key: nested(member, results) for key, member in structure.items()}
    if isinstance(structure, list) and all(isinstance(member, int) for member in structure):
        return np.stack([results[member] for member in structure], axis=1)
    return type(structure)(nested(member, results) for member in structure)


def replay(function: Callable[..., Any], batch: Sequence[Any]) -> None:
    """Compute row after row as the engine does, and raise what it says of the first bad one.

    Returns if no row is bad by itself: an overflow in between may have led to a right result.
    """
    if modes.ieee:
        return
    columns = [np.asarray(argument) for argument in batch]
    for row in range(len(columns[0])):
        example = [column[row].tolist() for column in columns]
        try:
            result = function(*example)
            loss = result[0] if isinstance(result, tuple) else result
            if not isinstance(loss, Value):
                continue
            explanation = explain(loss)
        except (ArithmeticError, ValueError) as error:
            error.args = (f"row {row} of the batch: {error}",)
            raise
        if explanation.kind != "none":
            raise FloatingPointError(f"row {row} of the batch: {explanation}")
