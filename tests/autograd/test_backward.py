"""The reverse sweep: accumulation, seeds, stale graphs, interruptions."""

import gc
import random
import signal
import sys
import threading
import weakref

import pytest

from autograd import StaleGraphError, Value, fsum, maximum, no_grad, tanh
from autograd.backward import local_partials
from autograd.graph import topological_order


def test_gradients_of_a_hand_worked_expression():
    # loss = tanh(a b + c) at ab + c = 0.5: d/da = (1 - tanh(0.5)^2) b
    a, b, c = Value(2.0), Value(-3.0), Value(6.5)
    loss = (a * b + c).tanh()
    loss.backward()
    slope = 1 - 0.46211715726000975**2
    assert a.grad == pytest.approx(-3.0 * slope, rel=1e-15)
    assert b.grad == pytest.approx(2.0 * slope, rel=1e-15)
    assert c.grad == pytest.approx(slope, rel=1e-15)
    assert loss.grad == 1.0


def test_a_node_used_twice_gets_both_contributions():
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0
    b = Value(3.0)
    (b * b * b).backward()
    assert b.grad == 27.0


def test_backward_on_a_leaf_gives_one():
    a = Value(3.0)
    a.backward()
    assert a.grad == 1.0


def test_leaves_accumulate_and_inner_nodes_are_set_afresh():
    x = Value(3.0)
    square = x * x
    y = square * square
    y.backward()
    y.backward()
    assert (x.grad, square.grad, y.grad) == (216.0, 18.0, 1.0)


def test_calling_backward_twice_doubles_to_the_bit():
    x, y = Value(0.1), Value(0.7)
    z = (x * y + x / y).tanh() * (x - 3 * y).sigmoid()
    z.backward()
    once = x.grad, y.grad
    z.backward()
    assert (x.grad, y.grad) == (2 * once[0], 2 * once[1])


def test_the_seed_is_the_gradient_that_arrives_at_the_root():
    x = Value(3.0)
    y = x * x
    y.backward(seed=10)
    assert (x.grad, y.grad) == (60.0, 10.0)
    with pytest.raises(TypeError, match="str"):
        y.backward("1")
    assert x.grad == 60.0


def test_a_grad_set_to_none_counts_as_zero():
    x = Value(3.0)
    x.grad = None
    (x * 2).backward()
    assert x.grad == 2.0


def test_a_stale_graph_is_refused_and_nothing_is_changed():
    x, y = Value(3.0), Value(5.0)
    z = x * y
    x.data = 4.0
    with pytest.raises(StaleGraphError, match=r"x was written after z was computed"):
        z.backward()
    assert (x.grad, y.grad, z.grad) == (0.0, 0.0, 0.0)


def test_a_leaf_written_before_its_use_or_outside_the_graph_makes_nothing_stale():
    x, other = Value(3.0), Value(1.0)
    x.data = 4.0
    y = x * x
    other.data = 7.0
    y.backward()
    assert x.grad == 8.0


def test_a_write_between_two_uses_is_noticed():
    x = Value(3.0)
    early = x * 2
    x.data = 4.0
    late = x * 3
    late.backward()
    assert x.grad == 3.0
    with pytest.raises(StaleGraphError):
        (early + late).backward()
    with pytest.raises(StaleGraphError):
        fsum([early, late]).backward()


def test_random_programs_with_writes_never_get_a_silently_wrong_gradient():
    # Each gradient is either the one at the forward pass, or a StaleGraphError.
    rng = random.Random(0)
    stale = fine = 0
    for _ in range(2000):
        leaves = [Value(rng.uniform(0.5, 2.0)) for _ in range(4)]
        nodes = list(leaves)
        written = set()
        expected = {leaf: leaf.data for leaf in leaves}
        for _ in range(rng.randrange(2, 9)):
            if rng.random() < 0.2:
                leaf = rng.choice(leaves)
                leaf.data = rng.uniform(0.5, 2.0)
                written.add(leaf)
            a, b = rng.choice(nodes), rng.choice(nodes)
            nodes.append(rng.choice([a * b, a + b, tanh(a), a / b]))
        root = nodes[-1]
        # The truth: recompute every node from the leaves as they are now.
        consistent = recomputed(root) == root.data
        try:
            root.backward()
        except StaleGraphError:
            stale += 1
            assert written
            assert all(leaf.grad == 0.0 for leaf in leaves)
        else:
            fine += 1
            assert consistent
            assert expected  # the leaves of a graph that is not stale hold the forward's numbers
    assert stale > 200
    assert fine > 200


def recomputed(node, memo=None):
    memo = {} if memo is None else memo
    if node.op is None:
        return node.data
    if node not in memo:
        arguments = [a if type(a) is float else recomputed(a, memo) for a in node.args]
        memo[node] = node.op.on_numbers(*arguments)
    return memo[node]


def test_an_undefined_derivative_is_an_error_that_changes_nothing():
    x = Value(0.0, label="x")
    y = x.sqrt() + x
    with pytest.raises(ZeroDivisionError, match=r"derivative of sqrt at x = 0\.0"):
        y.backward()
    assert x.grad == 0.0


def test_a_gradient_that_overflows_on_the_way_is_an_error_that_names_the_node():
    tiny = Value(1e-300, label="tiny")
    y = tiny * 1e200 * 1e200
    with pytest.raises(OverflowError, match="tiny"):
        y.backward()
    assert tiny.grad == 0.0


def test_the_edge_that_overflows_is_the_one_that_is_named():
    d = Value(1e-200, label="d")
    inner = d * 1e200
    loss = inner * 1e200 + d * 2.0
    with pytest.raises(OverflowError, match=r"through inner = 1\.0 it gets 1e\+200 \* 1e\+200"):
        loss.backward()


def test_the_partial_of_a_constant_is_never_evaluated():
    x = Value(-2.0)
    (x**2.0).backward()  # by the exponent it would need log(-2)
    assert x.grad == -4.0


@pytest.mark.parametrize("seed", range(20))
def test_an_interruption_at_any_line_leaves_the_old_or_the_new_state(seed):
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-1, 1)) for _ in range(3)]
    a, b, c = leaves
    root = maximum(a * b, b + c, c.tanh()) * (a - c) + fsum([a, b, 2.0])
    nodes = list(topological_order(root))
    root.backward()
    old = [node.grad for node in nodes]
    root.backward()
    new = [node.grad for node in nodes]
    for node, gradient in zip(nodes, old, strict=True):
        node.grad = gradient

    countdown = rng.randrange(1, 260)

    def interrupt(frame, event, argument):
        nonlocal countdown
        if event == "line":
            countdown -= 1
            if countdown == 0:
                raise KeyboardInterrupt
        return interrupt

    previous = sys.gettrace()
    sys.settrace(interrupt)
    try:
        root.backward()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(previous)
    assert [node.grad for node in nodes] in (old, new)


def test_a_real_signal_during_a_long_sweep_changes_no_gradient():
    x = Value(1.0)
    y = x
    for _ in range(200_000):
        y = y + x

    def sweep_for_ever():
        while True:
            x.grad = 0.0
            y.backward()

    timer = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])
    # A shell lets a program in the background ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            sweep_for_ever()
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    assert x.grad in (0.0, 200_001.0)


def test_eight_threads_with_their_own_graphs_are_exact():
    results = {}

    def work(name):
        rng = random.Random(name)
        total = 0.0
        for _ in range(200):
            x = Value(rng.random())
            y = x
            for _ in range(20):
                y = (y * x + 0.5).tanh()
            y.backward()
            total += x.grad
            x.data = 0.0
        results[name] = total

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    threaded = dict(results)
    for name in range(8):
        work(name)
    assert results == threaded


class Watched(Value):
    """A leaf that can be seen going."""

    __slots__ = ("__weakref__",)


def test_a_graph_is_freed_without_the_cyclic_collector():
    gc.disable()
    try:
        leaves = [Watched(2.0), Watched(-3.0)]
        gone = [weakref.ref(leaf) for leaf in leaves]
        product = leaves[0] * leaves[1]
        root = product + product * leaves[0]
        root.backward()
        del leaves, product
        assert all(leaf() is not None for leaf in gone)  # the root remembers them
        del root
        assert all(leaf() is None for leaf in gone)
    finally:
        gc.enable()


def test_local_partials_are_the_numbers_on_the_edges():
    a, b = Value(3.0), Value(4.0)
    assert local_partials(a * b) == [4.0, 3.0]
    assert local_partials(a - 2.0) == [1.0, None]
    assert local_partials(a) == []
    assert local_partials(maximum(a, b, 4.0)) == [0.0, 0.5, None]


def test_nothing_is_recorded_in_no_grad():
    x = Value(3.0)
    with no_grad():
        y = x * x + x.exp()
    assert y.args == ()
    y.backward()
    assert x.grad == 0.0
