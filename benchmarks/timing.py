"""Timing side by side: the jobs take turns, so that what else the machine does hits them all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Job = Callable[[], Any]
BURST = 0.01  # seconds that a job runs before the next one has its turn
WARM = 4  # calls before it counts


@dataclass
class Times:
    """What was measured: for each job the seconds of one call, in every round."""

    of: dict[str, list[float]]

    def median(self, name: str) -> float:
        """Return the median time of a job in seconds."""
        return statistics.median(self.of[name])

    def ratio(self, name: str, other: str) -> float:
        """Return the median over the rounds of the time of a job by that of another one."""
        pairs = zip(self.of[name], self.of[other], strict=True)
        return statistics.median(one / two for one, two in pairs)


def side_by_side(jobs: dict[str, Job], rounds: int = 15, burst: float = BURST) -> Times:
    """Return the times of the jobs, each called for a burst in every round."""
    counts = {}
    for name, job in jobs.items():
        seconds(job, WARM)  # whoever compiles, or checks what was compiled, does so here
        once = seconds(job, 1)
        counts[name] = max(1, int(burst / once))
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(seconds(job, counts[name]))
    return Times(times)


def seconds(job: Job, count: int) -> float:
    """Return the time of one of several calls in a row."""
    start = time.perf_counter()
    for _ in range(count):
        job()
    return (time.perf_counter() - start) / count


def readable(time_in_seconds: float) -> str:
    """Return a time with three digits and its unit.

    >>> readable(0.00012345), readable(1.5)
    ('123 us', '1.50 s')
    """
    for factor, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "us")):
        number = time_in_seconds * factor
        if number >= 1.0 or unit == "us":
            break
    digits = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:.{digits}f} {unit}"
