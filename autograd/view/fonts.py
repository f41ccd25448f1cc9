"""Fonts that have the letters of a name, for what matplotlib writes.

matplotlib brings DejaVu Sans, which has Latin, Greek, Cyrillic and Arabic letters, and no Chinese,
Korean or Hindi ones. Given a list of families it takes each letter from the first that has it.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any

from autograd.machinery.required import required

BROUGHT = "DejaVu Sans"
REPORTED: set[str] = set()  # letters of which a warning has spoken


class MissingLettersWarning(UserWarning):
    """Letters for which this computer has no font: a picture shows boxes instead."""


def families_for(text: str) -> list[str]:
    """Return the families of fonts in which all of the text can be written, DejaVu Sans first.

    Warns with MissingLettersWarning, once for each letter, if no font of this computer has it.

    >>> families_for("loss of the größte Δ")
    ['DejaVu Sans']
    """
    families = {letter: family_with(letter) for letter in dict.fromkeys(text)}
    missing = [letter for letter, family in families.items() if not family]
    if not REPORTED.issuperset(missing):
        REPORTED.update(missing)
        warnings.warn(
            f"no font on this computer has {''.join(missing[:20])!r}: there will be boxes in the "
            "picture. Install a font that has these letters, such as Noto Sans CJK for Chinese, "
            "Japanese and Korean (apt install fonts-noto-cjk) or Noto Sans Devanagari for Hindi "
            "(apt install fonts-noto-core), and start Python again.",
            MissingLettersWarning,
            stacklevel=2,
        )
    # First what all charts are written in, so that only the letters that it lacks look different.
    return list(dict.fromkeys([BROUGHT, *filter(None, families.values())]))


@functools.cache
def family_with(letter: str) -> str:
    """Return the first family that has the letter, DejaVu Sans if it can be, or nothing."""
    if letter.isspace() or not letter.isprintable():
        return BROUGHT
    return next((family for family, font in all_fonts() if has(font, letter)), "")


@functools.cache
def all_fonts() -> list[tuple[str, str]]:
    """Return the upright fonts that matplotlib finds here: family and file, the brought one first.

    Of a family the file of the most usual weight counts. A "last resort" font has a box for every
    letter, and is of no use.
    """
    manager = required("matplotlib.font_manager", "A picture by matplotlib").fontManager
    usual = sorted(manager.ttflist, key=lambda entry: abs(weight(entry) - 400), reverse=True)
    fonts = {
        entry.name: entry.fname
        for entry in usual
        if entry.style == "normal" and "last resort" not in entry.name.lower()
    }
    return [(BROUGHT, fonts.pop(BROUGHT)), *sorted(fonts.items())]


def weight(entry: Any) -> int:
    """Return how heavy a font is, 400 for most; some files have a word instead."""
    return entry.weight if isinstance(entry.weight, int) else 400


def has(font: str, letter: str) -> bool:
    """Whether a font has the letter; a file that cannot be read has none."""
    try:
        face: Any = required("matplotlib.font_manager", "A picture by matplotlib").get_font(font)
    except (OSError, RuntimeError):
        return False
    return bool(face.get_char_index(ord(letter)))
