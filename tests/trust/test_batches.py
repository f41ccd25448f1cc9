"""Every operation on arrays: a batch gets the numbers that its members get one by one."""

import batches
import numpy
import points
import pytest
from worst import FAST, LONG, engine_in_use

from autograd.formulas.row import Op
from autograd.rules import OPS

ENGINE = engine_in_use()


@pytest.mark.parametrize("name", list(points.SAMPLERS))
def test_batch_gets_the_numbers_that_floats_get(name, long):
    assert not list(batches.differences(ENGINE, name, LONG if long else FAST))


@pytest.mark.parametrize("name", list(points.SAMPLERS))
def test_most_points_are_compared(name):
    row = OPS[name]
    assert sum(map(len, batches.batches(row, name, FAST).values())) > 0.7 * FAST


def test_wrong_number_in_a_batch_is_found():
    row = Op("exp", lambda x: numpy.exp(x) * (1 + 1e-9), lambda y, x: y)
    row.on_numbers = OPS["exp"].on_numbers
    rules = type("rules", (), {"OPS": {"exp": row}})
    assert list(batches.differences(type("engine", (), {"rules": rules}), "exp"))
