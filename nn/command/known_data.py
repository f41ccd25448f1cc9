"""The data sets that the command knows by name, and the settings that suit each of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd.words.suggestions import did_you_mean
from nn import data
from nn.command.advice import as_options
from nn.command.notes import notes_on_columns
from nn.data import Dataset
from nn.data.csv_file import Chosen, dataset_of, target_place
from nn.data.csv_table import table_of_text
from nn.data.file_text import text_of_file
from nn.data.reading import Reading

Load = Callable[[random.Random], Dataset]


@dataclass(frozen=True)
class DataSource:
    """A data set, and what is usual when it is learned.

    ``target`` is the name of what is to be learned, ``unit`` that of all features, if they have
    one. ``plane`` says which two features to draw, where there are more. ``settings`` are those of
    an ``Experiment`` that suit these data better than the usual ones. ``notes`` are remarks about a
    file that a student should read before trusting what is learned from it.
    """

    load: Load
    target: str
    about: str
    unit: str = ""
    plane: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def generated(generator: Callable[..., Dataset], n: int, **noise: float) -> Load:
    """Return the loader of ``n`` examples that are made anew for each seed."""
    return lambda rng: generator(n, rng=rng, **noise)


def fixed(table: Callable[[], Dataset]) -> Load:
    """Return the loader of a table, the same for every seed."""
    return lambda _: table()


# The rates, penalties and epochs of the measured tables are what `benchmarks/choose_settings.py`
# chooses on their training parts. LINE is a single neuron without activation.
LINE = {"hidden": (), "optimizer": "sgd", "lr": 0.02, "epochs": 30}

KNOWN_DATA = {
    "moons": DataSource(
        generated(data.moons, 300), target="moon", about="two half circles, 300 points"
    ),
    "circles": DataSource(
        generated(data.circles, 300), target="circle", about="a circle in a circle, 300 points"
    ),
    "xor": DataSource(
        generated(data.xor, 300), target="signs", about="same signs or different ones, 300 points"
    ),
    "gaussians": DataSource(
        generated(data.gaussians, 300), target="cloud", about="two clouds, 300 points"
    ),
    "spiral": DataSource(
        generated(data.spiral, 800), target="arm", about="two arms of a spiral, 800 points",
        settings={"epochs": 150, "lr": 0.02, "initial": "uniform"},
    ),
    "plane": DataSource(
        generated(data.plane, 200), target="y", about="the height of a plane, 200 points",
        settings=LINE,
    ),
    "house_prices": DataSource(
        generated(data.house_prices, 200, noise=50.0), target="price", about="200 houses",
        settings=LINE,
    ),
    "iris": DataSource(
        fixed(data.iris), target="species", about="150 flowers of 3 species", unit="cm",
        plane=(2, 3),  # the petals tell the species apart
        settings={"hidden": (8,), "epochs": 10, "lr": 0.05},
    ),
    "digits": DataSource(
        fixed(data.digits), target="digit",
        about="1797 pictures of 8 times 8 pixels, 10 classes",
        settings={"hidden": (32,), "epochs": 10, "lr": 0.02},
    ),
    "wine": DataSource(
        fixed(data.wine), target="grower", about="178 wines of 3 growers",
        settings={"hidden": (8,), "epochs": 10, "lr": 0.05, "l2": 0.01},
    ),
    "breast_cancer": DataSource(
        fixed(data.breast_cancer), target="diagnosis", about="569 tumours, 2 classes",
        settings={"hidden": (8,), "epochs": 10, "lr": 0.02},
    ),
    "diabetes": DataSource(
        fixed(data.diabetes), target="progression", about="442 patients, a number to learn",
        settings={"hidden": (4,), "epochs": 10},
    ),
}  # fmt: skip


def data_source(
    name: str, chosen: Chosen | None = None, reading: Reading | None = None
) -> DataSource:
    """Return the data of a name from ``KNOWN_DATA``, or those of a CSV file.

    ``chosen`` says which columns of the file to take, ``reading`` how to read it.

    Raises ValueError for what is neither a name nor a file, for a file that is no such table, and
    for columns chosen from data that have their own; OSError for a file that cannot be read.

    >>> data_source("moons").target
    'moon'
    >>> data_source("monos")
    Traceback (most recent call last):
    ValueError: there is no data set and no file 'monos'. Did you mean 'moons'? Known: moons, ...
    """
    chosen, reading = chosen or Chosen(), reading or Reading(spell=as_options)
    if name in KNOWN_DATA:
        check_untouched(name, chosen, reading)
        return KNOWN_DATA[name]
    path = csv_path(name)
    table = table_of_text(text_of_file(path, reading), path.name, reading)
    dataset = dataset_of(table, chosen, reading)
    return DataSource(
        fixed(lambda: dataset),
        target=table.header[target_place(table, chosen)],
        about=f"{len(dataset.X)} rows",
        notes=(*table.notes, *notes_on_columns(dataset)),
    )


def check_untouched(name: str, chosen: Chosen, reading: Reading) -> None:
    """Raise ValueError if options for CSV files are given with data that need none."""
    usual = Reading(spell=reading.spell)
    given = {
        option: each
        for option, each in [*vars(chosen).items(), *vars(reading).items()]
        if each and each != getattr(usual, option, None)
    }
    if given:
        raise ValueError(
            f"{name} says itself what is to be learned, its {KNOWN_DATA[name].target}: "
            f"{reading.spell(given)} is for CSV files, such as ./{name}.csv."
        )


def csv_path(name: str) -> Path:
    """Return the path of a file, or raise the ValueError that says what there is instead."""
    path = Path(name)
    if path.is_file():
        return path
    if path.exists():
        raise ValueError(f"{name} is a folder or a device, not a CSV file.")
    raise ValueError(
        f"there is no data set and no file {name!r}.{did_you_mean(name, KNOWN_DATA)} "
        f"Known: {', '.join(KNOWN_DATA)}; or "
        "name a CSV file."
    )
