"""The softmax family: every road to a share is exact, and costs in proportion to its values."""

import math
import random

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    Value,
    fsum,
    grad,
    hvp,
    ieee,
    jacobian,
    log_softmax,
    logsumexp,
    maximum,
    minimum,
    no_grad,
    softmax,
)
from autograd.formulas.of_many import FEW
from autograd.graph import edges, topological_order

MORE = FEW + 8


def logits(seed, size=MORE):
    rng = random.Random(seed)
    spread, shift = rng.choice([1e-6, 1.0, 30.0, 300.0]), rng.choice([0.0, -1000.0, 1e6])
    values = [shift + rng.uniform(-spread, spread) for _ in range(size)]
    if seed % 3 == 1:
        values[3] = values[0]
    if seed % 3 == 2:
        values[rng.randrange(size)] = shift + 10 * spread
    return values


def exact(values):
    """The shares, with digits enough for 1 minus the largest."""
    weights = [mpmath.exp(mpmath.mpf(value) - max(values)) for value in values]
    return [weight / mpmath.fsum(weights) for weight in weights]


def ulps(got, right):
    return float(abs(mpmath.mpf(got) - right) / math.ulp(float(right)))


@pytest.mark.parametrize("seed", range(12))
def test_shares_over_a_common_node_are_right_to_two_ulp(seed):
    values = logits(seed)
    nodes = [Value(value) for value in values]
    with mpmath.workdps(400):
        for found, logarithm, right in zip(
            softmax(nodes), log_softmax(nodes), exact(values), strict=True
        ):
            if right > 1e-300:
                assert ulps(found.data, right) <= 2
                assert ulps(logarithm.data, mpmath.log(right)) <= 2


@pytest.mark.parametrize("seed", range(12))
def test_gradients_of_shares_over_a_common_node_are_right_also_where_one_has_nearly_all(seed):
    values = logits(seed)
    with mpmath.workdps(400):
        shares = exact(values)
        largest = shares.index(max(shares))
        for place in (largest, (largest + 1) % MORE):
            found = grad(lambda v, place=place: softmax(v)[place])(values)
            logarithm = grad(lambda v, place=place: log_softmax(v)[place])(values)
            for other, share in enumerate(shares):
                slope = (other == place) - share
                if abs(slope * shares[place]) > 1e-290:
                    assert ulps(found[other], shares[place] * slope) <= 6
                    assert ulps(logarithm[other], slope) <= 4


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(-20, 20), min_size=MORE, max_size=MORE), st.randoms())
def test_both_roads_agree_to_any_order(values, rng):
    weights = [rng.uniform(-1, 1) for _ in values]

    def over_all(v):  # one row over all values for each share
        return fsum(w * log_softmax(v, k).exp() for k, w in enumerate(weights))

    def in_common(v):
        return fsum(w * share for w, share in zip(weights, softmax(v), strict=True))

    close = pytest.approx
    assert grad(in_common)(values) == close(grad(over_all)(values), rel=1e-10, abs=1e-14)
    assert hvp(in_common, values, weights) == close(
        hvp(over_all, values, weights), rel=1e-9, abs=1e-13
    )


@pytest.mark.parametrize("size", [1, 2, FEW, MORE])
def test_softmax_of_numbers_is_that_of_values(size):
    values = logits(5, size)
    found = [share.data for share in softmax(list(map(Value, values)))]
    assert softmax(values) == pytest.approx(found, rel=1e-15)
    with no_grad():
        assert [share.args for share in softmax(list(map(Value, values)))] == [()] * size


def test_minus_infinity_masks_a_value_in_a_long_list_too():
    values = [*logits(0), -math.inf]
    assert softmax(list(map(Value, values)))[-1].data == softmax(values)[-1] == 0.0
    nodes = list(map(Value, values))
    softmax(nodes)[0].backward()
    assert nodes[-1].grad == 0.0
    with ieee():
        assert math.isnan(softmax([*map(Value, logits(0)), Value(math.inf)])[0].data)


# Cost --------------------------------------------------------------------------------------------


def work(function, size):
    """How many edges a sweep over all results goes over."""
    nodes = [Value(math.sin(k)) for k in range(size)]
    results = function(nodes)
    results = results if isinstance(results, list) else [results]
    return len(edges(topological_order(fsum(results))))


@pytest.mark.parametrize(
    "function",
    [softmax, log_softmax, logsumexp, lambda v: log_softmax(v, 0), lambda v: maximum(*v),
     lambda v: minimum(*v)],
    ids=["softmax", "log_softmax", "logsumexp", "a place", "maximum", "minimum"],
)  # fmt: skip
def test_the_graph_has_a_constant_number_of_edges_for_each_value(function):
    assert work(function, 400) <= 2.1 * work(function, 200)


class Counted(float):
    """A number that counts how often it is compared, added or subtracted."""

    operations = 0

    def __sub__(self, other):
        Counted.operations += 1
        return float(self) - other

    def __ge__(self, other):
        Counted.operations += 1
        return float(self) >= other

    def __le__(self, other):
        Counted.operations += 1
        return float(self) <= other

    def __add__(self, other):
        Counted.operations += 1
        return float(self) + other


@pytest.mark.parametrize(
    "name", ["softmax", "log_softmax", "softmax_rest", "logsumexp", "maximum", "minimum", "sum"]
)
def test_all_partials_of_a_row_cost_a_constant_number_of_operations_for_each_value(name):
    from autograd.rules import OPS

    def cost(size):
        Counted.operations = 0
        values = tuple(Counted(math.sin(k)) for k in range(size))
        point = (0.0, *values) if "softmax" in name else values
        op = OPS[name]
        op.partials(op.on_numbers(*point), point)
        return Counted.operations

    assert cost(600) <= 2.1 * cost(300) + 100


def test_ten_thousand_values_are_swept():
    nodes = [Value(math.sin(k)) for k in range(10_000)]
    fsum(share * share for share in softmax(nodes)).backward()
    assert fsum(node.grad for node in nodes) == pytest.approx(0.0, abs=1e-15)


# Places ------------------------------------------------------------------------------------------


def test_a_place_counts_from_the_end_as_in_a_list():
    nodes = [Value(1.0), Value(2.0), Value(3.0)]
    log_softmax(nodes, -1).backward()
    assert [round(node.grad, 4) for node in nodes] == [-0.09, -0.2447, 0.3348]
    numbers = [1.0, 2.0, 3.0]
    for place in range(-3, 3):
        assert log_softmax(numbers, place) == log_softmax(numbers)[place]
        assert log_softmax(nodes, Value(place)).data == log_softmax(numbers)[place]


@pytest.mark.parametrize("place", [1.5, math.nan, math.inf, "1", Value(0.5), 1j, [1]])
def test_a_place_that_is_no_whole_number_is_refused(place):
    with pytest.raises(TypeError, match=r"place in log_softmax\(\) is a whole number"):
        log_softmax([Value(1.0), Value(2.0), Value(3.0)], place)


@pytest.mark.parametrize("place", [3, -4, 1e9])
def test_a_place_outside_is_refused(place):
    with pytest.raises(IndexError, match=r"log_softmax\(\) of 3 values has no place"):
        log_softmax([1.0, 2.0, 3.0], place)


def test_second_derivatives_by_a_place_that_is_a_value():
    place = Value(1.0)
    first = grad(grad(lambda t: log_softmax([t, t * t], place)))(0.3)
    assert first == grad(grad(lambda t: log_softmax([t, t * t], 1)))(0.3)
    assert jacobian(lambda v: log_softmax(v, True))([0.0, 0.0]) == [-0.5, 0.5]
