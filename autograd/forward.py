"""Forward mode: the chain rule from the leaves to the results, by the same rows of the table.

The tangent of a node is its derivative along one direction of the inputs. It is the sum over the
arguments of the local partial times the argument's tangent.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograd.backward import between, numbers
from autograd.errors import stale, undefined_partial
from autograd.graph import topological_order


def tangents(
    roots: Iterable[Any], directions: Mapping[Any, Any], *, differentiable: bool = False
) -> dict[Any, Any]:
    """Return the tangent of every node between the nodes of ``directions`` and the roots.

    ``directions`` gives the tangent of each input. Nodes that depend on none of them have no
    tangent. With ``differentiable`` the tangents are nodes, and can be differentiated again.

    Raises what ``sweep`` raises.
    """
    order = between(topological_order(*roots, stop=directions), directions)
    found = {node: direction for node, direction in directions.items() if node in order}
    for node in order:
        if node in found:
            continue
        args = node.args
        y, operands = (node, args) if differentiable else (node._data, tuple(numbers(args)))
        total = None
        for position, argument in enumerate(args):
            if argument not in found:
                continue
            if argument.epoch > node.epoch:
                raise stale(argument, node)
            try:
                term = node.op.partial(position, y, operands) * found[argument]
            except (ArithmeticError, ValueError) as error:
                raise undefined_partial(node, error, order) from None
            total = term if total is None else total + term
        found[node] = total
    return found
