"""The formulas of a step, in the student's names.

A formula is written once, and in any style of ``words/markup.py``. The derivatives come from the
rules: a rule that is read with nodes instead of numbers gives a graph, and a graph can be written
out.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.graph import numbers
from autograd.machinery.modes import ieee
from autograd.words.formula_printer import (
    BINDING,
    CLOSED,
    Markup,
    Written,
    constant,
    formula,
    given_name,
    named,
    operand,
    written,
    written_operation,
)
from autograd.words.markup import SHORT, Textbook, shortened
from autograd.words.names import numbered

LONGEST = 40  # characters of a name in a sentence
DEEP = 6  # operations of a formula that is written whole


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
        if node.op is None and not self.given_name(node):
            return f"{name}.grad"  # Value(2).grad
        loose = " " in name if self.given_name(node) else False
        loose = loose or written(node, self.names, 1).binding < CLOSED
        return f"({name}).grad" if loose else f"{name}.grad"

    def given_name(self, node: Any) -> str:
        """Return the label or the variable name of a node, or nothing."""
        return given_name(node, self.names)

    @functools.cached_property
    def partials(self) -> dict[Any, list[Any]]:
        """The local derivatives of each node that was asked for one, as far as they are known."""
        return {}

    def derivative(self, node: Any, position: int) -> Any:
        """Return the local derivative as a node or a number whose formula can be written."""
        with ieee():  # only the form counts: a number that is too large must not stop it
            if node.op.textbook:
                return node.op.textbook[position](node, *node.args)
            if node not in self.partials:
                # All of them at once: a row of many arguments computes one from all the others, so
                # that one at a time would cost the square of their number.
                needed = [type(argument) is not float for argument in node.args]
                self.partials[node] = node.op.partials(node, node.args, needed)
            return self.partials[node][position]


# Derivatives as formulas --------------------------------------------------------------------------


def with_arguments(node: Any, arguments: Sequence[Any]) -> Any:
    """Return a nameless copy of a node that has other arguments."""
    other = copy.copy(node)
    other.label = ""
    if type(node.first) is tuple:
        other.first = tuple(arguments)
    else:
        other.first, other.second = (*arguments, None)[:2]
    return other


# Writing ------------------------------------------------------------------------------------------


def symbol(node: Any, style: Textbook, story: Story) -> Written:
    """Return what stands for a node in a formula: its name, or its formula if that is short."""
    text = story.name(node)
    if story.given_name(node) or node.op is None or len(text) > SHORT:
        return named(text, style)
    return written(node, story.names, 3, style)


def partial(node: Any, argument: Any, style: Textbook, story: Story) -> Markup:
    """Return the partial derivative of a node with respect to another as a fraction."""
    above, below = (
        style.row(style.sign("d"), operand(symbol(each, style, story), CLOSED, style))
        for each in (node, argument)
    )
    return style.fraction(above, below)


def local_text(node: Any, position: int, story: Story) -> str:
    """Return the local derivative as Python would write it, or nothing where it is a number."""
    slope = story.derivative(node, position)
    if type(slope) is float or (slope.op is None and not story.given_name(slope)):
        return ""
    text, binding, signed = written(slope, story.names, DEEP)
    return f"({text})" if binding < BINDING["*"] or " / " in text or signed else str(text)


def local_markup(node: Any, position: int, style: Textbook, story: Story) -> Markup | None:
    """Return the local derivative as a formula, or None where it is a number."""
    slope = story.derivative(node, position)
    if type(slope) is float or (slope.op is None and not story.given_name(slope)):
        return None
    if len(formula(slope, story.names, depth=DEEP)) > 2 * SHORT:
        return None
    factor = written(slope, story.names, DEEP, style)
    return operand(factor, BINDING["*"], style, after_sign=True)


def step_formula(step: Any, style: Textbook) -> Markup:
    """Return a step as a formula: what is computed, the numbers in it, the result."""
    node, story = step.node, step.story
    equals = style.sign("=")
    answer = style.answer(step.asked)
    if step.kind == "forward":
        name = [symbol(node, style, story).markup, equals] if story.given_name(node) else []
        symbols = written(with_arguments(node, node.args), story.names, 3, style).markup
        in_numbers = written(with_arguments(node, numbers(node.args)), {}, 1, style).markup
        return style.row(*name, symbols, equals, in_numbers, equals, answer)
    if step.kind == "seed":
        return style.row(partial(node, node, style, story), equals, answer)
    if step.kind == "accumulate":
        name = style.letters(shortened(story.gradient(node), SHORT))
        terms = written_operation(
            "+", [constant(each, style) for each in (step.before, step.contribution)], style
        )
        return style.row(name, equals, terms.markup, equals, answer)
    upstream = partial(story.root, node, style, story)
    local = local_markup(node, step.position, style, story)
    factors = [] if local is None else [equals, local, style.sign("*"), upstream]
    return style.row(
        partial(story.root, step.argument, style, story), style.sign("+="),
        partial(node, step.argument, style, story), style.sign("*"), upstream, *factors, equals,
        bracketed(step.local, style), style.sign("*"), bracketed(step.upstream, style), equals,
        answer,
    )  # fmt: skip


def bracketed(value: float, style: Textbook) -> Markup:
    """Return a number, in brackets if it has a sign."""
    return operand(constant(value, style), CLOSED, style)
