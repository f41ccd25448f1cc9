"""What the notes promise: to say what would mislead, and to be silent where nothing does."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from nn.command.known_data import KNOWN_DATA
from nn.command.notes import (
    notes_on_columns,
    notes_on_split,
    notes_on_target,
    notes_on_training,
    rare_classes,
    suspicion,
)
from nn.data import Dataset
from nn.training.history import History


def history(*losses: float, validation: list[float] | None = None) -> History:
    made = History()
    made.rows += [{"loss": loss} for loss in losses]
    for row, loss in zip(made.rows, validation or [], strict=False):
        row["validation_loss"] = loss
    return made


@pytest.mark.parametrize(
    ("title", "cells", "words"),
    [
        ("x", list(range(1, 21)), "numbers the rows"),
        ("x", list(range(20)), "numbers the rows"),
        ("x", [n for n in range(1, 41) if n % 3], "numbers the rows"),  # some rows were left out
        ("x", random.Random(1).sample(range(20), 20), "numbers the rows"),
        ("customer_id", [9713, 1205, 4410, 8826, 3019, 7121, 5555, 6201, 2222, 4711], "identifier"),
        ("PassengerId", [97, 120, 441, 88, 30, 71, 555, 62, 22, 47], "identifier"),
        ("x", [20200101 + n for n in range(12)], "dates written as numbers"),
        ("x", [3.0] * 12, "the same number everywhere"),
    ],
)
def test_a_column_that_says_less_than_it_seems_is_noted(
    title: str, cells: list[float], words: str
) -> None:
    assert words in suspicion(title, cells)


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("x", [0.1 * n for n in range(20)]),
        ("x", [n % 7 for n in range(20)]),
        ("x", [n * n for n in range(20)]),
        ("x", [1, 2, 3, 4]),  # too few to tell
        ("acid", [97, 120, 441, 88, 30, 71, 555, 62, 22, 47]),
        ("valid", [97, 120, 441, 88, 30, 71, 555, 62, 22, 47]),
        ("area", [97, 120, 441, 88, 30, 71, 555, 62, 22, 47]),
    ],
)
def test_other_columns_are_not_noted(title: str, cells: list[float]) -> None:
    assert suspicion(title, cells) == ""


def test_the_only_feature_may_count() -> None:
    assert notes_on_columns(Dataset([[n] for n in range(20)], [0.0] * 20, ["x"], [])) == []


def test_columns_of_one_kind_share_a_note_that_can_be_typed() -> None:
    X = [[n, n + 1, n % 3] for n in range(20)]
    (note,) = notes_on_columns(Dataset(X, [0.0] * 20, ["No", "Row, old", "x"], []))
    assert note.endswith("""leave them out with --without 'No,"Row, old"'""")


def test_a_class_of_one_example_and_twins_in_capitals_are_noted() -> None:
    pets = Dataset([[0.0]] * 6, [0, 0, 1, 2, 2, 1], ["x"], ["Cat", "cat", "dog"])
    assert notes_on_target(pets, "pet") == [
        "'Cat', 'cat' differ in capitals only: are they one class?"
    ]
    pets = Dataset([[0.0]] * 5, [0, 0, 1, 2, 2], ["x"], ["ape", "cat", "dog"])
    assert (
        "of 'cat' in pet there is one example: it is learned from"
        in notes_on_target(pets, "pet")[0]
    )


def test_a_class_that_the_test_does_not_see_is_noted() -> None:
    (note,) = notes_on_split(["a", "b", "c"], [0] * 8 + [1] * 8 + [2] * 6, [0, 1])
    assert "no example of 'c' is among the 2 set aside" in note


def test_rare_classes_are_those_that_an_accuracy_hides() -> None:
    assert rare_classes(Counter({0: 90, 1: 10})) == []
    assert rare_classes(Counter({0: 91, 1: 9})) == [1]
    assert rare_classes(Counter(dict.fromkeys(range(50), 4))) == []
    (note,) = notes_on_split(["fraud", "ok"], [1] * 397 + [0] * 3, [1] * 99 + [0])
    assert "'fraud (4)' of 500 examples are rare: who always answers 'ok' is right in 99.2%" in note


def test_a_loss_that_was_still_falling_is_noted_and_one_at_rest_is_not() -> None:
    falling = [1.0 - 0.02 * epoch for epoch in range(40)]
    assert "still falling" in notes_on_training(history(*falling), 40)[0]
    assert "--epochs 160 --resume" in notes_on_training(history(*falling), 40)[0]
    assert notes_on_training(history(*(0.8**epoch for epoch in range(40))), 40) == []
    assert "hardly fallen" in notes_on_training(history(*[1.0] * 40), 40)[0]
    # What is learned by heart does not get better by more of it.
    assert notes_on_training(history(*falling, validation=[1.0] * 40), 40) == []


def test_a_loss_that_has_risen_is_answered_with_a_smaller_rate_and_never_a_larger_one() -> None:
    risen = [1.0, 1e3, 1e9, 1e20, 1e26]
    (note,) = notes_on_training(history(*risen), 5)
    assert "try a smaller --lr" in note
    assert "larger" not in note
    assert "--normalise standard" in notes_on_training(history(*risen), 5, normalised=False)[0]


@pytest.mark.parametrize("name", KNOWN_DATA)
def test_the_data_sets_of_the_command_need_no_notes(name: str) -> None:
    dataset = KNOWN_DATA[name].load(random.Random(0))
    assert notes_on_target(dataset, "y") == []
