"""Labels and probabilities as a cross-entropy takes them, or refused in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

from autograd import Value
from nn.checks.arguments import instead_of


def is_whole(label: Any) -> bool:
    """Whether a label is a whole number: many programs write the classes 0, 1, 2 as 0.0, 1.0, 2.0.

    >>> is_whole(2), is_whole(2.0), is_whole(2.5), is_whole("2"), is_whole(math.nan)
    (True, True, False, False, False)
    """
    return hasattr(label, "__index__") or (isinstance(label, Real) and float(label).is_integer())


def class_number(label: Any, classes: int) -> int:
    """Return the label as an index into the classes, or raise the error that says what it is."""
    if not is_whole(label):
        advice = "" if isinstance(label, Real) else f" {instead_of(label, label=True)}"
        raise TypeError(
            f"a label is the number of a class, an int from 0 to {classes - 1}, not {label!r}."
            f"{advice}"
        )
    number = int(label)
    if not 0 <= number < classes:
        raise ValueError(
            f"the label {number} is none of the {classes} classes: they count from 0 to "
            f"{classes - 1}."
        )
    return int(number)


def check_probability(name: str, p: Any) -> None:
    """Raise ValueError if the number p lies outside of 0 to 1."""
    number = data_of(p)
    if isinstance(number, Real) and (float(number) < 0 or float(number) > 1):
        raise ValueError(
            f"{name}(from_probabilities=True) takes probabilities from 0 to 1, not {number!r}. If "
            "these are logits, leave from_probabilities out."
        )


def check_distribution(name: str, numbers: Sequence[Any]) -> None:
    """Raise ValueError if the numbers are negative somewhere or not 1 in sum."""
    if all(isinstance(number, Real) for number in numbers) and not (
        min(numbers) >= 0 and math.isclose(math.fsum(numbers), 1.0, abs_tol=1e-5)
    ):
        raise ValueError(
            f"{name} {numbers!r} is no list of probabilities: they are at least 0, and 1 in sum."
        )


def data_of(operand: Any) -> Any:
    """Return the number of a Value, and anything else as it is."""
    return operand.data if type(operand) is Value else operand
