"""Functions chosen to go wrong: each agrees with the engine in value and every gradient."""

import numpy as np
import pytest
from compiled_programs import batch, eager, some_parameters

from autograd import (
    Value,
    compile,
    fsum,
    hypot,
    log,
    log_softmax,
    logsumexp,
    maximum,
    mean,
    minimum,
    relu,
    softmax,
    sqrt,
    tanh,
    where,
)
from nn import categorical_crossentropy

A, B, C, D = P = some_parameters(7, 4)


def attention(x):
    queries = [x[0] * A, x[1] * B, x[2] * C]
    shares = [softmax([query * key for key in x]) for query in queries]
    return fsum([fsum([s * v for s, v in zip(row, x, strict=True)]) for row in shares])


def normalised(x):
    centre = mean(x)
    spread = sqrt(mean([(each - centre) ** 2.0 for each in x]) + 0.1)
    return fsum([A * tanh((each - centre) / spread) + B for each in x])


def recurrent(x):
    state = C
    for each in x:
        state = tanh(A * state + B * each + D)
    return state


FUNCTIONS = {
    "a product of one node by itself": lambda x: x[0] * x[0] * x[0] + A * A,
    "a node less itself": lambda x: (x[0] - x[0]) * A + (x[1] / x[1]),
    "the largest of equals": lambda x: maximum(A * x[0], A * x[0]) + maximum(x[0], x[0], B),
    "the smallest with a number": lambda x: minimum(x[0], 0.5, A) * x[1],
    "relu at a tie": lambda x: relu(x[0] - x[0]) + abs(x[1] - x[1]) + x[2] * A,
    "a sum with repeated terms": lambda x: fsum([A, B, A, x[0], x[0], x[0], A, C, 2.0]),
    "a sum of parameters that repeat": lambda x: fsum([A, B, A, B, A, B, A]) * x[0],
    "minus in every place": lambda x: A - x[0] - B * x[1] - (C - x[2] * D) - x[0],
    "signs upon signs": lambda x: -(A * x[0]) - (-(x[1] * B)) - (-C),
    "one input with four weights": lambda x: A * x[0] + x[0] * B + 2.0 * x[0] + x[0],
    "a softmax of equal values": lambda x: softmax([x[0], x[0], A])[1] * logsumexp([x[1], x[1]]),
    "a softmax of one": lambda x: softmax([x[0] * A])[0] * logsumexp([x[1] * B]),
    "places of one softmax apart": lambda x: (lambda s: s[2] * A + s[0])(softmax([*x, A])),
    "log_softmax twice": lambda x: log_softmax(log_softmax(list(x)))[1] * A,
    "a softmax of parameters": lambda x: fsum(
        [s * each for s, each in zip(softmax([A, B, C]), x, strict=True)]
    ),
    "attention": attention,
    "a normalised layer": normalised,
    "a recurrence": recurrent,
    "a distance": lambda x: hypot(x[0] - A, x[1] - B),
    "powers": lambda x: x[0] ** 2 + x[0] ** A + A**3 + A ** x[1] + 2 ** x[2],
    "answers": lambda x: where((x[0] > 0.4) & (x[1] < 0.6) | (x[2] <= A), A * x[0], B * x[1]),
    "an answer as a number": lambda x: where(x[0] > 0.5, 1.0, 0.0) * A + x[1],
    "one choice within another": lambda x: where(x[0] > A, where(x[1] > B, C, x[2]), x[0] * D),
    "the loss is a parameter": lambda x: A,
    "parameters alone": lambda x: log(A * B) + tanh(C),
    "an input": lambda x: x[1],
    "integers": lambda x: 3 * x[0] - 1 + A * 2,
}


def assert_agrees(function, rows):
    step = compile(function, P)
    value, gradient, (by_input,) = step.value_and_grad(rows, inputs=True)
    expected = eager(function, P, rows)
    for found, right in zip((value, gradient, by_input), expected, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-11, atol=1e-13)
    assert step.value(rows) == value
    assert step.value_and_grad(rows)[1].tolist() == gradient.tolist()


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_agrees_with_the_engine(name, rows):
    assert_agrees(FUNCTIONS[name], batch(2, rows, 3))


@pytest.mark.parametrize("shared", [False, True])
def test_labels_choose_a_logit_in_every_row(shared):
    def function(x, label):
        logits = [A, B, C] if shared else [A * x[0], B * x[1], C * x[2]]
        return categorical_crossentropy(logits, label) + x[0] * D

    rows, labels = batch(3, 9, 3), np.array([0, 1, 2, 2, 1, 0, 0, 1, 2])
    value, gradient = compile(function, P).value_and_grad(rows, labels)
    for parameter in P:
        parameter.grad = 0.0
    loss = mean([function(row.tolist(), int(k)) for row, k in zip(rows, labels, strict=True)])
    loss.backward()
    assert value == pytest.approx(loss.data, rel=1e-12)
    assert gradient.tolist() == pytest.approx([parameter.grad for parameter in P], rel=1e-11)


def test_large_logits_do_not_overflow():
    w = Value(1.0)
    step = compile(lambda x: categorical_crossentropy([w * x[0], w * x[1]], 0), [w])
    value, gradient = step.value_and_grad([[1000.0, -1000.0], [-1000.0, 1000.0]])
    assert (value, gradient.tolist()) == (1000.0, [1000.0])
