"""Dataset: rows of numbers, what is to be learned of each, and what the numbers are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dataset:
    """Rows and labels, with the names of the columns and of the classes.

    ``X, y = dataset`` unpacks the numbers; ``class_names[y[0]]`` is the name of the first class.
    Where a number is to be learned instead of a class, ``class_names`` is empty.

    >>> pets = Dataset([[4.2], [31.0]], [0, 1], ["weight"], ["cat", "dog"])
    >>> pets
    <Dataset of 2 examples, features ['weight'], classes ['cat', 'dog']>
    >>> X, y = pets
    >>> pets.class_names[y[0]]
    'cat'
    """

    X: list[list[float]]
    y: list[int] | list[float]
    feature_names: list[str]
    class_names: list[str]

    def __iter__(self) -> Iterator[Any]:
        yield self.X
        yield self.y

    def __repr__(self) -> str:
        features, learned = abbreviated(self.feature_names), "a number to learn"
        if self.class_names:
            learned = f"classes {abbreviated(self.class_names)}"
        return f"<Dataset of {len(self.X)} examples, features {features}, {learned}>"


def abbreviated(names: list[str], most: int = 10) -> str:
    """Return the names as Python writes them, and of many names the first and the last.

    >>> abbreviated(["a", "b", "c", "d"], most=3)
    "['a', ..., 'd'] (4)"
    """
    if len(names) <= most:
        return repr(names)
    return f"[{names[0]!r}, ..., {names[-1]!r}] ({len(names)})"
