"""The network as a diagram: layers as columns, neurons as circles, weights as lines."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value, draw
from nn.checks.arguments import counted, row, whole_number
from nn.view.layers_of import LayerParts, answers_of, layers_of, output_number, reach_of
from nn.view.palette import INK, NEGATIVE, POSITIVE, check_count, shortened

if TYPE_CHECKING:
    import graphviz

FONT = "Helvetica"  # what draw() lays out with
DIAMETER, STEP = 0.66, 0.86  # inches: of a neuron, and from one to the next below
WIDEST = 5.0  # points: the line of the largest weight


def draw_network(
    model: Any,
    x: Any = None,
    *,
    input_names: Sequence[str] = (),
    output_names: Sequence[str] = (),
    limit: int = 8,
    title: str = "",
) -> graphviz.Digraph:
    """Return the diagram of a network, a drawing as ``autograd.draw`` returns it.

    Each layer is a column with its activation above it, each neuron a circle with its bias ``b``,
    each weight a line: the larger, the wider, and solid blue if it is positive, dashed orange if it
    is negative. With an example ``x``, each circle has the neuron's answer to it in bold, on blue
    if it is positive and on orange if it is negative, the stronger the larger in its layer. Of a
    column with more than ``limit`` neurons or inputs, the first and the last are drawn, with an
    ellipsis for the rest. In an .svg file, each line tells its weight when the mouse is over it.

    Raises TypeError if the model is no MLP, Layer or Neuron, and ValueError for a wrong number of
    inputs or names.

    >>> import nn
    >>> model = nn.MLP(2, [3, 1], activation="tanh")
    >>> draw_network(model, x=[1.0, -1.0], input_names=["height", "width"])
    <Drawing: network of 2 inputs, 3 neurons (tanh), 1 neuron (linear)>
    """
    layers = layers_of("draw_network", model)
    limit = whole_number("limit", limit, least=2)
    in_size, out_size = layers[0].in_size, len(layers[-1].neurons)
    check_count("input_names", input_names, in_size, "inputs")
    check_count("output_names", output_names, out_size, "outputs")
    inputs: list[float] = []
    answers: list[list[float]] = [[] for _ in layers]
    if x is not None:
        inputs = [output_number(each) for each in row(x, in_size, model)]
        answers = answers_of(layers, x)

    diagram = Diagram(blank(describe(layers)), layers, limit)
    diagram.add_inputs(list(input_names) or [f"x{n + 1}" for n in range(in_size)], inputs)
    for position, outputs in enumerate(answers):
        diagram.add_layer(position, outputs)
    diagram.add_output_names(output_names)
    diagram.add_words(title)
    return diagram.drawing


def blank(description: str) -> graphviz.Digraph:
    """Return an empty drawing of the kind that ``autograd.draw`` makes."""
    drawing = draw(Value(0.0))
    drawing.clear()
    drawing.comment, drawing.engine = description, "neato"  # which leaves nodes where they are put
    drawing.graph_attr.update(outputorder="edgesfirst", splines="line", pad="0.15", fontname=FONT)
    drawing.node_attr.update(fontname=FONT, fontsize="11", fontcolor=INK, color=INK)
    drawing.edge_attr.update(arrowhead="none")
    return drawing


class Diagram:
    """A drawing in the making, with the places of its columns in inches, upward."""

    def __init__(self, drawing: graphviz.Digraph, layers: list[LayerParts], limit: int) -> None:
        self.drawing, self.layers = drawing, layers
        sizes = [layers[0].in_size, *(len(layer.neurons) for layer in layers)]
        self.columns = [places_drawn(size, limit) for size in sizes]
        self.rows = max(len(column) for column in self.columns)
        # The more rows, the steeper the lines: columns further apart keep them from closing up.
        self.gap = max(2.0, 0.36 * STEP * self.rows)
        self.largest = reach_of(
            each.data for layer in layers for neuron in layer.neurons for each in neuron.w
        )
        self.start = 0.0  # of the first column, which has boxes as wide as their names

    def add_inputs(self, names: list[str], numbers: list[float]) -> None:
        """Add the column of the inputs: boxes, since they compute nothing."""
        width = 0.35 + 0.085 * max(8 if numbers else 0, *(len(shortened(name)) for name in names))
        self.start = min(0.0, 0.6 - width / 2)
        for place, up in self.places(0):
            lines = [label_text(names[place])]
            if numbers:
                lines.append(f"<B>{numbers[place]:.4g}</B>")
            self.add_node(
                f"n0_{place}", "<BR/>".join(lines), self.start, up, shape="box", height="0.5",
                width=f"{width:.2f}", style="filled", fillcolor="#F4F4F4",
                tooltip=tooltip(names[place]),
            )  # fmt: skip
        self.add_heading(0, "inputs", counted(len(names), "number"))

    def add_layer(self, position: int, outputs: list[float]) -> None:
        """Add the column of a layer, and the lines to it from the column before."""
        layer, column = self.layers[position], position + 1
        strongest = reach_of(outputs)
        for place, up in self.places(column):
            neuron = layer.neurons[place]
            bias, colour = neuron.b.data, "#FFFFFF"
            lines = [f'<FONT POINT-SIZE="9">b {rounded(bias, 2)}</FONT>']
            words = f"{neuron.label or f'neuron{place + 1}'}, bias {bias!r}"
            if outputs:
                lines.insert(0, f"<B>{rounded(outputs[place], 3)}</B>")
                words += f", answer {outputs[place]!r}"
                colour = tint(outputs[place] / strongest)
            self.add_node(
                f"n{column}_{place}", "<BR/>".join(lines), self.gap * column, up, shape="circle",
                width=f"{DIAMETER}", style="filled", fillcolor=colour, tooltip=tooltip(words),
            )  # fmt: skip
            for start, _ in self.places(position):
                ends = f"n{position}_{start}", f"n{column}_{place}"
                self.add_weight(*ends, neuron.w[start], port="c" if position else "e")
        self.add_heading(
            column, f"layer {column}", layer.activation, counted(len(layer.neurons), "neuron")
        )

    def add_weight(self, start: str, end: str, weight: Value, *, port: str) -> None:
        """Add the line of a weight; of a box it leaves the middle of the right side."""
        # Width for the size, colour and dashes for the sign: either can be read without the other.
        size = abs(weight.data) / self.largest
        words = f"{weight.label or 'weight'} = {weight.data!r}"
        self.drawing.edge(
            start, end, tooltip=tooltip(words), penwidth=f"{0.3 + (WIDEST - 0.3) * size:.2f}",
            color=f"{POSITIVE if weight.data >= 0 else NEGATIVE}B0",
            style="solid" if weight.data >= 0 else "dashed", tailport=port,
        )  # fmt: skip

    def add_output_names(self, names: Sequence[str]) -> None:
        """Write the names of the outputs to the right of the last column."""
        column = len(self.layers)
        for place, up in self.places(column):
            if names:
                width = 0.2 + 0.095 * max(len(shortened(name)) for name in names)
                self.drawing.node(
                    f"name{place}", rf"{label_text(names[place])}\l", shape="plaintext",
                    fixedsize="true", width=f"{width:.2f}", height="0.3",
                    pos=at(self.gap * column + DIAMETER / 2 + 0.08 + width / 2, up),
                )  # fmt: skip

    def add_heading(self, column: int, name: str, *more: str) -> None:
        """Write above a column what it is; the sign for what is left out goes into it."""
        lines = [f"<B>{name}</B>", *more]
        across = self.gap * column if column else self.start
        up = self.height(0) + 0.5 + 0.09 * len(lines)
        self.add_node(f"heading{column}", "<BR/>".join(lines), across, up, shape="plaintext")
        if None in self.columns[column]:
            up = self.height(self.columns[column].index(None), column)
            self.add_node(
                f"more{column}", '<FONT POINT-SIZE="20">⋮</FONT>', across, up, shape="plaintext"
            )

    def add_words(self, title: str) -> None:
        """Write the title above and the key below."""
        middle = self.gap * len(self.layers) / 2
        if title:
            self.add_node(
                "title", f'<FONT POINT-SIZE="14"><B>{label_text(title, 80)}</B></FONT>', middle,
                self.height(0) + 1.3, shape="plaintext",
            )  # fmt: skip
        self.add_node(
            "key",
            f'<FONT COLOR="{POSITIVE}"><B>———</B></FONT> positive weight<BR/>'
            f'<FONT COLOR="{NEGATIVE}"><B>- - -</B></FONT> negative weight<BR/>'
            f"widest line: {self.largest:.3g}<BR/>b: bias",
            middle, -self.height(0) - 0.85, shape="plaintext",
        )  # fmt: skip

    def add_node(self, name: str, label: str, across: float, up: float, **look: str) -> None:
        """Add a node with an HTML-like label at its place."""
        more = {"fixedsize": "true"} if look["shape"] in ("box", "circle") else {}
        self.drawing.node(name, f"<{label}>", pos=at(across, up), **more, **look)

    def places(self, column: int) -> Iterator[tuple[int, float]]:
        """Yield which neurons of a column are drawn, each with its height."""
        for line, place in enumerate(self.columns[column]):
            if place is not None:
                yield place, self.height(line, column)

    def height(self, line: int, column: int | None = None) -> float:
        """Return how high a line of a column lies above the middle; of the longest, if not said."""
        lines = self.rows if column is None else len(self.columns[column])
        return STEP * ((lines - 1) / 2 - line)


def places_drawn(size: int, limit: int) -> list[int | None]:
    """Return the positions of a column that are drawn, and None where some are left out.

    >>> places_drawn(3, limit=4), places_drawn(100, limit=4)
    ([0, 1, 2], [0, 1, None, 98, 99])
    """
    if size <= limit:
        return list(range(size))
    last = limit // 2
    return [*range(limit - last), None, *range(size - last, size)]


def describe(layers: list[LayerParts]) -> str:
    """Return the network in one sentence."""
    words = [f"{counted(len(layer.neurons), 'neuron')} ({layer.activation})" for layer in layers]
    return f"network of {counted(layers[0].in_size, 'input')}, {', '.join(words)}"


def tint(strength: float) -> str:
    """Return a pale colour for a number from -1 to 1, on which black can be read.

    >>> tint(0.0), tint(1.0)
    ('#ffffff', '#73b1d5')
    """
    colour = POSITIVE if strength >= 0 else NEGATIVE
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    mixed = [round(255 - 0.55 * abs(strength) * (255 - part)) for part in parts]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def rounded(value: float, digits: int) -> str:
    """Return a number that fits into a circle.

    >>> rounded(-0.07941, 3), rounded(-123456.0, 3), rounded(0.0, 2)
    ('-0.0794', '-1.2e5', '0')
    """
    written = f"{value:.{digits}g}"
    if "e" in written:
        written = f"{value:.1e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return written


def at(across: float, up: float) -> str:
    """Return a fixed place in the form of the DOT language."""
    return f"{across:.3f},{up:.3f}!"


def label_text(name: str, width: int = 22) -> str:
    """Return a name in the form for a label of Graphviz, HTML-like or not."""
    return html.escape(shortened(name, width), quote=False).replace("\\", "\\\\")


def tooltip(text: str) -> str:
    """Return a text in the form for a tooltip, where Graphviz reads backslashes twice."""
    return label_text(text, 200).replace("\\", "\\\\")
