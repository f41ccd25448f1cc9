"""What an objective promises: outputs mean what loss and last layer say, and nothing is guessed."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import nn
from nn.training.objective import objective_of

TWO = [[0.5], [-0.5]]


def network(*layers: Any) -> nn.MLP:
    return nn.MLP(1, list(layers), rng=random.Random(3))


def accuracy_of(outputs: list[Any], y: list[Any], model: nn.MLP, loss: Any) -> float:
    rows = [[0.5]] * len(y)
    return objective_of(model, rows, y, loss, ["accuracy"]).measured(0.0, outputs, y)["accuracy"]


# Losses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "layer", "targets"),
    [
        ("categorical_crossentropy", (2, "softmax"), [0, 1]),
        ("sparse_categorical_crossentropy", (2, "softmax"), [0, 1]),
        ("cross_entropy", (2, "softmax"), [[1, 0], [0.25, 0.75]]),
        ("binary_crossentropy", (1, "sigmoid"), [0, 1]),
        (nn.binary_crossentropy, (2, "sigmoid"), [[0, 1], [1, 1]]),
        ("binary_crossentropy", (2, "softmax"), [[0, 1], [1, 0]]),
    ],
)
def test_probabilities_are_not_squeezed_a_second_time(loss: Any, layer: Any, targets: Any) -> None:
    model = network(3, layer)
    outputs = [model(row) for row in TWO]
    chosen = nn.loss_named(loss)
    expected = chosen(outputs, targets, from_probabilities=True)
    assert (
        objective_of(model, TWO, targets, loss, None).loss(outputs, targets).data == expected.data
    )
    assert expected.data != chosen(outputs, targets).data


@pytest.mark.parametrize(
    ("loss", "layer", "targets"),
    [
        ("categorical_crossentropy", (2, "linear"), [0, 1]),
        ("categorical_crossentropy", (2, "sigmoid"), [0, 1]),
        ("binary_crossentropy", (1, "linear"), [0, 1]),
        ("mse", (1, "sigmoid"), [0, 1]),
        ("mse", (2, "softmax"), [[0, 1], [1, 0]]),
    ],
)
def test_everything_else_goes_into_the_loss_as_it_is(loss: Any, layer: Any, targets: Any) -> None:
    model = network(3, layer)
    outputs = [model(row) for row in TWO]
    expected = nn.loss_named(loss)(outputs, targets)
    assert (
        objective_of(model, TWO, targets, loss, None).loss(outputs, targets).data == expected.data
    )


def test_a_loss_of_this_package_is_of_the_whole_batch_and_a_students_own_of_one_example() -> None:
    model = network(1)

    def own(prediction: Any, target: Any) -> Any:
        return nn.rmse(prediction, target)

    whole, single = (
        objective_of(model, TWO, [0.0, 0.0], loss, None).loss for loss in ("rmse", own)
    )
    assert whole([3.0, 4.0], [0.0, 0.0]) == pytest.approx(math.sqrt(12.5))
    assert single([3.0, 4.0], [0.0, 0.0]) == 3.5


# Classes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "layer", "outputs", "y"),
    [
        ("binary_crossentropy", (1, "linear"), [0.25, -0.25], [1, 0]),
        ("binary_crossentropy", (1, "sigmoid"), [0.75, 0.25], [1, 0]),
        ("hinge", (1, "linear"), [0.25, -0.25], [1, -1]),
        ("mse", (1, "sigmoid"), [0.75, 0.25], [1, 0]),
        ("mse", (1, "linear"), [0.75, 0.25], [1.0, 0.0]),
        ("quadratic", (1, "tanh"), [0.25, -0.25], [1, -1]),
        ("categorical_crossentropy", (2, "linear"), [[0.0, 1.0], [-1.0, -2.0]], [1, 0]),
        ("categorical_crossentropy", (2, "softmax"), [[0.4, 0.6], [0.6, 0.4]], [[0, 1], [1, 0]]),
        ("quadratic", (2, "sigmoid"), [[0.4, 0.6], [0.6, 0.4]], [[0, 1], [1, 0]]),
        (lambda o, t: o * t, (1, "linear"), [0.25, -0.25], [1, -1]),
        (lambda o, t: o * t, (1, "sigmoid"), [0.75, 0.25], [1, 0]),
        (lambda o, t: o[t], (2, "linear"), [[0.0, 1.0], [-1.0, -2.0]], [1, 0]),
    ],
)
def test_an_output_speaks_for_the_class_that_the_loss_draws_it_to(
    loss: Any, layer: Any, outputs: Any, y: Any
) -> None:
    model = network(layer)
    assert accuracy_of(outputs, y, model, loss) == 1.0
    assert accuracy_of(outputs[::-1], y, model, loss) == 0.0


@pytest.mark.parametrize(
    ("loss", "layer", "y"),
    [
        ("mse", (1, "linear"), [0.5, 2.0]),
        ("mse", (2, "linear"), [[0.5, 2.0], [1.0, 1.0]]),
        ("binary_crossentropy", (2, "linear"), [[0, 1], [1, 0]]),
        ("binary_crossentropy", (1, "linear"), [0.25, 0.5]),
        ("categorical_crossentropy", (2, "linear"), [[0.25, 0.75], [0.5, 0.5]]),
        (lambda o, t: o * t, (1, "linear"), [0, 1]),
    ],
)
def test_where_nothing_says_what_class_is_meant_there_is_no_accuracy(
    loss: Any, layer: Any, y: Any
) -> None:
    model = network(layer)
    assert objective_of(model, TWO, y, loss, None).metrics == {}
    with pytest.raises(ValueError, match="nothing says which class an output of this model means"):
        objective_of(model, TWO, y, loss, ["accuracy"])


@pytest.mark.parametrize(
    ("loss", "layer", "y"),
    [("mse", (1, "linear"), [0, 1]), ("mae", (1, "tanh"), [-1.0, 1.0])],
)
def test_numbers_that_could_be_classes_are_taken_for_classes_only_if_asked(
    loss: str, layer: Any, y: list[float]
) -> None:
    assert objective_of(network(layer), TWO, y, loss, None).metrics == {}
    assert list(objective_of(network(layer), TWO, y, loss, "accuracy").metrics) == ["accuracy"]


# Metrics --------------------------------------------------------------------------------------


def test_metrics_are_called_by_their_names() -> None:
    def worst(predictions: list[float], targets: list[float]) -> float:
        return max(abs(p - t) for p, t in zip(predictions, targets, strict=True))

    objective = objective_of(network(1), TWO, [0.5, 2.5], "mse", ["mae", nn.r2, worst])
    row = objective.measured(1.0, [0.5, 1.5], [0.5, 2.5])
    assert row == {"loss": 1.0, "mae": 0.5, "r2": pytest.approx(0.5), "worst": 1.0}


def test_a_function_sees_classes_where_classes_are_learned_and_else_numbers() -> None:
    seen: list[Any] = []

    def look(*arguments: Any) -> float:
        seen.append(arguments)
        return 0.0

    of_classes = objective_of(network(2), TWO, [[0, 1], [1, 0]], "cross_entropy", look)
    of_classes.measured(0.0, [[1.0, 2.0], [3.0, 4.0]], [[0, 1], [1, 0]])
    of_numbers = objective_of(network(1), TWO, [0, 1], "mse", look)
    of_numbers.measured(0.0, [0.25, 0.5], [0, 1])
    assert seen == [([1, 1], [1, 0]), ([0.25, 0.5], [0, 1])]


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        (["acuracy"], "Did you mean 'accuracy'"),
        (["mae"], "'mae' is of numbers, and the loss 'categorical_crossentropy' learns classes"),
        (["precision"], "average='macro'"),
    ],
)
def test_a_metric_that_does_not_fit_is_refused(metrics: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        objective_of(network(3), [[0.0]] * 3, [0, 1, 2], "cross_entropy", metrics)


@pytest.mark.parametrize("name", ["loss", "validation_loss"])
def test_a_metric_cannot_take_the_name_of_another_column(name: str) -> None:
    def measure(predictions: Any, targets: Any) -> float:
        return 0.0

    measure.__name__ = name
    with pytest.raises(ValueError, match=f"cannot be called '{name}'"):
        objective_of(network(1), TWO, [0.0, 1.0], "mse", [measure])


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (None, TypeError, "'<lambda>' must return a number, not None"),
        (math.nan, ValueError, "'<lambda>' is nan"),
    ],
)
def test_a_metric_that_returns_no_number_is_named(answer: Any, error: Any, words: str) -> None:
    objective = objective_of(
        network(1), TWO, [0.0, 1.0], "mse", [lambda predictions, targets: answer]
    )
    with pytest.raises(error, match=words):
        objective.measured(0.0, [0.0, 1.0], [0.0, 1.0])


# Examples that do not fit -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "y", "loss", "words"),
    [
        ([[0.0], [0.0, 1.0]], [0, 1], "cross_entropy", r"X\[1\]: .* takes 1 input, .* given 2"),
        (TWO, [0, 3], "cross_entropy", r"y\[1\]: the label 3 is none of the 3 classes"),
        (TWO, [[1, 0, 0], [1, 0]], "cross_entropy", r"y\[1\]: .* 3 logits and 2 probabilities"),
        (TWO, [0, 1], "mse", r"y\[0\]: mse\(\): one target is a single number"),
        (TWO, [0.5, 1], "hinge", r"y\[0\]: "),
    ],
)
def test_an_example_that_does_not_fit_is_named(X: Any, y: Any, loss: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        objective_of(network(3), X, y, loss, None)


def test_a_class_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(TypeError, match=r"y\[1\]: a label is the number of a class"):
        objective_of(network(3), TWO, [0.0, 0.5], "cross_entropy", None)
    with pytest.raises(ValueError, match=r"y\[1\]: the label 3 is none of the 3 classes"):
        objective_of(network(3), TWO, [0.0, 3.0], "cross_entropy", None)


def test_what_the_untrained_model_says_is_not_held_against_the_examples() -> None:
    model = network((2, "softmax"))
    model.layers[0].neurons[0].w[0].data = 1e6  # sure beyond what a float can tell from certain
    objective = objective_of(model, [[1.0], [-1.0]], [0, 1], "cross_entropy", None)
    assert objective.answer is nn.predicted_class
