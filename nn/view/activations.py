"""Activation functions with their derivatives, which the engine derives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value, grad, no_grad
from nn.checks.arguments import named, positive
from nn.layers import ACTIVATIONS
from nn.view.chart import COLOURS, FAINT, INK, Chart, add_legend, dress, head, panels
from nn.view.layers_of import output_number

Curve = Callable[[Any], Any]
JUMP = 0.005  # a derivative that changes by more within a hair's breadth is drawn as a jump
HAIR = 1e-6


def plot_activations(
    *activations: str | Curve, reach: float = 4.0, title: str = "Activations and derivatives"
) -> Chart:
    """Return a chart with a panel for each activation: the function solid, its derivative dashed.

    An activation is a name from ``ACTIVATIONS``, or any function of one Value; without one, all of
    ``ACTIVATIONS`` are drawn, from ``-reach`` to ``reach``. The derivative comes from
    ``autograd.grad``. Where it jumps, a dot shows what the engine takes it to be there.

    Raises ValueError for a name that there is not.

    >>> chart = plot_activations("tanh", "relu")
    >>> [axes.get_title(loc="left") for axes in chart.axes]
    ['tanh', 'relu']
    """
    reach = positive("reach", reach)
    choices = activations or ACTIVATIONS
    functions = [
        named("activation", choice, BY_NAME, "or pass a function of one Value")
        for choice in choices
    ]
    figure, axes = panels(len(choices), 3, width=3.1, height=2.5)
    for each, choice, function in zip(axes, choices, functions, strict=True):
        name = choice if isinstance(choice, str) else getattr(choice, "__name__", "activation")
        draw_activation(each, function, reach)
        dress(each, title=name.replace("_", " "), x="", y="")
        each.set_xlabel("weighted sum", color=INK, fontsize=9)
    if len(axes) > 1:
        handles, _ = axes[0].get_legend_handles_labels()
        add_legend(figure, handles, loc="outside lower center", ncols=2, fontsize=None)
        head(figure, title)
    else:
        add_legend(axes[0])
    return figure


def by_name(name: str) -> Curve:
    """Return the function that neurons with this activation apply to their sum."""
    return lambda x: x if name == "linear" else getattr(x, name)()


BY_NAME = {name: by_name(name) for name in ACTIVATIONS}


def draw_activation(axes: Any, function: Curve, reach: float) -> None:
    """Draw the function and its derivative."""
    # The places lie at both sides of 0, where the kinks are, and not at it.
    right = np.linspace(HAIR, reach, 200)
    places = np.concatenate([-right[::-1], right])
    with no_grad():
        heights = [output_number(function(Value(place))) for place in places.tolist()]
    slopes = np.array([float(grad(function)(place)) for place in places.tolist()])
    axes.axhline(0.0, color=FAINT, linewidth=1, zorder=0)
    axes.axvline(0.0, color=FAINT, linewidth=1, zorder=0)
    axes.plot(places, heights, color=COLOURS[0], linewidth=2.2, label="activation")
    dashed = {"color": COLOURS[5], "linewidth": 1.8, "linestyle": (0, (4, 1.5))}
    jump = abs(slopes[len(right)] - slopes[len(right) - 1]) > JUMP
    parts = [slice(0, len(right)), slice(len(right), None)] if jump else [slice(None)]
    for position, part in enumerate(parts):
        label = "derivative" if position == 0 else None
        axes.plot(places[part], slopes[part], label=label, **dashed)
    if jump:
        at_kink = float(grad(function)(0.0))
        axes.plot([0.0], [at_kink], marker="o", markersize=5, color=COLOURS[5], linestyle="none")
    axes.set_xlim(-reach, reach)
