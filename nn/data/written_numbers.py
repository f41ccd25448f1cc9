"""Numbers as people write them: 1,234.5 and 1.234,5, 1 234, $12, 12 %, and a typographer's minus.

Each is read where it can mean one thing only. 2,302 alone may be two thousand or two and a bit; the
other cells and the delimiter of the file often settle it, and where they do not, nobody guesses.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable
from typing import NamedTuple

# What stands for a number that nobody has written down.
MISSING = {
    "", "?", "-", "--", "\u2013", "\u2014", ".", "..", "na", "n/a", "n.a.", "<na>", "nan", "null",
    "none", "missing", "#n/a", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!",
}  # fmt: skip
CURRENCIES = "$€£¥₹₩₽₺"
BLANKS = " \u00a0\u2009\u202f'\u2019"  # between groups of three digits they mean nothing else
MINUS = str.maketrans("\u2212\u2013", "--")  # the typographers' minus, and the dash used for it


def pattern(decimal: str) -> re.Pattern[str]:
    """Return the pattern of numbers with this decimal mark; the other mark may part thousands.

    Groups have three digits each and are parted by one and the same mark; the first of them does
    not begin with 0, so that 0,125 is never a hundred and twenty-five.
    """
    other = "," if decimal == "." else "."
    return re.compile(
        rf"(?P<sign>[+-]?)(?=[\d{decimal}])"
        rf"(?P<whole>[1-9]\d{{0,2}}(?P<mark>[{BLANKS}{other}])\d{{3}}(?:(?P=mark)\d{{3}})*|\d*)"
        rf"(?:[{decimal}](?P<decimals>\d*))?(?P<exponent>[eE][+-]?\d+)?"
    )


PATTERNS = {mark: pattern(mark) for mark in ".,"}


class Written(NamedTuple):
    """A cell without its unit: the digits with their marks, and "$", "%" or "" for the unit."""

    digits: str
    unit: str


def written(cell: str) -> Written:
    """Return what a cell says, its unit apart.

    >>> written("-$1,200"), written("12 %")
    (Written(digits='-1,200', unit='$'), Written(digits='12', unit='%'))
    """
    text = cell.translate(MINUS).strip()
    if text.endswith("%"):
        return Written(text[:-1].rstrip(), "%")
    sign = text[:1] if text[:1] in ("+", "-") else ""
    body = text[len(sign) :].lstrip()
    for unit in (body[:1], body[-1:]):
        if unit and unit in CURRENCIES:
            return Written(sign + body.strip(unit).strip(), unit)
    return Written(text, "")


@functools.lru_cache(100_000)  # the cells of a file are looked at in several ways
def number_in(cell: str, decimal: str = ".") -> float | None:
    """Return the number in a cell, or None if it holds none that is finite.

    A percentage is a hundredth, as in mathematics; a currency sign is only a unit.

    >>> [number_in(cell) for cell in ("1,234.5", "$12", "12%", "twelve")]
    [1234.5, 12.0, 0.12, None]
    >>> number_in("1.234,5", ",")
    1234.5
    """
    digits, unit = written(cell)
    found = PATTERNS[decimal].fullmatch(digits)
    if found is None:
        return None
    whole = found["whole"].replace(found["mark"] or ",", "")
    text = f"{found['sign']}{whole}.{found['decimals'] or ''}{found['exponent'] or ''}"
    try:
        value = float(text)
    except ValueError:  # a lone mark
        return None
    if not math.isfinite(value):
        return None
    return value / 100 if unit == "%" else value


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a number that is not there."""
    return cell.lower() in MISSING


def possible_marks(cell: str) -> str:
    """Return the decimal marks with which a cell is a number: "", one of them, or both.

    >>> possible_marks("12.5"), possible_marks("1.234,5"), possible_marks("2,302")
    ('.', ',', '.,')
    """
    return "".join(mark for mark in PATTERNS if number_in(cell, mark) is not None)


def is_ambiguous(cell: str) -> bool:
    """Whether a cell is one number with a decimal point and another with a decimal comma.

    >>> is_ambiguous("2,302"), is_ambiguous("2,30"), is_ambiguous("2302")
    (True, False, False)
    """
    return number_in(cell, ".") != number_in(cell, ",") and len(possible_marks(cell)) == 2


def sure_marks(cells: Iterable[str]) -> str:
    """Return the decimal marks of the cells that can be read in one way only.

    >>> sure_marks(["2,302", "7", "12.5"]), sure_marks(["1.5", "1,5"]), sure_marks(["7"])
    ('.', ',.', '')
    """
    marks = {possible_marks(cell) for cell in cells if "." in cell or "," in cell}
    return "".join(sorted(mark for mark in marks if len(mark) == 1))


def decimal_mark(sure: str, doubtful: Iterable[str], delimiter: str) -> str | None:
    """Return the decimal mark of cells, or None if the doubtful ones could mean two things.

    ``sure`` are the marks of those that can be read in one way only. A delimiter has a mark that is
    usual beside it: whoever parts columns by semicolons needs the comma for the decimals.

    >>> decimal_mark("", ["2,302"], ";"), decimal_mark(".", ["2,302"], ",")
    (',', '.')
    >>> decimal_mark("", ["2,302"], ",") is None
    True
    """
    usual = {",": ".", ";": ","}.get(delimiter)
    decimal = sure or usual or "."
    if len(decimal) > 1:
        return None
    in_thousands = any(decimal not in cell for cell in doubtful)
    # A mark between thousands is believed only where both signs of it agree.
    if in_thousands and (not sure or usual not in (None, decimal)):
        return None
    return decimal
