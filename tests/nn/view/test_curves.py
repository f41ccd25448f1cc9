"""What plot_history promises: every measured number is on the chart, with its words."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from nn.train import History
from nn.view import plot_history


def history_of(*rows: dict[str, float]) -> History:
    history = History()
    history.rows = list(rows)
    return history


FULL = history_of(
    {"loss": 0.9, "accuracy": 0.5, "validation_loss": 0.8, "validation_accuracy": 0.25},
    {"loss": 0.4, "accuracy": 0.9, "validation_loss": 0.5, "validation_accuracy": 0.75},
)


def test_there_is_a_panel_for_each_measure_with_both_lines() -> None:
    loss, accuracy = plot_history(FULL).axes
    assert [list(line.get_ydata()) for line in loss.lines] == [[0.9, 0.4], [0.8, 0.5]]
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[0.5, 0.9], [0.25, 0.75]]
    assert [list(line.get_xdata()) for line in loss.lines] == [[1, 2], [1, 2]]


def test_the_lines_have_words_and_differ_without_colour() -> None:
    figure = plot_history(FULL, title="Iris")
    for axes in figure.axes:
        assert axes.get_xlabel() == "epoch"
        assert axes.get_ylabel() == axes.get_title(loc="left").lower()
        texts = [text.get_text() for text in axes.get_legend().get_texts()]
        assert texts == ["training", "validation"]
        assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    assert figure.get_suptitle() == "Iris"


def test_every_number_lies_within_the_panel() -> None:
    for axes in plot_history(FULL).axes:
        lowest, highest = axes.get_ylim()
        for line in axes.lines:
            assert all(lowest <= number <= highest for number in np.asarray(line.get_ydata()))


def test_the_marks_of_the_accuracy_are_true() -> None:
    history = history_of({"loss": 1.0, "accuracy": 0.83}, {"loss": 0.5, "accuracy": 0.93})
    axes = plot_history(history).axes[1]
    figure = axes.get_figure()
    assert figure is not None
    figure.draw_without_rendering()  # type: ignore[union-attr]
    for place, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True):
        assert float(label.get_text().rstrip("%")) == pytest.approx(100 * place)


def test_a_history_without_validation_or_accuracy_has_one_line() -> None:
    (axes,) = plot_history(history_of({"loss": 1.0}, {"loss": 0.5})).axes
    assert len(axes.lines) == 1


def test_a_loss_below_zero_stays_visible() -> None:
    (axes,) = plot_history(history_of({"loss": 1.0}, {"loss": -2.0})).axes
    assert axes.get_ylim()[0] < -2.0


def test_a_single_epoch_is_seen_as_a_point() -> None:
    (axes,) = plot_history(history_of({"loss": 1.0})).axes
    assert axes.lines[0].get_marker() == "o"
    assert plot_history(history_of({"loss": 1.0})).png().startswith(b"\x89PNG")


def test_an_empty_history_has_no_curve() -> None:
    with pytest.raises(ValueError, match="no epoch was finished"):
        plot_history(history_of())


def test_a_chart_shows_itself_in_a_notebook_by_its_picture() -> None:
    assert plot_history(FULL)._repr_png_().startswith(b"\x89PNG")


def test_charts_can_be_made_without_pyplot_and_in_any_thread() -> None:
    program = (
        "import sys, threading\n"
        "from nn.train import History; from nn.view import plot_history\n"
        "history = History(); history.rows = [{'loss': 1.0}, {'loss': 0.5}]; pictures = []\n"
        "draw = lambda: pictures.append(plot_history(history).png())\n"
        "threads = [threading.Thread(target=draw) for _ in range(2)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(len(pictures), 'matplotlib.pyplot' in sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert answer.stdout.split() == ["2", "False"]
