"""Reading a row with arrays that do not exist yet: shorter statements, the same numbers."""

import math

import numpy as np
import pytest

from autograd import Value, compile, maximum, minimum, operation, where
from autograd.compiled.run.tape import Array, Place, Tape, partials_of, value_of
from autograd.formulas.row import OWN
from autograd.rules import OPS

EDGES = [-3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 3.0]


@pytest.fixture
def tape():
    return Tape()


def slot(tape, start, size=1):
    return tape.array(Place("slots", start, size, by_row=True))


def names(tape):
    tape.drop_unused()
    return [statement.name for statement in tape.statements]


def value_statements(tape, name, *args):
    out = Place("slots", 9, 1, by_row=True)
    tape.store(value_of(tape, OPS[name], args), out)
    assert tape.statements[-1].out == out
    return names(tape)


def test_a_function_of_the_library_is_one_statement(tape):
    assert value_statements(tape, "tanh", slot(tape, 0)) == ["tanh"]


def test_relu_is_one_statement(tape):
    assert value_statements(tape, "relu", slot(tape, 0)) == ["maximum"]


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_the_larger_of_two_is_one_statement(tape, name):
    assert value_statements(tape, name, slot(tape, 0), slot(tape, 1)) == [name]


def test_the_slope_of_relu_is_a_gate(tape):
    x, adjoint, y = slot(tape, 0), slot(tape, 1), slot(tape, 2)
    (partial,) = partials_of(tape, OPS["relu"], y, (x,))
    tape.store(adjoint * partial(), Place("adjoints", 0, 1, by_row=True))
    assert names(tape) == ["gate"]


def test_a_factor_of_one_needs_no_statement_and_of_minus_one_a_sign(tape):
    x = slot(tape, 0)
    assert (x * 1.0).place == x.place
    assert (1.0 * x).place == x.place
    assert (x * -1.0).place == (-x).place
    assert (x**1.0).place == x.place
    tape.store(x**2.0, Place("slots", 3, 1, by_row=True))
    assert names(tape) == ["square"]


def test_a_formula_leaves_out_what_only_corrects_its_rounding(tape):
    (partial,) = partials_of(tape, OPS["tanh"], slot(tape, 2), (slot(tape, 0),))
    tape.store(partial(), Place("adjoints", 0, 1, by_row=True))
    assert names(tape) == ["abs", "multiply", "exp", "add", "divide", "divide", "multiply"]


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "sech2", "softplus"])
def test_without_the_correction_the_slopes_are_right_to_a_few_units_in_the_last_place(name):
    op = OPS[name]
    x = [-700.0, -40.0, -3.0, -1e-9, 0.0, 1e-300, 0.5, 2.0, 19.0, 350.0]
    _, _, (slopes,) = compile(lambda x: x.apply_op(op, (x,))).value_and_grad(x, inputs=True)
    for number, slope in zip(x, slopes, strict=True):
        exact = op.partial(0, op.on_numbers(number), (number,))
        assert slope * len(x) == pytest.approx(exact, rel=2e-15, abs=5e-324)


def test_equal_statements_of_an_instruction_are_written_once(tape):
    x = slot(tape, 0)
    assert (x + 1.0) is (x + 1.0)
    assert (x * x).place == (x * x).place
    tape.begin()
    assert (x + 1.0).place == Place("temporary", 0, 1, by_row=True)


def test_what_nobody_reads_is_dropped(tape):
    x = slot(tape, 0)
    _ = x + 1.0
    tape.store(x + 2.0, Place("slots", 3, 1, by_row=True))
    assert [statement.args[1] for statement in tape.statements] == [1.0, 2.0]
    assert names(tape) == ["add"]


@pytest.mark.parametrize("question", [bool, float, int])
def test_an_array_has_no_number_yet(tape, question):
    with pytest.raises(TypeError, match="has no number yet: write where"):
        question(slot(tape, 0))


def test_sizes_and_rows_follow_from_the_operands(tape):
    x = tape.array(Place("slots", 0, 4, by_row=True))
    shared = tape.array(Place("column", (1,), 1, by_row=False))
    assert (x * shared).place.size == 4
    assert (x * shared).place.by_row
    assert not (shared + 1.0).place.by_row
    assert tape.emit("sum_lanes", x).place.size == 1
    assert not tape.emit("sum_rows", x).place.by_row
    assert (x > 0).place.condition
    assert isinstance(x > 0, Array)


FUNCTIONS = {
    "relu": lambda x: x.relu(),
    "abs": abs,
    "leaky_relu": lambda x: x.leaky_relu(0.1),
    "elu": lambda x: x.elu(1.5),
    "maximum": lambda x: maximum(x, 0.5, -x),
    "minimum": lambda x: minimum(x, 0.5),
    "maximum of one twice": lambda x: maximum(x, x),
    "square": lambda x: x**2.0,
    "cube": lambda x: x**3.0,
    "where": lambda x: where((x > 0.5) | (x <= -1.0), x * 2.0, 3.0),
    "sigmoid": lambda x: x.sigmoid(),
    "minus": lambda x: -x,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shorter_statements_give_the_numbers_of_the_engine_at_kinks_and_ties(name):
    function = FUNCTIONS[name]
    _, _, (slopes,) = compile(function).value_and_grad(EDGES, inputs=True)
    values = compile(function).predict(EDGES)
    leaves = [Value(number) for number in EDGES]
    for leaf, value, slope in zip(leaves, values, slopes, strict=True):
        result = function(leaf)
        result.backward()
        assert value == pytest.approx(result.data, rel=1e-14)
        assert slope * len(EDGES) == pytest.approx(leaf.grad, rel=1e-14)


@pytest.mark.parametrize("name", ["relu", "abs", "leaky_relu", "elu", "square", "sigmoid"])
def test_nan_stays_nan(name):
    found = compile(FUNCTIONS[name]).predict([1.0, math.nan])
    assert np.isnan(found).tolist() == [False, True]


# Operations that a user declares ------------------------------------------------------------------


@pytest.fixture
def declared():
    before = dict(OWN)
    yield
    OWN.clear()
    OWN.update(before)


def assert_as_the_engine(function, parameters, rows):
    step = compile(function, parameters)
    value, gradient, (by_input,) = step.value_and_grad(rows, inputs=True)
    leaves = [Value(number) for number in rows]
    for parameter in parameters:
        parameter.grad = 0.0
    total = sum(function(leaf) for leaf in leaves) / len(rows)
    total.backward()
    assert value == pytest.approx(total.data, rel=1e-12)
    assert gradient.tolist() == pytest.approx([p.grad for p in parameters], rel=1e-12)
    assert by_input.tolist() == pytest.approx([leaf.grad for leaf in leaves], rel=1e-12)


def test_an_operation_of_numbers_only_is_called_for_each(declared):
    @operation(lambda y, x: 1.0 / math.cos(y))
    def arc(x):
        return math.asin(x)

    w = Value(0.5)
    assert_as_the_engine(lambda x: arc(w * x) * w, [w], [0.1, -0.3, 0.7])


def test_an_operation_of_three_arguments(declared):
    @operation(lambda y, a, b, c: b, lambda y, a, b, c: a, lambda y, a, b, c: math.exp(c))
    def mixed(a, b, c):
        return a * b + math.exp(c)

    w = Value(0.5)
    assert_as_the_engine(lambda x: mixed(x, w, x * w), [w], [0.1, -0.3, 0.7])
    assert_as_the_engine(lambda x: mixed(w, w, w) * x, [w], [0.1, -0.3, 0.7])
