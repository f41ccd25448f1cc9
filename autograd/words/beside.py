"""What a Value does beside things that are no Values: ``==``, and the functions of NumPy.

Python and NumPy have answers of their own there: a silent False, or a bare message. Here is what
is computed after all, and what is refused in words.
"""

from __future__ import annotations

import operator
from numbers import Number
from typing import Any

from autograd import words
from autograd.formulas.dispatch import is_array
from autograd.rules import OPS

COMPARISONS = {
    "less": (operator.lt, operator.gt), "less_equal": (operator.le, operator.ge),
    "greater": (operator.gt, operator.lt), "greater_equal": (operator.ge, operator.le),
    "equal": (operator.eq, operator.eq), "not_equal": (operator.ne, operator.ne),
}  # fmt: skip
OPERATORS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "power": "**",
}  # fmt: skip


def same_node(symbol: str, node: Any, other: object) -> Any:
    """Return whether both are the same node, or raise the error for ``node == 2.0``.

    Where the other is neither a number nor an array the answer is left to it, and to Python.
    """
    if words.errors.is_node(other):
        return node is other
    if isinstance(other, Number) or is_array(other):
        raise words.errors.compares_identity(symbol, node, other)
    return NotImplemented


def begun_by_numpy(
    node: Any, function: Any, how: str, operands: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """Return what an operator that NumPy has begun, with a node on its right, computes.

    One of NumPy's scalars on its left is a number like any other; an array of nodes takes the node
    as one more of its kind. For a function of NumPy, such as ``np.exp(v)``, raises TypeError.
    """
    if any(getattr(getattr(each, "dtype", None), "hasobject", False) for each in operands):
        return getattr(function, how)(*map(boxed, operands), **options)
    name = function.__name__ if how == "__call__" else ""
    if name in OPERATORS:
        return node.apply_op(OPS[OPERATORS[name]], operands)
    if name in COMPARISONS:
        left, right = operands
        as_it_is, mirrored = COMPARISONS[name]
        if words.errors.is_node(left):
            return as_it_is(left, right)
        # To be compared, a scalar comes as an array without a dimension.
        return mirrored(right, left[()] if getattr(left, "shape", None) == () else left)
    raise words.errors.numpy_loses_gradient(function.__name__)


def boxed(operand: Any) -> Any:
    """Return a node as an array of that one object, and everything else as it is."""
    if not words.errors.is_node(operand):
        return operand
    import numpy

    box = numpy.empty((), dtype=object)
    box[()] = operand
    return box
