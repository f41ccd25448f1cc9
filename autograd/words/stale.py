"""Stale graphs: a leaf has changed since the graph was computed from it."""

from __future__ import annotations

from typing import Any


class StaleGraphError(RuntimeError):
    """A leaf was written after the graph was computed from it: the graph's numbers are old."""


def check_fresh(node: Any) -> None:
    """Raise StaleGraphError if an argument was written after the node was computed from it.

    Every write to a leaf has a number of its own, one more than the last, and a leaf keeps that of
    its latest write as its ``version``. A node keeps the number that was the latest when it was
    computed, so an argument with a larger one has changed since.
    """
    for argument in node.args:
        if type(argument) is not float and argument.version > node.version:
            from autograd.words import errors  # loaded when there is something to say

            raise StaleGraphError(errors.stale(argument, node))
