"""Graphs of a million nodes: built, swept, printed, copied, pickled and freed without recursion."""

import copy
import pickle
import subprocess
import sys
import threading

import pytest

from autograd import Value
from autograd.words.formula_printer import formula

MILLION = 1_000_000


def chain(length):
    x = Value(1.0, label="x")
    node = x
    for _ in range(length):
        node = node + x
    return x, node


def ladder(length):
    """Two rails, each rung made of both: the number of paths doubles at every rung."""
    x = Value(1.0, label="x")
    left, right = x * 0.5, x * 0.5
    for _ in range(length // 2):
        left, right = left * 0.5 + right * 0.5, right
    return x, left + right


@pytest.fixture(autouse=True)
def _little_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(120)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def test_a_chain_of_a_million_nodes_lives_a_whole_life():
    x, root = chain(MILLION)
    root.backward()
    assert x.grad == MILLION + 1
    assert repr(root) == f"Value(data={MILLION + 1.0}, grad=1.0)"
    assert len(formula(root)) < 100

    twin = copy.deepcopy(root)
    x.grad = 0.0
    twin.backward()
    assert x.grad == 0.0
    del twin
    root.backward()
    assert x.grad == MILLION + 1


def test_a_chain_of_a_million_nodes_is_pickled():
    x, root = chain(MILLION)
    again_x, again = pickle.loads(pickle.dumps((x, root)))
    del root
    again.backward()
    assert (again_x.grad, x.grad) == (MILLION + 1, 0.0)


def test_a_ladder_lives_a_whole_life_though_its_paths_cannot_be_counted():
    x, root = ladder(MILLION // 2)
    root.backward()
    once = x.grad
    twin_x, twin = copy.deepcopy((x, root))
    twin_x.grad = 0.0
    twin.backward()
    assert twin_x.grad == once
    assert x.grad == once
    assert once == pytest.approx(1.0)


def test_all_of_it_fits_into_a_thread_with_a_small_stack():
    outcome = []

    def work():
        x, root = chain(200_000)
        root.backward()
        twin = copy.deepcopy(root)
        again = pickle.loads(pickle.dumps(root))
        del root, twin, again
        outcome.append(x.grad)

    size = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
    finally:
        threading.stack_size(size)
    thread.join()
    assert outcome == [200_001.0]


def test_a_deep_graph_that_is_alive_at_exit_is_freed_quietly():
    program = (
        "from autograd import Value\n"
        "x = node = Value(1.0)\n"
        "for _ in range(300_000): node = node + x\n"
        "node.backward(); print(x.grad)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "300001.0\n", "")
