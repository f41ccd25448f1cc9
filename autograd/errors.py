"""Every message of the engine, built in one place: what happened, on which node, what to write."""

from __future__ import annotations

import math
import sys
from numbers import Complex
from typing import Any

from autograd.naming import formula, variable_names


class StaleGraphError(RuntimeError):
    """A leaf was written after the graph was computed from it: the graph's numbers are old."""


def shown(operand: Any) -> str:
    """Return an operand as a message shows it: what it is called, and its number."""
    if type(operand) is float:
        return f"{operand!r}"
    name = formula(operand, names_of_user(type(operand)))
    number = repr(operand.data)
    return number if name in (number, f"{operand.data:g}") else f"{name} = {number}"


def names_of_user(kind: type) -> dict[Any, str]:
    """Return the variable names in the innermost frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    return variable_names(frame, kind)


HINTS = {
    "log": "log is defined for positive numbers only. For the log of a probability use "
    "log_sigmoid or log_softmax.",
    "log1p": "log1p is defined above -1 only.",
    "sqrt": "sqrt is defined for numbers from 0 up, and has a derivative above 0 only.",
    "/": "The denominator is zero.",
    "**": "A power of a negative number is real for whole exponents only, and 0 has no negative "
    "power.",
    "power_slope": "The power has no finite derivative here.",
    "power_log": "The derivative by the exponent is a**b * log(a): it needs a positive base.",
    "exp": "exp overflows above 709.78. Use sigmoid, softplus, logsumexp or log_softmax, which "
    "do not.",
    "asin": "asin is defined from -1 to 1, and has a derivative strictly between only.",
    "acos": "acos is defined from -1 to 1, and has a derivative strictly between only.",
}


def undefined(op: Any, operands: tuple[Any, ...], error: Exception) -> Exception:
    """Return the error, of the same kind, that tells which operation failed on which operands."""
    listed = " and ".join(shown(operand) for operand in operands[:4])
    if len(operands) > 4:
        listed += f" and {len(operands) - 4} more"
    hint = HINTS.get(op.name, "")
    return type(error)(
        f"{op.name} of {listed}: {error}. {hint}{' ' if hint else ''}"
        "For inf and nan instead of this error: with autograd.ieee()."
    )


def born_not_finite(op: Any, operands: tuple[Any, ...], result: float) -> Exception:
    """Return the error for an infinity or a NaN that no operand brought in."""
    if math.isnan(result):
        return undefined(op, operands, ValueError("the result is undefined (nan)"))
    return undefined(op, operands, OverflowError("the result is too large for a float"))


def undefined_partial(node: Any, error: Exception) -> Exception:
    """Return the error, of the same kind, for a derivative that does not exist at this point."""
    listed = " and ".join(shown(argument) for argument in node.args)
    return type(error)(
        f"the derivative of {node.op.name} at {listed} is undefined or infinite ({error}), so "
        f"backward cannot pass through {formula(node, names_of_user(type(node)))}. "
        f"{HINTS.get(node.op.name, '')} Nothing was changed."
    )


def not_finite_gradient(node: Any, argument: Any, adjoint: float, partial: float) -> Exception:
    """Return the error for a gradient that overflowed on the way down."""
    kind = ValueError if math.isnan(adjoint * partial) else OverflowError
    return kind(
        f"the gradient of {shown(argument)} is not finite: through {shown(node)} it gets "
        f"{adjoint!r} * {partial!r}. The numbers in the graph are too large: scale the inputs, or "
        "take a smaller learning rate. Nothing was changed."
    )


def stale(leaf: Any, node: Any) -> StaleGraphError:
    """Return the error for a leaf that was written after ``node`` was computed from it."""
    names = names_of_user(type(node))
    return StaleGraphError(
        f"{formula(leaf, names)} was written after {formula(node, names)} was computed from it, "
        "so this graph's numbers are old. Compute the expression again after changing a leaf, and "
        "call backward() before the change."
    )


def bad_operand(symbol: str, left: Any, right: Any) -> TypeError:
    """Return the error for an operand that is neither a number nor a Value."""
    other = right if is_node(left) else left
    return TypeError(
        f"unsupported operand types for {symbol}: {type(left).__name__} and "
        f"{type(right).__name__}. {advice(other)}"
    )


def not_a_number(data: Any) -> TypeError:
    """Return the error for a Value made of something that is not a number."""
    return TypeError(f"Value() takes a real number, not {type(data).__name__}. {advice(data)}")


def is_node(thing: Any) -> bool:
    """Whether the thing is a Value, and not the class itself."""
    return hasattr(thing, "apply_op") and not isinstance(thing, type)


def advice(thing: Any) -> str:
    """Return what to write instead of an operand of the wrong type."""
    if isinstance(thing, str):
        return f"Convert text first: float({thing[:20]!r})."
    if thing is None:
        return "Something returned None: does a function lack its return?"
    if isinstance(thing, Complex):
        return "The engine knows real numbers only: use z.real, z.imag or abs(z)."
    if getattr(thing, "shape", None) == ():
        return "Take the number out of the array first: array.item()."
    if is_node(thing):
        return "It is a Value already: use it as it is, or v.data for its number."
    if hasattr(thing, "__len__") or hasattr(thing, "__array_namespace__"):
        return "A Value is one number: write [Value(x) for x in values], or v * x for each x."
    return "Use an int, a float or a Value."


def loses_gradient(how: str) -> TypeError:
    """Return the error for a conversion that would silently cut the graph."""
    if how == "bool()":
        return TypeError(
            "a Value is neither true nor false. Compare its number, as in v > 0 or v.data != 0."
        )
    return TypeError(
        f"{how} of a Value would lose its gradient silently. Use autograd's function instead "
        "(autograd.sin(v) for math.sin(v)), or v.data if you want the plain number."
    )


def inner_write(node: Any) -> AttributeError:
    """Return the error for writing the data of a node that was computed."""
    return AttributeError(
        f"{formula(node, names_of_user(type(node)))} was computed by {node.op.name}, so its data "
        "cannot be written: only leaves have data of their own. Write a leaf and compute the "
        "expression again."
    )
