"""What flow promises: the gradient of every layer, what is wrong with it, and nothing changed."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import nn
from autograd import Value, trace
from nn.view.gradient_flow import flow, layer_flows

X = [[0.5, -1.0], [2.0, 0.3], [-0.7, 0.1], [1.5, 1.0]]
Y = [1.0, 0.0, 1.0, 0.0]


def network(*sizes: Any, activation: str = "tanh") -> nn.MLP:
    return nn.MLP(2, list(sizes), activation=activation, rng=random.Random(0))


def loss_of(model: Any, scale: float = 1.0) -> Value:
    loss: Value = nn.mse([model([scale * value for value in row]) for row in X], Y)
    return loss


def words(model: Any, loss: Value | None = None) -> str:
    chart = flow(model, loss_of(model) if loss is None else loss)
    return " ".join(str(chart.get_supxlabel()).split())


# What it reads ------------------------------------------------------------------------------------


def test_the_gradients_are_those_of_backward_and_none_is_changed() -> None:
    model = network(3, 2, 1)
    loss = loss_of(model)
    nodes, _ = trace(loss)
    for position, node in enumerate(nodes):
        node.grad = float(position)
    before = {node: node.grad for node in nodes}
    layers = layer_flows(model, loss)
    assert {node: node.grad for node in nodes} == before
    for node in nodes:
        node.grad = 0.0
    loss.backward()
    for layer, part in zip(layers, model.layers, strict=True):
        assert layer.gradients == [p.grad for n in part.neurons for p in (*n.w, n.b)]
        squares = [gradient**2 for gradient in layer.gradients]
        assert layer.typical == pytest.approx(math.sqrt(sum(squares) / len(squares)))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_the_answers_are_those_of_each_neuron(activation: str) -> None:
    model = network(3, 2, 1, activation=activation)
    layers = layer_flows(model, loss_of(model) + 0.1 * nn.l2(model.parameters()))
    rows: list[Any] = X
    for layer, part in zip(layers[:2], model.layers[:2], strict=True):
        rows = [[value.data for value in part(row)] for row in rows]
        for place, answers in enumerate(layer.answers):
            assert sorted(answers) == sorted(row[place] for row in rows)
    assert layers[2].flat is None


def test_a_failing_backward_leaves_the_gradients_as_they_were() -> None:
    model = network(1)
    loss = (loss_of(model) * 0.0).sqrt()
    model.parameters()[0].grad = 7.0
    with pytest.raises(ZeroDivisionError):
        flow(model, loss)
    assert model.parameters()[0].grad == 7.0


# What it says -------------------------------------------------------------------------------------


def test_a_healthy_network_is_called_so() -> None:
    assert words(network(4, 4, 1)) == (
        "The gradients of all layers are of similar size: every layer learns."
    )


def test_a_deep_network_of_sigmoids_vanishes() -> None:
    model = network(*[4] * 8, 1, activation="sigmoid")
    layers = layer_flows(model, loss_of(model))
    ratio = layers[-1].typical / layers[0].typical
    assert f"layer 1 are {ratio:,.0f} times smaller than those of layer 9" in words(model)
    assert words(model).startswith("Vanishing:")


def test_a_gradient_that_grows_on_its_way_back_explodes() -> None:
    model = network(1, 1, activation="linear")
    for parameter, number in zip(model.parameters(), [1e-4, 1e-4, 0.0, 1e4, 0.0], strict=True):
        parameter.data = number
    assert words(model).startswith("Exploding: the gradients of layer 1 are")
    assert "larger than those of layer 2" in words(model)


def test_a_gradient_far_larger_than_the_weights_explodes() -> None:
    model = network(3, 3, 3, 1, activation="linear")
    for parameter in model.parameters():
        parameter.data *= 6.0
    assert "times larger than its weights" in words(model)


def test_dead_neurons_are_counted_and_named_by_their_layer() -> None:
    model = network(4, 3, 1, activation="relu")
    for neuron in model.layers[0].neurons[:2]:
        neuron.b.data = -100.0
    assert "Dead: 2 of 4 ReLU neurons in layer 1 answered 0 to every example" in words(model)
    layers = layer_flows(model, loss_of(model))
    assert layers[0].dead == 2
    assert layers[0].flat is not None
    assert layers[0].flat >= 0.5


def test_a_neuron_that_answers_one_example_is_not_dead() -> None:
    model = network(1, 1, activation="relu")
    model.layers[0].neurons[0].b.data = 0.0
    model.layers[0].neurons[0].w[0].data, model.layers[0].neurons[0].w[1].data = 1.0, 0.0
    assert "Dead" not in words(model)


def test_a_whole_dead_layer_is_told_and_the_gradients_are_zero() -> None:
    model = network(2, 1, activation="relu")
    for neuron in model.layers[0].neurons:
        neuron.b.data = -100.0
    assert "Dead: 2 of 2 ReLU neurons in layer 1" in words(model)
    assert "Vanishing: the gradients of layer 1 are 0, unlike those of layer 2" in words(model)


def test_no_gradient_at_all_is_told() -> None:
    model = network(2, 1)
    assert words(model, loss_of(model) * 0.0).startswith("Every gradient is 0: nothing is learnt.")


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_layers_are_told(activation: str) -> None:
    model = network(4, 1, activation=activation)
    told = words(model, loss_of(model, scale=1000.0))
    assert f"of the answers of layer 1 lie at the flat ends of {activation}" in told


# What it shows ------------------------------------------------------------------------------------


def test_every_gradient_is_a_dot_and_every_layer_has_a_ring() -> None:
    model = network(3, 1)
    layers = layer_flows(model, loss_of(model))
    (axes, _) = flow(model, loss_of(model)).axes
    *dots, rings = axes.lines
    assert [sorted(line.get_ydata()) for line in dots] == [
        sorted(abs(gradient) for gradient in layer.gradients if gradient) for layer in layers
    ]
    assert list(rings.get_ydata()) == [layer.typical for layer in layers]
    assert axes.get_yscale() == "log"


def test_the_flat_answers_are_bars_from_0_to_1() -> None:
    model = network(4, 3, 1, activation="relu")
    layers = layer_flows(model, loss_of(model))
    axes = flow(model, loss_of(model)).axes[1]
    assert [bar.get_height() for bar in axes.patches] == [layers[0].flat, layers[1].flat]


def test_zeros_have_no_place_on_the_scale_and_are_told_below_it() -> None:
    model = network(2, 1, activation="relu")
    model.layers[0].neurons[0].b.data = -100.0
    names = [label.get_text() for label in flow(model, loss_of(model)).axes[0].get_xticklabels()]
    assert names == ["layer 1\nrelu\n50% are 0", "layer 2\nlinear\n33% are 0"]


@pytest.mark.parametrize(
    "model",
    [network(1), network(*[2] * 9, 1), nn.Layer(2, 1), nn.Neuron(2), network(2, (2, "softmax"))],
)
def test_every_kind_of_model_is_drawn(model: Any) -> None:
    output = model(X[0])
    loss = output[0] * output[1] if isinstance(output, list) else output * output
    assert flow(model, loss, title="My network").png().startswith(b"\x89PNG")


def test_no_gradient_at_all_is_drawn() -> None:
    model = network(2, 1)
    assert flow(model, loss_of(model) * 0.0).png().startswith(b"\x89PNG")


# What it refuses ----------------------------------------------------------------------------------


def test_what_is_no_model_or_no_loss_is_refused() -> None:
    model = network(1)
    with pytest.raises(TypeError, match=r"flow\(\) looks into an MLP"):
        flow(len, loss_of(model))
    with pytest.raises(TypeError, match=r"loss as a Value, not float"):
        flow(model, 2.0)  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(ValueError, match="not computed from this model"):
        flow(model, loss_of(network(1)))


def test_gradients_that_are_not_finite_are_refused_with_where_to_look() -> None:
    model = network(1, activation="linear")
    loss = nn.mse(model([float("nan"), 1.0]), 1.0)
    with pytest.raises(ValueError, match=r"autograd\.explain\(loss\)"):
        flow(model, loss)
