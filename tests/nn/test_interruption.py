"""Ctrl-C at any line of step and zero_grad leaves the old state or the new one, never a mixture."""

import random

import pytest
from interrupting import interrupted_at

import nn


def fresh():
    model = nn.MLP(2, [3, 1], rng=random.Random(0))
    for place, parameter in enumerate(model.parameters()):
        parameter.grad = place + 1.0
    return model, nn.SGD(model.parameters(), lr=0.1)


WORKS = {
    "step": lambda model, optimizer: optimizer.step(),
    "zero_grad of the optimizer": lambda model, optimizer: optimizer.zero_grad(),
    "zero_grad of the model": lambda model, optimizer: model.zero_grad(),
}


@pytest.mark.parametrize("name", WORKS)
def test_an_interruption_at_any_line_leaves_old_or_new(name):
    def state(model):
        return [(parameter.data, parameter.grad) for parameter in model.parameters()]

    model, optimizer = fresh()
    old = state(model)
    WORKS[name](model, optimizer)
    new = state(model)
    assert old != new

    for lines in range(1, 10_000):
        model, optimizer = fresh()
        came = interrupted_at(lines, lambda: WORKS[name](model, optimizer))  # noqa: B023  at once
        assert state(model) in (old, new), lines
        if not came:
            break
    assert lines > 3
