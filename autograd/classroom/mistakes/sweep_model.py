"""The sweep laid out in its four moves, so that each of them can go wrong.

The engine has its sweep twice: the plain one in ``backward.py``, some twenty lines, and a quick
twin in ``fast/sweep.py`` that does the same without a call for each edge. Neither has a place where
a student's mistake could be slipped in. This model has four: a gradient has a *start*, the nodes
pass on in an *order*, an edge has a number that is *passed* on, and an argument has it *added*. A
fault (``faults.py``) is another way to make one of these moves; without a fault, the model gives
the engine's gradients to the last bit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from autograd.backward import local_partials
from autograd.graph import numbers, plain_number
from autograd.value import Value


@dataclass(eq=False, slots=True)
class Edge:
    """An edge from a node to one of its arguments, both given by their places in the order.

    ``local`` is the local derivative, ``y`` the node's number, ``operands`` those of its arguments,
    and ``earlier`` the local derivative in the pass before, if there was one. They are numbers, or
    nodes where the gradients are to be differentiated again.
    """

    node: int
    argument: int
    position: int
    op: Any
    y: Any
    operands: Sequence[Any]
    local: Any
    earlier: float | None = None

    @property
    def own(self) -> Any:
        """The number of the argument itself."""
        return self.operands[self.position]


class WrongMove(Protocol):
    """Another way to make one of the four moves; the other three are None."""

    @property
    def passed(self) -> Callable[[Edge, Any], Any] | None:
        """What an edge passes on, given its upstream gradient."""

    @property
    def added(self) -> Callable[[Any, Any], Any] | None:
        """What an argument makes of its gradient so far and of what arrives."""

    @property
    def order(self) -> Callable[[SweepModel, Collection[Any]], list[int]] | None:
        """The order in which the nodes pass on, given the sites."""

    @property
    def start(self) -> Callable[[SweepModel, int], Any] | None:
        """The gradient that a node starts with."""


class Moves(NamedTuple):
    """The four moves of one sweep; ``passed`` and ``added`` name only what goes wrong there."""

    start: list[Any]
    order: Sequence[int]
    passed: dict[Edge, Callable[[Edge, Any], Any]]
    added: dict[int, Callable[[Any, Any], Any]]


class SweepModel:
    """What a sweep over an order of nodes needs to know: arguments first, the root last.

    A node is known by its place in the order. Only edges within the order count, and a node among
    the ``targets`` passes nothing on. With ``differentiable``, local derivatives are nodes. What
    ``before`` modelled is the pass before, if it was one of the same program.

    Raises what ``local_partials`` raises: for a stale graph, and for an undefined derivative.
    """

    def __init__(
        self,
        order: dict[Any, None],
        *,
        targets: Collection[Any] = (),
        differentiable: bool = False,
        before: SweepModel | None = None,
    ) -> None:
        self.order = order
        self.differentiable = differentiable
        self.nodes = list(order)
        self.places: dict[Any, int] = {node: place for place, node in enumerate(self.nodes)}
        self.edges: list[list[Edge]] = [
            [] if node in targets else self.edges_of(node) for node in self.nodes
        ]
        self.arriving: list[list[Edge]] = [[] for _ in self.nodes]
        for edge in self.all_edges():
            self.arriving[edge.argument].append(edge)
        # A student may run another program in between: its numbers would mean nothing here.
        self.before = before if before is not None and before.shape == self.shape else None
        if self.before is not None:
            for edge, earlier in zip(self.all_edges(), self.before.all_edges(), strict=True):
                edge.earlier = plain_number(earlier.local)

    def edges_of(self, node: Any) -> list[Edge]:
        """Return the edges from a node to its arguments, as the engine has it: the last one first.

        The order matters. Floats added up in another order differ in the last digit, and a student
        who assigns instead of adding keeps what came last.
        """
        partials = local_partials(node, self.order, differentiable=self.differentiable)
        y, operands = (node, node.args) if self.differentiable else (node.data, numbers(node.args))
        place = self.places[node]
        return [
            Edge(place, self.places[argument], position, node.op, y, operands, local)
            for position, (argument, local) in enumerate(zip(node.args, partials, strict=True))
            if local is not None
        ][::-1]

    def all_edges(self) -> Iterable[Edge]:
        """Yield every edge in the order of the sweep."""
        for edges in reversed(self.edges):
            yield from edges

    @property
    def root(self) -> int:
        """The place of the root."""
        return len(self.nodes) - 1

    @functools.cached_property
    def right(self) -> list[Any]:
        """The gradients without a fault."""
        return self.gradients()

    @property
    def shape(self) -> list[tuple[str, list[int]]]:
        """What two passes of one program have in common: the operations, and what they read."""
        return [
            (node.op.name if node.op else "", [edge.argument for edge in edges])
            for node, edges in zip(self.nodes, self.edges, strict=True)
        ]

    def number(self, place: int) -> Any:
        """Return the number of the node at a place, or the node where it is to be differentiated.

        A fault that uses a node's value must use the node: it is differentiated like the rest.
        """
        return self.nodes[place] if self.differentiable else self.nodes[place].data

    def gradients(
        self, planted: Iterable[tuple[WrongMove, Sequence[Any]]] = (), *, seed: Any = 1.0
    ) -> list[Any]:
        """Return the gradient of every node; wrong moves are made at their sites, edges or places.

        >>> from autograd import Value
        >>> from autograd.graph import topological_order
        >>> a, b = Value(2.0), Value(-3.0)
        >>> SweepModel(topological_order(a * b + a)).gradients()  # of a, b, a*b, the sum
        [-2.0, 2.0, 1.0, 1.0]
        """
        found, order, passed, added = self.moves(planted, seed)
        # diagnose sweeps some hundred times over each graph, so that an edge where nothing goes
        # wrong costs two look-ups and no call.
        for place in order:
            upstream = found[place]
            for edge in self.edges[place]:
                wrong = passed.get(edge)
                contribution = wrong(edge, upstream) if wrong else upstream * edge.local
                add = added.get(edge.argument)
                arrived = found[edge.argument]
                found[edge.argument] = add(arrived, contribution) if add else arrived + contribution
        return found

    def moves(self, planted: Iterable[tuple[WrongMove, Sequence[Any]]], seed: Any) -> Moves:
        """Return how a sweep goes if these wrong moves are made in it."""
        start: list[Any] = [0.0] * self.root + [seed]
        order: Sequence[int] = range(self.root, -1, -1)
        passed: dict[Edge, Any] = {}
        added: dict[int, Any] = {}
        for wrong, sites in planted:
            if wrong.passed:
                passed |= dict.fromkeys(sites, wrong.passed)
            elif wrong.added:
                added |= dict.fromkeys(sites, wrong.added)
            elif wrong.order and sites:  # of two wrong orders the last one counts
                order = wrong.order(self, sites)
            elif wrong.start:
                for place in sites:
                    start[place] = wrong.start(self, place)
        return Moves(start, order, passed, added)


def rerun(order: Iterable[Any], leaves: Mapping[Any, float]) -> dict[Any, None]:
    """Return the order of the same program, run once more with other numbers at some leaves.

    Raises what the program raises where it cannot be computed with these numbers.

    >>> from autograd.graph import topological_order
    >>> a, b = Value(2.0), Value(-3.0)
    >>> [node.data for node in rerun(topological_order(a * b), {a: 5.0})]  # a, b, a*b
    [5.0, -3.0, -15.0]
    """
    again: dict[Any, Value] = {}
    for node in order:
        if node.op is None:
            again[node] = Value(leaves.get(node, node.data), label=node.label)
        else:
            operands = tuple(each if type(each) is float else again[each] for each in node.args)
            again[node] = Value.apply_op(node.op, operands)  # nodes of its own: the graph is left
    return dict.fromkeys(again.values())
