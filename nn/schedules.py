"""Learning-rate schedules: how large the steps are, from the first to the last.

A schedule is called with the number of steps that were taken, and returns the learning rate of the
next one. It remembers nothing: the optimizer counts. Any function of one whole number will do;
these are the usual ones, by rising difficulty.

>>> from autograd import Value
>>> from nn.optimizers import SGD
>>> optimizer = SGD([Value(1.0)], lr=StepDecay(0.1, factor=0.5, every=2))
>>> for _ in range(4):
...     print(optimizer.lr)
...     optimizer.step()
0.1
0.1
0.05
0.05
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from nn.checks.arguments import not_negative, positive, whole_number

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Constant:
    """The same learning rate ``start`` at every step t: lr(t) = start.

    Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847.

    >>> Constant(0.1)(0), Constant(0.1)(1000)
    (0.1, 0.1)
    """

    start: float

    def __post_init__(self) -> None:
        positive("start", self.start)

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        return self.start


@dataclass(frozen=True)
class StepDecay:
    """A staircase: lr(t) = start * factor**(t // every).

    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, section 3.4, who
    divide by 10.

    >>> [round(StepDecay(1.0, every=10)(step), 3) for step in (0, 9, 10, 25)]
    [1.0, 1.0, 0.1, 0.01]
    """

    start: float
    factor: float = 0.1
    every: int = 1000

    def __post_init__(self) -> None:
        positive("start", self.start)
        if positive("factor", self.factor) > 1:
            raise ValueError(f"factor must be at most 1, not {self.factor!r}: steps get smaller.")
        whole_number("every", self.every)

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        return float(self.start * self.factor ** (step // self.every))


@dataclass(frozen=True)
class InverseTime:
    """One over the time: lr(t) = start / (1 + decay * t).

    Falling like 1/t, the steps still reach any distance, since their sum grows without bound, and
    their noise dies out, since the sum of their squares does not.

    Robbins and Monro, "A stochastic approximation method", 1951; in this form, Bottou, "Stochastic
    gradient descent tricks", 2012, section 5.2.

    >>> [InverseTime(1.0, decay=0.5)(step) for step in (0, 2, 6)]
    [1.0, 0.5, 0.25]
    """

    start: float
    decay: float = 0.01

    def __post_init__(self) -> None:
        positive("start", self.start)
        positive("decay", self.decay)

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        return self.start / (1.0 + self.decay * step)


@dataclass(frozen=True)
class Cosine:
    """Half a wave from ``start`` down to ``smallest``, in ``steps`` steps; after that, level.

    lr(t) = smallest + (start - smallest) * (1 + cos(pi * t / steps)) / 2

    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5,
    for one wave, without restarts.

    >>> [round(Cosine(0.1, steps=4)(step), 4) for step in range(6)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0, 0.0]
    """

    start: float
    steps: int
    smallest: float = 0.0

    def __post_init__(self) -> None:
        positive("start", self.start)
        whole_number("steps", self.steps)
        if not_negative("smallest", self.smallest) > self.start:
            raise ValueError(
                f"smallest must not be larger than start, but {self.smallest!r} > {self.start!r}."
            )

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        wave = (1.0 + math.cos(math.pi * min(step / self.steps, 1.0))) / 2.0
        return self.smallest + (self.start - self.smallest) * wave
