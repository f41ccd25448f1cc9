"""The reverse sweep: the chain rule, once.

The gradient of a root by a node is called the node's adjoint. The root's is the seed, 1. Every node
passes on to each of its arguments its own adjoint times the local partial, and an argument adds up
what arrives. Walking from the root to the leaves in topological order, a node passes on only after
all that used it have reported.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.2.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable
from typing import Any

from autograd.errors import not_finite_gradient, stale, undefined_partial
from autograd.graph import topological_order
from autograd.modes import modes, no_grad


class Nothing:
    """The empty sum. Adding to it makes no node, as adding to 0.0 would."""

    def __add__(self, other: Any) -> Any:
        return other


def sweep(
    root: Any, seed: Any = 1.0, *, targets: Collection[Any] = (), differentiable: bool = False
) -> dict[Any, Any]:
    """Return the adjoint of every node that ``root`` was computed from, arguments first.

    With ``targets``, only of the nodes between the root and the targets. With ``differentiable``
    the rules are read with the nodes themselves instead of their numbers: the adjoints are nodes
    then, and can be differentiated again. Nothing is changed: what becomes of the adjoints is for
    the caller to say.

    Raises StaleGraphError if a leaf was written after a node was computed from it, and the
    exception of a partial that is undefined at this point, such as that of sqrt at 0.
    """
    order = topological_order(root, stop=targets)
    if targets:
        order = between(order, targets)
        if not order:
            return {root: seed}
    adjoints: dict[Any, Any] = dict.fromkeys(order, Nothing() if differentiable else 0.0)
    adjoints[root] = seed
    everything = not targets
    node = root
    try:
        for node, adjoint in reversed(adjoints.items()):
            op, first, second, epoch = node.op, node.first, node.second, node.epoch
            if op is None or (targets and node in targets):
                continue
            y = node if differentiable else node._data
            if type(first) is tuple:
                operands = first if differentiable else numbers(first)
                for argument, partial in zip(first, op.every(y, *operands)):  # noqa: B905
                    if type(argument) is not float and (everything or argument in adjoints):
                        if argument.epoch > epoch:
                            raise stale(argument, node)
                        adjoints[argument] += adjoint * partial
                continue
            if type(first) is float:
                a = first
            elif first.epoch > epoch:
                raise stale(first, node)
            else:
                a = first if differentiable else first._data
            if second is None:
                partial = op.first
                if type(partial) is not float:
                    partial = partial(y, a)
                adjoints[first] += adjoint * partial
                continue
            if type(second) is float:
                b = second
            elif second.epoch > epoch:
                raise stale(second, node)
            else:
                b = second if differentiable else second._data
                if everything or second in adjoints:
                    partial = op.second
                    if type(partial) is not float:
                        partial = partial(y, a, b)
                    adjoints[second] += adjoint * partial
            if type(first) is not float and (everything or first in adjoints):
                partial = op.first
                if type(partial) is not float:
                    partial = partial(y, a, b)
                adjoints[first] += adjoint * partial
    except (ArithmeticError, ValueError) as error:
        raise undefined_partial(node, error) from None
    return adjoints


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """Return the plain number of each argument, constant or node."""
    return [argument if type(argument) is float else argument._data for argument in arguments]


def between(order: Iterable[Any], targets: Collection[Any]) -> dict[Any, None]:
    """Return the nodes of the order that are targets or were computed from one."""
    kept = set(targets)
    for node in order:
        if any(argument in kept for argument in node.args):
            kept.add(node)
    return {node: None for node in order if node in kept}


def local_partials(node: Any) -> list[float | None]:
    """Return the partial of a node by each of its arguments, as numbers; None for a constant.

    Raises what ``sweep`` raises where a leaf is newer than the node or a partial is undefined.

    >>> from autograd import Value
    >>> a, b = Value(2.0), Value(-3.0)
    >>> local_partials(a * b), local_partials(a * 7.0)
    ([-3.0, 2.0], [7.0, None])
    """
    operands = tuple(numbers(node.args))
    partials: list[float | None] = []
    for position, argument in enumerate(node.args):
        if type(argument) is float:
            partials.append(None)
            continue
        if argument.epoch > node.epoch:
            raise stale(argument, node)
        try:
            partials.append(node.op.partial(position, node._data, operands))
        except (ArithmeticError, ValueError) as error:
            raise undefined_partial(node, error) from None
    return partials


def adjoint_numbers(
    root: Any, seed: float = 1.0, *, targets: Collection[Any] = ()
) -> dict[Any, float]:
    """Return the adjoints of ``sweep`` as numbers, or raise if one overflowed on the way."""
    if modes.ieee:
        with no_grad():  # operations on nodes know the answers of IEEE 754; plain floats do not
            nodes = sweep(root, seed, targets=targets, differentiable=True)
        return {node: getattr(adjoint, "data", adjoint) for node, adjoint in nodes.items()}
    adjoints = sweep(root, seed, targets=targets)
    if not math.isfinite(sum(adjoints.values())):
        check_finite(adjoints)
    return adjoints


def backward(root: Any, seed: float = 1.0) -> None:
    """Add the gradient of ``root`` to the ``grad`` of its leaves, and set that of its inner nodes.

    Until the last line nothing has changed, and the last line is one call into C, which neither an
    exception nor Ctrl-C can cut in two.
    """
    adjoints = adjoint_numbers(root, seed)
    gradients = [
        (node.grad or 0.0) + adjoint if node.op is None else adjoint
        for node, adjoint in adjoints.items()
    ]
    deque(map(type(root).grad.__set__, adjoints, gradients), maxlen=0)


def check_finite(adjoints: dict[Any, float]) -> None:
    """Raise an error if an adjoint is not finite though every number in the graph is.

    A NaN or an infinity that came in as data, or as the seed, may pass.
    """
    if not all(math.isfinite(node._data) for node in adjoints):
        return
    for node, adjoint in reversed(adjoints.items()):
        if node.op is None or not math.isfinite(adjoint):
            continue
        for argument, partial in zip(node.args, local_partials(node), strict=True):
            if partial is not None and not math.isfinite(adjoints.get(argument, 0.0)):
                raise not_finite_gradient(node, argument, adjoint, partial)
