"""Training: from a model, examples and settings to a model that has learned, and its history.

What happens to a single batch is in ``learners``. Here it is repeated, measured and kept.
"""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograd.machinery.required import required
from nn.checks.arguments import generator
from nn.data import train_test_split
from nn.data.split import shuffled
from nn.losses import Loss
from nn.optimizers import Optimizer
from nn.schedules import Schedule
from nn.training.arrays import joined, taken
from nn.training.checkpoint import Checkpoint, Training
from nn.training.history import History
from nn.training.learners import Learner, learner_for
from nn.training.objective import Metrics, Objective, check_examples, errors_at, objective_of
from nn.training.settings import Callback, Settings, checked, parameters_of
from nn.training.stopping import EarlyStopping


def fit(
    model: Callable[[Any], Any],
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    loss: str | Loss,
    optimizer: Optimizer | str,
    learning_rate: float | Schedule | None = None,
    epochs: int = 50,
    batch_size: int = 16,
    rng: random.Random | None = None,
    validation: tuple[Sequence[Any], Sequence[Any]] | float | None = None,
    metrics: Metrics = None,
    l1: float = 0.0,
    l2: float = 0.0,
    clip: float | None = None,
    early_stopping: int | None = None,
    callbacks: Iterable[Callback] = (),
    progress: bool = True,
    checkpoint: str | os.PathLike[str] | None = None,
    resume: bool = False,
    engine: str = "auto",
) -> History:
    """Train the model on the rows of X and their targets y, and return the history.

    In every epoch each example is used once, in batches of ``batch_size`` (``len(X)``: all at once)
    in an order drawn from ``rng``; after each batch the optimizer takes one step against the
    gradient of its loss. X and y are lists, NumPy arrays or pandas tables; the target of a class
    is its number, or one-hot.

    ``loss`` is a name from ``LOSSES``, or a function of the outputs for one example and its target.
    A cross-entropy by name takes logits, or, if the model ends in a softmax or (for the binary one)
    a sigmoid, its probabilities. ``optimizer`` is an ``Optimizer``, or a name from ``OPTIMIZERS``
    together with a ``learning_rate``.

    ``validation`` is a pair (X, y) of examples that are measured and not learned from, or the
    share, between 0 and 1, of the examples to set aside for that. ``metrics`` are names from
    ``METRICS`` or functions of predictions and targets: of classes, if these are learned, else of
    outputs. Without them, the accuracy is measured where classes are learned.

    ``l1`` and ``l2`` add so much times ``nn.l1`` or ``nn.l2`` of the weights to the loss. Biases,
    the parameters that are called ``b`` or ``bias``, are left out. ``clip`` is the largest norm
    that the gradients may have together (``clip_gradients``).

    ``early_stopping`` ends the training after so many epochs without a smaller ``validation_loss``
    (without validation: ``loss``). Whenever it is given, the model has the parameters of the best
    epoch in the end. After each epoch each of ``callbacks`` is called with its number, from 1, the
    history and the model; one that returns True ends the training. ``progress`` shows a bar, for
    which tqdm must be installed.

    ``checkpoint`` is a file that always holds the whole state after the last epoch. If the training
    was killed, the same call with ``resume=True`` continues it, to the bit as if nothing had been;
    with more ``epochs`` it goes on after its end. Without ``resume`` the file is begun anew.

    ``engine`` says how: "eager" builds the graph of every batch, "compiled" records the graph of
    one example and computes with arrays (``autograd.compile``), and "auto" is compiled wherever the
    model and the loss can be recorded and give what they give eagerly; where not, it goes on
    eagerly and says why in the history's ``notes``. The history is the same to about 10 digits.

    The history has for each epoch the mean ``loss`` of the examples, without penalties, and the
    metrics, both measured on the way, while the model changes; and under ``validation_...`` the
    same of the validation data at the epoch's end.

    Ctrl-C ends the training: the model stands where the last whole step left it, and the history
    ends with the last whole epoch and says that it was ``interrupted``.

    Raises ValueError or TypeError, before anything is learned, for arguments and examples that do
    not go together; ValueError, too, if the numbers grow out of bounds. Raises ``ModelFileError``
    for a checkpoint that is damaged or belongs to another training, and OSError for one that is not
    there or cannot be written.

    >>> import random, nn
    >>> line = nn.Neuron(1, nonlin=False, rng=random.Random(0))
    >>> history = fit(line, [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], loss="mse", optimizer="sgd",
    ...               learning_rate=0.1, epochs=200, progress=False)
    >>> round(line.w[0].data, 3), round(line.b.data, 3)  # 3 examples: y = 2 * x + 1
    (2.0, 1.0)
    """
    settings = checked(locals())  # so far, the arguments are all that there is
    objective = objective_of(model, settings.X, settings.y, loss, settings.metrics)
    training = begun(settings)
    file = None
    if checkpoint is not None:
        file = Checkpoint(checkpoint, settings.identity(), training.rng)
        if resume:  # before the split: the same examples are set aside again
            file.read(training.rng)
    settings = with_validation(settings, objective)
    example = settings.X[0], settings.y[0]
    learner = learner_for(
        engine, model, objective, settings.optimizer, settings.penalty(), settings.clip, example
    )
    if file is not None:
        file.begin(training, settings.epochs)
    return run(settings, Epoch(settings, objective, learner), training, file)


# What is settled before the first epoch -----------------------------------------------------------


def begun(settings: Settings) -> Training:
    """Return a training that stands before its first epoch."""
    parameters = parameters_of(settings.model)
    known = set(parameters.values())
    for number, each in enumerate(settings.optimizer.parameters, start=1):
        if each not in known:
            parameters[f"parameter {number} of the optimizer"] = each
    patience = settings.early_stopping
    stopping = None if patience is None else EarlyStopping(patience, parameters.values())
    rng = generator(settings.rng)
    return Training(parameters, settings.optimizer, rng, History(), stopping)


def with_validation(settings: Settings, objective: Objective) -> Settings:
    """Return the settings with the examples of the validation, and without them among the others.

    Raises the error of an example that does not fit, at its place.
    """
    if isinstance(settings.validation, float):
        X, X_aside, y, y_aside = train_test_split(
            settings.X, settings.y, settings.validation, rng=settings.rng
        )
        settings = replace(settings, X=X, y=y, validation=(X_aside, y_aside))
    if isinstance(settings.validation, tuple):
        with errors_at("the validation data"):
            check_examples(objective, settings.model, *settings.validation)
    return settings


# The epochs ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Epoch:
    """What happens in every epoch: from each example is learned once, and then it is measured."""

    settings: Settings
    objective: Objective
    learner: Learner

    def tables(self) -> tuple[Any, ...]:
        """Return the rows and targets to learn from, and those of the validation if there are any.

        They are as the learner likes them best.
        """
        pair = self.settings.validation
        aside = pair if isinstance(pair, tuple) else ()
        return tuple(map(self.learner.table, (self.settings.X, self.settings.y, *aside)))

    @cached_property
    def first_tables(self) -> tuple[Any, ...]:
        """The tables as they were in the first epoch."""
        return self.tables()

    def __call__(self) -> dict[str, float]:
        """Learn from each example once, and return what was measured."""
        learner, size = self.learner, self.settings.batch_size
        order = shuffled(len(self.settings.X), self.settings.rng)
        # A callback may change a row in place: then the tables are made anew.
        X, y, *aside = self.tables() if self.settings.callbacks else self.first_tables
        # Once for the epoch: a batch of arrays is then a view, and nothing is copied.
        X, y = taken(X, order), taken(y, order)
        learner.begin()
        try:
            learned = [
                learner(X[start : start + size], y[start : start + size])
                for start in range(0, len(order), size)
            ]
        finally:
            learner.finish()
        losses, outputs = zip(*learned, strict=True)
        # The last batch may be smaller: the mean over examples is not the mean over batches.
        total = math.fsum(
            loss * len(of_batch) for loss, of_batch in zip(losses, outputs, strict=True)
        )
        row = self.objective.measured(total / len(order), joined(outputs), y)
        if aside:
            loss, answers = learner.answers(*aside)
            measured = self.objective.measured(loss, answers, aside[1])
            row |= {f"validation_{name}": number for name, number in measured.items()}
        return row


def run(settings: Settings, epoch: Epoch, training: Training, file: Checkpoint | None) -> History:
    """Learn epoch by epoch until the last, until it is enough or until Ctrl-C."""
    history, stopping = training.history, training.stopping
    try:
        with progress_bar(len(history.rows), settings.epochs, settings.progress) as bar:
            for number in bar:
                if stopping is not None and stopping.is_over(history):
                    break
                history.rows.append(epoch())
                for note in epoch.learner.notes:
                    if note not in history.notes and settings.progress:
                        bar.write(note)
                    history.add_note(note)
                if settings.progress:
                    bar.set_postfix(history.rows[-1], refresh=False)
                if finished(number, settings, training, file):
                    break
        if file is not None:
            file.finish(training)  # before the best parameters are put back: it may go on from here
        if stopping is not None:
            stopping.restore(history)
    except KeyboardInterrupt:
        history.interrupted = True
    return history


def finished(number: int, settings: Settings, training: Training, file: Checkpoint | None) -> bool:
    """Do what follows an epoch, and return whether a callback wants no more of them."""
    if training.stopping is not None:
        training.stopping.look(training.history)
    # All are called, whatever the first of them says.
    answers = [call(number, training.history, settings.model) for call in settings.callbacks]
    if file is not None:
        file.save(training)
    return any(answer is True for answer in answers)


def progress_bar(done: int, epochs: int, progress: bool) -> AbstractContextManager[Any]:
    """Return what counts the epochs that are left, visibly if ``progress`` says so."""
    left = range(done + 1, epochs + 1)
    if not progress:
        return nullcontext(left)
    tqdm = required("tqdm.auto", "The progress bar, which progress=False leaves out,")
    bar: AbstractContextManager[Any] = tqdm.tqdm(
        left, initial=done, total=epochs, desc="training", unit="epoch"
    )
    return bar
