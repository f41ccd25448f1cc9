"""CSV files: a table that a student brings, or what is wrong with it and in which line.

Nothing is guessed and nothing is left out: a row that was silently skipped would be missed by
nobody, and a missing number that became a 0 would be learned.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from autograd.words.suggestions import did_you_mean
from nn.checks.arguments import counted
from nn.data.dataset import Dataset

DELIMITERS = ",;\t"
MISSING = {"", "?", "-", "na", "n/a", "nan", "null", "none"}


class Row(NamedTuple):
    """The cells of one row, and the line of the file where it begins."""

    line: int
    cells: list[str]


def load_csv(
    path: str | PathLike[str], target: str | None = None, *, classes: bool | None = None
) -> Dataset:
    r"""Return the table in a CSV file: numbers to learn from, and one column to be learned.

    The first line names the columns, which are separated by commas, semicolons or tabs. ``target``
    is the name of the column to be learned, the last if it is not given. A target of text is
    classes: ``class_names`` has them in order, and ``y`` the place of each. A target of numbers is
    learned as it is, as floats, unless ``classes=True`` says that these numbers are names. The
    encoding is UTF-8, with or without a byte-order mark.

    Raises ValueError, with the file, the line and the column, for a cell that is missing or not a
    number, a row that is too long or too short, names that appear twice, an unknown target, an
    empty file and another encoding.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fruit.csv"
    ...     _ = path.write_text("grams,red,fruit\n120,0.2,pear\n180,0.9,apple\n", encoding="utf-8")
    ...     fruit = load_csv(path)
    >>> fruit.X, fruit.y, fruit.class_names
    ([[120.0, 0.2], [180.0, 0.9]], [1, 0], ['apple', 'pear'])
    """
    path = Path(path)
    return dataset_of(decoded(path.read_bytes(), path.name), path.name, target, classes=classes)


def dataset_of(
    text: str, name: str, target: str | None = None, *, classes: bool | None = None
) -> Dataset:
    r"""Return the table in a CSV text; ``name`` is what error messages call it.

    >>> dataset_of("size;price\n80;8000\n120;12500\n", "houses").y
    [8000.0, 12500.0]
    """
    header, rows = header_and_rows(text, name)
    place = target_place(header, target, name)
    y, class_names = learned(header[place], place, rows, name, classes)
    features = [column for column in range(len(header)) if column != place]
    return Dataset(
        X=[
            [number(row.cells[column], header[column], row.line, name) for column in features]
            for row in rows
        ],
        y=y,
        feature_names=[header[column] for column in features],
        class_names=class_names,
    )


def decoded(content: bytes, name: str) -> str:
    """Return the text that the bytes of a file are, or raise ValueError if they are not UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"the byte 0x{content[error.start]:02x} is not UTF-8"
    else:
        if "\0" not in text:
            return text
        line = text.count("\n", 0, text.index("\0")) + 1
        reason = "a byte 0, which no text has in UTF-8"
    raise refused(name, line, f'{reason}: save the file as UTF-8 ("CSV UTF-8" in a spreadsheet).')


def header_and_rows(text: str, name: str) -> tuple[list[str], list[Row]]:
    """Return the names of the columns and the rows, all of the same length."""
    first = next((line for line in text.splitlines() if line.strip()), None)
    if first is None:
        raise ValueError(f"{name} is empty: its first line must name the columns.")
    delimiter = max(DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each))))
    (line, header), *rows = rows_of(text, delimiter, name)
    check_header(header, line, name)
    if not rows:
        raise ValueError(f"{name} has names of columns and no row of numbers below them.")
    for row in rows:
        if len(row.cells) != len(header):
            raise refused(
                name,
                row.line,
                f"{counted(len(row.cells), 'cell')}, where line {line} names "
                f"{counted(len(header), 'column')}.",
            )
    return header, rows


def rows_of(text: str, delimiter: str, name: str) -> Iterator[Row]:
    """Yield the rows that are not blank, with the spaces around each cell removed."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    line = 1
    try:
        for cells in reader:
            if len(cells) > 1 or any(cell.strip() for cell in cells):
                yield Row(line, [cell.strip() for cell in cells])
            line = reader.line_num + 1  # a quoted cell may reach over several lines
    except csv.Error as error:
        raise refused(name, line, f"this is no CSV ({error}): look for a lone quote.") from None


def check_header(header: list[str], line: int, name: str) -> None:
    """Raise ValueError if the first row does not name the columns."""
    if len(header) < 2:
        raise refused(
            name,
            line,
            f"a single column, {header[0]!r}: a table needs a feature and a target, separated by "
            "commas, semicolons or tabs.",
        )
    if all(is_number(cell) for cell in header):
        raise refused(name, line, "only numbers, where the names of the columns should be.")
    for position, column in enumerate(header):
        if not column:
            raise refused(name, line, f"column {position + 1} has no name.")
        if column in header[:position]:
            raise refused(name, line, f"two columns are called {column!r}.")


def target_place(header: list[str], target: str | None, name: str) -> int:
    """Return which column is to be learned, or raise ValueError if there is none of that name."""
    if target is None:
        return len(header) - 1
    if target in header:
        return header.index(target)
    advice = did_you_mean(target, header)
    raise ValueError(f"{name} has no column {target!r}.{advice} It has: {', '.join(header)}.")


def learned(
    column: str, place: int, rows: list[Row], name: str, classes: bool | None
) -> tuple[list[int] | list[float], list[str]]:
    """Return the targets and, if they are classes, their names."""
    cells = [row.cells[place] for row in rows]
    for row, cell in zip(rows, cells, strict=True):
        if not cell:
            raise missing(cell, column, row.line, name)
    numeric = [is_number(cell) for cell in cells]
    if classes is None and any(numeric) and not all(numeric):
        raise refused(
            name,
            rows[numeric.index(False)].line,
            f"the target {column!r} is {cells[numeric.index(False)]!r}, where other lines have "
            "numbers. If all of them are names of classes, pass classes=True.",
        )
    if classes or (classes is None and not any(numeric)):
        class_names = sorted(set(cells), key=float if all(numeric) else str)
        places = {each: position for position, each in enumerate(class_names)}
        return [places[cell] for cell in cells], class_names
    return [number(cell, column, row.line, name) for row, cell in zip(rows, cells, strict=True)], []


def number(cell: str, column: str, line: int, name: str) -> float:
    """Return a cell as a finite number, or raise ValueError."""
    if is_number(cell):
        return float(cell)
    if cell.lower() in MISSING:
        raise missing(cell, column, line, name)
    advice = " Write a point, not a comma." if is_number(cell.replace(",", ".")) else ""
    raise refused(name, line, f"column {column!r} holds {cell!r}, which is no number.{advice}")


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number, as people write it: Python's 1_000 is none."""
    try:
        return math.isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False


def missing(cell: str, column: str, line: int, name: str) -> ValueError:
    """Return the error that says that a cell is missing."""
    what = f"is missing ({cell!r})" if cell else "is missing"
    return refused(
        name, line, f"the number in column {column!r} {what}. Fill it in, or delete the line."
    )


def refused(name: str, line: int, reason: str) -> ValueError:
    """Return the error that says what is wrong with a file, and where."""
    return ValueError(f"{name}, line {line}: {reason}")
