"""The reverse sweep: the chain rule, once.

The gradient of a root by a node is called the node's adjoint. The root's is the seed, 1. Every node
passes on to each of its arguments its own adjoint times the local partial, and an argument adds up
what arrives. Walking from the root to the leaves in topological order, a node passes on only after
all that used it have reported.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.2.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Collection, Container, Iterable
from itertools import repeat
from typing import Any

from autograd.errors import not_finite_gradient, stale, undefined_partial
from autograd.graph import topological_order
from autograd.modes import modes, no_grad


def sweep(
    order: dict[Any, None],
    seed: Any,
    *,
    targets: Collection[Any] = (),
    differentiable: bool = False,
) -> None:
    """Leave in the ``grad`` of every node of the order the gradient of its last node, the root.

    With ``targets``, the order holds only what lies between the root and the targets, and no other
    node is touched. With ``differentiable`` the rules are read with the nodes themselves instead of
    their numbers: the gradients are nodes then, and can be differentiated again.

    The chain rule is ``argument.grad += adjoint * partial``. It is written out for the first and
    the second argument, and the rest asks what they are, because a call for each edge would cost
    as much as the edge.

    Raises StaleGraphError if a leaf was written after a node was computed from it, and the
    exception of a partial that is undefined at this point, such as that of sqrt at 0.
    """
    node = root = next(reversed(order))
    write_gradients(order, repeat(Nothing() if differentiable else 0.0))
    root.grad = seed
    everything = not targets
    try:
        for node in reversed(order):
            op, first, second, epoch = node.op, node.first, node.second, node.epoch
            if op is None or (targets and node in targets):
                continue
            adjoint = node.grad
            y = node if differentiable else node._data
            if type(first) is tuple:
                spread(node, adjoint, y, order if targets else None, differentiable)
                continue
            if type(first) is float:
                a = first
            elif first.epoch > epoch:
                raise stale(first, node)
            else:
                a = first if differentiable else first._data
            if second is None:
                partial = op.first
                first.grad += adjoint * (partial if type(partial) is float else partial(y, a))
                continue
            if type(second) is float:
                b = second
            elif second.epoch > epoch:
                raise stale(second, node)
            else:
                b = second if differentiable else second._data
                if everything or second in order:
                    partial = op.second
                    if type(partial) is not float:
                        partial = partial(y, a, b)
                    second.grad += adjoint * partial
            if type(first) is not float and (everything or first in order):
                partial = op.first
                if type(partial) is not float:
                    partial = partial(y, a, b)
                first.grad += adjoint * partial
    except (ArithmeticError, ValueError) as error:
        raise undefined_partial(node, error, order) from None


def spread(
    node: Any, adjoint: Any, y: Any, kept: Container[Any] | None, differentiable: bool
) -> None:
    """Pass on the adjoint of an operation of many arguments."""
    arguments, every = node.first, node.op.every
    if type(every) is float:
        share = adjoint * every
        for argument in arguments:
            if type(argument) is not float and (kept is None or argument in kept):
                argument.grad += share
        return
    operands = arguments if differentiable else numbers(arguments)
    for argument, partial in zip(arguments, every(y, *operands), strict=True):
        if type(argument) is not float and (kept is None or argument in kept):
            if argument.epoch > node.epoch:
                raise stale(argument, node)
            argument.grad += adjoint * partial


class Nothing:
    """The empty sum. Adding to it makes no node, as adding to 0.0 would."""

    def __add__(self, other: Any) -> Any:
        return other


def write_gradients(nodes: Iterable[Any], gradients: Iterable[Any]) -> None:
    """Write all the gradients in one call into C, which Ctrl-C cannot cut in two."""
    deque(map(setattr, nodes, repeat("grad"), gradients), maxlen=0)


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """Return the plain number of each argument, constant or node."""
    return [argument if type(argument) is float else argument._data for argument in arguments]


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


Finish = Callable[[dict[Any, None], list[Any]], Any]
sweeping = threading.RLock()  # one sweep at a time: the graphs of two threads may share leaves


def swept(
    order: dict[Any, None],
    seed: Any,
    finish: Finish,
    *,
    targets: Collection[Any] = (),
    differentiable: bool = False,
) -> Any:
    """Sweep, and return what ``finish`` makes of the order and of its gradients from before.

    If anything goes wrong, or is interrupted, every ``grad`` is again what it was.
    """
    with sweeping:
        before = [node.grad for node in order]
        try:
            if modes.ieee and not differentiable:
                # Operations on nodes know the answers of IEEE 754; those on plain floats do not.
                with no_grad():
                    sweep(order, seed, targets=targets, differentiable=True)
                write_gradients(order, [getattr(node.grad, "data", node.grad) for node in order])
            else:
                sweep(order, seed, targets=targets, differentiable=differentiable)
            return finish(order, before)
        except BaseException:
            write_gradients(order, before)
            raise


def backward(root: Any, seed: float = 1.0) -> None:
    """Add the gradient of ``root`` to the ``grad`` of its leaves, and set that of its inner nodes.

    All of it happens, or none.
    """
    swept(topological_order(root), seed, accumulate)


def accumulate(order: dict[Any, None], before: list[Any]) -> None:
    """Leave inner nodes with their new gradient, and add to that of a leaf what it had before."""
    leaves, sums = [], []
    for node, old in zip(order, before, strict=True):
        if node.op is None:
            leaves.append(node)
            sums.append(node.grad + old if old else node.grad)
    if not math.isfinite(sum(sums)):
        check_finite(order)
    write_gradients(leaves, sums)


def adjoints(
    root: Any, targets: Collection[Any], *, differentiable: bool = False
) -> dict[Any, Any]:
    """Return the gradient of ``root`` by each target that it depends on; change no ``grad``."""

    def collect(order: dict[Any, None], before: list[Any]) -> dict[Any, Any]:
        found = {target: target.grad for target in targets if target in order}
        if not differentiable and not math.isfinite(sum(found.values())):
            check_finite(order)
        write_gradients(order, before)
        return found

    order = between(topological_order(root, stop=targets), targets)
    if not order:
        return {}
    found: dict[Any, Any] = swept(
        order, 1.0, collect, targets=targets, differentiable=differentiable
    )
    return found


def between(order: Iterable[Any], targets: Collection[Any]) -> dict[Any, None]:
    """Return the nodes of the order that are targets or were computed from one."""
    kept = set(targets)
    for node in order:
        if any(argument in kept for argument in node.args):
            kept.add(node)
    return {node: None for node in order if node in kept}


def check_finite(order: dict[Any, None]) -> None:
    """Raise an error if a gradient is not finite though every number in the graph is.

    A NaN or an infinity that came in as data, or as the seed, may pass.
    """
    if modes.ieee or not all(math.isfinite(node._data) for node in order):
        return
    arrived = dict.fromkeys(order, 0.0)
    for node in reversed(order):
        if node.op is None or not math.isfinite(node.grad):
            continue
        for argument, partial in zip(node.args, local_partials(node), strict=True):
            if partial is not None and argument in order:
                arrived[argument] += node.grad * partial
                if not math.isfinite(arrived[argument]):
                    raise not_finite_gradient(node, argument, node.grad, partial, order)
