"""What arrays in a training promise: the numbers of the lists, every one of them as it was."""

from __future__ import annotations

import random
from typing import Any

import pytest

import nn
from nn.training.arrays import array_of, is_array, joined, taken
from nn.training.objective import answers, classes_of_targets, objective_of


@pytest.mark.parametrize(
    "entries", [[0.5, -1.0], [3, 1, 2], [[0.5, 1.0], [2.0, -0.0]], [[1, 2], [3, 4]]]
)
def test_an_array_gives_back_what_it_was_made_of(entries: list[Any]) -> None:
    found = array_of(entries)
    assert is_array(found)
    assert repr(found.tolist()) == repr(entries)


@pytest.mark.parametrize(
    "entries",
    [[1, 1.0], [0, True], [True, False], [[1.0], [1.0, 2.0]], [[1.0], 2.0], [10**30], [[[1.0]]]],
)
def test_a_list_stays_one_where_an_array_would_change_a_number(entries: list[Any]) -> None:
    assert array_of(entries) is entries


def test_examples_are_taken_and_joined_in_order_as_arrays_and_as_lists() -> None:
    rows = [[0.5], [1.5], [2.5]]
    assert taken(rows, [2, 0, 1]) == taken(array_of(rows), [2, 0, 1]).tolist()
    assert joined([array_of(rows[:1]), array_of(rows[1:])]).tolist() == rows
    assert joined([array_of(rows[:1]), rows[1:]]) == rows


@pytest.mark.parametrize(
    ("model", "loss", "outputs", "y"),
    [
        (nn.MLP(1, [3]), "categorical_crossentropy", [[0.0, 2.0, 2.0], [1.0, 0.5, 0.0]], [1, 2]),
        (
            nn.MLP(1, [2]), "categorical_crossentropy", [[0.0, 2.0], [1.0, 0.5]],
            [[0.0, 1.0], [1.0, 0.0]],
        ),
        (nn.MLP(1, [1]), "hinge", [0.0, 0.25, -0.25], [-1.0, 1.0, 1.0]),
        (nn.MLP(1, [1]), "binary_crossentropy", [0.0, 0.25, -0.25], [0, 1, 1]),
        (nn.MLP(1, [(1, "sigmoid")]), "mse", [0.5, 0.75, 0.25], [0.0, 1.0, 1.0]),
    ],
)  # fmt: skip
def test_classes_of_an_array_are_those_of_the_list(
    model: Any, loss: str, outputs: list[Any], y: list[Any]
) -> None:
    answer = objective_of(model, [[0.5]] * len(y), y, loss, None).answer
    assert answer is not None
    assert answers(answer, array_of(outputs)) == [answer(each) for each in outputs]
    assert classes_of_targets(array_of(y)) == classes_of_targets(y)


def test_no_class_is_read_from_nan_in_an_array() -> None:
    with pytest.raises(ValueError, match="an output is nan"):
        answers(nn.metrics.predicted_class, array_of([0.5, float("nan")]))


def test_the_validation_is_that_of_the_eager_engine_with_a_penalty_too() -> None:
    X, y = nn.data.moons(60, noise=0.1, rng=random.Random(0))
    histories = [
        nn.fit(
            nn.MLP(2, [4, 1], rng=random.Random(1)), X, y, loss="binary_crossentropy",
            optimizer="adam", learning_rate=0.05, epochs=3, rng=random.Random(2), validation=0.3,
            l2=0.1, progress=False, engine=engine,
        )
        for engine in ("compiled", "eager")
    ]  # fmt: skip
    for name in ("validation_loss", "validation_accuracy"):
        assert histories[0][name] == pytest.approx(histories[1][name], rel=1e-12)


def test_an_answer_of_lists_in_a_list_is_learned_eagerly_and_the_history_says_why() -> None:
    w = nn.Neuron(1, nonlin=False, rng=random.Random(0))

    def model(row: list[float]) -> Any:
        return [[w(row)]]

    arguments: Any = {
        "loss": lambda output, target: (output[0][0] - target) ** 2, "epochs": 1,
        "optimizer": nn.SGD(w.parameters(), lr=0.1), "progress": False,
    }  # fmt: skip
    history = nn.fit(model, [[1.0], [2.0]], [1.0, 2.0], **arguments)
    assert "lists within a list" in history.notes[0]
    with pytest.raises(TypeError, match="engine='eager'"):
        nn.fit(model, [[1.0], [2.0]], [1.0, 2.0], engine="compiled", **arguments)


def test_a_row_that_a_callback_changes_is_learned_as_it_is_then() -> None:
    def learned(engine: str) -> list[float]:
        X = [[-1.0], [0.5], [2.0], [1.0]]
        line = nn.Neuron(1, nonlin=False, rng=random.Random(0))

        def move(number: int, history: nn.History, model: Any) -> None:
            for row in X:
                row[0] += 0.5

        history = nn.fit(
            line, X, [1.0, 2.0, 4.0, 3.0], loss="mse", optimizer="sgd", learning_rate=0.05,
            epochs=3, rng=random.Random(1), validation=0.25, callbacks=move, progress=False,
            engine=engine,
        )  # fmt: skip
        return [*(each.data for each in line.parameters()), *history["validation_loss"]]

    assert learned("compiled") == pytest.approx(learned("eager"), rel=1e-12)
