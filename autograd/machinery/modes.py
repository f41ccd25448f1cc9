"""What a thread has asked of the engine: to record nothing, to answer as IEEE 754 does, to tell.

Each thread has modes of its own. Asking a thread-local at every operation would cost as much as the
operation, so a plain name says first whether any thread at all is in ``no_grad``, or traces.

There is no lock here: a lock that Ctrl-C leaves taken would stop the next write for ever.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import sys
import threading
from abc import ABCMeta, abstractmethod
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn


class Blocks(tuple[FrameType | None, ...]):
    """The blocks of one kind that a thread has entered: true if it is inside one now.

    A block in a generator or a coroutine is left at every yield and await, without its end being
    reached: what others compute meanwhile is none of its business. Such a block is kept as its
    frame, which nobody has called while it waits; one in an ordinary function is kept as None.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return None in self or any(frame.f_back for frame in self if frame)


class Modes(threading.local):
    """The modes of one thread: the blocks of each kind that it has entered, and whom to tell."""

    no_grad: Blocks | int = 0
    ieee: Blocks | int = 0
    born: Callable[[Any], None] | None = None  # is told of each new node: see source.py


current = Modes()
pausing: list[None] = []  # one for each block in any thread that has operations take the long road

# What a function is, as the flags of its code say it.
GENERATOR, COROUTINE, ASYNC_GENERATOR = 0x20, 0x80, 0x200


def frame_of_block(frame: FrameType) -> FrameType | None:
    """Return the frame of a block if it may be left in between and entered again, else None."""
    if not frame.f_code.co_flags & (GENERATOR | COROUTINE | ASYNC_GENERATOR):
        return None
    caller = frame.f_back
    # contextlib's contextmanager waits at its yield on purpose, until its own block is over.
    return None if caller and caller.f_code.co_filename == contextlib.__file__ else frame


def refused(mode: str) -> TypeError:
    """Return the error for a mode that lacks its parentheses, or has something inside of them."""
    return TypeError(
        f"{mode} is written with its parentheses, and nothing inside of them: "
        f"with {mode}(): for a block, @{mode}() above a function."
    )


class Named(ABCMeta):
    """The class of modes: it refuses ``with no_grad:``, where the parentheses are missing."""

    def __enter__(cls) -> NoReturn:
        raise refused(cls.__name__)

    def __exit__(cls, *_: object) -> NoReturn:
        raise refused(cls.__name__)


class Mode(contextlib.ContextDecorator, metaclass=Named):
    """A block in which a thread computes otherwise: the attribute ``name`` of ``current``."""

    name: str

    def __init__(self, *misused: object, **options: object) -> None:
        if misused or options:
            raise refused(self.name)

    @abstractmethod
    def __enter__(self) -> None:
        """Begin the block."""

    @abstractmethod
    def __exit__(self, *_: object) -> None:
        """End the block: what held before holds again."""

    def __call__(self, function: Any) -> Any:
        """Return the function with its body inside such a block, generators and coroutines too."""
        flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
        if flags & GENERATOR:

            @functools.wraps(function)
            def generator(*args: Any, **options: Any) -> Any:
                with self:
                    return (yield from function(*args, **options))

            return generator
        if flags & COROUTINE:

            @functools.wraps(function)
            async def coroutine(*args: Any, **options: Any) -> Any:
                with self:
                    return await function(*args, **options)

            return coroutine
        if flags & ASYNC_GENERATOR:

            @functools.wraps(function)
            async def async_generator(*args: Any, **options: Any) -> Any:
                with self:
                    async for each in function(*args, **options):
                        yield each

            return async_generator
        return super().__call__(function)


def enter(mode: Mode, frame: FrameType) -> None:
    """Note that a block begins in this frame."""
    blocks = getattr(current, mode.name)
    entered = blocks if type(blocks) is Blocks else ()
    setattr(current, mode.name, Blocks((*entered, frame_of_block(frame))))


def leave(mode: Mode, frame: FrameType) -> None:
    """Note that the last block that began in this frame is over."""
    blocks = getattr(current, mode.name)
    left = list(blocks) if type(blocks) is Blocks else []
    block = frame_of_block(frame)
    block = block if block in left else None
    if block in left:
        del left[len(left) - 1 - left[::-1].index(block)]
    setattr(current, mode.name, Blocks(left) if left else 0)


class no_grad(Mode):  # noqa: N801  # a context manager reads like a keyword
    """Record nothing inside the block: results are leaves, and inputs are left alone.

    Useful to evaluate a trained model, and to update parameters by formula. It holds for this
    thread only, and not for others while a generator or a coroutine waits inside the block. It can
    decorate a function, a generator or a coroutine.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.args
    (9.0, ())
    """

    name = "no_grad"

    def __enter__(self) -> None:
        enter(self, sys._getframe(1))
        pausing.append(None)

    def __exit__(self, *_: object) -> None:
        leave(self, sys._getframe(1))
        pausing.pop()


class ieee(Mode):  # noqa: N801  # as no_grad
    """Inside the block, undefined mathematics gives the answers of IEEE 754 instead of errors.

    It holds as long as ``no_grad`` would, and can decorate what that can.

    >>> from autograd import Value, ieee
    >>> with ieee():
    ...     (Value(1.0) / 0.0).data, Value(0.0).log().data
    (inf, -inf)
    """

    name = "ieee"

    def __enter__(self) -> None:
        enter(self, sys._getframe(1))

    def __exit__(self, *_: object) -> None:
        leave(self, sys._getframe(1))


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
