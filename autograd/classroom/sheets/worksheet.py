"""worksheet: exercises to print, one variant for every student, with a key of worked steps."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from autograd.classroom.answers.exercise import Exercise
from autograd.classroom.sheets.class_list import names_of
from autograd.classroom.sheets.levels import LEVELS, Draw, friendly_program
from autograd.classroom.sheets.questions import KINDS, Question, from_data
from autograd.machinery.whole_files import write_whole

FORMS = ("html", "pdf", "md", "json")
WIDE = 5  # lines of a program, beyond which its picture needs a wide page
MOST_QUESTIONS = 200  # on one sheet: nobody works through more


@dataclass(frozen=True)
class Sheet:
    """The questions of one student, who is nobody where there is one sheet for all."""

    student: str
    questions: tuple[Question, ...]
    title: str

    @property
    def heading(self) -> str:
        """The title, with the name of the student if there is one."""
        return f"{self.title} · {self.student}" if self.student else self.title


class Worksheet(Sequence[Sheet]):
    """The sheets of all students. In a notebook it shows itself.

    ``save`` writes them, ``key`` is the same with the answers and how they come about.

    >>> sheets = worksheet(seed=7, level=1, count=2)
    >>> print(sheets[0].questions[0].program)
    a = -1, b = 3
    y = a * b
    >>> sheets[0].questions[0].answers
    {'y': -3.0}
    """

    def __init__(self, sheets: Sequence[Sheet], *, seed: object, solved: bool = False) -> None:
        self.sheets = tuple(sheets)
        self.seed = seed
        self.solved = solved

    def __len__(self) -> int:
        return len(self.sheets)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Worksheet(self.sheets[place], seed=self.seed, solved=self.solved)
        return self.sheets[place]

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    @property
    def key(self) -> Worksheet:
        """The same sheets with the answers and the worked steps, for the teacher."""
        return Worksheet(self.sheets, seed=self.seed, solved=True)

    @property
    def landscape(self) -> bool:
        """Whether the pictures are so wide that the paper is to lie on its side."""
        lines = [len(question.program.lines) for sheet in self for question in sheet.questions]
        return max(lines) > WIDE

    def save(self, filename: str | os.PathLike[str]) -> Path:
        """Write all sheets to a file and return its path; the suffix says in which form.

        ``.html`` and ``.pdf`` are for print, with pictures of the graphs; ``.md`` is text;
        ``.json`` holds the questions and their sealed answers, for ``read_exercises`` in the
        students' notebooks, and not the key.

        Raises ValueError for another suffix, RenderError if no picture can be made, and OSError if
        the file cannot be written.
        """
        path = Path(filename)
        kind = path.suffix[1:].lower()
        if kind not in FORMS or (kind == "json" and self.solved):
            raise ValueError(
                f"save() cannot tell the format of {str(path)!r}: end the name in .html or .pdf "
                "for print, .md for text"
                + ("." if self.solved else " or .json for the students' notebooks.")
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}. Create it "
                "first, or save somewhere else."
            )
        content = self.sealed() if kind == "json" else self.printed(kind)

        write_whole(path, content.encode() if isinstance(content, str) else content)
        return path

    def printed(self, kind: str) -> str | bytes:
        """Return all sheets as a document of this kind: html, pdf or md."""
        form = import_module(f"autograd.classroom.sheets.as_{kind}")
        content: str | bytes = form.document(self)
        return content

    def sealed(self) -> str:
        """Return the questions as JSON, with their answers sealed."""
        students = [
            {
                "student": sheet.student,
                "questions": [
                    question.as_data(salt=f"{sheet.student}/{number}/")
                    for number, question in enumerate(sheet.questions, 1)
                ],
            }
            for sheet in self
        ]
        return json.dumps(
            {"title": self[0].title, "students": students}, ensure_ascii=False, indent=1
        )

    def __repr__(self) -> str:
        name = "Key" if self.solved else "Worksheet"
        return f"<{name}: {self[0].title}, {len(self)} x {len(self[0].questions)} exercises>"

    def _repr_html_(self) -> str:
        page = html.escape(str(self[:1].printed("html")))
        return (
            f'<iframe srcdoc="{page}" sandbox="" width="100%" height="600" '
            f'style="border:1px solid #8884" title="{html.escape(self[0].title)}"></iframe>'
        )


def worksheet(
    seed: int | str,
    level: int,
    count: int = 6,
    *,
    students: Iterable[str] | str | os.PathLike[str] = "",
    kinds: Sequence[str] = tuple(KINDS),
    title: str = "",
) -> Worksheet:
    """Return printable exercises: ``count`` of them, of the ``kinds`` in turn.

    All numbers, those on the way too, have at most two decimals. ``level`` goes from 1, one
    multiplication, to 5, a network of two layers. Each of the ``students``, a list of names or a
    file with a name in every line (or a CSV file with a column of names), gets a sheet with numbers
    of their own.

    The same seed gives the same sheets on any machine, with one version of this package: a seed
    that students guess gives them the key.

    Raises ValueError for a level, a count or a kind that does not exist, and for a class list that
    cannot be read, has no name in it, or one that occurs twice or is too long.

    >>> worksheet(seed=7, level=3, count=4, students=["Ada", "Grace"])
    <Worksheet: Backpropagation by hand: a variable used twice, 2 x 4 exercises>
    """
    if level not in LEVELS:
        known = ", ".join(f"{number} ({name})" for number, name in LEVELS.items())
        raise ValueError(f"level must be one of {known}; not {level!r}.")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_QUESTIONS:
        raise ValueError(f"count must be a whole number from 1 to {MOST_QUESTIONS}, not {count!r}.")
    for kind in kinds or [""]:
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind!r} of exercise. Known: {', '.join(KINDS)}.")
    title = title or f"Backpropagation by hand: {LEVELS[level]}"
    sheets = []
    for student in names_of(students):  # whose numbers depend on nobody else in the class
        questions = tuple(
            question(kinds[number % len(kinds)], level, Draw(seed, level, student, number))
            for number in range(count)
        )
        sheets.append(Sheet(student, questions, title))
    return Worksheet(sheets, seed=seed)


def question(kind: str, level: int, draw: Draw) -> Question:
    """Return a question of a kind about a program whose numbers suit it."""
    while True:  # most programs suit any kind: two or three tries
        found = KINDS[kind](friendly_program(level, draw), draw)
        if found is not None:
            return found


def read_exercises(filename: str | os.PathLike[str], student: str = "") -> list[Exercise]:
    """Return the exercises that ``save("sheet.json")`` has written, for ``check``.

    ``student`` says whose. Raises ValueError if there is no such student.
    """
    data = json.loads(Path(filename).read_text(encoding="utf-8"))
    sheets = {sheet["student"]: sheet["questions"] for sheet in data["students"]}
    if student not in sheets:
        raise ValueError(
            f"{str(filename)!r} has no sheet for {student!r}. It has sheets for "
            f"{', '.join(map(repr, sheets))}."
        )
    return [from_data(question) for question in sheets[student]]
