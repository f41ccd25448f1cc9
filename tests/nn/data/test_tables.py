"""What the tables of scikit-learn promise."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from sklearn import datasets

from nn.data import Dataset, breast_cancer, diabetes, digits, iris, wine

TABLES = [wine, breast_cancer, digits, diabetes]


@pytest.mark.parametrize(
    ("load", "theirs"),
    [
        (iris, datasets.load_iris()),
        (wine, datasets.load_wine()),
        (breast_cancer, datasets.load_breast_cancer()),
        (digits, datasets.load_digits()),
        (diabetes, datasets.load_diabetes(scaled=False)),
    ],
)
def test_a_table_is_scikit_learns_in_plain_python(load: Callable[[], Dataset], theirs: Any) -> None:
    ours = load()
    assert theirs.data.tolist() == ours.X
    assert theirs.target.tolist() == ours.y
    assert type(ours.X[0][0]) is float
    assert len(ours.feature_names) == len(ours.X[0])
    assert all(type(name) is str for name in ours.feature_names + ours.class_names)


def test_classes_have_labels_that_are_ints_and_the_number_to_learn_is_a_float() -> None:
    for load in (wine, breast_cancer, digits):
        assert type(load().y[0]) is int
        assert set(load().y) == set(range(len(load().class_names)))
    assert type(diabetes().y[0]) is float
    assert diabetes().class_names == []


def test_the_names_of_the_classes() -> None:
    assert digits().class_names == [str(digit) for digit in range(10)]
    assert wine().class_names == ["class_0", "class_1", "class_2"]
    assert breast_cancer().class_names == ["malignant", "benign"]


@pytest.mark.parametrize("load", TABLES)
def test_without_scikit_learn_the_error_says_what_to_install(
    load: Callable[[], Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="needs the package scikit-learn"):
        load()
    assert len(iris().X) == 150  # comes with the package
