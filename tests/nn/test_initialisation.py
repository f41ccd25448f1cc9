"""What the initial weights promise, and a layer that names its own activation."""

from __future__ import annotations

import math
import random
import statistics
from typing import Any

import pytest

from autograd import Value
from nn import MLP, Layer, Neuron
from nn.initial import INITIALS


def weights(layer: Layer) -> list[float]:
    return [weight.data for neuron in layer.neurons for weight in neuron.w]


def test_uniform_is_the_default_and_draws_what_micrograd_draws() -> None:
    expected = random.Random(7)
    drawn = [expected.uniform(-1, 1) for _ in range(12)]
    assert weights(Layer(4, 3, rng=random.Random(7))) == drawn
    assert weights(Layer(4, 3, rng=random.Random(7), initial="uniform")) == drawn


def test_xavier_is_uniform_up_to_the_bound_of_glorot_and_bengio() -> None:
    drawn = weights(Layer(30, 24, initial="xavier", rng=random.Random(1)))
    bound = math.sqrt(6 / 54)
    assert max(map(abs, drawn)) <= bound
    assert max(map(abs, drawn)) > 0.98 * bound
    assert statistics.pstdev(drawn) == pytest.approx(bound / math.sqrt(3), rel=0.05)


def test_he_is_normal_with_the_deviation_of_he() -> None:
    drawn = weights(Layer(50, 40, initial="he", rng=random.Random(1)))
    deviation = math.sqrt(2 / 50)
    assert statistics.pstdev(drawn) == pytest.approx(deviation, rel=0.05)
    assert abs(statistics.fmean(drawn)) < 0.01
    within = sum(abs(weight) < deviation for weight in drawn) / len(drawn)
    assert within == pytest.approx(0.683, abs=0.03)  # of a normal distribution


@pytest.mark.parametrize("name", INITIALS)
def test_biases_begin_at_zero_and_a_seed_gives_the_same_bits(name: str) -> None:
    model, twin = (MLP(3, [4, 2], initial=name, rng=random.Random(5)) for _ in range(2))
    assert [p.data for p in model.parameters()] == [p.data for p in twin.parameters()]
    assert {neuron.b.data for layer in model.layers for neuron in layer.neurons} == {0.0}


def test_an_mlp_hands_the_sizes_of_each_layer_to_its_initialisation() -> None:
    sizes = []

    def constant(rng: random.Random, in_size: int, out_size: int) -> float:
        sizes.append((in_size, out_size))
        return 0.25

    model = MLP(2, [3, 1], initial=constant)
    assert sizes == [(2, 3)] * 6 + [(3, 1)] * 3
    assert model.layers[1].neurons[0].w[2].data == 0.25


@pytest.mark.parametrize("make", [Neuron, lambda n, **k: Layer(n, 2, **k)])
def test_an_unknown_initialisation_is_refused_with_the_nearest(make: Any) -> None:
    with pytest.raises(ValueError, match=r"no initialisation 'xavir'. Did you mean 'xavier'\?"):
        make(2, initial="xavir")


def test_a_layer_may_name_its_own_activation() -> None:
    model = MLP(4, [(8, "relu"), 5, (3, "softmax")], activation="tanh")
    assert [(layer.out_size, layer.activation) for layer in model.layers] == [
        (8, "relu"), (5, "tanh"), (3, "softmax"),
    ]  # fmt: skip
    assert [layer.activation for layer in MLP(2, [(3, "elu"), 1]).layers] == ["elu", "linear"]
    assert repr(MLP(4, [(8, "relu"), (3, "softmax")])) == (
        "MLP(4, [8, 3], activation=['relu', 'softmax'])"
    )


def test_softmax_outputs_are_positive_sum_to_one_and_carry_gradients() -> None:
    model = MLP(2, [(3, "tanh"), (3, "softmax")], rng=random.Random(3))
    shares = model([0.5, -1.0])
    assert [type(share) for share in shares] == [Value] * 3
    assert min(share.data for share in shares) > 0
    assert math.fsum(share.data for share in shares) == pytest.approx(1.0, abs=1e-15)
    shares[0].backward()
    biases = [neuron.b.grad for neuron in model.layers[1].neurons]
    p = [share.data for share in shares]
    assert biases == pytest.approx([p[0] * (1 - p[0]), -p[0] * p[1], -p[0] * p[2]], rel=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(2, activation="softmax"), "belongs to a whole layer"),
        (lambda: MLP(2, [(1, "softmax")]), "use 'sigmoid'"),
        (lambda: MLP(2, [(3, "softmaxx"), 1]), "Did you mean 'softmax'"),
        (lambda: MLP(2, [(3, None), 1]), r"layer1 must be a size, or a pair"),
        (lambda: MLP(2, [4, (3, "relu", 1)]), r"layer2 must be a size, or a pair"),
        (lambda: MLP(2, [4, ()]), r"layer2 must be a size, or a pair"),
        (lambda: MLP(2, [(3, "relu"), 1], activation=["tanh", "linear"]), "say it in one place"),
        (lambda: MLP(2, [(0, "relu")]), r"layer1\.out_size must be a whole number"),
        (lambda: Neuron(2, out_size=0), "out_size must be a whole number"),
    ],
)
def test_what_is_no_layer_is_refused_in_plain_words(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_pair_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="or a pair of size and activation"):
        MLP(2, [("relu", 3)])  # type: ignore[list-item]  # the mistake itself


def test_the_list_of_activations_that_was_passed_is_not_changed() -> None:
    names = ["tanh", "linear"]
    MLP(2, [3, 1], activation=names)
    assert names == ["tanh", "linear"]
