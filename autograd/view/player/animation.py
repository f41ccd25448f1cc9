"""Steps as still pictures, one after the other: an animation for slides, pages for print."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from autograd.machinery.required import required
from autograd.story.steps import Steps
from autograd.view.player.painter import DPI, Painter
from autograd.view.player.scene import Scene

MOST = 400  # frames; more is a film that nobody watches to its end
PAUSE, END = 1400, 4000  # milliseconds for a step, and for the last one
COLOURS = 64


def gif(steps: Steps) -> bytes:
    """Return the steps as an animation 800 pixels wide, which plays for ever.

    Raises ValueError above MOST frames, TooManyNodesError, and RenderError without Graphviz.
    """
    Image = required("PIL.Image", "An animation")  # noqa: N806  # the module's own name
    pictures = []
    for figure in frames(steps):
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=DPI)
        with Image.open(file) as picture:
            pictures.append(picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE))
    pauses = [PAUSE] * (len(pictures) - 1) + [END]
    file = io.BytesIO()
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=pauses, loop=0,
        optimize=True,
    )  # fmt: skip
    return file.getvalue()


def pdf(steps: Steps) -> bytes:
    """Return the steps as a document with a page for each, and one before the first.

    Raises what ``gif`` raises.
    """
    backend = required("matplotlib.backends.backend_pdf", "A document")
    file = io.BytesIO()
    with backend.PdfPages(file, metadata={"CreationDate": None}) as pages:
        for figure in frames(steps):
            pages.savefig(figure)
    return file.getvalue()


def frames(steps: Steps) -> Iterator[Any]:
    """Yield the same figure again and again, each time as it is after one more step."""
    if len(steps) > MOST:
        raise ValueError(
            f"these are {len(steps):,} steps, too many for still pictures (the limit is {MOST:,}). "
            "Save a part, such as steps(loss)[:50] or steps(loss).of(w), or save an .html page."
        )
    painter = Painter(Scene(steps))
    numbers = list(steps.numbers) or [0]
    with warnings.catch_warnings():
        # The painter has said which letters no font has; matplotlib would say it in every frame.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        yield painter.show_before(numbers[0])
        for number in steps.numbers:
            yield painter.show(number)
