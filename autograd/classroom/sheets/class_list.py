"""The names of a class, from a list or from a file as schools have them.

A file has a name in every line, or is a table in which a column has the names: what a learning
platform or a spreadsheet exports. Its encoding is found out, since hardly anybody knows it.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path

LONGEST = 100  # letters of a name; beyond that it is another kind of file
MOST = 10_000  # names
DELIMITERS = "\t;,"
# What columns of names are called, in some languages; without signs and blanks.
WHOLE = {
    *("name", "names", "student", "students", "studentname", "fullname", "learner", "pupil"),
    *("participant", "user", "username", "schüler", "schülerin", "studierende", "teilnehmer"),
    *("nom", "élève", "étudiant", "nombre", "alumno", "estudiante", "nome", "aluno", "studente"),
}
FIRST = {"first", "firstname", "givenname", "forename", "vorname", "prénom", "prenom"}
LAST = {"last", "lastname", "surname", "familyname", "nachname", "familienname", "apellido"}


def names_of(students: Iterable[str] | str | os.PathLike[str]) -> list[str]:
    """Return the names in a list or a file, without empty lines; nobody's name is one sheet.

    >>> names_of(["Ada", " Grace "]), names_of("")
    (['Ada', 'Grace'], [''])
    """
    if isinstance(students, str) and not students:
        return [""]
    if isinstance(students, str | os.PathLike):
        students = names_in(Path(students))
    names = [name.strip() for name in students if name.strip()]
    if not names:
        raise ValueError("the class list has no name in it: write one name in every line.")
    if len(names) > MOST:
        raise ValueError(
            f"the class list has {len(names):,} names, and {MOST:,} is the most: split it."
        )
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{name} is in the class list twice: tell them apart, as in 'Ada L.'.")
        if len(name) > LONGEST:
            raise ValueError(
                f"{name[:40]!r}... has {len(name)} letters, which is no name: write one name in "
                "every line of the class list."
            )
        seen.add(name)
    return names


def names_in(path: Path) -> list[str]:
    """Return the names in a file: its lines, or a column of its table."""
    lines = decoded(path).splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error as error:
        raise ValueError(f"{path} is no list of names: {error}.") from None
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    header = [re.sub(r"[\W_]", "", cell).casefold() for cell in rows[0]]
    columns = columns_of_names(header)
    if columns:
        return [" ".join(row[each] for each in columns if each < len(row)) for row in rows[1:]]
    if len(header) > 1 and path.suffix.lower() in (".csv", ".tsv"):
        raise ValueError(
            f"{path} has {len(header)} columns, {', '.join(map(repr, rows[0][:4]))}, and none is "
            "called name: give the column of names the title name, or keep no other column."
        )
    if all(len(row) == 1 for row in rows):
        return [row[0] for row in rows]  # without quotes
    return lines  # a comma in it is a part of the name, as in Lovelace, Ada


def columns_of_names(header: list[str]) -> list[int]:
    """Return which columns have the names, going by their titles; none if these are no titles.

    >>> columns_of_names(["id", "name"]), columns_of_names(["surname", "firstname"])
    ([1], [1, 0])
    """
    first, last, whole = (
        next((place for place, title in enumerate(header) if title in titles), None)
        for titles in (FIRST, LAST, WHOLE)
    )
    if first is not None and (last is not None or whole is not None):
        # A column "name" beside one of first names has the family names.
        return [first, last if last is not None else whole or 0]
    return [each for each in (whole, last, first) if each is not None][:1]


def decoded(path: Path) -> str:
    """Return the text of a file in UTF-8 or UTF-16, else in the one of Western Windows.

    Raises ValueError for a spreadsheet, and for what is no text at all.
    """
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        raise ValueError(
            f"{path} is a spreadsheet or an archive: save the list as CSV or as text, with a name "
            "in every line."
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if b"\0" in data:
        raise ValueError(f"{path} is no text: write a text file with one name in every line.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
