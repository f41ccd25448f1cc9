"""The calls written for NumPy by hand are the rows of the table, value and pullback."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.compiled.run import kernels
from autograd.rules import OPS

LOGITS = st.lists(st.floats(-1000.0, 1000.0), min_size=2, max_size=6)


def by_rule(name, logits, place):
    """Value and partials by the logits, from the table."""
    args = tuple(logits) if name == "logsumexp" else (float(place), *logits)
    value = OPS[name].on_numbers(*args)
    partials = OPS[name].every(value, *args)
    return value, partials if name == "logsumexp" else partials[1:]


def by_kernel(name, logits, place):
    x = np.array(logits)[:, None]
    shares, out, pull = np.empty_like(x), np.empty((1, 1)), np.empty_like(x)
    places = None if name == "logsumexp" else place
    kernels.NORMALISED[name](x, shares, places, out)
    kernels.NORMALISED[f"{name}_pull"](np.ones((1, 1)), shares, places, pull)
    return out[0, 0], pull[:, 0]


@settings(deadline=None)
@given(LOGITS, st.integers(0, 5), st.sampled_from(["softmax", "log_softmax", "logsumexp"]))
def test_the_softmax_family_is_that_of_the_table(logits, place, name):
    place = min(place, len(logits) - 1)
    value, partials = by_rule(name, logits, place)
    row = kernels.PlaceOfRow(np.array([[float(place)]]), 1)
    for places in (kernels.SamePlaces((place,), len(logits)), row):
        found, pulled = by_kernel(name, logits, places)
        assert found == pytest.approx(value, rel=1e-12, abs=3e-16)
        np.testing.assert_allclose(pulled, partials, rtol=1e-9, atol=3e-13)


def test_all_places_at_once_add_up_what_each_pulls():
    rng = np.random.default_rng(0)
    x, adjoint = rng.normal(size=(4, 3)) * 5, rng.normal(size=(4, 3))
    every = kernels.SamePlaces((0, 1, 2, 3), 4)
    for name in ("softmax", "log_softmax"):
        shares, out, pull = np.empty_like(x), np.empty_like(x), np.empty_like(x)
        kernels.NORMALISED[name](x, shares, every, out)
        kernels.NORMALISED[f"{name}_pull"](adjoint, shares, every, pull)
        for row in range(3):
            rules = [by_rule(name, x[:, row].tolist(), place) for place in range(4)]
            np.testing.assert_allclose(out[:, row], [value for value, _ in rules], rtol=1e-12)
            total = sum(adjoint[k, row] * np.array(rules[k][1]) for k in range(4))
            np.testing.assert_allclose(pull[:, row], total, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("label", [3.0, -1.0, 0.5, np.nan])
def test_a_place_outside_tells_its_rows(label):
    x = np.zeros((3, 4))
    places = kernels.PlaceOfRow(np.array([[0.0, 2.0, label, 1.0]]), 4)
    with np.errstate(all="ignore"), pytest.raises(kernels.OutsideError) as outside:
        kernels.log_softmax(x, np.empty_like(x), places, np.empty((1, 4)))
    assert outside.value.rows.tolist() == [False, False, True, False]


def test_a_gate_lets_an_adjoint_pass_where_x_is_positive_or_nan():
    x = np.array([[1.0, 0.0, -1.0, np.nan, -0.0]])
    adjoint = np.array([[5.0] * 5])
    for out in (np.empty_like(x), adjoint):
        kernels.gate(adjoint, x, np.zeros_like(x), np.empty(x.shape, bool), out)
        assert out.tolist() == [[5.0, 0.0, 0.0, 5.0, 0.0]]


def test_what_no_adjoint_reached_passes_on_nothing():
    adjoint = np.array([[0.0, 2.0], [0.0, 0.0]])
    x, out = np.array([[np.inf, 3.0], [np.nan, np.inf]]), np.empty((2, 2))
    kernels.reached(adjoint, x, out)
    assert out.tolist() == [[0.0, 3.0], [0.0, 0.0]]
    kernels.rows_reached(adjoint, x, out)
    assert out.tolist() == [[0.0, 3.0], [0.0, np.inf]]


def test_numbers_are_added_at_positions_that_repeat():
    target = np.zeros((3, 1))
    kernels.scatter_add(np.array([[1.0], [2.0], [4.0]]), target, np.array([2, 0, 2]))
    kernels.scatter_add(np.array([[1.0]]), target, np.array([1, 1]))
    assert target[:, 0].tolist() == [2.0, 2.0, 5.0]
