"""Derivatives of functions: ``grad`` and its relatives, of any order by nesting.

``grad(f)`` is a function again. Each transform wraps the numbers it is given in fresh nodes, so
that the variables of nested transforms never mix. The program that would go wrong otherwise is
``grad(lambda x: x * grad(lambda y: x * y)(x))(3.0)``. The inner function is called with y = x; were
they the same node, its derivative with respect to y would take in that with respect to x, and the
answer would be 12, not 6.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd.backward import adjoints
from autograd.formulas.dispatch import number
from autograd.forward import tangents
from autograd.graph import plain_number
from autograd.machinery.modes import current
from autograd.rules import OPS
from autograd.value import Value


class Depth(threading.local):
    """How many transforms of this thread are at work, one inside the other."""

    now = 0


depth = Depth()


@contextmanager
def one_deeper() -> Iterator[bool]:
    """Enter a transform; yield whether it is inside another one. A transform always records."""
    depth.now += 1
    paused, current.no_grad = current.no_grad, 0
    try:
        yield depth.now > 1
    finally:
        depth.now -= 1
        current.no_grad = paused


# Nested arguments --------------------------------------------------------------------------------


def leaves(structure: Any) -> list[Any]:
    """Return the numbers and Values in nested lists, tuples and dicts, in order.

    >>> leaves({"w": [1.0, 2.0], "b": 3.0})
    [1.0, 2.0, 3.0]
    """
    if isinstance(structure, dict):
        return [leaf for part in structure.values() for leaf in leaves(part)]
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in leaves(part)]
    if not isinstance(structure, Value) and number(structure) is None:
        raise TypeError(
            "a function to differentiate takes numbers, or nested lists, tuples and dicts of "
            f"numbers, not {type(structure).__name__}. Bind other arguments first: "
            "grad(lambda x: f(x, other))."
        )
    return [structure]


def rebuilt(structure: Any, new_leaves: Iterator[Any]) -> Any:
    """Return the same nested structure with its leaves replaced, in order."""
    if isinstance(structure, dict):
        return {key: rebuilt(part, new_leaves) for key, part in structure.items()}
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(rebuilt(part, new_leaves) for part in structure))
    if isinstance(structure, (list, tuple)):
        return type(structure)(rebuilt(part, new_leaves) for part in structure)
    return next(new_leaves)


def fresh(leaf: Any) -> Value:
    """Return a node of its own for an argument: a new leaf, or an alias of a Value."""
    return Value.apply_op(OPS["alias"], (leaf,)) if isinstance(leaf, Value) else Value(leaf)


class Arguments:
    """The arguments of one call, those to differentiate by replaced by fresh nodes."""

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], argnums: int | Sequence[int]):
        self.single = isinstance(argnums, int)
        self.places = [argnums] if isinstance(argnums, int) else list(argnums)
        for place in self.places:
            if not -len(args) <= place < len(args):
                raise TypeError(
                    f"cannot differentiate {getattr(f, '__name__', 'the function')} by argument "
                    f"{place}: it was called with {len(args)} positional arguments."
                )
        self.structures = [args[place] for place in self.places]
        given = leaves(self.structures)
        self.nodes = [fresh(leaf) for leaf in given]
        self.differentiable = any(isinstance(leaf, Value) for leaf in given)
        self.args = list(args)
        for place, argument in zip(
            self.places, rebuilt(self.structures, iter(self.nodes)), strict=True
        ):
            self.args[place] = argument

    def shaped(self, gradients: Iterable[Any]) -> Any:
        """Return one gradient for each node, in the shape of the arguments."""
        shaped = rebuilt(self.structures, iter(gradients))
        return shaped[0] if self.single else tuple(shaped)


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0
) -> Callable[..., tuple[Any, Any]]:
    """Return the function that gives both ``f(*args)`` and its gradient.

    ``f`` returns one number, computed from its arguments by operations of this package. The
    arguments are numbers, or nested lists, tuples and dicts of numbers; the gradient has the shape
    of the argument. ``argnums`` says by which argument to differentiate, or by which several: the
    gradient is a tuple then. Called with Values, or inside another transform, it gives Values that
    can be differentiated again.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    >>> value_and_grad(lambda p: p["w"] * p["b"])({"w": 2.0, "b": 5.0})
    (10.0, {'w': 5.0, 'b': 2.0})
    """

    @functools.wraps(f)
    def transformed(*args: Any, **options: Any) -> tuple[Any, Any]:
        with one_deeper() as inside:
            arguments = Arguments(f, args, argnums)
            result = f(*arguments.args, **options)
            differentiable = inside or arguments.differentiable
            if not isinstance(result, Value):
                # A function that uses none of its arguments: a constant.
                found: dict[Any, Any] = {}
                result = constant(f, result)
            else:
                found = adjoints(result, arguments.nodes, differentiable=differentiable)
                result = result if differentiable else result.data
            return result, arguments.shaped(found.get(node, 0.0) for node in arguments.nodes)

    return transformed


def constant(f: Callable[..., Any], result: Any) -> float:
    """Return what ``f`` returned as a number, or raise the error for a result of another kind."""
    converted = number(result)
    if converted is None:
        raise TypeError(
            f"{getattr(f, '__name__', 'the function')} returned {type(result).__name__}, but a "
            "gradient is defined for a function that returns one number. Return their sum or "
            "mean, or differentiate each result by itself."
        )
    return converted


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return the function that gives the gradient of ``f``; see ``value_and_grad``.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda point: point[0] * point[1])([2.0, 5.0])
    [5.0, 2.0]
    """
    both = value_and_grad(f, argnums)

    @functools.wraps(f)
    def transformed(*args: Any, **options: Any) -> Any:
        return both(*args, **options)[1]

    return transformed


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return the function that gives all first derivatives of ``f``, which returns many numbers.

    The result has the shape of what ``f`` returns, with the gradient of each number in its place:
    for a list of m numbers and an argument of n, a list of m rows of n. One reverse sweep for each
    number returned.

    >>> jacobian(lambda v: [v[0] * v[1], v[0] + v[1]])([2.0, 5.0])
    [[5.0, 2.0], [1.0, 1.0]]
    """

    @functools.wraps(f)
    def transformed(*args: Any, **options: Any) -> Any:
        with one_deeper() as inside:
            arguments = Arguments(f, args, argnums)
            results = f(*arguments.args, **options)
            differentiable = inside or arguments.differentiable
            rows = []
            for result in leaves(results):
                found = (
                    adjoints(result, arguments.nodes, differentiable=differentiable)
                    if isinstance(result, Value)
                    else {}
                )
                rows.append(arguments.shaped(found.get(node, 0.0) for node in arguments.nodes))
            return rebuilt(results, iter(rows))

    return transformed


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return the function that gives all second derivatives of ``f``, which returns one number.

    >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def jvp(f: Callable[..., Any], point: Any, direction: Any) -> tuple[Any, Any]:
    """Return ``f`` at the point, and its derivative along the direction: forward mode.

    ``point`` is the argument of ``f``, or the tuple of its arguments; ``direction`` has the same
    shape. Both results have the shape of what ``f`` returns. One forward pass whatever the number
    of inputs, where ``jacobian`` takes a reverse sweep for each output.

    >>> jvp(lambda x: [x * x, 3.0 * x], 2.0, 1.0)
    ([4.0, 6.0], [4.0, 3.0])
    >>> jvp(lambda x, y: x * y, (2.0, 5.0), (1.0, 10.0))
    (10.0, 25.0)
    """
    args = point if isinstance(point, tuple) else (point,)
    directions = leaves(direction)
    with one_deeper() as inside:
        arguments = Arguments(f, args, range(len(args)))
        if len(directions) != len(arguments.nodes):
            raise ValueError(
                f"the direction has {len(directions)} numbers, but the point has "
                f"{len(arguments.nodes)}: they must have the same shape."
            )
        results = f(*arguments.args)
        listed = leaves(results)
        differentiable = (
            inside
            or arguments.differentiable
            or any(isinstance(number, Value) for number in directions)
        )
        found = tangents(
            [result for result in listed if isinstance(result, Value)],
            dict(zip(arguments.nodes, directions, strict=True)),
            differentiable=differentiable,
        )
        values = listed if differentiable else [plain_number(x) for x in listed]
        slopes = [float_or_value(found.get(result, 0.0)) for result in listed]
        return rebuilt(results, iter(values)), rebuilt(results, iter(slopes))


def float_or_value(leaf: Any) -> Any:
    """Return a Value as it is, and every other number as a float."""
    return leaf if isinstance(leaf, Value) else float(leaf)


def hvp(f: Callable[..., Any], point: Any, direction: Any) -> Any:
    """Return the product of the Hessian of ``f`` at the point with the direction.

    Forward over reverse: a small multiple of the cost of one gradient, where ``hessian`` takes a
    sweep for each input. ``point`` and ``direction`` are as for ``jvp``; the product has their
    shape.

    Pearlmutter, "Fast exact multiplication by the Hessian", 1994.

    >>> hvp(lambda v: v[0] ** 2 * v[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """
    many = isinstance(point, tuple)
    gradient = grad(f, range(len(point)) if many else 0)
    return jvp(gradient, point, direction)[1]


def derivative(f: Callable[..., Any], n: int = 1) -> Callable[..., Any]:
    """Return the n-th derivative of a function of one number.

    >>> derivative(lambda x: x**5, 3)(2.0)
    240.0
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise ValueError(f"the order of a derivative is 0, 1, 2, ..., not {n!r}.")
    g = f
    for _ in range(n):
        g = grad(g)

    @functools.wraps(f)
    def transformed(x: Any) -> Any:
        result = g(x)
        plain = isinstance(result, Value) and not isinstance(x, Value) and not depth.now
        return result.data if plain else result

    return transformed
