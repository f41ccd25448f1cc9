"""Metrics: how good a model is, in numbers that people read. None of them has a gradient."""

from __future__ import annotations

import math
from typing import Any

from autograd import Value
from nn.arguments import plain, same_length


def predicted_class(
    outputs: Any, *, threshold: float = 0.0, classes: tuple[int, int] = (0, 1)
) -> int:
    """Return the class that the outputs for one example speak for.

    Of several outputs, the number of the largest, from 0, and the first of equals. Of a single
    output, the second of ``classes`` if it is above ``threshold``, else the first: the threshold 0
    fits a score, as for the hinge loss, and 0.5 a probability.

    >>> predicted_class([0.1, 2.0, -1.0])
    1
    >>> predicted_class(-0.3), predicted_class(-0.3, classes=(-1, 1))
    (0, -1)
    >>> predicted_class(0.7, threshold=0.5)
    1
    """
    outputs = plain(outputs)
    if not isinstance(outputs, list):
        return classes[number(outputs) > threshold]
    if len(outputs) < 2:
        raise ValueError(
            f"predicted_class() takes one output, or a list of one for each class, not a list of "
            f"{len(outputs)}."
        )
    numbers = [number(output) for output in outputs]
    return numbers.index(max(numbers))


def accuracy(predictions: Any, targets: Any) -> float:
    """Return the share of predictions that equal their targets, from 0.0 to 1.0.

    Both are lists of classes, numbers or names. Raises ValueError if they differ in length, and
    TypeError for outputs of a model, which are not classes yet: see ``predicted_class``.

    >>> accuracy([0, 1, 1, 2], [0, 1, 2, 2])
    0.75
    """
    predictions, targets = plain(predictions), plain(targets)
    if not isinstance(predictions, list) or not isinstance(targets, list):
        raise TypeError("accuracy() takes two lists of classes: write accuracy([1], [1]).")
    same_length("accuracy", predictions=predictions, targets=targets)
    for entry in (*predictions, *targets):
        if not is_class(entry):
            raise TypeError(
                f"accuracy() compares classes, and {entry!r} is none. For outputs of a model, "
                "write [predicted_class(model(x)) for x in X]."
            )
    examples = zip(predictions, targets, strict=True)
    return sum(bool(prediction == target) for prediction, target in examples) / len(targets)


def is_class(entry: Any) -> bool:
    """Whether the entry can be a class: a name or a whole number."""
    if isinstance(entry, float):
        return entry.is_integer()
    return isinstance(entry, str) or hasattr(entry, "__index__")


def number(output: Any) -> float:
    """Return an output as a number, or raise the ValueError that says it is NaN."""
    plain_number = float(output.data if isinstance(output, Value) else output)
    if math.isnan(plain_number):
        raise ValueError("an output is nan, which speaks for no class.")
    return plain_number
