"""Walks over the graph."""

import random

from autograd import Value, fsum
from autograd.graph import edges, topological_order


def test_arguments_come_before_results_and_each_node_once():
    rng = random.Random(1)
    nodes = [Value(float(i)) for i in range(5)]
    for _ in range(200):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(rng.choice([a + b, a * 0.5, fsum([a, b, a, 2.0])]))
    order = list(topological_order(nodes[-1]))
    place = {node: position for position, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is nodes[-1]
    for argument, node, _ in edges(order):
        assert place[argument] < place[node]


def test_the_order_is_that_of_reading_and_does_not_depend_on_hashes():
    a, b, c = (Value(float(i), label=name) for i, name in enumerate("abc"))
    root = (a + b) * (c - a)
    labels = [node.label or node.op.name for node in topological_order(root)]
    assert labels == ["a", "b", "+", "c", "-", "*"]


def test_nodes_to_stop_at_are_kept_but_not_passed():
    a = Value(1.0)
    b = a * 2
    c = b + 1
    assert list(topological_order(c, stop=[b])) == [b, c]


def test_edges_keep_repeated_arguments_and_leave_constants_out():
    a = Value(1.0)
    double = a + a
    assert edges([a, double]) == [(a, double, 0), (a, double, 1)]
    tripled = a * 3.0
    assert edges([tripled]) == [(a, tripled, 0)]
