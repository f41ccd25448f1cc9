"""CSV files: a table that a student brings, or what is wrong with it and what cures that.

Nothing is guessed and nothing is left out in silence: a row that was skipped would be missed by
nobody, and a missing number that became a 0 would be learned. What stands in the way is gathered
over the whole file and said at once, with all that cures it.

The reading path: ``file_text`` (which encoding), ``csv_table`` (rows and columns),
``written_numbers`` (1,234.5 or 1.234,5), then here: which columns are learned from, and which one
is learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from nn.checks.arguments import counted
from nn.data.columns import Column, Problems, column_of, place_of
from nn.data.csv_table import Table, refused, table_of_text
from nn.data.dataset import Dataset
from nn.data.file_text import text_of_file
from nn.data.reading import Reading
from nn.data.written_numbers import is_missing, number_in, possible_marks


@dataclass(frozen=True)
class Chosen:
    """Which column is to be learned, and which ones from: without ``features``, all others.

    ``target`` is by itself the last column. ``classes`` says that its numbers are names.
    """

    target: str | None = None
    classes: bool | None = None
    features: Sequence[str] | None = None
    without: Sequence[str] = ()


def load_csv(
    path: str | PathLike[str],
    target: str | None = None,
    *,
    classes: bool | None = None,
    features: Sequence[str] | None = None,
    without: Sequence[str] = (),
    missing: str = "refuse",
    decimal: str | None = None,
    thousands: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
) -> Dataset:
    r"""Return the table in a CSV file: numbers to learn from, and one column to be learned.

    ``target`` is the name of the column to be learned, the last if it is not given; ``features``
    are the columns to learn from, by default all others, ``without`` those to leave out. A target
    of text is classes: ``class_names`` has them in order, and ``y`` the place of each; 1 and 1.0,
    true and True are one class. A target of numbers is learned as it is, as floats, unless
    ``classes=True`` says that these numbers are names.

    The first line names the columns. Commas, semicolons, tabs or bars between them are found out;
    so are UTF-8 and UTF-16, decimal commas, thousands (1,234.5 or 1.234,5 or 1 234), currencies and
    percentages (12% is 0.12) wherever they can mean one thing only. Where they cannot, ``decimal``,
    ``thousands``, ``delimiter``, ``header`` and ``encoding`` say it. ``missing="drop"`` leaves out
    the rows in which a cell that is needed is missing: empty, ?, NA, nan. An index, a first column
    without a name that counts the rows, is left out by itself.

    Raises ValueError, with the file, the lines and the cure, for cells that are missing or
    ambiguous, columns that are not numbers, rows of another length, unknown names, and other kinds
    of file; OSError for a file that cannot be read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fruit.csv"
    ...     _ = path.write_text("grams,red,fruit\n120,0.2,pear\n180,0.9,apple\n", encoding="utf-8")
    ...     fruit = load_csv(path)
    >>> fruit.X, fruit.y, fruit.class_names
    ([[120.0, 0.2], [180.0, 0.9]], [1, 0], ['apple', 'pear'])
    """
    reading = Reading(delimiter, header, encoding, decimal, thousands, missing)
    path = Path(path)
    table = table_of_text(text_of_file(path, reading), path.name, reading)
    return dataset_of(table, Chosen(target, classes, features, without), reading)


def dataset_of(
    table: Table, chosen: Chosen | None = None, reading: Reading | None = None
) -> Dataset:
    r"""Return the numbers and the classes in a table, or raise ValueError for all that is none.

    What was left out is added to the table's notes.

    >>> dataset_of(table_of_text("size;price\n80;8000\n120;12500\n", "houses")).y
    [8000.0, 12500.0]
    """
    chosen, reading = chosen or Chosen(), reading or Reading()
    place = target_place(table, chosen)
    features = [
        column_of(table, each, reading) for each in feature_places(table, chosen, place, reading)
    ]
    target = column_of(table, place, reading)
    as_classes = target_is_classes(target, chosen, reading)
    problems = Problems(table, features, target, as_classes, reading, chosen.without)
    problems.refuse()
    keep = problems.complete_rows()
    if len(keep) < len(table.rows):
        table.notes.append(
            f"left out {len(table.rows) - len(keep)} of {len(table.rows)} rows, in which cells are "
            "missing."
        )
    columns = [column.numbers() for column in features]
    y, class_names = learned(target, keep, as_classes)
    return Dataset(
        X=[[numbers[row] for numbers in columns] for row in keep],
        y=y,
        feature_names=[column.title for column in features],
        class_names=class_names,
    )


# Which columns ------------------------------------------------------------------------------------


def target_place(table: Table, chosen: Chosen) -> int:
    """Return which column is to be learned, or raise ValueError if there is none of that name."""
    if chosen.target is not None:
        return place_of(table, chosen.target)
    left_out = {place_of(table, title) for title in chosen.without}
    rest = [place for place in range(len(table.header)) if place not in left_out]
    if not rest:
        raise ValueError(f"{table.name} has no column left to be learned.")
    return rest[-1]


def feature_places(table: Table, chosen: Chosen, target: int, reading: Reading) -> list[int]:
    """Return which columns to learn from, in order, or raise ValueError if there are none."""
    wanted = table.header if chosen.features is None else chosen.features
    left_out = {place_of(table, title) for title in chosen.without} | {target}
    places = [place_of(table, title) for title in wanted]
    if chosen.features is not None and target in places:
        raise ValueError(
            f"{table.name}: {table.header[target]!r} is the column to be learned, so it cannot be "
            "a feature, too: name another target, or leave it out of the features."
        )
    places = [place for place in dict.fromkeys(places) if place not in left_out]
    if places:
        return places
    if len(table.header) > 1:
        raise ValueError(f"{table.name} has no column left to learn {table.header[target]!r} from.")
    if reading.delimiter is not None:
        raise ValueError(
            f"{table.name} has a single column, {table.header[0]!r}, with {reading.delimiter!r} "
            "between two cells: leave the delimiter out, and it is found."
        )
    raise ValueError(
        f"{table.name} has a single column, {table.header[0]!r}: a table needs a feature and a "
        "target, separated by commas, semicolons or tabs. If another character is between them, "
        f"write {reading.spell({'delimiter': ':'})}."
    )


# What is learned ----------------------------------------------------------------------------------


def target_is_classes(target: Column, chosen: Chosen, reading: Reading) -> bool:
    """Whether the target is classes, or raise ValueError if it is numbers here and words there."""
    if chosen.classes is not None:
        return chosen.classes
    pairs = zip(target.rows, target.cells, strict=True)
    there = [(row, cell) for row, cell in pairs if not is_missing(cell)]
    words = [(row, cell) for row, cell in there if not possible_marks(cell)]
    numbers = len(there) - len(words)
    if words and numbers:
        row, cell = words[0]
        raise refused(
            target.file,
            row.line,
            f"the target {target.title!r} is {cell!r}, and a number in {counted(numbers, 'row')}. "
            f"If all of them are names of classes, write {reading.spell({'classes': True})}.",
        )
    return bool(words)


def learned(
    target: Column, keep: list[int], as_classes: bool
) -> tuple[list[int] | list[float], list[str]]:
    """Return the targets of the rows that are kept and, if they are classes, their names."""
    if not as_classes:
        numbers = target.numbers()
        return [numbers[row] for row in keep], []
    names = [class_name(target.cells[row], target.decimal) for row in keep]
    numeric = all(number_in(name) is not None for name in names)
    class_names = sorted(set(names), key=float if numeric else str)
    places = {name: place for place, name in enumerate(class_names)}
    return [places[name] for name in names], class_names


def class_name(cell: str, decimal: str) -> str:
    """Return the one name of a class that may be written in several ways.

    >>> [class_name(cell, ".") for cell in ("1.0", "01", "1", "TRUE", "True", "Oak")]
    ['1', '1', '1', 'true', 'true', 'Oak']
    """
    if cell.lower() in ("true", "false"):
        return cell.lower()
    value = number_in(cell, decimal)
    if value is None or cell.endswith("%"):
        return cell
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def rows_with_features(
    table: Table, titles: Sequence[str], reading: Reading
) -> list[list[float] | None]:
    """Return for each row the numbers in these columns; None for one with a missing cell.

    Rows are left out only where ``reading`` says so, and keep their place, so that answers can
    stand beside them. Raises ValueError as ``dataset_of`` does.
    """
    features = [column_of(table, place_of(table, title), reading) for title in titles]
    problems = Problems(table, features, None, False, reading)
    problems.refuse()
    keep = set(problems.complete_rows())
    columns = [column.numbers() for column in features]
    return [
        [numbers[row] for numbers in columns] if row in keep else None
        for row in range(len(table.rows))
    ]
