"""Chart: what the pictures of this package have in common."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import LogFormatter, ScalarFormatter

from autograd.machinery.whole_files import write_whole
from autograd.view.fonts import families_for
from autograd.view.images import image_of_png, small
from nn.view.palette import COLOURS, FAINT, INK, MARKERS, NEGATIVE, POSITIVE, check_count, shortened

__all__ = [  # all that a chart is made with, its colours among it
    "COLOURS",
    "FAINT",
    "INK",
    "MARKERS",
    "NEGATIVE",
    "POSITIVE",
    "SIGNS",
    "Chart",
    "add_legend",
    "chart",
    "check_count",
    "colour_bar",
    "dress",
    "head",
    "panels",
    "shortened",
]

# Both ends are as dark as each other on grey paper: a picture in these colours marks the sign in a
# second way, by hatching or a dash.
SIGNS = LinearSegmentedColormap.from_list("signs", [NEGATIVE, "#FFFFFF", POSITIVE])
LOWEST = 2.0  # inches: in less height, the numbers along an axis lie on one another
FORMATS = ("png", "svg", "pdf")


class Chart(Figure):
    """A matplotlib figure that shows itself in a notebook and saves itself to a file.

    It is not known to pyplot: it needs no screen, no ``close()``, and can be made in any thread.
    All that is written on it is text, and no mathematics: a class may be called ``$0-$50``.
    """

    def draw(self, renderer: Any) -> None:
        """Draw the chart, its words in fonts that have their letters."""
        texts = list(self.words())
        families = families_for("".join(text.get_text() for text in texts))
        for text in texts:
            text.set_parse_math(False)
            if len(families) > 1:
                text.set_fontfamily(families)
        with warnings.catch_warnings():
            # What no font has is said above, once and with what helps, and here letter by letter.
            warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
            super().draw(renderer)

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

    def words(self) -> list[Text]:
        """Return all that somebody wrote: not the numbers along an axis, which are set as such."""
        numbers = {
            label
            for axes in self.axes
            for axis in (axes.xaxis, axes.yaxis)
            for label in [*axis.get_majorticklabels(), *axis.get_minorticklabels()]
            if isinstance(axis.get_major_formatter(), ScalarFormatter | LogFormatter)
        }
        return [text for text in self.findobj(Text) if text not in numbers]

    @property
    def description(self) -> str:
        """The chart in one sentence, for those who cannot see it."""
        titles = [axes.get_title(loc="left") or axes.get_title() for axes in self.axes]
        first = self.axes[0] if self.axes else None
        sides = f"{first.get_ylabel()} over {first.get_xlabel()}" if first else ""
        named = [self.get_suptitle(), *titles, "" if sides.startswith(" ") else sides]
        return f"chart: {', '.join(dict.fromkeys(filter(None, named)))}"

    def image(self, description: str = "") -> str:
        """Return the chart as an image for a page, which turns dark where the page does."""
        return self.around(small(self.png()), description or self.description)

    def around(self, png: bytes, description: str) -> str:
        """Return a PNG of the chart as an image for a page."""
        return image_of_png(png, description, *self.get_size_inches())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the chart for a notebook: as an image in HTML, and as a PNG for a document."""
        png = small(self.png())
        return {
            "text/html": self.around(png, self.description),
            "image/png": png,
            "text/plain": f"<Chart: {self.description.removeprefix('chart: ')}>",
        }


def add_legend(place: Any, handles: Sequence[Any] | None = None, **options: Any) -> None:
    """Add the legend of an axes or a figure, in the look of all charts.

    matplotlib leaves out what is called ``_name``, so that the names are written afterwards.
    """
    if handles is None:
        handles = place.get_legend_handles_labels()[0]
    names = [handle.get_label() for handle in handles]
    look = {"frameon": False, "labelcolor": INK, "fontsize": 9} | options
    legend = place.legend(handles, ["name"] * len(names), **look)
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(shortened(name, 30))


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
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK, wrap=True)
    axes.set_xlabel(x and shortened(x, 60), color=INK)
    axes.set_ylabel(y and shortened(y, 40), color=INK)
    axes.tick_params(colors=INK, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(INK)


def head(figure: Chart, title: str) -> None:
    """Write a title above all the panels."""
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold", color=INK, wrap=True)


def colour_bar(figure: Chart, image: Any, axes: Any, label: str) -> Any:
    """Put beside the axes what the colours of the image stand for, and return it."""
    bar = figure.colorbar(image, ax=axes, shrink=0.9, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, length=3)
    bar.set_label(label, color=INK)
    return bar
