"""Expressions typed as text: computed as Python would, and nothing else carried out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.story.read_expression import FUNCTIONS, ExpressionError, evaluate


def test_an_expression_is_computed_and_can_be_differentiated():
    root, variables = evaluate("tanh(w*x + b)", {"w": 0.5, "x": 2.0, "b": -1.0})
    root.backward()
    assert root.data == 0.0
    assert {name: v.grad for name, v in variables.items()} == {"w": 2.0, "x": 0.5, "b": 1.0}


@given(st.floats(0.5, 2), st.floats(0.5, 2), st.floats(-2, 2))
def test_arithmetic_means_what_it_means_in_python(a, b, c):
    text = "-a**2 + b/a - (c - a)*b - 2*-c + a/b/a**-1"
    expected = -(a**2) + b / a - (c - a) * b - 2 * -c + a / b / a**-1
    assert evaluate(text, {"a": a, "b": b, "c": c})[0].data == pytest.approx(expected, rel=1e-14)


def test_every_function_can_be_called():
    numbers = {"a": 0.3, "b": 0.4}
    for name in FUNCTIONS:
        if name == "where":
            text = "where(a > b, a, b)"
        elif name in ("atan2", "hypot", "maximum", "minimum", "max", "min", "fsum", "mean",
                      "logsumexp", "sum"):  # fmt: skip
            text = f"{name}(a, b)"
        else:
            text = f"{name}(a) + 0*b"
        assert math.isfinite(evaluate(text, numbers)[0].data), name


def test_pi_and_e_are_known_unless_they_are_variables():
    assert evaluate("sin(pi*x) + e*0", {"x": 0.5})[0].data == 1.0
    assert evaluate("e*2", {"e": 1.5})[0].data == 3.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w*y", "y has no number: add y=1.5"),
        ("tanhh(w)", "Did you mean tanh?"),
        ("w^2", "a\\*\\*b"),
        ("w.data", "only numbers"),
        ("w[0]", "only numbers"),
        ("__import__('os').system('true')", "only numbers"),
        ("__import__('os')", "no function of the engine"),
        ("(lambda: w)()", "only numbers"),
        ("[w for w in w]", "only numbers"),
        ("w if w else w", "only numbers"),
        ("w := 2", "not an expression"),
        ("1 +", "not an expression"),
        ("", "not an expression"),
        ("'text'", "only numbers"),
        ("True*w", "only numbers"),
        ("1e999*w", "too large"),
        ("w*1" + "0" * 400, "too large"),
        ("sin", "sin is a function"),
        ("2*3 + 0*pi", "w got a number but does not occur"),
        ("w < 2 < 3", "only numbers"),
        ("sin(w, w)", "argument"),
        ("-" * 30_000 + "w", "nested too deeply"),
        ("max()*w", r"max\(\) is of nothing: write max\(x\)"),
        ("mean() + w", r"mean\(\) is of nothing"),
    ],
)
def test_anything_else_is_refused_with_a_pointer(text, message):
    with pytest.raises(ExpressionError, match=message):
        evaluate(text, {"w": 2.0})


def test_an_expression_without_a_variable_has_nothing_to_differentiate():
    with pytest.raises(ExpressionError, match="nothing to differentiate"):
        evaluate("2*3", {})


def test_undefined_mathematics_points_at_its_place():
    with pytest.raises(ValueError, match="log") as caught:
        evaluate("1 + log(w)", {"w": -1.0})
    assert str(caught.value).endswith("1 + log(w)\n        ^")


def test_a_power_of_plain_numbers_is_real_or_refused():
    assert evaluate("w * 4**0.5", {"w": 3.0})[0].data == 6.0
    assert evaluate("w * (-2)**3", {"w": 1.0})[0].data == -8.0
    with pytest.raises(ValueError, match=r"\*\* of -8.0 and 0.5: .*domain") as caught:
        evaluate("w*abs((-8)**0.5)", {"w": 1.0})
    assert str(caught.value).endswith("w*abs((-8)**0.5)\n          ^")


@pytest.mark.parametrize("text", ["9**9**9*w", "w*10**400", "w + 2.0**9999"])
def test_a_power_that_is_too_large_is_refused_in_words(text):
    with pytest.raises(OverflowError, match=r"\*\* of .* range error"):
        evaluate(text, {"w": 1.0})


def test_names_that_are_one_to_python_are_one_here():
    micro, mu = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"
    root, variables = evaluate(f"{micro} * 2", {micro: 3.0})
    assert root.data == 6.0
    assert list(variables) == [mu]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("w + nn(w)", 4),
        ("ü*w + nn(w)", 6),  # two bytes, one column
        ("漢*w + nn(w)", 7),  # three bytes, two columns
        ("w*(1 +\n nn(w))", 1),  # on the second line
        ("漢 * * w", 5),
    ],
)
def test_the_mark_is_under_its_place_also_behind_letters_beyond_ascii(text, before):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, {"w": 1.0, "ü": 1.0, "漢": 1.0})
    line, mark = str(caught.value).splitlines()[-2:]
    assert mark == " " * (4 + before) + "^"
    assert line.strip() in text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("leaky_relu(x, slope=0.5)", -0.5),
        ("elu(x, alpha=2)", 2 * math.expm1(-1)),
        ("exp(x=x)", math.exp(-1)),
    ],
)
def test_keywords_of_a_functions_signature_are_understood(text, result):
    root, _ = evaluate(text, {"x": -1.0})
    assert root.data == pytest.approx(result, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("leaky_relu(x, sloe=0.5)", r"Write leaky_relu\(x, slope=0.01\)"),
        ("fsum(x, name=2)", r"fsum\(\) got an unexpected keyword"),
        ("exp(**x)", r"as in exp\(x\)"),
        ("x y", r"Write \* between them: x\*y"),
    ],
)
def test_a_keyword_or_a_product_that_is_not_understood_gets_advice(text, advice):
    with pytest.raises(ExpressionError, match=advice):
        evaluate(text, {"x": -1.0})
