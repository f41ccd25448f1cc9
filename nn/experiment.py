"""An experiment: a small network learns a data set, and what came of it goes into files.

This is what ``chalkgrad train`` and ``chalkgrad demo`` do. It reads as an example of how the parts
of the package go together: data, split, scaler, model, optimizer, fit.
"""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograd import no_grad
from nn.data import Dataset, Scaler, iris, moons, train_test_split
from nn.history import History
from nn.layers import MLP
from nn.metrics import predicted_class
from nn.optim import SGD
from nn.train import fit


@dataclass(frozen=True)
class Task:
    """A data set to learn: the share that is set aside to test, and the two features to draw."""

    load: Callable[[random.Random], Dataset]
    test: float
    features: tuple[int, int]


def load_iris(_: random.Random) -> Dataset:
    """Return the iris flowers, the same for every seed, with the unit in the features' names."""
    flowers = iris()
    return replace(
        flowers,
        feature_names=[f"{name.replace('_', ' ')} (cm)" for name in flowers.feature_names],
    )


def load_moons(rng: random.Random) -> Dataset:
    """Return 300 points on two moons."""
    X, y = moons(300, noise=0.1, rng=rng)
    return Dataset(X, y, ["x1", "x2"], ["upper moon", "lower moon"])


TASKS = {
    "iris": Task(load_iris, test=0.2, features=(2, 3)),  # the petals tell the species apart
    "moons": Task(load_moons, test=1 / 3, features=(0, 1)),
}


@dataclass(frozen=True)
class Experiment:
    """What to learn and how. The same settings give the same result, to the last digit."""

    task: str
    hidden: tuple[int, ...] = (16, 16)
    activation: str = "tanh"
    epochs: int = 50
    lr: float = 0.1
    batch_size: int = 8
    seed: int = 0

    def run(self, *, progress: bool = True) -> Result:
        """Train a network and return it with all that belongs to it."""
        rng = random.Random(self.seed)
        task = TASKS[self.task]
        dataset = task.load(rng)
        X_train, X_test, y_train, y_test = train_test_split(
            dataset.X, dataset.y, task.test, rng=rng
        )
        scaler = Scaler.standard(X_train)
        network = MLP(
            len(dataset.feature_names),
            [*self.hidden, len(dataset.class_names)],
            activation=self.activation,
            rng=rng,
        )
        history = fit(
            network,
            scaler(X_train),
            y_train,
            loss="softmax_cross_entropy",
            optimizer=SGD(network.parameters(), lr=self.lr),
            epochs=self.epochs,
            batch_size=self.batch_size,
            rng=rng,
            validation=(scaler(X_test), y_test),
            progress=progress,
        )
        return Result(self, dataset, X_test, y_test, scaler, network, history)


@dataclass(frozen=True)
class Result:
    """A trained network, the test examples that it did not learn from, and its history."""

    experiment: Experiment
    dataset: Dataset
    X_test: list[list[float]]
    y_test: list[int]
    scaler: Scaler
    network: MLP
    history: History

    def model(self, row: list[float]) -> Any:
        """Return the network's outputs for a row in the units of the data set."""
        return self.network(self.scaler([row])[0])

    def right(self) -> int:
        """Return for how many of the test examples the network answers the right class."""
        with no_grad():
            answers = [predicted_class(self.model(row)) for row in self.X_test]
        return sum(answer == label for answer, label in zip(answers, self.y_test, strict=True))

    def verdict(self) -> str:
        """Return the accuracy on the test examples in words."""
        right, count = self.right(), len(self.y_test)
        return f"test accuracy: {right / count:.1%} ({right} of {count} examples)"

    def summary(self) -> str:
        """Return the settings, the network and the accuracy as a text."""
        settings = "\n".join(f"{name}: {value}" for name, value in vars(self.experiment).items())
        return f"{settings}\n\n{self.network.summary()}\n\n{self.history}\n\n{self.verdict()}\n"

    def write(self, folder: Path) -> list[Path]:
        """Write summary.txt, history.csv, curve.png and boundary.png, and return their paths."""
        from nn.view import plot_boundary, plot_history

        name = self.experiment.task.capitalize()
        task = TASKS[self.experiment.task]
        held = len(self.dataset.feature_names) > len(task.features)
        curve = plot_history(self.history, title=f"{name}: how the network learned")
        boundary = plot_boundary(
            self.model,
            self.X_test,
            self.y_test,
            features=task.features,
            feature_names=self.dataset.feature_names,
            class_names=self.dataset.class_names,
            title=f"{name}: what the network answers"
            + ("\n(other features at their means)" if held else ""),
        )
        contents = {
            "summary.txt": self.summary().encode(),
            "history.csv": csv_of(self.history).encode(),
            "curve.png": curve.png(),
            "boundary.png": boundary.png(),
        }
        return [write_whole(folder / name, content) for name, content in contents.items()]


def csv_of(history: History) -> str:
    """Return the history as comma-separated values: a row for each epoch, every digit."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["epoch", *history])
    for epoch, row in enumerate(history.rows, start=1):
        table.writerow([epoch, *row.values()])
    return text.getvalue()


def writable(folder: Path) -> Path:
    """Return the folder, made if need be, or raise OSError if no file can be written into it.

    Asked before a training: afterwards, the error would cost the student the wait.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError):
        raise OSError(f"cannot write into {folder}: it is a file, or lies in one.") from None
    except OSError as error:
        raise OSError(f"cannot write into {folder}: {error.strerror or error}.") from None
    return folder


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file as a whole or, when interrupted, not at all; return its path."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path
