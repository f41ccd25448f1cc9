"""Chart: what the pictures of this package have in common."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure

# The colours of Okabe and Ito, "Color universal design", 2008, told apart with any kind of colour
# vision. Their yellow is last but the black: on white paper it is faint.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
INK = "#333333"
FAINT = "#DDDDDD"


class Chart(Figure):
    """A matplotlib figure that shows itself in a notebook.

    It is not known to pyplot: it needs no screen, no ``close()``, and can be made in any thread.
    """

    def png(self) -> bytes:
        """Return the chart as a PNG picture."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", facecolor="white")
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.png()


def chart(width: float, height: float) -> Chart:
    """Return an empty chart of this size in inches."""
    return Chart(figsize=(width, height), dpi=150, layout="constrained")


def dress(axes: Any, *, title: str, x: str, y: str) -> None:
    """Give the axes their words and a quiet frame."""
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_xlabel(x, color=INK)
    axes.set_ylabel(y, color=INK)
    axes.tick_params(colors=INK, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(INK)
