"""The nearest known name to a misspelt one; and that nobody else looks for it."""

import pytest
from imports import modules

from autograd.words.suggestions import did_you_mean


@pytest.mark.parametrize(
    ("wrong", "known", "said"),
    [
        ("rleu", ["tanh", "relu"], " Did you mean 'relu'?"),
        ("RELU", ["relu"], " Did you mean 'relu'?"),
        ("adam", ["SGD", "Adam"], " Did you mean 'Adam'?"),
        ("xyz", ["tanh", "relu"], ""),
        (3, ["tanh"], ""),
        (None, [], ""),
    ],
)
def test_the_nearest_name_is_suggested_and_none_that_is_far(wrong, known, said):
    assert did_you_mean(wrong, known) == said


def test_a_name_of_the_students_program_stands_without_quotes():
    assert did_you_mean("weigth", ["weight", "bias"], quoted=False) == " Did you mean weight?"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_no_other_module_looks_for_near_names(package):
    for name, path in modules(package).items():
        if name != "autograd.words.suggestions":
            assert "difflib" not in path.read_text(encoding="utf-8"), name
