"""Points of the plane where other engines give a wrong derivative, or a wrong silence.

A peer's wrong answer stands in a comment; where the peer has a name, it was measured.
"""

import math

import pytest

import autograd
from autograd import Value, grad, hypot, ieee, maximum, minimum, relu, sigmoid, tanh, where

NAN = float("nan")


def gradients(f, *numbers):
    """Return the gradient of ``f`` by each of its arguments."""
    variables = [Value(number) for number in numbers]
    f(*variables).backward()
    return tuple(variable.grad for variable in variables)


# Powers -------------------------------------------------------------------------------------------


def test_cube_root_of_a_negative_number_raises_and_is_never_complex():
    # micrograd: (1+1.7j), silently. PyTorch, HIPS, JAX, XAD, CasADi: nan.
    with pytest.raises(ValueError, match=r"\*\* of -8\.0 and 0\.333") as caught:
        Value(-8.0) ** (1 / 3)
    assert "whole exponents only" in str(caught.value)


def test_negative_number_to_a_value_that_is_no_whole_number_raises():
    with pytest.raises(ValueError, match="real for whole exponents only"):
        (-8.0) ** Value(1 / 3)


def test_whole_power_of_a_negative_number_is_right():
    assert gradients(lambda x: x**3, -2.0) == (12.0,)
    assert (Value(-2.0) ** 3).data == -8.0
    assert (Value(-2.0) ** -1).data == -0.5


def test_x_to_the_0_at_0_has_the_gradient_0():
    # micrograd: ZeroDivisionError. XAD: nan.
    x = Value(0.0)
    y = x**0
    y.backward()
    assert (y.data, x.grad) == (1.0, 0.0)


def test_x_to_the_1_at_0_has_the_gradient_1():
    assert gradients(lambda x: x**1, 0.0) == (1.0,)


def test_0_to_the_p_at_2_has_the_first_and_second_derivatives_0():
    # micrograd: TypeError. PyTorch: 0, then nan. XAD, CasADi: nan.
    power = grad(lambda p: 0.0**p)
    assert power(2.0) == 0.0
    assert grad(power)(2.0) == 0.0
    assert gradients(lambda x, p: x**p, 0.0, 2.0) == (0.0, 0.0)


def test_constant_exponent_takes_no_logarithm_of_a_negative_base():
    # An engine that differentiates by the exponent 2 as well: log(-3) raises, or is nan.
    assert gradients(lambda x: x**2, -3.0) == (-6.0,)


def test_value_to_the_power_of_a_value():
    # micrograd: an assertion fails; asked for in six threads.
    dx, dp = gradients(lambda x, p: x**p, 3.0, 2.0)
    assert dx == 6.0
    assert dp == pytest.approx(9.0 * math.log(3.0), rel=1e-15)
    assert gradients(lambda p: 2**p, 3.0)[0] == pytest.approx(8.0 * math.log(2.0), rel=1e-15)


# Undefined and overflowing ------------------------------------------------------------------------


@pytest.mark.parametrize("number", [-1.0, 0.0])
def test_logarithm_outside_its_domain_raises_with_the_name_of_the_node(number):
    # PyTorch, HIPS, JAX, XAD: nan with the gradient -1, or -inf, silently.
    probability = Value(number)
    with pytest.raises(ValueError, match="log of probability = ") as caught:
        probability.log()
    assert "log is defined for positive numbers only" in str(caught.value)


def test_division_by_zero_raises_with_the_name_of_the_node():
    # PyTorch and JAX: inf, which is nan a few operations later.
    share = Value(0.0, label="share")
    with pytest.raises(ZeroDivisionError, match=r"/ of 1\.0 and share = 0\.0"):
        1.0 / share


def test_quotient_by_a_tiny_number_keeps_its_gradient():
    # micrograd: OverflowError. HIPS, JAX, XAD: -inf, by squaring the denominator.
    dx, dy = gradients(lambda x, y: x / y, 1e-300, 1e-200)
    assert dx == pytest.approx(1e200, rel=1e-15)
    assert dy == pytest.approx(-1e100, rel=1e-15)


def test_hypot_of_huge_sides_has_the_gradient_0_7071():
    # JAX: 1.06. XAD: 0, the squares being infinite.
    side = math.sqrt(0.5)
    assert gradients(hypot, 1e200, 1e200) == pytest.approx((side, side), rel=1e-15)
    assert hypot(Value(1e200), 1e200).data == pytest.approx(math.sqrt(2.0) * 1e200, rel=1e-15)


def test_hypot_at_the_origin_has_the_gradient_0():
    # The textbook's x / hypot(x, y) is 0 / 0 there.
    assert gradients(hypot, 0.0, 0.0) == (0.0, 0.0)


def test_overflow_of_a_product_raises_instead_of_infinity():
    with pytest.raises(OverflowError, match="too large for a float"):
        Value(1e200) * Value(1e200)


def test_infinity_minus_infinity_raises_instead_of_a_nan_born_silently():
    infinite = Value(math.inf)
    with pytest.raises(ValueError, match="undefined"):
        infinite - infinite


# Not a number -------------------------------------------------------------------------------------


def test_relu_of_nan_is_nan_in_value_and_gradient():
    # The gradient of micrograd, HIPS and JAX: 0. PyTorch: 1. XAD: 0.5. CasADi: even the value is 0.
    x = Value(NAN)
    y = relu(x)
    y.backward()
    assert math.isnan(y.data)
    assert math.isnan(x.grad)


@pytest.mark.parametrize("f", [maximum, minimum])
@pytest.mark.parametrize("numbers", [(NAN, 1.0), (1.0, NAN)])
def test_maximum_and_minimum_with_a_nan_are_nan_from_both_sides(f, numbers):
    # Python's own max(nan, 1.0) is nan, and max(1.0, nan) is 1.0.
    assert math.isnan(f(*map(Value, numbers)).data)


# Corners ------------------------------------------------------------------------------------------


def test_abs_at_0_has_the_gradient_0():
    # JAX: 1.
    assert gradients(abs, 0.0) == (0.0,)
    assert gradients(abs, -2.0) == (-1.0,)


def test_relu_at_0_has_the_gradient_0():
    assert gradients(relu, 0.0) == (0.0,)


@pytest.mark.parametrize("f", [maximum, minimum])
def test_tie_of_two_shares_the_gradient_in_halves(f):
    assert gradients(f, 3.0, 3.0) == (0.5, 0.5)


@pytest.mark.parametrize("f", [maximum, minimum])
def test_tie_of_three_shares_the_gradient_in_thirds(f):
    # CasADi and every nested two-way maximum: 1/4, 1/4, 1/2.
    assert gradients(f, 3.0, 3.0, 3.0) == (1 / 3, 1 / 3, 1 / 3)


def test_tie_below_the_largest_gets_nothing():
    assert gradients(maximum, 1.0, 1.0, 2.0) == (0.0, 0.0, 1.0)


def test_logarithm_that_where_does_not_choose_is_an_error_if_it_was_computed():
    # PyTorch, HIPS, JAX: value 0 and gradient nan, from a branch that was never taken.
    x = Value(0.0, label="x")
    with pytest.raises(ValueError, match="log of x = 0"):
        where(x > 0, autograd.log(x), 0.0 * x)


def test_logarithm_that_where_does_not_choose_gives_the_gradient_0_in_ieee_mode():
    x = Value(0.0)
    with ieee():
        y = where(x > 0, autograd.log(x), 0.0 * x)
        y.backward()
    assert (y.data, x.grad) == (0.0, 0.0)


def test_where_calls_only_the_function_that_it_chooses():
    x = Value(0.0)
    y = where(x > 0, lambda: autograd.log(x), lambda: 0.0 * x)
    y.backward()
    assert (y.data, x.grad) == (0.0, 0.0)
    assert gradients(lambda x: where(x > 0, lambda: autograd.log(x), lambda: 0.0 * x), 4.0) == (
        0.25,
    )


# Saturation ---------------------------------------------------------------------------------------


def test_tanh_at_20_has_the_gradient_1_7e_17_not_0():
    # PyTorch, JAX, XAD, CasADi: 0, by 1 - tanh(x)**2.
    exact = 4.0 * math.exp(-40.0)  # 1 / cosh(20)**2, to 17 digits
    assert exact == pytest.approx(1.7e-17, rel=1e-3)
    assert gradients(tanh, 20.0)[0] == pytest.approx(exact, rel=1e-15)
    assert gradients(tanh, -20.0)[0] == pytest.approx(exact, rel=1e-15)


def test_tanh_at_1000_is_1_with_the_gradient_0():
    assert gradients(tanh, 1000.0) == (0.0,)
    assert tanh(Value(-1000.0)).data == -1.0


def test_logistic_function_by_hand_at_minus_1000_raises_and_names_sigmoid():
    # PyTorch, HIPS, JAX, CasADi: gradient nan (inf / inf). micrograd's readers: OverflowError.
    x = Value(-1000.0)
    with pytest.raises(OverflowError, match=r"exp of .*Use sigmoid"):
        1.0 / (1.0 + autograd.exp(-x))


def test_sigmoid_at_minus_1000_is_0_with_the_gradient_0():
    assert gradients(sigmoid, -1000.0) == (0.0,)
    assert sigmoid(Value(-1000.0)).data == 0.0


def test_sigmoid_at_40_keeps_its_gradient():
    # y * (1 - y) is 0 where y rounds to 1; the truth is exp(-40), to 17 digits.
    assert gradients(sigmoid, 40.0)[0] == pytest.approx(math.exp(-40.0), rel=1e-15)


def test_softmax_and_cross_entropy_of_logits_of_1000():
    # exp(1000) / (exp(1000) + 1): OverflowError, or nan.
    logits = [Value(1000.0), Value(0.0)]
    loss = -autograd.log_softmax(logits)[1]
    loss.backward()
    assert loss.data == 1000.0
    assert [logit.grad for logit in logits] == [1.0, -1.0]


# Reflected operators ------------------------------------------------------------------------------


def test_reflected_operators_are_not_turned_around():
    # Asked in five of micrograd's threads: 10 - x and 10 / x by way of x - 10 and x / 10.
    x = Value(4.0)
    assert (10 - x).data == 6.0
    assert (10 / x).data == 2.5
    assert (2**x).data == 16.0
    assert gradients(lambda x: 10 - x, 4.0) == (-1.0,)
    assert gradients(lambda x: 10 / x, 4.0) == (-0.625,)
