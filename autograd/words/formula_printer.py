"""The printer of formulas: what a node computes, with the parentheses that it needs.

Messages, steps, compiled programs and LaTeX are written by it, each in its own style (see
``markup.py``); so all of them put parentheses in the same places. One table says how tightly each
operator binds, and ``written_operation`` has the one rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

# How tightly an operator binds, in the order of Python's own grammar. Comparisons, "|" and "&"
# stand in recordings only, "@" in the programs that are found there.
BINDING = {
    "<": 0, "<=": 0, ">": 0, ">=": 0, "|": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "@": 4,
    "neg": 5, "**": 6,
}  # fmt: skip
CLOSED = 9  # how tightly something binds that never needs parentheses
WIDEST = 8  # arguments of one operation are written out
MINUS = "\N{MINUS SIGN}"
Names = Mapping[Any, str]
Markup = Any  # what a style makes: text, or nested lists


class Style:
    """How the parts of a formula are put together: here in one line, as Python would write it.

    ``markup.py`` has the styles of printed mathematics, which make other markup of the same parts.
    """

    stacked = False  # whether a fraction is set above and below a line, an exponent above the base

    def number(self, value: float) -> Markup:
        """Return a number of up to six digits."""
        return f"{value:g}"

    def name(self, text: str) -> Markup:
        """Return a student's name."""
        return text

    def sign(self, sign: str) -> Markup:
        """Return an operator: + - * = += , or "d" for the partial derivative, "..." for a gap."""
        return sign

    def row(self, *parts: Markup) -> Markup:
        """Return the parts one after the other."""
        return "".join(parts)

    def infix(self, sign: str, parts: Sequence[Markup]) -> Markup:
        """Return the parts with a sign between each two."""
        return f" {sign} ".join(parts)

    def fraction(self, above: Markup, below: Markup) -> Markup:
        """Return a quotient, whose parts have their parentheses already."""
        return f"{above} / {below}"

    def power(self, base: Markup, exponent: Markup) -> Markup:
        """Return a power."""
        return f"{base}**{exponent}"

    def call(self, name: str, arguments: Sequence[Markup]) -> Markup:
        """Return a function of arguments."""
        return f"{name}({', '.join(arguments)})"

    def fenced(self, inside: Markup, left: str = "(", right: str = ")") -> Markup:
        """Return something between brackets."""
        return f"{left}{inside}{right}"


PYTHON = Style()


class Written(NamedTuple):
    """A part of a formula, and what decides whether it needs parentheses.

    ``binding`` is how tightly its outermost operation binds, and ``signed`` whether it begins with
    a minus.
    """

    markup: Markup
    binding: int = CLOSED
    signed: bool = False


def formula(node: Any, names: Names | None = None, *, depth: int = 3) -> str:
    """Return the node's label or name, else what it computes, written ``depth`` operations deep.

    >>> from autograd import Value
    >>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
    >>> formula((a + b) * 2.0), formula(a * (b * a)), formula((a + b).tanh())
    ('(a + b) * 2', 'a * (b * a)', 'tanh(a + b)')
    """
    return str(written(node, names or {}, depth).markup)


def written(node: Any, names: Names, depth: int, style: Style = PYTHON) -> Written:
    """Return the formula of a node or a constant, ``depth`` operations deep."""
    if type(node) is float:
        return constant(node, style)
    name = given_name(node, names)
    if name:
        return named(name, style)
    if node.op is None:
        return constant(node.data, style)
    if not depth:
        return Written(style.sign("..."))
    parts = [written(argument, names, depth - 1, style) for argument in node.args[:WIDEST]]
    if len(node.args) > WIDEST:
        parts.append(Written(style.sign("...")))
    return written_operation(node.op.name, parts, style)


def written_operation(name: str, parts: Sequence[Written], style: Style = PYTHON) -> Written:
    """Return an operation on parts that are written already: the one place for parentheses.

    Operators of equal rank are read from the left, so the operand on the right needs parentheses
    if it binds no tighter: ``a - (b - c)``, and ``x * (y * z)``, which is another graph than
    ``x * y * z``. Powers are read from the right. Printed mathematics stacks fractions and powers,
    which then hold together by themselves, and has no two signs side by side.
    """
    if name == "alias":
        return parts[0]
    if name == "sum" and style.stacked:
        name = "+"
    binding = BINDING.get(name, CLOSED)
    first = parts[0]
    if binding == CLOSED:
        return Written(style.call(name, [part.markup for part in parts]))
    if name == "neg":
        markup = style.row(style.sign("-"), operand(first, binding, style, after_sign=True))
        return Written(markup, binding, signed=True)
    if name == "**":
        exponent = parts[1].markup if style.stacked else operand(parts[1], binding, style)
        return Written(style.power(operand(first, binding + 1, style), exponent), binding)
    if name == "/" and style.stacked:
        return Written(style.fraction(first.markup, parts[1].markup), BINDING["**"])
    left = operand(first, binding, style)
    right = [operand(part, binding + 1, style, after_sign=True) for part in parts[1:]]
    return Written(style.infix(name, [left, *right]), binding, signed=starts_signed(first, binding))


def starts_signed(first: Written, binding: int) -> bool:
    """Whether a formula that begins with this part begins with a minus."""
    return first.signed and first.binding >= binding


def operand(part: Written, least: int, style: Style, *, after_sign: bool = False) -> Markup:
    """Return a part as an operand, in parentheses if it binds less tightly than it has to."""
    two_signs = style.stacked and after_sign and part.signed
    return style.fenced(part.markup) if part.binding < least or two_signs else part.markup


def constant(value: float, style: Style = PYTHON) -> Written:
    """Return a number; a negative one binds like a minus before it."""
    negative = value < 0
    return Written(style.number(value), BINDING["neg"] if negative else CLOSED, signed=negative)


# Names --------------------------------------------------------------------------------------------


def given_name(node: Any, names: Names) -> str:
    """Return the label of a node, else its variable name, else nothing.

    A label of blanks is none: nobody can see it.
    """
    label = str(node.label)
    return label if label and not label.isspace() else names.get(node, "")


def named(name: str, style: Style = PYTHON) -> Written:
    """Return a name as a part of a formula; one that is an expression keeps its meaning.

    >>> written_operation("*", [named("x + y"), constant(3.0)]).markup
    '(x + y) * 3'
    """
    binding = binding_of(name)
    signed = binding < CLOSED and name.lstrip()[0] in MINUSES
    return Written(style.name(name), binding, signed)


# A name that is an expression: words with signs between them, and perhaps a minus before them. What
# stands in brackets holds together already, and the sign in 1e-5 is no operator.
MINUSES, TIMES = f"-{MINUS}", "·\N{MULTIPLICATION SIGN}"
RANKS = {
    "<": 0, ">": 0, "=": 0, ",": 0, "|": 1, "&": 2, "+": 3, "*": 4, "/": 4, "@": 4, "%": 4,
    "^": 6, "**": 6,
} | dict.fromkeys(MINUSES, 3) | dict.fromkeys(TIMES, 4)  # fmt: skip
BRACKETS = r"[(\[{][^()\[\]{}]*[)\]}]"
EXPONENT = r"(?<=\d)[eE][-+](?=\d)"
SIGN = rf"\s*(\*\*|[{re.escape(''.join(RANKS))}])=?\s*[+{MINUSES}]?\s*"
WORDS = r"[\w.]+(?:\s+[\w.]+)*"
PYTHON_WORDS = r"\b(and|or|not|if|else)\b"


def binding_of(name: str) -> int:
    """Return how tightly a name binds: most are one word, and some students write expressions.

    >>> [binding_of(name) for name in ("w1", "layer1.w[2]", "f(a + b)", "hidden layer", "x + y")]
    [9, 9, 9, 9, 3]
    >>> binding_of("a if b else c")
    0
    """
    if name.isidentifier():
        return CLOSED
    bare, before = re.sub(EXPONENT, "", name[:200].strip()), ""
    while bare != before:
        bare, before = re.sub(BRACKETS, "_", bare), bare
    unsigned = bare.lstrip(f"+{MINUSES} ")
    if not re.fullmatch(rf"{WORDS}(?:{SIGN}{WORDS})*", unsigned):
        return CLOSED
    ranks = [RANKS[sign] for sign in re.findall(SIGN, unsigned)]
    ranks += [0] * bool(re.search(PYTHON_WORDS, unsigned))
    return min(ranks + [BINDING["neg"]] * (unsigned != bare), default=CLOSED)
