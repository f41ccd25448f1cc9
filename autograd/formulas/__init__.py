"""The functions that formulas are written in, and what a row of the table is made of.

One file a theme, in order of difficulty: ``dispatch`` (who is asking: a float, a Value or an
array?), ``of_one``, ``of_two`` and ``of_many`` (the functions by their number of arguments),
``rounding`` (the digits that plain arithmetic would lose), ``limits`` (the answers of IEEE 754),
``row`` (one operation). The same functions are the user's: ``autograd.exp`` is found here.
"""

# isort: off
# fmt: off
from autograd.formulas.dispatch import by_sign, choose, number
from autograd.formulas.of_one import (
    acos, asin, atan, clip, cos, cosh, elu, exp, expm1, gelu, leaky_relu, log, log1p, log_sigmoid,
    normal_cdf, normal_pdf, one_minus_square, relu, sech2, sigmoid, silu, sin, sinh, softplus, sqrt,
    tan, tanh)
from autograd.formulas.of_two import (
    atan2, hypot, hypot_slope, is_zero, lowered, one_less_is_exact, over_square, power, power_log,
    power_slope)
from autograd.formulas.of_many import (
    fsum, log_softmax, log_softmax_of, log_softmax_slopes, log_sum_exp, logsumexp, maximum, mean,
    minimum, share, shares, softmax, softmax_of, softmax_rest, total, where,
    where_of)
# fmt: on
# isort: on

__all__ = [
    "acos", "asin", "atan", "atan2", "by_sign", "choose", "clip", "cos", "cosh", "elu", "exp",
    "expm1", "fsum", "gelu", "hypot", "hypot_slope", "is_zero", "leaky_relu", "log", "log1p",
    "log_sigmoid", "log_softmax", "log_softmax_of", "log_softmax_slopes", "log_sum_exp",
    "logsumexp", "lowered", "maximum", "mean", "minimum", "normal_cdf", "normal_pdf", "number",
    "one_less_is_exact", "one_minus_square", "over_square", "power", "power_log", "power_slope",
    "relu", "sech2", "share", "shares", "sigmoid", "silu", "sin", "sinh", "softmax", "softmax_of",
    "softmax_rest", "softplus", "sqrt", "tan", "tanh", "total", "where",
    "where_of",
]  # fmt: skip
