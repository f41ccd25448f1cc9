"""Walks over the graph, without recursion: a graph may be a million nodes deep.

A node has its arguments in ``args``, in order; a leaf has none. A plain float among the arguments
is a constant, and no node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any


def topological_order(*roots: Any, stop: Collection[Any] = ()) -> dict[Any, None]:
    """Return all nodes that the roots were computed from: arguments before results, a root last.

    They are the keys of a dict, which is a set that remembers its order. The nodes in ``stop`` are
    among them, but the walk does not go on to their arguments.

    This is depth-first search (Cormen, Leiserson, Rivest and Stein, "Introduction to algorithms",
    section 22.4) with a stack of its own. The node on top of the stack waits there until all its
    arguments are in the order; then it follows them.
    """
    order: dict[Any, None] = {}
    stack = [*reversed(roots)]
    while stack:
        node = stack[-1]
        waiting_for = (
            []
            if node in order or node in stop
            else [each for each in node.args if type(each) is not float and each not in order]
        )
        if waiting_for:
            stack.extend(reversed(waiting_for))  # the first argument on top: it is the next
        else:
            order[stack.pop()] = None  # a node that is there already keeps its place
    return order


def edges(order: Iterable[Any]) -> list[tuple[Any, Any, int]]:
    """Return (argument, node, position) for every edge between nodes; ``a + a`` has two."""
    return [
        (argument, node, position)
        for node in order
        for position, argument in enumerate(node.args)
        if type(argument) is not float
    ]


def between(order: Iterable[Any], targets: Collection[Any]) -> dict[Any, None]:
    """Return the nodes of the order that are targets or were computed from one."""
    kept = set(targets)
    for node in order:
        if any(argument in kept for argument in node.args):
            kept.add(node)
    return {node: None for node in order if node in kept}


def numbers(arguments: Iterable[Any]) -> list[float]:
    """Return the plain number of each argument, constant or node."""
    return [argument if type(argument) is float else argument._data for argument in arguments]


def plain_number(operand: Any) -> float:
    """Return the number of a node, or a number of any other kind as a float."""
    return float(getattr(operand, "_data", operand))


def path_to_root(node: Any, order: Iterable[Any]) -> list[Any]:
    """Return a shortest path from a node to the last of a topological order, both included.

    It ends at the node itself where it does not lead there, as the order may have many roots.
    """
    distance = {node: 0}
    below: dict[Any, Any] = {}
    each = node
    for each in order:
        for argument in each.args:
            steps = distance.get(argument)
            if steps is not None and (each not in distance or steps + 1 < distance[each]):
                distance[each], below[each] = steps + 1, argument
    path = [each if each in distance else node]
    while path[-1] is not node:
        path.append(below[path[-1]])
    return path[::-1]
