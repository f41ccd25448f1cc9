"""Answers: what a model that was saved with its scaler and its names says about new rows.

A file holds all that is needed to ask its model in the units of the data; here it is asked.
"""
# X is a table of rows, as in every textbook

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from typing import Any

from autograd import no_grad, sigmoid, softmax
from nn.command.advice import as_options
from nn.command.known_data import KNOWN_DATA, csv_path
from nn.data.csv_file import rows_with_features
from nn.data.csv_table import table_of_text
from nn.data.file_text import text_of_file
from nn.data.reading import Reading
from nn.data.written_numbers import number_in
from nn.layers import MLP, Layer, Neuron, last_activation
from nn.losses import LOSSES, hinge
from nn.metrics import predicted_class
from nn.saving.model_file import Saved, architecture_of
from nn.training.prediction import predict

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is computed
HINGES = [name for name, loss in LOSSES.items() if loss is hinge]


def output_for(saved: Saved, row: Sequence[float]) -> Any:
    """Return the outputs of the model for one row in the units of the data, as Values."""
    return saved.model(saved.scaler([row])[0] if saved.scaler else row)


def outputs_for(saved: Saved, X: Any) -> list[Any]:
    """Return the outputs of the model for rows in the units of the data, as plain numbers."""
    return predict(saved.model, saved.scaler(X) if saved.scaler else X)


def classes_from(saved: Saved, outputs: Iterable[Any]) -> list[int]:
    """Return the class, counted from 0, that each of the outputs speaks for."""
    threshold = 0.5 if last_activation(saved.model) == "sigmoid" else 0.0
    return [predicted_class(output, threshold=threshold) for output in outputs]


def probabilities(saved: Saved, output: Any) -> list[float]:
    """Return the probability of each class."""
    last = last_activation(saved.model)
    with no_grad():
        if isinstance(output, list):
            return output if last == "softmax" else [float(share) for share in softmax(output)]
        second = output if last == "sigmoid" else float(sigmoid(output))
        return [1.0 - second, second]


# New rows -----------------------------------------------------------------------------------------


def feature_rows(
    saved: Saved, source: str, reading: Reading | None = None
) -> list[list[float] | None]:
    """Return the rows of a CSV file, or of a data set by name, with the model's features in order.

    The columns may stand in any order, with others beside them. A row in which a cell is missing is
    None, where ``reading`` says to drop it. Raises ValueError if a column is missing or holds what
    is no number, and as ``csv_path`` does.
    """
    if source in KNOWN_DATA:
        table = KNOWN_DATA[source].load(random.Random(0))
        names = features_in(saved, table.feature_names, source)
        places = [table.feature_names.index(name) for name in names]
        return [[row[place] for place in places] for row in table.X]
    path, reading = csv_path(source), reading or Reading(spell=as_options)
    cells = table_of_text(text_of_file(path, reading), path.name, reading)
    named = reading.header is not False
    names = features_in(saved, cells.header, path.name, named=named)
    return rows_with_features(cells, names, reading)


def features_in(saved: Saved, header: list[str], name: str, *, named: bool = True) -> list[str]:
    """Return the columns that are the features of the model, in its order, or raise ValueError.

    Where the file has no header, or the model knows no names, their order is all there is.
    """
    if saved.feature_names is None or not named:
        in_size = architecture_of(saved.model)["in_size"]
        if len(header) != in_size:
            raise ValueError(
                f"{name} has {len(header)} columns, and the model takes {in_size}. Without names "
                "of features, there must be these columns alone, in the right order."
            )
        return header
    missing = [feature for feature in saved.feature_names if feature not in header]
    if missing:
        raise ValueError(
            f"{name} has no column {' and none '.join(map(repr, missing))}, which the model needs. "
            f"It has: {', '.join(header)}."
        )
    return saved.feature_names


# What goes into a file ----------------------------------------------------------------------------


def prediction_table(saved: Saved, X: Sequence[list[float] | None]) -> list[list[Any]]:
    """Return the lines of a table: the names of its columns, then what is answered for each row.

    Of classes, that is the class and the probability of each; a model of the hinge loss says no
    probability, but a score, whose sign is the class. Of numbers, it is the number. The line of a
    row that is None is empty.
    """
    there = [row for row in X if row is not None]
    if not there:
        raise ValueError("no row is complete, so there is nothing to ask the model.")
    names, *lines = answer_lines(saved, there)
    answers, nothing = iter(lines), [""] * len(names)
    return [names, *(nothing if row is None else next(answers) for row in X)]


def answer_lines(saved: Saved, X: list[list[float]]) -> list[list[Any]]:
    """Return the names of the columns, and a line for each row."""
    outputs = outputs_for(saved, X)
    if not saved.class_names:
        lists = [output if isinstance(output, list) else [output] for output in outputs]
        names = ["prediction"] if len(lists[0]) == 1 else numbered("prediction", len(lists[0]))
        return [names, *lists]
    classes = [[saved.class_names[label]] for label in classes_from(saved, outputs)]
    if (saved.notes or {}).get("loss") in HINGES and not isinstance(outputs[0], list):
        names, numbers = ["score"], [[score] for score in outputs]
    else:
        names = [f"probability of {name}" for name in saved.class_names]
        numbers = [probabilities(saved, output) for output in outputs]
    together = [name + more for name, more in zip(classes, numbers, strict=True)]
    return [["prediction", *names], *together]


def numbered(name: str, count: int) -> list[str]:
    """Return a name for each of several columns.

    >>> numbered("prediction", 2)
    ['prediction 1', 'prediction 2']
    """
    return [f"{name} {position}" for position in range(1, count + 1)]


def csv_of(lines: Iterable[Iterable[Any]]) -> str:
    r"""Return the lines of a table as comma-separated values, with every digit.

    >>> csv_of([["x", "y"], [0.1, "a,b"]])
    'x,y\n0.1,"a,b"\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([map(no_formula, line) for line in lines])
    return text.getvalue()


def no_formula(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it.

    A class may be called =HYPERLINK(...), in a file that came from somebody else.

    >>> no_formula("=1+1"), no_formula("-5"), no_formula(-5.0), no_formula("oak")
    ("'=1+1", '-5', -5.0, 'oak')
    """
    risky = isinstance(cell, str) and cell[:1] in FORMULA and number_in(cell) is None
    return f"'{cell}" if risky else cell


# A single neuron is a formula ---------------------------------------------------------------------


def coefficients(saved: Saved) -> list[float] | None:
    """Return weights and bias of a line in the units of the data, or None if it is no line.

    The model then computes w1 * x1 + w2 * x2 + ... + b, with the bias b last. A scaler before it
    changes only the numbers: w * (x - centre) / width is a weight w / width, and adds
    -w * centre / width to the bias.

    >>> from nn.data import Scaler
    >>> neuron = Neuron(1, nonlin=False)
    >>> neuron.w[0].data, neuron.b.data = 6.0, 1.0
    >>> coefficients(Saved(neuron, Scaler([4.0], [2.0]), None, None, None))  # 6 * (x - 4) / 2 + 1
    [3.0, -11.0]
    """
    part = saved.model
    for kind, inner in ((MLP, "layers"), (Layer, "neurons")):
        if isinstance(part, kind) and len(getattr(part, inner)) == 1:
            (part,) = getattr(part, inner)
    if not isinstance(part, Neuron) or part.activation != "linear" or saved.class_names:
        return None
    weights, bias = [weight.data for weight in part.w], part.b.data
    if saved.scaler is not None:
        weights = [w / width for w, width in zip(weights, saved.scaler.width, strict=True)]
        bias -= sum(w * centre for w, centre in zip(weights, saved.scaler.centre, strict=True))
    return [*weights, bias]


def formula(saved: Saved) -> str:
    """Return a line as a formula in the units of the data; "" if the model is none.

    >>> neuron = Neuron(2, nonlin=False)
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 2.0, -0.5, 1.0
    >>> formula(Saved(neuron, None, None, ["size", "distance"], {"target": "price"}))
    'price = 2 * size - 0.5 * distance + 1'
    """
    numbers = coefficients(saved)
    if numbers is None:
        return ""
    names = saved.feature_names or numbered("x", len(numbers) - 1)
    terms = [f" * {name}" for name in names] + [""]
    text = "".join(
        f" {'-' if each < 0 else '+'} {abs(each):.5g}{term}"
        for each, term in zip(numbers, terms, strict=True)
    )
    target = (saved.notes or {}).get("target", "prediction")
    return f"{target} = {text.removeprefix(' + ').removeprefix(' ')}"
