"""How the cost grows with the width of a network and the rows of a batch: a table and a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import Problem, available
from benchmarks.timing import readable, side_by_side

WIDTHS = (8, 16, 32, 64, 128, 256, 512)
ROWS = (1, 10, 100, 1_000, 10_000, 100_000)
# Colours that differ for everybody (Okabe and Ito, "Color universal design", 2008), with a mark.
LOOKS = {
    "chalkgrad": ("#D55E00", "o"),
    "JAX jit": ("#0072B2", "s"),
    "PyTorch": ("#009E73", "^"),
    "NumPy by hand": ("#CC79A7", "D"),
    "C by hand": ("#000000", "v"),
}

Costs = dict[str, list[float]]  # the seconds of every peer, for each size


def costs(problems: Sequence[Problem]) -> Costs:
    """Return the seconds that value and gradient of each problem cost each peer."""
    found: Costs = {}
    for problem in problems:
        peers, _ = available(problem)
        times = side_by_side({peer.name: peer.gradient for peer in peers}, rounds=9)
        for name in times.of:
            found.setdefault(name, []).append(times.median(name))
    return found


def by_width() -> Costs:
    """Return the costs for 100 rows and two hidden layers of each width."""
    return costs([Problem([2, width, width, 1], 100) for width in WIDTHS])


def by_rows() -> Costs:
    """Return the costs for two hidden layers of 16 and each number of rows."""
    return costs([Problem([2, 16, 16, 1], rows) for rows in ROWS])


def table(title: str, sizes: Sequence[int], found: Costs) -> str:
    """Return the costs as lines of text."""
    lines = [f"{title:28}" + "".join(f"{size:>10,}" for size in sizes)]
    for name, times in found.items():
        lines.append(f"{name:28}" + "".join(f"{readable(time):>10}" for time in times))
    return "\n".join(lines)


def plot(widths: Costs, rows: Costs, target: Path) -> None:
    """Save the picture of both tables."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    panels = [
        (left, WIDTHS, widths, "MLP(2, [width, width, 1]), 100 rows", "width"),
        (right, ROWS, rows, "MLP(2, [16, 16, 1])", "rows"),
    ]
    for axes, sizes, found, title, label in panels:
        for name, times in found.items():
            colour, mark = LOOKS[name]
            microseconds = [time * 1e6 for time in times]
            axes.loglog(sizes, microseconds, color=colour, marker=mark, markersize=4, label=name)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel(label)
        axes.grid(which="major", color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xticks(WIDTHS, [str(width) for width in WIDTHS], minor=False)
    left.minorticks_off()
    left.set_ylabel("value and gradient, microseconds")
    left.legend(frameon=False, fontsize=9)
    target.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "chalkgrad", "svg.fonttype": "none"}):
        figure.savefig(target, metadata={"Date": None})
