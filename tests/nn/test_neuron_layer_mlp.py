"""What Neuron, Layer and MLP promise: numbers by hand, micrograd's draws, and clear refusals."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value
from nn import MLP, Layer, Neuron

# What micrograd 0.1.0 draws for MLP(3, [4, 4, 1]) after random.seed(1337): the parameters in order,
# and its gradients at the input [2.0, 3.0, -1.0].
# fmt: off
DRAWN = [
    0.23550571390294128, 0.06653114721000164, -0.26830328150124894, 0.0,
    0.1715747078045431, -0.6686254326224383, 0.6487474938152629, 0.0,
    -0.23259038277158273, 0.5792256498313748, 0.8434530197925192, 0.0,
    -0.3847332240409951, 0.9844941451716409, -0.5901079958448365, 0.0,
    0.31255526637777775, 0.8246106857787521, -0.7814232047574572, 0.6408752595662697, 0.0,
    -0.20252189189007108, -0.8693137391598071, 0.39841666323128555, -0.3037961142013801, 0.0,
    -0.19282493884310759, 0.6032250931493106, 0.6001302646227185, 0.32749776568749045, 0.0,
    0.6650130652363544, 0.1889136153241595, -0.07813264062433589, 0.9151267732861252, 0.0,
    0.5914405264235476, -0.3725442040076463, 0.3810827422406471, 0.8301999957053683, 0.0,
]
GRADIENTS = [
    1.3269388774388875, 1.9904083161583312, -0.6634694387194437, 0.6634694387194437,
    0.0, 0.0, 0.0, 0.0,
    -0.5966635650961362, -0.8949953476442043, 0.2983317825480681, -0.2983317825480681,
    2.5271631815351694, 3.7907447723027543, -1.2635815907675847, 1.2635815907675847,
    0.5553083310536197, 0.0, 0.2537535148682922, 1.6407293490339927, 0.5914405264235476,
    0.0, 0.0, 0.0, 0.0, 0.0,
    0.3578016928712193, 0.0, 0.16350094553710234, 1.0571707748630392, 0.3810827422406471,
    0.7794815428757459, 0.0, 0.35619163304175433, 2.303077719003363, 0.8301999957053683,
    1.73606383075661, 0.0, 0.9849562871207749, 3.1295390415852213, 1.0,
]
# fmt: on


def test_the_same_seed_gives_the_parameters_output_and_gradients_of_micrograd() -> None:
    random.seed(1337)
    model = MLP(3, [4, 4, 1])
    assert [parameter.data for parameter in model.parameters()] == DRAWN
    output = model([2.0, 3.0, -1.0])
    output.backward()
    assert output.data == pytest.approx(4.000271647734554, rel=1e-14)
    gradients = [parameter.grad for parameter in model.parameters()]
    assert gradients == pytest.approx(GRADIENTS, rel=1e-13, abs=0.0)


def test_an_rng_that_is_passed_in_gives_the_same_draws_and_leaves_the_module_alone() -> None:
    random.seed(5)
    state = random.getstate()
    model = MLP(3, [4, 4, 1], rng=random.Random(1337))
    assert [parameter.data for parameter in model.parameters()] == DRAWN
    assert random.getstate() == state


def test_a_neuron_by_hand() -> None:
    neuron = Neuron(2)
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = 2.0, -3.0, 0.5
    output = neuron([4.0, 1.0])
    assert output.data == 5.5  # 2 * 4 - 3 * 1 + 0.5
    output.backward()
    assert [parameter.grad for parameter in neuron.parameters()] == [4.0, 1.0, 1.0]
    assert neuron([1.0, 1.0]).data == 0.0  # relu(-0.5)


def test_the_attributes_of_micrograd_are_there() -> None:
    model = MLP(2, [3, 1])
    assert [len(layer.neurons) for layer in model.layers] == [3, 1]
    assert [layer.neurons[0].nonlin for layer in model.layers] == [True, False]
    neuron = Neuron(4, nonlin=False)
    assert len(neuron.w) == 4
    assert neuron.b.data == 0.0
    assert not neuron.nonlin
    assert not Layer(2, 2, nonlin=False).neurons[1].nonlin


def test_parameters_carry_their_names_as_labels() -> None:
    model = MLP(2, [3, 1])
    labels = [parameter.label for parameter in model.parameters()]
    assert labels == list(model.named_parameters())
    assert model.layers[0].neurons[2].w[1].label == "layer1.neuron3.w2"
    assert model.layers[1].neurons[0].b.label == "layer2.neuron1.b"


def test_a_label_goes_before_the_names() -> None:
    assert Neuron(1, label="n").w[0].label == "n.w1"
    assert Layer(1, 1, label="l").neurons[0].b.label == "l.neuron1.b"
    assert MLP(1, [1], label="critic").parameters()[0].label == "critic.layer1.neuron1.w1"
    assert Neuron(1).b.label == "b"


def test_peer_trap_a_layer_of_one_neuron_in_the_middle() -> None:  # micrograd: TypeError
    model = MLP(2, [4, 1, 1], activation="tanh", rng=random.Random(2))
    output = model([1.0, -2.0])
    output.backward()
    assert all(parameter.grad != 0.0 for parameter in model.parameters())


@pytest.mark.parametrize("make", [lambda: Neuron(2), lambda: Layer(2, 1), lambda: MLP(2, [1])])
@pytest.mark.parametrize("inputs", [[1.0, 2.0, 3.0], [1.0], []])
def test_peer_trap_a_wrong_number_of_inputs_raises(make: Any, inputs: list[float]) -> None:
    with pytest.raises(ValueError, match=f"takes 2 inputs, but was given {len(inputs)}"):
        make()(inputs)  # micrograd drops the third input, or a weight, silently


def test_the_error_for_wrong_inputs_names_the_layer() -> None:
    with pytest.raises(ValueError, match=r"layer1, Layer\(2, 3, activation='relu'\), takes 2"):
        MLP(2, [3, 1])([1.0, 2.0, 3.0])


@pytest.mark.parametrize("rows", [2, 5])
def test_a_whole_table_instead_of_one_example_is_refused_with_advice(rows: int) -> None:
    with pytest.raises(ValueError, match=r"Write \[model\(x\) for x in X\]"):
        MLP(2, [1])([[1.0, 2.0]] * rows)


def test_several_outputs_are_a_list_and_one_output_is_a_bare_value() -> None:
    assert [type(output) for output in MLP(2, [3, 2])([1.0, 2.0])] == [Value, Value]
    assert type(MLP(2, [3, 1])([1.0, 2.0])) is Value
    assert type(Layer(2, 1)([1.0, 2.0])) is Value


def test_lists_tuples_generators_ints_and_arrays_give_the_same_answer() -> None:
    model = MLP(2, [3, 1], rng=random.Random(1))
    expected = model([1.0, 2.0]).data
    array = numpy.array([1.0, 2.0])
    for inputs in ([1, 2], (1.0, 2.0), array, array.astype("float32"), list(array), range(1, 3)):
        assert model(inputs).data == expected
    assert model(x for x in (1.0, 2.0)).data == expected
    assert (
        Neuron(2, rng=random.Random(1))(array).data == Neuron(2, rng=random.Random(1))([1, 2]).data
    )


def test_a_model_of_one_input_takes_a_bare_number_or_value() -> None:
    model = MLP(1, [2, 1], rng=random.Random(1))
    assert model(0.5).data == model([0.5]).data == model(Value(0.5)).data


def test_gradients_flow_into_inputs_that_are_values() -> None:
    neuron = Neuron(2, nonlin=False)
    neuron.w[0].data, neuron.w[1].data = 3.0, -4.0
    x = [Value(1.0), Value(2.0)]
    neuron(x).backward()
    assert [value.grad for value in x] == [3.0, -4.0]


@pytest.mark.parametrize("inputs", [{1.0, 2.0}, {1.0: 1, 2.0: 2}])
def test_inputs_without_an_order_are_refused(inputs: Any) -> None:
    with pytest.raises(TypeError, match="which number comes first"):
        MLP(2, [1])(inputs)


@pytest.mark.parametrize("inputs", [["1", 2.0], [None, 2.0], [1j, 2.0]])
def test_inputs_that_are_no_numbers_are_refused(inputs: Any) -> None:
    with pytest.raises(TypeError):
        MLP(2, [1])(inputs)


@pytest.mark.parametrize("name", [name for name in nn.ACTIVATIONS if name != "linear"])
@pytest.mark.parametrize("x", [-1.5, 0.75])
def test_every_activation_is_the_function_of_its_name(name: str, x: float) -> None:
    neuron = Neuron(1, activation=name)
    neuron.w[0].data = 1.0
    assert neuron([x]).data == getattr(autograd, name)(x)
    assert neuron.nonlin


def test_linear_is_the_sum_itself() -> None:
    neuron = Neuron(2, activation="linear")
    assert str(neuron([1.0, 2.0]).op) == "sum"
    assert not neuron.nonlin


def test_an_mlp_uses_its_activation_in_all_layers_but_the_last() -> None:
    model = MLP(2, [3, 3, 1], activation="tanh")
    assert [layer.activation for layer in model.layers] == ["tanh", "tanh", "linear"]


def test_an_mlp_takes_a_list_of_activations_one_for_each_layer() -> None:
    model = MLP(2, [3, 1], activation=["gelu", "sigmoid"])
    assert [layer.neurons[0].activation for layer in model.layers] == ["gelu", "sigmoid"]
    assert 0.0 < model([1.0, 2.0]).data < 1.0
    with pytest.raises(ValueError, match="a list of 2 names"):
        MLP(2, [3, 1], activation=["gelu"])


def test_an_unknown_activation_is_refused_with_the_nearest_and_all_known() -> None:
    with pytest.raises(ValueError, match=r"Did you mean 'tanh'\? Known: linear, relu"):
        MLP(2, [3, 1], activation="tahn")
    with pytest.raises(ValueError, match="there is no activation 'data'"):
        Neuron(2, activation="data")


@pytest.mark.parametrize(
    "make",
    [
        lambda: MLP(2, [2], activation="rleu"),
        lambda: MLP(2, [(2, "tanh"), (1, "linear")], activation="rleu"),
        lambda: MLP(2, [(2, "tanh")], activation="rleu"),
        lambda: MLP(2, [1], activation="rleu"),
        lambda: MLP(2, [2, (3, "rleu")]),
        lambda: MLP(2, [2, 3], activation=["tanh", "rleu"]),
        lambda: Layer(2, 2, activation="rleu"),
        lambda: Neuron(2, activation="rleu"),
    ],
)
def test_a_misspelt_activation_is_refused_even_where_nobody_would_read_it(make: Any) -> None:
    with pytest.raises(ValueError, match=r"no activation 'rleu'\. Did you mean 'relu'\?"):
        make()


def test_an_activation_that_is_no_name_and_no_function_is_refused() -> None:
    for activation in (3, 0.5, ["relu"]):
        with pytest.raises(ValueError, match="or pass a function of one Value"):
            Neuron(2, activation=activation)  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("name", [name for name in nn.ACTIVATIONS if name != "linear"])
def test_a_function_of_autograd_is_the_activation_of_its_name(name: str) -> None:
    by_name, by_function = (
        MLP(2, [3, 2], activation=activation, rng=random.Random(0))
        for activation in (name, getattr(autograd, name))
    )
    assert repr(by_function) == repr(by_name)
    assert [v.data for v in by_function([0.5, -1.0])] == [v.data for v in by_name([0.5, -1.0])]
    assert MLP(2, [(3, autograd.softmax)]).layers[0].activation == "softmax"


def bent(v: Value) -> Value:
    return v * v.sigmoid() + 0.1 * v


def test_a_function_of_ones_own_is_an_activation() -> None:
    neuron = Neuron(1, activation=bent)
    neuron.w[0].data, neuron.b.data = 2.0, -1.0
    assert neuron([1.5]).data == pytest.approx(2.0 / (1 + math.exp(-2.0)) + 0.2, rel=1e-15)
    neuron([1.5]).backward()
    slope = 1 / (1 + math.exp(-2.0))
    assert neuron.w[0].grad == pytest.approx(
        1.5 * (slope + 2.0 * slope * (1 - slope) + 0.1), rel=1e-14
    )
    model = MLP(1, [2, (2, bent), 1], activation=bent)
    assert repr(model) == "MLP(1, [2, 2, 1], activation=['bent', 'bent', 'linear'])"
    assert repr(MLP(1, [1, 1], activation=[bent, "tanh"]).layers) == (
        "[Layer(1, 1, activation='bent'), Layer(1, 1, activation='tanh')]"
    )


def test_a_model_with_a_function_of_ones_own_learns_the_same_by_both_engines() -> None:
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 0.0, 1.0]
    losses = []
    for engine in ("eager", "compiled"):
        model = MLP(1, [3, 1], activation=bent, rng=random.Random(1))
        history = nn.fit(
            model, X, y, loss="mse", optimizer="adam", epochs=5, rng=random.Random(2),
            progress=False, engine=engine,
        )  # fmt: skip
        losses.append(history["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)
    assert losses[0][-1] < losses[0][0]


def test_an_activation_that_loses_the_gradient_is_refused_by_its_name() -> None:
    def flattened(v: Value) -> float:
        return math.tanh(v.data)

    with pytest.raises(TypeError, match="the activation flattened returned float, not a Value"):
        Neuron(1, activation=flattened)([1.0])


def test_nonlin_false_with_an_activation_is_a_contradiction() -> None:
    with pytest.raises(ValueError, match="pass only activation"):
        Neuron(2, nonlin=False, activation="tanh")
    assert Neuron(2, nonlin=False, activation="linear").activation == "linear"


@pytest.mark.parametrize("size", [0, -1])
def test_sizes_below_one_are_refused(size: int) -> None:
    for make in (lambda: Neuron(size), lambda: Layer(2, size), lambda: MLP(2, [3, size])):
        with pytest.raises(ValueError, match=f"whole number of at least 1, not {size}"):
            make()


@pytest.mark.parametrize("size", [2.0, "2", None, True])
def test_sizes_that_are_no_whole_numbers_are_refused(size: Any) -> None:
    for make in (lambda: Neuron(size), lambda: Layer(2, size), lambda: MLP(size, [1])):
        with pytest.raises(TypeError, match="whole number of at least 1"):
            make()


def test_the_error_for_a_bad_size_names_the_layer() -> None:
    with pytest.raises(ValueError, match=r"layer2\.out_size"):
        MLP(2, [3, 0])


def test_an_mlp_without_layers_or_with_a_bare_size_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one layer"):
        MLP(2, [])
    with pytest.raises(TypeError, match=r"write MLP\(2, \[16, 1\]\)"):
        MLP(2, 1)  # type: ignore[arg-type]  # the mistake itself


def test_an_rng_that_is_no_generator_is_refused() -> None:
    with pytest.raises(TypeError, match=r"write rng=random\.Random\(1\)"):
        MLP(2, [1], rng=0)  # type: ignore[arg-type]  # the mistake itself


@pytest.mark.parametrize(
    "module",
    [Neuron(3), Layer(2, 3, activation="tanh"), MLP(3, [4, 1], activation="elu")],
    ids=repr,
)
def test_a_repr_is_the_expression_that_makes_such_a_module(module: Any) -> None:
    assert repr(eval(repr(module), vars(nn))) == repr(module)


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    seed=st.integers(0, 2**32),
    data=st.data(),
)
def test_an_mlp_is_layers_of_tanh_of_sums(sizes: list[int], seed: int, data: Any) -> None:
    model = MLP(sizes[0], sizes[1:], activation="tanh", rng=random.Random(seed))
    inputs = data.draw(
        st.lists(st.floats(-3.0, 3.0), min_size=sizes[0], max_size=sizes[0]), label="inputs"
    )
    numbers = iter([parameter.data for parameter in model.parameters()])
    expected = inputs
    for depth, size in enumerate(sizes[1:], start=1):
        sums = []
        for _ in range(size):
            weights = [next(numbers) for _ in expected]
            products = (w * x for w, x in zip(weights, expected, strict=True))
            sums.append(math.fsum(products) + next(numbers))
        expected = sums if depth == len(sizes) - 1 else [math.tanh(s) for s in sums]
    output = model(inputs)
    outputs = output if isinstance(output, list) else [output]
    assert [value.data for value in outputs] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_neuron_writes_one_sum_and_not_a_chain_of_additions() -> None:
    output = Neuron(5, nonlin=False)([1.0] * 5)
    assert [argument.op.name for argument in output.args[:-1]] == ["*"] * 5
    assert output.args[-1].label == "b"
