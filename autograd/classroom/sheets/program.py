"""A program: the lines that a student works through by hand, one operation each.

Written as text it is printed on a sheet and stored in a file; built, it is a graph of Values in
which every node has its line's name.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograd.story.read_expression import ExpressionError, Reader
from autograd.value import Value

DECIMALS = 2  # that a number on a sheet has at most


def tidy(value: float) -> float:
    """Return a hand-friendly number without what binary fractions have added: 1.8 for 3 * 0.6.

    >>> tidy(3 * 0.6), tidy(-0.0)
    (1.8, 0.0)
    """
    return round(value, DECIMALS) + 0.0


def decimal(value: float) -> str:
    """Return a number as a sheet prints it, without a point where it is whole.

    >>> decimal(3 * 0.6), decimal(-4.0)
    ('1.8', '-4')
    """
    return f"{tidy(value):.{DECIMALS}f}".rstrip("0").rstrip(".")


def hand_friendly(value: float, limit: float = 100.0) -> bool:
    """Whether a number has at most two decimals and is not too large to reckon with.

    >>> hand_friendly(3 * 0.6), hand_friendly(1 / 3), hand_friendly(1000.0)
    (True, False, False)
    """
    return abs(value) <= limit and abs(value - round(value, DECIMALS)) < 1e-9


@dataclass(frozen=True)
class Recipe:
    """The numbers of the leaves, and the lines that compute with them; the last is the result.

    >>> program = Recipe({"a": 2.0, "b": -3.0}, {"u": "a * b", "y": "u + a"})
    >>> print(program)
    a = 2, b = -3
    u = a * b
    y = u + a
    >>> program.build()["y"].data
    -4.0
    """

    numbers: Mapping[str, float]
    lines: Mapping[str, str]

    def build(self) -> dict[str, Value]:
        """Return the node of every name, each labelled with it: leaves first, the result last.

        Raises ExpressionError for a line that is not an expression of the names before it.
        """
        nodes = {name: Value(number, label=name) for name, number in self.numbers.items()}
        for name, line in self.lines.items():
            nodes[name] = node = node_of_line(line, nodes)
            node.label = name
        return nodes

    @property
    def result(self) -> str:
        """The name of the last line."""
        return list(self.lines)[-1]

    @property
    def given(self) -> str:
        """The numbers of the leaves, as a sheet prints them."""
        return ", ".join(f"{name} = {decimal(number)}" for name, number in self.numbers.items())

    def __str__(self) -> str:
        return "\n".join([self.given, *(f"{name} = {line}" for name, line in self.lines.items())])

    def as_data(self) -> dict[str, Any]:
        """Return the program as JSON can hold it; ``Program(**data)`` reads it again."""
        return {"numbers": dict(self.numbers), "lines": dict(self.lines)}


def node_of_line(line: str, nodes: Mapping[str, Value]) -> Value:
    """Return the node of one line, computed from the nodes before it."""
    try:
        result = Reader(line, nodes).read(ast.parse(line, mode="eval").body)
    except SyntaxError:
        raise ExpressionError(f"{line!r} is not an expression.") from None
    if not isinstance(result, Value) or result.label:
        raise ExpressionError(f"{line!r} computes nothing: a line has an operation.")
    return result
