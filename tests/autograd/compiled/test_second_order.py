"""hvp and hessian of a compiled function: the engine's answers, for a few gradients each."""

import random

import numpy as np
import pytest
from compiled_programs import batch, random_function, random_network, some_parameters
from hypothesis import example, given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, compile, fsum, hessian, hvp, relu, where
from autograd.compiled.second_order import slope_along
from autograd.forward import tangents

SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=15, deadline=None)


def eager_hessian(function, parameters, rows):
    """The second derivatives of the mean over the rows, as the engine computes them by itself."""
    table = []
    loss = fsum([function(row) for row in rows]) / len(rows)
    for unit in np.eye(len(parameters)).tolist():
        along = dict(zip(parameters, map(Value, unit), strict=True))
        for parameter in parameters:
            parameter.grad = 0.0
        slope = tangents([loss], along, differentiable=True).get(loss, 0.0)
        if isinstance(slope, Value):
            slope.backward()
        table.append([parameter.grad for parameter in parameters])
    return np.array(table)


ROUNDING = 2.0**-53  # of a term: those of these programs are of the size of 1


def assert_same(function, parameters, rows):
    step = compile(function, parameters)
    found, right = step.hessian(rows), eager_hessian(function, parameters, rows.tolist())
    # To 12 digits of the largest: a number to which terms cancel has fewer of its own. Where all
    # cancel, as in a softmax of equal numbers, what is left is the rounding of the terms.
    largest = abs(right).max()
    np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-12 * largest + ROUNDING)
    direction = np.random.default_rng(0).normal(size=len(parameters))
    product = step.hvp(rows, direction=direction)
    np.testing.assert_allclose(
        product, right @ direction, rtol=1e-11, atol=1e-11 * largest + ROUNDING
    )


@FEW
@given(SEEDS)
@example(6730)  # a softmax of three equal numbers: its Hessian is 0
def test_random_functions_have_the_hessian_that_the_engine_finds(seed):
    parameters = some_parameters(seed, 4)
    assert_same(random_function(seed, 6, 3, parameters), parameters, batch(seed, 5, 3))


@FEW
@given(SEEDS)
def test_random_networks_have_the_hessian_that_the_engine_finds(seed):
    parameters = some_parameters(seed, 18)
    assert_same(random_network(seed, 3, parameters), parameters, batch(seed, 5, 3))


def test_a_classifier_with_labels_has_the_hessian_that_the_engine_finds():
    model = nn.MLP(3, [3], rng=random.Random(0))
    parameters = model.parameters()
    rows, labels = batch(1, 6, 3), np.array([0, 2, 1, 1, 0, 2])
    step = compile(lambda x, y: nn.categorical_crossentropy(model(x), y), model)
    numbered = list(zip(rows.tolist(), labels.tolist(), strict=True))
    right = eager_hessian(
        lambda pair: nn.categorical_crossentropy(model(pair[0]), pair[1]), parameters, numbered
    )
    np.testing.assert_allclose(step.hessian(rows, labels), right, rtol=1e-12, atol=1e-13)


def test_a_hessian_computed_by_hand():
    w, b = Value(3.0), Value(0.5)
    step = compile(lambda x: w**3 * b * x, [w, b])  # 6 w b x, 3 w^2 x
    assert step.hessian([2.0, 4.0]).tolist() == [[27.0, 81.0], [81.0, 0.0]]
    assert step.hvp([2.0, 4.0], direction=[1.0, -1.0]).tolist() == [-54.0, 81.0]


def test_other_numbers_for_the_parameters_leave_their_own_alone():
    w = Value(3.0)
    step = compile(lambda x: w**3 * x, [w])
    assert step.hessian([1.0], parameters=[2.0]).tolist() == [[12.0]]
    assert step.hvp([1.0], direction=[10.0], parameters=[2.0]).tolist() == [120.0]
    assert (w.data, w.grad) == (3.0, 0.0)
    w.data = 5.0
    assert step.hessian([1.0]).tolist() == [[30.0]]


def test_a_branch_on_a_parameter_is_recorded_anew_when_it_goes_the_other_way():
    w = Value(3.0)
    step = compile(lambda x: w**2 * x if w > 0 else w**4 * x, [w])
    assert step.hessian([1.0]).tolist() == [[2.0]]
    assert step.hessian([1.0], parameters=[-1.0]).tolist() == [[12.0]]


@pytest.mark.parametrize("loss", [lambda w: lambda x: 3.0, lambda w: lambda x: x * x])
def test_a_loss_without_parameters_has_a_hessian_of_zeros(loss):
    step = compile(loss(Value(1.0)), [Value(1.0), Value(2.0)])
    assert step.hessian([1.0]).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert compile(loss(None)).hessian([1.0]).shape == (0, 0)


def test_of_a_tuple_it_is_that_of_the_loss_and_a_list_is_refused():
    w = Value(3.0)
    assert compile(lambda x: (w * w * x, [x]), [w]).hessian([1.0]).tolist() == [[2.0]]
    with pytest.raises(ValueError, match="return the loss"):
        compile(lambda x: [w * x], [w]).hessian([1.0])


def test_a_branch_that_is_not_taken_adds_nothing_where_it_is_undefined():
    w = Value(2.0)
    step = compile(lambda x: where(x > 0, lambda: (w * x).log(), lambda: 0.0 * w), [w])
    assert step.hessian([1.0, 2.0, 0.0])[0, 0] == pytest.approx(-2.0 / 3.0 / 4.0, rel=1e-14)


def test_a_choice_that_a_user_multiplies_by_is_the_product_that_it_was():
    w = Value(1.0)
    step = compile(lambda x: where(x > 0, 1.0, 0.0) * (w * x), [w])
    assert step.predict([2.0, -1.0]).tolist() == [2.0, 0.0]
    with pytest.raises(ValueError, match=r"0\.0 and w \* x = -inf: the result is undefined"):
        step.predict([float("-inf")])


def test_an_undefined_row_is_named():
    w = Value(2.0, label="w")
    step = compile(lambda x: (w * x).log() * w, [w])
    with pytest.raises(ValueError, match=r"row 1 of the batch: log of w \* x = -2.0"):
        step.hessian([1.0, -1.0])


def test_a_direction_or_a_batch_that_does_not_fit_is_refused():
    w = Value(2.0)
    step = compile(lambda x: w * w * x, [w])
    with pytest.raises(ValueError, match=r"direction has the shape \(2,\), not \(1,\)"):
        step.hvp([1.0], direction=[1.0, 2.0])
    for ask in (step.hessian, lambda rows: step.hvp(rows, direction=[1.0])):
        with pytest.raises(ValueError, match="the batch has no row"):
            ask([])


# Inside of a compiled function --------------------------------------------------------------------


def energy(v):
    return v[0] ** 2 * v[1] + (v[2] * v[0]).sin()


def test_hessian_and_hvp_inside_are_those_of_the_engine_for_every_row():
    rows = batch(0, 4, 3)
    found = compile(hessian(energy)).predict(rows)
    right = [hessian(energy)(row) for row in rows.tolist()]
    np.testing.assert_allclose(np.stack(found, axis=1), right, rtol=1e-12, atol=1e-14)
    products = compile(lambda v, along: hvp(energy, v, along)).predict(rows, rows[::-1])
    pairs = zip(rows.tolist(), rows[::-1].tolist(), strict=True)
    np.testing.assert_allclose(products, [hvp(energy, *pair) for pair in pairs], rtol=1e-12)


def test_an_input_of_a_transform_is_called_by_its_name():
    def of_speed(speed):
        return relu(speed) if speed > 0 else speed

    with pytest.raises(TypeError, match="speed > 0 is different for every example"):
        compile(hessian(of_speed)).predict([1.0])


# What it costs ------------------------------------------------------------------------------------


def operations(step, *rows):
    """How many multiply-adds and other operations on numbers the gradient of a row takes."""
    step.value_and_grad(*rows)
    (machine,) = step.machines.values()
    count = 0
    for statement in (*machine.forward, *machine.backward):
        places = [*statement.args, statement.out]
        dots = [each.part for each in places if getattr(each, "memory", "").startswith("weights")]
        count += sum(len(dot.weights) * len(dot.weights[0]) for dot in dots) or statement.out.size
    return count


@pytest.mark.parametrize("sizes", [[2, 16, 16, 1], [2, 64, 64, 1], [64, 32, 10], [2, *[8] * 8, 1]])
def test_a_product_takes_a_few_times_the_operations_of_a_gradient(sizes):
    model = nn.MLP(sizes[0], sizes[1:], rng=random.Random(0), activation="tanh")
    parameters = model.parameters()

    def loss(x):
        return fsum(out * out for out in (model(x) if sizes[-1] > 1 else [model(x)]))

    rows = batch(0, 1, sizes[0])
    direction = [Value(0.0) for _ in parameters]
    slope = compile(slope_along(loss, parameters, direction), [*parameters, *direction])
    assert operations(slope, rows) <= 3 * operations(compile(loss, model), rows)


def test_a_hessian_runs_the_product_once_for_each_parameter(monkeypatch):
    parameters = some_parameters(0, 5)
    step = compile(lambda x: fsum(p**3 * x for p in parameters), parameters)
    runs = []
    second = step.second_order
    run = second.run
    monkeypatch.setattr(second, "run", lambda *args, **how: runs.append(1) or run(*args, **how))
    step.hessian([1.0, 2.0])
    assert len(runs) == 5
