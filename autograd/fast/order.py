"""The walk of ``graph.topological_order``, reading the slots of a node instead of its ``args``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def quick_order(root: Any, stop: Collection[Any] = ()) -> dict[Any, None]:
    """Return what ``topological_order(root, stop=stop)`` does: the same nodes, in the same order.

    A node has its first argument in ``first`` and its second in ``second``, a leaf has None there,
    and a node of more arguments keeps the tuple of them in ``first``.

    Where the plain walk looks at the arguments of a node twice, before and after them, this one
    puts the node back on the stack, and a None on top of it. When that None comes up again, all
    that lay above is in the order, and the node may follow.
    """
    order: dict[Any, None] = {}
    stack: list[Any] = [root]
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
