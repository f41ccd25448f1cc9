"""What messages call a node, a constant, or an operation of many; and micrograd's name for it."""

import math

import pytest

from autograd import Value, fsum
from autograd.ask.explain import partials_anyway
from autograd.formulas.row import Op
from autograd.words.formula_printer import WIDEST, formula
from autograd.words.names import called


@pytest.mark.parametrize(("number", "text"), [(2.0, "2.0"), (-0.5, "-0.5"), (math.inf, "inf")])
def test_constant_is_called_by_its_number(number, text):
    assert called(number, {}) == text


def test_operation_of_many_is_called_by_its_first_operands_and_their_number():
    total = fsum([Value(float(place), label=f"x{place}") for place in range(1_000)])
    assert called(total, {}) == "sum(x0, x1, x2, ... 997 more)"


def test_formula_of_many_operands_ends_in_dots():
    few = [Value(1.0, label="x") for _ in range(WIDEST)]
    assert "..." not in formula(fsum(few))
    assert formula(fsum([*few, few[0]])) == f"sum({', '.join('x' * WIDEST)}, ...)"


@pytest.mark.parametrize(
    ("node", "sign"),
    [
        (Value(2.0), ""), (Value(2.0) + 1.0, "+"), (Value(2.0) ** 3, "**3"),
        (Value(2.0) ** Value(3.0), "**"), (Value(2.0).tanh(), "tanh"),
    ],
)  # fmt: skip
def test_operation_has_the_sign_that_micrograd_gives_it(node, sign):
    assert node._op == sign


def test_slope_that_is_finite_by_way_of_an_infinity_is_told_as_nan():
    odd = Op("odd", lambda a: 0.0 * a, lambda y, a: 1.0 / (1.0 + 1.0 / a))
    node = Value.apply_op(odd, (Value(0.0),))
    assert math.isnan(partials_anyway(node)[0])
    with pytest.raises(ZeroDivisionError):
        node.backward()
