"""The recorded graph, tidied up: every scalar once, constants computed, leaves told apart."""

import math

from autograd import Value, fsum, log, tanh
from autograd.compiled.record.record import record
from autograd.compiled.record.scalars import Input, Scalars, scalars_of
from autograd.rules import OPS


def table(function, shapes=((),), parameters=()):
    return scalars_of(record(function, shapes, parameters), parameters)


def operations(scalars):
    return [op.name for op in scalars.ops if op is not None]


def test_parameters_come_first_in_their_order_and_then_the_inputs():
    w, v = Value(1.0), Value(2.0)
    scalars = table(lambda x, y: v * x[1] + y, [(2,), ()], [w, v])
    assert list(scalars.leaves.values())[:5] == [w, v, Input(0, 0), Input(0, 1), Input(1, 0)]
    assert scalars.batched[:5] == [False, False, True, True, True]


def test_equal_operations_are_one_scalar():
    assert operations(table(lambda x: tanh(x * 2.0) + tanh(2.0 * x))) == ["*", "tanh", "+"]
    assert operations(table(lambda x: (x - 1.0) * (1.0 - x))) == ["-", "-", "*"]


def test_constants_are_computed_and_told_apart_by_their_sign():
    scalars = Scalars()
    assert scalars.leaf(0.0) != scalars.leaf(-0.0)
    assert scalars.leaf(2.0) == scalars.leaf(2.0)
    product = scalars.node(OPS["*"], (scalars.leaf(2.0), scalars.leaf(3.0)))
    assert scalars.leaves[product] == 6.0


def test_an_undefined_operation_on_constants_stays_one():
    scalars = Scalars()
    result = scalars.node(OPS["log"], (scalars.leaf(-1.0),))
    assert scalars.ops[result].name == "log"


def test_a_value_that_is_no_parameter_is_a_leaf_that_is_read():
    other = Value(3.0)
    scalars = table(lambda x: x * other + log(other))
    assert other in scalars.leaves.values()
    assert operations(scalars).count("log") == 1


def test_what_depends_on_an_input_is_batched_and_nothing_else():
    w = Value(2.0)
    scalars = table(lambda x: tanh(w * w) * x, parameters=[w])
    by_name = {op.name: scalars.batched[k] for k, op in enumerate(scalars.ops) if op}
    assert by_name == {"*": True, "tanh": False}
    assert sum(scalars.batched) == 2


def test_both_sides_of_a_guard_are_kept():
    w, v = Value(2.0), Value(1.0)
    scalars = table(lambda x: x * w if w * w > v else x, parameters=[w, v])
    ((left, right),) = scalars.guarded
    assert scalars.ops[left].name == "*"
    assert scalars.leaves[right] is v


def test_a_nan_among_the_constants_is_no_error():
    assert operations(table(lambda x: fsum([x, math.nan, 1.0]))) == ["sum"]
