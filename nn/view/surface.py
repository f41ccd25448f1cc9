"""The loss surface: how the loss depends on two parameters, and the way down it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import BoundaryNorm

from autograd import Value, no_grad
from nn.checks.arguments import plain, whole_number
from nn.view.chart import COLOURS, INK, Chart, add_legend, chart, check_count, colour_bar, dress
from nn.view.layers_of import output_number

Range = tuple[float, float]
STEPS = 12  # contours


def plot_loss_surface(
    loss: Callable[[], Any],
    parameters: Sequence[Value],
    *,
    path: Sequence[Sequence[float]] = (),
    ranges: Sequence[Range] | None = None,
    names: Sequence[str] = (),
    resolution: int = 40,
    title: str = "Loss surface",
) -> Chart:
    """Return a chart of the loss over two parameters, with the way of a descent on it.

    ``loss`` is a function without arguments that computes the loss from the parameters as they
    stand, a number or a Value; it is asked at ``resolution`` times ``resolution`` places. What else
    it depends on keeps its value. Each contour is a step of the same factor above the lowest loss
    that was met: near the valley, where all the learning is, they would else be missing.

    ``path`` lists the pairs of numbers that the parameters went through. ``ranges`` is the lowest
    and the highest number for each parameter; else the picture holds the path and the parameters as
    they stand, with a margin. ``names`` replaces the labels of the parameters.

    Nothing is differentiated. Afterwards the parameters have their numbers back, to the bit, also
    after an error or Ctrl-C; but as they have been written, a loss that was computed before must be
    computed again before its ``backward()``. A place where the loss is undefined or infinite stays
    white.

    Raises TypeError if the parameters are no Values, and ValueError for more or fewer than two.

    >>> import nn
    >>> line = nn.Neuron(1, nonlin=False)
    >>> cost = lambda: nn.mse([line([x]) for x in (0.0, 1.0, 2.0)], [1.0, 3.0, 5.0])
    >>> chart = plot_loss_surface(cost, (line.w[0], line.b), path=[(0.0, 0.0), (1.5, 0.9)],
    ...                           resolution=8)
    >>> chart.axes[0].get_xlabel(), chart.axes[0].get_ylabel()
    ('w1', 'b')
    """
    first, second = two_parameters(parameters)
    way = points_of(path)
    sides = axis_ranges(np.vstack([way, [[first.data, second.data]]]), ranges)
    check_count("names", names, 2, "parameters")
    steps = whole_number("resolution", resolution, least=3)
    across, up = (np.linspace(low, high, steps) for low, high in sides)
    heights = losses_over(loss, first, second, across, up)

    figure = chart(width=6.2, height=4.6)
    axes = figure.subplots()
    draw_contours(figure, axes, across, up, heights)
    draw_path(axes, way)
    labels = names or [
        each.label or f"parameter {position}" for position, each in enumerate((first, second), 1)
    ]
    dress(axes, title=title, x=labels[0], y=labels[1])
    return figure


def two_parameters(parameters: Sequence[Value]) -> list[Value]:
    """Return the two parameters, or raise the error that says what to pass."""
    listed: list[Any] = plain(parameters) if hasattr(parameters, "__iter__") else [parameters]
    if len(listed) != 2 or listed[0] is listed[1]:
        raise ValueError(
            "plot_loss_surface() draws over two different parameters: write parameters=(w, b)."
        )
    for each in listed:
        if not isinstance(each, Value) or each.op is not None:
            raise TypeError(
                "plot_loss_surface() moves two parameters, Values that were not computed from "
                f"others, and was given {'a result' if isinstance(each, Value) else repr(each)}."
            )
    return listed


def points_of(path: Sequence[Sequence[float]]) -> Any:
    """Return the path as an array of pairs, or raise ValueError."""
    points = [[output_number(each) for each in plain(point)] for point in plain(path)]
    if any(len(point) != 2 for point in points):
        raise ValueError("path lists pairs of numbers: one for each of the two parameters.")
    if not all(math.isfinite(each) for point in points for each in point):
        raise ValueError("path has nan or inf in it: the descent ran away, try a smaller step.")
    return np.array(points).reshape(-1, 2)


def axis_ranges(points: Any, ranges: Sequence[Range] | None) -> list[Range]:
    """Return the lowest and the highest number for each parameter."""
    if ranges is not None:
        if len(ranges) != 2 or not all(low < high for low, high in ranges):
            raise ValueError("ranges is a pair (lowest, highest) for each of the two parameters.")
        return list(ranges)
    sides = []
    for column in points.T:
        # 2.0 where the path never moved along this side, and would have no width.
        margin = 0.3 * (column.max() - column.min()) or 2.0
        sides.append((column.min() - margin, column.max() + margin))
    return sides


def losses_over(loss: Callable[[], Any], first: Value, second: Value, across: Any, up: Any) -> Any:
    """Return the loss at all places, and leave the parameters as they were.

    A loss that cannot be computed anywhere is an error of the function, and is raised.
    """
    # Nobody expects that looking moves the parameters: they come back, whatever happens.
    kept = first.data, second.data

    def restore() -> None:
        first.data, second.data = kept

    heights = np.full((len(up), len(across)), math.nan)
    undefined: Exception | None = None
    try:
        try:
            with no_grad():
                for (row, column), _ in np.ndenumerate(heights):
                    first.data, second.data = float(across[column]), float(up[row])
                    try:
                        height = output_number(loss())
                    except (ArithmeticError, ValueError) as error:
                        undefined = error
                    else:
                        heights[row, column] = height if math.isfinite(height) else math.nan
        finally:
            restore()
    finally:
        restore()  # once more, for the Ctrl-C that comes while the first is at work
    if np.isnan(heights).all():
        raise undefined or ValueError("the loss is nan or inf everywhere in these ranges.")
    return heights


def draw_contours(figure: Chart, axes: Any, across: Any, up: Any, heights: Any) -> None:
    """Draw the loss in steps of the same factor above its lowest, with their numbers."""
    lowest, highest = np.nanmin(heights), np.nanmax(heights)
    if lowest == highest:
        raise ValueError(
            f"the loss is {lowest:g} everywhere: it does not depend on the parameters."
        )
    # Steps of a factor: evenly spaced lines would all lie on the walls and leave the valley empty.
    levels = lowest + (highest - lowest) * np.geomspace(1e-3, 1.0, STEPS)
    levels = np.array([lowest, *levels])
    colours = {"cmap": "Blues_r", "norm": BoundaryNorm(levels, 256)}
    image = axes.contourf(across, up, heights, levels=levels, **colours)
    axes.contour(across, up, heights, levels=levels[1:-1], colors=[INK], linewidths=0.5, alpha=0.6)
    bar = colour_bar(figure, image, axes, "loss")
    bar.set_ticks(levels[::2], labels=[f"{level:.3g}" for level in levels[::2]])


def draw_path(axes: Any, way: Any) -> None:
    """Draw the path with its steps, where it started and where it ended."""
    if not len(way):
        return
    # A white edge keeps the path in sight on the darkest part of the valley.
    axes.plot(way[:, 0], way[:, 1], color="white", linewidth=3.6)
    axes.plot(
        way[:, 0], way[:, 1], color=COLOURS[5], linewidth=1.8, marker="o", markersize=3.5,
        label="path",
    )  # fmt: skip
    ends = {"linestyle": "none", "markeredgecolor": INK, "zorder": 3}
    axes.plot(*way[0], marker="o", markersize=9, markerfacecolor="white", label="start", **ends)
    axes.plot(*way[-1], marker="*", markersize=14, markerfacecolor=COLOURS[6], label="end", **ends)
    add_legend(axes, frameon=True, framealpha=0.9)
