"""Chart: what the pictures of this package have in common."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from autograd.machinery.whole_files import write_whole
from nn.checks.arguments import counted

# The colours of Okabe and Ito, "Color universal design", 2008, told apart with any kind of colour
# vision. Their yellow is last but the black: on white paper it is faint.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
INK = "#333333"
FAINT = "#DDDDDD"
POSITIVE, NEGATIVE = COLOURS[0], COLOURS[5]
# Both ends are as dark as each other on grey paper: a picture in these colours marks the sign in a
# second way, by hatching or a dash.
SIGNS = LinearSegmentedColormap.from_list("signs", [NEGATIVE, "#FFFFFF", POSITIVE])
LOWEST = 2.0  # inches: in less height, the numbers along an axis lie on one another
FORMATS = ("png", "svg", "pdf")


class Chart(Figure):
    """A matplotlib figure that shows itself in a notebook and saves itself to a file.

    It is not known to pyplot: it needs no screen, no ``close()``, and can be made in any thread.
    """

    def save(self, filename: str | os.PathLike[str]) -> Path:
        """Write the chart to a file and return its path; the suffix says in which format.

        The formats are .png, .svg and .pdf. The file is written whole or not at all.

        Raises ValueError for another suffix, and OSError if the file cannot be written.
        """
        path = Path(filename)
        kind = path.suffix[1:].lower()
        if kind not in FORMATS:
            raise ValueError(
                f"save() cannot tell the format of {str(path)!r}: end the name in .png, .svg or "
                ".pdf."
            )
        return write_whole(path, self.picture(kind))

    def picture(self, kind: str) -> bytes:
        """Return the chart as a file of one of the formats would hold it."""
        buffer = io.BytesIO()
        self.savefig(buffer, format=kind, facecolor="white")
        return buffer.getvalue()

    def png(self) -> bytes:
        """Return the chart as a PNG picture."""
        return self.picture("png")

    def _repr_png_(self) -> bytes:
        return self.png()


def chart(width: float, height: float) -> Chart:
    """Return an empty chart of this size in inches."""
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    return Chart(figsize=(width, height), dpi=150, layout=layout)


def panels(
    count: int,
    columns: int,
    *,
    width: float,
    height: float,
    beside: float = 0.0,
    around: float = 0.4,
    **options: Any,
) -> tuple[Chart, list[Any]]:
    """Return a chart with ``count`` panels of this size in inches, and their axes in order.

    The rows are filled from the left. There is room for a bar ``beside`` them, and for words
    ``around``, above and below. ``options`` go to ``Figure.subplots``.
    """
    columns = min(count, columns)
    rows = -(-count // columns)
    figure = chart(columns * width + beside, max(rows * height + around, LOWEST))
    axes = list(figure.subplots(rows, columns, squeeze=False, **options).flat)
    for empty in axes[count:]:
        empty.remove()
    return figure, axes[:count]


def dress(axes: Any, *, title: str, x: str, y: str) -> None:
    """Give the axes their words and a quiet frame."""
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_xlabel(x, color=INK)
    axes.set_ylabel(y, color=INK)
    axes.tick_params(colors=INK, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(INK)


def head(figure: Chart, title: str) -> None:
    """Write a title above all the panels."""
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold", color=INK)


def colour_bar(figure: Chart, image: Any, axes: Any, label: str) -> Any:
    """Put beside the axes what the colours of the image stand for, and return it."""
    bar = figure.colorbar(image, ax=axes, shrink=0.9, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, length=3)
    bar.set_label(label, color=INK)
    return bar


def check_count(what: str, names: Sequence[Any], count: int, things: str) -> None:
    """Raise ValueError if names were given, and not as many as there are things to name."""
    if len(names) not in (0, count):
        raise ValueError(
            f"{what} has {counted(len(names), 'name')}; the number of {things} is {count}."
        )
