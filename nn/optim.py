"""Optimizers: how gradients change parameters.

An optimizer computes all the new numbers before it writes the first: a step happens as a whole, or
not at all.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable

from autograd import Value
from nn.arguments import positive
from nn.module import clear_gradients


class Optimizer(ABC):
    """What all optimizers share. A subclass says in ``moved`` where the parameters go.

    Raises ValueError without parameters, if one appears twice (it would be moved twice) or was
    computed from others, and if the learning rate ``lr`` is not positive and finite.
    """

    _lr: float

    def __init__(self, parameters: Iterable[Value], lr: float) -> None:
        self.parameters = checked_parameters(parameters)
        self.lr = lr

    @property
    def lr(self) -> float:
        """The learning rate; it may be set between steps."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = positive("the learning rate lr", lr)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0.0; ``backward()`` adds to what is there."""
        clear_gradients(self.parameters)

    def step(self) -> None:
        """Move every parameter once.

        Raises ValueError if a gradient or a new number is not finite; then no parameter has
        changed.
        """
        for position, parameter in enumerate(self.parameters, start=1):
            if not math.isfinite(parameter.grad):
                raise ValueError(
                    f"the gradient of {called(parameter, position)} is {parameter.grad!r}, so "
                    "nothing was changed. Look for huge inputs, or take a smaller learning rate."
                )
        before = [parameter.data for parameter in self.parameters]
        after = self.moved()
        for position, (parameter, data) in enumerate(zip(self.parameters, after, strict=True), 1):
            if not math.isfinite(data):
                raise ValueError(
                    f"{called(parameter, position)} would become {data!r}, so nothing was "
                    "changed. Take a smaller learning rate."
                )
        try:
            write(self.parameters, after)
        except BaseException:  # Ctrl-C in between: back to the point where the step began
            write(self.parameters, before)
            raise

    @abstractmethod
    def moved(self) -> list[float]:
        """Return the new number of each parameter."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.parameters)} parameters, lr={self.lr!r}>"


class SGD(Optimizer):
    """Gradient descent: each parameter moves against its gradient, by ``lr`` times its size.

    Stochastic (the S) if the gradient comes from a few examples drawn at random.

    Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847;
    Robbins and Monro, "A stochastic approximation method", 1951.

    >>> x = Value(3.0, label="x")
    >>> optimizer = SGD([x], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    >>> round(x.data, 6)  # 3 * 0.8 * 0.8
    1.92
    """

    def moved(self) -> list[float]:
        """Return the new number of each parameter: data - lr * grad."""
        return [parameter.data - self.lr * parameter.grad for parameter in self.parameters]


def checked_parameters(parameters: Iterable[Value]) -> list[Value]:
    """Return the parameters as a list, or raise the error that says which of them cannot be one."""
    if not hasattr(parameters, "__iter__"):
        raise TypeError(
            f"an optimizer takes a list of parameters, not {type(parameters).__name__}: "
            "write model.parameters()."
        )
    listed = list(parameters)
    if not listed:
        raise ValueError("an optimizer needs at least one parameter: pass model.parameters().")
    seen: set[Value] = set()
    for position, parameter in enumerate(listed, start=1):
        if not isinstance(parameter, Value):
            raise TypeError(
                f"parameter {position} is a {type(parameter).__name__}, not a Value: "
                "pass model.parameters()."
            )
        if parameter.op is not None:
            raise ValueError(
                f"{called(parameter, position)} was computed from other Values: pass those "
                "instead, since only leaves can be changed."
            )
        if parameter in seen:
            raise ValueError(f"{called(parameter, position)} is in the list twice.")
        seen.add(parameter)
    return listed


def write(parameters: list[Value], numbers: list[float]) -> None:
    """Give each parameter its number."""
    for parameter, data in zip(parameters, numbers, strict=True):
        parameter.data = data


def called(parameter: Value, position: int) -> str:
    """Return what a message calls a parameter: its label, or its place in the list."""
    return parameter.label or f"parameter {position}"
