"""Every message of the engine, built in one place: what happened, on which node, what to write.

What a message calls a node is in ``names.py``, what to write instead in ``rewrites.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Complex
from typing import Any

from autograd.graph import path_to_root
from autograd.rules import OPS
from autograd.words.formula_printer import Names, Written, formula, written_operation
from autograd.words.names import (
    called,
    listed,
    names_among,
    names_of_user,
    route,
    short_names,
    shown,
    user_frame,
    user_name,
    variable_of,
)

# Loaded when something has gone wrong, and not before: the import of the package stays quick.


def hint(*args: Any, **options: Any) -> str:
    """Return what to write instead of an operation that failed: see ``rewrites.hint``."""
    from autograd.words import rewrites

    return rewrites.hint(*args, **options)


def where_made(node: Any) -> str:
    """Return where in the program the node was made, as a sentence: see ``source.where_made``."""
    from autograd.words import source

    return source.where_made(node)


# Mathematics that is undefined, or too large -----------------------------------------------------


def undefined(op: Any, operands: tuple[Any, ...], error: Exception) -> Exception:
    """Return the error, of the same kind, that tells which operation failed on which operands."""
    names = names_among(operands)
    advice = hint(op, operands, short_names(names), huge=isinstance(error, OverflowError))
    cause = str(error).partition(". ")[0].removesuffix(".")
    return type(error)(
        f"{op.name} of {listed(operands, names)}: {cause}. {advice}{' ' if advice else ''}"
        "For inf and nan instead of this error: with autograd.ieee()."
    )


def born_not_finite(op: Any, operands: tuple[Any, ...], result: float) -> Exception:
    """Return the error for an infinity or a NaN that no operand brought in."""
    if math.isnan(result):
        return undefined(op, operands, ValueError("the result is undefined (nan)"))
    return undefined(op, operands, OverflowError("the result is too large for a float"))


def undefined_partial(node: Any, error: Exception, order: Iterable[Any] = ()) -> Exception:
    """Return the error, of the same kind, for a derivative that does not exist at this point.

    ``order`` is the topological order of the graph, for the path from the node to the root.
    """
    names = names_among([node])
    path = path_to_root(node, order) if order else [node]
    argument = next(argument for argument in node.args if type(argument) is not float)
    advice = hint(node.op, node.args, short_names(names), above=path)
    cause = str(error).partition(". ")[0]  # without the hint for the formula of the partial
    return type(error)(
        f"the derivative of {node.op.name} at {listed(node.args, names)} is undefined or infinite "
        f"({cause}), so the chain rule cannot pass through {called(node, names)}."
        f"{where_made(node)} Its path to the root: {route([argument, *path], names)}. "
        f"{advice}{' ' if advice else ''}"
        "Nothing was changed."
    )


def not_finite_gradient(
    node: Any, argument: Any, adjoint: float, partial: float, order: Iterable[Any] = ()
) -> Exception:
    """Return the error for a gradient that overflowed on the way down."""
    names = names_among([node])
    path = path_to_root(node, order) if order else [node]
    kind = ValueError if math.isnan(adjoint * partial) else OverflowError
    return kind(
        f"the gradient of {shown(argument, names)} is not finite: "
        f"{arrival(node, adjoint, partial, names)}.{where_made(node)} Its path to the root: "
        f"{route([argument, *path], names)}. {slope_hint(node, partial, path, names)} "
        "Nothing was changed."
    )


def arrival(node: Any, adjoint: float, partial: float, names: Names) -> str:
    """Return in words what a node passed on when the gradient of an argument left the floats."""
    if math.isfinite(adjoint * partial):
        return (
            f"what arrives on its paths, {adjoint!r} * {partial!r} through {shown(node, names)} "
            "among it, has a sum that is too large for a float"
        )
    return (
        f"through {shown(node, names)} it gets {adjoint!r} * {partial!r}, the gradient there times "
        "the local derivative"
    )


def slope_hint(node: Any, partial: float, path: Sequence[Any], names: Names) -> str:
    """Return what to write instead, where the gradient through a node is not finite."""
    if not math.isfinite(partial):
        return hint(node.op, node.args, short_names(names), above=path)
    wider = hint(node.op, node.args, short_names(names), above=path, huge=True)
    return f"The numbers in the graph are too large for its gradient. {wider}".strip()


def value_hint(node: Any, path: Sequence[Any], names: Names) -> str:
    """Return what to write instead, where the value of a node is not finite."""
    numbers = [operand if type(operand) is float else operand.data for operand in node.args]
    try:
        huge = math.isinf(node.op.on_numbers(*numbers))
    except (ArithmeticError, ValueError) as error:
        huge = isinstance(error, OverflowError)
    return hint(node.op, node.args, short_names(names), above=path, huge=huge)


# Graphs and operands that are used in a wrong way -------------------------------------------------


def not_finite_tangent(node: Any, tangent: float) -> Exception:
    """Return the error for a derivative that overflowed on its way forward."""
    kind = ValueError if math.isnan(tangent) else OverflowError
    return kind(
        f"the derivative of {shown(node)} along the direction is {tangent!r}. The numbers are too "
        "large for a float: scale the inputs or the direction."
    )


def stale(leaf: Any, node: Any) -> str:
    """Return what is wrong where a leaf was written after ``node`` was computed from it."""
    names = names_of_user(type(node))
    return (
        f"{formula(leaf, names)} was written after {formula(node, names)} was computed from it, "
        f"so this graph's numbers are old.{where_made(node)} Compute the expression again "
        "after changing a leaf, and call backward() before the change."
    )


def bad_operand(symbol: str, operands: Sequence[Any], wrong: int) -> TypeError:
    """Return the error for the operand at the place ``wrong``: no number and no Value."""
    node = next((place for place, each in enumerate(operands) if is_node(each)), 0)
    places = sorted({node, wrong}) if node != wrong else [wrong]
    types = " and ".join(type(operands[place]).__name__ for place in places)
    kinds = "types" if len(places) > 1 else "type"
    written, each = "", "v * each"
    if len(operands) == 2 and len(places) == 2:
        parts = [Written(named_thing(operand)) for operand in operands]
        written = f" This is {written_operation(symbol, parts).markup}."
        parts[wrong] = Written("each")
        each = written_operation(symbol, parts).markup
    return TypeError(
        f"unsupported operand {kinds} for {symbol}: {types}. "
        f"{advice(operands[wrong], each)}{written}"
    )


def named_thing(thing: Any) -> str:
    """Return what the user calls a thing of any kind: its variable, or how Python writes it."""
    if is_node(thing):
        return user_name(thing)
    holds_others = hasattr(thing, "__len__") and not isinstance(thing, str)
    name = variable_of(thing) if holds_others else ""
    text = name or " ".join(repr(thing).split())
    return text if len(text) <= 24 else f"{text[:21]}..."


def not_a_number(data: Any, who: str = "Value()") -> TypeError:
    """Return the error for a Value made of something that is not a number, or for another place."""
    return TypeError(f"{who} takes a real number, not {type(data).__name__}. {advice(data)}")


def is_node(thing: Any) -> bool:
    """Whether the thing is a Value, and not the class itself."""
    return hasattr(thing, "apply_op") and not isinstance(thing, type)


def advice(thing: Any, each: str = "v * each") -> str:
    """Return what to write instead of an operand of the wrong type; ``each`` is for one of many."""
    if isinstance(thing, str):
        return f"Convert text first: float({thing[:20]!r})."
    if thing is None:
        return "Something returned None: does a function lack its return?"
    if isinstance(thing, Complex):
        return "The engine knows real numbers only: use z.real, z.imag or abs(z)."
    if getattr(thing, "shape", None) == ():
        return "Take the number out of the array first: array.item()."
    if is_node(thing):
        return (
            f"It is a Value already: use {named_thing(thing)} as it is, or v.data for its number."
        )
    if hasattr(thing, "__len__") or hasattr(thing, "__array_namespace__"):
        values = variable_of(thing) or "values"
        return (
            "A Value is one number: write [Value(x) for x in values] to make Values of many, or "
            f"[{each} for each in {values}]."
        )
    return "Use an int, a float or a Value."


def loses_gradient(how: str, node: Any = None) -> TypeError:
    """Return the error for a conversion that would silently cut the graph."""
    v = "v" if node is None else user_name(node)
    if how == "bool()":
        return TypeError(
            f"a Value is neither true nor false. Compare its number, as in {v} > 0 or "
            f"{v}.data != 0."
        )
    called, advice = function_of_math(v) if how.startswith("float") else ("", "")
    if not called and how not in ("int()", "complex()"):
        advice = "Use autograd's function instead"
    advice = f"{advice}, or" if advice else "Write"
    return TypeError(
        f"{called or how} of a Value would lose its gradient silently. {advice} {v}.data if you "
        "want the plain number."
    )


def not_a_result(function: str, given: Any) -> TypeError:
    """Return the error for what is no Value, where a function looks at how one was computed."""
    return TypeError(
        f"{function}() takes a Value, not {type(given).__name__}. Give it the result of a "
        f"computation with Values, such as {function}(loss). A plain number, as in loss.data, does "
        "not know how it was computed."
    )


def function_of_math(v: str) -> tuple[str, str]:
    """Return the function of ``math`` that the user's code is calling, and what to write instead.

    Both are empty where it calls another, or the program's text is not at hand.
    """
    from autograd.words.habits import MATHEMATICS
    from autograd.words.source import found

    frame = user_frame()
    written = found(frame.f_code, frame.f_lasti).expression if frame else ""
    name, parenthesis, inside = written.partition("(")
    own = name.rpartition(".")[2]
    if not (parenthesis and hasattr(math, own)):
        return "", ""
    if own in OPS or own == "fsum":
        return f"{name}()", f"Write autograd.{own}({inside}"
    if own == "pow":
        return f"{name}()", "Write base ** exponent"
    return f"{name}()", MATHEMATICS.get(own, "").format(x=v).rstrip(".")


def numpy_loses_gradient(name: str) -> TypeError:
    """Return the error for a function of NumPy that is called with a Value."""
    from autograd.words.habits import FUNCTIONS, MATHEMATICS

    own = name.replace("arc", "a", 1) if name.startswith("arc") else name
    others = ", other" if own in FUNCTIONS else ""
    advice = f"Use autograd.{own}(v{others})"
    if own not in OPS:
        advice = MATHEMATICS.get(name, "Write it with operators and functions of autograd.")
    return TypeError(
        f"np.{name}() of a Value would lose its gradient. {advice.format(x='v').rstrip('.')}, or "
        f"np.{name}(v.data{others}) if you want the plain number."
    )


def compares_identity(symbol: str, node: Any, other: object) -> TypeError:
    """Return the error for a Value beside a plain number in ``==`` or ``!=``."""
    name = str(node.label or names_of_user(type(node)).get(node, ""))
    name = name if name.replace(".", "_").isidentifier() else "v"
    given = repr(other) if hasattr(other, "__float__") else f"the {type(other).__name__}"
    return TypeError(
        f"{name} {symbol} {given} would ask whether both are the same object, which they never "
        f"are. Compare the number: {name}.data {symbol} {given}. For objects, write `is`."
    )


def inner_write(node: Any) -> AttributeError:
    """Return the error for writing the data of a node that was computed."""
    return AttributeError(
        f"{formula(node, names_of_user(type(node)))} was computed by {node.op.name}, so its data "
        "cannot be written: only leaves have data of their own. Write a leaf and compute the "
        "expression again."
    )
