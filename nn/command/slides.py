"""The slides of the one-lecture track: one page of HTML in which the players play, offline.

A cell of a notebook with the tag ``slide`` begins a slide, and those with ``same-slide`` go on it.
What it says and runs stands above, what it makes below.

``python -m nn.command.slides out/slides.html`` writes them.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from autograd.machinery.required import required
from autograd.machinery.whole_files import write_whole
from nn.command.notebooks import course_folder

TITLE = "Backpropagation, seen"
MATHS = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
KINDS = ("text/html", "image/svg+xml", "image/png", "text/plain")  # the first of them is shown


@dataclass
class Slide:
    """A slide: the notebook that it is from, what it says, what it runs, and what that has made."""

    source: str
    said: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    def page(self) -> str:
        """Return the slide as HTML."""
        heading, words = "", "\n".join(self.said)
        found = re.search(r"<h2.*?</h2>", words, re.DOTALL)
        if found:
            heading, words = found[0], words.replace(found[0], "", 1)
        parts = {"said": words, "run": "".join(self.run), "made": "".join(self.made)}
        body = "".join(f'<div class="{name}">{part}</div>' for name, part in parts.items() if part)
        return f'<section data-from="{html.escape(self.source)}">{heading}{body}</section>'


def deck(notebooks: Iterable[Path] | None = None) -> str:
    """Return the slides of the notebooks, without an argument those of the course, as one page.

    Raises ValueError for a slide whose cells were not executed and for notebooks without slides,
    and ImportError if nbconvert or latex2mathml is missing.
    """
    paths = sorted(course_folder().glob("*.ipynb")) if notebooks is None else list(notebooks)
    slides = [slide for path in paths for slide in slides_of(path)]
    if not slides:
        raise ValueError('no cell of these notebooks has the tag "slide", which begins a slide.')
    opening = f'<section class="title" data-from="chalkgrad"><h1>{TITLE}</h1>{KEYS}</section>'
    content = {
        "title": html.escape(TITLE),
        "slides": "\n".join([opening, *(slide.page() for slide in slides)]),
    }
    template = resources.files("nn.command").joinpath("slides.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: content[match[1]], template)


KEYS = (
    "<p>Arrow keys turn the pages. A player takes them once it is clicked; "
    "click beside it, and they are the slides' again.</p>"
)


def slides_of(path: Path) -> list[Slide]:
    """Return the slides in a notebook, in their order."""
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    name = re.sub(r"^#\s*", "", cell_text(cells[0]["source"]).partition("\n")[0])
    slides: list[Slide] = []
    for cell in cells:
        tags = cell["metadata"].get("tags", [])
        if "slide" in tags:
            slides.append(Slide(name))
        elif "same-slide" not in tags:
            continue
        if not slides:
            raise ValueError(f'{path.name}: a cell is on the "same-slide", and none has begun.')
        source = cell_text(cell["source"])
        if cell["cell_type"] == "markdown":
            slides[-1].said.append(markdown_html(source))
            continue
        if not cell["execution_count"]:
            raise ValueError(f"{path.name} was not executed, so its slides have nothing to show.")
        slides[-1].run.append(program_html(source))
        slides[-1].made += map(output_html, cell["outputs"])
    return slides


def cell_text(source: str | list[str]) -> str:
    """Return the text of a cell, which may be stored as a list of lines."""
    return source if isinstance(source, str) else "".join(source)


# Into HTML ----------------------------------------------------------------------------------------


def markdown_html(markdown: str) -> str:
    """Return Markdown as HTML, its formulas as MathML, which browsers know without a script.

    >>> markdown_html("the slope is $2x$")[:22]
    '<p>the slope is <math '
    """
    from nbconvert.filters import markdown2html

    formulas: list[str] = []

    def kept(match: re.Match[str]) -> str:
        formulas.append(mathml(match[1] or match[2], block=match[1] is not None))
        return f"FORMULA{len(formulas) - 1}."

    page: str = markdown2html(MATHS.sub(kept, markdown))
    page = re.sub(r'<a class="anchor-link".*?</a>', "", page)
    return re.sub(r"FORMULA(\d+)\.", lambda match: formulas[int(match[1])], page)


def mathml(latex: str, *, block: bool) -> str:
    """Return a formula as MathML."""
    converter = required("latex2mathml.converter", "A formula on a slide")
    converted: str = converter.convert(latex.strip(), display="block" if block else "inline")
    return converted


def program_html(source: str) -> str:
    """Return a program as HTML in colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    coloured: str = highlight(source, PythonLexer(), HtmlFormatter(noclasses=True))
    return coloured


def output_html(output: dict[str, Any]) -> str:
    """Return an output of a cell as HTML."""
    if output["output_type"] == "stream":
        return f"<pre>{html.escape(cell_text(output['text']))}</pre>"
    kind = next(kind for kind in KINDS if kind in output["data"])
    content = cell_text(output["data"][kind])
    if kind == "text/plain":
        return f"<pre>{html.escape(content)}</pre>"
    if kind == "image/png":
        described = html.escape(cell_text(output["data"].get("text/plain", "a chart")))
        return f'<img alt="{described}" src="data:image/png;base64,{content.strip()}">'
    return content[content.index("<svg") :] if kind == "image/svg+xml" else content


def main() -> None:
    """Write the slides to the file that the command line names."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "slides.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    page = deck()
    write_whole(path, page.encode())
    sys.stdout.write(f"wrote {path}, {page.count('<section')} slides\n")


if __name__ == "__main__":
    main()
