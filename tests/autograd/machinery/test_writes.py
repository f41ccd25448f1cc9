"""The count of writes, by which a graph knows whether it is older than its leaves."""

import itertools

from autograd import Value
from autograd.machinery import modes


def test_count_goes_up_by_one_with_each_write():
    before = modes.count_write()
    assert modes.count_write() == before + 1
    assert modes.writes == before + 1


def test_thread_that_was_overtaken_does_not_turn_the_count_back(monkeypatch):
    monkeypatch.setattr(modes, "ticks", itertools.count(3))
    monkeypatch.setattr(modes, "writes", 10)  # by another thread, since this one took its tick
    assert modes.count_write() == 3
    assert modes.writes == 10


def test_count_of_another_process_moves_ours_on_and_never_back(monkeypatch):
    monkeypatch.setattr(modes, "ticks", modes.ticks)
    monkeypatch.setattr(modes, "writes", modes.writes)
    ahead = modes.writes + 1000
    modes.catch_up(ahead)
    assert modes.writes == ahead
    modes.catch_up(ahead - 500)
    assert modes.writes == ahead
    assert modes.count_write() == ahead + 1


def test_writing_a_leaf_is_counted_and_computing_is_not():
    x = Value(1.0)
    before = modes.writes
    (x * x + 1.0).backward()
    assert modes.writes == before
    x.data = 2.0
    assert modes.writes == before + 1
