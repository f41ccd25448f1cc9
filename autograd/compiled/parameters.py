"""Parameters as an array, while their Values stand by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import modes
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
        self.seen = -1  # the count of writes when the array was last right
        self.read()

    def read(self) -> Any:
        """Return the array, after taking over the Values that were written since."""
        if modes.writes != self.seen:
            seen = modes.writes
            for position, value in enumerate(self.values):
                if value.epoch > self.seen:
                    self.array[position] = value._data
            self.seen = seen
        return self.array

    def write_back(self) -> None:
        """Write every number of the array into its Value."""
        for value, number in zip(self.values, self.array.tolist(), strict=True):
            value.data = number
        self.seen = modes.writes
