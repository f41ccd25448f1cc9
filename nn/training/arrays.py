"""Examples and answers as arrays, where they are the same numbers as the lists.

NumPy is imported here only once there is an array to make, or one has been made already.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from nn.checks.arguments import plain


def array_of(entries: list[Any]) -> Any:
    """Return rows or targets as an array, or as they are if an array would change one of them.

    All numbers must be floats, or all ints: to a recording, 1, 1.0 and True may be three things.

    >>> array_of([[1.0, 2.0], [3.0, 4.0]]).shape, array_of([0, 1, True]), array_of([[1.0], 2.0])
    ((2, 2), [0, 1, True], [[1.0], 2.0])
    """
    kinds = set(map(type, entries))
    numbers: Any = entries
    if kinds == {list}:
        if len(set(map(len, entries))) > 1:
            return entries
        numbers = chain.from_iterable(entries)
        kinds = set(map(type, numbers))
    if kinds not in ({float}, {int}):
        return entries
    from numpy import array

    found = array(entries)
    return found if found.dtype.kind in "fi" else entries  # no int of more than 64 bits


def is_array(thing: Any) -> bool:
    """Whether something is an array, and no list."""
    return hasattr(thing, "dtype")


def taken(entries: Any, order: list[int]) -> Any:
    """Return the entries in another order.

    >>> taken(["a", "b", "c"], [2, 0, 1])
    ['c', 'a', 'b']
    """
    return entries[order] if is_array(entries) else [entries[place] for place in order]


def joined(parts: Sequence[Any]) -> Any:
    """Return the answers for all batches as one array, or as one list if there is a list."""
    if all(map(is_array, parts)):
        from numpy import concatenate

        return concatenate(parts)
    return [answer for part in parts for answer in plain(part)]
