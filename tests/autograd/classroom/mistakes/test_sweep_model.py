"""The model of the sweep: without a fault it is the engine's own, to the last bit."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, fsum, grad
from autograd.backward import sweep
from autograd.classroom.mistakes.sweep_model import SweepModel, rerun
from autograd.graph import plain_number, topological_order

MADE = (
    lambda x, y: (x * y).sin(),  # numbers stay small, however many operations follow
    lambda x, y: (x - y) / 3.0,
    lambda x, y: x.tanh() ** 2,
    lambda x, y: fsum([x, y, 1.5, x]).tanh(),
)


def grown(seed):
    """A random graph in which nodes are used several times, constants among their arguments."""
    rng = random.Random(seed)
    nodes = [Value(rng.uniform(0.5, 2.0), label=name) for name in "abc"]
    for _ in range(rng.randint(1, 20)):
        nodes.append(rng.choice(MADE)(rng.choice(nodes), rng.choice(nodes)))
    return nodes[-1]


@given(st.integers(0, 10**9))
def test_without_a_fault_the_gradients_are_the_engines_to_the_bit(seed):
    order = topological_order(grown(seed))
    found = SweepModel(order).gradients(seed=0.7)
    sweep(order, 0.7)
    assert [node.grad for node in order] == found


def test_an_argument_that_is_added_to_last_is_the_first_one_as_in_the_engine():
    a, b = Value(2.0), Value(-3.0)
    (edges,) = (each for each in SweepModel(topological_order(a * b)).edges if each)
    assert [edge.position for edge in edges] == [1, 0]
    assert [edge.own for edge in edges] == [-3.0, 2.0]


def test_targets_pass_nothing_on_and_what_lies_outside_of_the_order_gets_nothing():
    a, b = Value(2.0), Value(-3.0)
    u = a * b
    root = u * a
    model = SweepModel({u: None, root: None}, targets={u: None})
    assert model.gradients() == [2.0, 1.0]
    assert model.edges[0] == []


def test_differentiable_gradients_are_nodes_that_can_be_differentiated_again():
    a = Value(3.0)
    root = a * a * a
    model = SweepModel(topological_order(root), differentiable=True)
    slope = model.gradients(seed=Value(1.0))[0]
    assert plain_number(slope) == 27.0
    assert grad(lambda x: x * x * x)(3.0) == 27.0
    slope.backward()
    assert a.grad == 18.0


def test_the_pass_before_counts_only_if_it_was_of_the_same_program():
    a, b = Value(2.0), Value(-3.0)
    order = topological_order(a * b)
    before = SweepModel(rerun(order, {a: 5.0}))
    assert before.right == [-3.0, 5.0, 1.0]
    model = SweepModel(order, before=before)
    assert {edge.position: edge.earlier for edge in model.all_edges()} == {0: -3.0, 1: 5.0}
    other = SweepModel(order, before=SweepModel(topological_order(a + b)))
    assert other.before is None
    assert all(edge.earlier is None for edge in other.all_edges())


def test_a_rerun_leaves_the_program_itself_alone():
    a, b = Value(2.0, label="a"), Value(-3.0)
    root = (a * b).tanh()
    again = list(rerun(topological_order(root), {b: 0.5}))
    assert [node.data for node in again[:2]] == [2.0, 0.5]
    assert again[0].label == "a"
    assert again[-1].data == Value(1.0).tanh().data
    assert (a.data, b.data) == (2.0, -3.0)
    assert root.data != again[-1].data


def test_a_stale_graph_is_refused():
    a = Value(2.0, label="a")
    root = a * a
    a.data = 3.0
    with pytest.raises(StaleGraphError, match="a was written after"):
        SweepModel(topological_order(root))
