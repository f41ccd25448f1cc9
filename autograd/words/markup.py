"""Styles: how the parts of a formula are put together, and how long a name may be.

``LATEX`` makes text for LaTeX, ``TREE`` makes nested lists for a program that sets formulas itself.
``formula_printer.py`` knows where parentheses go, whatever the style, and has the style of Python.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from autograd.words.formula_printer import MINUS, Markup, Style

GREEK = {"sigma": "\N{GREEK SMALL LETTER SIGMA}", "Phi": "\N{GREEK CAPITAL LETTER PHI}"}
SHORT = 24  # characters of a name in a textbook's formula


def shortened(name: str, width: int) -> str:
    """Return the name in one line of at most ``width`` printable characters.

    >>> shortened("a rather long name", 10), shortened(" ", 10)
    ('a rather …', "' '")
    """
    line = " ".join(name[: 100 * width].split()) or repr(name[:width])
    line = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
    return line if len(line) <= width else line[: width - 1] + "…"


TEXTBOOK_NAMES = {"maximum": "max", "minimum": "min", "sigmoid": "sigma", "normal_cdf": "Phi"}


class Textbook(Style, ABC):
    """What the styles of printed mathematics can do beside, and what they have in common."""

    stacked = True

    @abstractmethod
    def answer(self, value: float) -> Markup:
        """Return the number that a step finds out."""

    @abstractmethod
    def letters(self, text: str) -> Markup:
        """Return a name as it is."""

    @abstractmethod
    def index(self, letter: str, below: str) -> Markup:
        """Return a name of one letter with an index."""

    @abstractmethod
    def function(self, name: str) -> Markup:
        """Return the name of a function."""

    @abstractmethod
    def root(self, inside: Markup) -> Markup:
        """Return a square root."""

    def name(self, text: str) -> Markup:
        """Return a student's name: ``x1``, ``x_1`` and ``x[1]`` have an index."""
        text = shortened(text, SHORT)
        indexed = re.fullmatch(r"([^\W\d_])_?(\d+)|([^\W\d_])\[(\d+)\]", text)
        if indexed:
            letter, below = filter(None, indexed.groups())
            return self.index(letter, below)
        return self.letters(text)

    def infix(self, sign: str, parts: Sequence[Markup]) -> Markup:
        """Return the parts with a sign between each two."""
        row = [parts[0]]
        for part in parts[1:]:
            row += [self.sign(sign), part]
        return self.row(*row)

    def call(self, name: str, arguments: Sequence[Markup]) -> Markup:
        """Return a function of arguments; a root and an absolute value have signs of their own."""
        if name == "sqrt":
            return self.root(arguments[0])
        if name == "abs":
            return self.fenced(arguments[0], "|", "|")
        inside = self.fenced(self.infix(",", arguments))
        return self.row(self.function(TEXTBOOK_NAMES.get(name, name)), inside)


SIGNS = {"*": r"\cdot", "+=": r"\mathrel{+}=", "d": r"\partial", "...": r"\ldots", "-": "-"}
ESCAPES = {ord(sign): f"\\{sign}" for sign in "#$%&_{}"} | {
    ord("\\"): r"\backslash ", ord("~"): r"\sim ", ord("^"): r"\wedge ", ord(" "): r"\ ",
}  # fmt: skip
KNOWN = {"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min"}


class Latex(Textbook):
    """LaTeX's mathematics, as much of it as KaTeX, MathJax and matplotlib understand too."""

    def number(self, value: float) -> str:
        """Return a number of up to six digits, with a power of ten if need be."""
        digits, _, exponent = f"{value + 0.0:.6g}".partition("e")
        if digits.lstrip("-") in ("inf", "nan"):
            return digits.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
        return digits + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")

    answer = number

    def letters(self, text: str) -> str:
        """Return a name: one letter in italics, a word upright."""
        if len(text) == 1 and text.isascii() and text.isalpha():
            return text
        return rf"\mathrm{{{text.translate(ESCAPES)}}}"

    def index(self, letter: str, below: str) -> str:
        """Return a name with an index, such as x_{1}."""
        return f"{self.letters(letter)}_{{{below}}}"

    def function(self, name: str) -> str:
        """Return the name of a function."""
        if name in KNOWN or name in GREEK:
            return f"\\{name}"
        return rf"\mathrm{{{name.translate(ESCAPES)}}}"

    def sign(self, sign: str) -> str:
        """Return an operator."""
        return SIGNS.get(sign, sign)

    def row(self, *parts: str) -> str:
        """Return the parts one after the other."""
        return " ".join(parts)

    def fraction(self, above: str, below: str) -> str:
        """Return a fraction."""
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        """Return a power."""
        return f"{base}^{{{exponent}}}"

    def root(self, inside: str) -> str:
        """Return a square root."""
        return rf"\sqrt{{{inside}}}"

    def fenced(self, inside: str, left: str = "(", right: str = ")") -> str:
        """Return something between brackets that grow with it."""
        return rf"\left{left} {inside} \right{right}"


class Tree(Textbook):
    """Nested lists, each beginning with what it is."""

    def number(self, value: float) -> list[Markup]:
        """Return a number of up to six digits."""
        digits, _, exponent = f"{value + 0.0:.6g}".replace("inf", "∞").partition("e")
        power = [str(int(exponent)).replace("-", MINUS)] if exponent else []
        return ["n", digits.replace("-", MINUS), *power]

    def answer(self, value: float) -> list[Markup]:
        """Return the number that the step finds out."""
        return ["?", *self.number(value)[1:]]

    def letters(self, text: str) -> list[Markup]:
        """Return a name."""
        return ["i", text]

    def index(self, letter: str, below: str) -> list[Markup]:
        """Return a name with an index."""
        return ["sub", ["i", letter], ["n", below]]

    def function(self, name: str) -> list[Markup]:
        """Return the name of a function."""
        return ["i", GREEK.get(name, name)]

    def sign(self, sign: str) -> list[Markup]:
        """Return an operator."""
        return ["o", {"*": "·", "-": MINUS, "d": "∂", "...": "…"}.get(sign, sign)]

    def row(self, *parts: list[Markup]) -> list[Markup]:
        """Return the parts one after the other."""
        return ["row", *parts]

    def fraction(self, above: Markup, below: Markup) -> list[Markup]:
        """Return a fraction."""
        return ["frac", above, below]

    def power(self, base: Markup, exponent: Markup) -> list[Markup]:
        """Return a power."""
        return ["sup", base, exponent]

    def root(self, inside: Markup) -> list[Markup]:
        """Return a square root."""
        return ["sqrt", inside]

    def fenced(self, inside: Markup, left: str = "(", right: str = ")") -> list[Markup]:
        """Return something between brackets."""
        return ["row", ["o", left], inside, ["o", right]]


LATEX, TREE = Latex(), Tree()
