"""The compiled engine beside its peers, in one run: one thread, floats of 64 bits, medians.

Run it with ``make bench``, or ``python -m benchmarks.compiled``. The peers compute the same numbers
(this is checked) and take turns, and a ratio is the median over the rounds, so that it means
something on a busy machine too. A bar is told as met or not, and nothing fails. With
``--without-growth`` it stops before the tables of how the cost grows and their picture.
"""

from __future__ import annotations

import functools
import os
import platform
import sys
from pathlib import Path

import numpy as np

from benchmarks import digits, growth, irregular
from benchmarks.peers import FAST, Peer, Problem, available, micrograd
from benchmarks.timing import Job, Times, readable, side_by_side

PICTURE = Path(__file__).parent.parent / "notebooks" / "pictures" / "compiled.svg"
OURS = "chalkgrad"
STEPS = 500  # of a training whose steps are measured: recording counts, and weighs little


def line(what: str, time: str, verdicts: list[str]) -> None:
    """Print one row of the table."""
    print(f"  {what:36}{time:>10}   " + "   ".join(verdicts))


def compared(times: Times, bars: dict[str, float]) -> None:
    """Print the time of each peer, and our ratio to it with its bar."""
    for name in times.of:
        verdicts = [f"(fastest {readable(min(times.of[name]))})"]
        if name != OURS:
            ratio = times.ratio(OURS, name)
            verdicts.append(f"we take {ratio:.2f}x")
            if name in bars:
                verdicts.append(verdict(ratio, bars[name], "x"))
        line(name, readable(times.median(name)), verdicts)


def verdict(number: float, bar: float, unit: str) -> str:
    """Return whether a number is at most its bar."""
    return f"{'met' if number <= bar else 'NOT MET'}: at most {bar:g}{unit}"


def told(missing: dict[str, str]) -> None:
    """Print who is missing, and why."""
    for name, reason in missing.items():
        line(name.replace("_", " "), "-", [f"missing: {reason}"])


def gradients(title: str, problem: Problem, bars: dict[str, float]) -> list[Peer]:
    """Print the row for value and gradient of a network; return the peers."""
    print(f"\n{title}: value and gradient")
    peers, missing = available(problem)
    compared(side_by_side({peer.name: peer.gradient for peer in peers}), bars)
    told(missing)
    return peers


def beside_micrograd(problem: Problem) -> None:
    """Print the row for micrograd, which has few turns: each takes most of a second."""
    peers, missing = available(problem, (FAST[0], micrograd))
    if not missing:
        times = side_by_side({peer.name: peer.gradient for peer in peers}, rounds=3)
        faster = 1.0 / times.ratio(OURS, "micrograd")
        met = "met" if faster >= 10_000 else "NOT MET"
        verdicts = [f"we are {faster:,.0f}x faster", f"{met}: at least 10,000x"]
        line("micrograd", readable(times.median("micrograd")), verdicts)
    told(missing)


def steps(title: str, peers: list[Peer]) -> None:
    """Print the row for a whole training step."""
    print(f"\n{title}: one training step with Adam, of {STEPS} in one training (ours: nn.fit)")
    jobs: dict[str, Job] = {
        peer.name: functools.partial(peer.train, STEPS) for peer in peers if peer.train is not None
    }
    times = side_by_side(jobs, rounds=7).of
    compared(
        Times({name: [each / STEPS for each in found] for name, found in times.items()}),
        {"PyTorch": 0.5, "JAX jit": 1.0},
    )


def without_pattern(nodes: int = 1_000, rows: int = 1_000) -> None:
    """Print the rows for a graph without a pattern."""
    print(f"\nirregular graph of {nodes:,} random nodes, {rows:,} rows: value and gradient")
    found = irregular.run_irregular(nodes, rows)
    for name in found.times.of:
        each = found.times.median(name) / (nodes * rows) * 1e9
        verdicts = [f"{each:.1f} ns per node and row"]
        verdicts += [verdict(each, 10.0, " ns")] if name == OURS else []
        line(name, readable(found.times.median(name)), verdicts)
    line("record + lift", readable(found.prepared), [f"first answer after {readable(found.first)}"])
    if found.jax_prepared is None:
        line("JAX jit", "-", ["missing"])
        return
    faster = found.jax_prepared / found.prepared
    met = "met" if faster >= 10 else "NOT MET"
    verdicts = [f"we are {faster:.0f}x faster", f"{met}: at least 10x"]
    line("JAX's trace + compile", readable(found.jax_prepared), verdicts)


def preparation() -> None:
    """Print how long recording and lifting take."""
    print("\nrecord + lift")
    for name, scalars, seconds in irregular.prepare_growing():
        each = seconds / scalars * 1e6
        verdicts = [f"{scalars:,} nodes, {each:.1f} us each", verdict(each, 60.0, " us")]
        line(name, readable(seconds), verdicts)


def training() -> None:
    """Print the race on the digits."""
    print("\ndigits: 1,437 rows, 30 epochs of batches of 32, MLP(64, [32, 10]), Adam")
    try:
        found = digits.train_all()
    except ImportError as error:
        line("scikit-learn, which has the digits", "-", [f"missing: {error}"])
        return
    ours, _ = found[OURS]
    for name, (seconds, accuracy) in found.items():
        verdicts = [f"{accuracy:.1%} of the test"]
        if name != OURS:
            verdicts.append(f"we take {ours / seconds:.2f}x")
        if name == "PyTorch":
            verdicts.append(verdict(ours / seconds, 1.0, "x"))
        line(name, readable(seconds), verdicts)
    if "PyTorch" not in found:
        told({"PyTorch": "No module named 'torch'"})


def growing() -> None:
    """Print how the cost grows, and save the picture."""
    widths, rows = growth.by_width(), growth.by_rows()
    print("\n" + growth.table("width of two layers, 100 rows", growth.WIDTHS, widths))
    print("\n" + growth.table("rows, two layers of 16", growth.ROWS, rows))
    growth.plot(widths, rows, PICTURE)
    print(f"\nsaved {PICTURE.relative_to(PICTURE.parent.parent.parent)}")


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    if hasattr(os, "getloadavg"):
        print(f"a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before this began")
    small, large = Problem([2, 16, 16, 1], 100), Problem([64, 32, 10], 128)
    names = "MLP(2, [16, 16, 1]), 100 rows", "MLP(64, [32, 10]), softmax, 128 rows"
    peers = gradients(names[0], small, {"JAX jit": 1.0, "PyTorch": 0.45, "C by hand": 4.0})
    beside_micrograd(small)
    others = gradients(names[1], large, {"JAX jit": 1.2, "PyTorch": 0.6})
    steps(names[0], peers)
    steps(names[1], others)
    without_pattern()
    preparation()
    training()
    if "--without-growth" not in sys.argv:
        growing()


if __name__ == "__main__":
    main()
