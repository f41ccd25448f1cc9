"""Seeing a network and how it learns: charts by matplotlib, and the diagram by Graphviz.

``plot_...`` returns a ``Chart``, ``draw_network`` a drawing as ``autograd.draw`` does: either shows
itself in a notebook, and ``save("name.png")`` (or .svg, .pdf) writes it to a file.
"""

from autograd.machinery.required import missing

try:
    from nn.view.activations import plot_activations
    from nn.view.boundary import plot_boundary
    from nn.view.chart import Chart
    from nn.view.confusion import plot_confusion
    from nn.view.curves import plot_history
    from nn.view.diagram import draw_network
    from nn.view.flow import flow
    from nn.view.neurons import plot_neurons, plot_weights
    from nn.view.surface import plot_loss_surface
except ModuleNotFoundError as error:
    raise missing(error, "nn.view") from None

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
