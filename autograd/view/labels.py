"""Numbers and names as a picture shows them, safe for every reader of the DOT language.

A name is whatever a student wrote: quotes, backslashes, ``<b>``, line breaks, 10,000 characters.
It goes into the picture in three forms: short and visible, whole in the tooltip, and exact in an
attribute of its own, from which a program that reads the DOT source gets it back.
"""

from __future__ import annotations

import html
import re

from autograd.machinery.required import required

# Neither XML nor a C string can hold these characters.
UNPRINTABLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
UNPRINTABLE |= dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
NOT_IN_DOT = {code: sign for code, sign in UNPRINTABLE.items() if code == 0 or code >= 0xD800}


def number_label(value: float) -> str:
    """Return a number with up to six significant digits, as short as it can be written.

    >>> [number_label(each) for each in (2.0, -0.00402335, 1e300, float("nan"))]
    ['2', '-0.00402335', '1e300', 'nan']
    """
    written = f"{value + 0.0:.6g}"  # adding 0.0 turns -0.0 into 0.0
    return re.sub(r"e\+?(-?)0*(\d)", r"e\1\2", written)


def visible(text: str) -> str:
    """Return the text in the form for Graphviz's HTML-like labels, where it shows as it is."""
    return html.escape(text.translate(UNPRINTABLE), quote=False).replace("\\", "\\\\")


def hover(text: str) -> str:
    """Return the text in the form for a tooltip, where Graphviz reads backslashes twice.

    More than 1,000 characters nobody reads in a tooltip.
    """
    text = text if len(text) <= 1000 else text[:999] + "…"
    safe = html.escape(text.translate(UNPRINTABLE), quote=False)
    return safe.replace("\\", "\\\\\\\\")


def exact(name: str) -> str:
    """Return the name in the form for an attribute, where it is whole, its backslashes doubled.

    The DOT language cannot hold every sequence of backslashes and quotes, but it holds all in
    which the backslashes are doubled. A NUL becomes its picture. Graphviz refuses a piece of text
    longer than 16,384 bytes, so a long name is broken into pieces: a backslash at the end of a line
    says that the text goes on, and the parser joins them again.
    """
    name = name.translate(NOT_IN_DOT)
    pieces = [name[start : start + 400] for start in range(0, len(name), 400)]
    if name.endswith("\n"):  # graphviz takes "0\n" for a number, and would not quote it
        pieces.insert(0, "")
    written = "\\\n".join(piece.replace("\\", "\\\\") for piece in pieces)
    escaped: str = required("graphviz", "A picture").nohtml(written)
    return escaped
