"""paths(root, leaf): the derivative as a sum over paths, the largest of them, and their number."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, fsum, ieee, maximum
from autograd.ask.paths import paths, readable_count
from autograd.graph import topological_order


def leaf(label: str, data: float) -> Value:
    return Value(data, label=label)


def random_graph(seed: int, size: int = 12) -> tuple[Value, list[Value]]:
    """A root, and the leaves of its graph, each of which may be used many times."""
    choose = random.Random(seed)
    leaves = [Value(choose.uniform(-2.0, 2.0), label=f"x{k}") for k in range(3)]
    nodes: list[Any] = [*leaves]
    for _ in range(size):
        a, b, c = (choose.choice(nodes[-6:]) for _ in range(3))
        nodes.append(
            choose.choice([a + b, a * b, a - b, a.tanh(), fsum([a, b, c]), a * 0.5, maximum(a, b)])
        )
    return nodes[-1], leaves


def every_path(node: Value, start: Value) -> list[tuple[list[Value], float]]:
    """All paths, one by one, by recursion: what ``paths`` must not do, and must agree with."""
    if node is start:
        return [([start], 1.0)]
    found = []
    numbers = [each if isinstance(each, float) else each.data for each in node.args]
    for position, argument in enumerate(node.args):
        if isinstance(argument, Value):
            assert node.op is not None
            partial = node.op.partial(position, node.data, tuple(numbers))
            found += [([*path, node], size * partial) for path, size in every_path(argument, start)]
    return found


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_sum_number_and_largest_are_those_of_all_paths(seed: int, which: int) -> None:
    root, leaves = random_graph(seed)
    expected = every_path(root, leaves[which])
    found = paths(root, leaves[which], most=4)
    assert found.count == len(expected)
    assert found.derivative == pytest.approx(math.fsum(size for _, size in expected), abs=1e-12)
    sizes = sorted((abs(size) for _, size in expected), reverse=True)
    assert [abs(path.product) for path in found.top] == pytest.approx(sizes[:4], abs=1e-12)
    for path in found.top:
        assert path.nodes in [nodes for nodes, _ in expected]
        assert len(path.partials) == len(path.nodes) - 1


@given(st.integers(0, 10_000))
def test_all_paths_together_are_the_derivative_and_no_rest(seed: int) -> None:
    root, leaves = random_graph(seed, size=8)
    found = paths(root, leaves[0], most=10_000)
    assert len(found.top) == found.count
    total = math.fsum(path.product for path in found.top)
    assert total == pytest.approx(found.derivative, abs=1e-12)
    assert found.rest == 0.0


@given(st.integers(0, 10_000))
def test_the_derivative_is_that_of_backward_and_no_gradient_changes(seed: int) -> None:
    root, leaves = random_graph(seed)
    order = topological_order(root)
    for place, node in enumerate(order):
        node.grad = float(place)
    derivative = paths(root, leaves[0]).derivative
    assert [node.grad for node in order] == list(map(float, range(len(order))))
    for node in (*order, *leaves):
        node.grad = 0.0
    root.backward()
    assert derivative == leaves[0].grad


def test_no_two_of_the_top_paths_are_the_same_but_for_parallel_edges() -> None:
    x, y = leaf("x", 2.0), leaf("y", 3.0)
    root = (x * y + x) * (x + y) * y
    top = paths(root, x, most=50).top
    seen = [tuple(map(id, path.nodes)) for path in top]
    assert len(set(seen)) == len(seen)


def test_parallel_edges_are_two_paths() -> None:
    x = leaf("x", 3.0)
    found = paths(x * x, x)
    assert (found.count, found.edges, found.derivative) == (2, 2, 6.0)
    assert [path.partials for path in found.top] == [[3.0], [3.0]]


def test_the_largest_by_size_comes_first_also_if_it_is_negative() -> None:
    x = leaf("x", 1.0)
    root = x * 2.0 - x * 5.0 + x * 3.0
    assert [path.product for path in paths(root, x).top] == [-5.0, 3.0, 2.0]
    assert [path.product for path in paths(root, x, most=1).top] == [-5.0]
    assert paths(root, x, most=1).rest == 5.0
    assert paths(root, x, most=0).top == []


def test_a_ladder_of_a_thousand_rungs_is_counted_exactly() -> None:
    x = leaf("x", 0.0)
    step = x
    for _ in range(1000):
        step = step + step
    found = paths(step, x, most=3)
    assert found.count == 2**1000
    assert found.edges == 2000
    assert [path.product for path in found.top] == [1.0] * 3
    assert len({tuple(map(id, path.nodes)) for path in found.top}) == 1


def test_fibonacci_counts_its_paths() -> None:
    before, now = leaf("a", 1.0), leaf("b", 1.0)
    start = now
    for _ in range(100):
        before, now = now, before + now
    numbers = [1, 1]
    while len(numbers) < 101:
        numbers.append(numbers[-1] + numbers[-2])
    assert paths(now, start).count == numbers[100]


def test_a_single_path_is_the_derivative_to_the_last_bit() -> None:
    x = leaf("x", 0.3)
    node = x
    for _ in range(100):
        node = (node * 1.1).tanh()
    found = paths(node, x)
    assert found.count == 1
    assert found.top[0].product == found.derivative


def test_a_deep_chain_needs_no_recursion() -> None:
    x = leaf("x", 1.0)
    node = x
    for _ in range(20_000):
        node = node * 0.5 * 2.0
    other = node + x * 1e-5
    top = paths(other, x).top
    assert [len(path.nodes) for path in top] == [40_002, 3]
    assert top[1].product == 1e-5


def test_an_inner_node_can_be_the_leaf() -> None:
    x = leaf("x", 2.0)
    h = x.tanh()
    found = paths(h * h * x, h)
    assert found.count == 2
    assert all(path.nodes[0] is h for path in found.top)


def test_the_root_itself_is_one_path_of_no_edge() -> None:
    x = leaf("x", 2.0)
    found = paths(x, x)
    assert (found.count, found.edges, found.derivative, found.top[0].nodes) == (1, 0, 1.0, [x])


def test_where_there_is_no_path_the_derivative_is_zero() -> None:
    x, y = leaf("x", 2.0), leaf("y", 2.0)
    y2 = y * y
    found = paths(y2, x)
    assert (found.count, found.derivative, found.top) == (0, 0.0, [])
    assert str(found) == "y2 was not computed from x: no path, so the derivative is 0.0."


def test_it_prints_the_contributions_the_nodes_and_the_factors() -> None:
    w, x, b = leaf("w", 0.5), leaf("x", 2.0), leaf("b", -3.0)
    loss = (w * x + b) * w
    title, *lines, reason = str(paths(loss, w)).splitlines()
    assert title == "The derivative of loss with respect to w, -1, is the sum of 2 paths:"
    assert [" ".join(line.split()) for line in lines] == [
        "-2 w -> loss -2",
        "1 w -> w * x -> w * x + b -> loss 2 * 1 * 0.5",
    ]
    assert "only the 4 edges" in reason
    assert repr(paths(loss, w)) == str(paths(loss, w))


def test_what_is_not_listed_is_counted_and_added_up() -> None:
    x = leaf("x", 1.0)
    total = fsum([x * float(k) for k in range(1, 101)])
    lines = str(paths(total, x, most=2)).splitlines()
    assert lines[3].strip() == "4851  the 98 other paths together"


def test_a_long_path_is_short_in_print_and_whole_as_data() -> None:
    x = leaf("x", 1.0)
    node = x
    for _ in range(500):
        node = node * 1.5
    found = paths(node, x)
    assert len(found.top[0].partials) == 500
    assert len(str(found)) < 400


def test_a_notebook_shows_a_table_that_names_cannot_break() -> None:
    x = leaf("<script>alert(1)</script>", 1.0)
    shown = paths(x * 2.0 + x, x)._repr_html_()
    assert "<script>" not in shown
    assert shown.count("<tr>") == 3


@pytest.mark.parametrize("arguments", [(2.0, Value(1.0)), (Value(1.0), 2.0), (None, "w")])
def test_what_is_no_value_is_refused(arguments: Any) -> None:
    with pytest.raises(TypeError, match=r"write paths\(loss, w\)"):
        paths(*arguments)


@pytest.mark.parametrize("most", [-1, 2.5, True, "all"])
def test_a_wrong_number_of_paths_is_refused(most: Any) -> None:
    with pytest.raises(ValueError, match="most= is how many"):
        paths(Value(1.0), Value(1.0), most=most)


def test_a_stale_graph_and_an_undefined_slope_are_refused_as_by_backward() -> None:
    x = leaf("x", 1.0)
    y = x * x
    x.data = 2.0
    with pytest.raises(StaleGraphError):
        paths(y, x)
    zero = leaf("zero", 0.0)
    with pytest.raises(ZeroDivisionError, match="sqrt"):
        paths(zero.sqrt(), zero)


def test_a_slope_that_is_not_a_number_comes_first() -> None:
    x = leaf("x", math.nan)
    with ieee():
        found = paths(x * x + x * 2.0, x)
    assert math.isnan(found.top[0].product)


def test_numbers_of_paths_are_written_so_that_they_can_be_read() -> None:
    for exponent, words in itertools.product([3, 17, 400, 20_000], [readable_count]):
        assert len(words(10**exponent)) < 20
    assert readable_count(10**6) == "1,000,000"
    assert readable_count(10**400) == "about 10**400"
