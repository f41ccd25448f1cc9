"""Options of the command: what each may be, and the settings of an experiment as options.

A reader turns the text of an argument into what it means, or raises the error that argparse prints
in a line, with exit code 2.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from autograd.words.suggestions import did_you_mean
from nn.command.advice import as_options
from nn.command.experiment import EPOCHS, RATES, SCALERS, STEPS, Experiment
from nn.command.known_data import KNOWN_DATA
from nn.data.reading import MARKS, MISSING, Reading
from nn.initial import INITIALS
from nn.layers import ACTIVATIONS
from nn.losses import LOSSES
from nn.optimizers import OPTIMIZERS

USUAL = Experiment("iris")
LARGEST_SEED = 10**18 - 1
LARGEST_COUNT = 10**9
MAIN_LOSSES = ("categorical_crossentropy", "binary_crossentropy", "hinge", "mse", "mae", "rmse")


# What an argument may be --------------------------------------------------------------------------


def named_in(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """Return the reader of a name, which suggests a near one for a misspelt one.

    >>> named_in("pet", ["cat", "dog"])("cat")
    'cat'
    """

    def read(text: str) -> str:
        if text in names:
            return text
        raise argparse.ArgumentTypeError(
            f"there is no {kind} {text!r}.{did_you_mean(text, names)} Known: {', '.join(names)}."
        )

    return read


def count(text: str) -> int:
    """Return a whole number from 1 to a billion: none that would keep a computer busy for years."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    if number > LARGEST_COUNT:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {LARGEST_COUNT:,}")
    return number


def names(text: str) -> tuple[str, ...]:
    """Return the names of columns, parted by commas; one with a comma in it stands in quotes.

    >>> names('Id, "Size, cm"')
    ('Id', 'Size, cm')
    """
    try:
        (row,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:  # a lone quote, or several lines
        raise argparse.ArgumentTypeError(
            f"{text!r} is no list of names ({error}): write them as in Id,Name"
        ) from None
    return tuple(name.strip() for name in row if name.strip())


def delimiter(text: str) -> str:
    """Return a delimiter, which may be called by its name, as a tab is hard to type."""
    known = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
    found = known.get(text.lower(), text)
    if len(found) != 1 or found in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character, such as ';' or tab")
    return found


def positive_number(text: str) -> float:
    """Return a positive, finite number."""
    return accepted_number(text, lambda number: 0 < number < math.inf, "a positive number")


def number_from_0(text: str) -> float:
    """Return a finite number of at least 0."""
    return accepted_number(text, lambda number: 0 <= number < math.inf, "a number of at least 0")


def share_below_1(text: str) -> float:
    """Return a number from 0 to just below 1."""
    return accepted_number(text, lambda number: 0 <= number < 1, "a share from 0 to just below 1")


def seed(text: str) -> int:
    """Return a whole number that a file can hold."""
    try:
        number = int(text)
    except ValueError:
        number = LARGEST_SEED + 1
    if abs(number) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at most 18 digits")
    return number


def accepted_number(text: str, accepts: Callable[[float], bool], what: str) -> float:
    """Return the number in a text, if it is one that is accepted."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not accepts(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return number


# The settings of an experiment --------------------------------------------------------------------


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting; one that is not given is not in the namespace either."""
    data = parser.add_argument_group("what to learn")
    add_setting(
        data, "--target", metavar="NAME",
        help="the column of the CSV file to be learned (default: the last); text is classes",
    )  # fmt: skip
    add_setting(
        data, "--classes", action="store_true",
        help="the numbers in the target column are names of classes",
    )  # fmt: skip
    add_setting(
        data, "--features", type=names, metavar="A,B,C",
        help="the columns to learn from, in this order (default: all but the target)",
    )  # fmt: skip
    add_setting(
        data, "--without", type=names, action="extend", metavar="A,B,C",
        help="columns to leave out, such as Id,Name",
    )  # fmt: skip
    add_setting(
        data, "--validation", type=share_below_1, metavar="SHARE",
        help="the share of the examples that is set aside, measured after each epoch and never "
        f"learned from (default: {USUAL.validation:g}; 0: learn from all)",
    )  # fmt: skip
    add_setting(
        data, "--normalise", "--normalize", dest="normalise", metavar="HOW",
        type=named_in("normalisation", SCALERS),
        help="what is done to each feature, and to a number to be learned: standard (mean 0, "
        f"deviation 1), minmax (from 0 to 1) or none (default: {USUAL.normalise})",
    )  # fmt: skip

    add_reading(parser)

    network = parser.add_argument_group("the network")
    add_setting(
        network, "--hidden", type=count, nargs="*", metavar="SIZE",
        help="the number of neurons of each hidden layer; with nothing after it, there is none "
        f"(default: {' '.join(map(str, USUAL.hidden))})",
    )  # fmt: skip
    add_setting(
        network, "--activation", type=named_in("activation", ACTIVATIONS), metavar="NAME",
        help=f"of the hidden layers: {', '.join(ACTIVATIONS)} (default: {USUAL.activation})",
    )  # fmt: skip
    add_setting(
        network, "--initial", type=named_in("initialisation", INITIALS), metavar="NAME",
        help=f"the weights at first: {', '.join(INITIALS)} (default: he for relu, else xavier)",
    )  # fmt: skip

    learning = parser.add_argument_group("how to learn")
    add_setting(
        learning, "--loss", type=named_in("loss", LOSSES), metavar="NAME",
        help=f"{', '.join(MAIN_LOSSES)} (default: categorical_crossentropy for classes, mse for "
        "numbers)",
    )  # fmt: skip
    add_setting(
        learning, "--optimizer", type=named_in("optimizer", OPTIMIZERS), metavar="NAME",
        help=f"{', '.join(OPTIMIZERS)} (default: {USUAL.optimizer})",
    )  # fmt: skip
    rates = ", ".join(f"{rate:g} for {name}" for name, rate in RATES.items())
    add_setting(
        learning, "--lr", type=positive_number, metavar="RATE",
        help=f"the learning rate (default: {rates})",
    )  # fmt: skip
    add_setting(
        learning, "--epochs", type=count, metavar="N",
        help=f"how often to go through the examples (default: {EPOCHS}, and of few examples as "
        f"often as makes {STEPS} steps)",
    )  # fmt: skip
    add_setting(
        learning, "--batch-size", type=count, metavar="N",
        help=f"how many examples make a step (default: {USUAL.batch_size})",
    )  # fmt: skip
    for name, penalty in (("--l1", "sizes"), ("--l2", "squares")):
        add_setting(
            learning, name, type=number_from_0, metavar="FACTOR",
            help=f"add so much times the sum of the {penalty} of the weights to the loss "
            "(default: 0)",
        )  # fmt: skip
    add_setting(
        learning, "--patience", type=count, metavar="N",
        help="stop after so many epochs without a better one, and keep the best (default: never)",
    )  # fmt: skip
    add_setting(
        learning, "--seed", type=seed, metavar="N",
        help="where the random numbers start: the same seed, the same result "
        f"(default: {USUAL.seed})",
    )  # fmt: skip


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a CSV file is to be read, where it does not show it itself."""
    file = parser.add_argument_group("how to read a CSV file (mostly found out by itself)")
    add_setting(
        file, "--missing", choices=MISSING,
        help="rows in which a cell is missing: refuse the file, or drop them (default: refuse)",
    )  # fmt: skip
    add_setting(
        file, "--decimal", choices=MARKS, metavar="MARK",
        help="the mark before the decimals: a point or a comma",
    )  # fmt: skip
    add_setting(
        file, "--thousands", choices=MARKS, metavar="MARK",
        help="the mark between thousands: a point or a comma",
    )  # fmt: skip
    add_setting(
        file, "--delimiter", type=delimiter, metavar="CHARACTER",
        help="what is between two cells: such as ';', tab or space",
    )  # fmt: skip
    add_setting(
        file, "--header", action=argparse.BooleanOptionalAction,
        help="the first row names the columns, or is an example as all others are",
    )  # fmt: skip
    add_setting(file, "--encoding", metavar="NAME", help="such as cp1252 (older Windows) or utf-16")


def add_setting(group: Any, *names: str, **options: Any) -> None:
    """Add an option without a default, so that the data can have defaults of their own."""
    group.add_argument(*names, default=argparse.SUPPRESS, **options)


def settings_in(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that were given."""
    given = {name: each for name, each in vars(arguments).items() if name in vars(USUAL)}
    for name in ("hidden", "features", "without"):
        if name in given:
            given[name] = tuple(given[name])
    return given


def reading_in(options: argparse.Namespace) -> Reading:
    """Return how a file is to be read, as far as that was said."""
    known = {entry.name for entry in fields(Reading)}
    given = {name: each for name, each in vars(options).items() if name in known}
    return Reading(**given, spell=as_options)


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add the option for the folder to write into."""
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="FOLDER",
        help="where to write (default: %(default)s)",
    )  # fmt: skip


def list_of_data_sets() -> str:
    """Return a line for each data set: its name, what it is, and settings of its own."""
    lines = []
    for name, task in KNOWN_DATA.items():
        own = [
            f"--{setting} {' '.join(map(str, each)) if isinstance(each, tuple) else each}".rstrip()
            for setting, each in task.settings.items()
        ]
        lines.append(f"  {name:<14}{task.about}" + (f" ({', '.join(own)})" if own else ""))
    return "\n".join(lines)
