"""Writes that Ctrl-C cannot cut in two."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import repeat
from typing import Any


def write_all(objects: Iterable[Any], name: str, values: Iterable[Any]) -> None:
    """Set the attribute ``name`` of each object to its value: of all of them, or of none.

    Python looks for Ctrl-C between two instructions of its own, and this is a single one: map()
    and deque() are written in C.

    >>> from autograd import Value
    >>> a, b = Value(1.0), Value(2.0)
    >>> write_all([a, b], "grad", [0.5, 0.25])
    >>> a.grad, b.grad
    (0.5, 0.25)
    """
    deque(map(setattr, objects, repeat(name), values), maxlen=0)
