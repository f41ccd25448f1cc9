"""What the metrics promise."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value
from nn import accuracy, predicted_class


def test_accuracy_is_the_share_of_hits() -> None:
    assert accuracy([0, 1, 2, 2], [0, 1, 1, 2]) == 0.75
    assert accuracy(["rose"], ["rose"]) == 1.0
    assert accuracy((1.0, 0.0), [True, True]) == 0.5


def test_accuracy_takes_arrays_and_returns_a_float() -> None:
    numpy = pytest.importorskip("numpy")
    result = accuracy(numpy.array([0, 1]), numpy.array([0, 0]))
    assert result == 0.5
    assert type(result) is float


@pytest.mark.parametrize("outputs", [[Value(1.0)], [0.3], [[0.1, 0.9]], [math.nan], [None]])
def test_accuracy_refuses_outputs_that_are_no_classes(outputs: Any) -> None:
    with pytest.raises(TypeError, match="predicted_class"):
        accuracy(outputs, [1])


def test_accuracy_refuses_different_lengths_empty_lists_and_single_classes() -> None:
    with pytest.raises(ValueError, match="2 predictions and 1 targets"):
        accuracy([1, 0], [1])
    with pytest.raises(ValueError, match="empty"):
        accuracy([], [])
    with pytest.raises(TypeError, match="two lists"):
        accuracy(1, 1)


def test_the_class_of_several_outputs_is_the_largest_and_the_first_of_equals() -> None:
    assert predicted_class([Value(0.1), Value(-2.0), Value(3.0)]) == 2
    assert predicted_class((1.0, 5.0, 5.0)) == 1


def test_the_class_of_one_output_is_decided_by_the_threshold() -> None:
    assert [predicted_class(Value(score)) for score in (-0.1, 0.0, 0.1)] == [0, 0, 1]
    assert [predicted_class(score, threshold=0.5) for score in (0.4, 0.6)] == [0, 1]
    assert [predicted_class(score, classes=(-1, 1)) for score in (-3.0, 3.0)] == [-1, 1]


def test_a_list_of_one_output_is_refused_because_its_largest_is_always_the_first() -> None:
    with pytest.raises(ValueError, match="not a list of 1"):
        predicted_class([0.7])


@pytest.mark.parametrize("outputs", [math.nan, [math.nan, 1.0], [1.0, Value(math.nan)]])
def test_nan_speaks_for_no_class(outputs: Any) -> None:
    with pytest.raises(ValueError, match="nan"):
        predicted_class(outputs)
