"""How a file is to be read where it does not say so itself, and how a message names the cure.

A file that could mean two things is refused, never guessed at; the message then ends with what
settles it. In Python that is an argument, ``decimal=","``, and in the command an option,
``--decimal ,``: ``spell`` writes whichever the reader of the message can use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = ("refuse", "drop")
MARKS = (".", ",")


def as_arguments(cures: Mapping[str, Any]) -> str:
    """Return what to write in Python.

    >>> as_arguments({"without": ["Id"], "missing": "drop"})
    "without=['Id'], missing='drop'"
    """
    return ", ".join(f"{name}={cure!r}" for name, cure in cures.items())


@dataclass(frozen=True)
class Reading:
    """What to know of a file beside its content; None is: as the file itself shows.

    ``missing`` says what becomes of a row with a cell that is missing: "refuse" the file, or "drop"
    the row. ``decimal`` and ``thousands`` are the marks in its numbers; ``header`` says whether its
    first row names the columns.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: str = "refuse"
    spell: Callable[[Mapping[str, Any]], str] = as_arguments

    def __post_init__(self) -> None:
        if self.missing not in MISSING:
            raise ValueError(f"missing is 'refuse' or 'drop', not {self.missing!r}.")
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise ValueError(
                f"a delimiter is one character, such as ';' or a tab, not {self.delimiter!r}."
            )
        for name in ("decimal", "thousands"):
            if getattr(self, name) not in (None, *MARKS):
                raise ValueError(
                    f"{name} is a point or a comma, not {getattr(self, name)!r}; blanks and "
                    "apostrophes between thousands are understood without it."
                )
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(
                f"{self.decimal!r} cannot be the decimal mark and part thousands, too."
            )

    @property
    def decimal_mark(self) -> str | None:
        """The mark before the decimals, if it was said: either of the two options settles both."""
        if self.decimal is None and self.thousands is not None:
            return "," if self.thousands == "." else "."
        return self.decimal
