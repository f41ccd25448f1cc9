"""Training curves: what was measured, epoch by epoch."""

from __future__ import annotations

from typing import Any

from matplotlib.ticker import MaxNLocator, PercentFormatter

from nn.train import History
from nn.view.chart import COLOURS, FAINT, INK, Chart, chart, dress

VALIDATION = "validation_"


def plot_history(history: History, *, title: str = "") -> Chart:
    """Return a chart of the history: a panel for the loss and one for each other measure.

    The training is a solid line, the validation a dashed one. ``title`` goes above all panels.

    Raises ValueError if no epoch was finished.
    """
    if not history.rows:
        raise ValueError("the history is empty: no epoch was finished, so there is no curve.")
    measures = [name for name in history if not name.startswith(VALIDATION)]
    figure = chart(width=4.2 * len(measures) + 0.6, height=3.6)
    panels = figure.subplots(1, len(measures), squeeze=False)[0]
    for axes, measure in zip(panels, measures, strict=True):
        draw_measure(axes, history, measure)
    if title:
        figure.suptitle(title, fontsize=12, color=INK)
    return figure


def draw_measure(axes: Any, history: History, measure: str) -> None:
    """Draw one measure of the training and, where there is one, of the validation."""
    epochs = range(1, len(history.rows) + 1)
    # A single epoch is a point, which a line would not show.
    marker = "o" if len(epochs) == 1 else None
    axes.plot(
        epochs, history[measure], color=COLOURS[0], linewidth=2, marker=marker, label="training"
    )
    if VALIDATION + measure in history:
        axes.plot(
            epochs, history[VALIDATION + measure], color=COLOURS[5], linewidth=2,
            linestyle=(0, (4, 1.5)), marker=marker, label="validation",
        )  # fmt: skip
    dress(axes, title=measure.capitalize(), x="epoch", y=measure)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    if len(epochs) > 1:
        axes.set_xlim(1, len(epochs))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if measure == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1))
        lowest = min(history[measure] + history.get(VALIDATION + measure, []))
        axes.set_ylim(min(lowest - 0.02, 0.9), 1.01)
    elif min(history[measure]) >= 0:
        axes.set_ylim(bottom=0.0)
    axes.legend(frameon=False, labelcolor=INK)
