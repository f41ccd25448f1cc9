"""A lock that a forked process finds open.

``os.fork`` copies the memory of a process, its locks among it, and one thread: the one that called
it. A lock that another thread held at that moment would stay locked in the child for ever, as the
thread that could open it is not there.
"""

from __future__ import annotations

import os
import threading
import weakref


class OneAtATime:
    """Lets one thread at a time into the block ``with it.lock``; that thread may enter again.

    >>> sweeping = OneAtATime()
    >>> with sweeping.lock:
    ...     with sweeping.lock:
    ...         print("once, and once more")
    once, and once more
    """

    def __init__(self) -> None:
        self.renew()
        EVERY.add(self)

    def renew(self) -> None:
        """Take a new lock, which nobody holds."""
        # The lock itself stands after ``with``: it is entered and left in C, where Ctrl-C cannot
        # come between taking it and knowing that it was taken.
        self.lock = threading.RLock()


EVERY: weakref.WeakSet[OneAtATime] = weakref.WeakSet()


def renew_all() -> None:
    """Open every lock: for a child that has just been forked, and has one thread."""
    for each in list(EVERY):
        each.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=renew_all)
