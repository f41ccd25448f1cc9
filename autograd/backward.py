"""The reverse sweep: the chain rule, once.

The gradient of a root with respect to a node is called the node's adjoint. The root's is the seed,
1. Every node passes on to each of its arguments its own adjoint (the upstream gradient, seen from
there) times the local partial derivative, and an argument adds up what arrives. Walking from the
root to the leaves in reverse topological order, a node passes on only after all that used it have
reported; and among its arguments, too, the last one comes first.

``sweep`` is all of it. What follows keeps its promises: all gradients are written, or none.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from itertools import repeat
from typing import Any

from autograd import fast, words
from autograd.fast.order import quick_order
from autograd.fast.sweep import quick_sweep
from autograd.graph import between, numbers, topological_order
from autograd.machinery import modes
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.modes import current, no_grad
from autograd.machinery.one_at_a_time import OneAtATime
from autograd.words.stale import check_fresh


def sweep(
    order: dict[Any, None],
    seed: Any,
    *,
    targets: Collection[Any] = (),
    differentiable: bool = False,
) -> None:
    """Leave in the ``grad`` of every node of the order the gradient of its last node, the root.

    A node among the ``targets`` passes nothing on. With ``differentiable`` the gradients are nodes
    themselves, and can be differentiated again. Raises what ``local_partials`` raises.
    """
    write_all(order, "grad", repeat(Nothing() if differentiable else 0.0))
    root = next(reversed(order))
    root.grad = seed
    for node in reversed(order):
        if node.op is None or node in targets:
            continue
        partials = local_partials(node, order, differentiable=differentiable)
        for argument, partial in zip(reversed(node.args), reversed(partials), strict=True):
            if partial is not None:
                argument.grad += node.grad * partial


def local_partials(
    node: Any, order: dict[Any, None] | None = None, *, differentiable: bool = False
) -> list[Any]:
    """Return the partial derivative of a node with respect to each of its arguments.

    It is None for a constant, and for a node that is not in the ``order``, if one is given. The
    rule is read with the numbers of the arguments; with ``differentiable``, with the arguments
    themselves: their partials are nodes then. That is all that separates first from higher order.

    Raises StaleGraphError if a leaf was written after the node was computed from it, and the
    exception of a partial that is undefined at this point, such as that of sqrt at 0.

    >>> from autograd import Value
    >>> a, b = Value(2.0), Value(-3.0)
    >>> local_partials(a * b), local_partials(a * 7.0)
    ([-3.0, 2.0], [7.0, None])
    """
    if node.op is None:
        return []
    if node.version != modes.writes:  # a leaf was written since: was it one of these?
        check_fresh(node)
    arguments = node.args
    needed = [type(each) is not float and (order is None or each in order) for each in arguments]
    y, operands = (node, arguments) if differentiable else (node._data, numbers(arguments))
    try:
        partials: list[Any] = node.op.partials(y, operands, needed)
    except (ArithmeticError, ValueError) as error:
        raise words.errors.undefined_partial(node, error, order or ()) from None
    return partials


class Nothing:
    """The empty sum. Adding to it makes no node, as adding to 0.0 would."""

    def __add__(self, other: Any) -> Any:
        return other


# All of it, or nothing ---------------------------------------------------------------------------

Finish = Callable[[dict[Any, None], list[Any]], Any]
sweeping = OneAtATime()  # the graphs of two threads may share leaves


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
    with sweeping.lock:
        before = [node.grad for node in order]
        try:
            if current.ieee and not differentiable:
                # Operations on nodes know the answers of IEEE 754; those on plain floats do not.
                with no_grad():
                    sweep(order, seed, targets=targets, differentiable=True)
                write_all(order, "grad", [getattr(node.grad, "data", node.grad) for node in order])
            elif fast.ON and not differentiable:
                quick_sweep(order, seed, targets)
            else:
                sweep(order, seed, targets=targets, differentiable=differentiable)
            return finish(order, before)
        except BaseException:
            write_all(order, "grad", before)
            raise


def backward(root: Any, seed: float = 1.0) -> None:
    """Add the gradient of ``root`` to the ``grad`` of its leaves, and set that of its inner nodes.

    All of it happens, or none.
    """
    swept(ordered(root), seed, accumulate)


def ordered(root: Any, stop: Collection[Any] = ()) -> dict[Any, None]:
    """Return the topological order, by the quick walk unless that is switched off."""
    return quick_order(root, stop) if fast.ON else topological_order(root, stop=stop)


def accumulate(order: dict[Any, None], before: list[Any]) -> None:
    """Leave inner nodes with their new gradient, and add to that of a leaf what it had before."""
    leaves, sums = [], []
    for node, old in zip(order, before, strict=True):
        if node.op is None:
            leaves.append(node)
            sums.append(node.grad + old if old else node.grad)
    if not math.isfinite(sum(sums)):
        check_finite(order)
    write_all(leaves, "grad", sums)


def adjoints(
    root: Any, targets: Collection[Any], *, differentiable: bool = False
) -> dict[Any, Any]:
    """Return the gradient of ``root`` with respect to each target that it depends on.

    No ``grad`` is changed.
    """

    def collect(order: dict[Any, None], before: list[Any]) -> dict[Any, Any]:
        found = {target: target.grad for target in targets if target in order}
        if not differentiable and not math.isfinite(sum(found.values())):
            check_finite(order)
        write_all(order, "grad", before)
        return found

    targets = dict.fromkeys(targets)
    order = between(ordered(root, targets), targets)
    if not order:
        return {}
    found: dict[Any, Any] = swept(
        order, 1.0, collect, targets=targets, differentiable=differentiable
    )
    return found


def check_finite(order: dict[Any, None]) -> None:
    """Raise an error if a gradient is not finite though every number in the graph is.

    A NaN or an infinity that came in as data, or as the seed, may pass.
    """
    if current.ieee or not all(math.isfinite(node._data) for node in order):
        return
    arrived = dict.fromkeys(order, 0.0)
    for node in reversed(order):
        if node.op is None or not math.isfinite(node.grad):
            continue
        for argument, partial in zip(node.args, local_partials(node, order), strict=True):
            if partial is not None:
                arrived[argument] += node.grad * partial
                if not math.isfinite(arrived[argument]):
                    raise words.errors.not_finite_gradient(
                        node, argument, node.grad, partial, order
                    )
