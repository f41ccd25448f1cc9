"""What a step of learning promises: the gradient of the mean loss, and one step against it."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import nn
from autograd import Value
from nn.engine import Eager, Learner

ROWS, TARGETS = [[0.5], [-1.0], [2.0]], [1.0, 0.0, -1.0]


def network() -> nn.MLP:
    return nn.MLP(1, [3, 1], activation="tanh", rng=random.Random(2))


def test_the_engine_adds_the_gradient_and_returns_plain_numbers() -> None:
    model, twin = network(), network()
    loss, outputs = Eager(model, nn.mse)(ROWS, TARGETS)
    reference = nn.mse([twin(row) for row in ROWS], TARGETS)
    reference.backward()
    assert loss == reference.data
    assert outputs == nn.predict(twin, ROWS)
    assert [p.grad for p in model.parameters()] == [p.grad for p in twin.parameters()]
    Eager(model, nn.mse)(ROWS, TARGETS)
    assert [p.grad for p in model.parameters()] == [2 * p.grad for p in twin.parameters()]


def test_any_engine_will_do() -> None:
    w = Value(3.0)

    def engine(X: list[Any], y: list[Any]) -> tuple[float, list[Any]]:
        w.grad += 2.0  # comes from wherever it likes
        return 7.0, [0.0] * len(y)

    learner = Learner(engine, nn.SGD([w], lr=0.5))
    assert [learner(ROWS, TARGETS) for _ in range(2)] == [(7.0, [0.0] * 3)] * 2
    assert w.data == 3.0 - 2 * 0.5 * 2.0


def test_the_penalty_pulls_and_is_not_in_the_loss() -> None:
    model, twin = network(), network()
    weights = [p for p in model.parameters() if not p.label.endswith(".b")]
    learner = Learner(
        Eager(model, nn.mse), nn.SGD(model.parameters(), lr=0.1), lambda: 0.5 * nn.l2(weights)
    )
    loss, _ = learner(ROWS, TARGETS)
    data = nn.mse([twin(row) for row in ROWS], TARGETS)
    (data + 0.5 * nn.l2([p for p in twin.parameters() if not p.label.endswith(".b")])).backward()
    nn.SGD(twin.parameters(), lr=0.1).step()
    assert loss == data.data
    assert [p.data for p in model.parameters()] == pytest.approx(
        [p.data for p in twin.parameters()], rel=1e-14
    )


def test_a_gradient_that_is_too_long_is_clipped_before_the_step() -> None:
    model, twin = network(), network()
    Learner(Eager(model, nn.mse), nn.SGD(model.parameters(), lr=1.0), clip=0.01)(ROWS, TARGETS)
    moves = [p.data - q.data for p, q in zip(model.parameters(), twin.parameters(), strict=True)]
    assert math.hypot(*moves) == pytest.approx(0.01, rel=1e-9)
