"""The heart of learning: forward, loss, backward, step.

Where a gradient comes from is the business of an *engine*. It is called with a batch, adds the
gradient of its loss into ``grad`` of each parameter, and returns the loss and the outputs as plain
numbers. All else in a training is the same, whatever the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from autograd import Value
from nn.goal import numbers_of
from nn.losses import Loss
from nn.optim import Optimizer, clip_gradients


class Engine(Protocol):
    """What gives the gradient of a batch."""

    def __call__(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """Add the gradient into the parameters; return the loss and the outputs."""


@dataclass(frozen=True)
class Eager:
    """The engine that builds the graph of every batch afresh, as everything in it is computed.

    ``loss`` is called with the outputs for a batch and its targets.

    >>> from nn.losses import mse
    >>> w = Value(2.0)
    >>> Eager(lambda x: w * x, mse)([1.0, 3.0], [2.0, 5.0])  # the mean of 0 and 1
    (0.5, [2.0, 6.0])
    >>> w.grad  # the mean of 0 and 2 * (6 - 5) * 3
    3.0
    """

    model: Callable[[Any], Any]
    loss: Loss

    def __call__(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """Add the gradient into the parameters; return the loss and the outputs."""
        outputs = [self.model(row) for row in X]
        loss = self.loss(outputs, y)
        if not isinstance(loss, Value):
            raise TypeError(
                "the loss is a plain number, from which nothing can be learned: compute it from "
                "the outputs of the model themselves, not from their .data."
            )
        loss.backward()
        return loss.data, [numbers_of(output) for output in outputs]


@dataclass(frozen=True)
class Learner:
    """What is done with each batch.

    ``penalty`` returns what the parameters cost by their size, or is None; ``clip`` is the largest
    norm that the gradients may have together, or None.
    """

    engine: Engine
    optimizer: Optimizer
    penalty: Callable[[], Value] | None = None
    clip: float | None = None

    def __call__(self, X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        """Take one step on a batch; return the loss and the outputs that the model had before it.

        These few lines, and those of the engine, are the whole of learning; everything else in a
        training keeps the books.
        """
        self.optimizer.zero_grad()
        loss, outputs = self.engine(X, y)
        if self.penalty is not None:
            self.penalty().backward()  # gradients add up: that of a sum is the sum of gradients
        if self.clip is not None:
            clip_gradients(self.optimizer.parameters, largest_norm=self.clip)
        self.optimizer.step()
        return loss, outputs
