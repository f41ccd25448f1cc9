"""The eager engine beside micrograd, in one run: time per node, a training step, bytes per node.

Run it with ``make bench``. Both engines run the same programs with the cyclic garbage collector on,
taking turns, and the table shows medians; the ratio is what to compare between machines.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import micrograd.engine
import micrograd.nn

import autograd
import nn

CHAIN = 2_000
ROWS = 100


def chain(value: Callable[[float], Any], length: int) -> Any:
    """Return the last node of a chain of multiplications, additions and relus."""
    weight, bias = value(0.999), value(0.001)
    node = value(1.0)
    for _ in range(length // 4):
        node = ((node * weight + bias) + 0.5).relu()
    return node


def training_step(model: Any, value: Callable[[float], Any], points: Any) -> None:
    """Forward and backward of the hinge loss over all points, as micrograd's demo has it."""
    total = value(0.0)
    for inputs, label in points:
        score = model([value(x) for x in inputs])
        total = total + (score * -label + 1.0).relu()
    loss = total * (1.0 / len(points))
    model.zero_grad()
    loss.backward()


def medians(*jobs: Callable[[], object], rounds: int, repeats: int) -> list[float]:
    """Return the median time of each job in seconds.

    The jobs take turns, each with several repeats in a row as a training loop would have them: a
    job pays for the collection of its own garbage, and nobody for that of another.
    """
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for job, measured in zip(jobs, times, strict=True):
            gc.collect()
            for _ in range(repeats):
                start = time.perf_counter()
                job()
                measured.append(time.perf_counter() - start)
    return [statistics.median(measured) for measured in times]


def bytes_per_node(value: Callable[[float], Any], length: int) -> float:
    """Return the memory of a chain after backward, per node."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    root = chain(value, length)
    root.backward()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / length


def main() -> None:
    """Print the table."""
    sys.setrecursionlimit(100_000)  # micrograd's backward recurses along the chain
    ours, theirs = autograd.Value, micrograd.engine.Value
    X, y = nn.data.moons(ROWS, noise=0.1, rng=random.Random(0))
    points = [(inputs, 2 * label - 1) for inputs, label in zip(X, y, strict=True)]
    our_model = nn.MLP(2, [16, 16, 1], rng=random.Random(1))
    their_model = micrograd.nn.MLP(2, [16, 16, 1])

    our_chain, their_chain = medians(
        lambda: chain(ours, CHAIN).backward(),
        lambda: chain(theirs, CHAIN).backward(),
        rounds=5,
        repeats=40,
    )
    our_step, their_step = medians(
        lambda: training_step(our_model, ours, points),
        lambda: training_step(their_model, theirs, points),
        rounds=3,
        repeats=7,
    )
    our_bytes, their_bytes = bytes_per_node(ours, 20_000), bytes_per_node(theirs, 2_000)

    print(f"{'':44}{'chalkgrad':>12}{'micrograd':>12}   ratio (bar)")
    print(
        f"{'chain of 2,000 nodes, forward + backward':44}{our_chain / CHAIN * 1e9:>9.0f} ns"
        f"{their_chain / CHAIN * 1e9:>9.0f} ns   {our_chain / their_chain:.2f}x (at most 0.5x)"
    )
    print(
        f"{'MLP(2, [16, 16, 1]) on 100 moons, one step':44}{our_step * 1e3:>9.1f} ms"
        f"{their_step * 1e3:>9.1f} ms   {their_step / our_step:.1f}x faster (at least 15x)"
    )
    print(
        f"{'memory of a node after backward':44}{our_bytes:>9.0f} B {their_bytes:>9.0f} B"
        f"    {our_bytes:.0f} B (at most 160 B)"
    )


if __name__ == "__main__":
    main()
