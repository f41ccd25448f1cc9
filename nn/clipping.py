"""Clipping: gradients that are too long are made shorter, before a step follows them too far."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value
from autograd.machinery.all_or_nothing import write_all
from nn.checks.arguments import positive
from nn.checks.parameters import checked_parameters


def clip_gradients(
    parameters: Iterable[Value],
    *,
    largest_norm: float | None = None,
    largest_value: float | None = None,
) -> float:
    """Make gradients that are too long shorter, and return how long they were together.

    Their length, the norm, is the root of the sum of their squares. ``largest_norm`` scales them
    all by one factor, which keeps their direction; ``largest_value`` cuts off each by itself. Call
    it between ``backward()`` and ``step()``. Raises ValueError, and changes nothing, if a gradient
    is not finite.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013,
    algorithm 1, for the norm; Mikolov, "Statistical language models based on neural networks",
    2012, section 3.2.2, for the values.

    >>> x, y = Value(1.0), Value(1.0)
    >>> (30.0 * x - 40.0 * y).backward()
    >>> clip_gradients([x, y], largest_norm=5.0)
    50.0
    >>> x.grad, y.grad
    (3.0, -4.0)
    >>> clip_gradients([x, y], largest_value=3.5)
    5.0
    >>> x.grad, y.grad
    (3.0, -3.5)
    """
    if (largest_norm is None) == (largest_value is None):
        raise ValueError(
            "clip_gradients() takes one bound: write largest_norm=1.0 or largest_value=1.0."
        )
    parameters = checked_parameters(parameters)
    gradients = [parameter.grad for parameter in parameters]
    norm = math.hypot(*gradients)
    if not math.isfinite(norm):
        raise ValueError(
            f"the norm of the gradients is {norm!r}, which no clipping makes right, so nothing was "
            "changed. Look for huge inputs, or take a smaller learning rate."
        )
    if largest_norm is not None:
        bound = positive("largest_norm", largest_norm)
        clipped = [bound / norm * g for g in gradients] if norm > bound else gradients
    else:
        bound = positive("largest_value", largest_value)
        clipped = [max(-bound, min(bound, gradient)) for gradient in gradients]
    # In one call into C, which Ctrl-C cannot cut in two
    write_all(parameters, "grad", clipped)
    return norm
