"""Splitting: a part of the examples set aside for the test, and the others in batches.

Chance alone may leave a rare class out of the test: of 4 frauds among 500 rows, a fifth has none in
four draws of ten, and a network that never finds one is then said to be right always. Hence a split
by class (``stratify``).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from nn.checks.arguments import generator, plain, same_length, whole_number


def train_test_split(
    X: Sequence[Any],
    y: Sequence[Any],
    test: float = 0.2,
    *,
    stratify: bool = False,
    rng: random.Random | None = None,
) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return X_train, X_test, y_train, y_test: the examples in random order, a share set aside.

    ``test`` is that share, strictly between 0 and 1. Both parts get at least one example. With
    ``stratify``, for labels of classes, the share is taken of each class, so that both parts have
    the classes in the same proportions; a class of two examples or more is in both parts, if there
    is room for it, and the only example of a class is learned from.

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
    count = min(max(round(test * len(X)), 1), len(X) - 1)
    aside = set(order[:count])
    if stratify:
        aside = by_class(order, y, count) or aside  # each label once: there are no classes
    tested = [i for i in order if i in aside]
    learned = [i for i in order if i not in aside]
    return (
        [X[i] for i in learned],
        [X[i] for i in tested],
        [y[i] for i in learned],
        [y[i] for i in tested],
    )


def by_class(order: Sequence[int], y: Sequence[Any], count: int) -> set[int]:
    """Return ``count`` of the examples, in proportion of each class, the first in the order.

    >>> sorted(by_class(range(6), ["a", "b", "a", "b", "a", "a"], 3))
    [0, 1, 2]
    """
    members: dict[Any, list[int]] = defaultdict(list)
    for i in order:
        members[y[i]].append(i)
    sizes = [len(each) for each in members.values()]
    parts = proportions(sizes, count)
    return {i for each, part in zip(members.values(), parts, strict=True) for i in each[:part]}


def proportions(sizes: Sequence[int], count: int) -> list[int]:
    """Return how many of each class make ``count`` together, as nearly in proportion as can be.

    A class of two or more gives at least one, as long as there is room for all, and keeps one.

    >>> proportions([496, 4], 100), proportions([498, 2], 100), proportions([499, 1], 100)
    ([99, 1], [99, 1], [100, 0])
    >>> proportions([6, 2, 2, 2], 4)
    [1, 1, 1, 1]
    """
    due = [count * size / sum(sizes) for size in sizes]
    parts = [min(max(int(share), 1), size - 1) for share, size in zip(due, sizes, strict=True)]
    while sum(parts) < count:
        room = [place for place, size in enumerate(sizes) if parts[place] < size - 1]
        if not room:
            break
        parts[max(room, key=lambda place: due[place] - parts[place])] += 1
    while sum(parts) > count:
        # Those that have more than one give first, so that none is left out while there is room.
        taken = [place for place, part in enumerate(parts) if part > 1]
        taken = taken or [place for place, part in enumerate(parts) if part]
        parts[max(taken, key=lambda place: parts[place] - due[place])] -= 1
    return parts


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
