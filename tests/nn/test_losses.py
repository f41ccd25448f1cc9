"""What the losses promise: values and gradients by hand, stability, and clear refusals."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value
from nn import hinge, mse, softmax_cross_entropy

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
    numpy = pytest.importorskip("numpy")
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
    with pytest.raises(ValueError, match="1 predictions and 2 targets"):
        hinge([1.0], [1, 1])


# Softmax cross-entropy ----------------------------------------------------------------------------


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
    numpy = pytest.importorskip("numpy")
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


@pytest.mark.parametrize("label", [1.0, "setosa", None])
def test_cross_entropy_refuses_a_label_that_is_no_whole_number(label: Any) -> None:
    with pytest.raises(TypeError, match="an int from 0 to 1"):
        softmax_cross_entropy([1.0, 2.0], label)


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
