"""Checkpoints: a training that was killed goes on as if nothing had happened, to the bit.

After each epoch the file holds all that the next one depends on: the parameters, what the optimizer
remembers, where the random numbers are, the history, and the best epoch so far. It holds the
settings of the training too, and a fingerprint of its examples: to go on with others would be a
training that nobody asked for.

Like a model file it is JSON with a checksum, and it is replaced as a whole (``storage``).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any

import autograd
from autograd import Value
from autograd.machinery.whole_files import write_whole
from nn.checks.parameters import write
from nn.module import Module
from nn.optimizers import Optimizer
from nn.saving.safe_json import (
    Flaw,
    check_keys,
    check_number,
    check_numbers,
    check_plain,
    check_texts,
    checksum,
    encoded,
    flaws_of,
    parsed,
    short,
    text_of,
)
from nn.training.history import History
from nn.training.objective import name_of
from nn.training.stopping import EarlyStopping

FORMAT = "chalkgrad checkpoint"
VERSION = 1
LONGEST_SETTING = 200  # characters of a setting that a message shows
KEYS = (
    "format",
    "version",
    "library",
    "settings",
    "history",
    "stopping",
    "parameters",
    "optimizer",
    "rng_at_start",
    "rng",
    "checksum",
)


@dataclass
class Training:
    """All that changes from epoch to epoch."""

    parameters: dict[str, Value]
    optimizer: Optimizer
    rng: random.Random
    history: History
    stopping: EarlyStopping | None


class Checkpoint:
    """The file of one training, which its ``settings`` tell from any other.

    Of the functions among them, such as a loss that a student wrote, only the name is known.

    Raises TypeError if the generator has no state that a file can hold.
    """

    def __init__(
        self, path: str | os.PathLike[str], settings: Mapping[str, Any], rng: random.Random
    ) -> None:
        self.path = path
        self.settings = {name: plain_setting(name, setting) for name, setting in settings.items()}
        self.rng_at_start = rng_state(rng)
        self.content: dict[str, Any] | None = None

    def read(self, rng: random.Random) -> None:
        """Read the file, and set the generator to where that training began.

        So the same examples are set aside again. Raises FileNotFoundError if there is no file, and
        ModelFileError for one that is damaged, is something else, or belongs to a training with
        other settings or other examples.
        """
        if not os.path.lexists(self.path):
            raise FileNotFoundError(
                errno.ENOENT,
                "there is no checkpoint to resume: train first with resume=False",
                str(self.path),
            )
        with flaws_of(self.path):
            content = parsed(text_of(self.path))
            check_content(content)
            check_settings("settings", content["settings"], self.settings)
            start = rng_of("rng_at_start", content["rng_at_start"])
        self.content, self.rng_at_start = content, content["rng_at_start"]
        rng.setstate(start.getstate())

    def begin(self, training: Training, epochs: int) -> None:
        """Bring the training to where the file is that was read, or else write the first file.

        Raises as ``save`` does, or ModelFileError if the file does not fit the training, which then
        has not changed: of other parameters, or of more than so many epochs.
        """
        if self.content is None:
            self.save(training)  # so that what cannot be written is known before the first epoch
            return
        with flaws_of(self.path):
            go_on(training, self.content, epochs)

    def save(self, training: Training) -> None:
        """Write all of the training, in place of what was in the file.

        Raises OSError if the file cannot be written, and ModelFileError for what it cannot hold.
        """
        stopping = training.stopping
        content = {
            "format": FORMAT,
            "version": VERSION,
            "library": f"chalkgrad {autograd.__version__}",
            "settings": self.settings,
            "history": history_columns(training.history),
            "notes": list(training.history.notes),
            "stopping": None if stopping is None else stopping.state(),
            "parameters": {name: value.data for name, value in training.parameters.items()},
            "optimizer": training.optimizer.state(),
            "rng_at_start": self.rng_at_start,
            "rng": rng_state(training.rng),
        }
        with flaws_of(self.path):
            check_plain("content", content)
            write_whole(self.path, encoded(content))


def go_on(training: Training, content: Mapping[str, Any], epochs: int) -> None:
    """Bring a training to where the content is, or raise Flaw and leave it as it was."""
    rows = history_rows(content["history"], epochs)
    check_fits(content, training, len(rows))
    notes = content.get("notes", [])
    check_texts("notes", notes)
    rng = rng_of("rng", content["rng"])
    try:
        training.optimizer.restore(content["optimizer"])
    except (TypeError, ValueError) as error:
        raise Flaw("optimizer", f"cannot go on: {error}") from None
    numbers = [float(content["parameters"][name]) for name in training.parameters]
    write(list(training.parameters.values()), numbers)
    training.rng.setstate(rng.getstate())
    training.history.rows, training.history.notes = rows, list(notes)
    if training.stopping is not None:
        training.stopping.go_on(content["stopping"])


# What a checkpoint may be -------------------------------------------------------------------------


def check_content(content: Any) -> None:
    """Raise Flaw unless the content is a checkpoint that nothing has changed since."""
    check_keys("content", content, KEYS, may=("notes",))  # version 0.1 kept no notes
    if content["format"] != FORMAT:
        raise Flaw("format", f"is {short(content['format'])}, not {FORMAT!r}.")
    if content["version"] != VERSION or type(content["version"]) is not int:
        raise Flaw(
            "version", f"is {short(content['version'])}; this chalkgrad reads version {VERSION}."
        )
    if content["checksum"] != checksum(content):
        raise Flaw("checksum", "does not belong to the content: the file was damaged, or edited.")


def check_settings(place: str, saved: Any, own: Any) -> None:
    """Raise Flaw for the first setting that is another one than it was."""
    if saved == own:
        return
    if isinstance(saved, dict) and isinstance(own, dict) and saved.keys() == own.keys():
        for name in own:
            check_settings(f"{place}.{name}", saved[name], own[name])
        return
    was, now = (repr(setting)[:LONGEST_SETTING] for setting in (saved, own))
    raise Flaw(
        place,
        f"was {was}, and is now {now}: resume with the settings and examples of before, or train "
        "anew with resume=False.",
    )


def check_fits(content: Mapping[str, Any], training: Training, epochs: int) -> None:
    """Raise Flaw unless the content has the numbers that a training of so many epochs needs."""
    check_keys("parameters", content["parameters"], list(training.parameters))
    for name, number in content["parameters"].items():
        check_number(f"parameters[{name!r}]", number)
    if training.stopping is not None:
        check_stopping(content["stopping"], len(training.parameters), epochs)


def check_stopping(state: Any, count: int, epochs: int) -> None:
    """Raise Flaw unless this is the state of an early stopping of ``count`` parameters."""
    check_keys("stopping", state, ("epoch", "loss", "parameters"))
    if type(state["epoch"]) is not int or not 0 <= state["epoch"] <= epochs:
        raise Flaw("stopping.epoch", f"must be one of the {epochs}, not {short(state['epoch'])}.")
    if state["loss"] is not None:
        check_number("stopping.loss", state["loss"])
    check_numbers("stopping.parameters", state["parameters"])
    if len(state["parameters"]) != count:
        raise Flaw("stopping.parameters", f"must be {count} numbers.")


# The history --------------------------------------------------------------------------------------


def history_columns(history: History) -> dict[str, str]:
    """Return the numbers of each measure as one text.

    The history grows with every epoch, and a text is written much faster than a list of numbers.

    >>> history = History()
    >>> history.rows += [{"loss": 0.75}, {"loss": 0.25}]
    >>> history_columns(history), history_rows(history_columns(history), epochs=2) == history.rows
    ({'loss': '0.75 0.25'}, True)
    """
    return {name: " ".join(repr(float(n)) for n in history[name]) for name in history}


def history_rows(columns: Any, epochs: int) -> list[dict[str, float]]:
    """Return the rows of a history, at most so many, or raise Flaw if these are no columns."""
    try:
        numbers = [[float(text) for text in column.split()] for column in columns.values()]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*numbers, strict=True)]
    except (AttributeError, ValueError):
        raise Flaw("history", "must have a number for each epoch under each name.") from None
    if len(rows) > epochs:
        raise Flaw("history", f"has {len(rows)} epochs, more than the {epochs} asked.")
    return rows


# Random numbers -----------------------------------------------------------------------------------


def rng_state(rng: random.Random) -> dict[str, Any]:
    """Return the state of a generator as plain data: its 625 numbers as one text.

    >>> state = rng_state(random.Random(1))
    >>> rng_of("rng", state).random() == random.Random(1).random()
    True
    """
    try:
        version, words, gauss = rng.getstate()
        return {"version": version, "words": " ".join(map(str, words)), "gauss": gauss}
    except (NotImplementedError, TypeError, ValueError):  # SystemRandom keeps no state
        raise TypeError(
            f"a checkpoint needs an rng whose state can be kept, which {type(rng).__name__} has "
            "not: write rng=random.Random(1)."
        ) from None


def rng_of(place: str, state: Any) -> random.Random:
    """Return a generator in this state, or raise Flaw if there is no such state."""
    check_keys(place, state, ("version", "words", "gauss"))
    if state["gauss"] is not None:
        check_number(f"{place}.gauss", state["gauss"])
    rng = random.Random()
    try:
        words = tuple(map(int, state["words"].split()))
        rng.setstate((state["version"], words, state["gauss"]))
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise Flaw(place, "is no state of a random generator.") from None
    return rng


# Settings -----------------------------------------------------------------------------------------


def fingerprint(data: Any) -> str:
    """Return a short text, with the SHA-256, that tells lists of numbers from any others.

    >>> fingerprint([[1.0], [2.0]]) == fingerprint([[1.0], [2.5]])
    False
    """
    text = json.dumps(data, default=plain_number)
    return f"numbers with the SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"


def plain_number(thing: Any) -> float:
    """Return a number of any kind as one that JSON can hold."""
    return float(thing.data if isinstance(thing, Value) else thing)


def plain_setting(name: str, setting: Any) -> Any:
    """Return a setting as plain data, the same in each process.

    >>> from nn.schedules import Constant
    >>> plain_setting("lr", Constant(0.5)), plain_setting("loss", abs), plain_setting("l2", 0.5)
    ('Constant(start=0.5)', 'abs', 0.5)
    """
    if name == "examples" or isinstance(setting, tuple):
        return fingerprint(setting)
    if isinstance(setting, Optimizer):
        state = setting.state()
        return {
            "kind": state["optimizer"],
            **state["settings"],
            "lr": plain_setting("lr", setting.rate),
        }
    if isinstance(setting, list):
        return [plain_setting(name, each) for each in setting]
    if isinstance(setting, Module) or is_dataclass(setting):
        return repr(setting)
    return name_of(setting) if callable(setting) else setting
