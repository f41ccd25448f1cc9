"""Training: from a model, examples and settings to a model that has learned, and its history.

What happens to a single batch is in ``engine``. Here it is repeated, measured and kept.
"""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import functools
import inspect
import math
import os
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from numbers import Real
from typing import Any

from autograd import Value
from nn import penalties
from nn.checks.arguments import generator, not_negative, positive, whole_number
from nn.checks.examples import examples
from nn.data import batches, train_test_split
from nn.losses import Loss
from nn.optimizers import Optimizer, optimizer_named
from nn.schedules import Schedule
from nn.training.checkpoint import Checkpoint, Training
from nn.training.history import History
from nn.training.learners import Learner, learner_for
from nn.training.objective import (
    Metrics,
    Objective,
    check_examples,
    errors_at,
    metrics_list,
    objective_of,
)
from nn.training.prediction import measure
from nn.training.stopping import EarlyStopping

Examples = tuple[list[Any], list[Any]]
Callback = Callable[[int, History, Any], Any]
BIASES = ("b", "bias")  # what the last part of a name calls them


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
    model can be recorded. The history is the same to about 10 digits.

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
    epochs = whole_number("epochs", epochs)
    batch_size = whole_number("batch_size", batch_size)
    X, y = examples("fit", X, y)
    validation = checked_validation(validation)
    metrics = metrics_list(metrics)
    optimizer = optimizer_for(model, optimizer, learning_rate)
    l1, l2 = not_negative("l1", l1), not_negative("l2", l2)
    penalty = penalty_on(model, l1, l2)
    clip = None if clip is None else positive("clip", clip)
    if early_stopping is not None:
        early_stopping = whole_number("early_stopping", early_stopping)
    callbacks = checked_callbacks(callbacks)
    training = begun(model, optimizer, generator(rng), early_stopping)
    objective = objective_of(model, X, y, loss, metrics)
    settings = {
        "model": model,
        "examples": [X, y],
        "validation": validation,
        "loss": loss,
        "metrics": metrics,
        "optimizer": optimizer,
        "batch_size": batch_size,
        "l1": l1,
        "l2": l2,
        "clip": clip,
        "early_stopping": early_stopping,
    }
    file = checkpoint_at(checkpoint, resume, settings, training)
    if isinstance(validation, float):
        X, X_aside, y, y_aside = train_test_split(X, y, validation, rng=rng)
        validation = X_aside, y_aside
    if validation is not None:
        with errors_at("the validation data"):
            check_examples(objective, model, *validation)
    learner = learner_for(engine, model, objective, optimizer, penalty, clip, (X[0], y[0]))
    course = Course(model, X, y, batch_size, rng, validation, objective, learner)
    if file is not None:
        file.begin(training, epochs)
    return run(course, training, epochs, callbacks, progress, file)


# The epochs ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """What is the same in every epoch: the examples, and what is done with them."""

    model: Callable[[Any], Any]
    X: list[Any]
    y: list[Any]
    batch_size: int
    rng: random.Random | None
    validation: Examples | None
    objective: Objective
    learner: Learner

    def epoch(self) -> dict[str, float]:
        """Learn from each example once, and return what was measured."""
        parts = batches(self.X, self.y, self.batch_size, rng=self.rng)
        self.learner.begin()
        try:
            learned = [self.learner(*part) for part in parts]
        finally:
            self.learner.finish()
        total = math.fsum(
            loss * len(targets) for (loss, _), (_, targets) in zip(learned, parts, strict=True)
        )
        outputs = [output for _, of_batch in learned for output in of_batch]
        targets = [target for _, of_batch in parts for target in of_batch]
        row = self.objective.measured(total / len(targets), outputs, targets)
        if self.validation is not None:
            X, y = self.validation
            measured = measure(self.objective, self.learner.outputs(X), y)
            row |= {f"validation_{name}": number for name, number in measured.items()}
        return row


def run(
    course: Course,
    training: Training,
    epochs: int,
    callbacks: list[Callback],
    progress: bool,
    file: Checkpoint | None,
) -> History:
    """Learn epoch by epoch until the last, until it is enough or until Ctrl-C."""
    history, stopping = training.history, training.stopping
    try:
        with progress_bar(len(history.rows), epochs, progress) as bar:
            for epoch in bar:
                if stopping is not None and stopping.is_over(history):
                    break
                history.rows.append(course.epoch())
                if progress:
                    bar.set_postfix(history.rows[-1], refresh=False)
                if stopping is not None:
                    stopping.look(history)
                # All are called, whatever the first of them says.
                enough = [callback(epoch, history, course.model) is True for callback in callbacks]
                if file is not None:
                    file.save(training)
                if any(enough):
                    break
        if stopping is not None:
            stopping.restore(history)
    except KeyboardInterrupt:
        history.interrupted = True
    return history


def progress_bar(done: int, epochs: int, progress: bool) -> AbstractContextManager[Any]:
    """Return what counts the epochs that are left, visibly if ``progress`` says so."""
    left = range(done + 1, epochs + 1)
    if not progress:
        return nullcontext(left)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise ImportError(
            "the progress bar needs tqdm: pip install tqdm, or pass progress=False."
        ) from None
    bar: AbstractContextManager[Any] = tqdm(
        left, initial=done, total=epochs, desc="training", unit="epoch"
    )
    return bar


# What is settled before the first epoch -----------------------------------------------------------


def checked_validation(validation: Any) -> float | Examples | None:
    """Return the share or the pair of examples that ``validation`` is, or say how to write it."""
    if validation is None:
        return None
    if isinstance(validation, Real):
        share = float(validation)
        if not 0 < share < 1:
            raise ValueError(
                f"validation as a share of the examples lies between 0 and 1, not {validation!r}: "
                "write validation=0.2."
            )
        return share
    pair = list(validation) if hasattr(validation, "__iter__") else []
    if len(pair) != 2:
        raise ValueError(
            "validation takes a pair, or a share of the examples: write "
            "validation=(X_test, y_test), or validation=0.2."
        )
    return examples("the validation of fit", *pair)


def checked_callbacks(callbacks: Any) -> list[Callback]:
    """Return the callbacks as a list, also a single one, or say what they are called with."""
    all_of_them = [callbacks] if callable(callbacks) else list(callbacks)
    for callback in all_of_them:
        if not callable(callback):
            raise TypeError(
                f"a callback is a function of (epoch, history, model), not {callback!r}."
            )
    return all_of_them


def optimizer_for(model: Any, optimizer: Any, learning_rate: float | Schedule | None) -> Optimizer:
    """Return the optimizer, made from its name if need be, or raise an error if it does not fit."""
    if isinstance(optimizer, Optimizer):
        if learning_rate is not None:
            raise ValueError(
                "learning_rate goes with the name of an optimizer, and this one has its own: write "
                "optimizer.lr = ... or optimizer='sgd'."
            )
        check_moves(optimizer, model)
        return optimizer
    make = optimizer_named(optimizer)
    if not callable(getattr(model, "parameters", None)):
        raise TypeError(
            f"the optimizer {optimizer!r} needs a model with parameters(): make it yourself, as in "
            "optimizer=nn.Adam([w, b])."
        )
    if learning_rate is not None:
        return make(model.parameters(), lr=learning_rate)
    if inspect.signature(make).parameters["lr"].default is inspect.Parameter.empty:
        raise ValueError(f"the optimizer {optimizer!r} needs a learning rate: learning_rate=0.1.")
    return make(model.parameters())


def check_moves(optimizer: Optimizer, model: Any) -> None:
    """Raise ValueError if the optimizer holds none of the model's parameters.

    This happens to whoever makes a new model and keeps the optimizer of the old one: the loss then
    never falls, and nothing else would tell why.
    """
    own = parameters_of(model)
    if own and not set(own.values()) & set(optimizer.parameters):
        raise ValueError(
            "the optimizer moves no parameter of this model: make a new optimizer, "
            "for example SGD(model.parameters(), lr=0.1)."
        )


def parameters_of(model: Any) -> dict[str, Value]:
    """Return the parameters of a model by name: by number if it has no names, if any at all."""
    if callable(getattr(model, "named_parameters", None)):
        return dict(model.named_parameters())
    parameters = model.parameters() if callable(getattr(model, "parameters", None)) else []
    return {f"parameter {number}": each for number, each in enumerate(parameters, start=1)}


def begun(model: Any, optimizer: Optimizer, rng: random.Random, patience: int | None) -> Training:
    """Return a training that stands before its first epoch."""
    parameters = parameters_of(model)
    known = set(parameters.values())
    for number, each in enumerate(optimizer.parameters, start=1):
        if each not in known:
            parameters[f"parameter {number} of the optimizer"] = each
    stopping = None if patience is None else EarlyStopping(patience, parameters.values())
    return Training(parameters, optimizer, rng, History(), stopping)


def penalty_on(model: Any, l1: float, l2: float) -> Callable[[], Value] | None:
    """Return what computes the penalty on the weights of the model, or None if there is none.

    >>> from nn.layers import Neuron
    >>> neuron = Neuron(2, label="one")
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 3.0, -4.0, 100.0
    >>> penalty_on(neuron, 0.0, 2.0)().data  # 2 * (9 + 16)
    50.0
    """
    if not l1 and not l2:
        return None
    weights = [
        parameter
        for name, parameter in parameters_of(model).items()
        if name.rpartition(".")[2] not in BIASES
    ]
    if not weights:
        raise ValueError(
            "l1 and l2 need a model with weights: parameters() that are not all biases."
        )
    return functools.partial(penalty_of, weights, l1, l2)


def penalty_of(weights: list[Value], l1: float, l2: float) -> Value:
    """Return l1 times the sum of sizes plus l2 times the sum of squares."""
    terms = [
        factor * penalty(weights)
        for factor, penalty in ((l1, penalties.l1), (l2, penalties.l2))
        if factor
    ]
    total: Value = sum(terms[1:], terms[0])
    return total


def checkpoint_at(
    path: str | os.PathLike[str] | None, resume: bool, settings: dict[str, Any], training: Training
) -> Checkpoint | None:
    """Return the checkpoint of a training, which has been read if it is to be resumed."""
    if path is None:
        if resume:
            raise ValueError("resume=True needs the file to resume: write checkpoint='run.json'.")
        return None
    file = Checkpoint(path, settings, training.rng)
    if resume:
        file.read(training.rng)
    return file
