"""Weighted sums: which scalars are w1*x1 + w2*x2 + ... + b, however they were written.

A neuron writes one as a sum of products, a loop as a chain of additions, and a subtraction is a
sum too. Here each becomes a ``Weighted``: its inputs, a shared weight for each, and a shared bias.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograd.compiled.record.scalars import Scalars
from autograd.rules import OPS

LINEAR = {"+", "-", "neg", "sum"}


@dataclass(frozen=True)
class Weighted:
    """A weighted sum of batched scalars with shared weights, and a shared bias or None."""

    inputs: tuple[int, ...]
    weights: tuple[int, ...]
    bias: int | None


@dataclass
class Effective:
    """The graph with its sums opened: what is to be computed for every row.

    ``weighted`` holds the weighted sums by their scalar, ``args`` what every batched scalar depends
    on, and ``order`` all those that are needed, arguments first.
    """

    weighted: dict[int, Weighted] = field(default_factory=dict)
    args: dict[int, tuple[int, ...]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)


def effective(scalars: Scalars, *, weighted: bool = True) -> Effective:
    """Return what is to be computed for every row; scalars that it takes are added to the table.

    Without ``weighted`` the sums stay as they were written.
    """
    graph = Effective()
    uses = count_uses(scalars)
    needed = {root for root in scalars.results if scalars.batched[root]}
    for scalar in range(len(scalars.ops) - 1, -1, -1):
        if scalar not in needed:
            continue
        before = len(graph.order)
        graph.order.append(scalar)
        graph.args[scalar] = scalars.args[scalar]
        op = scalars.ops[scalar]
        if weighted and op is not None and (op.name in LINEAR or is_product(scalars, scalar)):
            terms = Terms(scalars, scalar, uses)
            if terms.products or len(terms.rest) + len(terms.shared) > len(scalars.args[scalar]):
                open_sum(graph, scalars, scalar, terms)
        for added in graph.order[before:]:
            needed.update(arg for arg in graph.args[added] if scalars.batched[arg])
    graph.order.reverse()
    return graph


def open_sum(graph: Effective, scalars: Scalars, scalar: int, terms: Terms) -> None:
    """Write a scalar as a weighted sum, if there is one in it, plus the rest of its terms."""
    rest = list(terms.rest)
    shared = list(terms.shared)
    if terms.products:
        weighted = weighted_sum(scalars, terms)
        shared = []
        if not rest:
            graph.weighted[scalar], graph.args[scalar] = weighted, weighted.inputs
            return
        part = scalars.added(OPS["sum"], weighted.inputs, True)
        graph.weighted[part], graph.args[part] = weighted, weighted.inputs
        rest.insert(0, (part, False))
    elif len(rest) > 1:
        shared = without_zeros(scalars, shared)
    if len(rest) == 2 and not shared and not rest[0][1]:
        scalars.ops[scalar] = OPS["-" if rest[1][1] else "+"]
        args = [term for term, _ in rest]
    else:
        scalars.ops[scalar] = OPS["sum"]
        args = [*(negated(graph, scalars, *term) for term in rest), *shared]
    if terms.products:
        graph.order.append(part)
    scalars.args[scalar] = graph.args[scalar] = tuple(args)


def negated(graph: Effective, scalars: Scalars, term: int, negative: bool) -> int:
    """Return a batched term of a sum, or a new scalar that is its negative."""
    if not negative:
        return term
    result = scalars.added(OPS["neg"], (term,), True)
    graph.args[result] = (term,)
    graph.order.append(result)
    return result


def weighted_sum(scalars: Scalars, terms: Terms) -> Weighted:
    """Return the weighted part of a sum: w1*x + w2*x is (w1 + w2)*x, and so with two biases."""
    weights: dict[int, int] = {}
    for factor, weight in terms.products:
        if factor in weights:
            weight = scalars.node(OPS["+"], (weights[factor], weight))
        weights[factor] = weight
    shared = without_zeros(scalars, terms.shared)
    bias = shared[0] if shared else None
    if len(shared) > 1:
        bias = scalars.node(OPS["sum"], tuple(shared))
    return Weighted(tuple(weights), tuple(weights.values()), bias)


class Terms:
    """The terms of a sum: products with a shared weight, shared terms, and the rest.

    Sums and products that nobody else uses are opened; the walk has a stack of its own, as a sum
    may be a chain of a million additions.
    """

    def __init__(self, scalars: Scalars, head: int, uses: list[int]) -> None:
        self.products: list[tuple[int, int]] = []
        self.shared: list[int] = []
        self.rest: list[tuple[int, bool]] = []
        stack = [(head, False)]
        while stack:
            scalar, negative = stack.pop()
            op = scalars.ops[scalar]
            if not scalars.batched[scalar]:
                self.shared.append(signed(scalars, scalar, negative))
            elif op is None or (scalar != head and uses[scalar] > 1):
                self.rest.append((scalar, negative))
            elif op.name in LINEAR:
                args = scalars.args[scalar]
                signs = [negative] * len(args)
                if op.name in ("-", "neg"):
                    signs[-1] = not negative
                stack.extend(zip(reversed(args), reversed(signs), strict=True))
            elif is_product(scalars, scalar):
                first, second = scalars.args[scalar]
                factor, weight = (first, second) if scalars.batched[first] else (second, first)
                self.products.append((factor, signed(scalars, weight, negative)))
            else:
                self.rest.append((scalar, negative))


def is_product(scalars: Scalars, scalar: int) -> bool:
    """Whether a scalar is a batched number times a shared one."""
    op = scalars.ops[scalar]
    if op is None or op.name != "*":
        return False
    first, second = scalars.args[scalar]
    return scalars.batched[first] != scalars.batched[second]


def is_constant_zero(leaf: Any) -> bool:
    """Whether a leaf, or an operand, is the constant 0."""
    return type(leaf) is float and leaf == 0.0


def without_zeros(scalars: Scalars, shared: Iterable[int]) -> list[int]:
    """Return the shared terms of a sum but for the 0 that Python's ``sum`` starts with."""
    return [term for term in shared if not is_constant_zero(scalars.leaves.get(term))]


def signed(scalars: Scalars, scalar: int, negative: bool) -> int:
    """Return a shared scalar, or its negative."""
    return scalars.node(OPS["neg"], (scalar,)) if negative else scalar


def count_uses(scalars: Scalars) -> list[int]:
    """Return how often each scalar is used, as an argument or as a result."""
    uses = [0] * len(scalars.ops)
    for args in scalars.args:
        for arg in args:
            uses[arg] += 1
    for result in scalars.results:
        uses[result] += 1
    return uses
