"""Your own operation: a value, its partials, and it works wherever the engine's own work."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from autograd.ask.check_gradients import assert_gradients
from autograd.formulas.dispatch import generic, number
from autograd.formulas.row import OWN, Op, Partial
from autograd.rules import OPS


def operation(
    *partials: Partial, name: str | None = None, points: Iterable[Any] = ()
) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator that makes an operation of a function of numbers.

    ``partials`` holds one derivative for each argument: a function of the result ``y`` and the
    arguments, or a number if it is constant. Write value and partials with operators and with this
    package's functions (``autograd.exp``, not ``math.exp``); then the operation can also be
    differentiated twice, or read with arrays.

    With ``points`` (numbers, or tuples of them for several arguments) the partials are checked
    there at once, and a wrong one raises AssertionError with the report of ``check_gradients``.

    >>> from autograd import Value, grad
    >>> @operation(lambda y, x: 3 * x**2, points=[0.5, -2.0])
    ... def cube(x):
    ...     return x * x * x
    >>> cube(2.0), grad(cube)(2.0), grad(grad(cube))(2.0)
    (8.0, 12.0, 12.0)
    >>> x = Value(2.0, label="x")
    >>> cube(x).op, cube(x).args
    (<op cube>, (Value(data=2.0, grad=0.0, label='x'),))
    """

    def declare(formula: Callable[..., Any]) -> Any:
        chosen = name or formula.__name__
        if not chosen.isidentifier():
            raise ValueError(
                f"an operation needs a name: write operation(..., name='cube'), not {chosen!r}."
            )
        if chosen in OPS:
            raise ValueError(f"the engine has an operation {chosen} already: choose another name.")
        check_arity(formula, chosen, len(partials))
        for partial in partials:
            if not callable(partial) and not isinstance(partial, float | int):
                raise TypeError(
                    f"a partial of {chosen} is a function of y and the arguments, or a number, "
                    f"not {type(partial).__name__}."
                )
        constants = [
            held(partial, chosen) if callable(partial) else float(partial) for partial in partials
        ]
        rows: dict[str, Op] = {}  # the function's own: a cell that runs again declares another
        function = generic(
            formula, name=chosen, called=chosen, rows=rows, size=len(constants),
            on_numbers=real(formula, chosen),
        )  # fmt: skip
        rows[chosen] = (
            Op(chosen, function, *constants)
            if len(constants) <= 2
            else Op(chosen, function, every=all_partials(constants))
        )
        for point in points:
            assert_gradients(function, point)
        OWN[chosen] = rows[chosen]  # of two declarations the last one counts
        return function

    return declare


def real(formula: Callable[..., Any], name: str) -> Callable[..., float]:
    """Return the formula for floats, held to a real number: a float, whatever kind it gives."""

    def compute(*operands: float) -> float:
        result = formula(*operands)
        converted = number(result)
        if converted is not None:
            return converted
        if isinstance(result, complex):
            raise ValueError(f"the result is the complex number {result:.6g}")
        raise TypeError(f"{name} returned {type(result).__name__}, not a number: check its return.")

    return compute


def held(partial: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the partial, held to a real number where it is called with numbers."""

    def slope(y: Any, *operands: Any) -> Any:
        result = partial(y, *operands)
        if isinstance(result, float | int):  # a comparison, too
            return float(result)
        if type(y) is not float or hasattr(result, "apply_op"):
            return result
        converted = number(result)
        if converted is None:
            raise TypeError(
                f"the partial of {name} returned {type(result).__name__}, not a number: check its "
                "return."
            )
        return converted

    return slope


def check_arity(formula: Callable[..., Any], name: str, partials: int) -> None:
    """Raise the error for a function that does not take one argument for each partial."""
    if not partials:
        raise ValueError(
            f"{name} has no partial: write operation(lambda y, x: ...), one for each argument."
        )
    try:
        inspect.signature(formula).bind(*range(partials))
    except TypeError:
        raise ValueError(
            f"{name} must take {partials} argument{'s' * (partials > 1)}, one for each partial."
        ) from None


def all_partials(partials: list[Any]) -> Callable[..., list[Any]]:
    """Return the partials of three and more arguments as the one function that gives them all."""

    def every(y: Any, *args: Any) -> list[Any]:
        return [partial(y, *args) if callable(partial) else partial for partial in partials]

    return every
