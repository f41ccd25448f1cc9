"""Training: the loop that every model learns by, and the history of what happened in it."""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from autograd import Value, mean, no_grad
from nn.arguments import counted, generator, plain, same_length, whole_number
from nn.data import batches
from nn.losses import hinge, mse, softmax_cross_entropy
from nn.metrics import predicted_class
from nn.optim import Optimizer

Loss = Callable[[Any, Any], Any]

LOSSES: dict[str, Loss] = {
    "mse": mse,
    "hinge": hinge,
    "softmax_cross_entropy": softmax_cross_entropy,
}


class History(Mapping[str, list[float]]):
    """What each epoch of a training measured: ``history["loss"]`` lists the loss of every epoch.

    ``rows`` holds the same numbers epoch by epoch, and ``interrupted`` tells whether the training
    was stopped before its end. Printed, it is a table.

    >>> history = History()
    >>> history.rows += [{"loss": 0.75, "accuracy": 0.5}, {"loss": 0.25, "accuracy": 1.0}]
    >>> history["loss"], list(history)
    ([0.75, 0.25], ['loss', 'accuracy'])
    >>> print(history)
    epoch    loss  accuracy
        1  0.7500    0.5000
        2  0.2500     1.000
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self.interrupted = False

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows[0] if self.rows else ())

    def __len__(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def __getitem__(self, name: str) -> list[float]:
        if name not in list(self):
            raise KeyError(f"the history has no {name!r}, only: {', '.join(self) or 'nothing yet'}")
        return [row[name] for row in self.rows]

    def __str__(self) -> str:
        if not self.rows:
            return "no epoch was finished"
        table = [["epoch", *(name.replace("_", " ") for name in self)]]
        for position in spread(len(self.rows), most=11):
            numbers = self.rows[position].values()
            table.append([str(position + 1), *(f"{number:#.4g}" for number in numbers)])
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True))
            for line in table
        ]
        if self.interrupted:
            lines.append(f"interrupted in epoch {len(self.rows) + 1}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        interrupted = ", interrupted" if self.interrupted else ""
        return f"<History of {counted(len(self.rows), 'epoch')}{interrupted}: {', '.join(self)}>"


def spread(count: int, most: int) -> list[int]:
    """Return at most ``most`` of the positions 0 to count - 1: the first, the last, even steps.

    >>> spread(3, most=5), spread(100, most=5)
    ([0, 1, 2], [0, 25, 50, 74, 99])
    """
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / (most - 1)) for step in range(most)]


def fit(
    model: Callable[[Any], Any],
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    loss: str | Loss,
    optimizer: Optimizer,
    epochs: int = 50,
    batch_size: int = 16,
    rng: random.Random | None = None,
    validation: tuple[Sequence[Any], Sequence[Any]] | None = None,
    progress: bool = True,
) -> History:
    """Train the model on the rows of X and their targets y, and return the history.

    In every epoch each example is used once, in batches of ``batch_size`` in an order drawn from
    ``rng``; after each batch the optimizer takes one step against the gradient of its mean loss.
    ``loss`` is a name from ``LOSSES``, or a function of the model's outputs for one example and its
    target. ``validation`` is a pair (X, y) of examples that are measured, and not learned from.
    ``progress`` shows a bar, for which tqdm must be installed.

    The history has the mean ``loss`` of each epoch and, where a target is a class, the
    ``accuracy``: the share of the examples that the model got right. Both are measured on the way,
    while the model changes; ``validation_loss`` and ``validation_accuracy`` at the epoch's end.

    Ctrl-C ends the training: the model stands where the last whole step left it, and the history
    ends with the last whole epoch and says that it was ``interrupted``.

    Raises ValueError if X and y differ in length, if the optimizer does not move this model, or if
    the numbers grow out of bounds.

    >>> import random, nn
    >>> line = nn.Neuron(1, nonlin=False, rng=random.Random(0))
    >>> history = fit(line, [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], loss="mse",
    ...               optimizer=nn.SGD(line.parameters(), lr=0.1), epochs=200, progress=False)
    >>> round(line.w[0].data, 3), round(line.b.data, 3)  # 3 examples: y = 2 * x + 1
    (2.0, 1.0)
    """
    of_one = loss_called(loss)
    epochs = whole_number("epochs", epochs)
    batch_size = whole_number("batch_size", batch_size)
    X, y = examples("fit", X, y)
    if validation is not None:
        if len(validation) != 2:
            raise ValueError("validation takes a pair: write validation=(X_test, y_test).")
        validation = examples("the validation of fit", *validation)
    check_moves(optimizer, model)
    generator(rng)  # refuses a wrong one now, before anything is learned
    history = History()
    try:
        with progress_bar(epochs, progress) as bar:
            for _ in bar:
                parts = batches(X, y, batch_size, rng=rng)
                row = summary([train(model, *part, of_one, optimizer) for part in parts])
                if progress:
                    bar.set_postfix(row)
                if validation is not None:
                    measured = evaluate(model, *validation, of_one)
                    row |= {f"validation_{name}": number for name, number in measured.items()}
                history.rows.append(row)
    except KeyboardInterrupt:
        history.interrupted = True
    return history


Measured = tuple[int, float, int | None]  # of some examples: how many, summed loss, how many right


def train(
    model: Callable[[Any], Any], X: list[Any], y: list[Any], loss: Loss, optimizer: Optimizer
) -> Measured:
    """Take one step on a batch, and return what the model achieved before it.

    These few lines are the whole of learning; everything else in this module keeps the books.
    """
    outputs = [model(row) for row in X]
    total = mean([loss(output, target) for output, target in zip(outputs, y, strict=True)])
    if not isinstance(total, Value):
        raise TypeError(
            "the loss is a plain number, from which nothing can be learned: compute it from the "
            "outputs of the model themselves, not from their .data."
        )
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return len(y), total.data * len(y), count_right(outputs, y, loss)


def evaluate(
    model: Callable[[Any], Any], X: list[Any], y: list[Any], loss: Loss
) -> dict[str, float]:
    """Return the mean loss of the examples, and where the targets are classes, the accuracy."""
    with no_grad():
        outputs = [model(row) for row in X]
        total = mean([loss(output, target) for output, target in zip(outputs, y, strict=True)])
    return summary([(len(y), total.data * len(y), count_right(outputs, y, loss))])


def summary(measured: list[Measured]) -> dict[str, float]:
    """Return the mean loss and the accuracy over all the examples of some batches."""
    counts, losses, right = zip(*measured, strict=True)
    row = {"loss": sum(losses) / sum(counts)}
    if None not in right:
        row["accuracy"] = sum(right) / sum(counts)
    return row


def count_right(outputs: list[Any], y: list[Any], loss: Loss) -> int | None:
    """Return for how many examples the outputs name the target's class; None if it is no class.

    A list of outputs names a class by the largest, a score of the hinge loss by its sign. What
    else a single output means, only its maker knows.
    """
    many = isinstance(plain(outputs[0]), list)
    if loss is hinge and not many:
        answers = [predicted_class(output, classes=(-1, 1)) for output in outputs]
    elif many and all(hasattr(target, "__index__") for target in y):
        answers = [predicted_class(output) for output in outputs]
    else:
        return None
    return sum(bool(answer == target) for answer, target in zip(answers, y, strict=True))


def progress_bar(epochs: int, progress: bool) -> AbstractContextManager[Any]:
    """Return what counts the epochs, visibly if ``progress`` says so."""
    if not progress:
        return nullcontext(range(epochs))
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise ImportError(
            "the progress bar needs tqdm: pip install tqdm, or pass progress=False."
        ) from None
    bar: AbstractContextManager[Any] = tqdm(range(epochs), desc="training", unit="epoch")
    return bar


def loss_called(loss: str | Loss) -> Loss:
    """Return the loss of a name, or the function itself, or raise the error that lists names."""
    if callable(loss):
        return loss
    if loss in LOSSES:
        return LOSSES[loss]
    close = difflib.get_close_matches(str(loss), LOSSES, n=1)
    advice = f" Did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"there is no loss {loss!r}.{advice} Known: {', '.join(LOSSES)}; or pass a function of the "
        "outputs for one example and its target."
    )


def examples(name: str, X: Any, y: Any) -> tuple[list[Any], list[Any]]:
    """Return the rows and their targets as lists, or raise ValueError if they do not match."""
    X, y = plain(X), plain(y)
    if not isinstance(X, list) or not isinstance(y, list):
        raise TypeError(f"{name}() takes a list of rows and a list of targets.")
    same_length(name, X=X, y=y)
    return X, y


def check_moves(optimizer: Optimizer, model: Any) -> None:
    """Raise ValueError if the optimizer holds none of the model's parameters.

    This happens to whoever makes a new model and keeps the optimizer of the old one: the loss then
    never falls, and nothing else would tell why.
    """
    parameters = getattr(model, "parameters", None)
    if callable(parameters) and not set(parameters()) & set(optimizer.parameters):
        raise ValueError(
            "the optimizer moves no parameter of this model: make a new optimizer, "
            "for example SGD(model.parameters(), lr=0.1)."
        )
