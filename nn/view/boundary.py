"""The decision boundary: what a model answers at every place of a plane."""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from autograd import no_grad
from nn.checks.arguments import plain, same_length
from nn.layers import last_activation
from nn.view.chart import COLOURS, INK, MARKERS, Chart, add_legend, chart, check_count, dress
from nn.view.layers_of import output_number
from nn.view.plane import Plane

SMALLEST = 1e-15  # a probability of 0 counts as this much, so that it has a logarithm


def plot_boundary(
    model: Callable[[Any], Any],
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    features: tuple[int, int] = (0, 1),
    feature_names: Sequence[str] = (),
    class_names: Sequence[str] = (),
    threshold: float | None = None,
    title: str = "Decision boundary",
    resolution: int = 50,
) -> Chart:
    """Return a chart of the classes that the model answers over two features, with the examples.

    The colour is the class, and the stronger it is, the surer the model: it shows the probability.
    Several outputs are scores, whose softmax is the probability, or end in a softmax already. A
    single output is a score, whose sigmoid is the probability of the second of two classes, or ends
    in a sigmoid already; above ``threshold`` it speaks for the second class. That is 0 for a score
    and 0.5 behind a sigmoid, if not given. For the labels -1 and 1 of the hinge loss, dashed lines
    show the margin, where the score is -1 and 1.

    The examples X with their classes y are drawn on top, a ring around those that the model gets
    wrong. Of rows of more than two numbers, ``features`` picks the two columns to draw; the
    background then holds the other features at their means, while rings go by the whole rows.
    ``resolution`` is the number of places along each side at which the model is asked.

    Raises ValueError for rows without these columns, for a model and classes that do not match, and
    for targets that are no classes.

    >>> chart = plot_boundary(lambda row: row[0] - row[1], [[0, 1], [2, 1]], [0, 1], resolution=5)
    >>> [text.get_text() for text in chart.axes[0].get_legend().get_texts()]
    ['class 0', 'class 1', 'boundary', 'paler: less sure']
    """
    labels = plain(y)
    same_length("plot_boundary", X=plain(X), y=labels)
    plane = Plane(
        "plot_boundary", X, features=features, feature_names=feature_names, resolution=resolution
    )
    scores = answers(model, plane.rows, threshold)
    classes = class_labels(labels, scores.shape[-1], class_names)
    # Of the whole rows, not of their places in the plane, where other features are at rest.
    best = answers(model, plane.table, threshold).argmax(axis=1)
    wrong = [classes[place] != label for place, label in zip(best, labels, strict=True)]

    figure = chart(width=6.0, height=4.4)
    axes = figure.subplots()
    scores = scores.reshape(len(plane.up), len(plane.across), -1)
    draw_background(axes, plane, scores)
    key = draw_boundaries(axes, plane, scores, margin=classes == [-1, 1])
    handles = draw_examples(axes, plane.points, labels, wrong, classes, class_names)
    dress(axes, title=title, x=plane.names[0], y=plane.names[1])
    paler = Line2D([], [], linestyle="none", label="paler: less sure")
    add_legend(axes, [*handles, *key, paler], loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def answers(model: Callable[[Any], Any], table: Any, threshold: float | None) -> Any:
    """Return an array with a score for each class in each row, whose softmax is the probability.

    A single output s counts as the scores 0 and s, so that the rest of this module knows of one
    kind of model only.
    """
    with no_grad():
        outputs = [plain(model(row)) for row in table.tolist()]
    many = isinstance(outputs[0], list)
    numbers = np.array(
        [[output_number(each) for each in (row if many else [row])] for row in outputs]
    )
    if np.isnan(numbers).any():
        raise ValueError("plot_boundary(): the model answers nan, which speaks for no class.")
    if many:
        softmax = last_activation(model) == "softmax"
        # The logarithm undoes the softmax, up to a constant that the next softmax does not see.
        return np.log(np.maximum(numbers, SMALLEST)) if softmax else numbers
    if last_activation(model) == "sigmoid":
        middle = 0.5 if threshold is None else threshold
        if not 0 < middle < 1:
            raise ValueError(f"threshold is a probability between 0 and 1 here, not {middle!r}.")
        numbers = np.clip(numbers, SMALLEST, 1 - SMALLEST)
        numbers, threshold = np.log(numbers / (1 - numbers)), math.log(middle / (1 - middle))
    return np.hstack([np.zeros_like(numbers), numbers - (threshold or 0.0)])


def class_labels(labels: list[Any], count: int, class_names: Sequence[str]) -> list[Any]:
    """Return the label that each of ``count`` scores stands for, or raise ValueError.

    They are 0, 1, ...; of two classes they may also be -1 and 1, as for the hinge loss.
    """
    for label in labels:
        if isinstance(label, list) or (isinstance(label, float) and not label.is_integer()):
            raise ValueError(
                f"plot_boundary() draws classes, and y has {label!r}, which is none: class labels "
                "are whole numbers. A regression has no boundary between its answers."
            )
    classes = [-1, 1] if count == 2 and set(labels) <= {-1, 1} else list(range(count))
    for label in labels:
        if label not in classes:
            raise ValueError(
                f"y has the label {label!r}, and the model answers one of {classes}: give it one "
                "output for each class."
            )
    check_count("class_names", class_names, count, "classes")
    if count > len(COLOURS):
        raise ValueError(f"plot_boundary() has colours for {len(COLOURS)} classes, not {count}.")
    return classes


def draw_background(axes: Any, plane: Plane, scores: Any) -> None:
    """Colour each place by its class, as strongly as the model is sure."""
    count = scores.shape[-1]
    # Less the largest, so that no power overflows; their ratios are the same.
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    sure = (1.0 / powers.sum(axis=-1) - 1.0 / count) / (1.0 - 1.0 / count)  # 0 at best a guess
    colours = np.array([to_rgb(colour) for colour in COLOURS[:count]])[powers.argmax(axis=-1)]
    strength = (0.08 + 0.42 * sure)[..., np.newaxis]
    plane.show(axes, 1.0 - strength * (1.0 - colours))


def draw_boundaries(axes: Any, plane: Plane, scores: Any, *, margin: bool) -> list[Line2D]:
    """Trace where the answer changes and, if asked to, the margin; return lines for the legend."""
    key = []
    for position in range(scores.shape[-1]):
        # A class is answered where it leads all the others: its border is where the lead is 0.
        others = np.delete(scores, position, axis=-1).max(axis=-1)
        lead = scores[..., position] - others
        if lead.min() < 0 < lead.max():
            axes.contour(plane.across, plane.up, lead, levels=[0.0], colors=[INK], linewidths=1.4)
            key = [Line2D([], [], color=INK, linewidth=1.4, label="boundary")]
    if margin:
        score = scores[..., 1]
        reached = [level for level in (-1.0, 1.0) if score.min() < level < score.max()]
        if reached:
            dashed = {"linestyles": "dashed", "linewidths": 1.1}
            axes.contour(plane.across, plane.up, score, levels=reached, colors=[INK], **dashed)
            key.append(Line2D([], [], color=INK, linestyle="dashed", linewidth=1.1, label="margin"))
    return key


def draw_examples(
    axes: Any,
    points: Any,
    labels: list[Any],
    wrong: list[bool],
    classes: list[Any],
    class_names: Sequence[str],
) -> list[Any]:
    """Draw the examples of each class with a colour and a shape of its own; ring the wrong ones.

    Returns what stands in the legend.
    """
    names = list(class_names) or [f"class {label}" for label in classes]
    handles = []
    for position, label in enumerate(classes):
        members = points[[entry == label for entry in labels]]
        drawn = axes.scatter(
            members[:, 0], members[:, 1], s=30, color=COLOURS[position], marker=MARKERS[position],
            edgecolors=INK, linewidths=0.7, label=names[position],
        )  # fmt: skip
        handles.append(drawn)
    if any(wrong):
        ring = axes.scatter(
            points[wrong, 0], points[wrong, 1], s=95, facecolors="none", edgecolors=INK,
            linewidths=1.3, label="wrong answer",
        )  # fmt: skip
        handles.append(ring)
    return handles
