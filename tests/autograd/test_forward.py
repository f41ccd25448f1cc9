"""Forward mode by itself: tangents of the nodes between inputs and results."""

import math

import pytest

from autograd import StaleGraphError, Value
from autograd.forward import tangents


def test_every_node_in_between_gets_its_tangent_and_no_other_node_does():
    x, w = Value(3.0), Value(5.0)
    square, beside = x * x, w * 2.0
    root = square * w + beside
    found = tangents([root], {x: 1.0})
    assert found[square] == 6.0
    assert found[root] == 30.0
    assert not {w, beside} & {*found}


def test_tangent_is_linear_in_the_direction():
    x, y = Value(0.3), Value(-1.2)
    root = (x * y).sin() + x / y

    def tangent(direction):
        return tangents([root], direction)[root]

    along_both = tangent({x: 2.0, y: -3.0})
    assert math.isclose(along_both, 2.0 * tangent({x: 1.0}) - 3.0 * tangent({y: 1.0}))


def test_leaf_written_since_is_no_tangent_but_an_error_that_names_it():
    x = Value(2.0, label="x")
    root = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError, match=r"^x"):
        tangents([root], {x: 1.0})


def test_tangents_as_nodes_can_be_differentiated_again():
    x = Value(2.0)
    root = x**3
    slope = tangents([root], {x: 1.0}, differentiable=True)[root]
    slope.backward()
    assert slope.data == 12.0
    assert x.grad == 12.0
