"""Seeing a network and how it learns: charts by matplotlib, and the diagram by Graphviz.

``plot_...`` returns a ``Chart``, ``draw_network`` a drawing as ``autograd.draw`` does: either shows
itself in a notebook, and ``save("name.png")`` (or .svg, .pdf) writes it to a file.

Each is loaded at its first use: a diagram needs Graphviz and no matplotlib, a chart the reverse.
"""

from typing import TYPE_CHECKING

from autograd.machinery.required import required

if TYPE_CHECKING:
    from nn.view.activations import plot_activations
    from nn.view.boundary import plot_boundary
    from nn.view.chart import Chart
    from nn.view.confusion import plot_confusion
    from nn.view.curves import plot_history
    from nn.view.diagram import draw_network
    from nn.view.gradient_flow import flow
    from nn.view.neurons import plot_neurons, plot_weights
    from nn.view.surface import plot_loss_surface

__all__ = [
    "Chart",
    "draw_network",
    "flow",
    "plot_activations",
    "plot_boundary",
    "plot_confusion",
    "plot_history",
    "plot_loss_surface",
    "plot_neurons",
    "plot_weights",
]

LATER = {
    "Chart": "nn.view.chart",
    "draw_network": "nn.view.diagram",
    "flow": "nn.view.gradient_flow",
    "plot_activations": "nn.view.activations",
    "plot_boundary": "nn.view.boundary",
    "plot_confusion": "nn.view.confusion",
    "plot_history": "nn.view.curves",
    "plot_loss_surface": "nn.view.surface",
    "plot_neurons": "nn.view.neurons",
    "plot_weights": "nn.view.neurons",
}


def __getattr__(name: str) -> object:
    """Load the module of a name at its first use, or say which package it needs."""
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(required(LATER[name], f"nn.{name}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
