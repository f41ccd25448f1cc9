"""trace and draw_dot: the names by which micrograd's lecture draws a graph."""

from __future__ import annotations

from autograd import graph
from autograd.value import Value
from autograd.view.drawing import Drawing
from autograd.view.graph_picture import draw
from autograd.words.errors import not_a_result


def trace(root: Value) -> tuple[set[Value], set[tuple[Value, Value]]]:
    """Return the set of all nodes of a graph, and the set of its edges (argument, result).

    Constants are not among the nodes. Sets have no order and hold nothing twice: use
    ``autograd.graph`` for the order, and for both edges of ``a + a``.

    >>> from autograd import Value
    >>> a = Value(2.0)
    >>> b = a + a
    >>> trace(b) == ({a, b}, {(a, b)})
    True
    """
    if not isinstance(root, Value):
        raise not_a_result("trace", root)
    order = graph.topological_order(root)
    return set(order), {(argument, node) for argument, node, _ in graph.edges(order)}


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Drawing:  # noqa: A002  # as micrograd has it
    """Return the same picture as ``draw``, under micrograd's name and with its arguments.

    >>> from autograd import Value
    >>> drawing = draw_dot(Value(2.0) * 3.0, format="png")
    >>> drawing.format
    'png'
    """
    drawing = draw(root, direction=rankdir)
    drawing.format = format
    return drawing
