"""Who is asking? A formula is written once and read by floats, by Values and by arrays.

``generic`` makes a function of a formula: a number goes to ``math``, an array to its own library,
and a Value makes a node of the operation that bears the function's name.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from numbers import Real
from typing import Any, TypeAlias

Operand: TypeAlias = Any  # a float, a Value or an array: whatever the reader of a row brings


def number(operand: object) -> float | None:
    """Return the operand as a float if it is a real number, and None if it is anything else.

    A bool and NumPy's scalars are numbers; a string, a complex number and an array are not, even
    where ``float`` would convert them.

    >>> number(True), number("3"), number(2 + 0j)
    (1.0, None, None)
    """
    numpy = sys.modules.get("numpy")
    # NumPy does not count its bool among the real numbers, but does so with its time spans.
    if not isinstance(operand, Real) and not (numpy and isinstance(operand, numpy.bool_)):
        return None
    if numpy and isinstance(operand, numpy.timedelta64):
        return None
    try:
        return float(operand)
    except OverflowError:
        raise OverflowError(
            f"the {type(operand).__name__} is too large for a float, which ends at 1.8e308."
        ) from None


def generic(formula: Callable[..., Any], on_arrays: Callable[..., Any] | None = None) -> Any:
    """Return ``formula``, which is written for numbers, as a function of numbers, Values or arrays.

    ``on_arrays`` is the formula for arrays where it differs. A Value makes a node of the function's
    ``op``, its row in the table of ``rules.py``.
    """

    def call(*operands: Operand) -> Any:
        if len(operands) == 1 and type(operands[0]) is float:
            return formula(operands[0])
        on_array = False
        for operand in operands:
            if hasattr(operand, "apply_op"):
                return operand.apply_op(call.op, operands)  # type: ignore[attr-defined]  # see rules.py
            on_array = on_array or (number(operand) is None and is_array(operand))
        if on_array:
            return (on_arrays or formula)(*operands)
        return formula(*(checked_number(formula.__name__, operand) for operand in operands))

    functools.update_wrapper(call, formula)
    call.__module__ = __name__
    call.on_numbers = formula  # type: ignore[attr-defined]  # the short road for an engine's floats
    return call


def is_array(operand: object) -> bool:
    """Whether the operand follows the array API standard (NumPy from 2.0, JAX and others)."""
    return hasattr(operand, "__array_namespace__")


def checked_number(name: str, operand: object) -> float:
    """Return the operand as a float, or raise the TypeError that says what ``name`` takes."""
    converted = number(operand)
    if converted is None:
        raise TypeError(
            f"{name}() takes numbers and Values, not {type(operand).__name__}. "
            f"For a list, write [{name}(x) for x in values]."
        )
    return converted


def elementary(formula: Callable[..., float], doc: str) -> Any:
    """Return a function of ``math`` as a generic one; array libraries know it by the same name."""
    name = formula.__name__

    def on_numbers(*numbers: float) -> float:
        return formula(*numbers)

    def on_arrays(*operands: Operand) -> Any:
        array = next(operand for operand in operands if is_array(operand))
        return getattr(array.__array_namespace__(), name)(*operands)

    on_numbers.__name__ = on_numbers.__qualname__ = name
    on_numbers.__doc__ = doc
    function = generic(on_numbers, on_arrays)
    function.on_numbers = formula
    return function


def choose(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return ``yes`` where the condition holds, else ``no``; either may be a function to call.

    Of numbers and Values only the chosen one is computed. This is a tool for formulas; ``where``
    is the operation.
    """
    if condition is not True and condition is not False and is_array(condition):
        yes, no = (branch() if callable(branch) else branch for branch in (yes, no))
        return condition.__array_namespace__().where(condition, yes, no)
    branch = yes if condition else no
    return branch() if callable(branch) else branch


def by_sign(a: Operand, above: Operand, below: Operand) -> Any:
    """Return ``above`` where a > 0, ``below`` where a <= 0, and ``a`` itself where it is NaN.

    ``below`` may be a function to call.
    """
    positive = a > 0
    if positive is True:  # of numbers, the most frequent answer first
        return above
    return choose(positive, above, lambda: choose(a <= 0, below, a))
