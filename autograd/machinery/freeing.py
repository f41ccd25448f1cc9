"""Freeing a deep graph on CPython 3.13, which would run out of a small stack.

When the last name of a chain of a million nodes goes away, each node frees the one before it, from
within its own freeing. CPython up to 3.12 puts this off after 50 levels, and 3.14 measures the
stack that is left; 3.13 goes 10,000 levels deep whatever the stack is, and the stack of a thread
may be too small for that. There, and only there, nodes hand their arguments to a list, and that
is emptied without recursion. It costs some 100 ns for each node.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

NEEDED = (3, 13) <= sys.version_info < (3, 14)


class Waiting(threading.local):
    """What the nodes freed by this thread have let go of; None while nothing is being freed."""

    nodes: list[Any] | None = None


def let_go(node: Any, waiting: Waiting = Waiting()) -> None:  # noqa: B008  # kept alive at exit
    """Free a node's arguments from a list rather than from within the freeing of the node."""
    first = getattr(node, "first", None)  # a Value that was refused has no slots yet
    if first is None:
        return
    second = node.second
    node.first = node.second = None
    if waiting.nodes is not None:
        waiting.nodes += first, second
        return
    waiting.nodes = nodes = [first, second]
    del first, second
    while nodes:
        nodes.pop()
    waiting.nodes = None
