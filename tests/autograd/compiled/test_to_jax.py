"""to_jax: the same answer under JAX, differentiated, jitted, mapped and sharded."""

import json
import math
import os
import random
import subprocess
import sys
import textwrap

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from compiled_programs import (
    applied,
    batch,
    random_function,
    random_network,
    size_of_terms,
    some_parameters,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, maximum, operation, relu, tanh, where
from autograd.compiled import compile
from autograd.compiled import to_jax as jax_road
from autograd.rules import OPS

jax.config.update("jax_enable_x64", True)
PRECISION = 1e-12


def close(got, right, size=0.0):
    """Equal to 12 digits of the largest number; ``size`` is that of the terms, if they cancel."""
    got, right = np.asarray(got), np.asarray(right)
    assert got.shape == right.shape
    largest = max(abs(right).max(), np.max(size))
    np.testing.assert_allclose(got, right, rtol=PRECISION, atol=PRECISION * largest)


def assert_same(step, *batch, sizes=(0.0, 0.0)):
    """JAX, jitted, gives the value and the gradient that the step gives."""
    value, gradient = step.value_and_grad(*batch)
    found, slopes = jax.jit(jax.value_and_grad(step.to_jax()))(step.parameters.array, *batch)
    close(found, value, sizes[0])
    close(slopes, gradient, sizes[1])


# Every operation ----------------------------------------------------------------------------------

UNIT = (-0.9, -0.3, -1e-9, 1e-9, 0.4, 0.99)
WIDE = (-30.0, -2.5, -1.0, -1e-9, 0.0, 1e-9, 0.7, 3.0, 30.0)
POSITIVE = (1e-9, 0.3, 1.0, 2.0, 50.0)
PAIRS = ((1.0, 2.0), (2.0, 2.0), (-3.0, 0.5), (-0.5, -4.0), (1e-9, 3.0))
POWERS = ((2.0, 3.0), (0.5, -1.5), (0.0, 2.0), (3.0, 0.0), (1e-3, 0.5))
THREES = ((1.0, 2.0, 3.0), (2.0, 2.0, -1.0), (1.0, 1.0, 1.0), (-5.0, 0.0, 30.0), (0.0, 0.0, -1.0))
POINTS = {
    "asin": UNIT, "acos": UNIT, "log": POSITIVE, "log1p": POSITIVE + UNIT, "sqrt": POSITIVE,
    "tan": UNIT, "**": POWERS, "power_slope": POWERS[:2], "power_log": POWERS[:2],
    "+": PAIRS, "-": PAIRS, "*": PAIRS, "/": PAIRS, "atan2": PAIRS, "leaky_relu": PAIRS,
    "elu": PAIRS, "hypot": PAIRS, "hypot_slope": PAIRS, "over_square": PAIRS,
    "share": ((1.0, 3.5, 1e-16), (-300.0, 2.0, 0.0), (0.3, 0.7, -1e-17)),
    **dict.fromkeys(
        ("sum", "maximum", "minimum", "where", "logsumexp", "softmax", "log_softmax",
         "softmax_rest", "share"), THREES),
}  # fmt: skip


def by_engine(name, row):
    """The value and the gradient that the engine gives for one row."""
    leaves = [Value(number) for number in row]
    result = applied(name, leaves)
    result.backward()
    return [result.data, *(leaf.grad for leaf in leaves)]


def rows_of(name):
    rows = np.array(POINTS.get(name, WIDE))
    return rows.reshape(len(rows), -1)


@pytest.fixture(scope="module")
def by_jax():
    """What JAX gives for each row of each operation; all in one function, compiled once."""
    tables = {name: rows_of(name) for name in OPS}
    losses = {}
    for name, rows in tables.items():
        step = compile(lambda row, name=name: applied(name, row), example=[rows[0].tolist()])
        losses[name] = step.to_jax()

    def all_of_them(tables):
        found = {}
        for name, loss in losses.items():
            one_row = jax.value_and_grad(lambda row, loss=loss: loss(jnp.zeros(0), row[None]))
            found[name] = jax.vmap(one_row)(tables[name])
        return found

    found = jax.jit(all_of_them)(tables)
    return {name: np.column_stack([found[name][0], found[name][1]]) for name in OPS}


@pytest.mark.parametrize("name", list(OPS))
def test_value_and_partials_of_an_operation_are_those_of_the_engine(by_jax, name):
    for row, got in zip(rows_of(name), by_jax[name], strict=True):
        close(got, by_engine(name, row.tolist()))


# Random functions and networks --------------------------------------------------------------------

SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=3, deadline=None)  # each one is compiled by XLA


@FEW
@given(SEEDS)
def test_random_functions_get_the_same_answer(seed):
    parameters, rows = some_parameters(seed, 4), batch(seed, 7, 3)
    function = random_function(seed, 10, 3, parameters)
    sizes = size_of_terms(function, parameters, rows)
    assert_same(compile(function, parameters), rows, sizes=sizes)


def test_a_gradient_that_cancels_is_right_to_the_digits_of_its_terms():
    (w,) = parameters = some_parameters(0, 1)

    def function(row):
        return tanh(w * row[0]) / 3.0 - tanh(w * row[0]) * (1.0 / 3.0)

    rows = batch(0, 7, 1)
    sizes = size_of_terms(function, parameters, rows)
    assert_same(compile(function, parameters), rows, sizes=sizes)
    assert sizes[1].max() < 1.0  # and the bound is that of these terms, whatever they cancel to


@FEW
@given(SEEDS)
def test_random_networks_get_the_same_answer(seed):
    parameters = some_parameters(seed, 24)
    assert_same(compile(random_network(seed, 3, parameters), parameters), batch(seed, 7, 3))


def test_classifier_with_labels_and_a_penalty_gets_the_same_answer():
    rng = np.random.default_rng(0)
    model = nn.MLP(4, [5, 3], rng=random.Random(0))
    step = compile(
        lambda x, y: (
            nn.categorical_crossentropy(model(x), y)
            + 0.01 * autograd.fsum(p * p for p in model.parameters())
        ),
        model,
    )
    assert_same(step, rng.normal(size=(11, 4)), rng.integers(0, 3, size=11))


def test_vmap_over_parameters_trains_several_models_at_once():
    parameters = some_parameters(1, 24)
    step = compile(random_network(1, 3, parameters), parameters)
    rows = batch(1, 5, 3)
    step.value(rows)
    several = np.stack([step.parameters.array, 2.0 * step.parameters.array])
    slopes = jax.jit(jax.vmap(jax.grad(step.to_jax()), (0, None)))(several, rows)
    for numbers, found in zip(several, slopes, strict=True):
        step.parameters.array[:] = numbers
        close(found, step.value_and_grad(rows)[1])


def test_tie_and_kink_share_the_gradient_as_the_engine_does():
    a, b = Value(2.0), Value(2.0)
    step = compile(lambda x: maximum(a, b) * x + relu(a - b) + abs(a - b), [a, b])
    step.value([3.0])
    assert jax.grad(step.to_jax())(step.parameters.array, [3.0]).tolist() == [1.5, 1.5]


def test_partial_that_is_undefined_and_not_asked_for_stays_out_of_the_answer():
    w = Value(2.0)
    step = compile(lambda x, y: w * x**3.0 + x**y, [w], example=(0.0, 0.0))
    push = jax.jvp(lambda w: step.to_jax()(w, [-2.0], [3.0]), [np.array([2.0])], [np.ones(1)])
    assert [float(number) for number in push] == [-24.0, -8.0]  # log(-2) would be in x**y by y


def test_declared_operation_that_knows_only_numbers_is_computed_on_the_host():
    @operation(lambda y, x: math.cosh(x), points=[0.5], name="only_of_numbers")
    def only_of_numbers(x):
        return math.sinh(x)

    w = Value(0.5)
    assert_same(compile(lambda x: only_of_numbers(w * x), [w]), [0.5, -1.0, 2.0])


# Branches that are not taken ----------------------------------------------------------------------


def assert_as_engine(function, parameters, rows):
    """Value and gradient under JAX are those of the engine, which computes no other branch."""
    step = compile(function, parameters)
    step.value(rows)
    found, slopes = jax.jit(jax.value_and_grad(step.to_jax()))(step.parameters.array, rows)
    for parameter in parameters:
        parameter.grad = 0.0
    total = sum(function(row) for row in rows) / len(rows)
    total.backward()
    close(found, total.data)
    close(slopes, [parameter.grad for parameter in parameters])


UNTAKEN = {
    "a logarithm": lambda w, v: lambda x: where(x > 0, lambda: (w * x).log(), lambda: 0.0 * w),
    "below a product": lambda w, v: (
        lambda x: where(x > 0, lambda: (w * (w * x).log() + v).tanh(), lambda: v * x)
    ),
    "one in another": lambda w, v: (
        lambda x: where(
            x > 0, lambda: where(x > 1.5, lambda: 1.0 / (w * x - w), lambda: v), lambda: w * 2.0
        )
    ),
    "a root": lambda w, v: lambda x: where(x > 0, lambda: (w * x).sqrt() * v, lambda: v),
    "the other one": lambda w, v: lambda x: where(x <= 0, lambda: v * w, lambda: v / (w * x)),
    "in a softmax": lambda w, v: (
        lambda x: where(x > 0, lambda: autograd.softmax([(w * x).log(), v * x, v])[0], lambda: v)
    ),
}


@pytest.mark.parametrize("name", UNTAKEN)
def test_a_branch_that_is_not_taken_adds_nothing_to_the_gradient_where_it_is_undefined(name):
    w, v = Value(2.0), Value(0.7)
    assert_as_engine(UNTAKEN[name](w, v), [w, v], [1.0, 2.0, 0.0])


def test_a_branch_of_one_entry_of_a_row_is_not_that_of_its_neighbours():
    w = Value(2.0)

    def function(row):
        return autograd.fsum(
            [where(x > 0, lambda x=x: (w * x).log(), lambda x=x: w * x) for x in row]
        )

    assert_as_engine(function, [w], [[1.0, 0.0, -2.0], [0.0, 3.0, 0.5]])


def test_second_derivatives_pass_a_branch_that_is_not_taken():
    w = Value(2.0)
    step = compile(lambda x: where(x > 0, lambda: (w * x).log(), lambda: 0.0 * w), [w])
    step.value([1.0, 2.0, 0.0])
    twice = jax.hessian(step.to_jax())(step.parameters.array, [1.0, 2.0, 0.0])
    close(twice, [[-2.0 / 3.0 / 4.0]])


# What a pure function is --------------------------------------------------------------------------


def test_branch_is_the_one_that_the_parameters_take_when_to_jax_is_called():
    w = Value(1.0)
    step = compile(lambda x: w * x if w > 0 else w * w * x, [w])
    step.value([1.0])
    positive = step.to_jax()
    w.data = -2.0
    assert float(step.to_jax()(np.array([-2.0]), [3.0])) == 12.0
    assert float(positive(np.array([-2.0]), [3.0])) == -6.0


def test_value_that_is_no_parameter_is_the_constant_that_it_was():
    w, scale = Value(3.0), Value(2.0)
    step = compile(lambda x: scale * w * x, [w])
    step.value([1.0])
    loss = step.to_jax()
    scale.data = 5.0
    assert float(loss(np.array([3.0]), [1.0])) == 6.0


def test_loss_of_several_results_is_the_first():
    w = Value(3.0)
    step = compile(lambda x: (w * x, x, [w]), [w])
    step.value([1.0])
    assert float(step.to_jax()(np.array([3.0]), [1.0, 2.0])) == 4.5


def test_loss_of_parameters_alone_is_no_mean():
    w = Value(3.0)
    step = compile(lambda x: w * w, [w])
    step.value([1.0, 2.0])
    value, slope = jax.value_and_grad(step.to_jax())(np.array([3.0]), [1.0, 2.0])
    assert (float(value), slope.tolist()) == (9.0, [6.0])


def test_label_outside_of_the_classes_gives_nan():
    w = Value(3.0)
    step = compile(lambda x, label: autograd.log_softmax([w * x, 0.0 * x], label), [w])
    step.value([1.0], [1])
    loss = step.to_jax()
    assert all(math.isnan(loss(np.array([3.0]), [1.0], [label])) for label in (-1, 2))


def test_type_of_the_parameters_is_the_type_of_the_answer():
    w = Value(3.0)
    step = compile(lambda x: w * x, [w])
    step.value([1.0])
    assert step.to_jax()(np.array([3.0], np.float32), np.array([1.0])).dtype == np.float32
    assert step.to_jax()([3], [1]).dtype == np.float64


def test_nothing_recorded_yet_says_what_to_do():
    with pytest.raises(ValueError, match=r"example=\(x, y\)"):
        compile(lambda x: x).to_jax()


def test_parameters_and_batch_of_another_shape_are_refused():
    w = Value(3.0)
    step = compile(lambda x, y: w * x[0] - y, [w], example=([1.0, 2.0], 0.0))
    loss = step.to_jax()
    with pytest.raises(ValueError, match=r"shape \(2,\), not \(1,\)"):
        loss(np.zeros(2), np.zeros((3, 2)), np.zeros(3))
    for wrong in [(np.zeros((3, 2)),), (np.zeros((3, 1)), np.zeros(3)), (np.zeros((3, 2)), 0.0),
                  (np.zeros((3, 2)), np.zeros(4))]:  # fmt: skip
        with pytest.raises(ValueError, match=r"but \(rows, 2\) and \(rows,\) was recorded"):
            loss(np.zeros(1), *wrong)


def test_without_jax_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.delitem(sys.modules, jax_road.__name__)
    monkeypatch.delattr(sys.modules["autograd.compiled"], "to_jax")
    step = compile(lambda x: x, example=[1.0])
    with pytest.raises(
        ModuleNotFoundError, match=r"to_jax\(\) needs the package jax.*python -m pip install jax"
    ):
        step.to_jax()


# Eight devices, and floats of 32 bits -------------------------------------------------------------

DOCUMENTED = textwrap.dedent(
    jax_road.__doc__.partition("part of the rows::\n")[2].partition("\nJAX sees")[0]
).replace("range(100)", "range(5)")
APART = f"""
import json, random
import jax, numpy as np
from autograd import Value, compile

w = Value(1.1)
short = compile(lambda x: w * x, [w], example=[1.0]).to_jax()(np.array([1.1]), np.array([3.0]))

rng = np.random.default_rng(0)
own_X, own_y = rng.normal(size=(64, 2)), rng.normal(size=64)
jax.distributed.initialize = lambda: None  # there is one host
{DOCUMENTED}

from autograd import fsum
check = nn.MLP(2, [16, 16, 1], rng=random.Random(0))
alone = compile(lambda x, y: nn.mse(check(x), y), check)
for _ in range(5):
    mean, slopes = alone.value_and_grad(own_X, own_y)
    alone.parameters.array -= 0.05 * slopes
print(json.dumps(dict(
    short=[str(short.dtype), float(short)],
    devices=[len(X.sharding.device_set), len(parameters.sharding.device_set)],
    rows=X.addressable_shards[0].data.shape[0],
    apart=[float(value), *(p.data for p in model.parameters())],
    alone=[mean, *alone.parameters.array.tolist()],
)))
"""


@pytest.fixture(scope="module")
def apart():
    """What a program on eight devices found; its first half has floats of 32 bits."""
    settings = {
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
        "JAX_PLATFORMS": "cpu",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", APART],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_rows_that_are_split_over_eight_devices_give_the_same_training(apart):
    assert apart["devices"] == [8, 8]
    assert apart["rows"] == 8
    close(apart["apart"], apart["alone"])


def test_without_the_64_bits_of_jax_it_computes_with_32_and_does_not_warn(apart):
    assert apart["short"] == ["float32", pytest.approx(3.3, rel=1e-6)]
