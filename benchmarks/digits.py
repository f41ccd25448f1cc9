"""Thirty epochs of real digits: our training, PyTorch's and scikit-learn's, from data to accuracy.

All have one hidden layer of 32, Adam with the same settings, and batches of 32 in a new order in
every epoch.
"""

from __future__ import annotations

import importlib
import random
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import nn
from benchmarks.peers import TINY

Array = Any
Split = tuple[Array, Array, Array, Array]  # X and y to learn from, X and y to test with
EPOCHS, BATCH, HIDDEN, CLASSES = 30, 32, 32, 10
RATE = 0.003
SHARE = 0.2  # of the rows is for the test


def load() -> Split:
    """Return the 1,797 digits of scikit-learn, a fifth of them for the test."""
    found: Any = importlib.import_module("sklearn.datasets").load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    X, y = found.data[order] / 16.0, found.target[order]
    test = int(SHARE * len(y))
    return X[test:], y[test:], X[:test], y[:test]


def batches(rows: int) -> Iterator[Array]:
    """Return which rows are in each batch, epoch after epoch."""
    rng = np.random.default_rng(1)
    for _ in range(EPOCHS):
        order = rng.permutation(rows)
        yield from (order[start : start + BATCH] for start in range(0, rows, BATCH))


def chalkgrad(split: Split) -> float:
    """Return the accuracy that ``nn.fit`` reaches; recording and validation are part of it."""
    X, y, X_test, y_test = split
    model = nn.MLP(X.shape[1], [HIDDEN, CLASSES], initial="he", rng=random.Random(0))
    nn.fit(
        model, X, y, loss="categorical_crossentropy", optimizer="adam", learning_rate=RATE,
        epochs=EPOCHS, batch_size=BATCH, rng=random.Random(1), validation=(X_test, y_test),
        progress=False,
    )  # fmt: skip
    classes = nn.predict_class(model, X_test)
    return float(nn.metrics.accuracy(classes, y_test))


def pytorch(split: Split) -> float:
    """Return the accuracy that PyTorch reaches, in its eager mode."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    X, y, X_test, y_test = (torch.tensor(part) for part in split)
    layers = torch.nn.Linear(X.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, CLASSES)
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1]).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, foreach=True)
    for batch in batches(len(y)):
        chosen = torch.from_numpy(batch)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X[chosen]), y[chosen]).backward()
        optimizer.step()
    with torch.no_grad():
        return float((model(X_test).argmax(dim=1) == y_test).double().mean())


def scikit_learn(split: Split) -> float:
    """Return the accuracy that scikit-learn's MLPClassifier reaches."""
    network: Any = importlib.import_module("sklearn.neural_network")
    X, y, X_test, y_test = split
    model = network.MLPClassifier(
        (HIDDEN,), alpha=0.0, batch_size=BATCH, learning_rate_init=RATE, max_iter=EPOCHS,
        tol=0.0, n_iter_no_change=EPOCHS, epsilon=TINY, random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it might learn more
        model.fit(X, y)
    return float(model.score(X_test, y_test))


def train_all(rounds: int = 2) -> dict[str, tuple[float, float]]:
    """Return for each that there is the median seconds of a training, and its accuracy."""
    split = load()
    trainings: dict[str, Callable[[Split], float]] = {
        "chalkgrad": chalkgrad, "PyTorch": pytorch, "scikit-learn": scikit_learn,
    }  # fmt: skip
    try:
        importlib.import_module("torch")
    except ImportError:
        del trainings["PyTorch"]
    times: dict[str, list[float]] = {name: [] for name in trainings}
    accuracy = {}
    for turn in range(rounds + 1):
        for name, training in trainings.items():
            start = time.perf_counter()
            accuracy[name] = training(split)
            if turn:  # the first turn imports
                times[name].append(time.perf_counter() - start)
    return {name: (statistics.median(each), accuracy[name]) for name, each in times.items()}
