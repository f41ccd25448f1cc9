"""What Module promises to whoever stores parameters in attributes."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

import nn
from autograd import Value
from nn import Module


class Mixed(Module):
    """Parameters in every kind of place."""

    def __init__(self) -> None:
        self.scale = Value(1.0)
        self.bias = [Value(2.0), Value(3.0)]
        self.table = {"left": Value(4.0)}
        self.grid = [[Value(5.0), Value(6.0)]]
        self.blocks = (nn.Layer(1, 1), nn.Layer(1, 1))
        self.title = "no parameter"


def test_parameters_are_found_in_attributes_lists_tuples_dicts_and_modules() -> None:
    assert list(Mixed().named_parameters()) == [
        "scale",
        "bias1",
        "bias2",
        "table.left",
        "grid1_1",
        "grid1_2",
        "block1.neuron1.w1",
        "block1.neuron1.b",
        "block2.neuron1.w1",
        "block2.neuron1.b",
    ]


def test_parameters_and_named_parameters_are_the_same_values_in_the_same_order() -> None:
    module = Mixed()
    named = list(module.named_parameters().values())
    assert all(a is b for a, b in zip(module.parameters(), named, strict=True))


def test_a_shared_parameter_appears_once_under_its_first_name() -> None:
    class Tied(Module):
        def __init__(self) -> None:
            self.first = nn.Neuron(1)
            self.second = self.first
            self.weight = self.first.w[0]

    assert list(Tied().named_parameters()) == ["first.w1", "first.b"]


def test_a_module_that_refers_to_itself_is_entered_once() -> None:
    class Child(Module):
        def __init__(self, parent: Module) -> None:
            self.parent = parent
            self.weight = Value(1.0)

    class Parent(Module):
        def __init__(self) -> None:
            self.child = Child(self)

    assert list(Parent().named_parameters()) == ["child.weight"]


def test_a_computed_value_in_an_attribute_is_no_parameter() -> None:
    class Remembering(Module):
        def __init__(self) -> None:
            self.weight = Value(2.0)

        def __call__(self, x: Any) -> Any:
            self.last_output = self.weight * x
            return self.last_output

    module = Remembering()
    module(3.0)
    assert list(module.named_parameters()) == ["weight"]


def test_two_parameters_of_the_same_name_are_refused_instead_of_one_being_lost() -> None:
    class Clashing(Module):
        def __init__(self) -> None:
            self.w1 = Value(1.0)
            self.w = [Value(2.0)]

    with pytest.raises(ValueError, match="two parameters 'w1'"):
        Clashing().parameters()


def test_zero_grad_sets_every_gradient_to_zero() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=random.Random(1))
    model([1.0, 2.0]).backward()
    assert any(parameter.grad != 0.0 for parameter in model.parameters())
    model.zero_grad()
    assert [parameter.grad for parameter in model.parameters()] == [0.0] * 13


def test_a_subclass_that_lists_its_own_parameters_as_in_micrograd_keeps_its_zero_grad() -> None:
    class Own(Module):
        def __init__(self) -> None:
            self.hidden = {Value(1.0)}

        def parameters(self) -> list[Value]:
            return list(self.hidden)

    module = Own()
    (parameter,) = module.parameters()
    parameter.grad = 5.0
    module.zero_grad()
    assert parameter.grad == 0.0


def test_a_base_module_has_no_parameters() -> None:
    assert Module().parameters() == []
    assert repr(Module()) == "<Module with 0 parameters>"


def test_summary_lists_parts_and_counts() -> None:
    assert nn.MLP(3, [4, 4, 1]).summary().splitlines() == [
        "name    part                              parameters",
        "layer1  Layer(3, 4, activation='relu')            16",
        "layer2  Layer(4, 4, activation='relu')            20",
        "layer3  Layer(4, 1, activation='linear')           5",
        "total                                             41",
    ]


def test_summary_of_a_neuron_lists_its_values() -> None:
    lines = nn.Neuron(2).summary().splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["w1", "Value", "1"],
        ["w2", "Value", "1"],
        ["b", "Value", "1"],
        ["total", "3"],
    ]


def test_a_deep_copy_of_a_model_answers_the_same_and_shares_no_parameter() -> None:
    model = nn.MLP(2, [3, 1], rng=random.Random(3))
    twin = copy.deepcopy(model)
    before = model([1.0, -1.0]).data
    assert twin([1.0, -1.0]).data == before
    for parameter in twin.parameters():
        parameter.data = 0.0
    assert model([1.0, -1.0]).data == before
    assert list(twin.named_parameters()) == list(model.named_parameters())
