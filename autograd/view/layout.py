"""How much work a layout is for Graphviz, and what it leaves out where that is too much.

Graphviz draws ranks. An edge that crosses many of them gets an invisible node in each, and what
takes time is to keep all of these apart: an input that is used everywhere, as ``w`` in forty steps
of ``h = tanh(w * h + b)``, made a layout of minutes out of 123 nodes.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd.value import Value
from autograd.view.drawing import Drawing

FAR, FARTHEST = 300, 60_000  # ranks that all edges together cross


def ranks_crossed(order: Sequence[Value]) -> int:
    """Return how many ranks all edges of a graph together cross, in its topological order."""
    rank: dict[Value, int] = {}
    total = 0
    for node in order:
        ranks = [rank[argument] for argument in node.args if type(argument) is not float]
        rank[node] = max(ranks, default=-1) + 1
        total += sum(rank[node] - each for each in ranks)
    return total


def hurry(drawing: Drawing, order: Sequence[Value]) -> None:
    """Ask Graphviz for a layout within seconds: straight lines, and fewer attempts at a better one.

    Raises ValueError for a graph whose layout would take minutes nevertheless.
    """
    crossed = ranks_crossed(order)
    if crossed > FARTHEST:
        raise ValueError(
            f"this graph has too many long edges to be laid out: values that are used {crossed:,} "
            "ranks away from where they come from, all together. Draw fewer repetitions of the "
            "same step, one inner node, or, for a network, detail='layer' or detail='neuron'."
        )
    if crossed > FAR:
        quick = "0.1" if crossed < 20 * FAR else "0.02"
        drawing.attr(splines="line", nslimit=quick, nslimit1=quick, mclimit=quick, searchsize="5")
