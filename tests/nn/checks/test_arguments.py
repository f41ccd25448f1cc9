"""What is no number is refused by losses and metrics in words that say what to write."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import nn
from autograd import Value
from nn.checks.arguments import instead_of

LOSSES = [nn.mse, nn.quadratic, nn.mae, nn.rmse, nn.hinge, nn.binary_crossentropy]
METRICS = [nn.mean_absolute_error, nn.root_mean_squared_error, nn.r2]
CLASSES = [nn.accuracy, nn.precision, nn.recall, nn.f1, nn.confusion_matrix]
NO_NUMBERS = ["a", "1.5", None, 2j, object(), [2.0]]


@pytest.mark.parametrize(
    "entry", NO_NUMBERS, ids=["a letter", "a text", "None", "2j", "object", "a list"]
)
@pytest.mark.parametrize("function", LOSSES + METRICS)
def test_what_is_no_number_is_named_with_its_place_and_its_cure(function: Any, entry: Any) -> None:
    numbers = [Value(1.0), Value(-1.0)]
    for arguments in ([entry, 1], numbers), (numbers, [entry, 1]):
        with pytest.raises((TypeError, ValueError)) as caught:
            function(*arguments)
        assert f"{function.__name__}()" in str(caught.value)
        if not isinstance(entry, list):  # which is a matter of shape
            assert repr(entry) in str(caught.value)
            assert instead_of(entry, label=True) in str(caught.value) or (
                instead_of(entry) in str(caught.value)
            )


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("mse", ("a", 1.0), "a prediction is 'a'"),
        ("mse", (1.0, None), "a target is None"),
        ("hinge", (None, 1), "a score is None"),
        ("hinge", (1.0, "yes"), "a label is 'yes'"),
        ("binary_crossentropy", (Value(0.5), "a"), "a label is 'a'"),
        ("binary_crossentropy", (2j, 1), "a prediction is 2j"),
        ("categorical_crossentropy", ("a", 1), "the prediction is 'a'"),
        ("categorical_crossentropy", ([0.0, None], 1), "a logit is None"),
        ("categorical_crossentropy", ([0.0, 1.0], [1.0, [2.0]]), r"a part of a label is \[2.0\]"),
        ("categorical_crossentropy", ([0.0, 1.0], "dog"), r"names.index\(name\)"),
    ],
)
def test_the_argument_has_the_name_that_the_function_gives_it(
    name: str, arguments: tuple[Any, Any], word: str
) -> None:
    with pytest.raises(TypeError, match=word):
        getattr(nn, name)(*arguments)


@pytest.mark.parametrize("entry", [None, 2j, object()], ids=["None", "2j", "object"])
@pytest.mark.parametrize("function", CLASSES)
def test_what_is_no_class_is_not_taken_for_an_output(function: Any, entry: Any) -> None:
    with pytest.raises(TypeError) as caught:
        function([0, 1], [entry, 1])
    assert instead_of(entry, label=True) in str(caught.value)
    assert "predicted_class" not in str(caught.value)


@pytest.mark.parametrize("outputs", ["a", None, [1.0, "b"], [None, 2.0]], ids=repr)
def test_outputs_that_are_no_numbers_speak_for_no_class(outputs: Any) -> None:
    with pytest.raises(TypeError, match=r"predicted_class\(\) takes numbers, and an output is"):
        nn.predicted_class(outputs)


def test_a_label_that_is_a_value_is_held_to_the_same_labels() -> None:
    assert nn.categorical_crossentropy([0.0, 0.0], Value(1.0)) == nn.cross_entropy([0.0, 0.0], 1)
    with pytest.raises(ValueError, match=r"takes the labels -1 and 1, not 0\.0"):
        nn.hinge(Value(0.5), Value(0.0))
    with pytest.raises(ValueError, match=r"takes the labels 0 and 1, not 2\.0"):
        nn.binary_crossentropy(Value(0.5), Value(2.0))
    with pytest.raises(ValueError, match="the label 2 is none of the 2 classes"):
        nn.categorical_crossentropy([0.0, 0.0], Value(2.0))


def test_nodes_of_another_engine_and_fractions_are_numbers() -> None:
    class Node:
        """The least that a loss asks of a node."""

        def __init__(self, data: float) -> None:
            self.data = data

        def __sub__(self, other: float) -> float:
            return self.data - other

        def __rsub__(self, other: float) -> float:
            return other - self.data

    assert nn.mse(Node(3.0), 1.0) == 4.0
    assert nn.mse(Fraction(1, 2), 0) == Fraction(1, 4)
