"""What plot_history promises: every measured number is on the chart, with its words."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from nn.view import plot_history


def history_of(*rows: dict[str, float]) -> dict[str, list[float]]:
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


FULL = history_of(
    {"loss": 0.9, "accuracy": 0.5, "validation_loss": 0.8, "validation_accuracy": 0.25},
    {"loss": 0.4, "accuracy": 0.9, "validation_loss": 0.5, "validation_accuracy": 0.75},
)


def test_there_is_a_panel_for_each_measure_with_both_lines() -> None:
    loss, accuracy = plot_history(FULL).axes
    assert [list(line.get_ydata()) for line in loss.lines[:2]] == [[0.9, 0.4], [0.8, 0.5]]
    assert [list(line.get_ydata()) for line in accuracy.lines[:2]] == [[0.5, 0.9], [0.25, 0.75]]
    assert [list(line.get_xdata()) for line in loss.lines[:2]] == [[1, 2], [1, 2]]


def test_the_lines_have_words_and_differ_without_colour() -> None:
    figure = plot_history(FULL, title="Iris")
    for axes in figure.axes:
        assert axes.get_xlabel() == "epoch"
        assert axes.get_ylabel() == axes.get_title(loc="left").lower()
        texts = [text.get_text() for text in axes.get_legend().get_texts()]
        assert texts == ["training", "validation", "best: epoch 2"]
        assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    assert figure.get_suptitle() == "Iris"


def test_every_number_lies_within_the_panel() -> None:
    for axes in plot_history(FULL).axes:
        lowest, highest = axes.get_ylim()
        for line in axes.lines:
            assert all(lowest <= number <= highest for number in np.asarray(line.get_ydata()))


def test_epochs_run_from_left_to_right_and_are_whole_numbers() -> None:
    for axes in plot_history(FULL).axes:
        left, right = axes.get_xlim()
        assert left < 1 < 2 < right
        assert all(tick == int(tick) for tick in axes.get_xticks())


def test_the_marks_of_the_accuracy_are_true() -> None:
    history = history_of({"loss": 1.0, "accuracy": 0.83}, {"loss": 0.5, "accuracy": 0.93})
    axes = plot_history(history).axes[1]
    figure = axes.get_figure()
    assert figure is not None
    figure.draw_without_rendering()  # type: ignore[union-attr]  # a whole figure
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


def test_the_best_epoch_has_the_lowest_loss_and_the_highest_share() -> None:
    history = {"loss": [3.0, 2.0, 1.0], "f1": [0.1, 0.2, 0.3], "rmse": [3.0, 2.0, 1.0]}
    history |= {"validation_loss": [3.0, 1.0, 2.0], "validation_f1": [0.1, 0.4, 0.4]}
    history |= {"validation_rmse": [3.0, 1.0, 2.0]}
    loss, f1, rmse = plot_history(history).axes
    assert [list(axes.lines[2].get_xydata()[0]) for axes in (loss, f1)] == [[2.0, 1.0], [2.0, 0.4]]
    assert len(rmse.lines) == 2  # of a measure that it does not know, it cannot tell what is best


def test_the_loss_comes_first_and_each_measure_has_a_panel() -> None:
    names = ["accuracy", "validation_accuracy", "loss", "mean_absolute_error"]
    panels = plot_history({name: [0.5, 0.25] for name in names}).axes
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Loss",
        "Accuracy",
        "Mean absolute error",
    ]


def test_a_number_that_is_not_finite_leaves_a_gap_and_no_error() -> None:
    history = {"loss": [2.0, float("inf"), 1.0], "validation_loss": [float("nan")] * 3}
    (axes,) = plot_history(history).axes
    assert axes.get_ylim()[0] == 0.0
    assert axes.get_ylim()[1] > 2.0
    assert plot_history(history).png()


def test_a_long_history_is_drawn_as_lines_without_points() -> None:
    (axes,) = plot_history({"loss": [1.0 / epoch for epoch in range(1, 5001)]}).axes
    assert axes.lines[0].get_marker() == "None"
    assert len(axes.lines[0].get_xdata()) == 5000


def test_an_empty_history_has_no_curve() -> None:
    with pytest.raises(ValueError, match="no epoch was finished"):
        plot_history(history_of())
    with pytest.raises(TypeError, match="history that fit returns, not list"):
        plot_history([0.9, 0.4])  # type: ignore[arg-type]  # the mistake itself


def test_a_chart_shows_itself_in_a_notebook_by_its_picture() -> None:
    assert plot_history(FULL)._repr_mimebundle_()["image/png"].startswith(b"\x89PNG")


def test_charts_can_be_made_without_pyplot_and_in_any_thread() -> None:
    program = (
        "import sys, threading\n"
        "from nn.view import plot_history\n"
        "history = {'loss': [1.0, 0.5]}; pictures = []\n"
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
