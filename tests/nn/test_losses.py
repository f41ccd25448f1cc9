"""What the losses promise: values and gradients by hand, stability, and clear refusals."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, check_gradients, sigmoid, softmax
from nn.losses import (
    LOSSES,
    binary_crossentropy,
    categorical_crossentropy,
    hinge,
    loss_named,
    mae,
    mse,
    quadratic,
    rmse,
    softmax_cross_entropy,
)

logits_lists = st.lists(st.floats(-30.0, 30.0), min_size=2, max_size=5)


# Mean squared error -------------------------------------------------------------------------------


def test_mse_by_hand() -> None:
    a, b = Value(1.0), Value(5.0)
    loss = mse([a, b], [3.0, 4.0])
    assert loss.data == 2.5  # (4 + 1) / 2
    loss.backward()
    assert (a.grad, b.grad) == (-2.0, 1.0)  # 2 * difference / 2


def test_mse_of_one_number_is_its_square_without_a_mean_in_the_graph() -> None:
    prediction = Value(5.0)
    loss = mse(prediction, 2)
    assert loss.data == 9.0
    assert loss.op.name == "**"
    loss.backward()
    assert prediction.grad == 6.0


def test_mse_of_plain_numbers_is_a_plain_number() -> None:
    assert mse([1, 2], [2, 4]) == 2.5
    assert type(mse([1, 2], [2, 4])) is float


def test_mse_of_rows_is_the_mean_over_all_numbers() -> None:
    assert mse([[1.0, 2.0], [3.0, 4.0]], [[0.0, 2.0], [3.0, 1.0]]) == 2.5  # (1 + 9) / 4


def test_mse_takes_arrays() -> None:
    loss = mse([Value(1.0), Value(5.0)], numpy.array([3.0, 4.0]))
    assert loss.data == 2.5
    assert type(loss) is Value


@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        ([1.0, 2.0], [1.0], "2 predictions and 1 targets"),
        ([1.0], 1.0, "one target is a single number where the prediction is a list"),
        ([1.0], [[1.0]], "one prediction is a single number where the target is a list"),
        ([], [], "empty"),
    ],
)
def test_mse_never_stretches_or_cuts_to_fit(predictions: Any, targets: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mse(predictions, targets)


# Quadratic, mean absolute and root mean squared error ---------------------------------------------


def test_the_quadratic_loss_is_half_the_square_and_its_gradient_the_error() -> None:
    w = Value(5.0)
    loss = quadratic(w * 2.0, 6.0)  # one weight, the input 2, the label 6
    assert loss.data == 8.0
    loss.backward()
    assert w.grad == 8.0  # (10 - 6) * 2
    assert quadratic([1.0, 5.0], [3.0, 4.0]) == mse([1.0, 5.0], [3.0, 4.0]) / 2


def test_mae_by_hand() -> None:
    a, b, c = Value(1.0), Value(5.0), Value(7.0)
    loss = mae([a, b, c], [3.0, 4.0, 7.0])
    assert loss.data == 1.0
    loss.backward()
    assert [a.grad, b.grad, c.grad] == pytest.approx([-1 / 3, 1 / 3, 0.0])


def test_rmse_by_hand() -> None:
    a, b = Value(3.0), Value(-4.0)
    loss = rmse([a, b], [0.0, 0.0])
    assert loss.data == pytest.approx(math.sqrt(12.5), rel=1e-15)
    loss.backward()  # error / (count * rmse)
    assert [a.grad, b.grad] == pytest.approx([3 / (2 * loss.data), -4 / (2 * loss.data)])


def test_rmse_of_one_example_is_the_size_of_its_error_and_not_so_of_a_set() -> None:
    assert rmse(1.0, 4.0) == rmse([1.0], [4.0]) == 3.0
    one_by_one = [rmse(error, 0.0) for error in (1.0, 7.0)]
    assert rmse([1.0, 7.0], [0.0, 0.0]) == pytest.approx(5.0) != sum(one_by_one) / 2


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_perfect_prediction_has_rmse_0_and_gradient_0_and_nothing_is_raised(count: int) -> None:
    predictions = [Value(float(place)) for place in range(count)]
    loss = rmse(predictions, list(range(count)))
    assert loss.data == 0.0
    loss.backward()
    assert [prediction.grad for prediction in predictions] == [0.0] * count


def test_rmse_with_some_errors_0_has_the_gradient_of_the_others() -> None:
    a, b, c = Value(0.0), Value(0.0), Value(2.0)
    rmse([a, b, c], [0.0, 0.0, 0.0]).backward()
    assert [a.grad, b.grad] == [0.0, 0.0]
    assert c.grad == pytest.approx(1 / math.sqrt(3.0))


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_rmse_of_tiny_and_huge_errors_squares_nothing(size: float) -> None:
    a, b = Value(3.0 * size), Value(4.0 * size)
    loss = rmse([a, b], [0.0, 0.0])
    assert loss.data == pytest.approx(math.sqrt(12.5) * size, rel=1e-14)
    loss.backward()
    assert [a.grad, b.grad] == pytest.approx([0.6 / math.sqrt(2), 0.8 / math.sqrt(2)])


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=6))
def test_rmse_is_the_root_of_mse_and_quadratic_its_half(pairs: list[tuple[float, float]]) -> None:
    predictions, targets = map(list, zip(*pairs, strict=True))
    squared = mse(predictions, targets)
    assert rmse(predictions, targets) == pytest.approx(math.sqrt(squared), rel=1e-12, abs=1e-150)
    assert quadratic(predictions, targets) == pytest.approx(squared / 2, rel=1e-12)


@pytest.mark.parametrize("loss", [quadratic, mae, rmse])
def test_distances_are_plain_numbers_of_plain_numbers_and_refuse_other_shapes(loss: Any) -> None:
    assert type(loss([1, 2], [2, 4])) is float
    assert loss([[1.0], [2.0]], [[2.0], [4.0]]) == loss([1.0, 2.0], [2.0, 4.0])
    with pytest.raises(ValueError, match="2 predictions and 1 targets"):
        loss([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="empty"):
        loss([], [])


# Hinge --------------------------------------------------------------------------------------------


def test_hinge_by_hand() -> None:
    scores = [Value(2.0), Value(0.25), Value(0.5)]
    loss = hinge(scores, [1, 1, -1])
    assert loss.data == 0.75  # (0 + 0.75 + 1.5) / 3
    loss.backward()
    assert [score.grad for score in scores] == pytest.approx([0.0, -1 / 3, 1 / 3])


def test_hinge_of_one_score() -> None:
    assert hinge(Value(-1.0), 1).data == 2.0
    assert hinge(-1.0, -1) == 0.0


@pytest.mark.parametrize("label", [0, 2, 0.5, False])
def test_hinge_refuses_labels_other_than_minus_one_and_one(label: Any) -> None:
    with pytest.raises(ValueError, match=r"labels -1 and 1, not .*2 \* label - 1"):
        hinge([1.0, 1.0], [1, label])


def test_hinge_refuses_lists_of_different_lengths() -> None:
    with pytest.raises(ValueError, match="1 scores and 2 labels"):
        hinge([1.0], [1, 1])


# Binary cross-entropy -----------------------------------------------------------------------------


def test_binary_cross_entropy_by_hand() -> None:
    logit = Value(math.log(3.0))  # the probability is 3/4
    loss = binary_crossentropy(logit, 0)
    assert loss.data == pytest.approx(math.log(4.0), rel=1e-15)
    loss.backward()
    assert logit.grad == pytest.approx(0.75, rel=1e-15)  # probability minus label
    other = Value(math.log(3.0))
    binary_crossentropy(other, 1).backward()
    assert other.grad == pytest.approx(-0.25, rel=1e-15)


@pytest.mark.parametrize(
    ("logit", "label", "value", "slope"),
    [
        (1000.0, 0, 1000.0, 1.0),
        (1000.0, 1, 0.0, 0.0),
        (-1000.0, 0, 0.0, 0.0),
        (-1000.0, 1, 1000.0, -1.0),
        (1000.0, 0.5, 500.0, 0.5),
    ],
)
def test_a_logit_of_a_thousand_has_its_loss_and_its_gradient(
    logit: float, label: float, value: float, slope: float
) -> None:
    prediction = Value(logit)
    loss = binary_crossentropy(prediction, label)
    assert loss.data == value
    loss.backward()
    assert prediction.grad == slope


def test_a_sure_and_right_logit_keeps_its_digits() -> None:
    # log(1 + exp(40)) - 40 would be 0: here the loss and its slope are both 4.2e-18.
    logit = Value(40.0)
    loss = binary_crossentropy(logit, 1)
    loss.backward()
    assert loss.data == pytest.approx(math.exp(-40.0), rel=1e-12)
    assert logit.grad == pytest.approx(-math.exp(-40.0), rel=1e-12)


@given(logit=st.floats(-30.0, 30.0), label=st.sampled_from([0, 1, 0.25, 0.5]))
def test_binary_cross_entropy_is_that_of_two_logits_of_which_one_is_0(
    logit: float, label: float
) -> None:
    two = categorical_crossentropy([0.0, logit], [1 - label, label])
    assert binary_crossentropy(logit, label) == pytest.approx(two, rel=1e-12, abs=1e-15)


@given(logit=st.floats(-30.0, 30.0), label=st.sampled_from([0, 1, 0.25]))
def test_the_gradient_of_binary_cross_entropy_is_the_probability_minus_the_label(
    logit: float, label: float
) -> None:
    value = Value(logit)
    binary_crossentropy(value, label).backward()
    assert value.grad == pytest.approx(1 / (1 + math.exp(-logit)) - label, rel=1e-9, abs=1e-12)


def test_binary_cross_entropy_of_probabilities_is_that_of_their_logits() -> None:
    logits, labels = [Value(0.3), Value(-2.0), Value(1.5)], [1, 0, 0.25]
    of_logits = binary_crossentropy(logits, labels)
    of_logits.backward()
    expected = [logit.grad for logit in logits]
    again = [Value(logit.data) for logit in logits]
    probabilities = [sigmoid(logit) for logit in again]
    loss = binary_crossentropy(probabilities, labels, from_probabilities=True)
    loss.backward()
    assert loss.data == pytest.approx(of_logits.data, rel=1e-14)
    assert [logit.grad for logit in again] == pytest.approx(expected, rel=1e-12)


def test_binary_cross_entropy_of_the_hot_dog_probabilities() -> None:
    assert round(binary_crossentropy(0.78, 1, from_probabilities=True), 4) == 0.2485
    assert round(binary_crossentropy(0.35, 1, from_probabilities=True), 4) == 1.0498
    assert binary_crossentropy(1.0, 1, from_probabilities=True) == 0.0
    tiny = binary_crossentropy(1e-20, 0, from_probabilities=True)
    assert tiny == 1e-20  # 1 - p would have rounded to 1


@pytest.mark.parametrize(("p", "label"), [(0.0, 1), (1.0, 0), (0.0, 0.5)])
def test_an_infinite_loss_is_refused_with_the_way_out(p: float, label: float) -> None:
    for prediction in (p, Value(p)):
        with pytest.raises(ValueError, match=r"infinite.*pass the logits"):
            binary_crossentropy(prediction, label, from_probabilities=True)


@pytest.mark.parametrize("p", [-0.1, 1.1, 3.0])
def test_logits_handed_in_as_probabilities_are_refused(p: float) -> None:
    for prediction in (p, Value(p)):
        with pytest.raises(ValueError, match="If these are logits, leave from_probabilities out"):
            binary_crossentropy(prediction, 1, from_probabilities=True)
        with pytest.raises(ValueError, match="probabilities"):
            categorical_crossentropy([prediction, 1.0 - p], 1, from_probabilities=True)


@pytest.mark.parametrize("label", [-1, 2, 1.5, math.nan])
def test_binary_cross_entropy_refuses_labels_outside_of_0_to_1(label: float) -> None:
    with pytest.raises(ValueError, match=r"labels 0 and 1, not .*\(label \+ 1\) // 2"):
        binary_crossentropy([1.0], [label])


def test_a_label_can_be_a_value_itself() -> None:
    logit, label = Value(0.5), Value(0.25)
    assert check_gradients(binary_crossentropy, (0.5, 0.25)).ok
    assert binary_crossentropy(logit, label).data == binary_crossentropy(0.5, 0.25)


def test_the_cost_of_a_set_is_the_mean_of_the_losses_of_its_examples() -> None:
    logits, labels = [0.5, -2.0, 3.0], [1, 1, 0]
    for loss in (mse, mae, quadratic, binary_crossentropy):
        one_by_one = [loss(*pair) for pair in zip(logits, labels, strict=True)]
        assert loss(logits, labels) == pytest.approx(math.fsum(one_by_one) / 3, rel=1e-15)


# Softmax cross-entropy ----------------------------------------------------------------------------


def test_a_label_of_the_cross_entropy_may_be_a_whole_float_or_a_row_of_a_column() -> None:
    logits = [[0.5, -1.0, 2.0], [0.0, 1.0, -1.0]]
    expected = nn.cross_entropy(logits, [2, 0])
    assert nn.cross_entropy is softmax_cross_entropy
    for labels in ([2.0, 0.0], [[2], [0]], [[2.0], [0.0]], [[0, 0, 1], [1, 0, 0]]):
        assert nn.cross_entropy(logits, labels) == expected
    for label in (0.5, math.nan, math.inf, "1", None):
        with pytest.raises(TypeError, match="a label is the number of a class, an int from 0 to 2"):
            nn.cross_entropy([0.5, -1.0, 2.0], label)
    for label in (3.0, -1.0):
        with pytest.raises(ValueError, match="none of the 3 classes"):
            nn.cross_entropy([0.5, -1.0, 2.0], label)


def test_cross_entropy_by_hand() -> None:
    logits = [Value(0.0), Value(math.log(3.0))]
    loss = softmax_cross_entropy(logits, 0)  # the probabilities are 1/4 and 3/4
    assert loss.data == pytest.approx(math.log(4.0), rel=1e-15)
    loss.backward()
    assert [logit.grad for logit in logits] == pytest.approx([0.25 - 1.0, 0.75], rel=1e-14)


@given(logits=logits_lists, data=st.data())
def test_the_gradient_is_the_probabilities_minus_the_label(logits: list[float], data: Any) -> None:
    label = data.draw(st.integers(0, len(logits) - 1), label="label")
    values = [Value(logit) for logit in logits]
    softmax_cross_entropy(values, label).backward()
    weights = [math.exp(logit - max(logits)) for logit in logits]
    for position, value in enumerate(values):
        share = weights[position] / math.fsum(weights)
        assert value.grad == pytest.approx(share - (position == label), rel=1e-9, abs=1e-12)


@given(logits=logits_lists, data=st.data())
def test_a_number_and_its_one_hot_list_are_the_same_label(logits: list[float], data: Any) -> None:
    label = data.draw(st.integers(0, len(logits) - 1), label="label")
    one_hot = [int(position == label) for position in range(len(logits))]
    assert softmax_cross_entropy(logits, label) == softmax_cross_entropy(logits, one_hot)


def test_a_label_can_be_a_list_of_probabilities() -> None:
    logits = [Value(0.0), Value(math.log(3.0))]
    loss = softmax_cross_entropy(logits, [0.5, 0.5])
    assert loss.data == pytest.approx(0.5 * (math.log(4.0) + math.log(4.0 / 3.0)), rel=1e-15)
    loss.backward()
    assert [logit.grad for logit in logits] == pytest.approx([-0.25, 0.25], rel=1e-14)


def test_logits_of_a_thousand_neither_overflow_nor_lose_the_gradient() -> None:
    logits = [Value(1000.0), Value(-1000.0)]
    loss = softmax_cross_entropy(logits, 1)
    assert loss.data == 2000.0
    loss.backward()
    assert [logit.grad for logit in logits] == [1.0, -1.0]
    assert softmax_cross_entropy([1000.0, -1000.0], 0) == 0.0


def test_cross_entropy_of_a_list_is_the_mean() -> None:
    rows, labels = [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], [2, 0]
    one_by_one = [
        softmax_cross_entropy(row, label) for row, label in zip(rows, labels, strict=True)
    ]
    assert softmax_cross_entropy(rows, labels) == pytest.approx(sum(one_by_one) / 2, rel=1e-15)
    one_hot = [[0, 0, 1], [1, 0, 0]]
    assert softmax_cross_entropy(rows, one_hot) == pytest.approx(sum(one_by_one) / 2, rel=1e-15)


def test_cross_entropy_takes_arrays() -> None:
    expected = pytest.approx(math.log(3.0))
    assert softmax_cross_entropy(numpy.ones((2, 3)), numpy.array([0, 2])) == expected
    assert softmax_cross_entropy(numpy.ones((2, 3)), numpy.eye(3)[:2]) == expected
    assert softmax_cross_entropy([Value(1.0)] * 3, numpy.int64(1)).data == expected


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        (1.0, 0, "one output for each class"),
        ([1.0], 0, "at least two classes, not 1"),
        ([], 0, "at least two classes, not 0"),
        ([1.0, 2.0], 2, "the label 2 is none of the 2 classes"),
        ([1.0, 2.0], -1, "the label -1 is none of the 2 classes"),
        ([1.0, 2.0], [1, 1], "no list of probabilities"),
        ([1.0, 2.0], [2.0, -1.0], "no list of probabilities"),
        ([1.0, 2.0], [0, 0, 1], "2 logits and 3 probabilities"),
        ([[1.0, 2.0]], 0, "a single label"),
        ([[1.0, 2.0]], [0, 1], "1 logits and 2 labels"),
    ],
)
def test_cross_entropy_refuses_what_is_no_class(logits: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        softmax_cross_entropy(logits, labels)


@pytest.mark.parametrize("label", [0.5, "setosa", None])
def test_cross_entropy_refuses_a_label_that_is_no_whole_number(label: Any) -> None:
    with pytest.raises(TypeError, match="an int from 0 to 1"):
        softmax_cross_entropy([1.0, 2.0], label)


def test_categorical_cross_entropy_of_probabilities_is_that_of_their_logits() -> None:
    rows, labels = [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], [2, 0]
    expected = categorical_crossentropy(rows, labels)
    probabilities = [softmax([Value(logit) for logit in row]) for row in rows]
    for form in (labels, [[0, 0, 1], [1, 0, 0]]):
        loss = categorical_crossentropy(probabilities, form, from_probabilities=True)
        assert loss.data == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("label", [1, [0.0, 1.0, 0.0], [0.2, 0.3, 0.5]])
def test_the_gradient_is_the_slope_that_is_measured(label: Any) -> None:
    def of_logits(a: Any, b: Any, c: Any) -> Any:
        return categorical_crossentropy([a, b, c], label)

    assert check_gradients(of_logits, (1.0, 2.0, -1.0)).ok
    assert check_gradients(lambda a, b: rmse([a, b], [0.0, 1.0]), (0.5, 3.0)).ok


@pytest.mark.parametrize(
    ("probabilities", "label", "message"),
    [
        ([0.2, 0.2], 0, "1 in sum"),
        ([1.0, 0.0], 1, "infinite"),
        ([0.5, 0.5], 2, "none of the 2 classes"),
        ([1.0], 0, "at least two classes"),
    ],
)
def test_what_are_no_probabilities_is_refused(
    probabilities: list[float], label: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        categorical_crossentropy(probabilities, label, from_probabilities=True)


def test_a_class_of_probability_0_that_is_not_the_label_costs_nothing() -> None:
    assert categorical_crossentropy([1.0, 0.0], 0, from_probabilities=True) == 0.0
    assert categorical_crossentropy([1.0, 0.0], [1, 0], from_probabilities=True) == 0.0


def test_losses_take_pandas_tables() -> None:
    logits = pandas.DataFrame({"a": [1.0, 0.0], "b": [2.0, -1.0]})
    expected = categorical_crossentropy([[1.0, 2.0], [0.0, -1.0]], [1, 0])
    assert categorical_crossentropy(logits, pandas.Series([1, 0])) == expected
    assert mse(logits, logits) == 0.0


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("mse", mse),
        ("mean_squared_error", mse),
        ("rmse", rmse),
        ("root_mean_squared_error", rmse),
        ("mae", mae),
        ("mean_absolute_error", mae),
        ("quadratic", quadratic),
        ("hinge", hinge),
        ("binary_crossentropy", binary_crossentropy),
        ("log_loss", binary_crossentropy),
        ("categorical_crossentropy", categorical_crossentropy),
        ("sparse_categorical_crossentropy", categorical_crossentropy),
        ("softmax_cross_entropy", softmax_cross_entropy),
    ],
)
def test_a_loss_is_known_by_its_usual_names(name: str, loss: Any) -> None:
    assert loss_named(name) is loss
    assert LOSSES[name] is loss


def test_a_function_is_its_own_loss_and_an_unknown_name_is_refused_with_the_nearest() -> None:
    assert loss_named(mse) is mse
    with pytest.raises(ValueError, match=r"no loss 'MSE'\. Did you mean 'mse'\? Known: mse, "):
        loss_named("MSE")
    with pytest.raises(ValueError, match="Did you mean 'binary_crossentropy'"):
        loss_named("binary_crossentropie")
    with pytest.raises(ValueError, match="there is no loss None"):
        loss_named(None)  # type: ignore[arg-type]  # the mistake itself


# All together -------------------------------------------------------------------------------------


def test_the_margin_loss_with_a_penalty_of_micrograds_notebook_trains() -> None:
    X, y = nn.data.moons(40, noise=0.05, rng=random.Random(1))
    labels = [2 * label - 1 for label in y]
    model = nn.MLP(2, [8, 1], rng=random.Random(1))
    history = []
    for step in range(40):
        scores = [model(x) for x in X]
        data_loss = hinge(scores, labels)
        penalty = 1e-4 * sum(p * p for p in model.parameters())
        total_loss = data_loss + penalty
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * step / 40
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        history.append(total_loss.data)
    accuracy = nn.accuracy([nn.predicted_class(score) for score in scores], y)
    assert history[-1] < 0.8 * history[0]
    assert accuracy >= 0.85
