"""The objective of a training: the loss to be made small, and the measures that people read.

Both hang on what the outputs of the model mean. A model that ends in a softmax says probabilities,
so its cross-entropy must not put another softmax on top; a score of the hinge loss says a class by
its sign, a logit by its sign too, and a probability by being above one half. All of that is settled
here, once, before the training.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from autograd import Value, mean, no_grad
from nn.checks.arguments import plain
from nn.checks.labels import is_whole
from nn.layers import last_activation
from nn.losses import (
    LOSSES,
    Loss,
    binary_crossentropy,
    categorical_crossentropy,
    hinge,
    loss_named,
)
from nn.metrics import METRICS, OF_NUMBERS, Metric, metric_named, predicted_class
from nn.training.arrays import is_array

OF_CLASSES = (hinge, binary_crossentropy, categorical_crossentropy)  # the losses that learn them
Metrics = str | Metric | Iterable[str | Metric] | None


@dataclass(frozen=True)
class Objective:
    """What a training is for.

    ``loss`` is called with the outputs for a batch and its targets. ``answer`` tells the class that
    the outputs for one example speak for; it is None where nothing says what class they mean.
    ``of_classes`` tells whether classes are what is learned, and not numbers that may also be read
    as classes. ``metrics`` are the measures by name.
    """

    loss: Loss
    answer: Callable[[Any], int] | None
    of_classes: bool
    metrics: dict[str, Metric]

    def measured(self, loss: float, outputs: Any, y: Any) -> dict[str, float]:
        """Return the row of a history: the loss, and each metric of these outputs, plain numbers.

        Outputs and targets are lists, or arrays of the same numbers.

        A metric of classes sees classes, one of numbers the outputs and the targets, and a function
        of a student's own the classes, if those are what is learned.
        """
        row = {"loss": loss}
        # Each is worked out once for all metrics, and only if one of them needs it.
        classes: tuple[Any, ...] = ()
        numbers: tuple[Any, ...] = ()
        for name, metric in self.metrics.items():
            sees_classes = compares_classes(metric) if is_known(metric) else self.of_classes
            if sees_classes and self.answer is not None:
                classes = classes or (answers(self.answer, outputs), classes_of_targets(y))
                row[name] = finite(name, metric(*classes))
            else:
                numbers = numbers or (plain(outputs), plain(y))
                row[name] = finite(name, metric(*numbers))
        return row


def objective_of(
    model: Callable[[Any], Any], X: list[Any], y: list[Any], loss: str | Loss, metrics: Metrics
) -> Objective:
    """Return the objective of a model that learns these examples.

    Raises ValueError or TypeError for unknown names, a metric that has nothing to measure, and
    examples that do not fit: an input that the model does not take, a target that is none.

    >>> from nn.layers import MLP
    >>> model = MLP(1, [(2, "softmax")])
    >>> objective = objective_of(model, [[0.5]], [1], "categorical_crossentropy", None)
    >>> objective.measured(0.25, [[0.5, 0.5], [0.25, 0.75]], [0, 0])
    {'loss': 0.25, 'accuracy': 0.5}
    """
    # One output is enough to tell what all of them look like.
    chosen = loss_named(loss)
    output = first_output(model, X)
    answer = answer_of(chosen, model, output, y)
    of_classes = answer is not None and (chosen in OF_CLASSES or isinstance(output, list))
    chosen_metrics = metrics_list(metrics)
    if chosen_metrics is None:
        chosen_metrics = ["accuracy"] if of_classes else []
    objective = Objective(
        loss=loss_of_batch(chosen, model),
        answer=answer,
        of_classes=of_classes,
        metrics={metric_name(metric): metric_named(metric) for metric in chosen_metrics},
    )
    check_targets(objective, output, y)
    check_metrics(objective, chosen)
    check_measures(objective, output, y)
    return objective


# What outputs mean --------------------------------------------------------------------------------


def loss_of_batch(loss: Loss, model: Any) -> Loss:
    """Return the loss as a function of the outputs for a batch and its targets.

    A loss of this package takes the whole batch: the rmse of a set is not the mean over its
    examples. What a student wrote takes one example, and the mean is taken here.
    """
    if loss not in LOSSES.values():
        return functools.partial(mean_over_examples, loss)
    # The model has taken the softmax or sigmoid itself: a second would flatten every gradient.
    last = last_activation(model)
    if (loss is categorical_crossentropy and last == "softmax") or (
        loss is binary_crossentropy and last in ("sigmoid", "softmax")
    ):
        return functools.partial(loss, from_probabilities=True)
    return loss


def mean_over_examples(loss: Loss, outputs: list[Any], y: list[Any]) -> Any:
    """Return the mean of a loss of one example."""
    return mean([loss(output, target) for output, target in zip(outputs, y, strict=True)])


def answer_of(loss: Loss, model: Any, output: Any, y: list[Any]) -> Callable[[Any], int] | None:
    """Return what tells the class that outputs speak for, or None if that is not clear.

    ``output`` is one of them, to tell a list from a number.
    """
    if isinstance(output, list):  # a score for each class, or each the answer to its own question
        labels = all(is_label(target, len(output)) for target in y)
        return predicted_class if labels and loss not in (hinge, binary_crossentropy) else None
    if any(isinstance(target, list) for target in y):
        return None
    last, targets = last_activation(model), set(y)
    # A sigmoid never answers -1, so behind one a target of -1 is a mistake and no class.
    signs = targets <= {-1, 1} and last != "sigmoid"
    if loss is hinge or (signs and loss is not binary_crossentropy):
        return functools.partial(predicted_class, threshold=0.0, classes=(-1, 1))
    if not targets <= {0, 1}:
        return None
    # A logit of 0 is a probability of one half.
    if loss is binary_crossentropy and last != "sigmoid":
        return functools.partial(predicted_class, threshold=0.0)
    if loss in LOSSES.values() or last == "sigmoid":  # the nearer of 0 and 1
        return functools.partial(predicted_class, threshold=0.5)
    return None


def is_label(target: Any, count: int) -> bool:
    """Whether a target is one of ``count`` classes, by number or one-hot: a single 1, else 0.

    >>> is_label(2.0, 3), is_label(3, 3), is_label([0.0, 0.0, 1.0], 3), is_label([0.5, 0.5], 2)
    (True, False, True, False)
    """
    if isinstance(target, list):
        return len(target) == count and target.count(1) == 1 and target.count(0) == count - 1
    return is_whole(target) and 0 <= target < count


def class_of(target: Any) -> Any:
    """Return the class of a target that is one.

    >>> class_of(2), class_of(2.0), class_of([0.0, 0.0, 1.0])
    (2, 2, 2)
    """
    return target.index(1) if isinstance(target, list) else int(target)


def classes_of_targets(y: Any) -> list[Any]:
    """Return the classes of targets, in a list or an array."""
    if not is_array(y):
        return [class_of(target) for target in y]
    classes: list[Any] = plain(y.argmax(axis=1) if y.ndim > 1 else y.astype(int))
    return classes


def answers(answer: Callable[..., int], outputs: Any) -> list[int]:
    """Return the class that the outputs speak for, of each example: in a list, or in an array.

    ``answer`` is ``predicted_class`` with its settings; of an array it is computed at once.
    """
    if not is_array(outputs) or (outputs != outputs).any():  # NaN: answer says what is wrong
        return [answer(output) for output in plain(outputs)]
    if outputs.ndim > 1:
        found = outputs.argmax(axis=1)
    else:
        settings = getattr(answer, "keywords", {})
        below, above = settings.get("classes", (0, 1))
        found = below + (above - below) * (outputs > settings.get("threshold", 0.0))
    classes: list[int] = plain(found)
    return classes


def flat_targets(output: Any, y: list[Any]) -> list[Any]:
    """Return targets that were handed over as a column, of shape (n, 1), as a plain list.

    ``output`` is one of the model's: where it is a list of one number, so are its targets.

    >>> flat_targets(0.5, [[1.0], [2.0]]), flat_targets([0.5], [[1.0], [2.0]])
    ([1.0, 2.0], [[1.0], [2.0]])
    """
    column = all(isinstance(target, list) and len(target) == 1 for target in y)
    if not column or (isinstance(output, list) and len(output) == 1):
        return y
    return [target for (target,) in y]


def numbers_of(output: Any) -> Any:
    """Return the outputs for one example without their graph: a float, or a list of floats."""
    if type(output) is Value:
        return output.data
    output = plain(output)
    return [numbers_of(each) for each in output] if isinstance(output, list) else output


def loss_of(loss: Loss, outputs: list[Any], y: list[Any]) -> float:
    """Return the loss of outputs, plain numbers, for these targets."""
    with no_grad():
        total = loss(as_values(outputs), y)  # a student's loss may use a Value's methods
    return float(total.data if isinstance(total, Value) else total)


def as_values(outputs: Any) -> Any:
    """Return numbers as Values, in the same lists."""
    return [as_values(each) for each in outputs] if isinstance(outputs, list) else Value(outputs)


# Metrics ------------------------------------------------------------------------------------------


def metrics_list(metrics: Metrics) -> list[str | Metric] | None:
    """Return the metrics as a list, also a single one; None means that they are not chosen yet.

    >>> metrics_list("f1"), metrics_list(("f1", "recall")), metrics_list(None)
    (['f1'], ['f1', 'recall'], None)
    """
    if metrics is None:
        return None
    return [metrics] if isinstance(metrics, str) or callable(metrics) else list(metrics)


def is_known(metric: Metric) -> bool:
    """Whether a metric is one of this package."""
    return metric in METRICS.values()


def compares_classes(metric: Metric) -> bool:
    """Whether a metric is one of this package that compares classes."""
    return is_known(metric) and metric not in OF_NUMBERS


def metric_name(metric: str | Metric) -> str:
    """Return what a history calls a metric."""
    return metric if isinstance(metric, str) else name_of(metric)


def name_of(thing: Any) -> str:
    """Return the name of a function, or of the type of anything else.

    >>> name_of(abs), name_of(functools.partial(abs))
    ('abs', 'partial')
    """
    return str(getattr(thing, "__name__", type(thing).__name__))


def finite(name: str, number: Any) -> float:
    """Return what a metric measured as a float, or raise the error that says what it is."""
    if not isinstance(number, Real):
        raise TypeError(f"the metric {name!r} must return a number, not {number!r}.")
    if not math.isfinite(number):
        raise ValueError(f"the metric {name!r} is {float(number)!r}: it must be a finite number.")
    return float(number)


def check_metrics(objective: Objective, loss: Loss) -> None:
    """Raise ValueError if a metric has nothing to measure here, or cannot be told from others."""
    for name, metric in objective.metrics.items():
        if name == "loss" or name.startswith("validation_"):
            raise ValueError(
                f"a metric cannot be called {name!r}, as the history has that already."
            )
        if metric in OF_NUMBERS and loss in OF_CLASSES:
            raise ValueError(
                f"the metric {name!r} is of numbers, and the loss {name_of(loss)!r} learns "
                "classes: take 'accuracy', or the loss 'mse'."
            )
        if compares_classes(metric) and objective.answer is None:
            raise ValueError(
                f"the metric {name!r} is of classes, and nothing says which class an output of "
                "this model means. Let the model give one output for each class, or take the loss "
                "'binary_crossentropy' with labels 0 and 1, or 'hinge' with labels -1 and 1; or "
                "pass a function of outputs and targets."
            )


# Examples that fit --------------------------------------------------------------------------------


def first_output(model: Callable[[Any], Any], X: list[Any]) -> Any:
    """Return the output for the first row, once the model has taken a row of each length.

    Of no rows, it is None.
    """
    if not callable(model):
        raise TypeError(f"a model is a function of a row, like nn.MLP(2, [8, 1]), not {model!r}.")
    seen: dict[Any, Any] = {}
    with no_grad():
        for position, row in enumerate(X):
            shape = len(row) if isinstance(row, list) else None
            # A model of a student's own may take rows of several lengths: one of each is tried.
            if shape not in seen:
                with errors_at(f"X[{position}]"):
                    seen[shape] = numbers_of(model(row))
    return next(iter(seen.values()), None)


def check_examples(
    objective: Objective, model: Callable[[Any], Any], X: list[Any], y: list[Any]
) -> None:
    """Raise an error if examples do not fit the objective: now, not in the middle of an epoch."""
    output = first_output(model, X)
    check_targets(objective, output, y)
    check_measures(objective, output, y)


def check_targets(objective: Objective, output: Any, y: list[Any]) -> None:
    """Raise an error that names the first target that the loss refuses.

    The loss is asked about an output that speaks for no class, as what the untrained model says
    does not matter. A loss that a student wrote is not asked: it may be anything.
    """
    if objective.loss in LOSSES.values() or wants_probabilities(objective.loss):
        # So that a sure and wrong first answer, whose loss may be infinite, blames no example.
        neutral = undecided(output, wants_probabilities(objective.loss))
        for position, target in enumerate(y):
            with errors_at(f"y[{position}]"):
                objective.loss([neutral], [target])


def check_measures(objective: Objective, output: Any, y: list[Any]) -> None:
    """Raise the error of a metric of this package that cannot measure such outputs."""
    known = {name: metric for name, metric in objective.metrics.items() if is_known(metric)}
    neutral = undecided(output, wants_probabilities(objective.loss))
    replace(objective, metrics=known).measured(0.0, [neutral] * len(y), y)


def wants_probabilities(loss: Loss) -> bool:
    """Whether the loss of an objective takes probabilities."""
    return isinstance(loss, functools.partial) and "from_probabilities" in loss.keywords


@contextmanager
def errors_at(place: str) -> Iterator[None]:
    """Put the place before the message of an error that is raised inside the ``with``."""
    try:
        yield
    except (TypeError, ValueError, ArithmeticError) as error:
        kinds = (TypeError, OverflowError, ArithmeticError, ValueError)
        kind = next(kind for kind in kinds if isinstance(error, kind))
        raise kind(f"{place}: {error}") from error


def undecided(output: Any, probabilities: bool) -> Any:
    """Return an output of the same shape that speaks for no class.

    >>> undecided([3.0, -1.0], probabilities=False), undecided([0.9, 0.1], probabilities=True)
    ([0.0, 0.0], [0.5, 0.5])
    """
    if isinstance(output, list):
        return [1.0 / len(output) if probabilities else undecided(each, False) for each in output]
    return 0.5 if probabilities else 0.0
