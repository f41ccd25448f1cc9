"""Neurons one by one: what each answers over a plane, and the weights it looks with."""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.checks.arguments import counted, plain, same_length, whole_number
from nn.view.chart import INK, MARKERS, SIGNS, Chart, add_legend, colour_bar, head, panels
from nn.view.layers_of import answers_of, layer_of, layers_of, reach_of
from nn.view.plane import Plane

MOST_NEURONS = 64  # neurons in one chart


def plot_neurons(
    model: Any,
    X: Sequence[Any],
    y: Sequence[Any] = (),
    *,
    layer: int = 1,
    features: tuple[int, int] = (0, 1),
    feature_names: Sequence[str] = (),
    resolution: int = 30,
    title: str = "",
) -> Chart:
    """Return a chart with a panel for each neuron of a layer: its answer over two features.

    Blue is a positive answer, orange and hatched a negative one; a line marks 0. All panels share
    one scale. ``layer`` is counted from 1. The examples X say how far the plane reaches, and are
    drawn if their classes y are given. ``features``,
    ``feature_names`` and ``resolution`` are those of ``plot_boundary``. A layer of more than 64
    neurons is represented by its first 64.

    Raises TypeError if the model is no MLP, Layer or Neuron, and ValueError for a layer that it has
    not and for rows that it does not take.

    Smilkov and others, "Direct-manipulation visualization of deep networks", 2017.

    >>> import nn, random
    >>> model = nn.MLP(2, [3, 1], activation="tanh", rng=random.Random(0))
    >>> chart = plot_neurons(model, [[0.0, 0.0], [1.0, 1.0]], layer=1, resolution=5)
    >>> [axes.get_title() for axes in chart.axes[:3]]
    ['neuron 1', 'neuron 2', 'neuron 3']
    """
    parts = layer_of("plot_neurons", model, layer)
    plane = Plane(
        "plot_neurons", X, features=features, feature_names=feature_names, resolution=resolution
    )
    labels = plain(y)
    if labels:
        same_length("plot_neurons", X=plane.table, y=labels)
    # Only as far as this layer: what lies above does not change its answers.
    below = layers_of("plot_neurons", model)[:layer]
    answers = np.array([answers_of(below, place)[-1] for place in plane.rows.tolist()])
    # One scale for all panels, or a weak neuron would look as strong as the others.
    reach = reach_of(answers.flat)

    count = min(len(parts.neurons), MOST_NEURONS)
    columns = columns_for(count)
    figure, axes = panels(
        count, columns, width=1.8, height=1.8, beside=1.2, around=1.0, sharex=True, sharey=True
    )
    for position, each in enumerate(axes):
        heights = answers[:, position].reshape(len(plane.up), len(plane.across))
        image = plane.show(each, heights, cmap=SIGNS, vmin=-reach, vmax=reach)
        mark_signs(each, plane, heights)
        draw_dots(each, plane.points, labels)
        name_panel(each, f"neuron {position + 1}")
        if position % columns == 0:
            each.set_ylabel(plane.names[1], fontsize=8, color=INK)
        if position + columns >= count:  # nothing is below it
            each.set_xlabel(plane.names[0], fontsize=8, color=INK)
            each.tick_params(labelbottom=True)
    if labels:
        handles, _ = axes[0].get_legend_handles_labels()
        add_legend(
            figure, handles, loc="outside lower center", ncols=len(handles), markerscale=1.8,
            handletextpad=0.1,
        )  # fmt: skip
    bar = colour_bar(figure, image, axes, "answer")
    if answers.min() >= 0:
        bar.ax.set_ylim(0.0, None)
    head(figure, title or f"Layer {layer} ({parts.activation})" + shortage(parts.neurons))
    return figure


def plot_weights(model: Any, *, layer: int = 1, shape: tuple[int, int], title: str = "") -> Chart:
    """Return a chart with a panel for each neuron of a layer: its weights as an image.

    ``shape`` is the number of rows and columns of the images that the layer is given, row by row:
    (8, 8) for the 64 pixels of ``digits``. A neuron looks for what is bright where its weight is
    positive (blue), and dark where it is negative (orange, with a dash). All panels share one
    scale. ``layer`` is counted from 1. A layer of more than 64 neurons is represented by its
    first 64.

    Raises TypeError if the model is no MLP, Layer or Neuron, and ValueError for a layer that it has
    not and for a shape that does not hold its weights.

    >>> import nn, random
    >>> chart = plot_weights(nn.Layer(6, 2, rng=random.Random(0)), shape=(2, 3))
    >>> chart.axes[0].images[0].get_array().shape
    (2, 3)
    """
    parts = layer_of("plot_weights", model, layer)
    if not isinstance(shape, list | tuple) or len(shape) != 2:
        raise ValueError(f"shape is a pair (rows, columns) like (8, 8), not {shape!r}.")
    rows, columns = (whole_number("each side of shape", side) for side in shape)
    if rows * columns != parts.in_size:
        raise ValueError(
            f"plot_weights(): shape={(rows, columns)} has {rows * columns} places, and each neuron "
            f"of layer {layer} has {counted(parts.in_size, 'weight')}."
        )
    neurons = parts.neurons[:MOST_NEURONS]
    weights = np.array([[w.data for w in neuron.w] for neuron in neurons])
    reach = reach_of(weights.flat)
    side = 1.5
    figure, axes = panels(
        len(neurons), columns_for(len(neurons)), width=side,
        height=max(0.35, side * min(rows / columns, 2)) + 0.2, beside=1.2,
    )  # fmt: skip
    for position, each in enumerate(axes):
        picture = weights[position].reshape(rows, columns)
        image = each.imshow(picture, cmap=SIGNS, vmin=-reach, vmax=reach)
        # A dash on each negative weight, for eyes and printers that do not tell blue from orange.
        down, across = np.nonzero(picture < -0.05 * reach)
        length = 0.35 * 72 * side / max(rows, columns)
        each.scatter(across, down, marker="_", s=length**2, color=INK, linewidths=0.6)
        each.set(xticks=[], yticks=[])
        name_panel(each, f"neuron {position + 1}")
    colour_bar(figure, image, axes, "weight")
    head(figure, title or f"Weights of layer {layer}" + shortage(parts.neurons))
    return figure


def columns_for(count: int) -> int:
    """Return in how many columns so many panels leave the fewest places empty, wider than high.

    >>> columns_for(4), columns_for(10), columns_for(11)
    (4, 5, 4)
    """
    if count <= 4:
        return count
    side = math.sqrt(count)
    return min(range(math.ceil(side), math.ceil(2 * side)), key=lambda columns: -count % columns)


def shortage(neurons: Sequence[Any]) -> str:
    """Return the words that say that not all neurons are shown."""
    return (
        f": the first {MOST_NEURONS} of {len(neurons)} neurons"
        if len(neurons) > MOST_NEURONS
        else ""
    )


def name_panel(axes: Any, name: str) -> None:
    """Write the name above a panel, and quieten its frame."""
    axes.set_title(name, fontsize=9, color=INK)
    axes.tick_params(colors=INK, length=2, labelsize=7)
    axes.spines[:].set_color(INK)
    axes.spines[:].set_linewidth(0.6)


def mark_signs(axes: Any, plane: Plane, heights: Any) -> None:
    """Hatch what is negative, and trace where the answer is 0."""
    if heights.min() >= 0:
        return
    negative = [heights.min() - 1.0, 0.0]
    # Hatching says by shape what orange says by colour.
    hatched = axes.contourf(
        plane.across, plane.up, heights, levels=negative, colors="none", hatches=["//"]
    )
    hatched.set(edgecolor="#00000055", linewidth=0.0)
    if heights.max() > 0:
        axes.contour(plane.across, plane.up, heights, levels=[0.0], colors=[INK], linewidths=1)


def draw_dots(axes: Any, points: Any, labels: list[Any]) -> None:
    """Draw the examples, each class with a shape and a grey of its own, from white to black."""
    classes = sorted(set(labels))
    for position, label in enumerate(classes):
        members = points[[entry == label for entry in labels]]
        grey = str(1.0 - position / max(len(classes) - 1, 1))
        axes.scatter(
            members[:, 0], members[:, 1], s=9, color=grey, marker=MARKERS[position % len(MARKERS)],
            edgecolors=INK, linewidths=0.5, zorder=3, label=f"class {label}",
        )  # fmt: skip
