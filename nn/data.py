"""Data: two data sets to learn from, and what is done to data before training.

Everything is plain lists: ``X`` holds a row of floats for each example and ``y`` its label. Random
numbers come from ``rng``, or without one from the ``random`` module; the same seed gives the same
bits.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from nn.arguments import generator, plain, same_length, whole_number


@dataclass(frozen=True)
class Dataset:
    """Rows and labels, with the names of the columns and of the classes.

    ``X, y = dataset`` unpacks the numbers; ``class_names[y[0]]`` is the name of the first class.
    """

    X: list[list[float]]
    y: list[int]
    feature_names: list[str]
    class_names: list[str]

    def __iter__(self) -> Iterator[Any]:
        yield self.X
        yield self.y

    def __repr__(self) -> str:
        return (
            f"<Dataset of {len(self.X)} examples, features {self.feature_names}, "
            f"classes {self.class_names}>"
        )


def iris() -> Dataset:
    """Return 150 iris flowers, 50 of each of 3 species: 4 lengths and widths in centimetres.

    The numbers are those of R. A. Fisher, "The use of multiple measurements in taxonomic problems",
    Annals of Eugenics 7, 1936, table I, measured by Edgar Anderson. The copy in the UCI repository
    differs in flowers 35 and 38. Source and licence: ``datasets/README.md``.

    >>> X, y = iris()
    >>> len(X), X[0], iris().class_names[y[0]]
    (150, [5.1, 3.5, 1.4, 0.2], 'setosa')
    """
    text = (resources.files("nn") / "datasets" / "iris.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    class_names = list(dict.fromkeys(row[-1] for row in rows))
    return Dataset(
        X=[[float(cell) for cell in row[:-1]] for row in rows],
        y=[class_names.index(row[-1]) for row in rows],
        feature_names=header[:-1],
        class_names=class_names,
    )


def moons(
    n: int = 100, noise: float = 0.1, *, rng: random.Random | None = None
) -> tuple[list[list[float]], list[int]]:
    """Return ``n`` points on two half circles that reach into each other, and their labels.

    The upper moon, label 0, is (cos t, sin t); the lower, label 1, is (1 - cos t, 1/2 - sin t), for
    t from 0 to pi. The moons take turns, so any stretch of the list has both. Each coordinate is
    moved by a normal random number of standard deviation ``noise``.

    >>> X, y = moons(4, noise=0.0)
    >>> [[round(x1, 3), round(x2, 3)] for x1, x2 in X], y
    ([[1.0, 0.0], [0.0, 0.5], [-1.0, 0.0], [2.0, 0.5]], [0, 1, 0, 1])
    """
    n = whole_number("n", n, least=2)
    if not 0 <= noise < math.inf:
        raise ValueError(f"noise is a standard deviation, at least 0 and finite, not {noise!r}.")
    gauss = generator(rng).gauss
    X, y = [], []
    for index in range(n):
        place, label = divmod(index, 2)
        in_this_moon = (n + 1 - label) // 2
        t = math.pi * place / max(in_this_moon - 1, 1)
        x1, x2 = math.cos(t), math.sin(t)
        if label:
            x1, x2 = 1.0 - x1, 0.5 - x2
        X.append([x1 + gauss(0.0, noise), x2 + gauss(0.0, noise)])
        y.append(label)
    return X, y


def train_test_split(
    X: Sequence[Any], y: Sequence[Any], test: float = 0.2, *, rng: random.Random | None = None
) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return X_train, X_test, y_train, y_test: the examples in random order, a share set aside.

    ``test`` is that share, strictly between 0 and 1. Both parts get at least one example.

    >>> rows, labels = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 1, 2, 3, 4]
    >>> X_train, X_test, y_train, y_test = train_test_split(rows, labels, rng=random.Random(0))
    >>> len(X_train), len(X_test), sorted(y_train + y_test)
    (4, 1, [0, 1, 2, 3, 4])
    """
    X, y = plain(X), plain(y)
    same_length("train_test_split", X=X, y=y)
    if not 0 < test < 1:
        raise ValueError(f"test is the share to set aside, between 0 and 1, not {test!r}.")
    if len(X) < 2:
        raise ValueError("one example cannot be split into a part to train and a part to test.")
    order = shuffled(len(X), rng)
    aside = min(max(round(test * len(X)), 1), len(X) - 1)
    X, y = [X[i] for i in order], [y[i] for i in order]
    return X[aside:], X[:aside], y[aside:], y[:aside]


def batches(
    X: Sequence[Any], y: Sequence[Any], size: int, *, rng: random.Random | None = None
) -> list[tuple[list[Any], list[Any]]]:
    """Return the examples in random order, as (rows, labels) pairs of ``size`` examples each.

    The last pair holds what is left. Call it again for each epoch, for a new order.

    >>> rows, labels = [[0.0], [1.0], [2.0]], [0, 1, 2]
    >>> [len(X_batch) for X_batch, y_batch in batches(rows, labels, 2)]
    [2, 1]
    """
    X, y = plain(X), plain(y)
    same_length("batches", X=X, y=y)
    size = whole_number("size", size)
    order = shuffled(len(X), rng)
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    return [([X[i] for i in part], [y[i] for i in part]) for part in parts]


def shuffled(n: int, rng: random.Random | None) -> list[int]:
    """Return the numbers from 0 to n - 1 in random order."""
    order = list(range(n))
    generator(rng).shuffle(order)
    return order


@dataclass(frozen=True)
class Scaler:
    """Brings each column to a common size, and back: (x - centre) / width.

    Make one of the training data and use it for all data, so that a number means the same
    everywhere; the test data must not take part in choosing it.

    >>> scaler = Scaler.min_max([[0.0, 10.0], [4.0, 30.0]])
    >>> scaler([[1.0, 20.0]])
    [[0.25, 0.5]]
    >>> scaler.undo([[0.25, 0.5]])
    [[1.0, 20.0]]
    """

    centre: list[float]
    width: list[float]

    @classmethod
    def standard(cls, X: Sequence[Sequence[float]]) -> Scaler:
        """Return the scaler that gives each column of X the mean 0 and the standard deviation 1.

        A column whose numbers are all equal becomes 0.
        """
        columns = columns_of(X)
        centre = [math.fsum(column) / len(column) for column in columns]
        width = [
            math.dist(column, [mean] * len(column)) / math.sqrt(len(column))
            for column, mean in zip(columns, centre, strict=True)
        ]
        return cls.of(columns, centre, width)

    @classmethod
    def min_max(cls, X: Sequence[Sequence[float]]) -> Scaler:
        """Return the scaler that makes each column of X reach from 0 to 1.

        A column whose numbers are all equal becomes 0.
        """
        columns = columns_of(X)
        centre = [min(column) for column in columns]
        return cls.of(columns, centre, [max(column) - min(column) for column in columns])

    @classmethod
    def of(cls, columns: list[list[float]], centre: list[float], width: list[float]) -> Scaler:
        """Return the scaler of these columns; it moves a constant column to 0, and no more."""
        for position, column in enumerate(columns):
            if min(column) == max(column):  # the rounded mean of equal numbers may be another one
                centre[position], width[position] = column[0], 1.0
        return cls(centre, width)

    def __call__(self, X: Sequence[Sequence[float]]) -> list[list[float]]:
        """Return X scaled."""
        return [
            [(x - c) / w for x, c, w in zip(row, self.centre, self.width, strict=True)]
            for row in self.rows(X)
        ]

    def undo(self, X: Sequence[Sequence[float]]) -> list[list[float]]:
        """Return scaled rows in their first units."""
        return [
            [x * w + c for x, c, w in zip(row, self.centre, self.width, strict=True)]
            for row in self.rows(X)
        ]

    def rows(self, X: Any) -> list[list[float]]:
        """Return X as rows that have the columns of this scaler, or raise ValueError."""
        rows = rows_of(X)
        if rows and len(rows[0]) != len(self.width):
            raise ValueError(
                f"the scaler was made of rows of {len(self.width)} numbers, and this one has "
                f"{len(rows[0])}."
            )
        return rows


def rows_of(X: Any) -> list[list[float]]:
    """Return X as a list of rows of the same length, or raise ValueError."""
    rows = [plain(row) for row in plain(X)]
    for position, row in enumerate(rows, start=1):
        if not isinstance(row, list):
            raise ValueError(
                "X is a list of rows, not of numbers: for a single column write [[x] for x in X]."
            )
        if len(row) != len(rows[0]):
            raise ValueError(f"row {position} has {len(row)} numbers, and row 1 {len(rows[0])}.")
    return rows


def columns_of(X: Any) -> list[list[float]]:
    """Return the columns of X, or raise ValueError if there are none to measure."""
    columns = [list(column) for column in zip(*rows_of(X), strict=True)]
    if not columns:
        raise ValueError("a scaler needs at least one row of numbers.")
    for position, column in enumerate(columns, start=1):
        if not all(map(math.isfinite, column)):
            raise ValueError(f"column {position} holds a number that is infinite or nan.")
    return columns
