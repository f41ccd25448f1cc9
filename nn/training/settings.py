"""The settings of a training: what the arguments of ``fit`` mean, checked before the first epoch.

Whatever can be refused is refused here, while nothing has changed yet.
"""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import functools
import inspect
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from autograd import Value
from nn import penalties
from nn.checks.arguments import generator, not_negative, positive, whole_number
from nn.checks.examples import examples
from nn.losses import Loss
from nn.metrics import Metric
from nn.optimizers import Optimizer, optimizer_named
from nn.schedules import Schedule
from nn.training.history import History
from nn.training.objective import first_output, flat_targets, metrics_list

Examples = tuple[list[Any], list[Any]]
Callback = Callable[[int, History, Any], Any]
BIASES = ("b", "bias")  # what the last part of a name calls them
# What makes one training another: a checkpoint goes on only where all of these are as they were.
# The number of epochs is not among them, so that a training may be made longer.
IDENTITY = (
    "model",
    "validation",
    "loss",
    "metrics",
    "optimizer",
    "batch_size",
    "l1",
    "l2",
    "clip",
    "early_stopping",
)


@dataclass(frozen=True)
class Settings:
    """The arguments of ``fit``, each checked and in one form, whatever it was given as."""

    model: Callable[[Any], Any]
    X: list[Any]
    y: list[Any]
    loss: str | Loss
    optimizer: Optimizer
    epochs: int
    batch_size: int
    rng: random.Random | None
    validation: float | Examples | None
    metrics: list[str | Metric] | None
    l1: float
    l2: float
    clip: float | None
    early_stopping: int | None
    callbacks: list[Callback]
    progress: bool
    checkpoint: str | os.PathLike[str] | None
    resume: bool
    engine: str

    def identity(self) -> dict[str, Any]:
        """Return what tells this training from any other, by name."""
        return {"examples": [self.X, self.y], **{name: getattr(self, name) for name in IDENTITY}}

    def penalty(self) -> Callable[[], Value] | None:
        """Return what computes the penalty on the weights of the model, or None if there is none.

        Raises ValueError for a model without weights.
        """
        return penalty_on(self.model, self.l1, self.l2)


def checked(arguments: Mapping[str, Any]) -> Settings:
    """Return the settings that the arguments of ``fit`` mean, by name, or raise what is wrong."""
    given = dict(arguments)
    model, learning_rate = given["model"], given.pop("learning_rate")
    given["epochs"] = whole_number("epochs", given["epochs"])
    given["batch_size"] = whole_number("batch_size", given["batch_size"])
    given["X"], given["y"] = examples("fit", given["X"], given["y"])
    given["validation"] = checked_validation(given["validation"])
    given["metrics"] = metrics_list(given["metrics"])
    given["optimizer"] = optimizer_for(model, given["optimizer"], learning_rate)
    for name in ("l1", "l2"):
        given[name] = not_negative(name, given[name])
    if given["clip"] is not None:
        given["clip"] = positive("clip", given["clip"])
    if given["early_stopping"] is not None:
        given["early_stopping"] = whole_number("early_stopping", given["early_stopping"])
    given["callbacks"] = checked_callbacks(given["callbacks"])
    generator(given["rng"])  # it must be one, or None
    if given["resume"] and given["checkpoint"] is None:
        raise ValueError("resume=True needs the file to resume: write checkpoint='run.json'.")
    # Only the model can tell whether [[1.0], [2.0]] are two targets, or two lists of one target.
    output = first_output(model, given["X"])
    given["y"] = flat_targets(output, given["y"])
    if isinstance(given["validation"], tuple):
        X_aside, y_aside = given["validation"]
        given["validation"] = X_aside, flat_targets(output, y_aside)
    settings = Settings(**given)
    settings.penalty()  # which a model without weights refuses
    return settings


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
    # Some is enough: to train the last layer alone is a good exercise.
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
        # A bias shifts a neuron and does not make it steeper: to shrink it gains nothing.
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
