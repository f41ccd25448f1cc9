"""The quick forms are the plain ones, to the bit; and the engine is right without them."""

import os
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import StaleGraphError, Value, fsum, ieee, maximum, no_grad, where
from autograd.backward import sweep
from autograd.fast.operators import plain
from autograd.fast.order import quick_order
from autograd.fast.sweep import quick_sweep
from autograd.graph import between, topological_order

ROOT = Path(autograd.__file__).parent.parent


class Plain(Value):
    """A node whose operators are the plain ones."""

    __slots__ = ()


def bits(number):
    return struct.pack("<d", number)


OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1.0),
    lambda a, b: (a * a + 0.5) ** (b * 0.1),
    lambda a, b: -a,
    lambda a, b: abs(b),
    lambda a, b: a.tanh(),
    lambda a, b: (b * 0.1).exp(),
    lambda a, b: a * 2.0 - 1.5,
    lambda a, b: 3 - b,
    lambda a, b: 1.0 / (a * a + 2),
    lambda a, b: fsum([a, b, a, 2.0]),
    lambda a, b: maximum(a, b, 0.25),
    lambda a, b: where(a > b, a, b),
    lambda a, b: a.relu() + b.sigmoid(),
    lambda a, b: a + a,
]  # fmt: skip


def expression(seed, kind, size=40):
    """A random graph of nodes of a kind: the same one for every kind."""
    rng = random.Random(seed)
    nodes = [kind(rng.uniform(-2, 2)) for _ in range(4)]
    for _ in range(size):
        a, b = rng.choice(nodes), rng.choice(nodes)
        node = rng.choice(OPERATIONS)(a, b)
        if abs(node.data) < 1e6:
            nodes.append(node)
    return fsum(nodes[-5:]), nodes


seeds = st.integers(0, 10**9)


@given(seeds)
def test_operators_give_the_same_numbers_and_the_same_graph(seed):
    (quick, _), (slow, _) = expression(seed, Value), expression(seed, Plain)
    for one, two in zip(topological_order(quick), topological_order(slow), strict=True):
        assert type(one) is Value
        assert type(two) is Plain
        assert bits(one.data) == bits(two.data)
        assert one.op is two.op
        assert len(one.args) == len(two.args)


@given(seeds)
def test_the_walks_give_the_same_order(seed):
    root, nodes = expression(seed, Value)
    assert list(quick_order(root)) == list(topological_order(root))
    stop = set(nodes[::7])
    assert list(quick_order(root, stop)) == list(topological_order(root, stop=stop))


@given(seeds)
def test_the_sweeps_give_the_same_gradients(seed):
    root, _ = expression(seed, Value)
    order = topological_order(root)
    sweep(order, 1.25)
    expected = [bits(node.grad) for node in order]
    quick_sweep(order, 1.25)
    assert [bits(node.grad) for node in order] == expected


@given(seeds)
def test_the_sweeps_between_targets_give_the_same_gradients_and_touch_nothing_else(seed):
    root, nodes = expression(seed, Value)
    targets = dict.fromkeys(nodes[:2] + nodes[10:12])
    order = between(topological_order(root, stop=targets), targets)
    assume(order)  # the root may have been computed from other leaves
    outside = [node for node in topological_order(root) if node not in order]
    for node in outside:
        node.grad = 7.0
    for run in (sweep, quick_sweep):
        run(order, 1.0, targets=targets)
        found = [bits(node.grad) for node in order]
        assert all(node.grad == 7.0 for node in outside)
        if run is sweep:
            expected = found
    assert found == expected


@pytest.mark.parametrize("run", [sweep, quick_sweep])
def test_both_sweeps_refuse_a_stale_graph_in_the_same_words(run):
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    root = fsum([a * b, 1.0])
    b.data = 4.0
    with pytest.raises(StaleGraphError, match=r"^b was written after a \* b was computed"):
        run(topological_order(root), 1.0)


@pytest.mark.parametrize("run", [sweep, quick_sweep])
def test_both_sweeps_name_the_partial_that_is_undefined(run):
    x = Value(0.0, label="x")
    with pytest.raises(ZeroDivisionError, match=r"the derivative of sqrt at x = 0\.0"):
        run(topological_order(x.sqrt() * 2.0), 1.0)


def test_a_subclass_stays_a_subclass_whatever_stands_beside_it():
    x = Plain(2.0)
    results = (x + x, x + 1, x + 1.5, 1.5 - x, -x, abs(x), x.tanh(), x**2.0, autograd.exp(x))
    assert {type(result) for result in results} == {Plain}
    assert {type(result) for result in (x + Value(1.0), Value(1.0) * x)} == {Plain}


def test_a_subclass_keeps_the_operators_that_it_defines_itself():
    class Loud(Value):
        __slots__ = ()

        def __add__(self, other):
            return "loud"

    class Louder(Loud):
        __slots__ = ()

    assert Louder(1.0) + 1.0 == "loud"
    assert (Louder(1.0) * 2.0).data == 2.0


def test_modes_hold_on_both_roads():
    for kind in (Value, Plain):
        x = kind(3.0)
        with no_grad():
            assert (x * 2.0).op is None
        with ieee():
            assert (x / 0.0).data == float("inf")


def test_a_quick_operator_has_the_name_and_the_help_of_the_plain_one():
    for name, method in plain.items():
        quick = getattr(Value, name)
        assert (quick.__name__, quick.__doc__) == (method.__name__, method.__doc__)


def test_the_engine_is_right_without_its_quick_forms():
    """The whole suite of the engine's lecture and its formulas, in a process of its own."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist",
            "-k", "not million and not ladder and not small_stack",  # deep, and slow when plain
            *(f"tests/autograd/{name}" for name in (
                "test_value.py", "test_backward.py", "test_graph.py", "test_sweep.py",
                "test_forward.py", "test_functional.py", "test_transforms.py", "test_rules.py",
                "test_operands.py", "test_deep_graphs.py", "machinery", "formulas", "story",
            )),
            "tests/peer_traps/test_traps_of_graphs.py",
            "tests/peer_traps/test_traps_of_mathematics.py", "tests/dropin",
        ],
        cwd=ROOT, env=os.environ | {"CHALKGRAD_PLAIN": "1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
