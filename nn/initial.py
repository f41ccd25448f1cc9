"""Initial weights: what a network knows before it has learned anything.

Each function draws one weight of a layer with ``in_size`` inputs and ``out_size`` neurons. Biases
begin at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import random

Initial: TypeAlias = "Callable[[random.Random, int, int], float]"


def uniform(rng: random.Random, in_size: int, out_size: int) -> float:
    """Draw uniformly from [-1, 1), whatever the sizes: fine for small networks.

    >>> import random
    >>> -1.0 <= uniform(random.Random(0), 3, 4) < 1.0
    True
    """
    return rng.uniform(-1.0, 1.0)


def xavier(rng: random.Random, in_size: int, out_size: int) -> float:
    """Draw uniformly from -b to b, where b = sqrt(6 / (in_size + out_size)): made for tanh.

    Signals then keep their size from layer to layer, and gradients theirs on the way back.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    2010, equation 16.

    >>> import random
    >>> abs(xavier(random.Random(0), 10, 14)) <= 0.5
    True
    """
    bound = math.sqrt(6.0 / (in_size + out_size))
    return rng.uniform(-bound, bound)


def he(rng: random.Random, in_size: int, out_size: int) -> float:
    """Draw from a normal distribution of standard deviation sqrt(2 / in_size): made for relu.

    The 2 makes up for the half of the signals that relu sets to 0.

    He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015, equation 10.

    >>> import random
    >>> he(random.Random(0), 200, 1) == random.Random(0).normalvariate(0.0, 0.1)
    True
    """
    return rng.normalvariate(0.0, math.sqrt(2.0 / in_size))


INITIALS: dict[str, Initial] = {"uniform": uniform, "xavier": xavier, "he": he}
