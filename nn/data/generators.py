"""Data made by a formula and a random generator: as much as is asked for, and the truth known.

Two classes take turns, so any stretch of a list has both. ``noise`` is the standard deviation of
the normal random numbers that move what the formula gave: 0 keeps it exact. Ordered by difficulty,
for a network that is to learn them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from nn.checks.arguments import generator, whole_number
from nn.data.dataset import Dataset

Point = tuple[float, float]


# A number for each row ----------------------------------------------------------------------------


def plane(n: int = 100, noise: float = 0.1, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points in the square from -1 to 1, and the height of a plane above each.

    The height, y = 2 * x1 - 3 * x2 + 1, is moved by the noise. One neuron without activation can
    learn it, and then its weights are 2 and -3 and its bias 1.

    >>> X, y = plane(5, noise=0.0, rng=random.Random(0))
    >>> all(height == 2.0 * x1 - 3.0 * x2 + 1.0 for (x1, x2), height in zip(X, y))
    True
    """
    n, noise, rng = whole_number("n", n), deviation(noise), generator(rng)
    X = [[rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)] for _ in range(n)]
    y = [2.0 * x1 - 3.0 * x2 + 1.0 + rng.gauss(0.0, noise) for x1, x2 in X]
    return Dataset(X, y, ["x1", "x2"], [])


def house_prices(
    n: int = 100, noise: float = 500.0, *, rng: random.Random | None = None
) -> Dataset:
    """Return ``n`` houses and their prices: 100 * size + 1000 * stories - 30 * distance.

    The size, in square metres, is from 60 to 250; a house has 1, 2 or 3 stories; the distance to
    the nearest school, in metres, is from 0 to 200. Only the price is moved by the noise. The
    columns differ in size a hundredfold: scale them first (``Scaler``).

    >>> X, y = house_prices(3, noise=0.0, rng=random.Random(0))
    >>> [round(number, 1) for number in X[0]], round(y[0])
    ([220.4, 2.0, 8.1], 23801)
    """
    n, noise, rng = whole_number("n", n), deviation(noise), generator(rng)
    X = [
        [rng.uniform(60.0, 250.0), float(rng.randint(1, 3)), rng.uniform(0.0, 200.0)]
        for _ in range(n)
    ]
    y = [
        100.0 * size + 1000.0 * stories - 30.0 * distance + rng.gauss(0.0, noise)
        for size, stories, distance in X
    ]
    return Dataset(X, y, ["size", "stories", "distance"], [])


# Two classes of points ----------------------------------------------------------------------------


def gaussians(n: int = 100, noise: float = 0.5, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points of two round clouds: label 0 about (-1, -1), and label 1 about (1, 1).

    The noise is the size of the clouds. One neuron can separate them: a straight line is enough.

    >>> gaussians(2, noise=0.0).X
    [[-1.0, -1.0], [1.0, 1.0]]
    """
    points = [(1.0, 1.0) if label else (-1.0, -1.0) for label, _, _ in in_turn(n)]
    return scattered(points, noise, rng, ["lower cloud", "upper cloud"])


def xor(n: int = 100, noise: float = 0.0, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points in the square from -1 to 1; label 1 if just one coordinate is positive.

    That is the exclusive or of two signs, which no single neuron can learn. The four quarters take
    turns, and a point keeps 0.1 away from their borders before the noise moves it.

    Minsky and Papert, "Perceptrons", 1969, chapter 2.

    >>> X, y = xor(4)
    >>> [[x1 > 0, x2 > 0] for x1, x2 in X], y
    ([[True, True], [True, False], [False, False], [False, True]], [0, 1, 0, 1])
    """
    uniform = generator(rng).uniform
    signs = [(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)]
    points = [
        (sign1 * uniform(0.1, 1.0), sign2 * uniform(0.1, 1.0))
        for sign1, sign2 in (signs[place % 4] for place in range(whole_number("n", n, least=2)))
    ]
    return scattered(points, noise, rng, ["same signs", "different signs"])


def circles(n: int = 100, noise: float = 0.1, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points on two circles about (0, 0): label 0 of radius 1, label 1 of radius 1/2.

    The points of a circle are evenly spaced, as in scikit-learn's ``make_circles``.

    >>> X, y = circles(4, noise=0.0)
    >>> [[round(x1, 3), round(x2, 3)] for x1, x2 in X], y
    ([[1.0, 0.0], [0.5, 0.0], [-1.0, 0.0], [-0.5, 0.0]], [0, 1, 0, 1])
    """
    points = []
    for label, place, count in in_turn(n):
        t = 2.0 * math.pi * place / count
        radius = 0.5 if label else 1.0
        points.append((radius * math.cos(t), radius * math.sin(t)))
    return scattered(points, noise, rng, ["outer circle", "inner circle"])


def moons(n: int = 100, noise: float = 0.1, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points on two half circles that reach into each other.

    The upper moon, label 0, is (cos t, sin t); the lower, label 1, is (1 - cos t, 1/2 - sin t), for
    t from 0 to pi, as in scikit-learn's ``make_moons``.

    >>> X, y = moons(4, noise=0.0)
    >>> [[round(x1, 3), round(x2, 3)] for x1, x2 in X], y
    ([[1.0, 0.0], [0.0, 0.5], [-1.0, 0.0], [2.0, 0.5]], [0, 1, 0, 1])
    """
    points = []
    for label, place, count in in_turn(n):
        t = math.pi * place / max(count - 1, 1)
        x1, x2 = math.cos(t), math.sin(t)
        points.append((1.0 - x1, 0.5 - x2) if label else (x1, x2))
    return scattered(points, noise, rng, ["upper moon", "lower moon"])


def spiral(n: int = 100, noise: float = 0.02, *, rng: random.Random | None = None) -> Dataset:
    """Return ``n`` points on the two arms of a spiral, which turn once and three quarters.

    An arm is (r sin t, r cos t) with r from 0 to 1 and t = 3.5 pi r; the other, label 1, is half a
    turn ahead.

    Lang and Witbrock, "Learning to tell two spirals apart", 1988: the test that made single hidden
    layers fail.

    >>> X, y = spiral(4, noise=0.0)
    >>> [[round(x1, 3), round(x2, 3)] for x1, x2 in X], y
    ([[-0.354, 0.354], [0.354, -0.354], [-1.0, -0.0], [1.0, 0.0]], [0, 1, 0, 1])
    """
    points = []
    for label, place, count in in_turn(n):
        radius = (place + 1) / count  # from above 0, where the two arms would be one point
        t = 3.5 * math.pi * radius + math.pi * label
        points.append((radius * math.sin(t), radius * math.cos(t)))
    return scattered(points, noise, rng, ["first arm", "second arm"])


def in_turn(n: int) -> Iterator[tuple[int, int, int]]:
    """Yield for each point its label, its place in its class, and how many points that class has.

    >>> list(in_turn(3))
    [(0, 0, 2), (1, 0, 1), (0, 1, 2)]
    """
    n = whole_number("n", n, least=2)
    for index in range(n):
        place, label = divmod(index, 2)
        yield label, place, (n + 1 - label) // 2


def scattered(
    points: list[Point], noise: float, rng: random.Random | None, class_names: list[str]
) -> Dataset:
    """Return the points of two classes that take turns, each coordinate moved by the noise."""
    noise, gauss = deviation(noise), generator(rng).gauss
    X = [[x1 + gauss(0.0, noise), x2 + gauss(0.0, noise)] for x1, x2 in points]
    return Dataset(X, [place % 2 for place in range(len(X))], ["x1", "x2"], class_names)


def deviation(noise: float) -> float:
    """Return the noise, or raise ValueError if it is no standard deviation."""
    if not 0 <= noise < math.inf:
        raise ValueError(f"noise is a standard deviation, at least 0 and finite, not {noise!r}.")
    return noise
