"""what_if(root, leaf, change): the true change beside the one that the gradient predicts."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, ieee, log, maximum, operation, tanh
from autograd.ask.what_if import what_if
from autograd.graph import topological_order

numbers = st.floats(-2.0, 2.0)


def leaf(label: str, data: float) -> Value:
    return Value(data, label=label)


@given(numbers, numbers, numbers)
def test_the_true_change_is_that_of_computing_anew(w: float, x: float, change: float) -> None:
    def f(w: Any) -> Any:
        return tanh(w * x + 1.0) * w - w / 3.0

    start = leaf("w", w)
    found = what_if(f(start), start, change)
    assert found.after == f(w + change)
    assert found.before == f(w)
    assert found.true_change == f(w + change) - f(w)


@given(numbers, numbers)
def test_prediction_and_bend_are_the_terms_of_taylor(x: float, change: float) -> None:
    start = leaf("x", x)
    found = what_if(start.exp() * start, start, change)
    value, slope, half = mpmath.taylor(lambda t: mpmath.exp(t) * t, x, 2)
    assert found.before == pytest.approx(float(value), rel=1e-12, abs=1e-12)
    assert found.predicted == pytest.approx(float(slope) * change, rel=1e-12, abs=1e-12)
    assert found.second_order == pytest.approx(float(half) * change**2, rel=1e-12, abs=1e-12)
    assert found.gap == found.true_change - found.predicted


@given(numbers, numbers, numbers)
def test_of_a_parabola_the_bend_is_all_of_the_gap(x: float, a: float, change: float) -> None:
    start = leaf("x", x)
    found = what_if(a * start * start + start, start, change)
    assert found.second_order == pytest.approx(found.gap, abs=1e-12)


def test_no_node_is_touched() -> None:
    w, x = leaf("w", 0.5), leaf("x", 2.0)
    h = tanh(w * x)
    loss = h * h + w
    loss.backward()
    order = list(topological_order(loss))
    before = [(node.data, node.grad, node.args, node.version) for node in order]
    what_if(loss, w, 0.25)
    assert [(node.data, node.grad, node.args, node.version) for node in order] == before


def test_an_inner_node_may_be_changed_and_what_led_to_it_stays() -> None:
    x = leaf("x", 3.0)
    h = x * x
    loss = h * x
    found = what_if(loss, h, 1.0)
    assert (found.after, found.slope, found.curvature) == (30.0, 3.0, 0.0)


def test_the_root_itself_may_be_changed() -> None:
    x = leaf("x", 3.0)
    assert (what_if(x, x, 2.0).true_change, what_if(x, x, 2.0).predicted) == (2.0, 2.0)


def test_a_leaf_of_another_graph_is_refused() -> None:
    x, y = leaf("x", 3.0), leaf("y", 3.0)
    loss = x * 2.0
    with pytest.raises(ValueError, match=r"loss was not computed from y, .* a node of its graph"):
        what_if(loss, y, 1.0)


def test_what_is_undefined_after_the_change_says_where_and_at_which_number() -> None:
    w, x = leaf("w", 0.5), leaf("x", 2.0)
    loss = log(w * x)
    with pytest.raises(ValueError, match=r"with w = -0\.5, loss cannot be computed: log of -1\.0"):
        what_if(loss, w, -1.0)
    with pytest.raises(ZeroDivisionError, match=r"with w = 0\.0, 1 / w cannot be computed"):
        what_if(1.0 / w, w, -0.5)
    with pytest.raises(OverflowError, match=r"with w = 1000\.5"):
        what_if(w.exp(), w, 1000.0)


def test_in_ieee_mode_it_answers_as_ieee_does() -> None:
    w = leaf("w", 1.0)
    with ieee():
        assert what_if(1.0 / w, w, -1.0).after == math.inf


def test_a_kink_is_named() -> None:
    x = leaf("x", 0.5)
    loss = x.relu() + maximum(x, 0.0)
    found = what_if(loss, x, -1.0)
    assert (found.true_change, found.predicted, found.second_order) == (-1.0, -2.0, 0.0)
    assert found.kinks == ["maximum", "relu"]
    assert "kinks (maximum, relu)" in str(found)


def test_an_operation_without_a_second_derivative_has_none() -> None:
    @operation(lambda y, x: math.cos(x))
    def wave(x: Any) -> Any:
        return math.sin(x)

    x = leaf("x", 0.5)
    found = what_if(wave(x), x, 0.1)
    assert (found.curvature, found.second_order) == (None, None)
    assert "there is no second derivative here" in str(found)


def test_it_prints_a_sentence_and_a_table() -> None:
    w = leaf("w", 3.0)
    loss = w**3
    lines = str(what_if(loss, w, 1.0)).splitlines()
    assert lines[0] == "If w goes from 3 to 4, a change of 1, then loss goes from 27 to 64."
    found = [line.split()[:3] for line in lines[1:]]
    assert found == [
        ["true", "change", "37"],
        ["predicted", "27", "the"],
        ["gap", "10", "true"],
        ["second", "order", "9"],
        ["higher", "orders", "1"],
    ]


def test_rounding_is_not_called_a_higher_order() -> None:
    x = leaf("x", 3.0)
    last = str(what_if(x * x, x, 0.1)).splitlines()[-1]
    assert last.split()[:3] == ["higher", "orders", "0"]


def test_a_notebook_shows_a_table_that_names_cannot_break() -> None:
    x = leaf("<script>alert(1)</script>", 1.0)
    shown = what_if(x * 2.0, x, 1.0)._repr_html_()
    assert "<script>" not in shown
    assert shown.count("<tr>") == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((2.0, Value(1.0), 1.0), r"write what_if\(loss, w, 0\.1\)"),
        ((Value(1.0), 2.0, 1.0), r"write what_if\(loss, w, 0\.1\)"),
        ((Value(1.0), Value(1.0), "much"), "real number, not str"),
    ],
)
def test_operands_of_another_kind_are_refused(arguments: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        what_if(*arguments)


def test_a_stale_graph_is_refused() -> None:
    w, b = leaf("w", 1.0), leaf("b", 1.0)
    loss = w * 2.0 + b
    b.data = 2.0
    with pytest.raises(StaleGraphError, match="b was written after"):
        what_if(loss, w, 1.0)


def test_a_chain_of_50000_nodes_needs_no_recursion() -> None:
    x = leaf("x", 1.0)
    node = x
    for _ in range(50_000):
        node = node + 1.0
    assert what_if(node, x, 2.0).true_change == 2.0
