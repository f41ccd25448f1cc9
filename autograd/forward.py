"""Forward mode: the chain rule from the leaves to the results, by the same rows of the table.

The tangent of a node is its derivative along one direction of the inputs. It is the sum over the
arguments of the local partial times the argument's tangent.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 3.1.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Mapping
from typing import Any

from autograd import words
from autograd.formulas.of_many import fsum
from autograd.graph import between, numbers, plain_number, topological_order
from autograd.machinery.modes import current, no_grad
from autograd.words.stale import check_fresh


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
        return {node: plain_number(tangent) for node, tangent in found.items()}
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
        y, operands = (node, node.args) if differentiable else (node._data, numbers(node.args))
        needed = [type(each) is not float and each in found for each in node.args]
        arrived = [found[each] for each, wanted in zip(node.args, needed, strict=True) if wanted]
        try:
            partials = [each for each in node.op.partials(y, operands, needed) if each is not None]
            terms = [partial * tangent for partial, tangent in zip(partials, arrived, strict=True)]
        except (ArithmeticError, ValueError) as error:
            raise words.errors.undefined_partial(node, error, order) from None
        # As one node, where nodes are made: what a loss of many terms has in its graph is no chain.
        in_one = differentiable and len(terms) > 2
        found[node] = fsum(terms) if in_one else functools.reduce(operator.add, terms)
        born_here = not differentiable and all(map(math.isfinite, [*operands, *arrived]))
        if born_here and not math.isfinite(found[node]):
            raise words.errors.not_finite_tangent(node, found[node])
    return found
