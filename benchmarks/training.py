"""What small networks reach on real and made data: the settings of ``chalkgrad train``, timed.

Run it with ``make bench``. Each line is the mean of ten seeds, which choose the weights at first,
the order of the examples and which fifth of them is set aside; what is reached is measured on that
fifth, once, at the end. Behind it stand the worst and the best.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from nn.command.experiment import Experiment
from nn.command.predict import coefficients
from nn.command.report import Report

SEEDS = range(10)  # a fifth of iris is 30 flowers: three seeds would measure chance
PRICES = (100.0, 1000.0, -30.0)  # the weights in the formula of house_prices


class Bar(NamedTuple):
    """What the networks that learn some data must reach on average, at least or at most."""

    data: str
    metric: str
    bar: float
    reached: Callable[[Report], float]
    at_most: bool = False


def accuracy(report: Report) -> float:
    """Return the share of right answers on the examples that were set aside."""
    return report.metrics()["validation"]["accuracy"]


def explained(report: Report) -> float:
    """Return R2 on the examples that were set aside."""
    return report.metrics()["validation"]["r2"]


def error_of_weights(report: Report) -> float:
    """Return by what share of itself the worst of the weights misses the formula's."""
    numbers = coefficients(report.saved)
    assert numbers is not None
    *weights, _ = numbers  # the formula has no bias
    return max(abs(weight / true - 1.0) for weight, true in zip(weights, PRICES, strict=True))


BARS = [
    Bar("iris", "accuracy", 0.95, accuracy),
    Bar("moons", "accuracy", 0.98, accuracy),
    Bar("wine", "accuracy", 0.95, accuracy),
    Bar("breast_cancer", "accuracy", 0.95, accuracy),
    Bar("diabetes", "R2", 0.4, explained),
    Bar("spiral", "accuracy", 0.95, accuracy),
    Bar("house_prices", "weights' error", 0.02, error_of_weights, at_most=True),
]


def line(bar: Bar) -> str:
    """Learn with each seed, and return the line of the table."""
    numbers, seconds = [], []
    for seed in SEEDS:
        start = time.perf_counter()
        report = Experiment.usual(bar.data, seed=seed).run(progress=False)
        seconds.append(time.perf_counter() - start)
        numbers.append(bar.reached(report))
    mean, worst, best = statistics.mean(numbers), min(numbers), max(numbers)
    if bar.at_most:
        worst, best = best, worst
    kept = mean <= bar.bar if bar.at_most else mean >= bar.bar
    sizes = " ".join(map(str, report.notes["hidden"])) or "none"
    return (
        f"{bar.data:<15}{sizes:<9}{bar.metric:<16}{'<=' if bar.at_most else '>='} {bar.bar:<7.3g}"
        f"{mean:<9.3f}{f'{worst:.3f} to {best:.3f}':<18}{statistics.mean(seconds):>6.1f}"
        f"{'' if kept else '   MISSED'}"
    )


def main() -> None:
    """Print the table."""
    print(
        f"{'data':<15}{'hidden':<9}{'metric':<16}{'bar':<10}{'reached':<9}{'worst to best':<18}"
        f"{'seconds':>7}"
    )
    for bar in BARS:
        print(line(bar), flush=True)


if __name__ == "__main__":
    main()
