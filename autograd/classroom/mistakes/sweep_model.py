"""The sweep laid out in its four moves, so that each of them can go wrong.

The engine's sweep is one loop, written to be quick. Here the same sweep is written to be changed: a
gradient has a *start*, the nodes pass on in an *order*, an edge has a number that is *passed*, and
an argument has it *added*. A fault (see ``faults.py``) is another way to make one of the moves.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograd.words.errors import check_fresh, undefined_partial


@dataclass(eq=False, slots=True)
class Edge:
    """An edge from a node to one of its arguments, both given by their places in the order.

    ``local`` is the derivative of the node by this argument, ``y`` the node's number and
    ``operands`` those of its arguments, ``earlier`` the local derivative in the pass before, if
    there was one. They are numbers, or nodes where gradients are to be differentiated again.
    """

    node: int
    argument: int
    position: int
    op: Any
    y: Any
    operands: tuple[Any, ...]
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
    def order(self) -> Callable[[Plan, Collection[Any]], list[int]] | None:
        """The order in which the nodes pass on, given the sites."""

    @property
    def start(self) -> Callable[[Plan, int], Any] | None:
        """The gradient that a node starts with."""


class Plan:
    """What the sweep over an order of nodes needs to know: arguments first, the root last.

    ``data`` are the numbers of the nodes, or the nodes themselves where gradients are to be
    differentiated again. Only edges within the order count, and a node among the ``targets`` passes
    nothing on. ``before`` is the plan of the pass before.

    Raises what ``sweep`` raises for a stale graph and for a derivative that is undefined.
    """

    def __init__(
        self,
        order: Iterable[Any],
        data: Sequence[Any] | None = None,
        *,
        targets: Collection[Any] = (),
        before: Plan | None = None,
    ) -> None:
        self.nodes = list(order)
        self.data = [node.data for node in self.nodes] if data is None else data
        self.places: dict[Any, int] = {node: place for place, node in enumerate(self.nodes)}
        self.edges: list[list[Edge]] = [
            [] if node in targets else self.edges_of(node, place)
            for place, node in enumerate(self.nodes)
        ]
        self.arriving: list[list[Edge]] = [[] for _ in self.nodes]
        for edge in self.all_edges():
            self.arriving[edge.argument].append(edge)
        self.before = before if before is not None and before.shape == self.shape else None
        if self.before is not None:
            for edge, earlier in zip(self.all_edges(), self.before.all_edges(), strict=True):
                edge.earlier = plain(earlier.local)

    def edges_of(self, node: Any, place: int) -> list[Edge]:
        """Return the edges from a node to its arguments, the first argument first."""
        check_fresh(node)
        found = []
        operands = tuple(
            argument if type(argument) is float else self.number_of(argument)
            for argument in node.args
        )
        for position, argument in enumerate(node.args):
            if type(argument) is float or argument not in self.places:
                continue
            y = self.data[place]
            try:
                local = node.op.partial(position, y, operands)
            except (ArithmeticError, ValueError) as error:
                raise undefined_partial(node, error, self.nodes) from None
            found.append(Edge(place, self.places[argument], position, node.op, y, operands, local))
        return found

    def number_of(self, argument: Any) -> Any:
        """Return the number of an argument, also of one that lies outside of the order."""
        place = self.places.get(argument)
        return argument.data if place is None else self.data[place]

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

    def gradients(
        self, planted: Iterable[tuple[WrongMove, Sequence[Any]]] = (), *, seed: Any = 1.0
    ) -> list[Any]:
        """Return the gradient of every node; wrong moves are made at their sites, edges or places.

        >>> from autograd import Value
        >>> from autograd.graph import topological_order
        >>> a, b = Value(2.0), Value(-3.0)
        >>> Plan(topological_order(a * b + a)).gradients()  # of a, b, a*b, the sum
        [-2.0, 2.0, 1.0, 1.0]
        """
        found: list[Any] = [0.0] * len(self.nodes)
        found[-1] = seed
        order: Sequence[int] = range(self.root, -1, -1)
        passed: dict[Edge, Any] = {}
        added: dict[int, Any] = {}
        for wrong, sites in planted:
            if wrong.passed:
                passed |= dict.fromkeys(sites, wrong.passed)
            elif wrong.added:
                added |= dict.fromkeys(sites, wrong.added)
            elif wrong.order and sites:
                order = wrong.order(self, sites)
            elif wrong.start:
                for place in sites:
                    found[place] = wrong.start(self, place)
        for place in order:
            upstream = found[place]
            for edge in self.edges[place]:
                pass_on = passed.get(edge)
                contribution = pass_on(edge, upstream) if pass_on else edge.local * upstream
                add = added.get(edge.argument)
                arrived = found[edge.argument]
                found[edge.argument] = add(arrived, contribution) if add else arrived + contribution
        return found


def plain(number: Any) -> float:
    """Return the number of a node, or a number as it is."""
    return float(getattr(number, "data", number))


def replayed(order: Iterable[Any], leaves: Mapping[Any, float]) -> list[float]:
    """Return the number that every node has if some leaves have other numbers than now.

    >>> from autograd import Value
    >>> from autograd.graph import topological_order
    >>> a, b = Value(2.0), Value(-3.0)
    >>> replayed(topological_order(a * b), {a: 5.0})  # a, b, a*b
    [5.0, -3.0, -15.0]
    """
    found: dict[Any, float] = {}
    for node in order:
        if node.op is None:
            found[node] = leaves.get(node, node.data)
        else:
            operands = [each if type(each) is float else found[each] for each in node.args]
            found[node] = node.op.on_numbers(*operands)
    return list(found.values())
