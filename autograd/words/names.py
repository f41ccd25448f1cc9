"""What to call a node: its label, else the reader's variable name, else its formula."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

# name -> how tightly it binds; comparisons stand in a recording only
INFIX = {
    "<": 0, "<=": 0, ">": 0, ">=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4,
}  # fmt: skip
WIDEST = 8  # arguments of one operation are written out
Names = Mapping[Any, str]


# The code of this project, which is never the user's. A student's own file nn.py lies elsewhere.
ENGINE = os.path.dirname(os.path.dirname(__file__)) + os.sep  # noqa: PTH120  # quicker to import
NETWORKS = os.path.join(os.path.dirname(ENGINE[:-1]), "nn", "")  # noqa: PTH118, PTH120  # likewise


def user_frame(ours: tuple[str, ...] = (ENGINE, NETWORKS)) -> FrameType | None:
    """Return the innermost frame whose code lies outside of the folders of this project."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(ours):
        frame = frame.f_back
    return frame


def package_of(frame: FrameType) -> str:
    """Return the name of the package that a frame's code belongs to; of a script, ``__main__``."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def names_of_user(kind: type) -> dict[Any, str]:
    """Return the name of each node of this kind that a variable of the user's code refers to."""
    return variable_names(user_frame(), kind)


def variable_names(frame: FrameType | None, kind: type) -> dict[Any, str]:
    """Return the name of each node of this kind that a variable of the frame refers to.

    Lists and tuples of nodes give names such as ``w[0]``. Of several names the first one counts.
    """
    names: dict[Any, str] = {}
    if frame is None:
        return names
    for name, held in list(frame.f_locals.items()):
        if name.startswith("_"):
            continue
        if isinstance(held, kind):
            names.setdefault(held, name)
        elif type(held) in (list, tuple) and len(held) <= 1000:
            for position, item in enumerate(held):
                if isinstance(item, kind):
                    names.setdefault(item, f"{name}[{position}]")
    return names


def formula(node: Any, names: Names | None = None, *, depth: int = 3) -> str:
    """Return the node's label or name, else what it computes, written ``depth`` operations deep.

    >>> from autograd import Value
    >>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
    >>> formula((a + b) * 2.0), formula((a + b).tanh())
    ('(a + b) * 2', 'tanh(a + b)')
    """
    return written(node, names or {}, depth)[0]


def written(node: Any, names: Names, depth: int) -> tuple[str, int]:
    """Return the text of a node and how tightly its outermost operation binds."""
    if type(node) is float:
        return f"{node:g}", 9 if node >= 0 else 3
    name = node.label or names.get(node)
    if name:
        return name, 9
    if node.op is None:
        return f"{node.data:g}", 9 if node.data >= 0 else 3
    if not depth:
        return "...", 9
    op = node.op.name
    parts = [written(argument, names, depth - 1) for argument in node.args[:WIDEST]]
    if len(node.args) > WIDEST:
        parts.append(("...", 9))
    if op == "alias":
        return parts[0]
    binding = INFIX.get(op)
    if binding is None:
        return f"{op}({', '.join(text for text, _ in parts)})", 9
    if op == "neg":
        return "-" + wrapped(parts[0], binding), binding
    left, right = parts
    # a - (b - c) and a / (b / c) need their parentheses, (a ** b) ** c too.
    left_text = wrapped(left, binding + (op == "**"))
    right_text = wrapped(right, binding + (op in "-/"))
    space = "" if op == "**" else " "
    return f"{left_text}{space}{op}{space}{right_text}", binding


def wrapped(part: tuple[str, int], least: int) -> str:
    """Return the text, in parentheses if it binds less tightly than it has to here."""
    text, binding = part
    return f"({text})" if binding < least else text
