"""Training curves: what was measured, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.ticker import MaxNLocator, PercentFormatter

from nn.view.chart import COLOURS, FAINT, INK, Chart, add_legend, dress, head, panels

VALIDATION = "validation_"
SHARES = {"accuracy", "precision", "recall", "f1"}  # measures between 0 and 1, the best
SHORT = 12  # epochs: so few are drawn as points on the line


def plot_history(history: Mapping[str, Sequence[float]], *, title: str = "") -> Chart:
    """Return a chart of the history: a panel for the loss and one for each other measure.

    ``history`` has under the name of each measure a list with a number for each epoch, as ``fit``
    returns it. The training is a solid line; the validation, under the name with ``validation_``
    before it, is a dashed one, with a ring at its best epoch. ``title`` goes above all panels.

    Raises ValueError if no epoch was finished, and TypeError for what is no history.

    >>> chart = plot_history({"loss": [0.9, 0.4, 0.2], "validation_loss": [0.8, 0.5, 0.6]})
    >>> [text.get_text() for text in chart.axes[0].get_legend().get_texts()]
    ['training', 'validation', 'best: epoch 2']
    """
    if not isinstance(history, Mapping):
        raise TypeError(
            f"plot_history() draws the history that fit returns, not {type(history).__name__}."
        )
    measures = list(dict.fromkeys(name.removeprefix(VALIDATION) for name in history))
    if not any(len(history[name]) for name in history):
        raise ValueError("the history is empty: no epoch was finished, so there is no curve.")
    measures.sort(key=lambda measure: measure != "loss")  # the loss first, the others as they come
    columns = 2 if len(measures) == 4 else 3
    figure, axes = panels(len(measures), columns, width=4.2, height=3.4)
    for each, measure in zip(axes, measures, strict=True):
        draw_measure(each, history, measure)
    head(figure, title)
    return figure


def draw_measure(axes: Any, history: Mapping[str, Sequence[float]], measure: str) -> None:
    """Draw one measure of the training and, where there is one, of the validation."""
    training = list(history.get(measure, []))
    validation = list(history.get(VALIDATION + measure, []))
    count = max(len(training), len(validation))
    for numbers, label, colour, line, marker in (
        (training, "training", COLOURS[0], "solid", "o"),
        (validation, "validation", COLOURS[5], (0, (4, 1.5)), "s"),
    ):
        if numbers:
            axes.plot(
                range(1, len(numbers) + 1), numbers, color=colour, linewidth=2, linestyle=line,
                marker=marker if count <= SHORT else None, markersize=5, markerfacecolor="white",
                markeredgewidth=1.5, label=label,
            )  # fmt: skip
    if len(validation) > 1 and measure in {"loss"} | SHARES and all(map(math.isfinite, validation)):
        ring_best(axes, validation, best=min if measure == "loss" else max)
    name = measure.replace("_", " ")
    dress(axes, title=name[:1].upper() + name[1:], x="epoch", y=name)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    if count > 1:
        axes.set_xlim(1 - 0.02 * count, count + 0.02 * count)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    finite = [number for number in training + validation if math.isfinite(number)] or [0.0]
    lowest, highest = min(finite), max(finite)
    if measure in SHARES:
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1))
        axes.set_ylim(min(lowest - 0.02, 0.9), 1.02)
    elif lowest >= 0:
        axes.set_ylim(0.0, 1.06 * highest or 1.0)
    add_legend(axes, loc="best")


def ring_best(axes: Any, numbers: Sequence[float], best: Any) -> None:
    """Put a ring around the best epoch, the first of equals."""
    epoch = numbers.index(best(numbers)) + 1
    axes.plot(
        [epoch], [numbers[epoch - 1]], linestyle="none", marker="o", markersize=10,
        markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.2, clip_on=False,
        label=f"best: epoch {epoch}",
    )  # fmt: skip
