"""The look that all pictures of a graph share, and an empty drawing that has it."""

from __future__ import annotations

from autograd.view.drawing import FONT, Drawing

# The palette of Okabe and Ito ("Color universal design", 2008) can be told apart with every kind
# of colour vision; the fills are tints of its colours. What flows backward is blue. Shapes say the
# same again, for a print without colours.
INPUT = {"shape": "ellipse", "margin": "0.02", "fillcolor": "#FBE6BF", "color": "#E69F00"}
PARAMETER = {"shape": "hexagon", "margin": "0.02", "fillcolor": "#BFE7DC", "color": "#009E73"}
CONSTANT = {"shape": "plaintext", "fillcolor": "#EEEEEE", "color": "#777777", "height": "0.35"}
INNER = {"shape": "box", "fillcolor": "#FFFFFF", "color": "#333333", "margin": "0"}
OPERATION_FILL = "#CDE8F7"
BACKWARD = "#0072B2"
LINE = "#555555"


def blank(description: str, direction: str) -> Drawing:
    """Return a drawing without nodes, described in one sentence, that grows in a direction."""
    return Drawing(
        comment=description,
        filename="graph.gv",
        format="svg",
        graph_attr={"rankdir": direction, "ranksep": "0.5", "nodesep": "0.3", "fontname": FONT},
        node_attr={"fontname": FONT, "fontsize": "14", "style": "filled"},
        edge_attr={
            "fontname": FONT,
            "fontsize": "14",
            "fontcolor": BACKWARD,
            "color": LINE,
            "arrowsize": "0.7",
        },
    )
