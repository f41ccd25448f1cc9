"""Copies and pickles of graphs: equal in every bit, without recursion, the original untouched."""

import copy
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
from autograd import StaleGraphError, Value, ieee

ROOT = str(Path(autograd.__file__).resolve().parents[1])
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def through_pickle(thing):
    return pickle.loads(pickle.dumps(thing))


ROADS = pytest.mark.parametrize("twin_of", [copy.deepcopy, through_pickle], ids=["copy", "pickle"])


SHAPES = [
    lambda a, b, c: (a + b) * 0.5,
    lambda a, b, c: (a * b).tanh(),
    lambda a, b, c: 1.0 - a,
    lambda a, b, c: a**2 / (1.0 + b * b),
    lambda a, b, c: autograd.maximum(a, b, c, 0.125),
    lambda a, b, c: autograd.fsum([a, b, 0.25, c]).sin(),
    lambda a, b, c: autograd.where(a > b, c, a),
]


def tangle(seed=1, size=300):
    """Return leaves and the root of a graph in which nodes of every shape are used many times."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-1, 1), label=f"x{position}") for position in range(5)]
    nodes = list(leaves)
    for _ in range(size):
        operation = rng.choice(SHAPES)
        nodes.append(operation(rng.choice(nodes), rng.choice(nodes), rng.choice(nodes)))
    return leaves, autograd.fsum(nodes[-20:]).tanh()


def nodes_of(root):
    """Return every node of a graph, arguments first."""
    return list(autograd.graph.topological_order(root))


def described(node):
    """Return all that a node holds, but its arguments."""
    name = None if node.op is None else node.op.name
    return node.data.hex(), node.grad.hex(), node.label, name, len(node.args)


# Equal --------------------------------------------------------------------------------------------


@ROADS
def test_twin_holds_the_same_numbers_labels_operations_and_arguments(twin_of):
    _, root = tangle()
    root.label = "root"
    root.backward()
    twin = twin_of(root)
    ours, theirs = nodes_of(root), nodes_of(twin)
    assert list(map(described, ours)) == list(map(described, theirs))
    assert twin.label == "root"
    assert not set(ours) & set(theirs)


@ROADS
def test_gradients_of_the_twin_are_equal_in_every_bit(twin_of):
    leaves, root = tangle()
    twin_leaves, twin = twin_of((leaves, root))
    twin.backward()
    assert [leaf.grad for leaf in leaves] == [0.0] * 5
    root.backward()
    assert [leaf.grad.hex() for leaf in twin_leaves] == [leaf.grad.hex() for leaf in leaves]


@ROADS
def test_original_is_untouched_by_what_happens_to_the_twin(twin_of):
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    twin_x, twin_y = twin_of((x, y))
    twin_y.backward()
    twin_x.data = 10.0
    twin_x.label = "other"
    assert (x.data, x.grad, x.label, y.data, y.grad) == (3.0, 6.0, "x", 9.0, 1.0)
    assert twin_x.grad == 12.0
    y.backward()
    assert x.grad == 12.0


@ROADS
def test_operation_of_the_twin_is_the_row_of_the_table_itself(twin_of):
    y = twin_of(Value(2.0).tanh())
    assert y.op is autograd.rules.OPS["tanh"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_of_pickle_works(protocol):
    x = Value(3.0, label="ä")
    twin_x, twin_y = pickle.loads(pickle.dumps((x, x * x + 1.0), protocol))
    twin_y.backward()
    assert (twin_y.data, twin_x.grad, twin_x.label) == (10.0, 6.0, "ä")


@ROADS
@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "-0.0", "5e-324", "0.1"])
def test_numbers_of_every_kind_keep_their_bits(twin_of, number):
    leaf = Value(float(number))
    leaf.grad = float(number)
    twin = twin_of(leaf)
    assert (twin.data.hex(), twin.grad.hex()) == (leaf.data.hex(), leaf.grad.hex())


@ROADS
def test_every_operation_of_the_table_survives(twin_of):
    special = {"where": (1.0, 0.5, 0.25), "share": (0.5, 1.0, 0.0)}
    for name, op in autograd.rules.OPS.items():
        one = op.second is None and op.every is None
        numbers = special.get(name, (0.5,) if one else (0.5, 0.25))
        variables = tuple(map(Value, numbers))
        root = Value.apply_op(op, variables)
        twin_variables, twin = twin_of((variables, root))
        root.backward()
        twin.backward()
        assert twin.op is op
        assert [leaf.grad for leaf in twin_variables] == [leaf.grad for leaf in variables], name


# Shared -------------------------------------------------------------------------------------------


@ROADS
def test_leaf_that_two_roots_share_is_shared_by_their_twins(twin_of):
    x = Value(2.0)
    first, second, twin_x = twin_of([3.0 * x, 5.0 * x, x])
    assert first.args[1] is twin_x
    assert second.args[1] is twin_x
    first.backward()
    second.backward()
    assert twin_x.grad == 8.0
    assert x.grad == 0.0


def test_inner_node_that_two_roots_share_is_shared_by_their_deep_copies():
    x = Value(2.0)
    inner = x * x
    inner, first, second = copy.deepcopy([inner, 3.0 * inner, 5.0 * inner])
    assert first.args[1] is inner
    assert second.args[1] is inner


@ROADS
def test_roots_that_share_an_inner_node_have_the_right_gradients_in_their_twins(twin_of):
    x = Value(2.0)
    inner = x * x
    twin_x, first, second = twin_of([x, 3.0 * inner, 5.0 * inner])
    first.backward()
    second.backward()
    assert twin_x.grad == (3.0 + 5.0) * 4.0


@ROADS
def test_node_used_twice_by_one_operation_is_one_node_in_the_twin(twin_of):
    x = Value(3.0)
    twin = twin_of(x * x)
    assert twin.args[0] is twin.args[1]
    twin.backward()
    assert twin.args[0].grad == 6.0


@ROADS
def test_values_in_dicts_sets_and_objects_keep_their_identity(twin_of):
    x, y = Value(1.0), Value(1.0)
    twin = twin_of({"set": {x, y}, "list": [x, y, x], "by value": {x: "x", y: "y"}})
    assert twin["list"][0] is twin["list"][2]
    assert twin["list"][0] is not twin["list"][1]
    assert twin["set"] == set(twin["list"])
    assert twin["by value"][twin["list"][1]] == "y"


@ROADS
def test_model_and_its_loss_stay_together(twin_of):
    model = nn.MLP(2, [3, 1], rng=random.Random(2))
    twin, loss = twin_of((model, model([1.0, -2.0]) ** 2))
    loss.backward()
    gradients = [parameter.grad for parameter in twin.parameters()]
    assert any(gradients)
    assert not any(parameter.grad for parameter in model.parameters())
    assert list(twin.named_parameters()) == list(model.named_parameters())
    (model([1.0, -2.0]) ** 2).backward()
    assert [parameter.grad for parameter in model.parameters()] == gradients


# Shallow ------------------------------------------------------------------------------------------


def test_shallow_copy_of_a_leaf_is_a_leaf_of_its_own():
    x = Value(3.0, label="x")
    x.grad = 5.0
    twin = copy.copy(x)
    assert (twin.data, twin.grad, twin.label) == (3.0, 5.0, "x")
    twin.data, twin.grad = 4.0, 0.0
    assert (x.data, x.grad) == (3.0, 5.0)


def test_shallow_copy_of_a_node_has_the_very_arguments_of_the_original():
    x = Value(3.0)
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    assert twin.args == (x, x)
    twin.backward()
    assert x.grad == 6.0
    assert (twin.grad, y.grad) == (1.0, 0.0)


# Deep ---------------------------------------------------------------------------------------------


@ROADS
def test_chain_of_100000_nodes_is_copied_without_recursion(twin_of):
    x = node = Value(1.0)
    for _ in range(100_000):
        node = node + 0.5
    twin_x, twin = twin_of((x, node))
    twin.backward()
    assert (twin.data, twin_x.grad, x.grad) == (50_001.0, 1.0, 0.0)


@ROADS
def test_ladder_of_2000_doublings_is_copied_node_by_node(twin_of):
    # Following every road instead of every node would take 2**2000 steps.
    node = Value(1.0)
    for _ in range(2_000):
        node = (node + node) * 0.5
    twin = twin_of(node)
    assert len(nodes_of(twin)) == len(nodes_of(node)) == 4_001


# Stale --------------------------------------------------------------------------------------------


@ROADS
def test_twin_of_a_stale_graph_is_stale(twin_of):
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        twin_of(y).backward()


@ROADS
def test_leaf_of_a_twin_that_is_written_makes_the_twin_stale_and_not_the_original(twin_of):
    x = Value(3.0)
    y = x * x
    twin_x, twin_y = twin_of((x, y))
    twin_x.data = 4.0
    with pytest.raises(StaleGraphError):
        twin_y.backward()
    y.backward()
    assert (x.grad, twin_x.grad) == (6.0, 0.0)


@ROADS
def test_leaf_that_was_written_before_the_graph_was_computed_is_fresh_in_the_twin(twin_of):
    x = Value(1.0)
    for number in (2.0, 3.0):
        x.data = number
    twin_x, twin_y = twin_of((x, x * x))
    twin_y.backward()
    assert twin_x.grad == 6.0


# In another process -------------------------------------------------------------------------------

READER = """
import pickle, sys
from autograd import StaleGraphError
with open(sys.argv[1], "rb") as file:
    x, y, old = pickle.load(file)
y.backward()
print(y.data.hex(), x.grad.hex(), x.label)
try:
    old.backward()
except StaleGraphError:
    print("the old one is stale")
z = x * y
z.backward()
print(z.data, x.grad)
x.data = 5.0
for graph in (y, z):
    try:
        graph.backward()
    except StaleGraphError:
        print("stale")
"""


def test_graph_is_read_in_a_fresh_process_and_notices_there_what_is_stale(tmp_path):
    x = Value(2.0, label="x")
    old = x + 1.0
    for number in (7.0, 8.0, 3.0):  # this process has counted writes, a fresh one none
        x.data = number
    path = tmp_path / "graph.pickle"
    path.write_bytes(pickle.dumps((x, x * x, old)))
    answer = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")])),
        },
    )
    assert answer.stderr == ""
    # z = x * x**2 adds 27 to the 6 of y.
    assert answer.stdout.splitlines() == [
        f"{(9.0).hex()} {(6.0).hex()} x",
        "the old one is stale",
        "27.0 33.0",
        "stale",
        "stale",
    ]


def test_graph_with_infinities_is_read_outside_of_the_mode_that_made_them():
    with ieee():
        y = Value(0.0).log()
    assert through_pickle(y).data == float("-inf")
    assert copy.deepcopy(y).data == float("-inf")


# Subclasses ---------------------------------------------------------------------------------------


class Weight(Value):
    """A node with attributes of its own, and a constructor of its own."""

    def __init__(self, data, unit):
        super().__init__(data)
        self.unit = unit


class Slotted(Value):
    __slots__ = ("unit",)


@ROADS
def test_attributes_of_a_subclass_survive(twin_of):
    for kind, leaf in ((Weight, Weight(2.0, ["kg"])), (Slotted, Slotted(2.0))):
        leaf.unit = ["kg"]
        root = leaf * leaf
        assert type(root) is kind
        root.unit = "kg2"
        twin_leaf, twin = twin_of((leaf, root))
        assert (type(twin), twin.unit, type(twin_leaf), twin_leaf.unit) == (
            kind, "kg2", kind, ["kg"],
        )  # fmt: skip
        twin.backward()
        assert twin_leaf.grad == 4.0


def test_an_attribute_that_is_a_node_of_the_graph_leads_to_its_copy():
    leaf = Slotted(2.0)
    root = leaf * 3.0
    root.unit = leaf
    twin = copy.deepcopy(root)
    assert twin.unit is twin.args[0]
    assert copy.copy(root).unit is leaf
