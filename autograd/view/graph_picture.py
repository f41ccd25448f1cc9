"""draw: the computation graph as a picture, with the chain rule on its edges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.backward import local_partials
from autograd.graph import topological_order
from autograd.value import Value
from autograd.view.drawing import Drawing
from autograd.view.labels import UNPRINTABLE, exact, hover, number_label, visible
from autograd.view.layout import hurry
from autograd.view.palette import (
    BACKWARD,
    CONSTANT,
    INNER,
    INPUT,
    OPERATION_FILL,
    PARAMETER,
    blank,
)
from autograd.view.zoomed_out import draw_groups
from autograd.words.errors import not_a_result
from autograd.words.formula_printer import formula
from autograd.words.markup import shortened
from autograd.words.names import user_frame, variable_names
from autograd.words.source import source
from autograd.words.stale import StaleGraphError
from autograd.words.suggestions import did_you_mean

DETAILS = ("operation", "neuron", "layer")
DIRECTIONS = {"LR": "w", "TB": "n", "RL": "e", "BT": "s"}  # and where the arguments arrive
COUNTED = 100_000  # nodes; of a graph with more, the picture is refused without counting them all
SYMBOLS = {"neg": "-", "alias": "="}


def draw(
    root: Value | Sequence[Value],
    *,
    detail: str = "operation",
    direction: str = "LR",
    edges: bool = True,
    parameters: Iterable[Value] | Mapping[str, Value] = (),
    limit: int = 600,
) -> Drawing:
    """Return the picture of everything that ``root`` was computed from.

    Each node shows its name, its number and its gradient. A box is the result of the operation at
    its side, an ellipse a leaf, a hexagon a leaf that is one of ``parameters``, a number on grey a
    constant. After ``backward()`` the edge from an argument to a result carries the local
    derivative, the factor by which the chain rule multiplies there; ``edges=False`` leaves it out.
    ``root`` may also be a list of Values.

    Draw a large graph with ``detail="neuron"`` or ``detail="layer"``: one box for each, however
    often it was used, with the norm of the gradient of its parameters and its share of the whole
    (of the square of the norm); on the edges, the norm of the gradient that flows back. In an .svg
    file, point at a box to read its parameters. What belongs together is read from names such as
    ``layer1.neuron3.w2``: the labels of the leaves, or the keys of ``parameters``, a dict such as
    ``model.named_parameters()``.

    ``direction`` is where the graph grows: LR, TB, RL or BT. A node is called by its label, else by
    the caller's variable, else by its formula.

    Raises TypeError if ``root`` is not a Value, and ValueError for an unknown ``detail`` or
    ``direction``, for a graph of more than ``limit`` nodes or with edges too long to be laid out,
    and for one whose parameters have no names where they are needed.

    >>> from autograd import Value
    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> product = a * b
    >>> product.label = "product"
    >>> product.backward()
    >>> drawing = draw(product)
    >>> "∂product/∂a = -3" in drawing.source
    True

    In a notebook the drawing shows itself; ``drawing.save("product.svg")`` writes it to a file.
    """
    roots = checked_roots(root)
    check_choices(detail, direction)
    trained = named_or_listed(parameters)
    if detail == "operation":
        check_countable(roots, limit)
    order = list(topological_order(*roots))
    names = variable_names(user_frame(), Value)
    if detail != "operation":
        return draw_groups(
            order, roots, names, detail=detail, direction=direction, edges=edges,
            parameters=trained, limit=limit,
        )  # fmt: skip
    check_size(order, limit)
    if isinstance(trained, dict):  # the model's names are better than the caller's variables
        names |= {value: name for name, value in trained.items()}
        trained = list(trained.values())
    picture = Picture(order, names, direction)
    hurry(picture.drawing, order)
    results, marked = set(roots), set(trained)
    for node in order:
        picture.add(node, is_root=node in results, is_parameter=node in marked)
    # Before backward() nothing has been multiplied by the local derivatives yet. The gradient of a
    # leaf does not tell: an earlier graph may have left it there.
    show = edges and any(node.grad for node in order if node.op is not None)
    for node in order:
        picture.connect(node, show_partials=show)
    return picture.drawing


class Picture:
    """A drawing in the making: what each node is called, there and in the DOT source."""

    def __init__(self, order: list[Value], names: dict[Any, str], direction: str) -> None:
        self.names = {node: str(formula(node, names)) for node in order}
        self.ids = {node: f"n{position}" for position, node in enumerate(order)}
        self.arrival = DIRECTIONS[direction]
        self.drawing = blank(describe(order, self.names), direction)

    def add(self, node: Value, *, is_root: bool, is_parameter: bool) -> None:
        """Add the shape of a node, and those of its constants."""
        name = self.names[node]
        lines = self.lines(node)
        gradient = node.grad or 0.0
        if node.op is None:
            style, kind = (PARAMETER, "parameter") if is_parameter else (INPUT, "leaf")
            label = "<BR/>".join(lines)
        else:
            style, kind = INNER, f"result of {node.op.name}"
            label = self.table(SYMBOLS.get(node.op.name, node.op.name), lines)
        tooltip = f"{name}\ndata {node.data!r}\ngradient {gradient!r}\n{kind}"
        place = source(node)
        tooltip += f"\n{place}" if place else ""
        more = {"peripheries": "2"} if is_root else {}
        self.drawing.node(
            self.ids[node],
            f"<{label}>",
            _attributes={"name": exact(name), "tooltip": hover(tooltip), **style, **more},
        )
        # A constant is drawn beside each of its uses: two 2.0 are not one node that is shared.
        for position, argument in enumerate(node.args):
            if type(argument) is float:
                self.drawing.node(
                    f"{self.ids[node]}c{position}",
                    number_label(argument),
                    _attributes={
                        "tooltip": f"constant {argument!r}",
                        "name": repr(argument),
                        **CONSTANT,
                    },
                )

    def lines(self, node: Value) -> list[str]:
        """Return the visible lines of a node: name, number, gradient."""
        name = shortened(self.names[node].translate(UNPRINTABLE), 28)
        lines = [f"data {number_label(node.data)}", f"grad {number_label(node.grad or 0.0)}"]
        lines[1] = f'<FONT COLOR="{BACKWARD}">{lines[1]}</FONT>'
        if node.op is None and name == f"{node.data:g}":  # it has no name but its number
            return lines
        return [f"<B>{visible(name)}</B>", *lines]

    def table(self, symbol: str, lines: list[str]) -> str:
        """Return the label of a computed node: its operation on the side of its arguments."""
        operation = f'<TD PORT="op" BGCOLOR="{OPERATION_FILL}"'
        sign = f'<FONT POINT-SIZE="18">{visible(symbol)}</FONT></TD>'
        content = "<TD>" + "<BR/>".join(lines) + "</TD>"
        # The operation stands where the arguments arrive, whichever way the graph grows.
        rows = {
            "w": f"<TR>{operation}>{sign}{content}</TR>",
            "e": f"<TR>{content}{operation}>{sign}</TR>",
            "n": f"<TR>{operation}>{sign}</TR><TR>{content}</TR>",
            "s": f"<TR>{content}</TR><TR>{operation}>{sign}</TR>",
        }[self.arrival]
        start = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="6">'
        return f"{start}{rows}</TABLE>"

    def connect(self, node: Value, *, show_partials: bool) -> None:
        """Add an edge from each argument of a node: ``a + a`` has two."""
        partials = partials_in_words(node) if show_partials else []
        for position, argument in enumerate(node.args):
            head = f"{self.ids[node]}:op:{self.arrival}"
            if type(argument) is float:
                self.drawing.edge(f"{self.ids[node]}c{position}", head, style="dashed")
                continue
            label, more = None, {}
            if show_partials:
                short, whole = self.derivative(node, argument, partials[position])
                label = f"<&#160;{visible(short)}&#160;>"
                more = {"tooltip": hover(whole), "labeltooltip": hover(whole)}
            self.drawing.edge(self.ids[argument], head, label, _attributes=more)

    def derivative(self, node: Value, argument: Value, partial: str) -> tuple[str, str]:
        """Return the local derivative as an equation, short for the edge and whole.

        On the edge, a formula that would not fit is left out: what it stands for is at the ends.
        """
        result, by = (in_parentheses(self.names[each]) for each in (node, argument))
        whole = f"∂{result}/∂{by} {partial}"
        if len(by) > 18:
            return f"∂ {partial}", whole
        return (whole if len(result) <= 12 else f"∂/∂{by} {partial}"), whole


def in_parentheses(name: str) -> str:
    """Return a name as it may stand behind a ∂: in parentheses if it is a sum or the like."""
    line = " ".join(name.split())
    return f"({line})" if re.search(r"[-+*/ ]", line) else line


def partials_in_words(node: Value) -> list[str]:
    """Return the local derivative by each argument as text; it may have none at this point."""
    try:
        partials = local_partials(node)
    except StaleGraphError:  # a leaf has moved on, the picture shows the graph as it was
        return ["is out of date"] * len(node.args)
    except (ArithmeticError, ValueError):
        return ["is undefined"] * len(node.args)
    return ["" if partial is None else f"= {number_label(partial)}" for partial in partials]


def describe(order: list[Value], names: dict[Value, str]) -> str:
    """Return the graph in one sentence."""
    root = order[-1]
    leaves = sum(node.op is None for node in order)
    nodes = "1 node" if len(order) == 1 else f"{len(order)} nodes"
    return (
        f"computation graph of {shortened(names[root], 60)} = {number_label(root.data)}, "
        f"{nodes} of which {leaves} {'is a leaf' if leaves == 1 else 'are leaves'}"
    )


# What cannot be drawn ---------------------------------------------------------------------------


def checked_roots(root: Any) -> list[Value]:
    """Return the Values to draw, of one Value or a list of them."""
    roots = list(root) if isinstance(root, (list, tuple)) else [root]
    if not roots:
        raise ValueError("draw() was given an empty list: there is nothing to draw.")
    for each in roots:
        if not isinstance(each, Value):
            raise not_a_result("draw", each)
    return roots


def named_or_listed(parameters: Any) -> list[Value] | dict[str, Value]:
    """Return the parameters as a list, or as a dict if they have names; TypeError for others."""
    found: Any = None
    if isinstance(parameters, Mapping):
        found = dict(parameters)
    elif hasattr(parameters, "__iter__"):
        found = list(parameters)
    values = found.values() if isinstance(found, dict) else found
    if found is None or not all(isinstance(value, Value) for value in values):
        raise TypeError(
            "parameters= takes a list of Values or a dict of them by name: write "
            "parameters=model.parameters() or parameters=model.named_parameters()."
        )
    return found  # type: ignore[no-any-return]  # what was checked just now


def check_choices(detail: str, direction: str) -> None:
    """Raise ValueError for a detail or a direction that does not exist."""
    if detail not in DETAILS:
        advice = did_you_mean(detail, DETAILS)
        raise ValueError(
            f"detail={detail!r} is unknown.{advice} Choose 'operation' (a box for every node), "
            "'neuron' or 'layer'."
        )
    if direction not in DIRECTIONS:
        raise ValueError(
            f"direction={direction!r} is unknown. Choose 'LR' (left to right), 'TB' (top to "
            "bottom), 'RL' or 'BT'."
        )


def check_countable(roots: list[Value], limit: int) -> None:
    """Raise ValueError for a graph so large that its order alone would keep the reader waiting.

    The walk ends at the first node too many.
    """
    most = max(limit, COUNTED)
    seen, stack = set(roots), list(roots)
    while stack and len(seen) <= most:
        new = {each for each in stack.pop().args if type(each) is not float} - seen
        seen |= new
        stack.extend(new)
    if len(seen) > most:
        raise ValueError(
            f"this graph has more than {most:,} nodes, too many to read (the limit is {limit:,}). "
            "Write detail='layer' or detail='neuron' to draw a box for each layer or neuron of a "
            "network, or draw a smaller example, or one inner node of this graph."
        )


def check_size(order: list[Value], limit: int) -> None:
    """Raise ValueError if the picture would have more than ``limit`` nodes."""
    constants = sum(type(argument) is float for node in order for argument in node.args)
    count = len(order) + constants
    if count > limit:
        raise ValueError(
            f"this graph has {count:,} nodes, too many to read (the limit is {limit:,}). Write "
            "detail='layer' or detail='neuron' to draw a box for each layer or neuron of a "
            "network, or draw a smaller example, or one inner node of this graph. To draw every "
            f"node nevertheless, write limit={count}."
        )
