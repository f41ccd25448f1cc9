"""How people type mathematics, such as ``2x`` or ``sin x``, and how an expression wants it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

# A pattern, and the advice with its groups. FUNCTIONS stands for the names of all functions.
TYPED = [
    (r"\b(FUNCTIONS)\s+([\w.]+)", "Write {0}({1})."),
    (r"(?<![\w.])(\d[\d.]*)\s*(?!e[-+]?\d)([a-zA-Z_(]\w*)", "Write * between them: {0}*{1}."),
    (r"(\w+?)([²³])", "Write a power as {0}**2."),
    ("[·⋅\N{MULTIPLICATION SIGN}]", "Write * for a product: x*y."),
    (r"÷", "Write / for a quotient: x/y."),
    ("[\N{MINUS SIGN}\N{EN DASH}]", "Write - for a minus: x - 1."),
    (r"√\s*(\w*)", "Write sqrt({0})."),
    (r"\|([^|]+)\|", "Write abs({0})."),
    (r"^\s*(\w+)\s*=[^=]", "Give the expression alone; numbers stand behind it: {0}=1.5."),
    (r"\b(if|else)\b", "Write where(x > 0, a, b) for a choice."),
    (r"([\w.]+)\s+([a-zA-Z_]\w*|\d[\d.]*)", "Write * between them: {0}*{1}."),
]
OTHER_FUNCTIONS = {
    "softmax": " It gives many numbers, an expression one: write exp(x) / (exp(x) + exp(y)).",
    "log_softmax": " It gives many numbers, an expression one: write x - logsumexp(x, y).",
    "ln": " Write log(x).",
    "log10": " Write log(x) / log(10).",
    "log2": " Write log(x) / log(2).",
    "pow": " Write x**2.",
    "square": " Write x**2.",
    "sign": " Write where(x > 0, 1, -1).",
    "cbrt": " Write x**(1/3).",
}


def advice_on_text(text: str, functions: Iterable[str]) -> str:
    """Return what to type instead, with a blank before it, for a text that Python cannot read.

    >>> advice_on_text("3 + 2x", ["sin"]), advice_on_text("sin x", ["sin"])
    (' Write * between them: 2*x.', ' Write sin(x).')
    """
    names = "|".join(functions)
    for pattern, advice in TYPED:
        found = re.search(pattern.replace("FUNCTIONS", names), text)
        if found:
            return f" {advice.format(*found.groups())}"
    opened, closed = text.count("("), text.count(")")
    if opened != closed:
        return f" A bracket is missing: {'(' if closed > opened else ')'}."
    return ""


def advice_on_tree(node: ast.expr) -> str:
    """Return what to type instead of Python that is no part of an expression, or nothing."""
    match node:
        case ast.BinOp(op=ast.Mod() | ast.FloorDiv()):
            return " The derivative of % and // is 0 between their jumps: write x / 2."
        case ast.BinOp(op=ast.MatMult()):
            return " Write * for a product: x*y."
        case ast.Tuple(elts=[ast.Constant(), *_]):
            return " Write a decimal point, not a comma: 1.5."
        case ast.Tuple():
            return " Give one expression, not several."
        case ast.Call(func=ast.Constant(value=number)):
            return f" Write * between them: {number!r}*(...)."
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math" | "np" | "torch"), attr=name)):
            return f" Leave the name of the library out: {name}(...)."
        case ast.Call(func=ast.Attribute(value=ast.Name(id=x), attr=name), args=[]):
            return f" Write {name}({x})."
        case ast.IfExp():
            return " Write where(x > 0, a, b) for a choice."
    return ""
