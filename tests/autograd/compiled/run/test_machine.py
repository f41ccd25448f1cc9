"""Memory that is laid out once: blocks, layouts, weights that lie apart or are shared."""

import numpy as np
import pytest
from compiled_programs import batch, eager, some_parameters

from autograd import Value, compile, fsum, relu, tanh
from autograd.compiled.run.machine import in_order


def assert_agrees(function, parameters, rows):
    step = compile(function, parameters)
    value, gradient, (by_input,) = step.value_and_grad(rows, inputs=True)
    expected = eager(function, parameters, rows)
    for found, right in zip((value, gradient, by_input), expected, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-11, atol=1e-13)
    return step


def test_a_few_layouts_are_kept_and_no_more():
    w = Value(2.0)
    step = compile(lambda x: tanh(w * x), [w])
    for rows in range(1, 12):
        assert step.value(np.ones(rows)) == pytest.approx(np.tanh(2.0), rel=1e-14)
    (machine,) = step.machines.values()
    assert list(machine.layouts) == [8, 9, 10, 11]
    machine.layout(9)
    assert len(machine.layouts) == 4


def test_large_batches_run_in_blocks_that_fit_into_a_cache():
    w = some_parameters(1, 2)
    step = compile(lambda x: tanh(w[0] * x[0]) * w[1], w)
    rows = batch(1, 50_000, 1)
    step.value_and_grad(rows)
    (machine,) = step.machines.values()
    machine.most = 20_000
    value, gradient = step.value_and_grad(rows)
    assert sorted(machine.layouts) == [10_000, 20_000, 50_000]
    assert value == pytest.approx(step.value(rows), rel=1e-13)
    np.testing.assert_allclose(gradient, step.value_and_grad(rows)[1], rtol=1e-13)


def test_a_loss_of_the_parameters_is_counted_once_and_not_for_every_block():
    w = Value(3.0)
    step = compile(lambda x: (w * w, tanh(x)), [w])
    rows = np.ones(10)
    step.value_and_grad(rows)
    (machine,) = step.machines.values()
    machine.most = 3
    assert step.value_and_grad(rows)[1].tolist() == [6.0]
    assert step.value_and_grad(rows)[0][1].shape == (10,)


def test_results_of_one_call_are_not_touched_by_the_next():
    w = Value(1.0)
    step = compile(lambda x: [w * x, x], [w])
    first = step.predict([1.0, 2.0])
    step.predict([5.0, 6.0])
    assert first.tolist() == [[1.0, 1.0], [2.0, 2.0]]


W = some_parameters(5, 12)
PROGRAMS = {
    "weights in another order": lambda x: fsum(
        [tanh(W[7] * x[0] + W[2] * x[1] + W[5]), tanh(W[1] * x[0] + W[9] * x[1] + W[0])]
    ),
    "weights of a convolution": lambda x: fsum(
        [relu(W[0] * x[k] + W[1] * x[k + 1] + W[2]) for k in range(2)]
    ),
    "one weight for all": lambda x: tanh(fsum([W[3] * each for each in x])) * W[3],
    "a layer that is applied twice": lambda x: fsum(layer(layer(list(x)))),
    "weights that are computed": lambda x: tanh(x[0] * tanh(W[0]) + x[1] * (W[1] * W[2])),
    "a bias for some": lambda x: fsum(
        [tanh(W[0] * x[0] + W[1] * x[1] + W[2]), tanh(W[3] * x[0] + W[4] * x[1])]
    ),
    "no bias": lambda x: tanh(W[0] * x[0] + W[1] * x[1]) * tanh(W[3] * x[0] + W[4] * x[1]),
    "scattered inputs": lambda x: tanh(W[0] * x[2] + W[1] * x[0] + W[2]) * x[1],
    "parameters of a slot": lambda x: fsum(
        [tanh(w * each) for w, each in zip(W[::5], x, strict=True)]
    ),
    "a node with many users": lambda x: (lambda h: h * h.tanh() + h.exp() * h + h)(W[0] * x[0]),
    "operands that are one": lambda x: (lambda h: h * h + h / h + (h - h))(tanh(W[0] * x[0])),
    "chains that could overwrite": lambda x: (lambda a, b: (a.sin() * b.cos()).exp() * a)(
        tanh(x[0] * W[0]), tanh(x[1] * W[1])
    ),
    "both sides overwritable": lambda x: tanh(tanh(x[0] * W[0]) * tanh(x[1] * W[1])),
    "an input that nobody uses": lambda x: W[0] * tanh(x[1]),
}


def layer(values):
    return [tanh(fsum([W[3 * k + j] * value for j, value in enumerate(values)])) for k in range(3)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_agrees_with_the_engine_wherever_the_numbers_lie(name):
    assert_agrees(PROGRAMS[name], W, batch(3, 7, 3))


def test_operands_shared_by_three_functions_of_equal_shape_are_not_overwritten_too_early():
    def function(x):
        first = [tanh(W[k] * x[k]) for k in range(3)]
        second = [a * a.sin() for a in first]
        return fsum([a * b for a, b in zip(first, second, strict=True)]) + fsum(second)

    assert_agrees(function, W, batch(4, 5, 3))


def test_weights_that_lie_in_order_are_a_view():
    column = np.arange(12.0)[:, None]
    matrix = in_order(column, np.arange(2, 8).reshape(2, 3))
    assert matrix.base is column or matrix.base is column.base
    assert matrix.tolist() == [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]
    assert in_order(column, np.array([[2, 4]])) is None
    assert in_order(column, np.array([[5, 4]])) is None
