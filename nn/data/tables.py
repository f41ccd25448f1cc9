"""Tables that people measured: iris comes with the package, the others with scikit-learn.

Each is in its own units, so scale it before training (``Scaler``).
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from autograd.machinery.required import required
from nn.data.csv_file import dataset_of
from nn.data.csv_table import table_of_text
from nn.data.dataset import Dataset


def iris() -> Dataset:
    """Return 150 iris flowers, 50 of each of 3 species: 4 lengths and widths in centimetres.

    The numbers are those of R. A. Fisher, "The use of multiple measurements in taxonomic problems",
    Annals of Eugenics 7, 1936, table I, measured by Edgar Anderson. The copy in the UCI repository
    differs in flowers 35 and 38. Source and licence: ``files/README.md``.

    >>> X, y = iris()
    >>> len(X), X[0], iris().class_names[y[0]]
    (150, [5.1, 3.5, 1.4, 0.2], 'setosa')
    """
    text = (resources.files("nn.data") / "files" / "iris.csv").read_text(encoding="utf-8")
    return dataset_of(table_of_text(text, "iris.csv"))


def wine() -> Dataset:
    """Return 178 wines of 3 growers: 13 chemical measurements. Needs scikit-learn.

    Forina and others, "PARVUS", 1988; UCI Machine Learning Repository,
    https://doi.org/10.24432/C5PC7J.

    >>> X, y = wine()
    >>> len(X), wine().feature_names[0], X[0][0]
    (178, 'alcohol', 14.23)
    """
    return from_scikit_learn("wine")


def breast_cancer() -> Dataset:
    """Return 569 tumours: 30 measurements of cell nuclei. Needs scikit-learn.

    Label 0 is malignant, and label 1 benign. Street, Wolberg and Mangasarian, "Nuclear feature
    extraction for breast tumor diagnosis", 1993; UCI Machine Learning Repository,
    https://doi.org/10.24432/C5DW2B.

    >>> X, y = breast_cancer()
    >>> len(X), breast_cancer().class_names, y.count(1)
    (569, ['malignant', 'benign'], 357)
    """
    return from_scikit_learn("breast_cancer")


def digits() -> Dataset:
    """Return 1797 handwritten digits: 8 rows of 8 pixels from 0 to 16 each. Needs scikit-learn.

    Alpaydin and Kaynak, "Optical recognition of handwritten digits", 1998; UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49.

    >>> X, y = digits()
    >>> len(X), X[0][:8], y[0]
    (1797, [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0], 0)
    """
    return from_scikit_learn("digits")


def diabetes() -> Dataset:
    """Return 442 patients, and a number: how far diabetes got in a year. Needs scikit-learn.

    The 10 features are age, sex, body mass index, blood pressure and six measurements of blood
    serum, in their own units (scikit-learn's ``scaled=False``). Efron, Hastie, Johnstone and
    Tibshirani, "Least angle regression", 2004.

    >>> X, y = diabetes()
    >>> len(X), diabetes().feature_names[:3], X[0][:3], y[0]
    (442, ['age', 'sex', 'bmi'], [59.0, 2.0, 32.1], 151.0)
    """
    return from_scikit_learn("diabetes", scaled=False)


def from_scikit_learn(name: str, **options: Any) -> Dataset:
    """Return one of scikit-learn's tables, or raise the ImportError that says what to install."""
    datasets = required("sklearn.datasets", f"The {name} data")
    table = getattr(datasets, f"load_{name}")(**options)
    return Dataset(
        X=table.data.tolist(),
        y=table.target.tolist(),
        feature_names=[str(feature) for feature in table.feature_names],
        class_names=[str(label) for label in getattr(table, "target_names", ())],
    )
