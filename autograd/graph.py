"""Walks over the graph, without recursion: a graph may be a million nodes deep.

A node is whatever has ``first`` and ``second``, the slots for its arguments. A leaf leaves both
empty (None), a node of one argument the second; a node of more than two keeps a tuple in the first.
A plain float among the arguments is a constant, and no node.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any


def topological_order(*roots: Any, stop: Container[Any] = ()) -> dict[Any, None]:
    """Return all nodes that the roots were computed from: arguments before results, a root last.

    They are the keys of a dict, which is a set that remembers its order. The nodes in ``stop`` are
    among them, but the walk does not go on to their arguments.

    This is depth-first search (Cormen, Leiserson, Rivest and Stein, "Introduction to algorithms",
    section 22.4) with a stack of its own. A node goes back on the stack under a marker, its
    arguments on top of both: when the marker comes up again, all of them are in the order.
    """
    order: dict[Any, None] = {}
    stack: list[Any] = [*reversed(roots)]
    push, pop = stack.append, stack.pop
    while stack:
        node = pop()
        if node is None:
            order[pop()] = None
            continue
        if node in order:
            continue
        first = node.first
        if first is None or (stop and node in stop):
            order[node] = None
            continue
        push(node)
        push(None)
        if type(first) is tuple:
            stack.extend([argument for argument in first[::-1] if type(argument) is not float])
            continue
        second = node.second
        if second is not None and type(second) is not float and second not in order:
            push(second)
        if type(first) is not float and first not in order:
            push(first)
    return order


def edges(order: Iterable[Any]) -> list[tuple[Any, Any, int]]:
    """Return (argument, node, position) for every edge between nodes; ``a + a`` has two."""
    return [
        (argument, node, position)
        for node in order
        for position, argument in enumerate(node.args)
        if type(argument) is not float
    ]
