"""Drawing: a graphviz.Digraph that can be saved and shown wherever there is some Graphviz."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from autograd.machinery.required import required
from autograd.machinery.whole_files import write_whole
from autograd.view.images import READABLE, adaptive, image, small
from autograd.view.renderers import picture

try:
    from graphviz import Digraph
except ModuleNotFoundError:

    class Digraph:  # type: ignore[no-redef]  # what stands in until it is used
        """No picture, on a computer without the package graphviz: only making one says so."""

        def __init__(self, *_: Any, **__: Any) -> None:
            required("graphviz", "A picture")


PICTURES = ("svg", "png", "pdf")
SOURCES = ("gv", "dot")
FONT, FONTS = "Helvetica", "Helvetica,Arial,sans-serif"  # to lay out with, and to show
SIZE = re.compile(r'\b(?:width|height)="([\d.]+)pt"')


class Drawing(Digraph):  # type: ignore[misc]  # graphviz has no type hints
    """The picture of a computation graph. In a notebook it shows itself.

    It is a ``graphviz.Digraph`` whose ``pipe`` and ``render`` need no program outside of Python.

    >>> from autograd import Value
    >>> from autograd.view import draw
    >>> a = Value(2.0, label="a")
    >>> drawing = draw(a + a)
    >>> drawing.pipe("png")[1:4]
    b'PNG'
    """

    def save(self, filename: str | os.PathLike[str]) -> Path:
        """Write the picture to a file and return its path; the suffix says in which format.

        The formats are .svg, .png and .pdf, and for the DOT source .gv and .dot. The file is
        written whole or not at all.

        Raises ValueError for another suffix, RenderError if no picture can be made, and OSError
        if the file cannot be written.
        """
        path = Path(filename)
        kind = path.suffix[1:].lower()
        if kind not in PICTURES + SOURCES:
            raise ValueError(
                f"save() cannot tell the format of {str(path)!r}: end the name in .svg, .png or "
                ".pdf for a picture, or .gv for the DOT source."
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}. Create it "
                "first, or save somewhere else."
            )
        content = self.source.encode() if kind in SOURCES else self.pipe(kind)
        write_whole(path, content)
        return path

    def pipe(
        self,
        format: str | None = None,  # noqa: A002  # the name that graphviz gives it
        *_: Any,
        engine: str | None = None,
        encoding: str | None = None,
        **__: Any,
    ) -> Any:
        """Return the picture as bytes, or as text where an ``encoding`` is given.

        Arguments that say how the dot program is to be run have no effect.

        Raises RenderError if no picture can be made.
        """
        kind = format or self.format
        drawing = self.copy()
        if kind == "png":  # as a projector shows it: twice as sharp as Graphviz would
            drawing.graph_attr.setdefault("dpi", "192")
        content = picture(drawing.source, kind, engine or self.engine)
        if kind == "svg":
            content = dressed(content.decode(), self.description).encode()
        return content if encoding is None else content.decode(encoding)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002  # the name that graphviz gives it
        *_: Any,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        quiet_view: bool = False,
        **__: Any,
    ) -> str:
        """Write the DOT source to ``filename``, the picture beside it, and return where that is.

        This is graphviz's own method, kept for notebooks that use it: ``render("graph")`` writes
        ``graph`` and ``graph.svg``. ``save`` is simpler.
        """
        folder = Path(directory or self.directory or "")
        if outfile is None:
            kind = format or self.format
            source = folder / (filename or self.filename)
            target = source.with_name(f"{source.name}.{kind}")
        else:
            target = folder / outfile
            kind = format or target.suffix[1:].lower() or self.format
            source = folder / filename if filename else target.with_suffix(".gv")
        content = self.pipe(kind, engine=engine)
        source.parent.mkdir(parents=True, exist_ok=True)
        if not cleanup:
            write_whole(source, self.source.encode())
        write_whole(target, content)
        if view or quiet_view:
            self._view(str(target), format=kind, quiet=quiet_view)
        return str(target)

    @property
    def description(self) -> str:
        """The picture in one sentence, for those who cannot see it."""
        return str(self.comment or "a computation graph")

    def __repr__(self) -> str:
        return f"<Drawing: {self.description}>"

    def _repr_mimebundle_(
        self,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Return the picture for a notebook; where there can be none, the reason as text.

        It is an image within HTML, which every page shows, trusted or not, and narrows to the cell.
        Beside it stands a PNG, for what makes a PDF of the notebook.

        A cell must not end in a traceback only because Graphviz is missing, so every error, also
        one of a broken installation, becomes text.
        """
        forms = {
            "text/html": self._repr_image_html,
            "image/png": self._repr_image_png,
            "image/svg+xml": self._repr_image_svg_xml,
        }
        wanted = set(include or ("text/html", "image/png")) - set(exclude or ())
        chosen = [kind for kind in forms if kind in wanted]
        try:
            with ThreadPoolExecutor() as pool:  # each waits for a Graphviz of its own
                made = list(pool.map(lambda kind: forms[kind](), chosen))
        except Exception as error:
            return {"text/plain": f"{self!r}\n{error}"}
        return dict(zip(chosen, made, strict=True)) | {"text/plain": repr(self)}

    def _repr_image_html(self) -> str:
        """Return the picture as an image within HTML."""
        svg = self.pipe("svg", encoding="utf-8")
        # A letter of 14 points becomes one of 14 pixels, as large as the words of a notebook.
        width, height = (float(size) for size in SIZE.findall(svg)[:2])
        return image(svg, self.description, width, height, least=READABLE)

    def _repr_image_png(self) -> bytes:
        """Return the picture as a PNG that fits into a page."""
        drawing = self.copy()
        for name, value in (("dpi", "96"), ("size", "13,13")):  # inches: it is stored with the page
            drawing.graph_attr.setdefault(name, value)
        png: bytes = drawing.pipe("png")
        try:
            return small(png)
        except ModuleNotFoundError:  # without Pillow it is larger
            return png


def dressed(svg: str, description: str) -> str:
    """Return the SVG of Graphviz with a description, fonts to choose from, and a dark side.

    A screen reader takes the picture as one image. In a narrow page it shrinks, instead of being
    cut off.
    """
    described = (
        f'<svg role="img" aria-label="{html.escape(description)}" '
        'style="max-width:100%;height:auto" '
    )
    # Graphviz has left room for the letters of one font. Given a list, it would measure another.
    svg = re.sub(f'font-family="{FONT}[^"]*"', f'font-family="{FONTS}"', svg)
    return adaptive(svg.replace("<svg ", described, 1))
