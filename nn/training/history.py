"""The history of a training: what each epoch measured, to be printed, drawn and looked up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from autograd.words.html_table import paragraphs, table
from nn.checks.arguments import counted

if TYPE_CHECKING:
    from nn.view import Chart


class History(Mapping[str, list[float]]):
    """What each epoch of a training measured: ``history["loss"]`` lists the loss of every epoch.

    An epoch in which something was not measured has nan there, and an empty place in the table.

    ``rows`` holds the same numbers epoch by epoch, ``interrupted`` tells whether the training was
    stopped by Ctrl-C, and ``notes`` are the lines of text that say what else a reader must know
    (``note``: all of them as one text). Printed, it is a table with the notes below; in a notebook,
    a table and its curves. A checkpoint keeps rows and notes.

    >>> history = History()
    >>> history.rows += [{"loss": 0.75, "accuracy": 0.5}, {"loss": 0.25, "accuracy": 1.0}]
    >>> history["loss"], list(history)
    ([0.75, 0.25], ['loss', 'accuracy'])
    >>> print(history)
    epoch    loss  accuracy
        1  0.7500    0.5000
        2  0.2500     1.000
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self.interrupted = False
        self.notes: list[str] = []

    @property
    def note(self) -> str:
        """All the notes as one text, a line each; to set it is to write all of them anew."""
        return "\n".join(self.notes)

    @note.setter
    def note(self, text: str) -> None:
        self.notes = text.splitlines()

    def add_note(self, text: str) -> None:
        """Note a line of text below the table, unless it stands there already.

        >>> history = History()
        >>> history.add_note("the loss was best in epoch 2")
        >>> history.add_note("the loss was best in epoch 2")
        >>> history.notes
        ['the loss was best in epoch 2']
        """
        if text not in self.notes:
            self.notes.append(text)

    def __iter__(self) -> Iterator[str]:
        # Not every epoch need have every measure: a callback may add one from some epoch on.
        return iter(dict.fromkeys(name for row in self.rows for name in row))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> list[float]:
        if not any(name in row for row in self.rows):
            raise KeyError(f"the history has no {name!r}, only: {', '.join(self) or 'nothing yet'}")
        return [row.get(name, math.nan) for row in self.rows]

    def to_dict(self) -> dict[str, list[float]]:
        """Return the numbers as a plain dict of lists, which JSON can hold and pandas reads.

        >>> history = History()
        >>> history.rows += [{"loss": 0.75}, {"loss": 0.25}]
        >>> history.to_dict()
        {'loss': [0.75, 0.25]}
        """
        return dict(self)

    def plot(self, *, title: str = "") -> Chart:
        """Return a chart of the curves, which shows itself in a notebook; needs matplotlib.

        ``history.plot().save("curve.png")`` writes it to a file. Raises ValueError if no epoch was
        finished.
        """
        from nn.view import plot_history

        return plot_history(self, title=title)

    def table(self) -> list[list[str]]:
        """Return the cells to print: a line of names, then lines of numbers, of at most 11 epochs.

        >>> history = History()
        >>> history.rows += [{"loss": 0.75}, {"loss": 0.25}]
        >>> history.table()
        [['epoch', 'loss'], ['1', '0.7500'], ['2', '0.2500']]
        """
        cells = [["epoch", *(name.replace("_", " ") for name in self)]]
        for position in spread(len(self.rows), most=11):
            row = self.rows[position]
            numbers = [f"{row[name]:#.4g}" if name in row else "" for name in self]
            cells.append([str(position + 1), *numbers])
        return cells

    def remarks(self) -> list[str]:
        """Return the lines below the table: the notes, and that the training was interrupted."""
        interrupted = [f"interrupted in epoch {len(self.rows) + 1}"] if self.interrupted else []
        return self.notes + interrupted

    def __str__(self) -> str:
        if not self.rows:
            return "\n".join(["no epoch was finished", *self.notes])
        cells = self.table()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True))
            for line in cells
        ]
        return "\n".join(lines + self.remarks())

    def __repr__(self) -> str:
        interrupted = ", interrupted" if self.interrupted else ""
        return f"<History of {counted(len(self.rows), 'epoch')}{interrupted}: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        if not self.rows:
            return paragraphs(str(self))
        names, *numbers = self.table()
        return table(numbers, header=names) + paragraphs(*self.remarks()) + self.picture()

    def picture(self) -> str:
        """Return the curves as an image within a page, or nothing where matplotlib is missing."""
        try:
            chart = self.plot()
        except ImportError:
            return ""
        return chart.image(f"Training curves: {', '.join(self)}")


def spread(count: int, most: int) -> list[int]:
    """Return at most ``most`` of the positions 0 to count - 1: the first, the last, even steps.

    >>> spread(3, most=5), spread(100, most=5)
    ([0, 1, 2], [0, 25, 50, 74, 99])
    """
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / (most - 1)) for step in range(most)]
