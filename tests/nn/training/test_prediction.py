"""What predict, predict_class and evaluate promise."""

from __future__ import annotations

import random
from typing import Any

import numpy
import pandas
import pytest

import nn

ROWS = [[0.5, 1.0], [-1.0, 0.25], [2.0, -2.0]]


def network(*layers: Any) -> nn.MLP:
    return nn.MLP(2, list(layers), rng=random.Random(5))


def test_outputs_are_plain_numbers_and_no_graph_is_kept() -> None:
    single, several = network(3, 1), network(3, 2)
    assert nn.predict(single, ROWS) == [single(row).data for row in ROWS]
    assert nn.predict(several, ROWS) == [[each.data for each in several(row)] for row in ROWS]


@pytest.mark.parametrize("table", [tuple(ROWS), numpy.array(ROWS), pandas.DataFrame(ROWS)])
def test_tables_of_any_kind_are_read(table: Any) -> None:
    model = network(3, 1)
    assert nn.predict(model, table) == nn.predict(model, ROWS)


def test_no_rows_give_no_outputs() -> None:
    assert nn.predict(network(1), []) == []
    assert nn.predict_class(network(2), [], ["a", "b"]) == []


def line(activation: str) -> nn.Neuron:
    neuron = nn.Neuron(1, activation=activation)
    neuron.w[0].data = 1.0
    return neuron


def test_a_class_is_the_largest_output_or_the_side_of_the_threshold() -> None:
    points = [[-0.25], [0.25], [0.75]]
    assert nn.predict_class(line("linear"), points) == [0, 1, 1]
    assert nn.predict_class(line("sigmoid"), points) == [0, 1, 1]  # above one half
    assert nn.predict_class(line("linear"), points, threshold=0.5) == [0, 0, 1]
    assert nn.predict_class(line("linear"), points, classes=(-1, 1)) == [-1, 1, 1]
    model = network(3)
    largest = [outputs.index(max(outputs)) for outputs in nn.predict(model, ROWS)]
    assert nn.predict_class(model, ROWS) == largest
    assert nn.predict_class(model, ROWS, ["a", "b", "c"]) == ["abc"[each] for each in largest]


@pytest.mark.parametrize(("outputs", "names"), [(1, ["a"]), (3, ["a", "b"])])
def test_there_is_a_name_for_each_class(outputs: int, names: list[str]) -> None:
    with pytest.raises(ValueError, match=f"has {len(names)} names, and the model tells"):
        nn.predict_class(network(outputs), ROWS, names)


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        ([[1.0]], ValueError, r"X\[0\]: .* takes 2 inputs, but was given 1"),
        ([[1.0, float("nan")]], ValueError, r"X\[0\]\[1\] is nan"),
        ([["a", "b"]], TypeError, r"X\[0\]\[0\] is 'a', a text"),
        (3, TypeError, "a list of rows"),
    ],
)
def test_a_row_that_the_model_does_not_take_is_named(X: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        nn.predict(network(1), X)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match="a model is a function of a row"):
        nn.predict(3, ROWS)  # type: ignore[arg-type]  # the mistake itself


def test_evaluate_measures_as_the_validation_of_fit_does() -> None:
    model, y = network(3, (2, "softmax")), [0, 1, 1]
    history = nn.fit(
        model, ROWS, y, loss="cross_entropy", optimizer="adam", epochs=2, metrics=["f1"],
        validation=(ROWS, y), progress=False,
    )  # fmt: skip
    measured = nn.evaluate(model, ROWS, y, loss="cross_entropy", metrics=["f1"])
    assert measured == {name: history[f"validation_{name}"][-1] for name in ("loss", "f1")}
    probabilities = nn.predict(model, ROWS)
    expected = nn.categorical_crossentropy(probabilities, y, from_probabilities=True)
    assert measured["loss"] == pytest.approx(expected, rel=1e-14)


def test_evaluate_takes_a_function_of_values_as_the_loss() -> None:
    model = network(1)
    measured = nn.evaluate(
        model, ROWS, [1.0, 2.0, 3.0], lambda output, target: (output - target).tanh()
    )
    assert list(measured) == ["loss"]


def test_evaluate_refuses_what_fit_refuses() -> None:
    with pytest.raises(ValueError, match="3 X and 1 y"):
        nn.evaluate(network(1), ROWS, [1.0], "mse")
    with pytest.raises(ValueError, match="Did you mean 'mse'"):
        nn.evaluate(network(1), ROWS, [1.0, 2.0, 3.0], "msee")
