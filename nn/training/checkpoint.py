"""Checkpoints: a training that was killed goes on as if nothing had happened, to the bit.

After each epoch the file holds all that the next one depends on: the parameters, what the optimizer
remembers, where the random numbers are, the history, and the best epoch so far. It holds the
settings of the training too, and a fingerprint of its examples: to go on with others would be a
training that nobody asked for.

The file is JSON with a checksum, and grows by a line for each epoch (``saving/growing_file``): what
an epoch costs does not depend on how many came before it. At the end of a training it is a single
piece of JSON again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import autograd
from autograd import Value
from nn.checks.parameters import write
from nn.module import Module
from nn.optimizers import Optimizer
from nn.saving.growing_file import GrowingFile, read
from nn.saving.safe_json import (
    Flaw,
    check_keys,
    check_number,
    check_numbers,
    check_plain,
    check_texts,
    checksum,
    flaws_of,
    short,
)
from nn.training.history import History
from nn.training.objective import name_of
from nn.training.rng_state import rng_of, rng_state
from nn.training.stopping import EarlyStopping

FORMAT = "chalkgrad checkpoint"
VERSION = 2
READ = (1, 2)  # version 1, of chalkgrad 0.1, kept no notes and wrote everything anew each time
LONGEST_SETTING = 200  # characters of a setting that a message shows
CHANGING = ("history", "notes", "stopping", "parameters", "optimizer", "rng")
ALWAYS = ("format", "version", "library", "settings", "rng_at_start", "checksum")


@dataclass(frozen=True)
class CheckpointPath(os.PathLike[str]):
    """The path of a checkpoint, with what shaped the training before ``fit`` was called.

    ``fit`` sees a model and examples, and not the seed or the kind of weights that these were made
    with. Whoever makes them from settings, as the command ``chalkgrad train`` does, says so in
    ``origin``, plain data by name: the training is then not resumed with another origin.

    >>> os.fspath(CheckpointPath("run.json", {"seed": 0}))
    'run.json'
    """

    path: str | os.PathLike[str]
    origin: dict[str, Any] = field(default_factory=dict)

    def __fspath__(self) -> str:
        return os.fspath(self.path)


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
        # The origin comes first: of all that differs, it is what a student can put right.
        self.settings: dict[str, Any] = (
            {"origin": path.origin} if isinstance(path, CheckpointPath) else {}
        )
        for name, setting in settings.items():
            self.settings[name] = plain_setting(name, setting)
        self.rng_at_start = rng_state(rng)
        self.content: dict[str, Any] | None = None
        self.file = GrowingFile(path)
        self.saved = 0  # epochs of the history that the file has

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
            content, changes = read(self.path)
            check_content(content)
            content = with_changes(content, changes)
            check_settings("settings", content["settings"], self.settings)
            start = rng_of("rng_at_start", content["rng_at_start"])
        self.content, self.rng_at_start = content, content["rng_at_start"]
        # As at the start, and not where the file ends: the examples are about to be split again.
        rng.setstate(start.getstate())

    def begin(self, training: Training, epochs: int) -> None:
        """Bring the training to where the file is that was read, or else write the first file.

        Raises as ``save`` does, or ModelFileError if the file does not fit the training, which then
        has not changed: of other parameters, or of more than so many epochs.
        """
        if self.content is None:
            self.finish(training)  # so that what cannot be written is known before the first epoch
            return
        with flaws_of(self.path):
            go_on(training, self.content, epochs)

    def save(self, training: Training) -> None:
        """Bring the file to where the training is, by a line at its end if that will do.

        Raises OSError if the file cannot be written, and ModelFileError for what it cannot hold.
        """
        change = content_of(training, since=self.saved)
        with flaws_of(self.path):
            check_plain("content", change)
            done = self.file.append(change)
        if done:
            self.saved = len(training.history.rows)
        else:
            self.finish(training)

    def finish(self, training: Training) -> None:
        """Write all of the training, in place of what was in the file; raises as ``save`` does."""
        content = {
            "format": FORMAT,
            "version": VERSION,
            "library": f"chalkgrad {autograd.__version__}",
            "settings": self.settings,
            "rng_at_start": self.rng_at_start,
            **content_of(training),
        }
        with flaws_of(self.path):
            check_plain("content", content)
            self.file.rewrite(content)
        self.saved = len(training.history.rows)


def content_of(training: Training, since: int = 0) -> dict[str, Any]:
    """Return all that changes in a training as plain data, with the history ``since`` an epoch."""
    stopping = training.stopping
    return {
        "history": history_columns(training.history.rows[since:]),
        "notes": list(training.history.notes),
        "stopping": None if stopping is None else stopping.state(),
        "parameters": {name: value.data for name, value in training.parameters.items()},
        "optimizer": training.optimizer.state(),
        "rng": rng_state(training.rng),
    }


def go_on(training: Training, content: Mapping[str, Any], epochs: int) -> None:
    """Bring a training to where the content is, or raise Flaw and leave it as it was."""
    rows = [row for columns in content["history"] for row in history_rows(columns)]
    if len(rows) > epochs:
        raise Flaw("history", f"has {len(rows)} epochs, more than the {epochs} asked for.")
    check_fits(content, training, len(rows))
    check_texts("notes", content["notes"])
    # All that can be refused is looked at before the first write.
    rng = rng_of("rng", content["rng"])
    try:
        training.optimizer.restore(content["optimizer"])
    except (TypeError, ValueError) as error:
        raise Flaw("optimizer", f"cannot go on: {error}") from None
    numbers = [float(content["parameters"][name]) for name in training.parameters]
    write(list(training.parameters.values()), numbers)
    training.rng.setstate(rng.getstate())
    training.history.rows, training.history.notes = rows, list(content["notes"])
    if training.stopping is not None:
        training.stopping.go_on(content["stopping"])


# What a checkpoint may be -------------------------------------------------------------------------


def check_content(content: Any) -> None:
    """Raise Flaw unless the content is a checkpoint that nothing has changed since."""
    needed = [*ALWAYS, *(key for key in CHANGING if key != "notes")]  # which version 1 did not keep
    check_keys("content", content, needed, may=("notes",))
    if content["format"] != FORMAT:
        raise Flaw("format", f"is {short(content['format'])}, not {FORMAT!r}.")
    if type(content["version"]) is not int or content["version"] not in READ:
        versions = " and ".join(map(str, READ))
        raise Flaw(
            "version",
            f"is {short(content['version'])}; this chalkgrad reads the versions {versions}.",
        )
    if content["checksum"] != checksum(content):
        raise Flaw("checksum", "does not belong to the content: the file was damaged, or edited.")


def with_changes(content: dict[str, Any], changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the content as the last of the changes left it, or raise Flaw.

    Its history is then a list of pieces.
    """
    for position, change in enumerate(changes, start=1):
        check_keys(f"change {position}", change, CHANGING, may=("checksum",))
    # Each change holds the whole state, but only its own epochs of the history.
    histories = [content["history"], *(change["history"] for change in changes)]
    last = {key: (changes[-1] if changes else content).get(key, []) for key in CHANGING}
    return content | last | {"history": histories}


def check_settings(place: str, saved: Any, own: Any) -> None:
    """Raise Flaw for the first setting that is another one than it was."""
    if saved == own:
        return
    if place == "settings" and isinstance(saved, dict):
        # Of a file of version 1, or of a training that does not say it, no origin is known.
        own = {name: own[name] for name in own if name in saved or name != "origin"}
        saved = {name: saved[name] for name in saved if name in own or name != "origin"}
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


def history_columns(rows: Sequence[Mapping[str, float]]) -> dict[str, str]:
    """Return the numbers of each measure as one text, which is written faster than a list.

    >>> rows = [{"loss": 0.75}, {"loss": 0.25}]
    >>> history_columns(rows), history_rows(history_columns(rows)) == rows
    ({'loss': '0.75 0.25'}, True)
    """
    history = History()
    history.rows = list(map(dict, rows))
    return {name: " ".join(repr(float(n)) for n in history[name]) for name in history}


def history_rows(columns: Any) -> list[dict[str, float]]:
    """Return the rows of a history, or raise Flaw if these are no columns."""
    try:
        numbers = [[float(text) for text in column.split()] for column in columns.values()]
        return [dict(zip(columns, row, strict=True)) for row in zip(*numbers, strict=True)]
    except (AttributeError, ValueError):
        raise Flaw("history", "must have a number for each epoch under each name.") from None


# Settings -----------------------------------------------------------------------------------------


def fingerprint(data: Any) -> str:
    """Return a short text, with the SHA-256, that tells lists of numbers from any others.

    >>> fingerprint([[1.0], [2.0]]) == fingerprint([[1.0], [2.5]])
    False
    """
    # JSON writes a float with all its digits, so that one bit more or less is another text.
    text = json.dumps(data, default=json_number)
    return f"numbers with the SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"


def json_number(thing: Any) -> float:
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
    # Their repr says what they are made of, and names no place in memory.
    if isinstance(setting, Module) or is_dataclass(setting):
        return repr(setting)
    return name_of(setting) if callable(setting) else setting
