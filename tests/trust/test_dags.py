"""Random graphs against the oracle, and the same graph by the engine's other roads."""

import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import dags
import pytest
import results
from hypothesis import HealthCheck, find, given, note, settings
from hypothesis.strategies import integers, randoms
from worst import engine_in_use

from autograd import Value, grad, jvp
from autograd.formulas.row import Op

FAST, LONG, BLOCK = 1_000, 100_000, 500
THIRDS = 4  # a mixed third derivative is compared for one graph in so many
ENGINE = engine_in_use()


def test_gradient_of_random_graphs_is_within_the_bound_of_its_roundings(long):
    if long:
        worst, seed = worst_in_blocks(dags.worst_of, LONG)
        kept = results.kept("dags") or {}
        results.keep("dags", kept | {"graphs": LONG, "worst": worst, "seed": seed})
    else:
        worst, seed = dags.worst_of(range(FAST))
    assert worst <= 1.0, seed
    told = results.kept("dags")["worst"]
    assert worst <= 1.05 * told, f"{worst}, and the README says {told}"


def worst_in_blocks(worst_of, count):
    """The largest error of so many graphs and its seed, by two processes."""
    blocks = [range(start, start + BLOCK) for start in range(0, count, BLOCK)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return max(pool.map(worst_of, blocks))


def test_mixed_third_derivatives_of_small_graphs_are_within_what_rounding_changes(long):
    if long:
        worst, seed = worst_in_blocks(dags.worst_third_of, LONG // THIRDS)
        kept = results.kept("dags") or {}
        results.keep("dags", kept | {"thirds": LONG // THIRDS, "worst third": worst})
    else:
        worst, seed = dags.worst_third_of(range(FAST // THIRDS))
    assert worst <= 1.0, seed


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=randoms(use_true_random=False), largest=integers(2, 30))
def test_gradient_of_any_graph_is_within_the_bound_of_its_roundings(rng, largest):
    graph = dags.graph_of(rng, largest)
    note(graph)
    error, found = dags.worst_error(ENGINE, graph)
    assert error <= 1.0, found


def test_graphs_are_large_shared_and_of_all_operations():
    graphs = [dags.random_graph(seed) for seed in range(100)]
    used = {node.name for graph in graphs for node in graph.nodes}
    assert used == set(dags.WELCOME)
    assert max(len(graph.nodes) for graph in graphs) > 50
    assert {len(graph.inputs) for graph in graphs} == {1, 2, 3, 4}
    for graph in graphs:
        assert len(graph.nodes) <= 60
    arguments = [
        x
        for graph in graphs
        for node in graph.nodes
        for x, is_node in zip(node.arguments, node.is_node, strict=True)
        if is_node
    ]
    assert len(arguments) > 1.5 * sum(len(graph.nodes) for graph in graphs)


def test_every_operation_of_the_table_is_in_the_graphs_but_the_inner_ones():
    from points import INNER
    from worst import own_rows

    assert set(dags.WELCOME) == own_rows() - INNER


def test_power_and_hypot_corners_and_places_of_log_softmax_are_drawn():
    graphs = [dags.random_graph(seed) for seed in range(100)]
    nodes = [node for graph in graphs for node in graph.nodes]
    constants = {
        (node.name, x)
        for node in nodes
        for x, is_node in zip(node.arguments, node.is_node, strict=True)
        if not is_node
    }
    corners = {(name, x) for name, xs in dags.CORNERS.items() for x in xs}
    places = {("log_softmax", float(place)) for place in range(3)}
    assert corners | places <= constants


def with_wrong_tanh():
    """An engine whose derivative of tanh is off by a part in a thousand millions."""
    rows = dict(ENGINE.rules.OPS)
    rows["tanh"] = Op("tanh", rows["tanh"].value, lambda y, a: (1.0 - y * y) * (1.0 + 1e-9))
    return SimpleNamespace(Value=Value, rules=SimpleNamespace(OPS=rows), grad=grad)


def test_wrong_partial_is_found_by_the_graphs():
    wrong = with_wrong_tanh()
    errors = [dags.worst_error(wrong, dags.random_graph(seed))[0] for seed in range(30)]
    assert max(errors) > 1e3


def test_wrong_partial_is_found_by_third_derivatives():
    wrong = with_wrong_tanh()
    graph = dags.Graph((0.3, 0.5), [
        dags.Node("*", (0, 1), (True, True)), dags.Node("tanh", (2,), (True,))])  # fmt: skip
    assert dags.third_error(ENGINE, graph, (0, 1, 0)) < 0.1
    assert dags.third_error(wrong, graph, (0, 1, 0)) > 1e3


def test_graph_that_is_wrong_is_made_small():
    wrong = with_wrong_tanh()
    small = find(
        randoms(use_true_random=False).map(lambda rng: dags.graph_of(rng, 8)),
        lambda graph: dags.worst_error(wrong, graph)[0] > 1e3,
        settings=settings(
            max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck)
        ),
        random=random.Random(0),
    )
    assert len(small.nodes) <= 5, small


@pytest.mark.parametrize("seed", range(60))
def test_grad_and_jvp_agree_with_backward_to_the_rounding_of_sums(seed):
    graph = dags.random_graph(seed, largest=30)
    numbers, _ = dags.gradients(ENGINE, graph)
    right = dags.expected(graph, numbers).gradient
    f, size = dags.function_of(ENGINE, graph), len(graph.inputs)
    by_grad = grad(f, range(size))(*graph.inputs)
    for place, (slope, allowed) in enumerate(right):
        direction = tuple(float(place == other) for other in range(size))
        value, by_jvp = jvp(f, graph.inputs, direction)
        assert value == numbers[-1]
        assert abs(by_grad[place] - slope) <= allowed
        assert abs(by_jvp - slope) <= allowed  # the same terms, added in another order
