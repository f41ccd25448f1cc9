"""Which settings suit the data that the command knows by name: one rule for all of them.

Run it with ``python -m benchmarks.choose_settings``, or with names of data sets. The part that is
set aside for the test takes no part: five times, a fifth of the *training* part is judged by what
was learned from the other four. Of all settings within a standard error of the best mean, those
with the fewest epochs are taken, then those with the smallest penalty, then the best.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from statistics import mean, stdev
from typing import NamedTuple

from nn.command.experiment import Experiment, PreparedExperiment
from nn.command.report import Part
from nn.data import shuffled

RATES = (0.01, 0.02, 0.05)
PENALTIES = (0.0, 0.01)
EPOCHS = (10, 20, 50)
FOLDS = 5
CHOOSABLE = ("iris", "wine", "breast_cancer", "digits", "diabetes")


class Candidate(NamedTuple):
    """Settings, and what they reached in each fold: accuracy or R2."""

    lr: float
    l2: float
    epochs: int
    reached: list[float]


def folds(prepared: PreparedExperiment) -> Iterator[tuple[Part, Part]]:
    """Yield the training part, split in two in five ways."""
    X, y = prepared.training
    order = shuffled(len(y), random.Random(0))
    for fold in range(FOLDS):
        judged = order[fold::FOLDS]
        learned = [i for i in order if i not in set(judged)]
        yield tuple(Part([X[i] for i in each], [y[i] for i in each]) for each in (learned, judged))  # type: ignore[misc]  # of two


def candidates(data: str) -> Iterator[Candidate]:
    """Yield each of the settings with what it reaches; the epochs of one training serve all."""
    prepared = Experiment.usual(data).prepared()
    metric = "validation_accuracy" if prepared.dataset.class_names else "validation_r2"
    for lr, l2 in product(RATES, PENALTIES):
        experiment = replace(prepared.experiment, lr=lr, l2=l2, epochs=max(EPOCHS))
        histories = [
            replace(
                prepared, experiment=experiment, training=learned, validation=judged,
                rng=random.Random(fold),
            ).train(progress=False).history
            for fold, (learned, judged) in enumerate(folds(prepared))
        ]  # fmt: skip
        for epochs in EPOCHS:
            yield Candidate(lr, l2, epochs, [each[metric][epochs - 1] for each in histories])


def choice(tried: list[Candidate]) -> Candidate:
    """Return the cheapest of the settings that are as good as the best, but for chance."""
    best = max(tried, key=lambda each: mean(each.reached))
    error = stdev(best.reached) / len(best.reached) ** 0.5
    good = [each for each in tried if mean(each.reached) >= mean(best.reached) - error]
    return min(good, key=lambda each: (each.epochs, each.l2, -mean(each.reached)))


def main() -> None:
    """Print the choice for each data set."""
    for data in sys.argv[1:] or CHOOSABLE:
        tried = list(candidates(data))
        chosen = choice(tried)
        print(
            f"{data:<15}lr {chosen.lr:<7g}l2 {chosen.l2:<7g}epochs {chosen.epochs:<5}"
            f"reaches {mean(chosen.reached):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
