"""Parameters as an array, while their Values stand by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import numpy as np

from autograd.machinery import modes
from autograd.machinery.all_or_nothing import write_all
from autograd.value import Value


class ParameterArray:
    """The numbers of some Values, in one array, in their order.

    ``read`` brings the array up to date with what was written into the Values: it costs nothing
    when nothing was. ``write_back`` writes the array into the Values.

    >>> w, b = Value(2.0, label="w"), Value(0.5, label="b")
    >>> numbers = ParameterArray([w, b])
    >>> numbers.array -= 0.25
    >>> numbers.write_back()
    >>> w.data, b.data
    (1.75, 0.25)
    """

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = list(values)
        self.array = np.zeros(len(self.values))
        self.seen: float = -math.inf  # the count of writes when the array was last right
        self.read()

    def read(self) -> Any:
        """Return the array, after taking over the Values that were written since."""
        if modes.writes != self.seen:
            seen = modes.writes
            for position, value in enumerate(self.values):
                if value.version > self.seen:
                    self.array[position] = value._data
            self.seen = seen
        return self.array

    def checked(self, numbers: Any = None) -> Any:
        """Return other numbers for the parameters as an array, or by default their own.

        Raises ValueError if they are not as many.
        """
        if numbers is None:
            return self.read()
        found = np.asarray(numbers, dtype=float)
        if found.shape != self.array.shape:
            raise ValueError(
                f"the function has {len(self.values)} parameters, and takes a list of as many "
                f"numbers for them, not an array of the shape {found.shape}."
            )
        return found

    @contextmanager
    def held(self, numbers: Any) -> Iterator[None]:
        """Let the Values have other numbers inside the block, for what the engine itself computes.

        >>> w = Value(2.0)
        >>> with ParameterArray([w]).held([3.0]):
        ...     (w * 2.0).data
        6.0
        >>> w.data
        2.0
        """
        before = [value._data for value in self.values]
        try:
            try:
                self.hold(np.asarray(numbers, dtype=float).tolist())
                yield
            finally:
                self.hold(before)
        finally:
            self.hold(before)  # should Ctrl-C have come on the way out

    def hold(self, numbers: Iterable[float]) -> None:
        """Put numbers into the Values in one call into C, which Ctrl-C cannot cut in two."""
        write_all(self.values, "_data", numbers)

    def write_back(self) -> None:
        """Write every number of the array into its Value."""
        # One write for all: for a large network, a write each takes longer than a step.
        # In this order an interruption in between can only make a graph look stale, never fresh.
        write_all(self.values, "version", repeat(modes.count_write()))
        self.hold(self.array.tolist())
        self.seen = modes.writes
