"""The formulas of a step, in the student's names.

A formula is written once, and in any style of ``styles.py``. The derivatives come from the rules: a
rule that is read with nodes instead of numbers gives a graph, and a graph can be written out.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.machinery.modes import ieee
from autograd.words import names as naming
from autograd.words.markup import Markup, Style
from autograd.words.names import INFIX, WIDEST, formula

LONGEST = 40  # characters of a name in a sentence
SHORT = 24  # and in a formula
NAMELESS = 20  # and of a formula that stands for a node without a name
DEEP = 6  # operations of a formula that is written whole
CLOSED = 9  # how tightly something binds that never needs brackets


def shortened(name: str, width: int) -> str:
    """Return the name in one line of at most ``width`` printable characters.

    >>> shortened("a rather long name", 10), shortened(" ", 10)
    ('a rather …', "' '")
    """
    line = " ".join(name[: 100 * width].split()) or repr(name[:width])
    line = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
    return line if len(line) <= width else line[: width - 1] + "…"


@dataclass(frozen=True)
class Story:
    """What all steps of one expression share: the root, the order, and the student's variables."""

    root: Any = None
    order: dict[Any, None] = field(default_factory=dict)
    variables: Mapping[Any, str] = field(default_factory=dict)

    @functools.cached_property
    def names(self) -> Mapping[Any, str]:
        """The name of each node that is called neither by its label nor by its formula."""
        return numbered(self.order, self.variables)

    @functools.cached_property
    def title(self) -> str:
        """What the steps are of: the root by its own name, or its formula."""
        return shortened(formula(self.root, self.variables, depth=DEEP), 80)

    def name(self, node: Any) -> str:
        """Return what a sentence calls a node: its label, its variable, or its formula."""
        if node.op is None and not self.given_name(node):
            return f"Value({node.data:g})"
        return shortened(formula(node, self.names), LONGEST)

    def gradient(self, node: Any) -> str:
        """Return the gradient of a node as Python would write it, such as ``(a * b).grad``."""
        name = self.name(node)
        loose = " " in str(node.label) or naming.written(node, self.names, 1)[1] < CLOSED
        return f"({name}).grad" if node.op is not None and loose else f"{name}.grad"

    def given_name(self, node: Any) -> str:
        """Return the label or the variable name of a node, or nothing."""
        return str(node.label or self.names.get(node, ""))


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
    given = {str(node.label or names.get(node, "")) for node in order}
    letter = next(
        a for a in ("v", "u", "t", "node") if not any(re.match(rf"{a}\d", n) for n in given)
    )
    all_names, count = dict(names), 0
    for node in order:
        if node.op is None:
            continue
        count += 1
        if not node.label and node not in names and len(formula(node, all_names)) > NAMELESS:
            all_names[node] = f"{letter}{count}"
    return all_names


# Derivatives as formulas --------------------------------------------------------------------------


def derivative(node: Any, position: int) -> Any:
    """Return the local derivative as a node or a number whose formula can be written."""
    with ieee():  # only the form counts: a number that is too large must not stop it
        if node.op.textbook:
            return node.op.textbook[position](node, *node.args)
        return node.op.partial(position, node, node.args)


def with_arguments(node: Any, arguments: Sequence[Any]) -> Any:
    """Return a nameless copy of a node that has other arguments."""
    other = copy.copy(node)
    other.label = ""
    if type(node.first) is tuple:
        other.first = tuple(arguments)
    else:
        other.first, other.second = (*arguments, None)[:2]
    return other


def numbers_of(node: Any) -> list[float]:
    """Return the number of each argument."""
    return [each if type(each) is float else each.data for each in node.args]


# Writing ------------------------------------------------------------------------------------------

FUNCTIONS = {"maximum": "max", "minimum": "min", "sigmoid": "sigma", "normal_cdf": "Phi"}


def name_markup(name: str, style: Style) -> Markup:
    """Return a student's name: ``x1``, ``x_1`` and ``x[1]`` have an index."""
    name = shortened(name, SHORT)
    indexed = re.fullmatch(r"([^\W\d_])_?(\d+)|([^\W\d_])\[(\d+)\]", name)
    if indexed:
        letter, below = filter(None, indexed.groups())
        return style.index(letter, below)
    return style.letters(name)


def written(node: Any, style: Style, names: Mapping[Any, str], depth: int) -> tuple[Markup, int]:
    """Return a formula ``depth`` operations deep, and how tightly its outermost operation binds."""
    if type(node) is float or (node.op is None and not (node.label or names.get(node))):
        value = node if type(node) is float else node.data
        return style.number(value), CLOSED if value >= 0 else 0
    name = node.label or names.get(node)
    if name:
        return name_markup(str(name), style), CLOSED
    if not depth:
        return style.sign("..."), CLOSED
    op = node.op.name
    parts = [written(each, style, names, depth - 1) for each in node.args[:WIDEST]]
    if len(node.args) > WIDEST:
        parts.append((style.sign("..."), CLOSED))
    if op == "alias":
        return parts[0]
    if op == "neg":
        return style.row(style.sign("-"), wrapped(parts[0], 2, style)), 1
    if op == "/":
        return style.fraction(parts[0][0], parts[1][0]), 3
    if op == "**":
        return style.power(wrapped(parts[0], 5, style), parts[1][0]), 4
    if op == "sqrt":
        return style.root(parts[0][0]), 5
    if op == "abs":
        return style.fenced(parts[0][0], "|", "|"), CLOSED
    if op in INFIX or op == "sum":
        sign = "+" if op == "sum" else op
        return joined(parts, sign, style), INFIX[sign]
    inside = separated([markup for markup, _ in parts], ",", style)
    return style.row(style.function(FUNCTIONS.get(op, op)), style.fenced(inside)), 5


def joined(parts: list[tuple[Markup, int]], sign: str, style: Style) -> Markup:
    """Return operands with a sign between them, in brackets where they need them."""
    least = INFIX[sign]
    first, *others = parts
    rest = [wrapped(part, least + (sign == "-"), style) for part in others]
    first_markup = first[0] if first[1] == 0 else wrapped(first, least, style)
    return separated([first_markup, *rest], sign, style)


def separated(parts: list[Markup], sign: str, style: Style) -> Markup:
    """Return the parts with a sign between each two."""
    row = [parts[0]]
    for part in parts[1:]:
        row += [style.sign(sign), part]
    return style.row(*row)


def wrapped(part: tuple[Markup, int], least: int, style: Style) -> Markup:
    """Return a part, in brackets if it binds less tightly than it has to here."""
    return style.fenced(part[0]) if part[1] < least else part[0]


def symbol(node: Any, style: Style, story: Story) -> tuple[Markup, int]:
    """Return what stands for a node in a formula: its name, or its formula if that is short."""
    text = story.name(node)
    if story.given_name(node) or node.op is None or len(text) > SHORT:
        return name_markup(text, style), CLOSED
    return written(node, style, story.names, 3)


def partial(node: Any, by: Any, style: Style, story: Story) -> Markup:
    """Return the derivative of one node by another as a fraction."""
    above, below = (
        style.row(style.sign("d"), wrapped(symbol(each, style, story), 5, style))
        for each in (node, by)
    )
    return style.fraction(above, below)


def local_text(node: Any, position: int, story: Story) -> str:
    """Return the local derivative as Python would write it, or nothing where it is a number."""
    slope = derivative(node, position)
    if type(slope) is float or (slope.op is None and not story.given_name(slope)):
        return ""
    text, binding = naming.written(slope, story.names, DEEP)
    return f"({text})" if binding < INFIX["*"] or " / " in text or text[0] == "-" else text


def local_markup(node: Any, position: int, style: Style, story: Story) -> Markup | None:
    """Return the local derivative as a formula, or None where it is a number."""
    slope = derivative(node, position)
    if type(slope) is float or (slope.op is None and not story.given_name(slope)):
        return None
    if len(formula(slope, story.names, depth=DEEP)) > 2 * SHORT:
        return None
    return wrapped(written(slope, style, story.names, DEEP), 2, style)


def step_formula(step: Any, style: Style) -> Markup:
    """Return a step as a formula: what is computed, the numbers in it, the result."""
    node, story = step.node, step.story
    equals = style.sign("=")
    answer = style.answer(step.asked)
    if step.kind == "forward":
        name = [symbol(node, style, story)[0], equals] if story.given_name(node) else []
        symbols = written(with_arguments(node, node.args), style, story.names, 3)[0]
        numbers = written(with_arguments(node, numbers_of(node)), style, {}, 1)[0]
        return style.row(*name, symbols, equals, numbers, equals, answer)
    if step.kind == "seed":
        return style.row(partial(node, node, style, story), equals, answer)
    if step.kind == "accumulate":
        name = style.letters(shortened(story.gradient(node), SHORT))
        terms = [bracketed(each, style) for each in (step.before, step.contribution)]
        return style.row(name, equals, separated(terms, "+", style), equals, answer)
    upstream = partial(story.root, node, style, story)
    local = local_markup(node, step.position, style, story)
    factors = [] if local is None else [equals, local, style.sign("*"), upstream]
    return style.row(
        partial(story.root, step.argument, style, story), style.sign("+="),
        partial(node, step.argument, style, story), style.sign("*"), upstream, *factors, equals,
        bracketed(step.local, style), style.sign("*"), bracketed(step.upstream, style), equals,
        answer,
    )  # fmt: skip


def bracketed(value: float, style: Style) -> Markup:
    """Return a number, in brackets if it has a sign."""
    return style.fenced(style.number(value)) if value < 0 else style.number(value)
