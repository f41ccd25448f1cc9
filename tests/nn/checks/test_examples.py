"""What examples promises: any usual container is read, and what is missing has a place."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import numpy
import pandas
import pytest

import nn
from autograd import Value
from nn.checks.examples import examples

ROWS = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
TARGETS = [0, 1, 1]
FRAME = pandas.DataFrame(ROWS, columns=["width", "height"])


@pytest.mark.parametrize(
    ("X", "y"),
    [
        (tuple(map(tuple, ROWS)), tuple(TARGETS)),
        (iter(ROWS), iter(TARGETS)),
        (numpy.array(ROWS), numpy.array(TARGETS)),
        ([numpy.array(row) for row in ROWS], TARGETS),
        (FRAME, pandas.Series(TARGETS)),
        (FRAME, pandas.Series(TARGETS, dtype="Int64")),
    ],
)
def test_any_container_of_numbers_becomes_lists(X: Any, y: Any) -> None:
    assert examples("fit", X, y) == (ROWS, TARGETS)


def test_a_row_may_be_a_number_and_a_target_a_row() -> None:
    assert examples("fit", [1, 2.5], numpy.eye(2)) == ([1, 2.5], [[1.0, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ([[1.0, 2.0], [3.0, math.nan]], r"X\[1\]\[1\] is nan: in row 1, column 1"),
        ([[1.0, 2.0], [-math.inf, 0.0]], r"X\[1\]\[0\] is -inf: in row 1, column 0"),
        (numpy.array([[0.0, 1.0], [math.nan, 1.0]]), r"X\[1\]\[0\] is nan: in row 1, column 0"),
        (FRAME.replace(4.0, math.nan), r"X\[1\]\[1\] is nan: in row 1, column 'height'"),
        ([1.0, math.nan], r"X\[1\] is nan: in row 1"),
        ([[[1.0, 2.0], [math.nan, 2.0]], [[1.0], [2.0]]], r"X\[0\]\[1\]\[0\] is nan"),
    ],
)
def test_a_number_that_is_missing_is_named_by_row_and_column(X: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        examples("fit", X, [0.0] * len(X))


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        ([["2", "3"]], [0], r"X\[0\]\[0\] is '2', a text: .* float\('2'\)"),
        ([[2.0, None]], [0], r"X\[0\]\[1\] is None, which is not a number"),
        (
            numpy.ma.masked_array([[1.0], [2.0]], mask=[[False], [True]]),
            [0, 1],
            r"X\[1\]\[0\] is None, .* masked: fill it in, as array\.filled",
        ),
        ([[2.0]], [None], r"y\[0\] is None"),
        ([[2.0]], [1j], r"y\[0\] is 1j"),
        ("12", [0], "a list of rows X, not str"),
        ([[2.0]], 1, "a list of targets y, not int"),
    ],
)
def test_what_is_no_number_is_named(X: Any, y: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        examples("fit", X, y)


def test_a_target_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match=r"y\[1\] is nan: in row 1"):
        examples("fit", ROWS, [1.0, math.nan, 2.0])
    with pytest.raises(ValueError, match=r"y\[1\] is nan: in row 1"):
        examples("fit", ROWS, pandas.Series([1, None, 2], dtype="Int64"))


def test_rows_without_targets_are_counted() -> None:
    with pytest.raises(ValueError, match="3 X and 2 y"):
        examples("fit", ROWS, [0, 1])


def test_lists_are_trained_without_a_third_party_package() -> None:
    program = (
        "import sys\n"
        "sys.modules['numpy'] = None  # as if it were not installed\n"
        "import nn\n"
        "model = nn.MLP(1, [2, 1])\n"
        "nn.fit(model, [[0.0], [1.0]], [0, 1], loss='binary_crossentropy', optimizer='adam',\n"
        "       epochs=2, validation=([[0.5]], [1]), l2=0.1, clip=1.0, early_stopping=1,\n"
        "       progress=False)\n"
        "nn.predict(model, [[0.0]])\n"
        "print(sorted({'pandas', 'matplotlib', 'tqdm'} & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "[]"


def test_values_among_the_inputs_stay_values_so_that_they_can_be_learned() -> None:
    place = Value(0.5)
    assert examples("fit", [[place, 1.0]], [Value(2.0)])[0][0][0] is place
    line = nn.Neuron(1, nonlin=False)
    assert nn.predict(line, [[place]]) == nn.predict(line, [[0.5]])
