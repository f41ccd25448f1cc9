"""Formulas: right in what they say, and well formed whatever a student calls things."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from autograd import Value, fsum, hypot, maximum, no_grad
from autograd.rules import OPS
from autograd.story.step_formula import step_formula
from autograd.view.player.painter import MATHTEXT
from autograd.view.player.playable import steps
from autograd.words.markup import TREE

HOSTILE = [
    "</script>",
    '"',
    "$x$",
    "\\frac{",
    "{",
    "a_b^c",
    "#1 & 2 % ~",
    "🙂",
    "\n\n",
    "\u2212",
    "\u202ex",
    "\x1b[31m",
    "\U00020000",
]


# What they say ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.textbook])
def test_the_textbooks_derivative_equals_the_one_that_is_computed(name: str) -> None:
    op, forms = OPS[name], OPS[name].textbook
    points = [0.1, 0.3, 0.7, 0.9] if name in ("asin", "acos") else [0.2, 0.5, 1.3, 2.0, 2.5]
    for arguments in itertools.product(points, repeat=len(forms)):
        y = op.on_numbers(*arguments)
        for position, form in enumerate(forms):
            with no_grad():
                plain = form(Value(y), *map(Value, arguments))
            exact = op.partial(position, y, arguments)
            assert plain.data == pytest.approx(exact, rel=1e-9, abs=1e-12), arguments


def last_formula(build: Any) -> str:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    y = build(a, b)
    y.label = "y"
    return steps(y).forward[-1].latex


@pytest.mark.parametrize(
    ("build", "latex"),
    [
        (lambda a, b: a + b, r"y = a + b = 2 + \left( -3 \right) = -1"),
        (lambda a, b: a - b, r"y = a - b = 2 - \left( -3 \right) = 5"),
        (lambda a, b: b - (a - b), r"y = b - \left( a - b \right) = -3 - 5 = -8"),
        (lambda a, b: a / b, r"y = \frac{a}{b} = \frac{2}{-3} = -0.666667"),
        (lambda a, b: b**2.0, r"y = b^{2} = \left( -3 \right)^{2} = 9"),
        (lambda a, b: (a + b) ** 2.0, r"y = \left( a + b \right)^{2} = \left( -1 \right)^{2} = 1"),
        (lambda a, b: -(a + b), r"y = - \left( a + b \right) = - \left( -1 \right) = 1"),
        (lambda a, b: a.sqrt(), r"y = \sqrt{a} = \sqrt{2} = 1.41421"),
        (lambda a, b: abs(b), r"y = \left| b \right| = \left| -3 \right| = 3"),
        (lambda a, b: a.exp(), r"y = \exp \left( a \right) = \exp \left( 2 \right) = 7.38906"),
        (lambda a, b: a * 1e300, r"y = a \cdot 1 \cdot 10^{300} = 2 \cdot 1 \cdot 10^{300}"),
        (lambda a, b: (a * a).sigmoid(), r"y = \sigma \left( a \cdot a \right) = \sigma \left( 4"),
        (lambda a, b: fsum([a, b, a]), r"y = a + b + a = 2 + \left( -3 \right) + 2 = 1"),
        (lambda a, b: maximum(a, b), r"y = \max \left( a , b \right) = \max \left( 2 , -3 \right)"),
        (lambda a, b: a.log_sigmoid(), r"y = \mathrm{log\_sigmoid} \left( a \right) = "),
        (lambda a, b: fsum([a] * 20), r"y = a + a + a + a + a + a + a + a + \ldots = 2 + 2"),
    ],
)
def test_a_number_is_computed_in_the_textbooks_notation(build: Any, latex: str) -> None:
    assert last_formula(build).startswith(latex)


def test_the_chain_rule_is_written_out() -> None:
    w1, h = Value(2.0, label="w1"), Value(-3.0, label="h")
    loss = w1 * h
    assert steps(loss)[-1].latex == (
        r"\frac{\partial \mathrm{loss}}{\partial w_{1}} \mathrel{+}= "
        r"\frac{\partial \mathrm{loss}}{\partial w_{1}} \cdot "
        r"\frac{\partial \mathrm{loss}}{\partial \mathrm{loss}} = "
        r"h \cdot \frac{\partial \mathrm{loss}}{\partial \mathrm{loss}} = "
        r"\left( -3 \right) \cdot 1 = -3"
    )
    assert steps(loss)[1].latex == (r"\frac{\partial \mathrm{loss}}{\partial \mathrm{loss}} = 1")


@pytest.mark.parametrize(
    ("label", "latex"),
    [("x", "x"), ("x1", "x_{1}"), ("x_12", "x_{12}"), ("w[3]", "w_{3}"), ("loss", r"\mathrm{loss}"),
     ("a_b", r"\mathrm{a\_b}"), ("ß", r"\mathrm{ß}"), ("layer1.w2", r"\mathrm{layer1.w2}")],
)  # fmt: skip
def test_a_name_with_a_number_has_an_index(label: str, latex: str) -> None:
    x = Value(1.0, label=label)
    assert steps(x * 2.0)[0].latex == rf"{latex} \cdot 2 = 1 \cdot 2 = 2"


def test_the_number_that_is_found_out_can_be_told_from_the_others() -> None:
    a = Value(2.0, label="a")
    for step in steps(hypot(a, 3.0).tanh()):
        assert step_formula(step, TREE)[-1][0] == "?"
        assert str(step_formula(step, TREE)).count("'?'") == 1


# What they survive --------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40))
@example("x" * 10_000)
def test_any_label_makes_a_formula_that_can_be_set(label: str) -> None:
    check_label(label)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_makes_a_formula_that_can_be_set(label: str) -> None:
    check_label(label)


def check_label(label: str) -> None:
    x = Value(0.5, label=label)
    story = steps(x * x + x.tanh())
    with warnings.catch_warnings(action="ignore"):  # of a letter that no font has
        for step in (story[0], story[-1]):
            assert len(step.latex) < 1000
            MathTextParser("path").parse(f"${step_formula(step, MATHTEXT)}$")
            assert step.sentence.isprintable()
            assert len(step.sentence) < 400
