"""What a model answers: its outputs, the classes that they speak for, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import no_grad
from nn.checks.arguments import plain
from nn.checks.examples import examples, table
from nn.layers import last_activation
from nn.losses import Loss
from nn.metrics import predicted_class
from nn.training.objective import (
    Metrics,
    Objective,
    first_output,
    flat_targets,
    loss_of,
    numbers_of,
    objective_of,
)


def predict(model: Callable[[Any], Any], X: Any) -> list[Any]:
    """Return the outputs of the model for each row of X: a float, or of several outputs a list.

    No graph is recorded. X may be anything that ``fit`` takes. Raises ValueError for a row that
    the model does not take, or that has a number missing.

    >>> from nn.layers import Neuron
    >>> line = Neuron(1, nonlin=False)
    >>> line.w[0].data, line.b.data = 2.0, 1.0
    >>> predict(line, [[0.0], [1.0], [2.0]])
    [1.0, 3.0, 5.0]
    """
    rows = table("predict", X)
    # A row that does not fit is named by its place, before half of them are answered.
    first_output(model, rows)
    with no_grad():
        return [numbers_of(model(row)) for row in rows]


def predict_class(
    model: Callable[[Any], Any],
    X: Any,
    class_names: Sequence[str] | None = None,
    *,
    threshold: float | None = None,
    classes: tuple[int, int] = (0, 1),
) -> list[Any]:
    """Return the class that the model answers for each row of X: its number, or its name.

    Of several outputs, it is the place of the largest, from 0. A single output speaks for the
    second of ``classes`` if it is above ``threshold``, else for the first; the threshold is 0.5
    for a model that ends in a sigmoid and 0.0 for any other, unless given. With ``class_names``,
    the answers are names: that of class 0 comes first.

    Raises ValueError as ``predict`` does, and if there are not as many names as classes.

    >>> from nn.layers import Neuron
    >>> line = Neuron(1, nonlin=False)
    >>> line.w[0].data, line.b.data = 2.0, -3.0
    >>> predict_class(line, [[1.0], [2.0]]), predict_class(line, [[1.0], [2.0]], ["cat", "dog"])
    ([0, 1], ['cat', 'dog'])
    """
    if threshold is None:
        threshold = 0.5 if last_activation(model) == "sigmoid" else 0.0
    outputs = predict(model, X)
    if class_names is None:
        return [predicted_class(each, threshold=threshold, classes=classes) for each in outputs]
    names = plain(class_names)
    count = len(outputs[0]) if outputs and isinstance(outputs[0], list) else 2
    if len(names) != count:
        raise ValueError(
            f"class_names has {len(names)} names, and the model tells {count} classes."
        )
    return [names[predicted_class(each, threshold=threshold)] for each in outputs]


def evaluate(
    model: Callable[[Any], Any],
    X: Any,
    y: Any,
    loss: str | Loss | Objective,
    metrics: Metrics = None,
) -> dict[str, float]:
    """Return the loss of the model on these examples, and its metrics, by name.

    The arguments mean what they mean to ``fit``, which calls this on its validation data (with the
    ``Objective`` that it has made of loss and metrics, and checked, before). Nothing is learned.

    >>> from nn.layers import Neuron
    >>> line = Neuron(1, nonlin=False)
    >>> line.w[0].data, line.b.data = 2.0, 1.0
    >>> evaluate(line, [[0.0], [1.0]], [1.0, 5.0], loss="mse", metrics=["mae"])
    {'loss': 2.0, 'mae': 1.0}
    """
    if not isinstance(loss, Objective):
        X, y = examples("evaluate", X, y)
        y = flat_targets(first_output(model, X), y)
        loss = objective_of(model, X, y, loss, metrics)
    with no_grad():
        outputs = [numbers_of(model(row)) for row in X]
    return loss.measured(loss_of(loss.loss, outputs, y), outputs, y)
