"""Mathematics as people type it: the message says how an expression wants it, and that works."""

import math

import pytest

from autograd.story.read_expression import ExpressionError, evaluate

NUMBERS = {"x": 0.5, "y": 2.0}
TYPED = [
    ("2x", "Write * between them: 2*x", "2*x"),
    ("3 + 2 x", "Write * between them: 2*x", "3 + 2*x"),
    ("0.5x", "Write * between them: 0.5*x", "0.5*x"),
    ("3(x + 1)", "Write * between them: 3*(...)", "3*(x + 1)"),
    ("x(x + 1)", "Write * between them: x*(...)", "x*(x + 1)"),
    ("x^2", "write a power as a**b", "x**2"),
    ("x²", "Write a power as x**2", "x**2"),
    ("sin x", "Write sin(x)", "sin(x)"),
    ("x·y", "Write * for a product: x*y", "x*y"),
    ("x \N{MULTIPLICATION SIGN} y", "Write * for a product: x*y", "x*y"),
    ("x ÷ y", "Write / for a quotient: x/y", "x/y"),
    ("x \N{MINUS SIGN} 1", "Write - for a minus: x - 1", "x - 1"),
    ("√x", "Write sqrt(x)", "sqrt(x)"),
    ("|x|", "Write abs(x)", "abs(x)"),
    ("(x + 1", "A bracket is missing: )", "(x + 1)"),
    ("x + 1)", "A bracket is missing: (", "(x + 1)"),
    ("1,5*x", "Write a decimal point, not a comma: 1.5", "1.5*x"),
    ("softmax(x, y)", "write exp(x) / (exp(x) + exp(y))", "exp(x) / (exp(x) + exp(y))"),
    ("log_softmax(x, y)", "write x - logsumexp(x, y)", "x - logsumexp(x, y)"),
    ("ln(x)", "Write log(x)", "log(x)"),
    ("log10(x)", "Write log(x) / log(10)", "log(x) / log(10)"),
    ("pow(x, 2)", "Write x**2", "x**2"),
    ("arctan(x)", "Did you mean atan?", "atan(x)"),
    ("math.sin(x)", "Leave the name of the library out: sin(...)", "sin(x)"),
    ("x.sin()", "Write sin(x)", "sin(x)"),
    ("x % 2", "write x / 2", "x / 2"),
    ("x @ y", "Write * for a product: x*y", "x*y"),
    ("1 if x > 0 else 0", "Write where(x > 0, a, b)", "where(x > 0, 1, 0*x)"),
    ("z = x", "Give the expression alone", "x"),
    ("relu", "write relu(...)", "relu(x)"),
]


def value(text):
    return evaluate(text, {name: NUMBERS[name] for name in NUMBERS if name in text})[0]


@pytest.mark.parametrize(("typed", "advice", "mended"), TYPED, ids=[row[0] for row in TYPED])
def test_the_message_says_what_to_type_and_that_is_an_expression(typed, advice, mended):
    with pytest.raises(ExpressionError) as caught:
        value(typed)
    assert advice in str(caught.value).splitlines()[0]
    assert math.isfinite(value(mended).data)


@pytest.mark.parametrize("typed", ["2e3 +", "x **", "exp(", "f'{x}'"])
def test_other_texts_get_no_advice_that_is_not_about_them(typed):
    with pytest.raises(ExpressionError) as caught:
        value(typed)
    assert "Write *" not in str(caught.value)
