"""Lifting changes speed, never meaning: lifted, unlifted and eager are the same numbers."""

import numpy as np
import pytest
from compiled_programs import (
    MANY,
    ONE,
    TWO,
    applied,
    batch,
    eager,
    random_function,
    random_network,
    some_parameters,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compile, fsum, relu, sigmoid, softmax, tanh
from autograd.compiled.lift.lift import lift, runs
from autograd.compiled.lift.program import Dot, Elementwise, Normalised, Total
from autograd.compiled.record.record import record
from autograd.compiled.run.batch import compute
from autograd.compiled.run.machine import Machine
from autograd.rules import OPS

SEEDS = st.integers(0, 10**9)
SMALL = settings(max_examples=60, deadline=None)


def close(found, expected, scale):
    return np.abs(np.subtract(found, expected)).max(initial=0.0) <= 1e-12 * scale


def unlifted(function, parameters, rows):
    """The same recording with every scalar alone."""
    recording = record(function, [rows.shape[1:]], parameters)
    program = lift(recording, parameters, together=False)
    machine = Machine(program, recording, program.results[0], inputs=True)
    assert machine.load(np.array([parameter.data for parameter in parameters]))
    found = compute(machine, [rows])
    return found.results[0].mean(), found.gradient, found.by_input[0]


def assert_three_agree(function, parameters, rows):
    expected = eager(function, parameters, rows)
    value, gradient, (by_input,) = compile(function, parameters).value_and_grad(rows, inputs=True)
    # Terms that cancel are as exact as the largest of them.
    scale = max(np.abs(numbers).max(initial=0.0) for numbers in expected)
    for found in ((value, gradient, by_input), unlifted(function, parameters, rows)):
        assert all(close(a, b, scale) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", ONE + TWO + MANY)
@pytest.mark.parametrize("places", ["inputs", "parameters first", "inputs first"])
def test_every_operation_agrees_with_the_engine(name, places):
    parameters = some_parameters(3, 3)
    count = 1 if name in ONE else 2 if name in TWO else 3

    def function(row):
        operands = list(row[:count])
        if places == "parameters first":
            operands[0] = parameters[0]
        elif places == "inputs first":
            operands[1:] = parameters[1:count]
        result = applied(name, operands)
        return result * row[0] + parameters[2]

    assert_three_agree(function, parameters, batch(1, 7, 3))


def test_no_operation_of_the_table_is_left_out():
    assert set(ONE + TWO + MANY) == set(OPS)


@SMALL
@given(SEEDS, st.integers(1, 60), st.integers(1, 9))
def test_random_graphs_agree(seed, size, rows):
    parameters = some_parameters(seed, 4)
    function = random_function(seed, size, 3, parameters)
    assert_three_agree(function, parameters, batch(seed, rows, 3))


@SMALL
@given(SEEDS, st.integers(1, 4), st.integers(1, 40))
def test_random_networks_agree(seed, inputs, rows):
    parameters = some_parameters(seed, 40)
    function = random_network(seed, inputs, parameters)
    assert_three_agree(function, parameters, batch(seed, rows, inputs))


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_lifting_a_recording_twice_gives_the_same_program(seed):
    parameters = some_parameters(seed, 20)
    for function in (random_function(seed, 20, 3, parameters), random_network(seed, 3, parameters)):
        recording = record(function, [(3,)], parameters)
        assert lift(recording, parameters) == lift(recording, parameters)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(2, 200))
def test_blocks_of_rows_add_up_to_the_whole(seed, most):
    parameters = some_parameters(seed, 30)
    rows = batch(seed, 137, 3)
    step = compile(random_network(seed, 3, parameters), parameters)
    value, gradient, (by_input,) = step.value_and_grad(rows, inputs=True)
    (machine,) = step.machines.values()
    machine.most = most
    again, same_gradient, (same_inputs,) = step.value_and_grad(rows, inputs=True)
    scale = max(abs(value), np.abs(gradient).max())
    assert close(again, value, scale)
    assert close(same_gradient, gradient, scale)
    assert close(same_inputs, by_input, scale)


# What is found -----------------------------------------------------------------------------------


def program_of(function, shape, parameters=()):
    return lift(record(function, [shape], parameters), parameters)


def kinds(program):
    return [type(instruction).__name__ for instruction in program.batch]


def test_a_chain_of_products_is_a_matrix_product_as_a_sum_of_them_is():
    ws = some_parameters(1, 4)

    def chain(x):
        return x[0] * ws[0] + ws[1] * x[1] - x[2] * ws[2] + ws[3]

    def together(x):
        return fsum([ws[0] * x[0], ws[1] * x[1], -ws[2] * x[2], ws[3]])

    for function in (chain, together):
        (dot,) = program_of(function, (3,), ws).batch
        assert isinstance(dot, Dot)
        assert dot.augmented
        assert (len(dot.weights), len(dot.weights[0])) == (1, 3)


def test_neurons_that_share_their_inputs_are_one_matrix_product():
    ws = some_parameters(1, 12)

    def layer(x):
        return [tanh(ws[3 * k] * x[0] + ws[3 * k + 1] * x[1] + ws[3 * k + 2]) for k in range(4)]

    dot, activation = program_of(layer, (2,), ws).batch
    assert len(dot.weights) == 4
    assert isinstance(activation, Elementwise)
    assert activation.out.size == 4


def test_patches_of_a_convolution_are_matrix_products_with_the_same_weights():
    ws = some_parameters(1, 3)

    def convolution(x):
        return fsum([relu(fsum([w * x[k + j] for j, w in enumerate(ws)])) for k in range(4)])

    program = program_of(convolution, (6,), ws)
    dots = [each for each in program.batch if isinstance(each, Dot)]
    assert len(dots) == 4
    assert len({dot.weights for dot in dots}) == 1


def test_a_softmax_is_one_operation_and_its_sum_too():
    program = program_of(lambda x: softmax(x)[0] + softmax(x)[2], (3,))
    assert kinds(program) == ["Normalised", "Elementwise"]
    assert isinstance(program.batch[0], Normalised)
    assert program.batch[0].places == (0, 2)


def test_what_depends_on_parameters_alone_is_computed_once_and_not_for_every_row():
    ws = some_parameters(1, 5)
    program = program_of(lambda x: x * ws[0] + fsum([w * w for w in ws]), (), ws)
    assert [type(each) for each in program.shared] == [Elementwise, Total]
    assert kinds(program) == ["Dot"]


def test_equal_expressions_are_computed_once():
    program = program_of(lambda x: sigmoid(x[0] * x[1]) + sigmoid(x[1] * x[0]), (2,))
    assert [each.op.name for each in program.batch] == ["*", "sigmoid", "+"]


def test_constants_are_computed_when_the_function_is_recorded():
    program = program_of(lambda x: x * (Value(2.0) * 3.0 + 4.0), ())
    assert len(program.shared) == 2  # the number of a Value may be written: it is read at each call
    program = program_of(lambda x: x * fsum([2.0, 3.0]), ())
    assert not program.shared


def test_a_long_chain_of_additions_is_one_sum():
    program = program_of(lambda x: sum(relu(each) for each in x), (500,))
    assert [each.op.name for each in program.batch] == ["relu", "sum"]


def test_deep_graphs_are_lifted_without_recursion():
    def deep(x):
        for _ in range(3000):
            x = tanh(x) + 1.0
        return x

    assert len(program_of(deep, ()).batch) == 6000


def test_a_run_ends_where_neighbours_do():
    assert list(runs([(1,), (2,), (5,), (6,), (6,)])) == [[0, 1], [2, 3], [4]]
