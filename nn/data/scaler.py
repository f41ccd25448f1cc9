"""Scaler: columns of a table brought to a common size, so that no feature is louder than others."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from nn.checks.arguments import plain


@dataclass(frozen=True)
class Scaler:
    """Brings each column to a common size, and back: (x - centre) / width.

    Make one of the training data and use it for all data, so that a number means the same
    everywhere; the test data must not take part in choosing it.

    >>> scaler = Scaler.min_max([[0.0, 10.0], [4.0, 30.0]])
    >>> scaler([[1.0, 20.0]])
    [[0.25, 0.5]]
    >>> scaler.undo([[0.25, 0.5]])
    [[1.0, 20.0]]
    """

    centre: list[float]
    width: list[float]

    @classmethod
    def standard(cls, X: Sequence[Sequence[float]]) -> Scaler:
        """Return the scaler that gives each column of X the mean 0 and the standard deviation 1.

        A column whose numbers are all equal becomes 0.

        >>> Scaler.standard([[1.0], [3.0]])([[1.0], [3.0], [7.0]])
        [[-1.0], [1.0], [5.0]]
        """
        columns = columns_of(X)
        centre = [math.fsum(column) / len(column) for column in columns]
        width = [
            math.dist(column, [mean] * len(column)) / math.sqrt(len(column))
            for column, mean in zip(columns, centre, strict=True)
        ]
        return cls.of(columns, centre, width)

    @classmethod
    def min_max(cls, X: Sequence[Sequence[float]]) -> Scaler:
        """Return the scaler that makes each column of X reach from 0 to 1.

        A column whose numbers are all equal becomes 0.

        >>> Scaler.min_max([[1.0], [3.0]])([[1.0], [3.0], [7.0]])
        [[0.0], [1.0], [3.0]]
        """
        columns = columns_of(X)
        centre = [min(column) for column in columns]
        return cls.of(columns, centre, [max(column) - min(column) for column in columns])

    @classmethod
    def of(cls, columns: list[list[float]], centre: list[float], width: list[float]) -> Scaler:
        """Return the scaler of these columns; it moves a constant column to 0, and no more."""
        for position, column in enumerate(columns):
            if min(column) == max(column):  # the rounded mean of equal numbers may be another one
                centre[position], width[position] = column[0], 0.0
            width[position] = width[position] or 1.0  # also where a tiny deviation rounds to 0
        return cls(centre, width)

    def __call__(self, X: Sequence[Sequence[float]]) -> list[list[float]]:
        """Return X scaled."""
        return [
            [(x - c) / w for x, c, w in zip(row, self.centre, self.width, strict=True)]
            for row in self.rows(X)
        ]

    def undo(self, X: Sequence[Sequence[float]]) -> list[list[float]]:
        """Return scaled rows in their first units."""
        return [
            [x * w + c for x, c, w in zip(row, self.centre, self.width, strict=True)]
            for row in self.rows(X)
        ]

    def to_dict(self) -> dict[str, list[float]]:
        """Return the scaler as lists of numbers, to be saved (JSON keeps every digit of them).

        >>> Scaler.min_max([[0.0], [4.0]]).to_dict()
        {'centre': [0.0], 'width': [4.0]}
        """
        return {"centre": list(self.centre), "width": list(self.width)}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Scaler:
        """Return the scaler that ``to_dict`` saved, or raise ValueError if it cannot be one.

        >>> Scaler.from_dict({"centre": [0.0], "width": [4.0]})([[1.0]])
        [[0.25]]
        """
        try:
            scaler = cls(*([as_number(each) for each in saved[key]] for key in ("centre", "width")))
        except (KeyError, TypeError, OverflowError):
            raise ValueError(
                "a saved scaler is two lists of numbers called 'centre' and 'width', as "
                f"scaler.to_dict() returns them, not {reprlib.repr(saved)}."
            ) from None
        if len(scaler.centre) != len(scaler.width):
            raise ValueError(
                f"a saved scaler has a centre and a width for each column, not "
                f"{len(scaler.centre)} and {len(scaler.width)} of them."
            )
        if not all(map(math.isfinite, scaler.centre)) or not all(
            0 < w < math.inf for w in scaler.width
        ):
            raise ValueError("a scaler needs finite centres, and finite widths above 0.")
        return scaler

    def rows(self, X: Any) -> list[list[float]]:
        """Return X as rows that have the columns of this scaler, or raise ValueError."""
        rows = rows_of_numbers(X)
        if rows and len(rows[0]) != len(self.width):
            raise ValueError(
                f"the scaler was made of rows of {len(self.width)} numbers, and this one has "
                f"{len(rows[0])}."
            )
        return rows


def as_number(entry: Any) -> float:
    """Return a number as a float, or raise TypeError: float() would take a text as well.

    >>> as_number(1)
    1.0
    """
    if isinstance(entry, bool) or not isinstance(entry, Real):
        raise TypeError(f"{reprlib.repr(entry)} is no number.")
    return float(entry)


def rows_of_numbers(X: Any) -> list[list[float]]:
    """Return X as a list of rows of the same length, or raise ValueError."""
    rows = [plain(row) for row in plain(X)]
    for position, row in enumerate(rows, start=1):
        if not isinstance(row, list):
            raise ValueError(
                "X is a list of rows, not of numbers: for a single column write [[x] for x in X]."
            )
        if len(row) != len(rows[0]):
            raise ValueError(f"row {position} has {len(row)} numbers, and row 1 {len(rows[0])}.")
    return rows


def columns_of(X: Any) -> list[list[float]]:
    """Return the columns of X, or raise ValueError if there are none to measure."""
    columns = [list(column) for column in zip(*rows_of_numbers(X), strict=True)]
    if not columns:
        raise ValueError("a scaler needs at least one row of numbers.")
    for position, column in enumerate(columns, start=1):
        for entry in column:
            if not isinstance(entry, Real):
                raise TypeError(f"column {position} holds {entry!r}, which is no number.")
        if not all(map(math.isfinite, column)):
            raise ValueError(f"column {position} holds a number that is infinite or nan.")
        if max(map(abs, column)) > 1e300:
            raise ValueError(f"column {position} holds a number beyond 1e300: take another unit.")
    return columns
