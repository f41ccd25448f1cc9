"""What to call a node: its label, else the reader's variable name, else its formula."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType
from typing import Any

from autograd.words.formula_printer import CLOSED, Names, formula, given_name, written

NAMELESS = 20  # characters of a formula that stands for a node without a name


# The caller's variables ---------------------------------------------------------------------------

# The code of this project, which is never the user's. A student's own file nn.py lies elsewhere.
ENGINE = os.path.dirname(os.path.dirname(__file__)) + os.sep  # noqa: PTH120  # quicker to import
NETWORKS = os.path.join(os.path.dirname(ENGINE[:-1]), "nn", "")  # noqa: PTH118, PTH120  # likewise


LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120  # Python's own modules
INSTALLED = f"{os.sep}site-packages{os.sep}"


def user_frame(ours: tuple[str, ...] = (ENGINE, NETWORKS)) -> FrameType | None:
    """Return the innermost frame whose code is the user's, and not this project's or a library's.

    ``statistics.mean([x, y])`` calls the engine from a file of Python's own, whose variables the
    user has never seen.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_library(frame.f_code.co_filename, ours):
        frame = frame.f_back
    return frame


def is_library(file: str, ours: tuple[str, ...]) -> bool:
    """Whether code of this file is not the user's."""
    return file.startswith((*ours, LIBRARY)) or INSTALLED in file or file.startswith("<frozen ")


def package_of(frame: FrameType) -> str:
    """Return the name of the package that a frame's code belongs to; of a script, ``__main__``."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def names_of_user(kind: type) -> dict[Any, str]:
    """Return the name of each node of this kind that a variable of the user's code refers to."""
    return variable_names(user_frame(), kind)


def variable_names(frame: FrameType | None, kind: type) -> dict[Any, str]:
    """Return the name of each node of this kind that a variable of the frame refers to.

    Lists and tuples of nodes give names such as ``w[0]``. Of several names the first one counts,
    and a local variable comes before a global one.
    """
    names: dict[Any, str] = {}
    if frame is None:
        return names
    for name, held in [*frame.f_locals.items(), *frame.f_globals.items()]:
        if name.startswith("_") or not name.isidentifier():  # Python and pytest have their own
            continue
        if isinstance(held, kind):
            names.setdefault(held, name)
        elif type(held) in (list, tuple) and len(held) <= 1000:
            for position, item in enumerate(held):
                if isinstance(item, kind):
                    names.setdefault(item, f"{name}[{position}]")
    return names


def names_among(operands: Iterable[Any]) -> dict[Any, str]:
    """Return the variable names of the user for the type of node that is among the operands."""
    return names_of_user(next((type(each) for each in operands if type(each) is not float), float))


def user_name(node: Any) -> str:
    """Return what the user calls a node, as it may stand before ``.data`` or an operator.

    It is ``v``, as in the documentation, for a leaf without a name.

    >>> from autograd import Value
    >>> user_name(Value(2.0)), user_name(Value(2.0, label="speed") * 3)
    ('v', '(speed * 3)')
    """
    names = names_of_user(type(node))
    if node.op is None and not given_name(node, names):
        return "v"
    name = called(node, names, width=24)
    return name if written(node, names, 1).binding == CLOSED else f"({name})"


def variable_of(thing: Any) -> str:
    """Return the user's variable that holds this very thing, or nothing."""
    frame = user_frame()
    held = {} if frame is None else frame.f_locals
    names = (name for name, each in list(held.items()) if each is thing)
    return next((name for name in names if not name.startswith("_")), "")


# What a message says ------------------------------------------------------------------------------


def called(operand: Any, names: Names, *, width: int = 60) -> str:
    """Return what a message calls a node or a constant: in one line, and not too long.

    A name that would break out of its line, or its quotes, is shown as Python would write it.
    """
    if type(operand) is float:
        return repr(operand)
    name = given_name(operand, names)
    if not name and len(operand.args) > 4:
        some = ", ".join(called(each, names, width=16) for each in operand.args[:3])
        name = f"{operand.op.name}({some}, ... {len(operand.args) - 3:,} more)"
    name = name or formula(operand, names)
    name = name if len(name) <= width else f"{name[: width - 3]}..."
    return name if name.isprintable() and not {*"'\"\\"} & {*name} else repr(name)


def shown(operand: Any, names: Names | None = None) -> str:
    """Return an operand as a message shows it: what it is called, and its number."""
    if type(operand) is float:
        return repr(operand)
    name = called(operand, names_among([operand]) if names is None else names)
    number = repr(operand.data)
    return number if name in (number, f"{operand.data:g}") else f"{name} = {number}"


def listed(operands: Sequence[Any], names: Names) -> str:
    """Return the first four operands as a message shows them, and how many more there are."""
    text = " and ".join(shown(operand, names) for operand in operands[:4])
    return f"{text} and {len(operands) - 4:,} more" if len(operands) > 4 else text


def route(path: Sequence[Any], names: Names) -> str:
    """Return a path in words, such as ``x -> sqrt(x) -> loss``; the middle of a long one is cut."""
    words = [called(node, names, width=40) for node in (path[:3] if len(path) > 6 else path)]
    if len(path) > 6:
        words += [f"... ({len(path) - 4:,} more) ...", called(path[-1], names, width=40)]
    return " -> ".join(words)


def short_names(names: Names) -> functools.partial[str]:
    """Return ``called`` with short names, for a hint."""
    return functools.partial(called, names=names, width=24)


def numbered(order: Iterable[Any], names: Mapping[Any, str]) -> dict[Any, str]:
    """Return the names, and a short one for each node whose formula would be too long for one.

    They are v1, v2, ... as in the literature (Griewank and Walther, "Evaluating derivatives", 2nd
    edition, section 2.2), or another letter if the student has such names already.

    >>> from autograd import Value
    >>> from autograd.graph import topological_order
    >>> x = Value(3.0, label="speed")
    >>> order = topological_order(x * x * x * x)
    >>> list(numbered(order, {}).values())
    ['v2']
    """
    given = {given_name(node, names) for node in order}
    letter = next(
        a for a in ("v", "u", "t", "node") if not any(re.match(rf"{a}\d", n) for n in given)
    )
    all_names, count = dict(names), 0
    for node in order:
        if node.op is None:
            continue
        count += 1
        if not given_name(node, names) and len(formula(node, all_names)) > NAMELESS:
            all_names[node] = f"{letter}{count}"
    return all_names
