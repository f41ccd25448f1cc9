"""What plot_neurons and plot_weights promise: each neuron's answers, and each one's weights."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import nn
from nn.view import plot_neurons, plot_weights

X = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def model_of(*sizes: int, activation: str = "tanh") -> nn.MLP:
    return nn.MLP(2, list(sizes), activation=activation, rng=random.Random(0))


def panels(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.images]


def test_each_panel_is_what_its_neuron_answers_at_each_place() -> None:
    model = model_of(3, 2, 1)
    shown = panels(plot_neurons(model, X, layer=2, resolution=4))
    assert [axes.get_title() for axes in shown] == ["neuron 1", "neuron 2"]
    places = np.linspace(-0.1, 1.1, 4)
    for position, axes in enumerate(shown):
        expected = [
            [model.layers[1](model.layers[0]([a, b]))[position].data for a in places]
            for b in places
        ]
        assert np.asarray(axes.images[0].get_array()) == pytest.approx(np.array(expected))
        assert axes.get_xlim() == pytest.approx((-0.1, 1.1))


def test_all_panels_share_one_scale_around_zero() -> None:
    shown = panels(plot_neurons(model_of(4, 1), X, resolution=6))
    scales = {axes.images[0].get_clim() for axes in shown}
    answers = np.array([axes.images[0].get_array() for axes in shown])
    assert scales == {(-np.abs(answers).max(), np.abs(answers).max())}


def test_a_layer_of_one_neuron_and_single_layers_and_neurons_are_drawn() -> None:
    assert len(panels(plot_neurons(model_of(3, 1), X, layer=2, resolution=3))) == 1
    assert len(panels(plot_neurons(nn.Layer(2, 5), X, resolution=3))) == 5
    assert len(panels(plot_neurons(nn.Neuron(2), X, resolution=3))) == 1


def test_neurons_that_answer_nothing_are_drawn() -> None:
    model = nn.Layer(2, 2, activation="relu")
    for parameter in model.parameters():
        parameter.data = 0.0
    assert plot_neurons(model, X, resolution=3).png().startswith(b"\x89PNG")


def test_what_is_negative_is_hatched() -> None:
    def hatches(activation: str) -> list[Any]:
        shown = panels(plot_neurons(model_of(2, 1, activation=activation), X, resolution=9))
        return [each for axes in shown for each in axes.collections if getattr(each, "hatches", [])]

    assert hatches("tanh")
    assert not [each for each in hatches("sigmoid") if any(each.hatches)]


def test_the_examples_are_drawn_in_every_panel_if_their_classes_are_known() -> None:
    figure = plot_neurons(model_of(2, 1), X, [0, 1, 2, 1], resolution=3)
    for axes in panels(figure):
        dots = {
            each.get_label(): each.get_offsets().tolist()
            for each in axes.collections
            if str(each.get_label()).startswith("class")
        }
        assert dots == {"class 0": [X[0]], "class 1": [X[1], X[3]], "class 2": [X[2]]}
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["class 0", "class 1", "class 2"]


def test_of_a_large_layer_the_first_neurons_are_drawn_and_the_title_says_so() -> None:
    figure = plot_neurons(nn.Layer(2, 70, rng=random.Random(0)), X, resolution=2)
    assert len(panels(figure)) == 64
    assert figure.get_suptitle() == "Layer 1 (relu): the first 64 of 70 neurons"


def test_nothing_is_recorded_or_changed() -> None:
    model = model_of(2, 1)
    before = [(each.data, each.grad) for each in model.parameters()]
    plot_neurons(model, X, resolution=3)
    plot_weights(model, shape=(1, 2))
    assert [(each.data, each.grad) for each in model.parameters()] == before


def test_the_weights_are_an_image_row_by_row() -> None:
    layer = nn.Layer(6, 2, rng=random.Random(0))
    shown = panels(plot_weights(layer, shape=(2, 3)))
    for axes, neuron in zip(shown, layer.neurons, strict=True):
        image = np.asarray(axes.images[0].get_array())
        assert image.tolist() == [[w.data for w in neuron.w[:3]], [w.data for w in neuron.w[3:]]]


def test_negative_weights_have_a_dash() -> None:
    layer = nn.Layer(4, 1)
    for weight, number in zip(layer.neurons[0].w, [1.0, -0.5, 0.0, -1.0], strict=True):
        weight.data = number
    (axes,) = panels(plot_weights(layer, shape=(2, 2)))
    assert axes.collections[0].get_offsets().tolist() == [[1.0, 0.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: plot_neurons(model_of(2, 1), X, layer=3), ValueError, "no layer 3.* 2 layers"),
        (lambda: plot_neurons(model_of(2, 1), X, layer=0), ValueError, "at least 1"),
        (lambda: plot_neurons(lambda row: row, X), TypeError, "an MLP, a Layer or a Neuron"),
        (lambda: plot_neurons(nn.MLP(3, [2]), X), ValueError, "takes 3 inputs, but was given 2"),
        (lambda: plot_neurons(model_of(2), [[1.0]]), ValueError, "columns 0 and 1"),
        (lambda: plot_neurons(model_of(2), X, [1]), ValueError, "4 X and 1 y"),
        (lambda: plot_weights(model_of(2), shape=(2, 2)), ValueError, "4 places.* 2 weights"),
        (lambda: plot_weights(model_of(2), shape=(0, 2)), ValueError, "at least 1"),
        (lambda: plot_weights(model_of(2), layer=5, shape=(1, 2)), ValueError, "no layer 5"),
        (lambda: plot_weights(model_of(2), shape=2), ValueError, r"pair .* not 2"),  # type: ignore[arg-type]  # the mistake itself
        (lambda: plot_weights(object(), shape=(1, 2)), TypeError, "was given object"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_weights_that_ran_away_are_refused() -> None:
    layer = nn.Layer(2, 1)
    layer.neurons[0].w[0].data = float("inf")
    with pytest.raises(ValueError, match="the training ran away"):
        plot_weights(layer, shape=(1, 2))
