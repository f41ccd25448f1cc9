"""Advice that depends on what the program has done so far."""

from autograd import Value, ieee
from autograd.ask.explain import explain
from autograd.machinery import modes


def hint():
    x = Value(1e200, label="x")
    with ieee():
        return explain((x * 1.0) * x).hint


def test_learning_rate_is_advice_only_for_a_program_that_has_written_leaves(monkeypatch):
    monkeypatch.setattr(modes, "writes", 0)
    assert "learning rate" not in hint()
    assert "normalise the inputs" in hint()
    monkeypatch.setattr(modes, "writes", 5)
    assert "learning rate" in hint()
