"""Faults of other networks of neurons: a lost input, a crash, a gradient of the wrong step.

A peer's wrong answer stands in a comment; where the peer has a name, it was measured.
"""

import random

import pytest

import nn
from autograd import StaleGraphError, Value


def test_one_neuron_in_a_middle_layer_works():
    # micrograd: TypeError, since a layer of one neuron returns a Value and the next layer wants a
    # list.
    model = nn.MLP(2, [4, 1, 1], rng=random.Random(3))
    output = model([0.5, -1.0])
    output.backward()
    assert isinstance(output, Value)
    assert len(model.parameters()) == (2 + 1) * 4 + (4 + 1) + (1 + 1)
    assert model.layers[2].neurons[0].b.grad == 1.0


def test_one_neuron_in_a_middle_layer_computes_the_right_number():
    model = nn.MLP(1, [1, 1], rng=random.Random(3))
    (w1, b1), (w2, b2) = ((layer.neurons[0].w[0], layer.neurons[0].b) for layer in model.layers)
    w1.data, b1.data, w2.data, b2.data = 2.0, 1.0, -3.0, 0.5
    output = model([4.0])
    output.backward()
    assert output.data == -3.0 * 9.0 + 0.5
    assert (w1.grad, b1.grad, w2.grad, b2.grad) == (-12.0, -3.0, 9.0, 1.0)


@pytest.mark.parametrize("inputs", [[1, 2, 3], [1], [], (1, 2, 3), [Value(1.0)] * 3])
def test_neuron_of_two_refuses_any_other_number_of_inputs(inputs):
    # micrograd: zip() drops the third input silently, and with one input leaves out a weight.
    with pytest.raises(ValueError, match=r"takes 2 inputs, but was given \d"):
        nn.Neuron(2)(inputs)


@pytest.mark.parametrize("module", [nn.Layer(2, 3), nn.MLP(2, [3, 1])])
def test_layer_and_network_refuse_a_wrong_number_of_inputs(module):
    # micrograd: dropped silently as well.
    with pytest.raises(ValueError, match="takes 2 inputs, but was given 3"):
        module([1.0, 2.0, 3.0])


def test_table_of_examples_is_refused_with_advice():
    with pytest.raises(ValueError, match=r"\[model\(x\) for x in X\]"):
        nn.MLP(2, [3, 1])([[1.0, 2.0], [3.0, 4.0]])


def test_forgotten_zero_grad_doubles_and_zero_grad_helps():
    # Eight of micrograd's threads ask about it: it is by design, and zero_grad is the answer.
    model = nn.MLP(2, [3, 1], rng=random.Random(2))
    model([1.0, 2.0]).backward()
    once = [parameter.grad for parameter in model.parameters()]
    model([1.0, 2.0]).backward()
    assert [parameter.grad for parameter in model.parameters()] == [2 * grad for grad in once]
    model.zero_grad()
    assert {parameter.grad for parameter in model.parameters()} == {0.0}


def test_backward_on_the_loss_of_the_step_before_is_refused():
    # micrograd: a gradient of old activations and new weights.
    model = nn.MLP(2, [3, 1], activation="tanh", rng=random.Random(2))
    loss = (model([1.0, 2.0]) - 1.0) ** 2
    loss.backward()
    for parameter in model.parameters():
        parameter.data -= 0.1 * parameter.grad
    before = [parameter.grad for parameter in model.parameters()]
    with pytest.raises(StaleGraphError, match=r"layer\d\.neuron\d\.[wb]\d? was written after"):
        loss.backward()
    assert [parameter.grad for parameter in model.parameters()] == before


def test_shared_layer_is_counted_once_and_gets_the_gradient_of_both_uses():
    # Engines that list parameters by walking attributes naively move a shared weight twice.
    class Twice(nn.Module):
        def __init__(self):
            self.there = self.back = nn.Neuron(1, nonlin=False, rng=random.Random(1))

        def __call__(self, x):
            return self.back([self.there(x)])

    model = Twice()
    w, b = model.there.w[0], model.there.b
    w.data, b.data = 3.0, 1.0
    output = model([2.0])  # w * (w * 2 + b) + b
    output.backward()
    assert model.parameters() == [w, b]
    assert (output.data, w.grad, b.grad) == (22.0, 13.0, 4.0)


def test_rng_that_was_passed_in_is_the_only_source_of_randomness():
    random.seed(1)
    first = [parameter.data for parameter in nn.MLP(2, [3, 1], rng=random.Random(9)).parameters()]
    random.seed(2)
    second = [parameter.data for parameter in nn.MLP(2, [3, 1], rng=random.Random(9)).parameters()]
    assert first == second


def test_cross_entropy_of_logits_of_1000_has_a_loss_and_a_gradient():
    # log(softmax(x)) at 1000: OverflowError, or log(0).
    logits = [Value(1000.0), Value(-1000.0)]
    loss = nn.softmax_cross_entropy(logits, 1)
    loss.backward()
    assert loss.data == 2000.0
    assert [logit.grad for logit in logits] == [1.0, -1.0]
