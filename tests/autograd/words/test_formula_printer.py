"""The printer of formulas: the parentheses that a formula needs, the same for every reader."""

import math
import operator
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.story.read_expression import evaluate
from autograd.words.formula_printer import CLOSED, binding_of, formula, written
from autograd.words.markup import LATEX

DEEP = 1_000  # deeper than every expression here


def leaf(name, number=2.0):
    return Value(number, label=name)


# Parentheses --------------------------------------------------------------------------------------

A, B, C = leaf("a"), leaf("b", 3.0), leaf("c", 5.0)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (A + B * C, "a + b * c"),
        (A + (B + C), "a + (b + c)"),
        (A * (B * C), "a * (b * c)"),
        ((A + B) * C, "(a + b) * c"),
        (A * (B + C), "a * (b + c)"),
        (A - (B - C), "a - (b - c)"),
        (A - B - C, "a - b - c"),
        (A - (B + C), "a - (b + c)"),
        (A / (B / C), "a / (b / c)"),
        (A / B / C, "a / b / c"),
        (A / (B * C), "a / (b * c)"),
        (A / B * C, "a / b * c"),
        (A * B / C, "a * b / c"),
        (A * (B - C), "a * (b - c)"),
        (-(A + B), "-(a + b)"),
        (-A + B, "-a + b"),
        (-(A * B), "-(a * b)"),
        ((-A) * B, "-a * b"),
        (A - -B, "a - -b"),
        (A * -B, "a * -b"),
        (operator.neg(-A), "--a"),
        (A ** (B**C), "a**b**c"),
        ((A**B) ** C, "(a**b)**c"),
        ((-A) ** 2, "(-a)**2"),
        (-(A**2), "-a**2"),
        ((A + B) ** 2, "(a + b)**2"),
        ((A * B) ** 2, "(a * b)**2"),
        (A ** (B + C), "a**(b + c)"),
        (A**-1, "a**(-1)"),
        (A**-B, "a**(-b)"),
        (2**A, "2**a"),
        ((-2) ** leaf("n"), "(-2)**n"),
        (A * -3, "a * -3"),
        (A - (-3), "a - -3"),
        (-3 + A, "-3 + a"),
        (1 / (1 + (-A).exp()), "1 / (1 + exp(-a))"),
        ((A + B).tanh(), "tanh(a + b)"),
        ((A + B).tanh() ** 2, "tanh(a + b)**2"),
        (autograd.maximum(A + B, C, 0.5), "maximum(a + b, c, 0.5)"),
        (autograd.hypot(A, B - C), "hypot(a, b - c)"),
        (abs(A - B), "abs(a - b)"),
        (autograd.fsum([A, B, C]) * 2, "sum(a, b, c) * 2"),
        (+A, "a"),
        ((+(A + B)) * C, "(a + b) * c"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_formula_has_the_parentheses_that_it_needs_and_no_others(node, text):
    assert formula(node, depth=DEEP) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(2.0, "2"), (-0.5, "-0.5"), (1e300, "1e+300"), (0.1, "0.1"), (math.inf, "inf")],
)
def test_leaf_without_a_name_is_called_by_its_number(number, text):
    assert formula(Value(number)) == text


def test_negative_number_of_a_leaf_without_a_name_is_put_in_parentheses_before_a_power():
    assert formula(Value(-2.0) ** 2) == "(-2)**2"
    assert formula(A ** Value(-2.0)) == "a**(-2)"


# The formula computes what the node computed ------------------------------------------------------

NUMBERS = {"a": 2.0, "b": -3.0, "c": 0.5, "d": 7.0}
CONSTANTS = (-3.0, -1.0, -0.5, 0.25, 1.0, 2.0, 10.0)


@st.composite
def expressions(draw, depth=5):
    """Return the function of named leaves that computes a random expression."""
    kind = draw(st.integers(0, 10)) if depth else 0
    if kind <= 1:
        name = draw(st.sampled_from(sorted(NUMBERS)))
        return lambda leaves: leaves[name]
    if kind == 2:
        constant = draw(st.sampled_from(CONSTANTS))
        side = draw(expressions(depth - 1))
        operation = draw(st.sampled_from("+-*/"))
        on_the_left = draw(st.booleans())
        return lambda leaves: computed(
            operation, *((constant, side(leaves)) if on_the_left else (side(leaves), constant))
        )
    if kind <= 6:
        left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
        operation = draw(st.sampled_from("+-*/"))
        return lambda leaves: computed(operation, left(leaves), right(leaves))
    operand = draw(expressions(depth - 1))
    if kind == 7:
        return lambda leaves: -operand(leaves)
    if kind == 8:
        exponent = draw(st.sampled_from([2.0, 3.0, -1.0, "variable"]))
        return lambda leaves: (
            operand(leaves) ** (leaves["a"] if exponent == "variable" else exponent)
        )
    if kind == 9:
        name = draw(st.sampled_from(["tanh", "sin", "abs", "relu", "atan", "sigmoid"]))
        return lambda leaves: function(name)(operand(leaves))
    other = draw(expressions(depth - 1))
    name = draw(st.sampled_from(["maximum", "minimum", "hypot"]))
    return lambda leaves: function(name)(operand(leaves), other(leaves))


def computed(operation, left, right):
    if operation == "+":
        return left + right
    if operation == "-":
        return left - right
    return left * right if operation == "*" else left / right


def function(name):
    return abs if name == "abs" else getattr(autograd, name)


@given(expressions())
@settings(max_examples=400, deadline=None)
def test_formula_of_a_random_expression_evaluates_to_the_number_of_its_node(expression):
    leaves = {name: leaf(name, number) for name, number in NUMBERS.items()}
    try:
        node = expression(leaves)
    except (ValueError, ArithmeticError):
        assume(False)
    order = autograd.graph.topological_order(node)
    text = formula(node, depth=DEEP)
    used = {name: number for name, number in NUMBERS.items() if leaves[name] in order}
    again, _ = evaluate(text, used)
    assert again.data == node.data, text  # to the bit: the parentheses keep every rounding


@given(expressions(depth=4), st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_formula_cut_at_a_depth_has_no_operations_below_it(expression, depth):
    leaves = {name: leaf(name, number) for name, number in NUMBERS.items()}
    try:
        node = expression(leaves)
    except (ValueError, ArithmeticError):
        assume(False)
    text = formula(node, depth=depth)
    whole = formula(node, depth=DEEP)
    assert (text == whole) == ("..." not in text)
    assert text.count("(") == text.count(")")
    if depth == 0 and node.op is not None:
        assert text == "..."


def test_formula_of_a_chain_of_100000_nodes_is_short():
    node = leaf("x")
    for _ in range(100_000):
        node = node + 1.0
    assert formula(node) == "... + 1 + 1 + 1"


# Every reader puts them in the same places -------------------------------------------------------

TREES = {
    "a * (b * c)": lambda a, b, c: a * (b * c),
    "a + (b + c)": lambda a, b, c: a + (b + c),
    "a + b - c": lambda a, b, c: a + b - c,
    "a - (b - c)": lambda a, b, c: a - (b - c),
    "a - (b + c)": lambda a, b, c: a - (b + c),
    "(a + b) * (b - c)": lambda a, b, c: (a + b) * (b - c),
    "-(a * b) + c": lambda a, b, c: -(a * b) + c,
    "-a * b + c": lambda a, b, c: -a * b + c,
    "-(a + b) * c": lambda a, b, c: -(a + b) * c,
    "tanh(a * (b - c)) * c": lambda a, b, c: (a * (b - c)).tanh() * c,
}


@pytest.mark.parametrize("text", TREES)
def test_messages_and_latex_put_the_same_parentheses(text):
    leaves = [leaf(name, 0.5) for name in "abc"]
    node = TREES[text](*leaves)
    assert formula(node, depth=DEEP) == text
    assert as_python(written(node, {}, DEEP, LATEX).markup) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda a, b, c: a * (b * c), "a * (b * c)"),
        (lambda a, b, c: (a + b) * (b - c), "(a + b) * (b - c)"),
        (lambda a, b, c: a / (b / c), "a / (b / c)"),
        (lambda a, b, c: a / (b * c), "a / (b * c)"),
        (lambda a, b, c: (a**b) ** c, "(a**b)**c"),
        (lambda a, b, c: a ** (b**c), "a**b**c"),
        (lambda a, b, c: b / -(a**2.0) / c, "b / -a**2 / c"),
        (lambda a, b, c: b / (-a) ** 2.0 / c, "b / (-a)**2 / c"),
    ],
)
def test_compiled_programs_put_parentheses_where_messages_put_them(function, text):
    example = (0.5, 0.25, 0.75)
    assert formula(function(*map(leaf, "abc", example)), depth=DEEP) == text
    assert f"loss = mean({text})" in str(autograd.compile(function, example=example))


def as_python(latex):
    for sign, python in {r"\left(": "(", r"\right)": ")", r"\cdot": "*", "\\": "", " ": ""}.items():
        latex = latex.replace(sign, python)
    return latex


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda a, b: (a**b) ** 2.0, r"\left( a^{b} \right)^{2}"),
        (lambda a, b: a ** (b**2.0), r"a^{b^{2}}"),
        (lambda a, b: -(a**2.0), r"- a^{2}"),
        (lambda a, b: (-a) ** 2.0, r"\left( - a \right)^{2}"),
        (lambda a, b: a / (b / 2.0), r"\frac{a}{\frac{b}{2}}"),
        (lambda a, b: (a / b) ** 2.0, r"\left( \frac{a}{b} \right)^{2}"),
        (lambda a, b: a * -b, r"a \cdot \left( - b \right)"),
        (lambda a, b: a - -3.0 * b, r"a - \left( -3 \cdot b \right)"),
    ],
)
def test_printed_mathematics_stacks_what_holds_together_and_keeps_signs_apart(build, text):
    node = build(leaf("a"), leaf("b"))
    assert written(node, {}, DEEP, LATEX).markup == text


# A label that is an expression keeps its meaning --------------------------------------------------


@pytest.mark.parametrize(
    ("label", "product", "power"),
    [
        ("x + y", "(x + y) * 3", "(x + y)**2"),
        ("x+y", "(x+y) * 3", "(x+y)**2"),
        ("x - 1", "(x - 1) * 3", "(x - 1)**2"),
        ("x * y", "x * y * 3", "(x * y)**2"),
        ("2/3", "2/3 * 3", "(2/3)**2"),
        ("x**2", "x**2 * 3", "(x**2)**2"),
        ("x^2", "x^2 * 3", "(x^2)**2"),
        ("-x", "-x * 3", "(-x)**2"),
        ("x < y", "(x < y) * 3", "(x < y)**2"),
        ("f(x + y)", "f(x + y) * 3", "f(x + y)**2"),
        ("(x + y)", "(x + y) * 3", "(x + y)**2"),
        ("(x) + (y)", "((x) + (y)) * 3", "((x) + (y))**2"),
        ("w[i + 1]", "w[i + 1] * 3", "w[i + 1]**2"),
        ("layer1.neuron3.w2", "layer1.neuron3.w2 * 3", "layer1.neuron3.w2**2"),
        ("hidden layer", "hidden layer * 3", "hidden layer**2"),
        ("1e-5", "1e-5 * 3", "1e-5**2"),
        ("ä", "ä * 3", "ä**2"),
        ("2 * -x", "2 * -x * 3", "(2 * -x)**2"),
        ("x = 2", "(x = 2) * 3", "(x = 2)**2"),
        ("x >= 2", "(x >= 2) * 3", "(x >= 2)**2"),
        ("x \N{MINUS SIGN} 1", "(x \N{MINUS SIGN} 1) * 3", "(x \N{MINUS SIGN} 1)**2"),
        ("<b>", "<b> * 3", "<b>**2"),
        ("*x*_|", "*x*_| * 3", "*x*_|**2"),
        ("+", "+ * 3", "+**2"),
    ],
)
def test_label_that_is_an_expression_keeps_its_meaning(label, product, power):
    assert formula(Value(2.0, label=label) * 3) == product
    assert formula(Value(2.0, label=label) ** 2) == power


def test_label_that_is_an_expression_keeps_its_meaning_in_a_compiled_program():
    weight = Value(2.0, label="u + v")
    assert "(u + v) * x" in str(autograd.compile(lambda x: weight * x, [weight], example=(1.0,)))


@pytest.mark.parametrize("label", ["", " ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_label_that_nobody_can_see_is_no_label(label):
    assert formula(Value(2.0, label=label) * 3) == "2 * 3"
    mass = Value(-2.0, label=label)
    with pytest.raises(ValueError, match=r"log of mass = -2\.0"):
        mass.log()


def test_any_text_has_a_rank():
    signs = random.Random(0)
    for _ in range(300):
        text = "".join(signs.choices("ab1_.+-*/^()[]{}<>=,|&% \N{MINUS SIGN}e", k=12))
        assert 0 <= binding_of(text) <= CLOSED
