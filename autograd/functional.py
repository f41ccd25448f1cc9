"""Derivatives of functions: ``grad`` and its relatives, of any order by nesting.

``grad(f)`` is a function again. Each transform wraps the numbers it is given in fresh nodes, so
that the variables of nested transforms never mix. The program that would go wrong otherwise is
``grad(lambda x: x * grad(lambda y: x * y)(x))(3.0)``. The inner function is called with y = x; were
they the same node, its derivative with respect to y would take in that with respect to x, and the
answer would be 12, not 6.

Numbers in, numbers out: a transform gives plain floats. Values in, Values out: if an argument is a
Value, or if the function uses one from outside of it, the result is a Value that stays connected to
it, and can be differentiated again. Take ``w = Value(3.0)`` and ``u = lambda t: w * t * t``. The
slope ``grad(u)(2.0)`` depends on w, and so does a loss that has it as a term, such as the penalty
of a gradient: were the slope a float, ``loss.backward()`` would leave its part out of ``w.grad``.
Where only the number is wanted, ``with no_grad():`` around the call gives floats, and sooner.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd.backward import adjoints
from autograd.formulas.dispatch import number
from autograd.forward import tangents
from autograd.graph import plain_number, topological_order
from autograd.machinery import modes
from autograd.machinery.structures import arrays_in, leaves, matched, rebuilt
from autograd.rules import OPS
from autograd.value import Value

Argnums = int | Sequence[int]


@contextmanager
def recording() -> Iterator[bool]:
    """Enter a transform, which always records; yield whether it was called inside ``no_grad()``."""
    paused, modes.current.no_grad = modes.current.no_grad, 0
    try:
        yield bool(paused)
    finally:
        modes.current.no_grad = paused


def fresh(leaf: Any) -> Value:
    """Return a node of its own for an argument: a new leaf, or an alias of a Value."""
    return Value.apply_op(OPS["alias"], (leaf,)) if isinstance(leaf, Value) else Value(leaf)


class Call:
    """One call of a function by a transform, with fresh nodes for the chosen arguments.

    ``connected`` says whether the derivatives have to be Values: because an argument is one, or
    because the results were computed from one that is older than the call.
    """

    def __init__(
        self, f: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums, plain: bool
    ) -> None:
        if not callable(f):
            raise TypeError(
                f"grad and its relatives take a function, not {type(f).__name__}: write "
                "grad(f)(2.0), and not grad(f(2.0))."
            )
        self.plain = plain
        self.began = modes.begin()
        self.single, self.places = chosen(f, args, argnums)
        self.structures = {place: args[place] for place in self.places}
        given = [leaf for each in self.structures.values() for leaf in leaves(each)]
        self.nodes = [fresh(leaf) for leaf in given]
        self.connected = not plain and any(isinstance(leaf, Value) for leaf in given)
        parts = rebuilt(list(self.structures.values()), iter(self.nodes))
        renewed = dict(zip(self.structures, parts, strict=True))
        self.args = [renewed.get(place, argument) for place, argument in enumerate(args)]

    def look_at(self, results: Iterable[Any]) -> None:
        """Find out whether the results were computed from a Value that is older than the call."""
        roots = [result for result in results if isinstance(result, Value)]
        if roots and not self.plain and not self.connected:
            order = topological_order(*roots, stop=dict.fromkeys(self.nodes))
            self.connected = any(map(self.is_from_outside, order))

    def is_from_outside(self, node: Value) -> bool:
        """Whether a node of the graph is a leaf that is older than the call."""
        return node.op is None and not -node.version >= self.began

    def gradient(self, result: Any) -> Any:
        """Return the gradient of one result, in the shape of the arguments."""
        found: dict[Any, Any] = {}  # of a result that uses none of the arguments
        if isinstance(result, Value):
            found = adjoints(result, self.nodes, differentiable=self.connected)
        gradients = (found.get(node, 0.0) for node in self.nodes)
        return self.shaped(gradients)

    def shaped(self, gradients: Iterable[Any]) -> Any:
        """Return one gradient for each node, in the shape of the arguments."""
        parts = rebuilt(list(self.structures.values()), iter(gradients))
        by_place = dict(zip(self.structures, parts, strict=True))
        return by_place[self.places[0]] if self.single else tuple(map(by_place.get, self.places))

    def released(self, result: Any) -> Any:
        """Return a result as it leaves the transform: a Value if it stays connected, or a float."""
        return result if self.connected and isinstance(result, Value) else plain_number(result)


def chosen(f: Callable[..., Any], args: tuple[Any, ...], argnums: Any) -> tuple[bool, list[int]]:
    """Return whether one argument was chosen alone, and the places of all that were.

    A place that counts from the end becomes one that counts from the start.
    """
    name = getattr(f, "__name__", "the function")
    single = not hasattr(argnums, "__iter__")
    try:
        places = [operator.index(place) for place in ([argnums] if single else argnums)]
    except TypeError:
        raise TypeError(
            f"argnums= is the place of an argument, or a tuple of places, not {argnums!r}: write "
            "grad(f, 1) or grad(f, (0, 1))."
        ) from None
    for place in places:
        if not -len(args) <= place < len(args):
            raise TypeError(
                f"cannot differentiate {name} with respect to argument {place}: it was called with "
                f"{len(args)} positional arguments."
            )
    return single, [place % len(args) for place in places]


def value_and_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., tuple[Any, Any]]:
    """Return the function that gives both ``f(*args)`` and its gradient.

    ``f`` returns one number, computed from its arguments by operations of this package. The
    arguments are numbers, or nested lists, tuples, dicts, dataclasses and arrays of numbers; the
    gradient has the shape of the argument. An array reaches ``f`` as an array of Values, and its
    gradient is an array of float64. ``argnums`` says with respect to which argument to
    differentiate, or to which several: the gradient is a tuple then. Called with Values, or with a
    function that uses some, it gives Values that can be differentiated again.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    >>> value_and_grad(lambda p: p["w"] * p["b"])({"w": 2.0, "b": 5.0})
    (10.0, {'w': 5.0, 'b': 2.0})
    """

    @functools.wraps(f)
    def transformed(*args: Any, **options: Any) -> tuple[Any, Any]:
        with recording() as plain:
            call = Call(f, args, argnums, plain)
            result = one_number(f, f(*call.args, **options))
            call.look_at([result])
            return call.released(result), call.gradient(result)

    return transformed


def one_number(f: Callable[..., Any], result: Any) -> Any:
    """Return what ``f`` returned: a Value, or a number as a float.

    Raises TypeError for a result of another kind.
    """
    if isinstance(result, Value):
        return result
    converted = number(result)
    if converted is None:
        raise TypeError(
            f"{getattr(f, '__name__', 'the function')} returned {type(result).__name__}, but a "
            "gradient is defined for a function that returns one number. Return their sum or "
            "mean, or differentiate each result by itself."
        )
    return converted


def grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
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


def jacobian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return the function that gives all first derivatives of ``f``, which returns many numbers.

    The result has the shape of what ``f`` returns, with the gradient of each number in its place:
    for a list of m numbers and an argument of n, a list of m rows of n. One reverse sweep for each
    number returned.

    >>> jacobian(lambda v: [v[0] * v[1], v[0] + v[1]])([2.0, 5.0])
    [[5.0, 2.0], [1.0, 1.0]]
    """

    @functools.wraps(f)
    def transformed(*args: Any, **options: Any) -> Any:
        with recording() as plain:
            call = Call(f, args, argnums, plain)
            results = f(*call.args, **options)
            listed = leaves(results, returned=True)
            call.look_at(listed)
            gradients = [call.gradient(result) for result in listed]
            return rebuilt(results, iter(gradients), arrays_in)

    return transformed


def hessian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return the function that gives all second derivatives of ``f``, which returns one number.

    >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def jvp(f: Callable[..., Any], point: Any, direction: Any) -> tuple[Any, Any]:
    """Return ``f`` at the point, and its derivative along the direction: forward mode.

    ``point`` is the argument of ``f``, or the tuple of its arguments; ``direction`` has the same
    shape. They are matched by key, and ValueError says where they differ. Both results have the
    shape of what ``f`` returns. One forward pass whatever the number of inputs, where ``jacobian``
    takes a reverse sweep for each output.

    >>> jvp(lambda x: [x * x, 3.0 * x], 2.0, 1.0)
    ([4.0, 6.0], [4.0, 3.0])
    >>> jvp(lambda x, y: x * y, (2.0, 5.0), (1.0, 10.0))
    (10.0, 25.0)
    >>> jvp(lambda d: d["a"] * 10 + d["b"], {"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 0.0})
    (12.0, 1.0)
    """
    args = point if is_arguments(point) else (point,)
    directions = matched(point, direction, ("point", "direction"))
    with recording() as plain:
        call = Call(f, args, range(len(args)), plain)
        results = f(*call.args)
        listed = leaves(results, returned=True)
        call.look_at([*listed, *directions])
        if plain:
            directions = [plain_number(each) for each in directions]
        found = tangents(
            [result for result in listed if isinstance(result, Value)],
            dict(zip(call.nodes, directions, strict=True)),
            differentiable=call.connected,
        )
        values = [call.released(each) for each in listed]
        slopes = [call.released(found.get(each, 0.0)) for each in listed]
        return rebuilt(results, iter(values)), rebuilt(results, iter(slopes))


def is_arguments(point: Any) -> bool:
    """Whether a point is the tuple of several arguments; a named tuple is a single one."""
    return isinstance(point, tuple) and not hasattr(point, "_fields")


def hvp(f: Callable[..., Any], point: Any, direction: Any) -> Any:
    """Return the product of the Hessian of ``f`` at the point with the direction.

    Forward over reverse: a small multiple of the cost of one gradient, where ``hessian`` takes a
    sweep for each input. ``point`` and ``direction`` are as for ``jvp``; the product has their
    shape.

    Pearlmutter, "Fast exact multiplication by the Hessian", 1994.

    >>> hvp(lambda v: v[0] ** 2 * v[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """
    gradient = grad(f, range(len(point)) if is_arguments(point) else 0)
    return jvp(gradient, point, direction)[1]


def derivative(f: Callable[..., Any], n: int = 1) -> Callable[..., Any]:
    """Return the n-th derivative of a function of one number.

    >>> derivative(lambda x: x**5, 3)(2.0)
    240.0
    """
    try:
        order = -1 if isinstance(n, bool) else operator.index(n)
    except TypeError:
        order = -1
    if order < 0:
        raise ValueError(f"the order of a derivative is 0, 1, 2, ..., not {n!r}.")
    if order:
        return functools.wraps(f)(grad(derivative(f, order - 1) if order > 1 else f))

    @functools.wraps(f)
    def transformed(x: Any) -> Any:
        with recording() as plain:
            call = Call(f, (x,), 0, plain)
            result = one_number(f, f(*call.args))
            call.look_at([result])
            return call.released(result)

    return transformed
