"""What plot_boundary promises: the colour is the model's answer, rings are its mistakes."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import nn
from nn.view import plot_boundary
from nn.view.chart import COLOURS

X = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def right_half(row: list[float]) -> list[float]:
    """Two scores: class 1 where the first feature is above 1/2."""
    return [0.0, 8.0 * (row[0] - 0.5)]


def background(figure: Any) -> Any:
    return np.asarray(figure.axes[0].images[0].get_array())


def nearest_class(colour: Any, count: int) -> int:
    """The class whose colour, mixed with white, points the same way."""
    ways = [1.0 - np.array(to_rgb(known)) for known in COLOURS[:count]]
    way = 1.0 - colour
    likeness = [way @ known / np.linalg.norm(known) for known in ways]
    return int(np.argmax(likeness))


def rings(figure: Any) -> list[list[float]]:
    return [
        list(map(float, place))
        for points in figure.axes[0].collections
        if points.get_label() == "wrong answer"
        for place in points.get_offsets()
    ]


def test_the_background_has_the_colour_of_the_answer() -> None:
    image = background(plot_boundary(right_half, X, [0, 1, 0, 1], resolution=10))
    assert image.shape == (10, 10, 3)
    answers = [[nearest_class(colour, 2) for colour in line] for line in image]
    assert answers == [[0] * 5 + [1] * 5] * 10


def test_the_background_is_paler_where_the_model_is_less_sure() -> None:
    line = background(plot_boundary(right_half, X, [0, 1, 0, 1], resolution=10))[0]
    paleness = line.sum(axis=-1)
    assert paleness[0] < paleness[2] < paleness[4]
    assert paleness[9] < paleness[7] < paleness[5]


def test_a_boundary_is_traced_where_the_answer_changes() -> None:
    figure = plot_boundary(right_half, X, [0, 1, 0, 1], resolution=10)
    traced = [
        place
        for lines in figure.axes[0].collections
        for path in lines.get_paths()
        if type(lines).__name__ == "QuadContourSet"
        for place in np.asarray(path.vertices)
    ]
    assert traced
    assert [across for across, _ in traced] == pytest.approx([0.5] * len(traced))


def test_examples_that_the_model_gets_wrong_have_a_ring() -> None:
    assert rings(plot_boundary(right_half, X, [0, 1, 0, 1], resolution=5)) == []
    assert rings(plot_boundary(right_half, X, [0, 1, 1, 1], resolution=5)) == [[0.0, 1.0]]


def test_three_classes_have_three_colours_shapes_and_names() -> None:
    def corner(row: list[float]) -> list[float]:
        return [1.0, 2.0 * row[0], 2.0 * row[1]]

    figure = plot_boundary(
        corner, X[:3], [0, 1, 2], class_names=["a", "b", "c"], feature_names=["wide", "high"],
        title="Three", resolution=8,
    )  # fmt: skip
    axes = figure.axes[0]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "a",
        "b",
        "c",
        "boundary",
        "paler: less sure",
    ]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("wide", "high")
    assert axes.get_title(loc="left") == "Three"
    seen = {nearest_class(colour, 3) for line in background(figure) for colour in line}
    assert seen == {0, 1, 2}


@pytest.mark.parametrize("labels", [[0, 1, 0, 1], [-1, 1, -1, 1]])
def test_a_single_output_is_a_score_for_the_second_class(labels: list[int]) -> None:
    figure = plot_boundary(lambda row: row[0] - 0.5, X, labels, resolution=4)
    assert [nearest_class(colour, 2) for colour in background(figure)[0]] == [0, 0, 1, 1]
    assert rings(figure) == []


def test_the_threshold_moves_the_boundary_of_a_single_output() -> None:
    figure = plot_boundary(lambda row: row[0], X, [0, 1, 0, 1], threshold=0.5, resolution=4)
    assert [nearest_class(colour, 2) for colour in background(figure)[0]] == [0, 0, 1, 1]


def test_features_that_are_not_drawn_are_held_at_their_means_and_rings_go_by_whole_rows() -> None:
    asked = []

    def by_third(row: list[float]) -> list[float]:
        asked.append(row)
        return [0.0, row[2] - 5.0]

    rows = [[1.0, 2.0, 0.0], [3.0, 5.0, 12.0]]
    figure = plot_boundary(by_third, rows, [0, 1], features=(1, 0), resolution=3)
    assert {row[2] for row in asked[:9]} == {6.0}
    assert asked[9:] == rows
    assert rings(figure) == []
    axes = figure.axes[0]
    assert axes.get_xlim() == pytest.approx((1.7, 5.3))
    assert axes.get_ylim() == pytest.approx((0.8, 3.2))
    assert axes.get_xlabel() == "feature 2"


def test_a_network_is_drawn_without_a_gradient_or_a_change() -> None:
    model = nn.MLP(2, [3, 2], rng=random.Random(0))
    before = [(parameter.data, parameter.grad) for parameter in model.parameters()]
    figure = plot_boundary(model, X, [0, 1, 0, 1], resolution=5)
    assert [(parameter.data, parameter.grad) for parameter in model.parameters()] == before
    assert figure.png().startswith(b"\x89PNG")


def test_points_on_one_spot_can_be_drawn() -> None:
    assert plot_boundary(right_half, [[1.0, 1.0]], [1], resolution=3).png()


@pytest.mark.parametrize(
    ("rows", "labels", "more", "words"),
    [
        ([[1.0], [2.0]], [0, 1], {}, r"columns 0 and 1 .* shape \(2, 1\)"),
        (X, [0, 1, 0, 1], {"features": (0, 2)}, "columns 0 and 2"),
        (X, [0, 1, 0, 1], {"features": (1, 1)}, "two different features"),
        (X, [0, 1, 2, 1], {}, r"label 2, and the model answers one of \[0, 1\]"),
        (X, [0.2, 1.0, 0.7, 1.3], {}, "0.2, which is none.* A regression has no boundary"),
        (X, [[1, 0], [0, 1], [1, 0], [0, 1]], {}, r"\[1, 0\], which is none"),
        ([[0.0, 1.0], [1.0]], [0, 1], {}, "same number of features"),
        ([[0.0, 1.0], [1.0, float("nan")]], [0, 1], {}, "nan or inf"),
        (X, [0, 1, 0, 1], {"feature_names": ["one"]}, "feature_names has 1 name"),
        (X, [0, 1], {}, "4 X and 2 y"),
        ([], [], {}, "at least one"),
        (
            X,
            [0, 1, 0, 1],
            {"class_names": ["one"]},
            "class_names has 1 name; the number of classes is 2",
        ),
        (X, [0, 1, 0, 1], {"resolution": 1}, "at least 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    rows: Any, labels: Any, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        plot_boundary(right_half, rows, labels, **more)


def probability_of_second(colour: Any) -> float:
    """What the background of a place says, read back from the strength of its colour."""
    ways = [1.0 - np.array(to_rgb(known)) for known in COLOURS[:2]]
    best = nearest_class(colour, 2)
    strength = float(np.linalg.norm(1.0 - colour) / np.linalg.norm(ways[best]))
    sure = (strength - 0.08) / 0.42
    return 0.5 + sure / 2 if best else 0.5 - sure / 2


@pytest.mark.parametrize("activation", ["linear", "sigmoid"])
def test_a_single_output_is_shown_as_the_same_probability_before_and_behind_a_sigmoid(
    activation: str,
) -> None:
    model = nn.MLP(2, [1], activation=[activation], rng=random.Random(0))
    for parameter, number in zip(model.parameters(), [2.0, 0.0, -1.0], strict=True):
        parameter.data = number
    line = background(plot_boundary(model, X, [0, 1, 0, 1], resolution=7))[0]
    expected = 1 / (1 + np.exp(-(2.0 * np.linspace(-0.1, 1.1, 7) - 1.0)))
    assert [probability_of_second(colour) for colour in line] == pytest.approx(expected)


@pytest.mark.parametrize("activation", ["linear", "softmax"])
def test_several_outputs_are_shown_as_the_same_probability_before_and_behind_a_softmax(
    activation: str,
) -> None:
    model = nn.Layer(2, 2, activation=activation)
    for parameter, number in zip(model.parameters(), [0.0, 0, 0, 2.0, 0, -1.0], strict=True):
        parameter.data = number
    line = background(plot_boundary(model, X, [0, 1, 0, 1], resolution=7))[0]
    expected = 1 / (1 + np.exp(-(2.0 * np.linspace(-0.1, 1.1, 7) - 1.0)))
    assert [probability_of_second(colour) for colour in line] == pytest.approx(expected)


def test_a_sigmoid_that_has_rounded_to_1_is_simply_sure() -> None:
    model = nn.MLP(2, [1], activation=["sigmoid"])
    for parameter, number in zip(model.parameters(), [1000.0, 0.0, -500.0], strict=True):
        parameter.data = number
    figure = plot_boundary(model, X, [0, 1, 0, 1], resolution=4)
    assert probability_of_second(background(figure)[0][3]) == pytest.approx(1.0)
    with pytest.raises(ValueError, match=r"probability between 0 and 1 here, not 1\.5"):
        plot_boundary(model, X, [0, 1, 0, 1], threshold=1.5)


def test_the_labels_of_the_hinge_loss_show_the_margin_where_the_score_is_one() -> None:
    def score(row: list[float]) -> float:
        return 4.0 * (row[0] - 0.5)

    figure = plot_boundary(score, X, [-1, 1, -1, 1], resolution=25)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    words = [text.get_text() for text in legend.get_texts()]
    assert words == ["class -1", "class 1", "boundary", "margin", "paler: less sure"]
    traced = {
        round(float(place[0]), 6)
        for lines in figure.axes[0].collections
        if type(lines).__name__ == "QuadContourSet"
        for path in lines.get_paths()
        for place in np.asarray(path.vertices)
    }
    assert traced == {0.25, 0.5, 0.75}
    plain_words = plot_boundary(score, X, [0, 1, 0, 1], resolution=5).axes[0].get_legend()
    assert plain_words is not None
    assert "margin" not in [text.get_text() for text in plain_words.get_texts()]


def test_a_model_that_answers_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="answers nan"):
        plot_boundary(lambda row: float("nan"), X, [0, 1, 0, 1])


def test_a_network_of_another_number_of_inputs_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="takes 3 inputs, but was given 2"):
        plot_boundary(nn.MLP(3, [2]), X, [0, 1, 0, 1])
