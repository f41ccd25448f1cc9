"""What a saved model is output_for, and what it answers, in the units of the data."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.command.predict import (
    classes_from,
    coefficients,
    csv_of,
    feature_rows,
    formula,
    output_for,
    outputs_for,
    prediction_table,
    probabilities,
)
from nn.data import Scaler
from nn.data.reading import Reading
from nn.saving.model_file import Saved


def csv_file(folder: Path, text: str, name: str = "data.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def saved(model: Any, **rest: Any) -> Saved:
    parts = dict.fromkeys(("scaler", "class_names", "feature_names", "notes")) | rest
    return Saved(model, **parts)


# New rows -----------------------------------------------------------------------------------------


def test_columns_may_come_in_any_order_and_with_others_beside_them(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "b;note;a\n2;x;1\n4;y;3\n")
    file = saved(nn.Neuron(2), feature_names=["a", "b"])
    assert feature_rows(file, path) == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,c\n1,2\n", "data.csv has no column 'b', which the model needs. It has: a, c."),
        ("c,d\n1,2\n", "no column 'a' and none 'b'"),
        ("a,b\n1,?\n", "data.csv: cells are missing in 'b' ('?' in line 2)"),
        ("a,b\n1,x\n", "'b' (text: 'x' in line 2), where a network computes with numbers"),
    ],
)
def test_rows_that_the_model_cannot_take_are_refused(text: str, words: str, tmp_path: Path) -> None:
    file = saved(nn.Neuron(2), feature_names=["a", "b"])
    with pytest.raises(ValueError, match=re.escape(words)):
        feature_rows(file, csv_file(tmp_path, text))


def test_a_file_without_names_takes_just_its_columns(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\n1,2\n")
    assert feature_rows(saved(nn.Neuron(2)), path) == [[1.0, 2.0]]
    with pytest.raises(ValueError, match="has 2 columns, and the model takes 3"):
        feature_rows(saved(nn.Neuron(3)), path)


def test_a_file_said_to_have_no_header_is_taken_by_the_order_of_its_columns(
    tmp_path: Path,
) -> None:
    path, bare = csv_file(tmp_path, "1,2\n3,4\n"), Reading(header=False)
    assert feature_rows(saved(nn.Neuron(2), feature_names=["a", "b"]), path, bare) == [
        [1.0, 2.0], [3.0, 4.0],
    ]  # fmt: skip
    with pytest.raises(ValueError, match="has 2 columns, and the model takes 3"):
        feature_rows(saved(nn.Neuron(3), feature_names=["a", "b", "c"]), path, bare)


def test_a_file_of_one_column_will_do_for_a_model_of_one_feature(tmp_path: Path) -> None:
    file = saved(nn.Neuron(1), feature_names=["x"])
    assert feature_rows(file, csv_file(tmp_path, "x\n1,5\n2\n".replace("1,5", '"1.5"'))) == [
        [1.5],
        [2],
    ]
    assert feature_rows(file, csv_file(tmp_path, ",x\n0,5\n1,7\n")) == [[5.0], [7.0]]


def test_a_row_with_a_missing_cell_keeps_its_place_and_gets_no_answer(tmp_path: Path) -> None:
    neuron = nn.Neuron(1, nonlin=False)
    neuron.w[0].data = 1.0
    file = saved(neuron, feature_names=["x"])
    path = csv_file(tmp_path, "x,note\n1,a\n?,b\n3,c\n")
    with pytest.raises(ValueError, match="--missing drop"):
        feature_rows(file, path)
    X = feature_rows(file, path, Reading(missing="drop"))
    assert prediction_table(file, X) == [["prediction"], [1.0], [""], [3.0]]
    with pytest.raises(ValueError, match="no row is complete"):
        prediction_table(file, [None])


def test_no_spreadsheet_takes_an_answer_for_a_formula() -> None:
    names = ["=HYPERLINK(1)", "+x", "-y", "@z", "-5", "oak"]
    lines = csv_of([["prediction"], *([name] for name in names), [-2.5]]).splitlines()
    assert lines[1:] == ["'=HYPERLINK(1)", "'+x", "'-y", "'@z", "-5", "oak", "-2.5"]


@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_the_probabilities_of_several_classes_are_their_softmax(activation: str) -> None:
    layer = nn.Layer(2, 3, activation=activation, rng=random.Random(1))
    linear = nn.Layer(2, 3, activation="linear", rng=random.Random(1))
    (output,) = outputs_for(saved(layer), [[1.0, -2.0]])
    scores = [math.exp(score.data) for score in linear([1.0, -2.0])]
    expected = [score / sum(scores) for score in scores]
    assert probabilities(saved(layer), output) == pytest.approx(expected)


@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_the_probabilities_of_two_classes_come_from_one_output(activation: str) -> None:
    neuron = nn.Neuron(1, activation=activation)
    neuron.w[0].data = 2.0
    (output,) = outputs_for(saved(neuron), [[-1.5]])
    second = 1.0 / (1.0 + math.exp(3.0))
    assert probabilities(saved(neuron), output) == pytest.approx([1.0 - second, second])
    assert classes_from(saved(neuron), [output]) == [0]


def test_a_table_of_answers_has_classes_and_probabilities_or_a_score_or_a_number() -> None:
    neuron = nn.Neuron(1, nonlin=False)
    neuron.w[0].data = 1.0
    names = ["no", "yes"]
    assert prediction_table(saved(neuron), [[3.0]]) == [["prediction"], [3.0]]
    head, line = prediction_table(saved(neuron, class_names=names), [[3.0]])
    assert head == ["prediction", "probability of no", "probability of yes"]
    assert line[0] == "yes"
    assert sum(line[1:]) == pytest.approx(1.0)
    hinge = saved(neuron, class_names=names, notes={"loss": "hinge"})
    assert prediction_table(hinge, [[-3.0]]) == [["prediction", "score"], ["no", -3.0]]
    several = saved(nn.Layer(1, 2, nonlin=False))
    assert prediction_table(several, [[0.0]]) == [["prediction 1", "prediction 2"], [0.0, 0.0]]


def test_coefficients_are_those_of_the_model_with_its_scaler() -> None:
    model = nn.MLP(2, [1], rng=random.Random(2))
    file = saved(model, scaler=Scaler([1.0, -2.0], [4.0, 0.5]))
    numbers = coefficients(file)
    assert numbers is not None
    for row in ([0.0, 0.0], [3.0, 5.0]):
        total = sum(w * x for w, x in zip(numbers, [*row, 1.0], strict=True))
        assert total == pytest.approx(output_for(file, row).data)


@pytest.mark.parametrize(
    "file",
    [
        saved(nn.MLP(2, [3, 1])),
        saved(nn.Layer(2, 2, nonlin=False)),
        saved(nn.Neuron(2)),
        saved(nn.Neuron(2, nonlin=False), class_names=["a", "b"]),
    ],
    ids=["layers", "neurons", "activation", "classes"],
)
def test_what_is_no_line_has_no_formula(file: Saved) -> None:
    assert coefficients(file) is None
    assert formula(file) == ""
