"""The picture of a graph by neurons or by layers, with the gradient that flows between them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from autograd.backward import local_partials
from autograd.value import Value
from autograd.view.drawing import Drawing
from autograd.view.grouping import (
    INPUTS,
    RESULT,
    Crossing,
    Group,
    grouped,
    layer_of,
    parameter_names,
)
from autograd.view.labels import UNPRINTABLE, hover, number_label, visible
from autograd.view.palette import BACKWARD, INNER, INPUT, LINE, OPERATION_FILL, blank
from autograd.words.formula_printer import formula
from autograd.words.markup import shortened
from autograd.words.stale import StaleGraphError

READABLE = 40  # edges that have room for a number
LISTED = 24  # parameters in a tooltip
BAR = 120  # points: the bar of a group that has all of the gradient
ENDS = {"LR": ("e", "w"), "TB": ("s", "n"), "RL": ("w", "e"), "BT": ("n", "s")}  # of an edge
ABOVE = '<BR/><FONT POINT-SIZE="5"> </FONT>'  # lifts a number from its thick line
LEARNING = {"shape": "box", "fillcolor": "#E9F5F1", "color": "#009E73", "style": "filled,rounded"}


def draw_groups(
    order: Sequence[Value],
    roots: Sequence[Value],
    names: Mapping[Any, str],
    *,
    detail: str,
    direction: str,
    edges: bool,
    parameters: Any,
    limit: int,
) -> Drawing:
    """Return the picture of a graph with a box for each neuron or layer, as ``draw`` promises it.

    Raises ValueError if no parameter has a name, and for more than ``limit`` boxes.
    """
    given = parameter_names(order, parameters, names)
    if given.keys().isdisjoint(order):
        raise nameless(detail)
    graph = grouped(order, roots, given, detail)
    if len(graph.groups) > limit:
        raise ValueError(
            f"this graph has {len(graph.groups):,} boxes at detail={detail!r}, too many to read "
            f"(the limit is {limit:,}). "
            + ("Write detail='layer'." if detail == "neuron" else "Draw one inner node of it.")
        )
    title = shortened(formula(roots[0], names), 28) if len(roots) == 1 else "results"
    picture = GroupPicture(graph.groups, roots, title, direction)
    few = len(graph.crossings) <= READABLE
    if not few:  # many lines are told apart if they are straight, on a long way, below the boxes
        tail, head = ENDS[direction]
        picture.drawing.attr(ranksep="3", splines="line", outputorder="edgesfirst")
        picture.drawing.attr("edge", tailport=tail, headport=head, color=f"{LINE}90")
    # A width says how much of the largest flow an edge carries, so that all must be known first.
    flows = has_gradients(roots) and edges
    strengths = [flow(crossing) if flows else None for crossing in graph.crossings]
    for group in graph.groups:
        picture.add(group)
    picture.align(graph.groups)
    most = max((each for each in strengths if each is not None and each < math.inf), default=0.0)
    for crossing, strength in zip(graph.crossings, strengths, strict=True):
        picture.connect(crossing, strength, most, written=few)
    return picture.drawing


def nameless(detail: str) -> ValueError:
    """Return the error for a graph in which no parameter has a name that tells its neuron."""
    return ValueError(
        f"detail={detail!r} gathers the nodes by the names of the parameters, such as "
        "layer1.neuron3.w2, and found none in this graph. Give the names: "
        f"draw(loss, detail={detail!r}, parameters=model.named_parameters()), or a dict of your "
        "own such as {'neuron1.w': w, 'neuron1.b': b}. detail='operation' needs none."
    )


def has_gradients(roots: Iterable[Value]) -> bool:
    """Whether backward() has run: it leaves its seed in the root."""
    return any(root.op is not None and root.grad for root in roots)


# The gradient in numbers --------------------------------------------------------------------------


def norm(values: Iterable[float]) -> float:
    """Return the Euclidean norm: the length of a list of numbers as an arrow."""
    return math.hypot(*values)


def flow(crossing: Crossing) -> float | None:
    """Return the norm of the gradient that flows back between two groups, or None if it has none.

    Each argument receives the sum of what its uses in the target group pass on.
    """
    passed: dict[Value, float] = {}
    partials: dict[Value, list[float | None]] = {}
    try:
        for argument, node, position in crossing.uses:
            if node not in partials:
                partials[node] = local_partials(node)
            share = node.grad * (partials[node][position] or 0.0)
            passed[argument] = passed.get(argument, 0.0) + share
    except (StaleGraphError, ArithmeticError, ValueError):
        return None
    return norm(passed.values())


def span(values: Sequence[float]) -> str:
    """Return the range of numbers in words.

    >>> span([0.5]), span([1.0, -2.0])
    ('0.5', '-2 … 1')
    """
    lowest, highest = (f"{end(values):.3g}" for end in (min, max))
    return lowest if lowest == highest else f"{lowest} … {highest}"


def count_of(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> count_of(1, "neuron"), count_of(1200, "weight")
    ('1 neuron', '1,200 weights')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


# The picture --------------------------------------------------------------------------------------


class GroupPicture:
    """A drawing of groups in the making."""

    def __init__(
        self, groups: Sequence[Group], roots: Sequence[Value], title: str, direction: str
    ) -> None:
        self.ids = {group: f"g{position}" for position, group in enumerate(groups)}
        self.roots, self.title = roots, title
        self.has_gradients = has_gradients(roots)
        self.norms = {group: norm(each.grad for each in group.parameters) for group in groups}
        self.whole = norm(self.norms.values())
        self.drawing = blank(describe_groups(groups, roots, title), direction)

    def add(self, group: Group) -> None:
        """Add the box of a group."""
        style = {INPUTS: INPUT, RESULT: INNER | {"margin": "0.1"}}.get(group.kind, LEARNING)
        is_last = not set(self.roots).isdisjoint(group.outputs)
        self.drawing.node(
            self.ids[group],
            f"<{self.label(group)}>",
            _attributes={
                "tooltip": hover(self.tooltip(group)),
                **style,
                **({"peripheries": "2"} if is_last else {}),
            },
        )

    def align(self, groups: Sequence[Group]) -> None:
        """Put the neurons of a layer side by side, in the order of their numbers."""
        layers: dict[str, list[Group]] = {}
        for group in groups:
            if group.kind == "neuron" and group.parameters:
                layers.setdefault(layer_of(group.name), []).append(group)
        for members in layers.values():
            if len(members) == 1:
                continue
            with self.drawing.subgraph(graph_attr={"rank": "same"}) as line:
                ids = [self.ids[each] for each in sorted(members, key=by_number)]
                # Within a rank Graphviz keeps the order of edges, also of those that nobody sees.
                for before, after in pairwise(ids):
                    line.edge(before, after, style="invis")

    def name(self, group: Group) -> str:
        """Return what a group is called."""
        return {INPUTS: "inputs", RESULT: self.title}.get(group.kind, group.name)

    def label(self, group: Group) -> str:
        """Return the visible lines of a group."""
        rows = [f"<B>{visible(shortened(self.name(group).translate(UNPRINTABLE), 40))}</B>"]
        rows += [f'<FONT POINT-SIZE="12">{visible(line)}</FONT>' for line in self.lines(group)]
        if group.parameters and self.has_gradients:
            rows.append(f'<FONT COLOR="{BACKWARD}">‖grad‖ {self.norms[group]:.3g}</FONT>')
        cells = "".join(f'<TR><TD COLSPAN="2">{row}</TD></TR>' for row in rows)
        if group.parameters and self.has_gradients and 0 < self.whole < math.inf:
            cells += self.bar(group)
        return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{cells}</TABLE>'

    def bar(self, group: Group) -> str:
        """Return a row with a bar as long as the group's share of the gradient, and the share."""
        share = self.share(group)
        width = max(round(BAR * share), 1)  # a share of nothing is still a line, and not a gap
        cell = '<TD BGCOLOR="{}" WIDTH="{}" HEIGHT="8" FIXEDSIZE="TRUE"></TD>'
        cells = cell.format(BACKWARD, width)
        if width < BAR:
            cells += cell.format(OPERATION_FILL, BAR - width)
        inner = (
            '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
            f"<TR>{cells}</TR></TABLE>"
        )
        words = f'<FONT POINT-SIZE="12" COLOR="{BACKWARD}">{visible(percent(share))}</FONT>'
        return f"<TR><TD>{inner}</TD><TD>{words}</TD></TR>"

    def share(self, group: Group) -> float:
        """Return the share of the whole gradient: of its square, so that all shares make 1."""
        return (self.norms[group] / self.whole) ** 2

    def lines(self, group: Group) -> list[str]:
        """Return what a group is, how often it worked, and what came out, line by line."""
        outputs = [node.data for node in group.outputs]
        if group.kind == INPUTS:
            leaves = [node for node in group.nodes if node.op is None]
            return [count_of(len(leaves), "number"), span([leaf.data for leaf in leaves])]
        if group.kind == RESULT:
            operations = count_of(sum(node.op is not None for node in group.nodes), "operation")
            return [f"data {span(outputs)}", operations]
        if not group.parameters:  # what the neurons of a layer do together
            names = dict.fromkeys(str(node.op) for node in group.nodes)
            return [shortened(", ".join(names), 30), f"output {span(outputs)}"]
        lines = [count_of(len(group.parameters), "parameter")]
        if group.kind == "layer" and len(group.neurons) > 1:
            lines = [count_of(len(group.neurons), "neuron"), *lines]
        if group.uses > 1:
            lines.append(f"used {group.uses:,} times")
        return [*lines, f"output {span(outputs)}"] if outputs else lines

    def tooltip(self, group: Group) -> str:
        """Return the tooltip of a group: what it is, its gradient and its parameters."""
        lines = [self.name(group), *self.lines(group)]
        if group.parameters and self.has_gradients:
            lines.append(f"norm of the gradient {self.norms[group]!r}")
        for parameter, name in list(group.parameters.items())[:LISTED]:
            short = name.removeprefix(f"{group.name}.")
            gradient = f", grad {number_label(parameter.grad)}" if self.has_gradients else ""
            lines.append(f"{short} = {number_label(parameter.data)}{gradient}")
        if len(group.parameters) > LISTED:
            lines.append(f"... {len(group.parameters) - LISTED:,} more")
        return "\n".join(lines)

    def connect(
        self, crossing: Crossing, strength: float | None, most: float, *, written: bool
    ) -> None:
        """Add the edge between two groups, the wider the more gradient flows back through it."""
        source, target = crossing.source, crossing.target
        crossed = {argument for argument, _, _ in crossing.uses}
        weights = crossed <= source.parameters.keys()
        what = count_of(len(crossed), "parameter" if weights else "number")
        tooltip = f"{what} from {self.name(source)} to {self.name(target)}"
        more = {"style": "dashed"} if weights else {}  # no output: a penalty looks at the weights
        if strength is not None:
            tooltip += f"\nnorm of the gradient that flows back {strength!r}"
            more["penwidth"] = f"{width(strength, most):.2f}"
            if written:
                words = f"‖∂‖ {strength:.3g}"
                more["label"] = f"<&#160;{words}&#160;{ABOVE}>"
        self.drawing.edge(
            self.ids[source],
            self.ids[target],
            _attributes={"tooltip": hover(tooltip), "labeltooltip": hover(tooltip), **more},
        )


def width(strength: float, most: float) -> float:
    """Return how wide, in points, an edge is drawn; the widest if its gradient is not finite.

    >>> width(0.0, 2.0), width(1.0, 2.0), width(2.0, 2.0), width(math.inf, 2.0)
    (0.5, 2.25, 4.0, 4.0)
    """
    if not strength:
        return 0.5
    return 0.5 + 3.5 * (strength / most if strength < most else 1.0)


def by_number(group: Group) -> list[tuple[str, int]]:
    """Return the key that sorts neuron2 before neuron10."""
    return [(words, int(digits or 0)) for words, digits in re.findall(r"(\D+)(\d*)", group.name)]


def percent(share: float) -> str:
    """Return a share as a percentage that is never rounded to nothing.

    >>> percent(0.456), percent(0.0), percent(1e-9)
    ('46 %', '0 %', '< 1 %')
    """
    return "< 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


def describe_groups(groups: Sequence[Group], roots: Sequence[Value], title: str) -> str:
    """Return the picture in one sentence."""
    kinds = {group.kind for group in groups} - {INPUTS, RESULT}
    kind = kinds.pop()
    count = sum(group.kind == kind for group in groups)
    nodes = sum(len(group.nodes) for group in groups)
    sentence = (
        f"computation graph of {title} = {number_label(roots[0].data)} by {kind}s: "
        f"{count_of(count, kind)}, {count_of(nodes, 'node')}"
    )
    return sentence.translate(UNPRINTABLE)
