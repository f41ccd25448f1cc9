"""What all charts promise: no word is cut off by the edge, and none lies on another."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.text import Text

import nn
from autograd import Value
from nn.view import (
    Chart,
    plot_activations,
    plot_boundary,
    plot_confusion,
    plot_history,
    plot_loss_surface,
    plot_neurons,
    plot_weights,
)

RNG = random.Random(0)
POINTS = [[RNG.random(), RNG.random()] for _ in range(30)]
CLASSES = [index % 3 for index in range(30)]
LONG = ["a rather long name (cm)", "another long name (cm)", "and the third of them"]
P, Q = Value(0.5, label="layer1.neuron1.w1"), Value(1000.0, label="layer1.neuron1.b")
HISTORY = {
    f"{prefix}{name}": [0.9, 0.5, 0.4]
    for name in ("loss", "accuracy", "mean_absolute_error", "f1")
    for prefix in ("", "validation_")
}
CHARTS: dict[str, Callable[[], Chart]] = {
    "history": lambda: plot_history(HISTORY, title="A history with a title"),
    "one epoch": lambda: plot_history({name: [12345.678] for name in HISTORY}),
    "boundary": lambda: plot_boundary(
        nn.MLP(2, [3], rng=random.Random(0)), POINTS, CLASSES, feature_names=LONG[:2],
        class_names=LONG, resolution=5, title="What the network answers\n(in two lines)",
    ),
    "neurons": lambda: plot_neurons(
        nn.Layer(2, 7, activation="tanh", rng=random.Random(0)), POINTS, CLASSES,
        feature_names=LONG[:2], resolution=4,
    ),
    "one neuron": lambda: plot_neurons(nn.Neuron(2), POINTS, CLASSES, resolution=4),
    "weights": lambda: plot_weights(nn.Layer(64, 13, rng=random.Random(0)), shape=(8, 8)),
    "weights in a row": lambda: plot_weights(nn.Layer(12, 3), shape=(1, 12)),
    "confusion": lambda: plot_confusion(CLASSES, [*CLASSES[1:], 1], class_names=LONG),
    "confusion of many": lambda: plot_confusion(range(12), range(12)),
    "activations": plot_activations,
    "surface": lambda: plot_loss_surface(
        lambda: P**4 + Q**2, (P, Q), path=[(1, 2000), (0.5, 1000)], resolution=5
    ),
}  # fmt: skip


def hidden(figure: Any) -> set[int]:
    """The numbers of ticks that lie beyond the end of their axis, and are not drawn."""
    beyond = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            room = 1e-9 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - room <= tick.get_loc() <= high + room:
                    beyond |= {id(tick.label1), id(tick.label2)}
    return beyond


def words(figure: Any) -> list[tuple[Text, Any]]:
    """The texts that are seen, each with its box in pixels."""
    figure.draw_without_rendering()
    beyond = hidden(figure)
    return [
        (text, text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in beyond
    ]


@pytest.mark.parametrize("name", CHARTS)
def test_no_word_is_cut_off_and_none_lies_on_another(name: str) -> None:
    figure = CHARTS[name]()
    whole = figure.bbox
    seen = words(figure)
    assert len(seen) > 5
    for word, box in seen:
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, word
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, word
    for (first, box), (second, other) in itertools.combinations(seen, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        up = min(box.y1, other.y1) - max(box.y0, other.y0)
        if first.get_rotation() % 90 or second.get_rotation() % 90:
            continue  # the box of a slanted word is larger than the word
        assert across <= 1 or up <= 1, f"{first!r} lies on {second!r}"
