"""The confusion matrix as a picture: which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from nn.metrics import class_pairs, classes_of, confusion_matrix
from nn.view.chart import COLOURS, FAINT, INK, Chart, chart, check_count, dress, shortened

SHARE = LinearSegmentedColormap.from_list("share", ["#FFFFFF", COLOURS[0]])


def plot_confusion(
    predictions: Sequence[Any],
    targets: Sequence[Any],
    *,
    class_names: Sequence[str] = (),
    title: str = "Confusion matrix",
) -> Chart:
    r"""Return a chart of how often each class was taken for each.

    A row is a class, with its number of examples, a column what the model answered. Each cell has
    the count and its share of the row, which is also its darkness. The share of a class that was
    recognised (its recall) stands on the diagonal, in a frame. ``predictions`` and ``targets`` are
    lists of classes, numbers or names; ``class_names`` has a name for each, in order.

    Raises ValueError for lists of different lengths and for a class that has no name.

    >>> chart = plot_confusion([0, 1, 1, 1], [0, 0, 1, 1], class_names=["cat", "dog"])
    >>> [text.get_text() for text in chart.axes[0].texts]
    ['1\n50%', '1\n50%', '0', '2\n100%']
    """
    classes = classes_named(class_pairs("plot_confusion", predictions, targets), class_names)
    counts = np.array(confusion_matrix(predictions, targets, classes))
    totals = counts.sum(axis=1, keepdims=True)
    # A class without examples has a row of zeros, and no share to divide by.
    shares = counts / np.maximum(totals, 1)
    side = 1.9 + 0.75 * len(classes)
    figure = chart(width=side + 0.5, height=side)
    axes = figure.subplots()
    places = range(len(classes))
    axes.pcolormesh(
        places, places, shares, shading="nearest", cmap=SHARE, vmin=0.0, vmax=1.0,
        edgecolors=FAINT, linewidth=0.8,
    )  # fmt: skip
    axes.invert_yaxis()
    axes.set_aspect("equal")
    for (row, column), count in np.ndenumerate(counts):
        write_cell(axes, row, column, count, shares[row, column])
    names = [shortened(name) for name in class_names or classes]
    dress(axes, title=title, x="answer of the model", y="right class")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    # Longer names would run into each other side by side.
    turned = max(map(len, names)) > 8
    axes.set_xticks(places, names, rotation=40 if turned else 0, ha="right" if turned else "center")
    axes.set_yticks(
        places, [f"{name} ({total})" for name, total in zip(names, totals.flat, strict=True)]
    )
    return figure


def classes_named(examples: list[tuple[Any, Any]], class_names: Sequence[str]) -> list[Any]:
    """Return the classes that there are, in the order of their names."""
    present = classes_of(examples)
    if not class_names:
        return present
    # Classes that are names already need no numbers looked up.
    if isinstance(present[0], str):
        return list(class_names)
    classes = (
        [-1, 1] if set(present) <= {-1, 1} and -1 in present else list(range(len(class_names)))
    )
    check_count("class_names", class_names, len(classes), "classes")
    return classes


def write_cell(axes: Any, row: int, column: int, count: int, share: float) -> None:
    """Write the count and the share into a cell, and frame it if it holds the right answers."""
    axes.text(
        column, row, f"{count}\n{share:.0%}" if count else "0", ha="center", va="center",
        fontsize=10, color="white" if share > 0.6 else INK,
    )  # fmt: skip
    if row == column:
        frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.4)
        axes.add_patch(frame).set_clip_on(False)
