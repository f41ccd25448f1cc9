"""Data: examples to learn from, and what is done to them before training.

>>> X, y = moons(200)
>>> X_train, X_test, y_train, y_test = train_test_split(X, y)
>>> scaler = Scaler.standard(X_train)  # the test data must not take part in choosing it
>>> len(scaler(X_train)), len(scaler(X_test))
(160, 40)

Everything is plain lists: ``X`` holds a row of floats for each example and ``y`` its label. Random
numbers come from ``rng``, or without one from the ``random`` module; the same seed gives the same
bits.

The reading path: ``dataset`` (what all of it is), ``generators`` (made by a formula), ``tables``
(measured by people), ``csv_file`` (your own), ``split`` (aside for the test, and into batches),
``scaler`` (to a common size). Below ``csv_file`` lie ``file_text`` (the encoding), ``csv_table``
(rows and columns), ``written_numbers`` (1,234.5 or 1.234,5), ``columns`` (all that is wrong, said
at once) and ``reading`` (what to say where a file does not).
"""

from nn.data.csv_file import load_csv
from nn.data.dataset import Dataset
from nn.data.generators import circles, gaussians, house_prices, moons, plane, spiral, xor
from nn.data.scaler import Scaler
from nn.data.split import batches, shuffled, train_test_split
from nn.data.tables import breast_cancer, diabetes, digits, iris, wine

__all__ = [
    "Dataset",
    "Scaler",
    "batches",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "gaussians",
    "house_prices",
    "iris",
    "load_csv",
    "moons",
    "plane",
    "shuffled",
    "spiral",
    "train_test_split",
    "wine",
    "xor",
]
