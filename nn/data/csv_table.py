"""A table of texts: the rows of a CSV file, the lines they are from, and the names of the columns.

Which character parts the cells is found by trying each and counting what comes out well; the
standard library's sniffer looks at frequencies alone, and takes the decimal comma for a delimiter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from nn.checks.arguments import counted
from nn.data.reading import Reading
from nn.data.written_numbers import possible_marks

MARKS_BETWEEN = ",;\t|"  # which hardly ever stand in a cell without quotes
DELIMITERS = MARKS_BETWEEN + " "
SAMPLE = 100_000  # characters: so many show which delimiter it is
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?')  # what Excel writes and reads in the first line
UNNAMED = re.compile(r"(Unnamed: \d+)?")  # what pandas calls, or leaves, a column without a name


class Row(NamedTuple):
    """The cells of one row, and the line of the file where it begins."""

    line: int
    cells: list[str]


@dataclass
class Table:
    """The names of the columns, and the rows, each with as many cells as there are columns.

    ``name`` is what messages call the file; ``notes`` say what was left out of it.
    """

    name: str
    delimiter: str
    header: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)

    def column(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row.cells[place] for row in self.rows]


def table_of_text(text: str, name: str, reading: Reading | None = None) -> Table:
    r"""Return the table in a text; ``name`` is what messages call it.

    >>> table = table_of_text("Size, cm;Kind\n180,5;oak\n", "trees.csv")
    >>> table.delimiter, table.header, table.rows
    (';', ['Size, cm', 'Kind'], [Row(line=2, cells=['180,5', 'oak'])])
    """
    reading = reading or Reading()
    said = SEPARATOR_LINE.match(text)
    first_line = 2 if said else 1
    if said:
        text = text[said.end() :]
    delimiter = reading.delimiter or (said and said[1]) or best_delimiter(text)
    rows = list(rows_of(text, delimiter, name, first_line))
    if not rows:
        raise ValueError(f"{name} is empty: its first line must name the columns.")
    table = Table(name, delimiter, rows[0].cells, rows[1:])
    if reading.header is False:
        width = max(len(row.cells) for row in rows)
        table = Table(name, delimiter, [f"column {n}" for n in range(1, width + 1)], rows)
    check_shape(table, rows[0].line)
    if reading.header is None:
        check_header_is_none_of_the_rows(table, rows[0].line, reading)
    drop_index(table)
    name_columns(table, rows[0].line)
    return table


# Delimiters ---------------------------------------------------------------------------------------


def best_delimiter(text: str) -> str:
    r"""Return the delimiter with which the text reads best as a table.

    >>> best_delimiter('a;b;"y (net, in EUR)"\n1,5;2,5;3,5\n')
    ';'
    """
    sample = text if len(text) <= SAMPLE else text[: text.rfind("\n", 0, SAMPLE) + 1] or text
    return max(DELIMITERS, key=lambda delimiter: score(sample, delimiter))


def score(text: str, delimiter: str) -> float:
    """Return how well a text reads with a delimiter, from 0 to 1.

    That is the share of the rows that are as long as the first, times the share of the cells that
    are in one piece: a cell with another delimiter in it was not taken apart, unless it is a number
    with a decimal comma. A single column may be meant, but is the last guess.
    """
    rows, lost = [], 0
    try:
        for row in rows_of(text, delimiter, ""):
            rows.append(row)  # the rows before an error count, too
    except ValueError:
        lost = 2
    if not rows:
        return 0.0
    first, *rest = rows
    width = len(without_trailing(first.cells))
    fitting = sum(len(without_trailing(row.cells)) <= width <= len(row.cells) for row in rest)
    cells = [cell for row in rest for cell in row.cells]
    others = set(MARKS_BETWEEN) - {delimiter}
    whole = sum(not others & set(cell) or possible_marks(cell) != "" for cell in cells)
    fit = (fitting + 1) / (len(rest) + 1 + lost) * (whole + 1) / (len(cells) + 1)
    return fit if width > 1 else fit / 2


def rows_of(text: str, delimiter: str, name: str, first_line: int = 1) -> Iterator[Row]:
    """Yield the rows that are not blank, with the spaces around each cell removed."""
    if delimiter == " ":  # several of them, to make columns stand straight, are one
        text = re.sub(" +", " ", re.sub("^ +| +$", "", text, flags=re.MULTILINE))
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=delimiter != " ",
        strict=True,
    )
    line = first_line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, [cell.strip() for cell in cells])
            line = reader.line_num + first_line  # a quoted cell may reach over several lines
    except csv.Error as error:
        what = str(error)
        if "limit" in what:
            what = f"a cell of more than {csv.field_size_limit():,} characters"
        raise refused(name, line, f"this is no CSV ({what}): look for a lone quote.") from None


def without_trailing(cells: list[str]) -> list[str]:
    """Return the cells without the empty ones at the end, which a trailing comma makes.

    >>> without_trailing(["1", "", "2", "", ""])
    ['1', '', '2']
    """
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


# What a table must be -----------------------------------------------------------------------------


def check_shape(table: Table, line: int) -> None:
    """Cut off what trailing delimiters made, or raise ValueError for a row of another length."""
    if not table.rows:
        raise ValueError(f"{table.name} has names of columns and no row of numbers below them.")
    named = len(without_trailing(table.header))
    widest = max(len(without_trailing(row.cells)) for row in table.rows)
    if named < 2 < widest:
        raise refused(
            table.name,
            line,
            f"a single name, and {widest} cells in the rows below: delete the lines above the one "
            "that names the columns.",
        )
    if all(not any(row.cells[named:]) for row in table.rows):
        table.header = table.header[:named]
    width = len(table.header)
    for position, row in enumerate(table.rows):
        if len(row.cells) < width or any(row.cells[width:]):
            raise refused(
                table.name,
                row.line,
                f"{counted(len(row.cells), 'cell')}, where line {line} names "
                f"{counted(width, 'column')}: put a cell with {table.delimiter!r} in it in quotes, "
                "and leave none out.",
            )
        table.rows[position] = Row(row.line, row.cells[:width])


def check_header_is_none_of_the_rows(table: Table, line: int, reading: Reading) -> None:
    """Raise ValueError if the first row looks like all others: the first example would be lost."""
    for place, title in enumerate(table.header):
        cells = set(table.column(place))
        if title not in cells and not possible_marks(title):
            return
        if title not in cells and not all(possible_marks(cell) for cell in cells):
            return
    raise refused(
        table.name,
        line,
        "the names of the columns should be here, and it looks like the rows below. Write a line "
        f"with names above it, or {reading.spell({'header': False})}; if these are the names, "
        f"{reading.spell({'header': True})}.",
    )


def drop_index(table: Table) -> None:
    """Leave out a first column without a name that counts the rows, as pandas and R write it."""
    if len(table.header) > 1 and UNNAMED.fullmatch(table.header[0]):
        cells = table.column(0)
        if cells in ([str(n) for n in range(start, start + len(cells))] for start in (0, 1)):
            table.header = table.header[1:]
            table.rows = [Row(row.line, row.cells[1:]) for row in table.rows]
            table.notes.append("the first column has no name and counts the rows: left out.")


def name_columns(table: Table, line: int) -> None:
    """Give each column without a name one, or raise ValueError if two have the same."""
    for place, title in enumerate(table.header):
        table.header[place] = title or f"column {place + 1}"
        if table.header[place] in table.header[:place]:
            raise refused(
                table.name, line, f"two columns are called {title!r}: give each a name of its own."
            )


def refused(name: str, line: int, reason: str) -> ValueError:
    """Return the error that says what is wrong with a file, and where."""
    return ValueError(f"{name}, line {line}: {reason}")
