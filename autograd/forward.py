"""Forward mode: the chain rule from the leaves to the results, by the same rows of the table.

The tangent of a node is its derivative along one direction of the inputs. It is the sum over the
arguments of the local partial times the argument's tangent.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from autograd.graph import between, numbers, topological_order
from autograd.machinery.modes import current, no_grad
from autograd.words.errors import check_fresh, not_finite_tangent, undefined_partial


def tangents(
    roots: Iterable[Any], directions: Mapping[Any, Any], *, differentiable: bool = False
) -> dict[Any, Any]:
    """Return the tangent of every node between the nodes of ``directions`` and the roots.

    ``directions`` gives the tangent of each input. A node that depends on none of them has no
    tangent. With ``differentiable`` the tangents are nodes, and can be differentiated again.

    Raises what ``sweep`` raises.
    """
    order = between(topological_order(*roots, stop=directions), directions)
    if current.ieee and not differentiable:
        # Operations on nodes know the answers of IEEE 754; those on plain floats do not.
        with no_grad():
            found = pushed(order, directions, differentiable=True)
        return {node: getattr(tangent, "data", tangent) for node, tangent in found.items()}
    return pushed(order, directions, differentiable)


def pushed(
    order: dict[Any, None], directions: Mapping[Any, Any], differentiable: bool
) -> dict[Any, Any]:
    """Return the tangent of every node of the order: the chain rule, read forward."""
    found: dict[Any, Any] = {}
    for node in order:
        if node in directions:
            found[node] = directions[node]
            continue
        check_fresh(node)
        args = node.args
        y, operands = (node, args) if differentiable else (node._data, tuple(numbers(args)))
        total: Any = None
        for position, argument in enumerate(args):
            if argument not in found:
                continue
            try:
                term = node.op.partial(position, y, operands) * found[argument]
            except (ArithmeticError, ValueError) as error:
                raise undefined_partial(node, error, order) from None
            total = term if total is None else total + term
        if not differentiable and not math.isfinite(total):
            arrived = [found[argument] for argument in args if argument in found]
            if all(map(math.isfinite, [*operands, *arrived])):
                raise not_finite_tangent(node, total)
        found[node] = total
    return found
