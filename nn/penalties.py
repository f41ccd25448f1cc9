"""Penalties: what large parameters cost.

A penalty is a Value to add to the loss, so that it stands in the graph, and its pull on the
parameters is derived like every other gradient. Leave out of the list what should stay free, as
biases often are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import Value, fsum


def l1(parameters: Iterable[Value]) -> Any:
    """Return abs(p) summed over the parameters: it pulls each towards 0 with the same force.

    Many therefore end at 0, or next to it. At 0 itself the derivative is taken to be 0.

    Tibshirani, "Regression shrinkage and selection via the lasso", 1996.

    >>> w, b = Value(-3.0), Value(0.5)
    >>> loss = (w * 2.0 + b) ** 2 + 0.1 * l1([w, b])
    >>> loss.backward()
    >>> round(loss.data, 6), round(w.grad, 6)  # 30.25 + 0.1 * 3.5, and 4 * -5.5 - 0.1
    (30.6, -22.1)
    """
    return fsum([abs(parameter) for parameter in penalised("l1", parameters)])


def l2(parameters: Iterable[Value]) -> Any:
    """Return p**2 summed over the parameters: it pulls each towards 0 by twice its size.

    There is no 1/2 in it: the gradient of ``0.01 * l2(parameters)`` is 0.02 * p.

    Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal problems", 1970.

    >>> w = Value(-3.0)
    >>> penalty = 0.01 * l2([w])
    >>> penalty.backward()
    >>> penalty.data, w.grad
    (0.09, -0.06)
    """
    return fsum([parameter**2 for parameter in penalised("l2", parameters)])


def penalised(name: str, parameters: Iterable[Value]) -> list[Value]:
    """Return the parameters as a list, or raise the error that says what to pass."""
    if not hasattr(parameters, "__iter__"):
        raise TypeError(
            f"{name}() takes a list of parameters, not {type(parameters).__name__}: "
            f"write {name}(model.parameters())."
        )
    values = list(parameters)
    if not values:
        raise ValueError(f"{name}() needs at least one parameter: pass model.parameters().")
    for position, value in enumerate(values, start=1):
        if not isinstance(value, Value):
            raise TypeError(
                f"{name}(): parameter {position} is a {type(value).__name__}, not a Value: "
                "pass model.parameters()."
            )
    return values
