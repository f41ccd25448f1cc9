"""Copies and pickles of whole graphs, without recursion.

Python would follow the arguments one inside the other, a million deep. Here the nodes are taken in
topological order, so that the arguments of a node have been copied before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.graph import topological_order
from autograd.machinery.modes import catch_up


def twin(node: Any, renamed: Callable[[Any], Any]) -> Any:
    """Return a copy of one node whose arguments are the ``renamed`` ones of the original."""
    copy = object.__new__(type(node))
    copy._data, copy.grad, copy.label = node._data, node.grad, node.label
    copy.op, copy.version = node.op, node.version
    first, second = node.first, node.second
    copy.first = tuple(map(renamed, first)) if type(first) is tuple else renamed(first)
    copy.second = renamed(second)
    return copy


def shallow(node: Any) -> Any:
    """Return a copy of the node that has the very arguments of the original."""
    return twin(node, lambda argument: argument)


def deep(root: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of the whole graph below ``root``; ``memo`` is that of ``copy.deepcopy``."""

    def copied(argument: Any) -> Any:
        return memo.get(id(argument), argument)

    for node in topological_order(root):
        if id(node) not in memo:
            memo[id(node)] = twin(node, copied)
    return memo[id(root)]


def reduced(root: Any) -> tuple[Any, ...]:
    """Return the recipe by which pickle makes ``root`` again, with its graph.

    The leaves are handed over as objects, so that pickle keeps them shared with whatever else it
    is saving; the inner nodes go as rows of plain data, with the place of each argument.
    """
    if root.op is None:
        return leaf, (type(root), root._data, root.grad, root.label, root.version)
    order = topological_order(root)
    leaves = [node for node in order if node.op is None]
    inner = [node for node in order if node.op is not None]
    place = {node: index for index, node in enumerate(leaves + inner)}

    def placed(argument: Any) -> Any:
        return argument if argument is None or type(argument) is float else place[argument]

    rows = [
        (
            node._data,
            node.grad,
            node.label,
            node.op,
            node.version,
            tuple(map(placed, node.first)) if type(node.first) is tuple else placed(node.first),
            placed(node.second),
        )
        for node in inner
    ]
    return graph, (type(root), leaves, rows)


def leaf(kind: type, data: float, grad: float, label: str, version: int) -> Any:
    """Return the leaf that a recipe describes."""
    catch_up(version)
    node = kind(data, label=label)
    node.grad = grad
    if version > 0:  # else it was never written, and its age is that in another process
        node.version = version
    return node


def graph(kind: type, leaves: list[Any], rows: list[tuple[Any, ...]]) -> Any:
    """Return the root of the graph that a recipe describes."""
    nodes = list(leaves)

    def found(place: Any) -> Any:
        return nodes[place] if type(place) is int else place

    for data, grad, label, op, version, first, second in rows:
        catch_up(version)
        node: Any = object.__new__(kind)
        node._data, node.grad, node.label = data, grad, label
        node.op, node.version = op, version
        node.first = tuple(map(found, first)) if type(first) is tuple else found(first)
        node.second = found(second)
        nodes.append(node)
    return nodes[-1]
