"""Seeing a computation graph: pictures by Graphviz, and a player of its steps.

``draw`` makes a picture of an expression, ``trace`` and ``draw_dot`` are micrograd's names, and
``renderer`` says which Graphviz is at work. They are loaded at their first use: the steps of an
expression can be told in words without any Graphviz.

``graph_picture`` draws every node, ``zoomed_out`` a box for each group that ``grouping`` has found.
Both fill a ``Drawing``, in the look of ``palette`` and with the texts of ``labels``. ``layout``
asks Graphviz to hurry, ``renderers`` is the door to it, ``images`` brings what it drew into a page,
and ``fonts`` finds letters for what matplotlib writes.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd.view.drawing import Drawing
    from autograd.view.graph_picture import draw
    from autograd.view.micrograd import draw_dot, trace
    from autograd.view.renderers import RenderError, renderer

__all__ = ["Drawing", "RenderError", "draw", "draw_dot", "renderer", "trace"]

LATER = {
    "Drawing": "autograd.view.drawing",
    "RenderError": "autograd.view.renderers",
    "draw": "autograd.view.graph_picture",
    "draw_dot": "autograd.view.micrograd",
    "renderer": "autograd.view.renderers",
    "trace": "autograd.view.micrograd",
}


def __getattr__(name: str) -> object:
    if name in LATER:
        return getattr(import_module(LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
