"""No operation without its tests: a new row of the table fails here until it has all of them."""

import inspect

import edges
import jets
import points
import pytest
import scales
from points import INNER
from worst import own_rows

import autograd
from autograd.rules import OPS

ROWS = sorted(own_rows())
PUBLIC = {
    "+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "**": "__pow__",
    "neg": "__neg__", "abs": "__abs__", "sum": "fsum",
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_operation_has_points_and_an_oracle(name):
    assert name in points.SAMPLERS
    assert name in jets.FORMULAS


def test_nothing_is_tested_that_does_not_exist():
    for table in (points.SAMPLERS, jets.FORMULAS, points.CHOOSING, scales.VALUE, scales.GRADIENT,
                  scales.SECOND):  # fmt: skip
        assert set(table) <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_operation_has_a_partial_for_each_argument_that_varies(name):
    row, size = OPS[name], len(points.points(name, 1)[0])
    if row.every is not None:
        assert row.first is row.second is None
    else:
        assert [row.first is not None, row.second is not None] == [size >= 1, size == 2]
        assert size <= 2


@pytest.mark.parametrize("name", sorted(set(ROWS) - INNER))
def test_outer_operation_has_edge_rows(name):
    assert any(row.operation == name for row in edges.rows("edge_table.txt"))


@pytest.mark.parametrize("name", sorted(set(ROWS) - INNER))
def test_operation_that_raises_at_an_edge_has_ieee_rows(name):
    def names(table):
        return {row.operation for row in edges.rows(table)}

    raises = {
        row.operation
        for row in edges.rows("edge_table.txt")
        if any(word.endswith("Error") for word in (row.value, *row.gradient))
    }
    assert (name in raises) == (name in names("ieee_table.txt"))


@pytest.mark.parametrize("name", sorted(set(ROWS) - INNER))
def test_outer_operation_is_a_documented_function_or_method(name):
    public = PUBLIC.get(name, name)
    found = getattr(autograd, public, None) or getattr(autograd.Value, public)
    assert callable(found)
    if not public.startswith("__"):  # an operator does what the language says
        assert inspect.getdoc(found)
        assert public in autograd.__all__
        assert ">>>" in inspect.getdoc(found), "no example"


@pytest.mark.parametrize("name", sorted(INNER))
def test_inner_operation_is_no_public_name(name):
    assert name not in autograd.__all__


@pytest.mark.parametrize("name", ROWS)
def test_value_of_the_row_says_what_it_returns(name):
    assert inspect.getdoc(OPS[name].value)
