"""The tables of edges, row by row: ``edge_table.txt`` and, for ``ieee()``, ``ieee_table.txt``."""

import math
from itertools import product

import edges
import pytest
from points import CHOOSING, INNER
from worst import engine_in_use, own_rows

import autograd
from autograd import Value
from autograd.rules import OPS

TABLE = edges.rows("edge_table.txt")
IEEE = edges.rows("ieee_table.txt")
ENGINE = engine_in_use()
UNARY_POINTS = {
    "+0", "-0", "+1", "-1", "+inf", "-inf", "nan", "tiny", "max", "710", "-710", "745", "-745",
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_row_of_the_table_is_what_the_engine_does(row):
    assert not edges.differences(row, *edges.answers(ENGINE, row)), row.reason


@pytest.mark.parametrize("row", IEEE, ids=lambda row: row.name)
def test_row_of_the_ieee_table_is_what_the_engine_does(row):
    assert not edges.differences(row, *edges.answers_in_ieee_mode(ENGINE, row)), row.reason


def arguments(name):
    """How many arguments the rows of an operation have, the choosing one not counted."""
    return {len(row.words) - (name in CHOOSING) for row in TABLE if row.operation == name}


OUTER = sorted(own_rows() - INNER)


@pytest.mark.parametrize("name", OUTER)
def test_every_operation_has_all_the_points(name):
    points = [row.words for row in TABLE if row.operation == name]
    assert len(points) == len(set(points)), "a point twice"
    if arguments(name) == {1}:
        assert {word for (word,) in points} >= UNARY_POINTS
        return
    seen = {word for point in points for word in point}
    assert {"+0", "-0", "+1", "-1", "+inf", "-inf", "nan", "tiny", "max"} <= seen
    assert seen & {"710", "-710"}
    assert seen & {"745", "-745"}
    varying = [point[1:] if name in CHOOSING else point for point in points]
    if name not in ("leaky_relu", "elu"):  # of these the second argument is a mere factor
        assert any(len(set(point)) == 1 for point in varying), "no tie"


@pytest.mark.parametrize("name", ["+", "-", "*", "/", "**", "atan2", "hypot"])
def test_binary_operation_has_every_kind_of_number_on_both_sides(name):
    points = {row.words for row in TABLE if row.operation == name}
    for kind in ("+0", "+1", "+inf", "nan", "tiny", "max"):
        assert any(point[0] == kind for point in points)
        assert any(point[1] == kind for point in points)
    same_kinds = product(("+0", "+1", "-1", "+inf", "nan", "tiny", "max"), repeat=2)
    assert {pair for pair in same_kinds if pair[0] == pair[1]} <= points


def test_every_row_that_raises_has_an_ieee_answer():
    raising = {
        (row.operation, row.words)
        for row in TABLE
        if any(word.endswith("Error") for word in (row.value, *row.gradient))
    }
    assert raising == {(row.operation, row.words) for row in IEEE}
    assert not any(word.endswith("Error") for row in IEEE for word in (row.value, *row.gradient))


@pytest.mark.parametrize("table", [TABLE, IEEE], ids=["edge", "ieee"])
def test_every_row_has_a_reason_in_words(table):
    for row in table:
        assert len(row.reason.split()) >= 1, row.name
        assert row.reason != "?"


@pytest.mark.parametrize("table", [TABLE, IEEE], ids=["edge", "ieee"])
def test_nan_value_has_a_finite_gradient_only_where_the_slope_does_not_ask_for_the_nan(table):
    for row in table:
        if row.value == "nan" and row.operation not in edges.LINEAR:
            assert not any(math.isfinite(float(slope)) for slope in row.gradient), row.name


@pytest.mark.parametrize("table", [TABLE, IEEE], ids=["edge", "ieee"])
def test_no_answer_is_complex(table):
    for row in table:
        assert "j" not in row.value + "".join(row.gradient)


def test_functions_over_sequences_give_the_numbers_of_their_rows():
    xs = [710.0, 745.0, 1.0]
    for place in range(3):
        assert autograd.softmax(xs)[place] == OPS["softmax"].on_numbers(float(place), *xs)
        assert autograd.log_softmax(xs)[place] == OPS["log_softmax"].on_numbers(float(place), *xs)
    assert autograd.logsumexp(xs) == OPS["logsumexp"].on_numbers(*xs)
    assert autograd.mean([1.0, 2.0, 6.0]) == 3.0
    assert autograd.mean([math.inf, 1.0]) == math.inf
    assert math.isnan(autograd.mean([math.nan, 1.0]))


# A corner that is no row: the operator's own road, past apply_op ---------------------------------


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.operation in ("+", "-", "*", "/", "**")],
    ids=lambda row: row.name,
)  # fmt: skip
def test_operator_gives_what_the_row_says(row):
    a, b = map(Value, row.point)
    compute = {
        "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
        "**": lambda: a**b,
    }[row.operation]  # fmt: skip
    value = edges.outcome(lambda: compute().data)
    assert not edges.differences(row._replace(gradient=()), value, ())


def test_inner_rows_are_named():
    assert own_rows() >= INNER
    assert {row.operation for row in TABLE} == own_rows() - INNER
