"""What a node is called: its label, else the reader's variable name, else its formula."""

import math
import operator
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.story.read_expression import evaluate
from autograd.words.names import formula, variable_names

DEEP = 1_000  # deeper than every expression here


def leaf(name, number=2.0):
    return Value(number, label=name)


# Parentheses --------------------------------------------------------------------------------------

A, B, C = leaf("a"), leaf("b", 3.0), leaf("c", 5.0)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (A + B * C, "a + b * c"),
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
    # a + (b + c) is written without parentheses, and rounds otherwise than (a + b) + c: next to
    # a jump, or after a cancellation, that is more than the last digits.
    assume(all(each.data == 0.0 or 1e-3 < abs(each.data) < 1e6 for each in order))
    text = formula(node, depth=DEEP)
    used = {name: number for name, number in NUMBERS.items() if leaves[name] in order}
    try:
        again, _ = evaluate(text, used)
    except ArithmeticError:
        assume(False)  # an exact 0 of the one order is 1e-17, or the reverse, in the other
    assert again.data == pytest.approx(node.data, rel=1e-4, abs=1e-4), text


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


# Labels and variables -----------------------------------------------------------------------------


def test_label_stands_for_the_whole_node():
    total = A + B
    total.label = "total"
    assert formula(total * C) == "total * c"
    assert formula(total) == "total"


def test_name_of_a_variable_stands_where_there_is_no_label():
    weight, unnamed = Value(2.0), Value(3.0)
    names = {weight: "weight"}
    assert formula(weight * unnamed + A, names) == "weight * 3 + a"


def test_label_goes_before_the_name_of_a_variable():
    assert formula(A * 2, {A: "other"}) == "a * 2"


def test_variables_of_a_frame_are_names_and_lists_give_numbered_ones():
    held = {
        "x": A,
        "again": A,
        "_hidden": B,
        "w": [C, 1.0, Value(1.0)],
        "pair": (C, B),
        "number": 3.0,
    }
    names = variable_names(SimpleNamespace(f_locals=held), Value)
    assert names[A] == "x"
    assert names[C] == "w[0]"
    assert names[B] == "pair[1]"
    assert set(names.values()) == {"x", "w[0]", "w[2]", "pair[1]"}
    assert variable_names(None, Value) == {}


def test_error_names_the_variable_of_the_reader():
    rate = Value(-1.0)
    with pytest.raises(ValueError, match=r"log of rate = -1\.0"):
        rate.log()
    steps = [Value(1.0), Value(0.0)]
    with pytest.raises(ZeroDivisionError, match=r"/ of steps\[0\] = 1\.0 and steps\[1\] = 0\.0"):
        steps[0] / steps[1]


def test_error_names_the_variable_of_the_function_in_which_it_happens():
    def f(inner):
        return autograd.sqrt(inner)

    outer = Value(-4.0)
    with pytest.raises(ValueError, match=r"sqrt of inner = -4\.0"):
        f(outer)


def test_error_shows_the_formula_of_a_node_without_a_name():
    with pytest.raises(ValueError, match=r"log of a - b = -1\.0"):
        (A - B).log()


def test_error_of_backward_names_the_node_and_the_operation():
    speed = Value(0.0)
    with pytest.raises(
        ZeroDivisionError, match=r"derivative of sqrt at speed = 0\.0.*sqrt\(speed\)"
    ):
        speed.sqrt().backward()


def test_error_on_a_written_inner_node_calls_it_by_its_variable():
    x = Value(2.0)
    square = x * x
    with pytest.raises(AttributeError, match=r"square was computed by \*"):
        square.data = 1.0


def test_stale_error_names_the_leaf_and_the_node():
    x = Value(2.0)
    square = x * x
    x.data = 3.0
    with pytest.raises(autograd.StaleGraphError, match=r"x was written after square was computed"):
        square.backward()


@pytest.mark.parametrize("label", ["", "w1", "layer1.neuron3.w2", "a b", "ä", "x" * 1000])
def test_any_text_is_a_label_and_is_shown_in_the_repr(label):
    value = Value(1.0, label=label)
    assert value.label == label
    shown = f", label={label!r}" if label else ""
    assert repr(value) == f"Value(data=1.0, grad=0.0{shown})"


def test_format_shows_the_number_as_a_float_would():
    x = Value(1.0 / 3.0, label="x")
    assert f"{x:.3f} {x:8.2e} {x:+.1%}" == f"{1 / 3:.3f} {1 / 3:8.2e} {1 / 3:+.1%}"
    assert f"{x}" == repr(x)
