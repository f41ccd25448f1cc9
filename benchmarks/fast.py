"""What each trick of ``autograd/fast`` buys: the plain form and its quick twin, taking turns.

    python -m benchmarks.fast

Both are measured on one chain of multiplications and additions; the last row is a training step as
a user meets it, in two processes, one of them with ``CHALKGRAD_PLAIN=1``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from autograd import Value
from autograd.backward import sweep
from autograd.fast.order import quick_order
from autograd.fast.sweep import quick_sweep
from autograd.graph import topological_order
from benchmarks.timing import Job, readable, side_by_side

LENGTH = 2_000
STEP = """
import random, time, nn
model = nn.MLP(2, [16, 16, 1], rng=random.Random(0))
X, y = nn.data.moons(50, rng=random.Random(1))
times = []
for _ in range(9):
    start = time.perf_counter()
    loss = nn.mse([model(x) for x in X], y)
    model.zero_grad()
    loss.backward()
    times.append(time.perf_counter() - start)
print(sorted(times)[4])
"""


class Plain(Value):
    """A subclass has the plain operators of ``value.py``."""

    __slots__ = ()


def chain(kind: type[Value]) -> Value:
    """Return the last node of a chain of multiplications and additions."""
    node = kind(1.0)
    weight, bias = kind(0.999), kind(0.001)
    for _ in range(LENGTH // 2):
        node = node * weight + bias
    return node


def step(**environment: str) -> float:
    """Return the median seconds of a training step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", STEP], env=os.environ | environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return float(done.stdout)


def main() -> None:
    """Print the table."""
    root = chain(Value)
    order = topological_order(root)
    pairs: dict[str, tuple[Job, Job]] = {
        "operators": (lambda: chain(Plain), lambda: chain(Value)),
        "topological order": (lambda: topological_order(root), lambda: quick_order(root)),
        "sweep": (lambda: sweep(order, 1.0), lambda: quick_sweep(order, 1.0)),
    }
    print(f"{'':20}{'plain':>12}{'quick':>12}")
    for name, (plain, quick) in pairs.items():
        times = side_by_side({"plain": plain, "quick": quick})
        per_node = [times.median(each) / LENGTH * 1e9 for each in ("plain", "quick")]
        factor = times.ratio("plain", "quick")
        print(f"{name:20}{per_node[0]:9.0f} ns{per_node[1]:9.0f} ns  a node, {factor:.1f}x quicker")
    slow, fast = ([step(CHALKGRAD_PLAIN=on) for _ in range(5)] for on in ("1", ""))
    medians = statistics.median(slow), statistics.median(fast)
    print(
        f"{'training step':20}{readable(medians[0]):>12}{readable(medians[1]):>12}"
        f"  {medians[0] / medians[1]:.1f}x quicker"
    )


if __name__ == "__main__":
    main()
