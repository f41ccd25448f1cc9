"""Colours, and names that fit: what charts and diagrams share, without any package of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nn.checks.arguments import counted

# The colours of Okabe and Ito, "Color universal design", 2008, told apart with any kind of colour
# vision. Their yellow is last but the black: on white paper it is faint.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
INK = "#333333"
FAINT = "#DDDDDD"
POSITIVE, NEGATIVE = COLOURS[0], COLOURS[5]


def shortened(name: Any, width: int = 22) -> str:
    """Return a name in one line of 1 to ``width`` characters, all of which can be printed.

    An empty name becomes a no-break space: of a label that has no characters but its alignment,
    Graphviz's neato crashes.

    >>> shortened("a name that takes all of the room")
    'a name that takes all…'
    """
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(str(name).split()))
    return (line if len(line) <= width else line[: width - 1] + "…") or "\u00a0"


def check_count(what: str, names: Sequence[Any], count: int, things: str) -> None:
    """Raise ValueError if names were given, and not as many as there are things to name."""
    if len(names) not in (0, count):
        raise ValueError(
            f"{what} has {counted(len(names), 'name')}; the number of {things} is {count}."
        )
