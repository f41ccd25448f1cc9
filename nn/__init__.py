"""Neural networks out of scalar Values: thin on purpose, since the engine derives backpropagation.

>>> import random
>>> import nn
>>> X, y = nn.data.moons(20, noise=0.0)
>>> model = nn.MLP(2, [4, 1], activation="tanh", rng=random.Random(1))
>>> optimizer = nn.SGD(model.parameters(), lr=0.5)
>>> for epoch in range(30):
...     loss = nn.hinge([model(x) for x in X], [2 * label - 1 for label in y])
...     optimizer.zero_grad()
...     loss.backward()
...     optimizer.step()
>>> nn.accuracy([nn.predicted_class(model(x)) for x in X], y) >= 0.8
True

The files at the top are the vocabulary of a network. Read them in this order: ``module`` (whatever
has parameters), ``initial`` and ``layers`` (from the neuron to the network), ``losses`` (how wrong
it is), ``penalties``, ``optimizers`` (from SGD to AdamW, each one idea more than the last),
``schedules``, ``clipping``, ``metrics`` (what people read). Then the rooms: ``training`` begins
with ``learners``, where forward, loss, backward and step are five lines, and ``fit`` repeats them;
beside them ``objective`` (what is made small, and what is measured), ``prediction``, ``history``,
``stopping``, ``checkpoint``. ``data`` makes and reads examples, ``saving`` keeps a model in a file,
``view`` draws, ``checks`` says in plain words what does not fit.

``command`` shows how all of it goes together: ``known_data`` (what there is to learn),
``experiment`` (how it is learned), ``report`` (what came of it), ``predict`` (the model's word on
new rows).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nn.clipping import clip_gradients
from nn.layers import ACTIVATIONS, MLP, Layer, Neuron
from nn.losses import (
    LOSSES,
    binary_crossentropy,
    categorical_crossentropy,
    cross_entropy,
    hinge,
    loss_named,
    mae,
    mse,
    quadratic,
    rmse,
    softmax_cross_entropy,
)
from nn.metrics import (
    METRICS,
    accuracy,
    confusion_matrix,
    f1,
    mean_absolute_error,
    metric_named,
    precision,
    predicted_class,
    r2,
    recall,
    root_mean_squared_error,
)
from nn.module import Module
from nn.optimizers import (
    OPTIMIZERS,
    SGD,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    optimizer_named,
)
from nn.penalties import l1, l2

if TYPE_CHECKING:
    from nn import data, schedules
    from nn.saving.model_file import Saved, load, load_all, load_into, save
    from nn.saving.safe_json import ModelFileError
    from nn.training.fit import fit
    from nn.training.history import History
    from nn.training.prediction import evaluate, predict, predict_class
    from nn.view import (
        Chart,
        draw_network,
        flow,
        plot_activations,
        plot_boundary,
        plot_confusion,
        plot_history,
        plot_loss_surface,
        plot_neurons,
        plot_weights,
    )

# Each room is loaded when it, or one of its names, is used for the first time: a network of a few
# neurons needs none of them, and the pictures need packages that not everybody has.
ROOMS = ("checks", "command", "data", "saving", "schedules", "training", "view")
LATER = {
    "nn.saving.model_file": ("Saved", "load", "load_all", "load_into", "save"),
    "nn.saving.safe_json": ("ModelFileError",),
    "nn.training.fit": ("fit",),
    "nn.training.history": ("History",),
    "nn.training.prediction": ("evaluate", "predict", "predict_class"),
    "nn.view": (
        "Chart",
        "draw_network",
        "flow",
        "plot_activations",
        "plot_boundary",
        "plot_confusion",
        "plot_history",
        "plot_loss_surface",
        "plot_neurons",
        "plot_weights",
    ),
}

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "METRICS",
    "MLP",
    "OPTIMIZERS",
    "SGD",
    "Adam",
    "AdamW",
    "Chart",
    "History",
    "Layer",
    "ModelFileError",
    "Module",
    "Momentum",
    "Nesterov",
    "Neuron",
    "Optimizer",
    "RMSProp",
    "Saved",
    "accuracy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "clip_gradients",
    "confusion_matrix",
    "cross_entropy",
    "data",
    "draw_network",
    "evaluate",
    "f1",
    "fit",
    "flow",
    "hinge",
    "l1",
    "l2",
    "load",
    "load_all",
    "load_into",
    "loss_named",
    "mae",
    "mean_absolute_error",
    "metric_named",
    "mse",
    "optimizer_named",
    "plot_activations",
    "plot_boundary",
    "plot_confusion",
    "plot_history",
    "plot_loss_surface",
    "plot_neurons",
    "plot_weights",
    "precision",
    "predict",
    "predict_class",
    "predicted_class",
    "quadratic",
    "r2",
    "recall",
    "rmse",
    "root_mean_squared_error",
    "save",
    "schedules",
    "softmax_cross_entropy",
]


def __getattr__(name: str) -> object:
    """Load a room, or the module of a name, at its first use; the next use finds it at once."""
    if name in ROOMS:
        return import_module(f"nn.{name}")
    for module, names in LATER.items():
        if name in names:
            found: object = getattr(import_module(module), name)
            globals()[name] = found
            return found
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nn.checks.habits import no_name

    raise no_name(name, __all__)


def __dir__() -> list[str]:
    return sorted(__all__)
