"""What the metrics promise."""

from __future__ import annotations

import math
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_score,
    r2_score,
    recall_score,
)
from sklearn.metrics import confusion_matrix as sklearn_confusion_matrix
from sklearn.metrics import mean_absolute_error as sklearn_mean_absolute_error
from sklearn.metrics import root_mean_squared_error as sklearn_root_mean_squared_error

from autograd import Value
from nn.metrics import (
    METRICS,
    accuracy,
    confusion_matrix,
    f1,
    mean_absolute_error,
    metric_named,
    precision,
    predicted_class,
    r2,
    recall,
    root_mean_squared_error,
)


def test_accuracy_is_the_share_of_hits() -> None:
    assert accuracy([0, 1, 2, 2], [0, 1, 1, 2]) == 0.75
    assert accuracy(["rose"], ["rose"]) == 1.0
    assert accuracy((1.0, 0.0), [True, True]) == 0.5


def test_accuracy_takes_arrays_and_returns_a_float() -> None:
    result = accuracy(numpy.array([0, 1]), numpy.array([0, 0]))
    assert result == 0.5
    assert type(result) is float


@pytest.mark.parametrize("outputs", [[Value(1.0)], [0.3], [[0.1, 0.9]], [math.nan]])
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


# Classes ------------------------------------------------------------------------------------------

OF_CLASSES = [(precision, precision_score), (recall, recall_score), (f1, f1_score)]
two_classes = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=12)
four_classes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=15)
ZERO = pytest.mark.parametrize("zero_division", [0.0, 1.0])
OURS_AND_THEIRS = pytest.mark.parametrize(("ours", "theirs"), OF_CLASSES)


@ZERO
@OURS_AND_THEIRS
@settings(max_examples=50)
@given(examples=two_classes)
def test_binary_metrics_are_those_of_scikit_learn(
    ours: Any, theirs: Any, zero_division: float, examples: list[tuple[int, int]]
) -> None:
    predictions, targets = map(list, zip(*examples, strict=True))
    expected = theirs(targets, predictions, zero_division=zero_division)
    result = ours(predictions, targets, zero_division=zero_division)
    assert result == pytest.approx(expected, rel=1e-12)
    assert type(result) is float


@ZERO
@OURS_AND_THEIRS
@settings(max_examples=50)
@given(examples=four_classes)
def test_macro_metrics_are_those_of_scikit_learn(
    ours: Any, theirs: Any, zero_division: float, examples: list[tuple[int, int]]
) -> None:
    predictions, targets = map(list, zip(*examples, strict=True))
    expected = theirs(targets, predictions, average="macro", zero_division=zero_division)
    result = ours(predictions, targets, average="macro", zero_division=zero_division)
    assert result == pytest.approx(expected, rel=1e-12)


@settings(max_examples=50)
@given(examples=four_classes)
def test_accuracy_and_confusion_matrix_are_those_of_scikit_learn(
    examples: list[tuple[int, int]],
) -> None:
    predictions, targets = map(list, zip(*examples, strict=True))
    assert accuracy(predictions, targets) == pytest.approx(accuracy_score(targets, predictions))
    if len({*predictions, *targets}) > 1:  # scikit-learn warns of a matrix of one class
        theirs = sklearn_confusion_matrix(targets, predictions)
        assert confusion_matrix(predictions, targets) == theirs.tolist()
    theirs = sklearn_confusion_matrix(targets, predictions, labels=[3, 2, 1, 0])
    assert confusion_matrix(predictions, targets, [3, 2, 1, 0]) == theirs.tolist()


def test_precision_recall_and_f1_by_hand() -> None:
    predictions, targets = [1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 0, 0]  # TP 2, FP 1, FN 1
    assert precision(predictions, targets) == recall(predictions, targets) == 2 / 3
    assert f1(predictions, targets) == 4 / 6
    assert confusion_matrix(predictions, targets) == [[2, 1], [1, 2]]


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    predictions, targets = [1, 1, 0, 0, 0], [1, 0, 1, 1, 1]
    p, r = precision(predictions, targets), recall(predictions, targets)
    assert f1(predictions, targets) == pytest.approx(2 * p * r / (p + r), rel=1e-15)


@OURS_AND_THEIRS
def test_nothing_to_divide_is_0_without_a_warning(ours: Any, theirs: Any) -> None:
    assert ours([0, 0], [0, 0]) == 0.0
    assert ours([0, 0], [0, 0], zero_division=1) == 1.0


@OURS_AND_THEIRS
def test_the_positive_class_can_be_a_name(ours: Any, theirs: Any) -> None:
    predictions, targets = ["spam", "ham", "spam"], ["spam", "spam", "ham"]
    expected = theirs(targets, predictions, pos_label="spam")
    assert ours(predictions, targets, positive="spam") == pytest.approx(expected)


@OURS_AND_THEIRS
def test_more_than_two_classes_are_refused_unless_averaged(ours: Any, theirs: Any) -> None:
    with pytest.raises(ValueError, match="else average='macro'"):
        ours([0, 1, 2], [0, 1, 2])
    with pytest.raises(ValueError, match="write positive='spam'"):
        ours(["spam", "ham"], ["spam", "spam"])
    with pytest.raises(ValueError, match="average is 'binary' or 'macro', not 'micro'"):
        ours([0], [0], average="micro")
    with pytest.raises(ValueError, match="zero_division is 0 or 1"):
        ours([0], [0], zero_division=math.nan)


@pytest.mark.parametrize("metric", [precision, recall, f1, confusion_matrix])
def test_metrics_of_classes_refuse_outputs_and_lists_that_do_not_match(metric: Any) -> None:
    with pytest.raises(TypeError, match="predicted_class"):
        metric([0.3], [1])
    with pytest.raises(ValueError, match="2 predictions and 1 targets"):
        metric([1, 0], [1])
    with pytest.raises(TypeError, match="two lists of classes"):
        metric(1, 1)


def test_names_and_numbers_of_classes_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="some classes are names and some are numbers"):
        f1([0, 1], ["cat", "dog"], average="macro")


def test_a_class_outside_of_the_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2 is none of the classes \[0, 1\]"):
        confusion_matrix([0, 2], [0, 1], classes=[0, 1])


def test_the_diagonal_of_the_confusion_matrix_is_the_accuracy() -> None:
    predictions, targets = [0, 1, 2, 2, 1], [0, 1, 1, 2, 0]
    matrix = confusion_matrix(predictions, targets)
    right = sum(matrix[place][place] for place in range(3))
    assert right / 5 == accuracy(predictions, targets)


def test_metrics_of_classes_take_arrays_and_pandas_series() -> None:
    predictions, targets = [1, 1, 0], [1, 0, 0]
    expected = f1(predictions, targets)
    assert f1(numpy.array(predictions), numpy.array(targets)) == expected
    assert f1(pandas.Series(predictions), pandas.Series(targets)) == expected


# Numbers ------------------------------------------------------------------------------------------

numbers = st.floats(-1e3, 1e3).map(lambda number: round(number, 3))
OF_NUMBERS = [
    (mean_absolute_error, sklearn_mean_absolute_error),
    (root_mean_squared_error, sklearn_root_mean_squared_error),
    (r2, r2_score),
]


@pytest.mark.parametrize(("ours", "theirs"), OF_NUMBERS)
@given(examples=st.lists(st.tuples(numbers, numbers), min_size=2, max_size=10))
def test_metrics_of_numbers_are_those_of_scikit_learn(
    ours: Any, theirs: Any, examples: list[tuple[float, float]]
) -> None:
    predictions, targets = map(list, zip(*examples, strict=True))
    assume(len(set(targets)) > 1)  # equal targets: see below
    expected = theirs(targets, predictions)
    result = ours(predictions, targets)
    assert result == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert type(result) is float


def test_metrics_of_numbers_by_hand() -> None:
    predictions, targets = [2.0, 0.0, 5.0], [1.0, 2.0, 3.0]
    assert mean_absolute_error(predictions, targets) == pytest.approx(5 / 3)
    assert root_mean_squared_error(predictions, targets) == pytest.approx(math.sqrt(3.0))
    assert r2(predictions, targets) == pytest.approx(1.0 - 9 / 2)


def test_r2_of_equal_targets_is_1_or_0_as_in_scikit_learn() -> None:
    for predictions in ([2.0] * 3, [2.0, 2.0, 3.0]):
        assert r2(predictions, [2.0] * 3) == r2_score([2.0] * 3, predictions)
    # 0.1 + 0.1 + 0.1 is rounded, so that by the plain formula these targets vary by 1e-17.
    assert [r2([0.1] * 3, [0.1] * 3), r2([0.1, 0.1, 0.2], [0.1] * 3)] == [1.0, 0.0]


def test_always_answering_the_mean_has_an_r2_of_0() -> None:
    assert r2([2.0, 2.0, 2.0], [1.0, 2.0, 3.0]) == 0.0


def test_r2_of_one_example_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two examples"):
        r2([1.0], [1.0])


@pytest.mark.parametrize("metric", [mean_absolute_error, root_mean_squared_error, r2])
def test_metrics_of_numbers_take_values_and_arrays_and_return_floats(metric: Any) -> None:
    predictions, targets = [1.0, 2.5, 4.0], [1.0, 2.0, 3.0]
    expected = metric(predictions, targets)
    result = metric([Value(prediction) for prediction in predictions], numpy.array(targets))
    assert result == expected
    assert type(result) is float


@pytest.mark.parametrize("metric", [mean_absolute_error, root_mean_squared_error, r2])
def test_metrics_of_numbers_refuse_what_is_none(metric: Any) -> None:
    with pytest.raises(TypeError, match=r"predictions\[1\] is 'x'"):
        metric([1.0, "x"], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"targets\[0\] is nan"):
        metric([1.0, 2.0], [math.nan, 2.0])
    with pytest.raises(TypeError, match="two lists of numbers"):
        metric(1.0, 1.0)
    with pytest.raises(ValueError, match="2 predictions and 1 targets"):
        metric([1.0, 2.0], [1.0])
    with pytest.raises(TypeError, match=r"predictions\[0\] is \[1.0\]"):
        metric([[1.0], [2.0]], [1.0, 2.0])


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_name_and_is_a_float_of_two_lists(name: str) -> None:
    result = metric_named(name)([0, 1, 1], [0, 1, 0])
    assert type(result) is float


def test_an_unknown_metric_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"no metric 'acuracy'\. Did you mean 'accuracy'\?"):
        metric_named("acuracy")
    assert metric_named(f1) is f1
    assert metric_named("f1_macro")([0, 1, 2], [0, 1, 2]) == 1.0


def test_a_column_of_classes_is_refused_with_the_cure() -> None:
    for metric in (accuracy, precision, recall, f1, confusion_matrix):
        with pytest.raises(
            TypeError, match=r"a column of shape \(n, 1\): write \[row\[0\] for row"
        ):
            metric([0, 1], [[0], [1]])
