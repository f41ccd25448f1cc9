"""The decision boundary: what a model answers at every place of a plane."""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

from autograd import Value, no_grad
from nn.arguments import plain, same_length, whole_number
from nn.view.chart import COLOURS, INK, Chart, chart, dress

MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]


def plot_boundary(
    model: Callable[[Any], Any],
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    features: tuple[int, int] = (0, 1),
    feature_names: Sequence[str] = (),
    class_names: Sequence[str] = (),
    threshold: float = 0.0,
    title: str = "Decision boundary",
    resolution: int = 50,
) -> Chart:
    """Return a chart of the classes that the model answers over two features, with the examples.

    The colour is the class, and the stronger it is, the surer the model: it shows the softmax of
    the outputs. A single output is a score, which speaks for the second of two classes above
    ``threshold`` and for the first below. The examples X with their classes y are drawn on top, a
    ring around those that the model gets wrong.

    Of rows of more than two numbers, ``features`` picks the two columns to draw; the background
    then holds the other features at their means, while rings go by the whole rows. ``resolution``
    is the number of places along each side at which the model is asked.

    Raises ValueError for rows without these columns, and for a model and classes that do not match.
    """
    rows, labels = plain(X), plain(y)
    same_length("plot_boundary", X=rows, y=labels)
    table = np.array([plain(row) for row in rows], dtype=float)
    if table.ndim != 2 or not all(0 <= column < table.shape[1] for column in features):
        raise ValueError(
            f"plot_boundary() draws the columns {features[0]} and {features[1]} of the rows of X, "
            f"counted from 0, and X has the shape {table.shape}."
        )
    if len(set(features)) != 2:
        raise ValueError("plot_boundary() draws two different features.")
    drawn = table[:, list(features)]
    across, up = sides(drawn, whole_number("resolution", resolution, least=2))
    background = np.tile(table.mean(axis=0), (len(up) * len(across), 1))
    background[:, features[0]] = np.tile(across, len(up))
    background[:, features[1]] = np.repeat(up, len(across))
    scores = answers(model, background, threshold).reshape(len(up), len(across), -1)
    classes = class_labels(labels, scores.shape[-1], class_names)
    wrong = [
        classes[best] != label
        for best, label in zip(answers(model, table, threshold).argmax(axis=1), labels, strict=True)
    ]

    figure = chart(width=6.0, height=4.6)
    axes = figure.subplots()
    draw_background(axes, across, up, scores)
    draw_examples(axes, drawn, labels, wrong, classes, class_names)
    names = list(feature_names) or [f"feature {column + 1}" for column in range(table.shape[1])]
    dress(axes, title=title, x=names[features[0]], y=names[features[1]])
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, labelcolor=INK, fontsize=9
    )
    return figure


def sides(points: Any, resolution: int) -> list[Any]:
    """Return the places to ask at along each axis: past the outermost points by a tenth."""
    result = []
    for column in points.T:
        margin = 0.1 * (column.max() - column.min()) or 1.0
        result.append(np.linspace(column.min() - margin, column.max() + margin, resolution))
    return result


def answers(model: Callable[[Any], Any], table: Any, threshold: float) -> Any:
    """Return an array with a score for each class in each row.

    A single output s counts as the scores -s and s, so that the rest of this module knows of one
    kind of model only.
    """
    with no_grad():
        outputs = [plain(model(row)) for row in table.tolist()]
    if not isinstance(outputs[0], list):
        outputs = [[threshold - output, output - threshold] for output in outputs]
    return np.array([[number(output) for output in row] for row in outputs])


def number(output: Any) -> float:
    """Return an output as a plain number."""
    return float(output.data if isinstance(output, Value) else output)


def class_labels(labels: list[Any], count: int, class_names: Sequence[str]) -> list[Any]:
    """Return the label that each of ``count`` scores stands for, or raise ValueError.

    They are 0, 1, ...; of two classes they may also be -1 and 1, as for the hinge loss.
    """
    classes = [-1, 1] if count == 2 and set(labels) <= {-1, 1} else list(range(count))
    unknown = sorted(set(labels) - set(classes))
    if unknown:
        raise ValueError(
            f"y has the label {unknown[0]!r}, and the model answers one of {classes}: give it one "
            "output for each class."
        )
    if class_names and len(class_names) != count:
        raise ValueError(f"class_names has {len(class_names)} names for {count} classes.")
    if count > len(COLOURS):
        raise ValueError(f"plot_boundary() has colours for {len(COLOURS)} classes, not {count}.")
    return classes


def draw_background(axes: Any, across: Any, up: Any, scores: Any) -> None:
    """Colour each place by its class, as strongly as the model is sure, and trace the boundary."""
    count = scores.shape[-1]
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    best = powers.argmax(axis=-1)
    sure = (1.0 / powers.sum(axis=-1) - 1.0 / count) / (1.0 - 1.0 / count)  # 0 at best a guess
    colours = np.array([to_rgb(colour) for colour in COLOURS[:count]])[best]
    strength = (0.08 + 0.42 * sure)[..., np.newaxis]
    half_across, half_up = (across[1] - across[0]) / 2, (up[1] - up[0]) / 2
    axes.imshow(
        1.0 - strength * (1.0 - colours),
        extent=(
            across[0] - half_across, across[-1] + half_across, up[0] - half_up, up[-1] + half_up
        ),
        origin="lower", aspect="auto", interpolation="bilinear",
    )  # fmt: skip
    for position in range(count):
        others = np.delete(scores, position, axis=-1).max(axis=-1)
        lead = scores[..., position] - others
        if lead.min() < 0 < lead.max():
            axes.contour(across, up, lead, levels=[0.0], colors=[INK], linewidths=1.2)
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(up[0], up[-1])


def draw_examples(
    axes: Any,
    points: Any,
    labels: list[Any],
    wrong: list[bool],
    classes: list[Any],
    class_names: Sequence[str],
) -> None:
    """Draw the examples of each class with a colour and a shape of its own; ring the wrong ones."""
    names = list(class_names) or [f"class {label}" for label in classes]
    for position, label in enumerate(classes):
        members = points[[entry == label for entry in labels]]
        axes.scatter(
            members[:, 0], members[:, 1], s=30, color=COLOURS[position], marker=MARKERS[position],
            edgecolors=INK, linewidths=0.7, label=names[position],
        )  # fmt: skip
    if any(wrong):
        axes.scatter(
            points[wrong, 0], points[wrong, 1], s=95, facecolors="none", edgecolors=INK,
            linewidths=1.3, label="wrong answer",
        )  # fmt: skip
