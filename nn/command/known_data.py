"""Tasks: the data sets that the command knows by name, and how a small network learns each."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn import data
from nn.data import Dataset
from nn.data.csv_file import dataset_of, decoded, header_and_rows

Load = Callable[[random.Random], Dataset]


@dataclass(frozen=True)
class Task:
    """A data set, and what is usual when it is learned.

    ``target`` is the name of what is to be learned, ``unit`` that of all features, if they have
    one. ``features`` are the two to draw, where there are more. ``settings`` are those of an
    ``Experiment`` that suit these data better than the usual ones.
    """

    load: Load
    target: str
    about: str
    unit: str = ""
    features: tuple[int, int] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def made(generator: Callable[..., Dataset], n: int, **noise: float) -> Load:
    """Return the loader of ``n`` examples that are made anew for each seed."""
    return lambda rng: generator(n, rng=rng, **noise)


def measured(table: Callable[[], Dataset]) -> Load:
    """Return the loader of a table, the same for every seed."""
    return lambda _: table()


# A single neuron without activation.
LINE = {"hidden": (), "optimizer": "sgd", "lr": 0.02, "epochs": 30}

TASKS = {
    "moons": Task(made(data.moons, 300), "moon", "two half circles, 300 points"),
    "circles": Task(made(data.circles, 300), "circle", "a circle in a circle, 300 points"),
    "xor": Task(made(data.xor, 300), "signs", "same signs or different ones, 300 points"),
    "gaussians": Task(made(data.gaussians, 300), "cloud", "two clouds, 300 points"),
    "spiral": Task(
        made(data.spiral, 800), "arm", "two arms of a spiral, 800 points",
        settings={"epochs": 150, "lr": 0.02, "initial": "uniform"},
    ),
    "plane": Task(made(data.plane, 200), "y", "the height of a plane, 200 points", settings=LINE),
    "house_prices": Task(
        made(data.house_prices, 200, noise=50.0), "price", "200 houses", settings=LINE
    ),
    "iris": Task(
        measured(data.iris), "species", "150 flowers of 3 species", unit="cm",
        features=(2, 3),  # the petals tell the species apart
        settings={"hidden": (8,), "epochs": 40, "lr": 0.02, "l2": 0.001},
    ),
    "digits": Task(
        measured(data.digits), "digit", "1797 pictures of 8 times 8 pixels, 10 classes",
        settings={"hidden": (16,), "epochs": 5},
    ),
    "wine": Task(
        measured(data.wine), "grower", "178 wines of 3 growers",
        settings={"hidden": (8,), "epochs": 20, "l2": 0.01},
    ),
    "breast_cancer": Task(
        measured(data.breast_cancer), "diagnosis", "569 tumours, 2 classes",
        settings={"hidden": (4,), "epochs": 20, "l2": 0.02},
    ),
    "diabetes": Task(
        measured(data.diabetes), "progression", "442 patients, a number to learn",
        settings={"hidden": (4,), "epochs": 20, "l2": 0.01},
    ),
}  # fmt: skip


def task_of(name: str, target: str | None = None, *, classes: bool = False) -> Task:
    """Return the task of a name from ``TASKS``, or that of a CSV file with a column to be learned.

    Without a ``target``, that is the last column. ``classes`` says that its numbers are names.

    Raises ValueError for what is neither a name nor a file, for a file that is no such table, and
    for a target of data that have their own; OSError for a file that cannot be read.

    >>> task_of("moons").target
    'moon'
    >>> task_of("monos")
    Traceback (most recent call last):
    ValueError: there is no data set and no file 'monos'. Did you mean 'moons'? Known: moons, ...
    """
    if name in TASKS:
        if target is not None or classes:
            raise ValueError(
                f"{name} says itself what is to be learned, its {TASKS[name].target}: a target is "
                f"for CSV files, such as ./{name}.csv."
            )
        return TASKS[name]
    path = csv_path(name)
    text = decoded(path.read_bytes(), path.name)
    header, _ = header_and_rows(text, path.name)
    table = dataset_of(text, path.name, target, classes=classes or None)
    return Task(measured(lambda: table), target or header[-1], f"{len(table.X)} rows")


def csv_path(name: str) -> Path:
    """Return the path of a file, or raise the ValueError that says what there is instead."""
    path = Path(name)
    if path.is_file():
        return path
    if path.exists():
        raise ValueError(f"{name} is a folder or a device, not a CSV file.")
    close = difflib.get_close_matches(name.lower(), TASKS, n=1)
    advice = f" Did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"there is no data set and no file {name!r}.{advice} Known: {', '.join(TASKS)}; or name a "
        "CSV file."
    )
