"""trace_source: which line of the program made a node.

A node stores what happened, not where. A trace remembers it beside the graph: each node that is
made in the block, with the place in the program that was running. It costs time, so that it is
asked for; and it keeps the nodes alive, so that the latest of them are all that it keeps.
"""

from __future__ import annotations

import linecache
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from autograd.machinery import modes
from autograd.words.names import ENGINE, user_frame

KEPT = 250_000  # nodes that a trace remembers at least; at most, twice as many


class Source(NamedTuple):
    """A place in a program: file, line, the text of the line, and the expression in it.

    ``text`` and ``expression`` are empty where the program's text is not at hand, as in
    ``python -c``.
    """

    file: str
    line: int
    text: str
    expression: str

    def __str__(self) -> str:
        """Return the place in one line, such as ``lesson.py:12: loss = (a * b).tanh()``."""
        name = Path(self.file).name
        if "ipykernel" in self.file:  # each cell of a notebook is a file with a name like 1234.py
            name = "this notebook"
        return f"{name}:{self.line}: {self.text}" if self.text else f"{name}:{self.line}"


class trace_source:  # noqa: N801  # a context manager reads like a keyword
    """Remember, inside the block, for each new node the line of the program that made it.

    ``draw`` then shows the line when the mouse is over the node, and so do errors and ``explain``.
    It holds for this thread only. The lines are known until the next trace begins, or until
    ``forget()``; so long, the nodes stay in memory, but for the oldest where they are very many.

    >>> from autograd import Value
    >>> with trace_source() as trace:
    ...     x = Value(3.0, label="x")
    ...     y = x * x + 1.0
    >>> trace.source(y).expression, trace.source(y.args[0]).expression
    ('x * x + 1.0', 'x * x')
    """

    def __init__(self) -> None:
        self.recent: dict[Any, tuple[CodeType, int]] = {}
        self.older: dict[Any, tuple[CodeType, int]] = {}

    def __enter__(self) -> trace_source:
        global latest
        latest = self
        self.outer, modes.current.born = modes.current.born, self.remember
        modes.pausing.append(None)  # every operation takes the long road, which tells of new nodes
        return self

    def __exit__(self, *_: object) -> None:
        modes.current.born = self.outer
        modes.pausing.pop()

    def remember(self, node: Any) -> None:
        """Keep the place in the program that has just made a node."""
        frame = user_frame((ENGINE,))  # a network's nodes are made in its own lines
        if frame is None:
            return
        if len(self.recent) >= KEPT:
            self.older, self.recent = self.recent, {}
        self.recent[node] = frame.f_code, frame.f_lasti

    def source(self, node: Any) -> Source | None:
        """Return the place in the program that made the node; None if it was made elsewhere."""
        place = self.recent.get(node) or self.older.get(node)
        return found(*place) if place else None

    def forget(self) -> None:
        """Let go of all nodes."""
        self.recent, self.older = {}, {}


latest: trace_source | None = None


def source(node: Any) -> Source | None:
    """Return the place in the program that made the node, if the latest trace has it."""
    return latest.source(node) if latest else None


def where_made(node: Any) -> str:
    """Return where the node was made, as a sentence for a message, or an empty text."""
    place = source(node)
    return f" It was made in {place}." if place else ""


def found(code: CodeType, instruction: int) -> Source:
    """Return the place in the program of an instruction of compiled code.

    Since Python 3.11 compiled code knows the columns of each instruction (PEP 657).
    """
    positions = list(code.co_positions())[instruction // 2]
    first, last, start, end = positions
    line = first or code.co_firstlineno
    text = linecache.getline(code.co_filename, line)
    expression = ""
    if first == last and start is not None and end is not None:
        expression = text.encode()[start:end].decode()  # the columns count bytes
    return Source(code.co_filename, line, text.strip(), expression)
