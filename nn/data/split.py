"""Splitting: a part of the examples set aside for the test, and the others in batches."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from nn.checks.arguments import generator, plain, same_length, whole_number


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
