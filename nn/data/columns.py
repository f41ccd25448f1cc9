"""The columns of a table as numbers, and all that stands in the way of that, said at once.

A message for each cell would send a student through a file of text columns one run at a time. Here
the columns are looked at together, and the message ends with one line that cures all of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.words.suggestions import did_you_mean
from nn.checks.arguments import counted
from nn.data.csv_table import Row, Table
from nn.data.reading import Reading
from nn.data.written_numbers import (
    decimal_mark,
    is_ambiguous,
    is_missing,
    number_in,
    possible_marks,
    sure_marks,
    written,
)

DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( .*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?"
)
MOST = 12  # columns that a message describes one by one
FEW = 3  # lines that a message names


@dataclass(eq=False)
class Column:
    """A column: its title, its cells with the rows they are from, and the mark of its decimals.

    ``decimal`` is "" where the cells could mean two things, or mean both here and there.
    """

    file: str
    title: str
    rows: list[Row]
    cells: list[str]
    decimal: str

    def number(self, cell: str) -> float | None:
        """Return the number in a cell of this column, or None."""
        return number_in(cell, self.decimal or ".")

    def numbers(self) -> list[float]:
        """Return the numbers; nan where a cell is missing, in a row that nobody will use."""
        found = map(self.number, self.cells)
        return [math.nan if each is None else each for each in found]

    def missing(self) -> list[int]:
        """Return the places of the rows in which the cell is missing."""
        return [place for place, cell in enumerate(self.cells) if is_missing(cell)]

    def strangers(self) -> list[int]:
        """Return the places of the rows whose cell is neither missing nor a number."""
        return [
            place
            for place, cell in enumerate(self.cells)
            if not is_missing(cell) and self.number(cell) is None
        ]

    def has_only_numbers(self) -> bool:
        """Whether every cell that is there is a number, with one decimal mark or the other."""
        return all(is_missing(cell) or possible_marks(cell) for cell in self.cells)

    def units(self) -> set[str]:
        """Return the units in the cells: "$", "%", or "" for a number without one."""
        return {written(cell).unit for cell in self.cells if not is_missing(cell)}


def column_of(table: Table, place: int, reading: Reading) -> Column:
    """Return a column of a table, with the decimal mark that its cells, or the file's, have."""
    cells = table.column(place)
    return Column(
        table.name, table.header[place], table.rows, cells, mark_in(table, cells, reading)
    )


def mark_in(table: Table, cells: list[str], reading: Reading) -> str:
    """Return the decimal mark of a column, or "" if it cannot be known."""
    if reading.decimal_mark is not None:
        return reading.decimal_mark
    doubtful = [cell for cell in cells if is_ambiguous(cell)]
    sure = sure_marks(cells)
    if doubtful and not sure:  # the other columns may tell
        sure = sure_marks(cell for row in table.rows for cell in row.cells)
    return decimal_mark(sure, doubtful, table.delimiter) or ""


def place_of(table: Table, title: str) -> int:
    """Return which column has a title, or raise ValueError if none has."""
    if title in table.header:
        return table.header.index(title)
    raise ValueError(
        f"{table.name} has no column {title!r}.{did_you_mean(title, table.header)} "
        f"It has: {', '.join(table.header)}."
    )


# All that is wrong, at once -----------------------------------------------------------------------


@dataclass
class Problems:
    """What stands between these columns and learning from them.

    ``left_out`` are columns that were left out before, and have to be so still after the cure.
    """

    table: Table
    features: list[Column]
    target: Column | None
    as_classes: bool
    reading: Reading
    left_out: Sequence[str] = ()

    def needed(self) -> list[Column]:
        """Return the columns whose every cell is needed."""
        return self.features + ([self.target] if self.target else [])

    def numeric(self) -> list[Column]:
        """Return the columns that must hold numbers."""
        return self.features + ([self.target] if self.target and not self.as_classes else [])

    def complete_rows(self, columns: Iterable[Column] | None = None) -> list[int]:
        """Return the places of the rows in which no cell is missing."""
        incomplete = {
            place
            for column in (self.needed() if columns is None else columns)
            for place in column.missing()
        }
        return [place for place in range(len(self.table.rows)) if place not in incomplete]

    def refuse(self) -> None:
        """Raise ValueError if anything is wrong: all of it, and one line that cures it."""
        unread = [each for each in self.numeric() if not each.decimal and each.has_only_numbers()]
        if unread:
            raise ValueError(f"{self.table.name}, {doubt_in(unread[0], self.reading)}")
        words = [column for column in self.numeric() if column.strangers()]
        mixed = [each for each in self.numeric() if len(each.units()) > 1 and each not in words]
        rest = [each for each in self.needed() if each not in words and each not in mixed]
        sparse = self.sparse([column for column in rest if column is not self.target])
        gaps = [column for column in rest if column not in sparse and column.missing()]
        if self.reading.missing == "drop" and self.complete_rows(rest):
            sparse, gaps = [], []
        if not (words or mixed or sparse or gaps):
            return
        parts = []
        if words:
            parts.append(
                f"{listing(described(column) for column in words)}, where a network computes with "
                "numbers"
            )
        parts += [f"{column.title!r} has numbers of several units" for column in mixed]
        if sparse or gaps:
            parts.append(f"cells are missing in {listing(map(gap_in, sparse + gaps))}")
        raise ValueError(
            f"{self.table.name}: {'; '.join(parts)}. {self.cure(words + mixed + sparse, gaps)}"
        )

    def sparse(self, columns: list[Column]) -> list[Column]:
        """Return the columns that miss most of their cells: their rows had better be kept."""
        count = len(self.table.rows)
        sparse = [column for column in columns if 2 * len(column.missing()) > count]
        rest = [column for column in columns if column not in sparse]
        if sparse and rest and self.target and self.complete_rows(rest):
            return sparse
        if self.target is None or self.complete_rows(columns):
            return []  # a saved model needs all of its features
        return [column for column in columns if column.missing()]

    def cure(self, columns: list[Column], gaps: list[Column]) -> str:
        """Return what to write: which columns to leave out, and whether rows."""
        cures: dict[str, Any] = {}
        if self.target in columns:
            return "Take another column as the target, or mend the file in these lines."
        out = [column.title for column in columns]
        if self.target is None and out:
            return "These are features that the model needs: mend the file in these lines."
        kept = [column.title for column in self.features if column.title not in out]
        if not kept:
            return "Mend the file in these lines: no feature would be left without them."
        if out:
            short = len(out) <= 2 * len(kept)
            cures |= {"without": [*self.left_out, *out]} if short else {"features": kept}
        advice = f"Leave out the column{'s' * (len(out) > 1)}" if out else ""
        if gaps:
            whole = [each for each in self.needed() if each.title not in out]
            count = len(self.table.rows) - len(self.complete_rows(whole))
            rows = f"{counted(count, 'row')} of {len(self.table.rows)}"
            advice = f"{advice} and {rows}" if out else f"Fill them in, or leave out {rows}"
            cures["missing"] = "drop"
        return f"{advice}: {self.reading.spell(cures)}"


def described(column: Column) -> str:
    """Return what a column holds in place of numbers."""
    strangers = column.strangers()
    cell, line = column.cells[strangers[0]], column.rows[strangers[0]].line
    example = repr(cell if len(cell) <= 30 else f"{cell[:27]}...")
    if len(strangers) < len(column.cells) - len(column.missing()):
        return f"{column.title!r} ({example} in line {line})"
    kind = "dates" if all(DATE.fullmatch(column.cells[place]) for place in strangers) else "text"
    return f"{column.title!r} ({kind}: {example} in line {line})"


def gap_in(column: Column) -> str:
    """Return where cells of a column are missing, and how that is written."""
    places = column.missing()
    lines = ", ".join(str(column.rows[place].line) for place in places[:FEW])
    more = f" and {len(places) - FEW} more" if len(places) > FEW else ""
    signs = [repr(sign) for sign in sorted({column.cells[place] for place in places}) if sign]
    what = f"{', '.join(signs)} in line" if signs else "line"
    return f"{column.title!r} ({what}{'s' if len(places) > 1 else ''} {lines}{more})"


def listing(parts: Iterable[str]) -> str:
    """Return the parts in one sentence, of many the first ones.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    texts = list(parts)
    if len(texts) > MOST:
        return f"{', '.join(texts[:MOST])} and {len(texts) - MOST} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def doubt_in(column: Column, reading: Reading) -> str:
    """Return what cannot be known of the numbers in a column, and what settles it."""
    point = first(column, lambda cell: possible_marks(cell) == ".")
    comma = first(column, lambda cell: possible_marks(cell) == ",")
    if point and comma:
        (line, cell), (other_line, other) = point, comma
        return (
            f"line {line}: column {column.title!r} has {cell!r} here and {other!r} in line "
            f"{other_line}: write all of them with a point before the decimals, or leave the "
            f"column out: {reading.spell({'without': [column.title]})}"
        )
    line, cell = first(column, is_ambiguous)
    value, mark = number_in(cell, ".") or 0.0, "." if "." in cell else ","
    small, large = sorted((value, number_in(cell, ",") or 0.0), key=abs)
    return (
        f"line {line}: {cell!r} in column {column.title!r} may be {small:.15g} or {large:.15g}. "
        f"Say which: {reading.spell({'decimal': mark})} for {small:.15g}, "
        f"{reading.spell({'thousands': mark})} for {large:.15g}"
    )


def first(column: Column, accepts: Any) -> Any:
    """Return the line and the cell of the first that is accepted, or None."""
    pairs: Sequence[tuple[Row, str]] = list(zip(column.rows, column.cells, strict=True))
    return next(((row.line, cell) for row, cell in pairs if accepts(cell)), None)
