"""What a statement does, in NumPy: every one writes its result into memory that is there already.

Most are a universal function of NumPy by the same name. The others stand here: choices, sums over
lanes and rows, matrix products and the softmax family, whose values and pullbacks are those of the
rows in ``rules.py``, written for a whole array at once (a test holds them equal).
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any
Step = tuple[Callable[..., Any], tuple[Any, ...]]  # call the function with these arguments


def ufunc_step(name: str, args: tuple[Any, ...], out: Array) -> Step:
    """Return the step of a universal function."""
    function = getattr(np, name)
    if function.nargs != len(args) + 1 or name in ("maximum", "minimum"):
        return functools.partial(function, out=out), args
    return function, (*args, out)


def where(condition: Array, yes: Array, no: Array, out: Array) -> None:
    """Write ``yes`` where the condition holds (is not 0), else ``no``."""
    holds = condition if condition.dtype == bool else condition != 0.0
    whole = holds.shape == out.shape and yes.shape in ((), out.shape)
    if whole and not np.may_share_memory(yes, out):  # several times as quick as np.where
        np.copyto(out, no)
        np.putmask(out, holds, yes)
    else:
        np.copyto(out, np.where(holds, yes, no))


def gate(adjoint: Array, x: Array, zeros: Array, mask: Array, out: Array) -> None:
    """Write the adjoint where x > 0 (or is NaN), else 0: the derivative of relu."""
    np.less_equal(x, zeros, mask)
    if out is not adjoint:
        np.copyto(out, adjoint)
    np.putmask(out, mask, 0.0)


def reached(adjoint: Array, x: Array, out: Array) -> None:
    """Write x, but 0 where the adjoint is 0: what was not chosen may be infinite there."""
    np.copyto(out, np.where(adjoint != 0.0, x, 0.0))


def rows_reached(adjoint: Array, x: Array, out: Array) -> None:
    """Write x, but 0 in the rows in which no lane has an adjoint."""
    np.copyto(out, np.where((adjoint != 0.0).any(axis=0), x, 0.0))


def each(function: Callable[..., float], *operands: Array) -> None:
    """Call a function of numbers for every member: for operations that know no arrays."""
    *args, out = operands
    out[...] = np.frompyfunc(function, len(args), 1)(*args)


def sum_lanes(x: Array, out: Array) -> None:
    """Write the sum over all lanes, for each row."""
    if len(x) == 2:  # as it is most often: a sum is quicker than a reduction
        np.add(x[:1], x[1:], out)
    else:
        np.add.reduce(x, axis=0, out=out, keepdims=True)


def sum_rows(x: Array, out: Array) -> None:
    """Write the sum over all rows, for each lane."""
    np.add.reduce(x, axis=1, out=out, keepdims=True)


def copy(x: Array, out: Array) -> None:
    """Write a copy."""
    out[...] = x


def add_product(a: Array, b: Array, target: Array, buffer: Array) -> None:
    """Add a matrix product to what is there."""
    np.dot(a, b, buffer)
    np.add(target, buffer, target)


def add_bias(a: Array, b: Array, bias: Array, out: Array) -> None:
    """Write a matrix product plus a bias for each output."""
    np.dot(a, b, out)
    np.add(out, bias, out)


def scatter_add(x: Array, target: Array, positions: Array) -> None:
    """Add numbers to the members at some positions, which may repeat."""
    np.add.at(target, (positions, 0), np.broadcast_to(x, (len(positions), 1))[:, 0])


# The softmax family. Its operand has a lane for each value. ``shares`` is memory that the value
# leaves to its pullback: the exponentials, each divided by their sum.


def shared_out(x: Array, shares: Array) -> tuple[Array, Array]:
    """Write softmax(x) into ``shares``; return the largest x, and how much logsumexp is above."""
    top = np.maximum.reduce(x, axis=0, keepdims=True)
    np.subtract(x, top, shares)
    np.exp(shares, shares)
    total = np.add.reduce(shares, axis=0, keepdims=True)
    np.divide(shares, total, shares)
    return top, np.log(total, total)


def softmax(x: Array, shares: Array, places: Places, out: Array) -> None:
    """Write the shares at the places."""
    shared_out(x, shares)
    places.take(shares, out)


def log_softmax(x: Array, shares: Array, places: Places, out: Array) -> None:
    """Write the logarithms of the shares at the places."""
    top, above = shared_out(x, shares)
    places.take(x, out)
    np.subtract(out, top, out)  # first, as it is exact for the largest
    np.subtract(out, above, out)


def logsumexp(x: Array, shares: Array, places: None, out: Array) -> None:
    """Write the logarithm of the sum of the exponentials."""
    np.add(*shared_out(x, shares), out)


def logsumexp_pull(adjoint: Array, shares: Array, places: None, out: Array) -> None:
    """Write adjoint * share."""
    np.multiply(shares, adjoint, out)


def softmax_pull(adjoint: Array, shares: Array, places: Places, out: Array) -> None:
    """Write share * (adjoint - sum of adjoint * share), where only the places have an adjoint."""
    out.fill(0.0)
    places.add(adjoint, out)
    np.subtract(out, np.add.reduce(out * shares, axis=0, keepdims=True), out)
    np.multiply(out, shares, out)


def log_softmax_pull(adjoint: Array, shares: Array, places: Places, out: Array) -> None:
    """Write adjoint - share * sum of the adjoints, where only the places have an adjoint."""
    whole = adjoint if len(adjoint) == 1 else np.add.reduce(adjoint, axis=0, keepdims=True)
    np.multiply(shares, -whole, out)
    places.add(adjoint, out)


class OutsideError(FloatingPointError):
    """A place that no value is at; ``rows`` marks the rows with True."""

    def __init__(self, rows: Array) -> None:
        super().__init__("a place outside of the values")
        self.rows = rows


class Places(ABC):
    """Which lanes of an operand are meant."""

    @abstractmethod
    def take(self, x: Array, out: Array) -> None:
        """Write the lanes of x that are meant."""

    @abstractmethod
    def add(self, adjoint: Array, out: Array) -> None:
        """Add an adjoint to the lanes that are meant."""


class SamePlaces(Places):
    """The same lanes in every row."""

    def __init__(self, numbers: tuple[int, ...], count: int) -> None:
        self.lanes: Any = slice(None) if numbers == tuple(range(count)) else list(numbers)

    def take(self, x: Array, out: Array) -> None:
        """Write the lanes of x that are meant."""
        out[...] = x[self.lanes]

    def add(self, adjoint: Array, out: Array) -> None:
        """Add an adjoint to the lanes that are meant."""
        out[self.lanes] += adjoint


class PlaceOfRow(Places):
    """In every row the lane whose number stands in ``numbers``, such as the label of its class."""

    def __init__(self, numbers: Array, rows: int) -> None:
        self.numbers, self.rows = numbers, rows
        self.each_row = np.arange(rows)
        self.flat = self.each_row.copy()
        self.unsigned = self.flat.view(np.uintp)

    def take(self, x: Array, out: Array) -> None:
        """Write the lane of x that each row means."""
        np.copyto(self.flat, self.numbers[0], casting="unsafe")
        # Without its sign, a number below 0 is a very large one.
        outside = (self.unsigned >= len(x)) | (self.flat != self.numbers[0])
        if outside.any():
            raise OutsideError(outside)
        np.multiply(self.flat, self.rows, self.flat)
        np.add(self.flat, self.each_row, self.flat)
        np.take(x.reshape(-1), self.flat, 0, out[0], "clip")

    def add(self, adjoint: Array, out: Array) -> None:
        """Add an adjoint to the lane that each row means; ``take`` has been called before."""
        out.reshape(-1)[self.flat] += adjoint[0]


NORMALISED = {
    function.__name__: function
    for function in (
        softmax, log_softmax, logsumexp, softmax_pull, log_softmax_pull, logsumexp_pull,
    )
}  # fmt: skip
