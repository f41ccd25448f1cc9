"""A worksheet as a PDF, laid out with matplotlib, which brings its own fonts.

What belongs together is a block of items, each of a known height. A block that does not fit on the
rest of a page goes to the next; only one that is longer than a page is broken, between two items.
"""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.classroom.sheets.pictures import Print
from autograd.classroom.sheets.questions import TITLES, Question
from autograd.view.fonts import families_for

SHORT, LONG = 595.0, 842.0  # the sides of A4 in points, 1/72 inch
MARGIN = 42.0
SANS, MONO = "DejaVu Sans", "DejaVu Sans Mono"
INK = "#111111"
COLUMN = 125.0  # points for a blank
ROWS = 6  # of a program, before it goes on in the next column


@dataclass(frozen=True)
class Item:
    """Something with a height in points that can be painted below a given place of a page."""

    height: float
    paint: Callable[[Any, float], None]


Block = list[Item]


def document(worksheet: Any) -> bytes:
    """Return all sheets as one PDF, each beginning on a new page.

    Letters that DejaVu Sans does not have, such as those of Chinese names, are written in a font of
    this computer that has them; where there is none, a warning says so.
    """
    from matplotlib.backends.backend_pdf import PdfPages

    file = io.BytesIO()
    with (
        warnings.catch_warnings(),
        PdfPages(file, metadata={"CreationDate": None}) as pages,  # the same bytes every time
    ):
        # What no font has is said once, with what helps, and by matplotlib letter by letter.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        for figure in figures(worksheet):
            pages.savefig(figure)
    return file.getvalue()


def figures(worksheet: Any) -> Iterator[Any]:
    """Yield the pages of all sheets."""
    paper = Paper(LONG, SHORT) if worksheet.landscape else Paper(SHORT, LONG)
    for sheet in worksheet:
        blocks = [paper.heading(sheet, worksheet)]
        for number, question in enumerate(sheet.questions, 1):
            blocks += paper.question(number, question, worksheet.solved)
        pages = list(paper.pages(blocks))
        for number, items in enumerate(pages, 1):
            yield paper.page(items, f"{sheet.student}   {number} / {len(pages)}".strip())


@dataclass(frozen=True)
class Paper:
    """Paper of a size in points, and what can stand on it."""

    width: float
    height: float

    @property
    def room(self) -> float:
        """How wide a line may be."""
        return self.width - 2 * MARGIN

    def pages(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Yield the items of every page."""
        room = self.height - 2 * MARGIN
        items: Block = []
        used = 0.0
        for block in blocks:
            whole = sum(item.height for item in block)
            for place, item in enumerate(block):
                # The first item asks for room for its whole block, unless no page has that much.
                together = whole if place == 0 and whole <= room else item.height
                if items and used + together > room:
                    yield items
                    items, used = [], 0.0
                items.append(item)
                used += item.height
        if items:
            yield items

    def page(self, items: Sequence[Item], footer: str) -> Any:
        """Return the page with these items, from top to bottom."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width / 72, self.height / 72), facecolor="white")
        top = self.height - MARGIN
        for item in items:
            item.paint(figure, top)
            top -= item.height
        self.write(figure, self.room, MARGIN / 2, footer, 8, ha="right")
        return figure

    def write(self, figure: Any, x: float, y: float, text: str, size: float, **look: Any) -> None:
        """Write a line of text at a place in points from the left margin and from below."""
        figure.text(
            (MARGIN + x) / self.width, y / self.height, text, size=size, va="baseline",
            color=INK, parse_math=False, **(look | {"family": fonts_for(text, **look)}),
        )  # fmt: skip

    # What stands on it ----------------------------------------------------------------------------

    def heading(self, sheet: Any, worksheet: Any) -> Block:
        """Return the title, the student's name or a blank for it, and a rule."""
        name = f"Name: {sheet.student or '_' * 28}"
        if worksheet.solved:
            name = f"Key · seed {worksheet.seed} · {name}"
        title = self.paragraph(sheet.title, 15, weight="bold")
        return [*title, *self.paragraph(name, 10), Item(6, self.rule)]

    def question(self, number: int, question: Question, solved: bool) -> list[Block]:
        """Return a question as a block, and in the key its worked steps as one more."""
        picture = Print(question, self.room, solved=solved)

        def paint(figure: Any, top: float) -> None:
            picture.paint(figure, (self.width - picture.width) / 2, top)

        given, *lines = str(question.program).splitlines()
        block = [
            gap(12),
            *self.paragraph(f"{number}. {TITLES[question.kind]}", 11.5, weight="bold"),
            *self.paragraph(question.task, 10),
            gap(3),
            *self.paragraph(given, 9.5, family=MONO, indent=10),
            *self.columns(lines, 9.5, family=MONO, indent=10),
            gap(4),
            Item(picture.height, paint),
            gap(6),
            *self.blanks(question, solved),
        ]
        if not solved:
            return [block]
        worked = [item for line in question.worked for item in self.paragraph(line, 8.5, indent=10)]
        return [block, [gap(4), *worked]]

    def rule(self, figure: Any, top: float) -> None:
        """Paint a line across the page."""
        from matplotlib.lines import Line2D

        across = [MARGIN / self.width, 1 - MARGIN / self.width]
        figure.add_artist(Line2D(across, [(top - 3) / self.height] * 2, color=INK, linewidth=1.2))

    def paragraph(self, text: str, size: float, *, indent: float = 0, **look: Any) -> Block:
        """Return the lines of a text, each an item, folded where the page ends."""
        lines = folded(text, size, self.room - indent, **look)
        return [self.row([line], size, 1.42 * size, indent=indent, **look) for line in lines]

    def row(
        self, texts: Sequence[str], size: float, height: float, *, indent: float = 0,
        step: float = COLUMN, **look: Any,
    ) -> Item:  # fmt: skip
        """Return texts side by side, each ``step`` points after the one before."""

        def paint(figure: Any, top: float) -> None:
            for place, text in enumerate(texts):
                self.write(figure, indent + place * step, top - size, text, size, **look)

        return Item(height, paint)

    def columns(self, lines: Sequence[str], size: float, *, indent: float, **look: Any) -> Block:
        """Return lines in as many columns as they need, to be read downwards."""
        count = -(-len(lines) // ROWS)
        rows = -(-len(lines) // count)
        return [
            self.row(lines[start::rows], size, 1.42 * size, indent=indent, **look)
            for start in range(rows)
        ]

    def blanks(self, question: Question, solved: bool) -> Block:
        """Return the blanks for the answers, or the answers, in columns."""
        texts = [f"{name} = {answer if solved else '_' * 7}" for name, answer in question.blanks]
        weight, height = ("bold", 15) if solved else ("normal", 21)
        columns = int(self.room // COLUMN)
        return [
            self.row(texts[start : start + columns], 10, height, weight=weight)
            for start in range(0, len(texts), columns)
        ]


def gap(height: float) -> Item:
    """Return room without anything in it."""
    return Item(height, lambda figure, top: None)


def folded(text: str, size: float, room: float, **look: Any) -> list[str]:
    """Return the text in lines that are at most ``room`` points wide, if its words are."""
    lines, used = [""], 0.0
    for word in text.split(" "):
        width = width_of(word, size, **look)
        longer = used + width_of(" ", size, **look) + width if lines[-1] else width
        if lines[-1] and longer > room:
            lines.append(word)
            used = width
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
            used = longer
    return lines


def fonts_for(text: str, family: str = SANS, **_: Any) -> list[str]:
    """Return the families a text is written in: its own, then those with its other letters."""
    return [family, *families_for(text)[1:]]


@functools.lru_cache(maxsize=10_000)  # the words of a class's sheets are the same ones
def width_of(text: str, size: float, **look: Any) -> float:
    """Return how wide a text is printed, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, **(look | {"family": fonts_for(text, **look)}))
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])
