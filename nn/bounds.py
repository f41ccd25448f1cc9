"""Bounds of single numbers, beside those in ``arguments``."""

from __future__ import annotations

import math
from typing import Any

from nn.arguments import as_float


def not_negative(name: str, number: Any) -> float:
    """Return the number as a float, or raise the error that says it must be 0 or more, and finite.

    >>> not_negative("weight_decay", 0)
    0.0
    """
    value = as_float(number)
    if not isinstance(value, float):
        raise TypeError(f"{name} must be a number, not {type(number).__name__}.")
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must be 0 or more, and finite, not {number!r}.")
    return value


def share(name: str, number: Any) -> float:
    """Return the number as a float, or raise the error that says it lies from 0 to just below 1.

    >>> share("momentum", 0.9)
    0.9
    """
    value = not_negative(name, number)
    if value >= 1:
        raise ValueError(f"{name} must be less than 1, not {number!r}.")
    return value
