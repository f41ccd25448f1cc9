"""Styles: how the parts of a formula are put together.

``LATEX`` makes text for LaTeX, ``TREE`` makes nested lists for a program that sets formulas itself.
``notation.py`` writes formulas, and never asks in which style.
"""

from __future__ import annotations

from typing import Any, Protocol

Markup = Any  # what a style makes: text, or nested lists
GREEK = {"sigma": "\N{GREEK SMALL LETTER SIGMA}", "Phi": "\N{GREEK CAPITAL LETTER PHI}"}
MINUS = "\N{MINUS SIGN}"


class Style(Protocol):
    """What a style can do."""

    def number(self, value: float) -> Markup:
        """Return a number of up to six digits."""

    def answer(self, value: float) -> Markup:
        """Return the number that a step finds out."""

    def letters(self, text: str) -> Markup:
        """Return a name as it is."""

    def index(self, letter: str, below: str) -> Markup:
        """Return a name of one letter with an index."""

    def function(self, name: str) -> Markup:
        """Return the name of a function."""

    def sign(self, sign: str) -> Markup:
        """Return an operator: + - * = += , or "d" for the partial derivative, "..." for a gap."""

    def row(self, *parts: Markup) -> Markup:
        """Return the parts one after the other."""

    def fraction(self, above: Markup, below: Markup) -> Markup:
        """Return a fraction."""

    def power(self, base: Markup, exponent: Markup) -> Markup:
        """Return a power."""

    def root(self, inside: Markup) -> Markup:
        """Return a square root."""

    def fenced(self, inside: Markup, left: str = "(", right: str = ")") -> Markup:
        """Return something between brackets."""


SIGNS = {"*": r"\cdot", "+=": r"\mathrel{+}=", "d": r"\partial", "...": r"\ldots", "-": "-"}
ESCAPES = {ord(sign): f"\\{sign}" for sign in "#$%&_{}"} | {
    ord("\\"): r"\backslash ", ord("~"): r"\sim ", ord("^"): r"\wedge ", ord(" "): r"\ ",
}  # fmt: skip
KNOWN = {"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min"}


class Latex:
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


class Tree:
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
