"""Examples as they are handed over: rows and targets as plain lists, or refused in plain words.

A missing number would otherwise be met in the middle of a training, or learned.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from autograd import Value
from nn.checks.arguments import instead_of, plain, same_length


def examples(name: str, X: Any, y: Any) -> tuple[list[Any], list[Any]]:
    """Return the rows and their targets as lists, for ``name``, a function, to work on.

    Lists, tuples, NumPy arrays, pandas tables and columns are welcome. Raises ValueError if X and y
    differ in length, and names row and column of what is not a finite number.

    >>> examples("fit", ((1, 2), (3, 4)), range(2))
    ([[1, 2], [3, 4]], [0, 1])
    >>> examples("fit", [[1.0, 2.0], [3.0, math.nan]], [0, 1])
    Traceback (most recent call last):
    ValueError: X[1][1] is nan: in row 1, column 1, counted from 0. Fill in what is missing, or \
leave the row out.
    """
    rows = table(name, X)
    targets = plain(y)
    if not isinstance(targets, list):
        raise TypeError(f"{name}() takes a list of targets y, not {type(y).__name__}.")
    targets = [plain(target) for target in targets]
    same_length(name, X=rows, y=targets)
    check_entries("y", targets, None)
    return rows, targets


def table(name: str, X: Any) -> list[Any]:
    """Return the rows of X as a list, for ``name``, a function, or raise as ``examples`` does."""
    rows = plain(X)
    if not isinstance(rows, list):
        raise TypeError(f"{name}() takes a list of rows X, not {type(X).__name__}.")
    rows = [plain(row) for row in rows]
    check_entries("X", rows, getattr(X, "columns", None))
    return rows


def check_entries(name: str, entries: list[Any], columns: Any) -> None:
    """Raise the error for the first entry of a table that is not a finite number.

    ``columns`` are the names of a pandas table, which the message then uses.
    """
    for position, entry in enumerate(entries):
        if type(entry) is float and math.isfinite(entry):
            continue
        if isinstance(entry, list):
            for place, number in enumerate(entry):
                if type(number) is not float or not math.isfinite(number):
                    column = place if columns is None else repr(columns[place])
                    where = f"in row {position}, column {column}, counted from 0"
                    check_entry(f"{name}[{position}][{place}]", where, number)
        else:
            check_entry(f"{name}[{position}]", f"in row {position}, counted from 0", entry)


def check_entry(name: str, where: str, entry: Any) -> None:
    """Raise the error that says what an entry is, unless it is a finite number."""
    if isinstance(entry, list):  # of a model that takes more than rows
        for place, number in enumerate(entry):
            check_entry(f"{name}[{place}]", where, number)
        return
    if isinstance(entry, Value):
        return
    if isinstance(entry, str):
        advice = instead_of(entry, label=name.startswith("y"))
        raise TypeError(f"{name} is {entry!r}, a text: {where}. {advice}")
    if entry is None:  # what is under the mask of a masked array is None in a list, too
        raise TypeError(
            f"{name} is None, which is not a number: {where}. It is missing, or masked: fill it "
            "in, as array.filled(0.0) does, or leave out its row."
        )
    if not isinstance(entry, Real):
        advice = instead_of(entry)
        raise TypeError(f"{name} is {entry!r}, which is not a number: {where}. {advice}")
    if not math.isfinite(entry):
        raise ValueError(
            f"{name} is {entry!r}: {where}. Fill in what is missing, or leave the row out."
        )
