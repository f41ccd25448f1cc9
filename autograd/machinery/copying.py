"""Copies and pickles of whole graphs, without recursion.

Python would follow the arguments one inside the other, a million deep. Here the nodes are taken in
topological order, so that the arguments of a node have been copied before it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from autograd.graph import topological_order
from autograd.machinery import modes
from autograd.machinery.modes import catch_up


def twin(node: Any, renamed: Callable[[Any], Any]) -> Any:
    """Return a copy of one node whose arguments are the ``renamed`` ones of the original."""
    copied = object.__new__(type(node))
    copied._data, copied.grad, copied.label = node._data, node.grad, node.label
    copied.op, copied.version = node.op, node.version
    first, second = node.first, node.second
    copied.first = tuple(map(renamed, first)) if type(first) is tuple else renamed(first)
    copied.second = renamed(second)
    return copied


def own_attributes(node: Any) -> dict[str, Any]:
    """Return the attributes that a subclass has added to a node, in slots or without.

    >>> from autograd import Value
    >>> class Weight(Value):
    ...     pass
    >>> w = Weight(2.0)
    >>> w.frozen = True
    >>> own_attributes(w), own_attributes(Value(2.0))
    ({'frozen': True}, {})
    """
    kinds = type(node).__mro__
    base = next(place for place, kind in enumerate(kinds) if "_data" in slots_of(kind))
    slots = [name for kind in kinds[:base] for name in slots_of(kind)]
    found = {name: getattr(node, name) for name in slots if hasattr(node, name)}
    return found | getattr(node, "__dict__", {})


def slots_of(kind: type) -> tuple[str, ...]:
    """Return the names of the slots that a class adds."""
    slots = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def give(node: Any, attributes: dict[str, Any]) -> Any:
    """Return the node, after giving it the attributes that a subclass has added."""
    for name, thing in attributes.items():
        object.__setattr__(node, name, thing)
    return node


def shallow(node: Any) -> Any:
    """Return a copy of the node that has the very arguments of the original."""
    return give(twin(node, lambda argument: argument), own_attributes(node))


def deep(root: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of the whole graph below ``root``; ``memo`` is that of ``copy.deepcopy``."""

    def copied(argument: Any) -> Any:
        return memo.get(id(argument), argument)

    fresh = [node for node in topological_order(root) if id(node) not in memo]
    for node in fresh:
        memo[id(node)] = twin(node, copied)
    for node in fresh:  # when all nodes have their copies, since an attribute may lead to some
        attributes = own_attributes(node)
        if attributes:
            give(memo[id(node)], copy.deepcopy(attributes, memo))
    return memo[id(root)]


def reduced(root: Any) -> tuple[Any, ...]:
    """Return the recipe by which pickle makes ``root`` again, with its graph.

    The leaves are handed over as objects, so that pickle keeps them shared with whatever else it
    is saving; the inner nodes go as rows of plain data, with the place of each argument.
    """
    if root.op is None:
        made = (type(root), root._data, root.grad, root.label, root.version)
        return leaf, made, (None, own_attributes(root))
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
            type(node),
            own_attributes(node),
        )
        for node in inner
    ]
    return graph, (type(root), leaves, rows)


def leaf(kind: type, data: float, grad: float, label: str, version: int) -> Any:
    """Return the leaf that a recipe describes."""
    catch_up(version)
    node: Any = object.__new__(kind)  # a subclass may be made otherwise
    node._data, node.grad, node.label = data, grad, label
    node.op = node.first = node.second = None
    # One that was never written has an age instead, and that in another process.
    node.version = version if version > 0 else -modes.begun
    return node


def graph(kind: type, leaves: list[Any], rows: list[tuple[Any, ...]]) -> Any:
    """Return the root of the graph that a recipe describes."""
    nodes = list(leaves)

    def found(place: Any) -> Any:
        return nodes[place] if type(place) is int else place

    for data, grad, label, op, version, first, second, *more in rows:
        catch_up(version)
        own_kind, attributes = more or (kind, {})  # a pickle of version 0.1 has no more
        node: Any = object.__new__(own_kind)
        node._data, node.grad, node.label = data, grad, label
        node.op, node.version = op, version
        node.first = tuple(map(found, first)) if type(first) is tuple else found(first)
        node.second = found(second)
        nodes.append(give(node, attributes))
    return nodes[-1]
