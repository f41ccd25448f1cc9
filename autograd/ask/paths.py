"""paths: the derivative of a root with respect to a leaf, as a sum over the paths between them.

By the chain rule, every path from the leaf to the root contributes the product of the local
derivatives along it, and the derivative is their sum (Bauer, "Computational graphs and rounding
error", 1974, gives it this form). The paths may be more than anyone could list: each step of a
ladder doubles them. Three questions are answered without listing them, each by one visit to every
edge:

* their sum: the sweep, which adds up at each node what has arrived there and passes on the sum;
* their number: the same sweep, with 1 in place of every local derivative;
* the largest of them: the best paths to a node are best paths to its arguments and one edge more
  (Dreyfus, "An appraisal of some shortest-path algorithms", 1969, section 4).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograd.backward import adjoints, local_partials
from autograd.graph import between, edges, topological_order
from autograd.value import Value
from autograd.words.formula_printer import Names
from autograd.words.html_table import paragraphs, table
from autograd.words.names import called, names_among, route

Partials = Callable[[Any], Sequence[float | None]]


@dataclass(frozen=True)
class Path:
    """One path: its nodes from the leaf to the root, and the local derivative on each edge."""

    nodes: list[Value]
    partials: list[float]

    @property
    def product(self) -> float:
        """What the path contributes, multiplied from the root on, as the sweep does."""
        return math.prod(reversed(self.partials))


@dataclass(frozen=True)
class Paths:
    """What ``paths`` found out. It prints as text, and shows itself in a notebook.

    ``derivative`` is that of ``root`` by ``leaf``, the sum over ``count`` paths, which share
    ``edges`` edges. ``top`` has the paths that contribute most, the largest first.
    """

    root: Value
    leaf: Value
    derivative: float
    count: int
    edges: int
    top: list[Path]
    names: Names = field(default_factory=dict, repr=False)

    @property
    def rest(self) -> float:
        """What the paths contribute that are not among the top ones, all together."""
        if self.count == len(self.top):
            return 0.0
        return self.derivative - math.fsum(path.product for path in self.top)

    @property
    def title(self) -> str:
        """What the derivative is, and of how many paths."""
        root, leaf = (called(node, self.names) for node in (self.root, self.leaf))
        if not self.count:
            return f"{root} was not computed from {leaf}: no path, so the derivative is 0.0."
        sum_of = (
            "is one path"
            if self.count == 1
            else f"is the sum of {readable_count(self.count)} paths"
        )
        return f"The derivative of {root} with respect to {leaf}, {self.derivative:.6g}, {sum_of}:"

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The contribution, the nodes and the factors of each of the top paths, and the rest."""
        rows = [
            (f"{path.product:.6g}", route(path.nodes, self.names), factors(path.partials))
            for path in self.top
        ]
        if self.count > len(self.top):
            others = f"the {readable_count(self.count - len(self.top))} other paths together"
            rows.append((f"{self.rest:.6g}", others, ""))
        return rows

    @property
    def reason(self) -> str:
        """Why the sweep does not need the paths."""
        if self.count < 2:
            return ""
        return (
            f"The sweep needs no paths, only the {readable_count(self.edges)} edges between "
            "the two: each node adds up what arrives, once, and passes on the sum. That is the "
            "distributive law: what paths have in common is multiplied out once."
        )

    def __str__(self) -> str:
        rows = self.rows
        first, second = (max(len(row[column]) for row in rows or [("",) * 3]) for column in (0, 1))
        lines = [f"  {a:>{first}}  {b:{second}}  {c}".rstrip() for a, b, c in rows]
        return "\n".join([self.title, *lines, *([self.reason] if self.reason else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the title, a table of the top paths and the reason, for a notebook."""
        header = ("contribution", "path", "local derivatives")
        rows = table(self.rows, header=header, left=(0, 1, 2))
        return f"<div>{paragraphs(self.title)}{rows}{paragraphs(self.reason)}</div>"


def paths(root: Value, leaf: Value, *, most: int = 5) -> Paths:
    """Return the derivative of ``root`` with respect to ``leaf`` as a sum over paths.

    It shows the ``most`` largest of them.

    Nothing changes in the graph. ``leaf`` may be any node that ``root`` was computed from; from
    another one there are no paths, and the derivative is 0.

    Raises TypeError for what is no Value, ValueError for a negative ``most``, and what
    ``backward()`` raises if a leaf was written after the graph was computed from it, or a
    derivative is undefined.

    >>> from autograd import Value
    >>> x, y = Value(3.0, label="x"), Value(2.0, label="y")
    >>> loss = x * y + x
    >>> loss.label = "loss"
    >>> print(paths(loss, x))
    The derivative of loss with respect to x, 3, is the sum of 2 paths:
      2  x -> x * y -> loss  2 * 1
      1  x -> loss           1
    The sweep needs no paths, only the 3 edges between the two: each node adds up what arrives, \
once, and passes on the sum. That is the distributive law: what paths have in common is multiplied \
out once.

    A ladder of 100 steps has 2**100 paths, in 200 edges:

    >>> step = x
    >>> for _ in range(100):
    ...     step = step + step
    >>> found = paths(step, x, most=1)
    >>> found.count == 2**100, found.edges, found.derivative == found.top[0].product * 2**100
    (True, 200, True)
    """
    check_operands(root, leaf, most)
    order = between(topological_order(root), [leaf])
    found = adjoints(root, [leaf])
    return Paths(
        root,
        leaf,
        found.get(leaf, 0.0),
        number_of_paths(order, leaf),
        sum(argument in order for argument, _, _ in edges(order)),
        strongest(order, leaf, most),
        names_among([root]),
    )


def check_operands(root: Any, leaf: Any, most: Any) -> None:
    """Raise the error for arguments that ``paths`` does not take."""
    for each in (root, leaf):
        if not isinstance(each, Value):
            raise TypeError(
                f"paths() takes two Values, the result and one that it was computed from, not "
                f"{type(each).__name__}: write paths(loss, w)."
            )
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise ValueError(f"most= is how many paths to list: 0, 1, 2, ..., not {most!r}.")


def number_of_paths(order: dict[Any, None], leaf: Any) -> int:
    """Return how many paths lead from the leaf to the last node of the order.

    It is the sweep with 1 in place of every local derivative. A node's count is dropped as soon as
    it has been passed on: in a ladder it has as many bits as there are steps left.
    """
    if not order:
        return 0
    counts = {next(reversed(order)): 1}
    for node in reversed(order):
        if node is leaf:
            break
        count = counts.pop(node, 0)
        for argument in node.args:
            if argument in order:
                counts[argument] = counts.get(argument, 0) + count
    return counts.get(leaf, 0)


class Piece(NamedTuple):
    """The end of a path: how large its product is, its last edge, and which path came before."""

    size: float  # the logarithm of the absolute value, which neither overflows nor rounds to 0
    partial: float
    argument: Any
    rank: int  # among the best paths to the argument


def strongest(
    order: dict[Any, None], leaf: Any, most: int, partials_of: Partials = local_partials
) -> list[Path]:
    """Return the paths from the leaf to the last node whose products are largest by size.

    Every node keeps its ``most`` best paths from the leaf, each as its last edge. Of equal ones,
    the first in the order of the arguments comes first.
    """
    best: dict[Any, list[Piece]] = {leaf: [Piece(0.0, 1.0, None, 0)]}
    for node in order:
        if node is leaf:
            continue
        pieces = [
            Piece(piece.size + log_size(partial), partial, argument, rank)
            for argument, partial in zip(node.args, partials_of(node), strict=True)
            if partial is not None and argument in best
            for rank, piece in enumerate(best[argument])
        ]
        best[node] = heapq.nlargest(most, pieces, key=lambda piece: piece.size)
    if not order:
        return []
    root = next(reversed(order))
    return [traced(best, root, rank) for rank in range(min(most, len(best[root])))]


def traced(best: dict[Any, list[Piece]], node: Any, rank: int) -> Path:
    """Return the path that ends in a node and is the one of this rank there."""
    nodes, partials = [node], []
    while (piece := best[node][rank]).argument is not None:
        node, rank = piece.argument, piece.rank
        nodes.append(node)
        partials.append(piece.partial)
    return Path(nodes[::-1], partials[::-1])


def log_size(partial: float) -> float:
    """Return the logarithm of the size of a local derivative; that of NaN counts as large."""
    if partial == 0.0:
        return -math.inf
    return math.inf if math.isnan(partial) else math.log2(abs(partial))


# In words -----------------------------------------------------------------------------------------


def readable_count(number: int) -> str:
    """Return a number of paths or edges as a reader can take it in.

    >>> readable_count(1024), readable_count(2**100), readable_count(2**100_000)
    ('1,024', 'about 1.27e+30', 'about 10**30103')
    """
    if number < 10**15:
        return f"{number:,}"
    if number.bit_length() < 1000:
        return f"about {number:.2e}"
    return f"about 10**{round(number.bit_length() * math.log10(2.0))}"


def factors(partials: Sequence[float]) -> str:
    """Return the local derivatives of a path as a product; the middle of a long one is cut.

    >>> factors([2.0, -0.5])
    '2 * (-0.5)'
    """
    words = [f"{each:.6g}" if each >= 0 else f"({each:.6g})" for each in partials]
    words[:1] = [f"{each:.6g}" for each in partials[:1]]
    if len(words) > 6:
        words = [*words[:3], "...", *words[-2:]]
    return " * ".join(words)
