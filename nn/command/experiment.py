"""An experiment: a small network learns a data set.

This is what ``chalkgrad train`` and ``chalkgrad demo`` do. It reads as an example of how the parts
of the package go together: data, split, scaler, model, fit. What comes of it is a ``Report``.
"""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from nn.checks.arguments import counted
from nn.command.advice import as_options
from nn.command.known_data import KNOWN_DATA, DataSource, data_source
from nn.command.notes import notes_on_split, notes_on_target, notes_on_training
from nn.command.report import Part, Report
from nn.data import Dataset, Scaler, train_test_split
from nn.data.csv_file import Chosen
from nn.data.reading import Reading
from nn.layers import MLP
from nn.losses import categorical_crossentropy, hinge, loss_named
from nn.saving.model_file import Saved
from nn.training.checkpoint import CheckpointPath
from nn.training.fit import fit
from nn.training.objective import OF_CLASSES

SCALERS: dict[str, Callable[[Any], Scaler | None]] = {
    "standard": Scaler.standard,
    "minmax": Scaler.min_max,
    "none": lambda _: None,
}
# Where no learning rate is given. The last three make steps of about this length themselves.
RATES = {
    "sgd": 0.1,
    "momentum": 0.02,
    "nesterov": 0.02,
    "rmsprop": 0.01,
    "adam": 0.01,
    "adamw": 0.01,
}

EPOCHS, STEPS = 50, 750  # where neither is given: at least so many of both
MOST = 100_000  # parameters: more would take hours, and are more than a checkpoint holds
READING = {
    "features",
    "without",
    "missing",
    "decimal",
    "thousands",
    "delimiter",
    "header",
    "encoding",
}


@dataclass(frozen=True)
class Experiment:
    """What to learn and how. The same settings give the same result, to the last digit.

    ``data`` is a name from ``KNOWN_DATA`` or the path of a CSV file; ``target`` to ``encoding`` are
    for files, and mean what they mean to ``load_csv``. Where ``loss``, ``initial`` weights, the
    learning rate ``lr`` or ``epochs`` are not given, they are chosen to suit the target, the
    activation, the optimizer and the number of examples. ``validation`` is the share of the
    examples that is set aside, of each class if there are classes, and only measured.
    """

    data: str
    target: str | None = None
    classes: bool = False
    features: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    missing: str = "refuse"
    decimal: str | None = None
    thousands: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    hidden: tuple[int, ...] = (8, 8)
    activation: str = "tanh"
    initial: str | None = None
    loss: str | None = None
    optimizer: str = "adam"
    lr: float | None = None
    epochs: int | None = None
    batch_size: int = 16
    l1: float = 0.0
    l2: float = 0.0
    validation: float = 0.2
    seed: int = 0
    normalise: str = "standard"
    patience: int | None = None

    @classmethod
    def usual(cls, data: str, **settings: Any) -> Experiment:
        """Return the experiment that suits these data, but for the settings that are given.

        >>> Experiment.usual("house_prices").hidden, Experiment.usual("moons", seed=3).hidden
        ((), (8, 8))
        """
        suitable = KNOWN_DATA[data].settings if data in KNOWN_DATA else {}
        return cls(data, **{**suitable, **settings})

    def chosen_lr(self) -> float:
        """Return the learning rate: if none is given, one that suits the optimizer."""
        return RATES[self.optimizer] if self.lr is None else self.lr

    def chosen_epochs(self, examples: int) -> int:
        """Return how many epochs: if it is not given, 50, and of few examples more.

        A small file makes few steps in an epoch, and a network learns by the step.

        >>> Experiment("moons").chosen_epochs(240), Experiment("line.csv").chosen_epochs(48)
        (50, 250)
        """
        if self.epochs is not None:
            return self.epochs
        steps = math.ceil(examples / self.batch_size)
        return max(EPOCHS, math.ceil(STEPS / steps))

    def chosen_initial(self) -> str:
        """Return the name of the initial weights: if none is given, one that suits the neurons."""
        return self.initial or ("he" if self.activation == "relu" else "xavier")

    def chosen_columns(self) -> Chosen:
        """Return which columns of a file to take."""
        return Chosen(self.target, self.classes or None, self.features, self.without)

    def reading(self) -> Reading:
        """Return how a file is to be read."""
        return Reading(
            self.delimiter, self.header, self.encoding, self.decimal, self.thousands, self.missing,
            spell=as_options,
        )  # fmt: skip

    def prepared(self) -> PreparedExperiment:
        """Return the examples, made ready to be learned.

        Raises ValueError for data that are not there, are no table or do not suit the settings,
        and OSError for a file that cannot be read.
        """
        source = data_source(self.data, self.chosen_columns(), self.reading())
        rng = random.Random(self.seed)
        dataset = source.load(rng)
        loss = self.loss or usual_loss(dataset)
        check_loss(loss, dataset, source.target)
        training, validation = self.split(dataset, rng)
        check_varies(dataset, source.target)
        prepared = PreparedExperiment(self, source, dataset, loss, training, validation, rng)
        if (count := prepared.parameters()) > MOST:
            raise ValueError(
                f"the network would have {count:,} parameters, too many for scalar nodes: take "
                "smaller hidden layers."
            )
        return prepared

    def split(self, dataset: Dataset, rng: random.Random) -> tuple[Part, Part]:
        """Return the examples to learn from and those set aside, of each class its share.

        Raises ValueError if there are too few to tell how well numbers are learned.
        """
        training, validation = Part(dataset.X, dataset.y), Part([], [])
        if self.validation:
            X, X_validation, y, y_validation = train_test_split(
                dataset.X, dataset.y, self.validation, stratify=bool(dataset.class_names), rng=rng
            )
            training, validation = Part(X, y), Part(X_validation, y_validation)
        if not dataset.class_names and 1 in (len(training.y), len(validation.y)):
            raise ValueError(
                f"{counted(len(training.y), 'example')} to learn from and {len(validation.y)} set "
                "aside are too few: each part needs two, to tell how well numbers are learned. "
                "Collect more, or set none aside with --validation 0."
            )
        return training, validation

    def run(self, *, progress: bool = True) -> Report:
        """Learn, and return what came of it."""
        return self.prepared().train(progress=progress)


@dataclass(frozen=True)
class PreparedExperiment:
    """The examples of an experiment: those to learn from, and those set aside.

    They are learned once: a second time, the random numbers would be others.
    """

    experiment: Experiment
    source: DataSource
    dataset: Dataset
    loss: str
    training: Part
    validation: Part
    rng: random.Random

    def train(
        self, *, progress: bool = True, checkpoint: Path | None = None, resume: bool = False
    ) -> Report:
        """Train a network, and return what came of it; the last two arguments are those of fit.

        A number is learned in the scale of the inputs' scaler, and the network is then brought to
        the units of the data: what is saved answers in them.
        """
        settings = self.experiment
        scaler = SCALERS[settings.normalise](self.training.X)
        units = self.units()
        network = MLP(
            len(self.dataset.feature_names),
            [*settings.hidden, self.out_size()],
            activation=settings.activation,
            initial=settings.chosen_initial(),
            rng=self.rng,
        )
        history = fit(
            network,
            *self.scaled(self.training, scaler, units),
            loss=self.loss,
            optimizer=settings.optimizer,
            learning_rate=settings.chosen_lr(),
            epochs=settings.chosen_epochs(len(self.training.y)),
            batch_size=settings.batch_size,
            rng=self.rng,
            validation=self.scaled(self.validation, scaler, units) if self.validation.X else None,
            metrics=["accuracy"] if self.dataset.class_names else ["r2"],
            l1=settings.l1,
            l2=settings.l2,
            early_stopping=settings.patience,
            progress=progress,
            checkpoint=None if checkpoint is None else CheckpointPath(checkpoint, self.origin()),
            resume=resume,
        )
        if units is not None:
            bring_to_units(network, units)
        notes = self.notes()
        saved = Saved(
            network,
            scaler,
            self.dataset.class_names or None,
            self.dataset.feature_names,
            notes,
        )
        on_training = notes_on_training(history, notes["epochs"], normalised=scaler is not None)
        remarks = [*self.remarks(), *on_training]
        return Report(
            self.source, saved, history, self.training, self.validation, self.targets, remarks
        )

    def origin(self) -> dict[str, Any]:
        """Return what shapes the training and is not seen by fit: a checkpoint must know it."""
        settings = self.experiment
        return {
            "seed": settings.seed,
            "initial": settings.chosen_initial(),
            "normalise": settings.normalise,
        }

    def remarks(self) -> list[str]:
        """Return what to know of the data before trusting what is learned from them."""
        about_data = notes_on_target(self.dataset, self.source.target)
        if self.dataset.class_names:
            about_data += notes_on_split(
                self.dataset.class_names, self.training.y, self.validation.y
            )
        return [*self.source.notes, *about_data]

    def out_size(self) -> int:
        """Return how many outputs the network needs: of a loss of two classes, one says both."""
        several = loss_named(self.loss) is categorical_crossentropy
        return len(self.dataset.class_names) if several else 1

    def parameters(self) -> int:
        """Return how many parameters the network will have."""
        sizes = [len(self.dataset.feature_names), *self.experiment.hidden, self.out_size()]
        return sum((in_size + 1) * out_size for in_size, out_size in pairwise(sizes))

    def units(self) -> Scaler | None:
        """Return the scaler of a number to be learned; of classes, None."""
        if self.dataset.class_names:
            return None
        return SCALERS[self.experiment.normalise]([[number] for number in self.training.y])

    def targets(self, y: Sequence[Any]) -> list[Any]:
        """Return the targets as the loss takes them: the hinge loss calls two classes -1 and 1."""
        return [2 * label - 1 for label in y] if loss_named(self.loss) is hinge else list(y)

    def scaled(self, part: Part, scaler: Scaler | None, units: Scaler | None) -> Part:
        """Return examples as the network and the loss take them."""
        X = scaler(part.X) if scaler else part.X
        y = self.targets(part.y)
        return Part(X, [number for (number,) in units([[each] for each in y])] if units else y)

    def notes(self) -> dict[str, Any]:
        """Return the settings as data that a file can hold; of reading, only what was said."""
        usual = vars(Experiment(self.experiment.data))
        settings = {
            name: list(each) if isinstance(each, tuple) else each
            for name, each in vars(self.experiment).items()
            if name not in READING or each != usual[name]
        }
        return settings | {
            "data": Path(self.experiment.data).name,  # where it lay is nobody's business
            "target": self.source.target,
            "loss": self.loss,
            "initial": self.experiment.chosen_initial(),
            "lr": self.experiment.chosen_lr(),
            "epochs": self.experiment.chosen_epochs(len(self.training.y)),
        }


# Losses -------------------------------------------------------------------------------------------


def usual_loss(dataset: Dataset) -> str:
    """Return the name of the loss that suits what is to be learned."""
    return "categorical_crossentropy" if dataset.class_names else "mse"


def check_loss(loss: str, dataset: Dataset, target: str) -> None:
    """Raise ValueError if a loss does not suit what is to be learned."""
    count = len(dataset.class_names)
    if (loss_named(loss) in OF_CLASSES) != bool(count):
        kind = "are classes" if count else "are numbers, unless --classes says otherwise"
        raise ValueError(
            f"the loss {loss!r} does not suit {target}, whose values {kind}: take "
            f"{usual_loss(dataset)}."
        )
    if count > 2 and loss_named(loss) is not categorical_crossentropy:
        raise ValueError(
            f"the loss {loss!r} tells two classes apart, and {target} has {count}: take "
            "categorical_crossentropy."
        )


def check_varies(dataset: Dataset, target: str) -> None:
    """Raise ValueError if what is to be learned is the same everywhere."""
    if len(set(dataset.y)) == 1:
        (only,) = dataset.class_names or [f"{dataset.y[0]:g}"]
        raise ValueError(
            f"{target} is {only!r} everywhere: nothing to learn. Choose another column with "
            "--target."
        )


# Units --------------------------------------------------------------------------------------------


def bring_to_units(network: MLP, units: Scaler) -> None:
    """Make the network, whose last layer is linear, answer in the units of its target.

    It answers z, and y = z * width + centre is meant: weights and bias of the last neuron, times
    the width, and the bias then moved by the centre, compute just that.

    >>> network = MLP(1, [1])
    >>> network.layers[0].neurons[0].w[0].data = 2.0
    >>> bring_to_units(network, Scaler([100.0], [10.0]))
    >>> network([3.0]).data  # 6 * 10 + 100
    160.0
    """
    (centre,), (width,) = units.centre, units.width
    (neuron,) = network.layers[-1].neurons
    for parameter in neuron.parameters():
        parameter.data *= width
    neuron.b.data += centre
