"""What the learning-rate schedules promise: their formula, at every step."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value
from nn import schedules
from nn.optimizers import SGD


def test_constant_never_changes() -> None:
    assert {schedules.Constant(0.3)(step) for step in range(100)} == {0.3}


def test_step_decay_is_a_staircase() -> None:
    schedule = schedules.StepDecay(8.0, factor=0.5, every=3)
    assert [schedule(step) for step in range(8)] == [8.0, 8.0, 8.0, 4.0, 4.0, 4.0, 2.0, 2.0]


def test_inverse_time_is_one_over_the_time() -> None:
    schedule = schedules.InverseTime(2.0, decay=1.0)
    assert [schedule(step) for step in (0, 1, 3, 7)] == [2.0, 1.0, 0.5, 0.25]


def test_cosine_falls_from_start_to_smallest_and_stays_there() -> None:
    schedule = schedules.Cosine(1.0, steps=6, smallest=0.2)
    assert schedule(0) == 1.0
    assert schedule(2) == pytest.approx(0.2 + 0.8 * 0.75, rel=1e-15)  # cos(pi / 3) = 1 / 2
    assert schedule(3) == pytest.approx(0.6, rel=1e-15)
    assert [schedule(step) for step in (6, 7, 1000)] == [0.2, 0.2, 0.2]
    rates = [schedule(step) for step in range(7)]
    assert rates == sorted(rates, reverse=True)


def test_an_optimizer_takes_the_rate_of_each_step_from_its_schedule() -> None:
    x = Value(0.0)
    x.grad = -1.0
    optimizer = SGD([x], lr=schedules.StepDecay(1.0, factor=0.5, every=1))
    moves = []
    for _ in range(4):
        moves.append(optimizer.lr)
        optimizer.step()
    assert moves == [1.0, 0.5, 0.25, 0.125]
    assert x.data == 1.875


def test_any_function_of_the_step_is_a_schedule() -> None:
    optimizer = SGD([Value(0.0)], lr=lambda step: 1 / (step + 1))
    assert optimizer.lr == 1.0
    optimizer.step()
    assert optimizer.lr == 0.5


@pytest.mark.parametrize(
    ("schedule", "error", "message"),
    [
        (lambda step: "0.1", TypeError, "must be a number, not str"),
        (lambda step: -0.1, ValueError, "0 or more"),
        (lambda step: math.nan, ValueError, "0 or more"),
        (lambda step: math.inf, ValueError, "after 0 steps must be 0 or more, and finite"),
    ],
)
def test_a_function_that_returns_no_rate_is_refused_at_once(
    schedule: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        SGD([Value(0.0)], lr=schedule)


def test_a_schedule_that_fails_in_the_middle_changes_nothing() -> None:
    x = Value(1.0)
    x.grad = 1.0
    optimizer = SGD([x], lr=lambda step: 0.5 if step == 0 else math.nan)
    optimizer.step()
    with pytest.raises(ValueError, match="after 1 steps"):
        optimizer.step()
    assert (x.data, optimizer.steps) == (0.5, 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.Constant(0.0), "start must be positive"),
        (lambda: schedules.StepDecay(1.0, factor=2.0), "at most 1"),
        (lambda: schedules.StepDecay(1.0, every=0), "every must be a whole number"),
        (lambda: schedules.InverseTime(1.0, decay=-1.0), "decay must be positive"),
        (lambda: schedules.Cosine(1.0, steps=0), "steps must be a whole number"),
        (lambda: schedules.Cosine(1.0, steps=5, smallest=2.0), "smallest must not be larger"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
