"""Seeing a computation graph: pictures by Graphviz.

``draw`` makes a picture of an expression, ``trace`` and ``draw_dot`` are micrograd's names, and
``renderer`` tells which Graphviz is at work.
"""

from autograd.view.drawing import Drawing
from autograd.view.micrograd import draw_dot, trace
from autograd.view.picture import draw
from autograd.view.render import RenderError, renderer

__all__ = ["Drawing", "RenderError", "draw", "draw_dot", "renderer", "trace"]
