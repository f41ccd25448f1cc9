"""What a thread has asked of the engine: to record nothing, to answer as IEEE 754 does, to tell.

Each thread has modes of its own. Asking a thread-local at every operation would cost as much as the
operation, so a plain name says first whether any thread at all is in ``no_grad``, or traces.

There is no lock here: a lock that Ctrl-C leaves taken would stop the next write for ever.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextlib import ContextDecorator
from typing import Any


class Modes(threading.local):
    """The modes of one thread: how many blocks of each kind it is inside, and whom to tell."""

    no_grad = 0
    ieee = 0
    born: Callable[[Any], None] | None = None  # is told of each new node: see source.py


current = Modes()
pausing: list[None] = []  # one for each block in any thread that has operations take the long road


class no_grad(ContextDecorator):  # noqa: N801  # a context manager reads like a keyword
    """Record nothing inside the block: results are leaves, and inputs are left alone.

    Useful to evaluate a trained model, and to update parameters by formula. It holds for this
    thread only, and can decorate a function.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.args
    (9.0, ())
    """

    def __enter__(self) -> None:
        current.no_grad += 1
        pausing.append(None)

    def __exit__(self, *_: object) -> None:
        current.no_grad -= 1
        pausing.pop()


class ieee(ContextDecorator):  # noqa: N801  # as no_grad
    """Inside the block, undefined mathematics gives the answers of IEEE 754 instead of errors.

    It holds for this thread only, and can decorate a function.

    >>> from autograd import Value, ieee
    >>> with ieee():
    ...     (Value(1.0) / 0.0).data, Value(0.0).log().data
    (inf, -inf)
    """

    def __enter__(self) -> None:
        current.ieee += 1

    def __exit__(self, *_: object) -> None:
        current.ieee -= 1


begun = 0  # how many transforms have begun: a leaf keeps the count, so that it tells its age
starts = itertools.count(1)


def begin() -> int:
    """Count one more transform that begins, in any thread, and return the new count."""
    global begun
    start = next(starts)
    if begun < start:
        begun = start
    return start


# A graph can tell whether it is older than its leaves: a node keeps the count of writes at its
# creation, a leaf the count at its own last write. A leaf with the larger number was written after
# the node was computed from it.
writes = 0
ticks = itertools.count(1)  # next() is one step, also between threads


def count_write() -> int:
    """Count one more write to a leaf, in any thread, and return the new count.

    Should two threads overtake each other here, a node may get too low a count: its graph is then
    taken for stale, and never a stale one for fresh.
    """
    global writes
    tick = next(ticks)
    if writes < tick:
        writes = tick
    return tick


def catch_up(count: int) -> None:
    """Move the count on to that of another process, from which a graph has arrived."""
    global writes, ticks
    if writes < count:
        ticks = itertools.count(count + 1)
        writes = count
