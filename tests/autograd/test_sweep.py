"""The corners of the sweep: stale operands of many, and gradients that are not finite."""

import math

import pytest

from autograd import StaleGraphError, Value, fsum, grad, logsumexp, maximum
from autograd.backward import check_finite
from autograd.graph import topological_order


@pytest.mark.parametrize(
    "function", [lambda x, w: maximum(w, x, 1.0), lambda x, w: logsumexp([w, x])]
)
def test_stale_leaf_among_many_operands_is_named_and_nothing_is_written(function):
    x, w = Value(2.0, label="x"), Value(1.0, label="w")
    root = function(x, w)
    x.data = 0.0
    with pytest.raises(StaleGraphError, match=r"^x"):
        root.backward()
    assert x.grad == w.grad == root.grad == 0.0


@pytest.mark.parametrize("add", [lambda a, b: a + b, lambda a, b: fsum([a, b])])
def test_a_sum_goes_stale_as_every_operation_does_however_it_is_written(add):
    a, b = Value(2.0, label="a"), Value(1.0, label="b")
    root = add(a, b)
    a.data = 5.0
    with pytest.raises(StaleGraphError, match=r"^a was written after"):
        root.backward()
    assert a.grad == b.grad == 0.0


def test_gradients_that_are_finite_one_by_one_may_add_up_to_infinity():
    x, w = Value(1.0), Value(-1.0)
    (x * 1.5e308 + w * 1.5e308).backward()
    assert x.grad == w.grad == 1.5e308


def test_seed_that_is_not_finite_is_no_error():
    x = Value(2.0)
    (x * 3.0).backward(math.inf)
    assert x.grad == math.inf


def test_infinity_that_came_in_as_data_is_no_error():
    x = Value(math.inf)
    (x * 3.0 + 1.0).backward()
    assert x.grad == 3.0


def test_only_the_edge_that_overflows_is_to_blame():
    x = Value(1e-200, label="x")
    steep = x * 1e200 * 1e200 + x
    with pytest.raises(OverflowError, match="x"):
        steep.backward()
    with pytest.raises(OverflowError):
        grad(lambda x: x * 1e200 * 1e200)(1e-200)
    assert x.grad == 0.0


def test_finite_sweep_passes_the_check():
    x = Value(2.0)
    root = x * x
    root.backward()
    assert check_finite(topological_order(root)) is None
