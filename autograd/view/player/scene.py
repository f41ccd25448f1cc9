"""A graph laid out once, in which every step shows: the common ground of player and animation.

Graphviz lays it out with room for the widest number that a node will ever show. What it wrote is
read back as plain shapes, and a ``Moment`` says how they look after any step.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograd.story.steps import Step, Steps
from autograd.value import Value
from autograd.view.graph_picture import Picture, describe
from autograd.view.labels import UNPRINTABLE, number_label, visible
from autograd.view.layout import hurry
from autograd.view.palette import OPERATION_FILL
from autograd.words.markup import shortened

LIMIT = 600  # nodes that can still be told apart
TIMES = "\N{MULTIPLICATION SIGN}"


class TooManyNodesError(ValueError):
    """The expression is too large for a picture of its steps."""


# What is in the picture ---------------------------------------------------------------------------


@dataclass
class Shape:
    """A polygon, a path of Bezier curves, an ellipse (two corners) or a text (where it stands).

    ``role`` is what the shape is in its part: the area of a node, its outer ring, the cell of its
    operation; a line or the head of an arrow; a symbol, a name, data, grad or a label.
    """

    kind: str
    role: str
    points: list[tuple[float, float]]
    text: str = ""

    @property
    def geometry(self) -> dict[str, str]:
        """The attributes of SVG for it."""
        pairs = [f"{short(x)},{short(y)}" for x, y in self.points]
        if self.kind == "polygon":
            return {"points": " ".join(pairs)}
        if self.kind == "path":
            return {"d": f"M{pairs[0]}C{' '.join(pairs[1:])}"}
        (left, top), (right, bottom) = self.points[0], self.points[-1]
        if self.kind == "text":
            return {"x": short(left), "y": short(top)}
        return {
            "cx": short((left + right) / 2), "cy": short((top + bottom) / 2),
            "rx": short((right - left) / 2), "ry": short((bottom - top) / 2),
        }  # fmt: skip


@dataclass
class Part:
    """A node, a constant or an edge: its id, its kind and its shapes."""

    id: str
    kind: str
    shapes: list[Shape]


@dataclass
class Moment:
    """How the picture looks after a step: what is known, what has been passed on, what is lit.

    ``lit`` has the role of each part in the step: forward, backward, or the source from which the
    gradient comes.
    """

    known: set[str]
    gradients: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    lit: dict[str, str] = field(default_factory=dict)

    def text(self, shape: Shape, part: Part) -> str:
        """Return what a text of a part says."""
        if shape.role == "grad":
            return f"grad {self.gradients[part.id]}" if part.id in self.gradients else ""
        return "" if shape.role == "data" and part.id not in self.known else shape.text


class Scene:
    """The laid-out graph of an expression, and how it looks after each step.

    ``parts`` are the edges and nodes in the order in which they are painted, ``width`` and
    ``height`` the size of the whole in points.

    Raises TooManyNodesError above LIMIT nodes, and RenderError if there is no Graphviz.
    """

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        order = list(steps.story.order)
        check_readable(order)
        picture = RoomyPicture(steps)
        self.ids, self.names = picture.ids, picture.names
        self.description = describe(order, picture.names | {order[-1]: steps.story.title})
        # Read back as shapes, the picture can be painted by a browser and by matplotlib alike.
        svg = ElementTree.fromstring(picture.drawing.pipe("svg"))
        self.width, self.height = map(float, svg.get("viewBox", "").split()[2:])
        kinds = {
            picture.ids[node]: ("inner" if node.op else "leaf") + " root" * (node is order[-1])
            for node in order
        }
        self.parts = sorted(parts(svg, kinds), key=lambda part: part.kind != "edge")

    def moment(self, last: int) -> Moment:
        """Return how the picture looks after the step of this number; -1 is before the first."""
        moment = Moment({self.ids[node] for node in self.ids if node.op is None})
        for step in self.steps.everything[: last + 1]:
            changed = self.ids[step.changed]
            if step.kind == "forward":
                moment.known.add(changed)
                continue
            if step.kind == "seed":
                moment.gradients = dict.fromkeys(self.ids.values(), number_label(0.0))
            if step.position is not None:
                moment.passed.add(edge_id(self.ids[step.node], step.position))
            moment.gradients[changed] = number_label(step.after)
        if last >= 0:
            moment.lit = self.lit(self.steps.everything[last])
        return moment

    def lit(self, step: Step) -> dict[str, str]:
        """Return which parts a step lights, and as what."""
        node = self.ids[step.node]
        if step.kind == "forward":
            edges = {edge_id(node, place): "forward" for place in range(len(step.node.args))}
            return edges | {node: "forward"}
        if step.position is None:
            return {node: "backward"}
        edge = edge_id(node, step.position)
        return {node: "source", edge: "backward", self.ids[step.changed]: "backward"}


def edge_id(node: str, position: int) -> str:
    """Return the id of an edge, by the node that it leads to and its place among the arguments."""
    return f"{node}e{position}"


def check_readable(order: list[Value]) -> None:
    """Raise TooManyNodesError if the picture could not be read."""
    constants = sum(type(argument) is float for node in order for argument in node.args)
    count = len(order) + constants
    if count > LIMIT:
        raise TooManyNodesError(
            f"this expression has {count:,} nodes, too many to watch (the limit is {LIMIT:,}). "
            "Step through a smaller example, such as one row of the data, or through one inner "
            "node: steps(node). print(steps(loss).of(w)) tells the steps of one node without a "
            "picture."
        )


# Laying it out ------------------------------------------------------------------------------------


class RoomyPicture(Picture):
    """The picture of ``draw`` with room for every number, and an id for every edge."""

    def __init__(self, steps: Steps) -> None:
        order = list(steps.story.order)
        super().__init__(order, dict(steps.story.names), "LR")
        self.names = {node: steps.story.name(node) for node in order}  # as in the sentences
        self.widest = dict.fromkeys(order, "grad 0")
        self.partials: dict[tuple[Value, int | None], str] = {}
        for step in steps.backward:
            shown = f"grad {number_label(step.after)}"
            self.widest[step.changed] = max(self.widest[step.changed], shown, key=len)
            if step.local is not None:
                self.partials[step.node, step.position] = f"{TIMES} {number_label(step.local)}"
        hurry(self.drawing, order)
        for node in order:
            self.add(node, is_root=node is order[-1], is_parameter=False)
        for node in order:
            self.connect(node, show_partials=True)

    def lines(self, node: Value) -> list[str]:
        """Return the lines of a node: its name, its number and room for its gradients."""
        name = shortened(self.names[node].translate(UNPRINTABLE), 28)
        return [f"<B>{visible(name)}</B>", f"data {number_label(node.data)}", self.widest[node]]

    def connect(self, node: Value, *, show_partials: bool) -> None:
        """Add the edges to a node under their ids, with what the chain rule multiplies by there."""
        for position, argument in enumerate(node.args):
            start = (
                f"{self.ids[node]}c{position}" if type(argument) is float else self.ids[argument]
            )
            label = self.partials.get((node, position), "") if show_partials else ""
            edge = edge_id(self.ids[node], position)
            self.drawing.edge(start, f"{self.ids[node]}:op:{self.arrival}", label=label, id=edge)


# Reading what Graphviz wrote ----------------------------------------------------------------------


def parts(svg: ElementTree.Element, kinds: dict[str, str]) -> Iterator[Part]:
    """Yield the parts of a picture, moved so that it begins at (0, 0)."""
    whole = svg.find("{*}g")
    assert whole is not None, "Graphviz puts the picture into a group"
    dx, dy = map(float, re.findall(r"translate\((\S+) (\S+)\)", whole.get("transform", ""))[0])
    for group in svg.iterfind(".//{*}g"):
        title = group.findtext("{*}title", "")
        if group.get("class") == "edge":
            yield Part(group.get("id", ""), "edge", shapes(group, "edge", dx, dy))
        elif group.get("class") == "node":
            kind = kinds.get(title, "constant")
            yield Part(title, kind, shapes(group, kind, dx, dy))


def shapes(group: ElementTree.Element, kind: str, dx: float, dy: float) -> list[Shape]:
    """Return the shapes of a part: areas and lines, then texts."""
    # Graphviz tells neither which polygon is the outline nor which text is the gradient: the fill
    # tells the one, and the order of the lines, counted from the last, the other.
    found: dict[str, Shape] = {}
    texts = list(group.iterfind(".//{*}text"))
    for element in group.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("ellipse", "polygon", "path"):
            shape = Shape(tag, role_of_area(element, tag, kind), moved(element, tag, dx, dy))
            found[shape.role] = shape
    if "operation" in found:
        found["operation"].points = inset(found["operation"].points)
    result = list(found.values())
    for from_end, element in zip(range(len(texts), 0, -1), texts, strict=True):
        role = role_of_text(kind, from_end)
        ((x, y),) = moved(element, "text", dx, dy)
        # On an edge a little higher, since a lit edge is thick.
        place = (x, y - 3) if kind == "edge" else (middle(found, role), y)
        result.append(Shape("text", role, [place], (element.text or "").strip()))
    return result


def moved(
    element: ElementTree.Element, tag: str, dx: float, dy: float
) -> list[tuple[float, float]]:
    """Return the points of a shape."""
    if tag == "text":
        return [(float(element.get("x", 0)) + dx, float(element.get("y", 0)) + dy)]
    if tag == "ellipse":
        x, y, rx, ry = (float(element.get(name, 0)) for name in ("cx", "cy", "rx", "ry"))
        return [(x + dx - rx, y + dy - ry), (x + dx + rx, y + dy + ry)]
    pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", element.get("points") or element.get("d") or "")
    points = [(float(x) + dx, float(y) + dy) for x, y in pairs]
    return points[:-1] if tag == "polygon" else points  # a polygon ends where it began


def role_of_area(element: ElementTree.Element, tag: str, kind: str) -> str:
    """Return what a shape that is no text is in its part."""
    if kind == "edge":
        return "line" if tag == "path" else "head"
    fill = element.get("fill", "")
    return {OPERATION_FILL.lower(): "operation", "none": "ring"}.get(fill, "area")


def role_of_text(kind: str, from_end: int) -> str:
    """Return what a text is in its part, counted from its end."""
    if kind in ("edge", "constant"):
        return "label"
    return {1: "grad", 2: "data", 3: "name"}.get(from_end, "symbol")


def middle(found: dict[str, Shape], role: str) -> float:
    """Return where a text of a node has its middle: that of its cell, whatever it will say."""
    across = [x for x, _ in found["area"].points]
    left, right = min(across), max(across)
    if "operation" in found:
        edge = max(x for x, _ in found["operation"].points)
        left, right = (left, edge) if role == "symbol" else (edge, right)
    return (left + right) / 2


def inset(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a rectangle that leaves room for the outline at its left, above and below."""
    across, down = zip(*points, strict=True)
    left, top, bottom = min(across) + 2, min(down) + 2, max(down) - 2
    return [(max(x, left), min(max(y, top), bottom)) for x, y in points]


def short(value: float) -> str:
    """Return a coordinate with one decimal at most.

    >>> short(12.0), short(-0.04)
    ('12', '0')
    """
    return f"{round(value, 1) + 0.0:g}"
