"""explain: where a NaN or an infinity was born, and the way that it took to the root.

Numbers that are not finite spread: after one ``inf - inf`` every later number is NaN. What helps is
the first of them. There are two ways in. A value may be infinite or undefined; or all values are
finite, but the chain rule meets an infinite slope or a product that is too large on its way down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from autograd.ask.paths import factors, number_of_paths, readable_count, strongest
from autograd.graph import between, path_to_root, topological_order
from autograd.machinery.modes import ieee
from autograd.story.steps import local_derivatives
from autograd.value import Value
from autograd.words.errors import arrival, slope_hint, value_hint
from autograd.words.formula_printer import Names
from autograd.words.html_table import paragraphs, table
from autograd.words.names import called, listed, names_among, route, shown
from autograd.words.source import source
from autograd.words.stale import check_fresh

Order = dict[Any, None]


@dataclass(frozen=True)
class Explanation:
    """What ``explain`` found out about a graph. It prints as text, and shows itself in a notebook.

    ``kind`` is "value" or "gradient", by what was not finite first, or "none". ``born`` is the node
    where it was born, or the leaf that brought it in, and ``operands`` are that node's arguments.
    ``path`` leads from there to the root; for a gradient it begins with the argument that got it.
    Where all is finite, ``born`` is None, and the path is the one that carries most of the largest
    gradient of a leaf; ``flow`` says how much. ``sentence`` says what happened and ``hint`` what to
    write instead.
    """

    kind: Literal["value", "gradient", "none"]
    sentence: str
    born: Value | None = None
    operands: tuple[Value | float, ...] = ()
    path: list[Value] = field(default_factory=list)
    hint: str = ""
    flow: str = ""
    names: Names = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The details as pairs of a title and a text, those that there are."""
        rows = [
            ("operands", listed(self.operands, self.names) if self.operands else ""),
            ("path", route(self.path, self.names) if self.path else ""),
            ("line", str(source(self.born) or "")),
            ("flow", self.flow),
            ("hint", self.hint),
        ]
        return [(title, text) for title, text in rows if text]

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  {title:<8}  {text}" for title, text in self.rows)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the sentence and a table of the details, for a notebook."""
        rows = table(self.rows, left=(0, 1), titles=True)
        return f"<div>{paragraphs(self.sentence)}{rows}</div>"


def explain(root: Value) -> Explanation:
    """Return where the first value or gradient in the graph of ``root`` that is not finite is from.

    It reads the graph and changes no ``grad``. Without any such number it says so, and names the
    largest gradient.

    Raises StaleGraphError if a leaf was written after the graph was computed from it, since the
    numbers that led to the result are lost then.

    >>> from autograd import Value, ieee
    >>> x, scale = Value(-1000.0, label="x"), Value(2.0, label="scale")
    >>> with ieee():
    ...     loss = scale / (1.0 + (-x).exp())
    >>> loss.label = "loss"
    >>> explanation = explain(loss)
    >>> print(explanation.sentence)
    loss = 0.0 is finite, but not all that it was computed from. The first is exp(-x) = inf.
    >>> print(explain(Value(0.0, label="speed").sqrt()).sentence)
    The gradient with respect to speed is not finite: the derivative of sqrt at speed = 0.0 is inf.
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"explain() takes the Value that a computation ended in, not {type(root).__name__}. "
            "Write explain(loss) rather than explain(loss.data)."
        )
    names = names_among([root])
    order = topological_order(root)
    for node in order:
        check_fresh(node)
    if not all(math.isfinite(node.data) for node in order):
        return about_value(root, order, names)
    flow = Flow(order)
    return about_gradient(flow.first, order, names) if flow.first else all_finite(flow, names)


# A value that is not finite ----------------------------------------------------------------------


def about_value(root: Value, order: Order, names: Names) -> Explanation:
    """Return the explanation of a graph with values that are not finite."""
    bad = {node: None for node in order if not math.isfinite(node.data)}
    born = next(iter(bad))
    path = path_to_root(born, bad)
    if path[-1] is not root:  # somewhere it looked finite again, as 1 / inf does
        path = path_to_root(born, order)
    start = f"{shown(root, names)} is not finite"
    if math.isfinite(root.data):
        start = f"{shown(root, names)} is finite, but not all that it was computed from"
    constant = next((a for a in born.args if type(a) is float and not math.isfinite(a)), None)
    advice = f"Look at where {called(born, names)} gets its number: the data, or a step before."
    if born.op is None:
        what = f"It came in as data: {called(born, names)} is {born.data!r}."
    elif constant is not None:
        what = f"The constant {constant!r} came in with {called(born, names)}."
        advice = f"Look at where the constant {constant!r} is from."
    else:
        advice = value_hint(born, path, names)
        what = f"The first is {shown(born, names)}."
        if born is root:
            what = f"{born.op.name} of {listed(born.args, names)} made it."
    return Explanation("value", f"{start}. {what}", born, born.args, path, advice, names=names)


# A gradient that is not finite -------------------------------------------------------------------


class FirstBadEdge(NamedTuple):
    """The place where a gradient leaves the finite numbers: from a node to one of its arguments."""

    node: Any
    argument: Any
    adjoint: float
    partial: float


class Flow:
    """The gradients of a root, in the order of the sweep, up to the first that is not finite.

    The sweep itself would raise an error there, or in ``ieee()`` mode let it spread.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.adjoints = dict.fromkeys(order, 0.0)
        self.adjoints[next(reversed(order))] = 1.0
        self.first = self.run()

    def run(self) -> FirstBadEdge | None:
        """Pass on the gradients; return the first edge whose share makes a sum not finite."""
        adjoints = self.adjoints
        for node in reversed(self.order):
            for argument, partial in zip(node.args, partials_anyway(node), strict=True):
                if partial is not None:
                    total = adjoints[argument] + adjoints[node] * partial
                    if not math.isfinite(total):
                        return FirstBadEdge(node, argument, adjoints[node], partial)
                    adjoints[argument] = total
        return None


def partials_anyway(node: Any) -> Sequence[float | None]:
    """Return the local derivatives of a node, by IEEE 754 where they are undefined."""
    try:
        return local_derivatives(node)
    except (ArithmeticError, ValueError):
        with ieee():
            partials = local_derivatives(node)
    known = [partial for partial in partials if partial is not None]
    if all(map(math.isfinite, known)):  # finite by way of an infinity: backward() raises here
        return [None if partial is None else math.nan for partial in partials]
    return partials


def about_gradient(edge: FirstBadEdge, order: Order, names: Names) -> Explanation:
    """Return the explanation of a graph with finite values and a gradient that is not."""
    node, argument, adjoint, partial = edge
    path = path_to_root(node, order)
    if math.isfinite(partial):
        why = arrival(node, adjoint, partial, names)
    else:
        result = "undefined (nan)" if math.isnan(partial) else repr(partial)
        why = f"the derivative of {node.op.name} at {listed(node.args, names)} is {result}"
    return Explanation(
        "gradient",
        f"The gradient with respect to {called(argument, names)} is not finite: {why}.",
        node,
        node.args,
        [argument, *path],
        slope_hint(node, partial, path, names),
        names=names,
    )


def all_finite(flow: Flow, names: Names) -> Explanation:
    """Return the explanation that there is nothing to explain."""
    root = next(reversed(flow.order))
    leaves = [node for node in flow.order if node.op is None]
    leaf = max(leaves or [root], key=lambda leaf: abs(flow.adjoints[leaf]))
    sentence = (
        f"All is finite: every value and every gradient in the graph of {called(root, names)}. The "
        f"largest gradient is that by {called(leaf, names)}: {flow.adjoints[leaf]!r}."
    )
    old = next((leaf for leaf in leaves if not math.isfinite(leaf.grad)), None)
    advice = ""
    if old is not None:
        advice = (
            f"The grad of {called(old, names)} is {old.grad!r} from before this graph: set it to "
            "0.0, or call zero_grad()."
        )
    order = between(flow.order, [leaf])
    (path,) = strongest(order, leaf, 1, partials_anyway)
    count = number_of_paths(order, leaf)
    told = (
        f"{path.product:.6g} of it comes this way, {factors(path.partials)}, the most that any of "
        f"the {readable_count(count)} paths brings. paths() lists more of them."
    )
    return Explanation(
        "none", sentence, None, (), path.nodes, advice, told if count > 1 else "", names
    )
