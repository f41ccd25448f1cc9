"""The page of formulas: every operation, its value and its partial derivatives.

A row reads: name, value, then the partial for each argument. A partial is a function of the result
``y`` and the arguments. It never mentions the gradient that arrives from above: the chain rule
multiplies by that, once, in ``backward.py``. Where the textbook's form would lose digits, the row
computes another one, and carries the textbook's beside it for whoever prints the formula.

A row serves every reader:

* read with floats, it gives numbers (``Value.backward``);
* read with Values, it gives derivatives that can be differentiated again (``grad`` of ``grad``),
  because a formula is written in operations that have a row themselves;
* read with arrays, it gives a whole batch at once.

The formulas are those of any calculus textbook, e.g. Abramowitz and Stegun, "Handbook of
mathematical functions", 1964, chapters 3 and 4.
"""

from __future__ import annotations

import math
import operator

# fmt: off
# isort: off
from autograd.formulas import (
    acos, asin, atan, atan2, by_sign, choose, clip, cos, cosh, elu, exp, expm1, gelu, hypot,
    hypot_slope, is_zero, leaky_relu, log, log1p, log_sigmoid, log_softmax_of, log_softmax_slopes,
    log_sum_exp, lowered, maximum, minimum, normal_cdf, normal_pdf, number, one_less_is_exact,
    one_minus_square, over_square, power, power_log, power_slope, relu, sech2, share, shares,
    sigmoid, silu, sin, sinh, softmax, softmax_of, softmax_rest, softplus, sqrt, tan, tanh, total,
    where_of)
from autograd.formulas.limits import ieee_divide, ieee_power, ieee_power_log, ieee_slope, ieee_sum
from autograd.formulas.row import OPS, op
# isort: on

__all__ = ["OPS"]

# name, value, partials: d y / d argument ---------------------------------------------------------
# Arithmetic.
op("+", operator.add, 1.0, 1.0)
op("-", operator.sub, 1.0, -1.0)
op("*", operator.mul, lambda y, a, b: b, lambda y, a, b: a)
op("/", operator.truediv, lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b, limit=ieee_divide)
op("**", power, lambda y, a, b: power_slope(a, b), lambda y, a, b: power_log(a, b),
   textbook=(lambda y, a, b: b * a if number(b) == 2.0 else b * a ** (b - 1.0),
             lambda y, a, b: y * log(a)),
   limit=ieee_power)
op("neg", operator.neg, -1.0)
op("abs", abs, lambda y, a: choose(a > 0, 1.0, lambda: choose(a < 0, -1.0, 0.0 * a)))
op("alias", operator.pos, 1.0)  # a fresh name for the same number, for transforms

# Exponentials and roots.
op("exp", exp, lambda y, a: y)
op("expm1", expm1, lambda y, a: exp(a))
op("log", log, lambda y, a: 1.0 / choose(a < 0, math.nan, a),  # NaN is the value there, too
   limit=lambda a: math.nan if a else -math.inf)
op("log1p", log1p, lambda y, a: 1.0 / choose(a < -1.0, math.nan, lambda: 1.0 + a),
   limit=lambda a: math.nan if a + 1 else -math.inf)
op("sqrt", sqrt, lambda y, a: 0.5 / y)

# Angles.
op("sin", sin, lambda y, a: cos(a))
op("cos", cos, lambda y, a: -sin(a))
op("tan", tan, lambda y, a: 1.0 + y * y, textbook=[lambda y, a: 1.0 + y**2.0])
op("asin", asin, lambda y, a: 1.0 / sqrt(one_minus_square(a)),
   textbook=[lambda y, a: 1.0 / sqrt(1.0 - a**2.0)])
op("acos", acos, lambda y, a: -1.0 / sqrt(one_minus_square(a)),
   textbook=[lambda y, a: -1.0 / sqrt(1.0 - a**2.0)])
op("atan", atan, lambda y, a: over_square(1.0, a),  # the textbook's square overflows
   textbook=[lambda y, a: 1.0 / (1.0 + a**2.0)])
op("atan2", atan2, lambda y, a, b: over_square(b, a), lambda y, a, b: -over_square(a, b),
   textbook=[lambda y, a, b: b / (a**2.0 + b**2.0), lambda y, a, b: -a / (a**2.0 + b**2.0)])

# Hyperbolic functions.
op("sinh", sinh, lambda y, a: cosh(a), limit=lambda a: math.copysign(math.inf, a))
op("cosh", cosh, lambda y, a: sinh(a))
op("tanh", tanh, lambda y, a: sech2(a), textbook=[lambda y, a: 1.0 - y**2.0])
op("sech2", sech2, lambda y, a: -2.0 * tanh(a) * y)

# Activations.
op("sigmoid", sigmoid, lambda y, a: 0.25 * sech2(0.5 * a),  # the textbook's 1 - y cancels
   textbook=[lambda y, a: y * (1.0 - y)])
op("log_sigmoid", log_sigmoid, lambda y, a: sigmoid(-a))
op("softplus", softplus, lambda y, a: sigmoid(a))
op("relu", relu, lambda y, a: by_sign(a, 1.0, 0.0))
op("leaky_relu", leaky_relu, lambda y, a, slope: by_sign(a, 1.0, slope),
   lambda y, a, slope: by_sign(a, 0.0, a))
op("elu", elu, lambda y, a, alpha: by_sign(a, 1.0, lambda: alpha * exp(a)),
   lambda y, a, alpha: by_sign(a, 0.0, lambda: expm1(a)))
op("silu", silu, lambda y, a: sigmoid(a) + clip(a, 1000.0) * sigmoid(a) * sigmoid(-a))
op("gelu", gelu, lambda y, a: normal_cdf(a) + clip(a, 40.0) * normal_pdf(a))
op("normal_cdf", normal_cdf, lambda y, a: normal_pdf(a))
op("normal_pdf", normal_pdf, lambda y, a: -clip(a, 40.0) * y)

# Functions of two numbers.
op("hypot", hypot, lambda y, a, b: hypot_slope(a, b), lambda y, a, b: hypot_slope(b, a),
   textbook=[lambda y, a, b: a / y, lambda y, a, b: b / y])
op("hypot_slope", hypot_slope, lambda y, a, b: hypot_slope(b, a) * over_square(b, a),
   lambda y, a, b: -y * over_square(b, a))
op("over_square", over_square,
   lambda y, a, b: over_square(b, a) ** 2.0 - y * y,
   lambda y, a, b: -2.0 * y * over_square(b, a))
op("power_slope", power_slope,
   lambda y, a, b: choose(is_zero(a) & is_zero(b), 0.0, lambda: choose(
       one_less_is_exact(a, b), lambda: b * power_slope(a, b - 1.0), lambda: y * (b - 1.0) / a)),
   lambda y, a, b: lowered(a, b, lambda less: power(a, less) + b * power_log(a, less)),
   limit=ieee_slope)
op("power_log", power_log,
   lambda y, a, b: lowered(a, b, lambda less: power(a, less) + b * power_log(a, less)),
   lambda y, a, b: choose(is_zero(a), lambda: 0.0 * y, lambda: y * log(a)),
   limit=ieee_power_log)

# Functions of many numbers: one function gives the list of all the partials.
op("sum", total, every=1.0, limit=ieee_sum)
op("maximum", maximum, every=lambda y, *args: shares([a >= y for a in args], y))
op("minimum", minimum, every=lambda y, *args: shares([a <= y for a in args], y))
op("where", where_of, every=lambda y, condition, yes, no: [
    0.0, choose(condition, 1.0, 0.0), choose(condition, 0.0, 1.0)])
op("logsumexp", log_sum_exp, every=lambda y, *args: softmax(args))
op("softmax", softmax_of, every=lambda y, place, *args: [
    0.0, *(y * slope for slope in log_softmax_slopes(place, args))])
op("log_softmax", log_softmax_of, every=lambda y, place, *args: [
    0.0, *log_softmax_slopes(place, args)])
op("share", share, every=lambda y, x, whole, excess: [y, -y, y])
op("softmax_rest", softmax_rest, every=lambda y, place, *args: [
    0.0, *(-softmax_of(place, *args) * slope for slope in log_softmax_slopes(place, args))])
# fmt: on
