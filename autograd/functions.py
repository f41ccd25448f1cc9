"""The functions that formulas are written in.

Each is generic: a number goes to ``math``, an array to its own array library, and a Value makes a
node of the operation that bears the function's name. So a formula is written once, for whoever
reads it; and these are also the functions that a user calls (``autograd.exp``).

Ordered by difficulty: how a function finds out who is asking, functions of one number, of two, of
many. Where floating point needs another form than the textbook's, a comment says what the plain
form would lose.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any, TypeAlias

from autograd.rounding import product_and_excess, quotient_and_excess, sum_and_excess

Operand: TypeAlias = Any  # a float, a Value or an array: whatever the reader of a row brings


# Who is asking? -----------------------------------------------------------------------------------


def number(operand: object) -> float | None:
    """Return the operand as a float if it is a real number, and None if it is anything else.

    A bool and NumPy's scalars are numbers; a string, a complex number and an array are not, even
    where ``float`` would convert them.

    >>> number(True), number("3"), number(2 + 0j)
    (1.0, None, None)
    """
    numpy = sys.modules.get("numpy")
    # NumPy does not count its bool among the real numbers, but does so with its time spans.
    if not isinstance(operand, Real) and not (numpy and isinstance(operand, numpy.bool_)):
        return None
    if numpy and isinstance(operand, numpy.timedelta64):
        return None
    try:
        return float(operand)
    except OverflowError:
        raise OverflowError(
            f"the {type(operand).__name__} is too large for a float, which ends at 1.8e308."
        ) from None


def generic(formula: Callable[..., Any], on_arrays: Callable[..., Any] | None = None) -> Any:
    """Return ``formula``, which is written for numbers, as a function of numbers, Values or arrays.

    ``on_arrays`` is the formula for arrays where it differs. A Value makes a node of the function's
    ``op``, its row in the table of ``rules.py``.
    """

    def call(*operands: Operand) -> Any:
        if len(operands) == 1 and type(operands[0]) is float:
            return formula(operands[0])
        on_array = False
        for operand in operands:
            if hasattr(operand, "apply_op"):
                return operand.apply_op(call.op, operands)  # type: ignore[attr-defined]  # see rules.py
            on_array = on_array or (number(operand) is None and is_array(operand))
        if on_array:
            return (on_arrays or formula)(*operands)
        return formula(*(checked_number(formula.__name__, operand) for operand in operands))

    functools.update_wrapper(call, formula)
    call.__module__ = __name__
    call.on_numbers = formula  # type: ignore[attr-defined]  # the short road for an engine's floats
    return call


def is_array(operand: object) -> bool:
    """Whether the operand follows the array API standard (NumPy from 2.0, JAX and others)."""
    return hasattr(operand, "__array_namespace__")


def checked_number(name: str, operand: object) -> float:
    """Return the operand as a float, or raise the TypeError that says what ``name`` takes."""
    converted = number(operand)
    if converted is None:
        raise TypeError(
            f"{name}() takes numbers and Values, not {type(operand).__name__}. "
            f"For a list, write [{name}(x) for x in values]."
        )
    return converted


def elementary(formula: Callable[..., float], doc: str) -> Any:
    """Return a function of ``math`` as a generic one; array libraries know it by the same name."""
    name = formula.__name__

    def on_numbers(*numbers: float) -> float:
        return formula(*numbers)

    def on_arrays(*operands: Operand) -> Any:
        array = next(operand for operand in operands if is_array(operand))
        return getattr(array.__array_namespace__(), name)(*operands)

    on_numbers.__name__ = on_numbers.__qualname__ = name
    on_numbers.__doc__ = doc
    function = generic(on_numbers, on_arrays)
    function.on_numbers = formula
    return function


def choose(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return ``yes`` where the condition holds, else ``no``; either may be a function to call.

    Of numbers and Values only the chosen one is computed. This is a tool for formulas; ``where``
    is the operation.
    """
    if condition is not True and condition is not False and is_array(condition):
        yes, no = (branch() if callable(branch) else branch for branch in (yes, no))
        return condition.__array_namespace__().where(condition, yes, no)
    branch = yes if condition else no
    return branch() if callable(branch) else branch


def by_sign(a: Operand, above: Operand, below: Operand) -> Any:
    """Return ``above`` where a > 0, ``below`` where a <= 0, and ``a`` itself where it is NaN.

    ``below`` may be a function to call.
    """
    positive = a > 0
    if positive is True:  # of numbers, the most frequent answer first
        return above
    return choose(positive, above, lambda: choose(a <= 0, below, a))


# Functions of one number -------------------------------------------------------------------------

exp = elementary(math.exp, "Return e to the power x.\n\n>>> exp(0.0)\n1.0")
expm1 = elementary(
    math.expm1,
    "Return exp(x) - 1, exact also where x is tiny.\n\n>>> expm1(1e-20)\n1e-20",
)
log = elementary(
    math.log, "Return the natural logarithm of x > 0.\n\n>>> round(-log(0.78), 4)\n0.2485"
)
log1p = elementary(
    math.log1p, "Return log(1 + x), exact also where x is tiny.\n\n>>> log1p(1e-20)\n1e-20"
)
sqrt = elementary(math.sqrt, "Return the square root of x >= 0.\n\n>>> sqrt(9.0)\n3.0")
sin = elementary(math.sin, "Return the sine of x, in radians.\n\n>>> sin(0.0)\n0.0")
cos = elementary(math.cos, "Return the cosine of x, in radians.\n\n>>> cos(0.0)\n1.0")
tan = elementary(math.tan, "Return the tangent of x, in radians.\n\n>>> tan(0.0)\n0.0")
asin = elementary(
    math.asin, "Return the angle in [-pi/2, pi/2] whose sine is x.\n\n>>> asin(0.0)\n0.0"
)
acos = elementary(math.acos, "Return the angle in [0, pi] whose cosine is x.\n\n>>> acos(1.0)\n0.0")
atan = elementary(
    math.atan, "Return the angle in (-pi/2, pi/2) whose tangent is x.\n\n>>> atan(0.0)\n0.0"
)
sinh = elementary(math.sinh, "Return the hyperbolic sine of x.\n\n>>> sinh(0.0)\n0.0")
cosh = elementary(math.cosh, "Return the hyperbolic cosine of x.\n\n>>> cosh(0.0)\n1.0")
tanh = elementary(
    math.tanh, "Return the hyperbolic tangent of x, in (-1, 1).\n\n>>> tanh(0.0)\n0.0"
)


@generic
def sech2(x: Operand) -> Any:
    """Return the derivative of tanh, 1 / cosh(x)**2.

    The textbook's 1 - tanh(x)**2 loses every digit where tanh(x) rounds to 1, and cosh(x)
    overflows where the answer is still a number.

    >>> sech2(0.0), sech2(20.0)
    (1.0, 1.6993417021166355e-17)
    """
    e = exp(-2.0 * abs(x))
    once, excess = quotient_and_excess(e, e)
    twice, more = quotient_and_excess(once, e)
    return 4.0 * (twice - (more + excess / (1.0 + e)))


@generic
def sigmoid(x: Operand) -> Any:
    """Return 1 / (1 + exp(-x)), in (0, 1), without the overflow at large negative x.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    share, excess = sigmoid_and_excess(x)
    return share - excess


def sigmoid_and_excess(x: Operand) -> tuple[Any, Any]:
    """Return sigmoid(x), rounded at every step, and how much that is too large."""
    e = exp(-abs(x))
    return quotient_and_excess(choose(x >= 0, 1.0, e), e)


@generic
def log_sigmoid(x: Operand) -> Any:
    """Return log(sigmoid(x)), right also where sigmoid(x) rounds to 0 or 1.

    >>> log_sigmoid(-1000.0)
    -1000.0
    """
    return -softplus(-x)


@generic
def softplus(x: Operand) -> Any:
    """Return log(1 + exp(x)), the smooth relu, without overflow.

    >>> softplus(1000.0)
    1000.0
    """
    return choose(x >= 0, x, 0.0) + log1p(exp(-abs(x)))


def relu_of_number(x: float) -> float:
    """Return x where it is positive, else 0. At 0 its derivative is taken to be 0.

    >>> relu(2.5), relu(-1.0)
    (2.5, 0.0)
    """
    return 0.0 if x < 0.0 else x  # NaN stays NaN


relu = generic(relu_of_number, lambda x: by_sign(x, x, 0.0))
relu.__name__ = relu.__qualname__ = "relu"


@generic
def leaky_relu(x: Operand, slope: Operand = 0.01) -> Any:
    """Return x where it is positive, else slope * x.

    >>> leaky_relu(-2.0), leaky_relu(-2.0, 0.5)
    (-0.02, -1.0)
    """
    return by_sign(x, x, slope * x)


@generic
def elu(x: Operand, alpha: Operand = 1.0) -> Any:
    """Return x where it is positive, else alpha * (exp(x) - 1).

    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential
    linear units", 2016, equation 15.

    >>> elu(2.0), elu(-1000.0)
    (2.0, -1.0)
    """
    return by_sign(x, x, lambda: alpha * expm1(x))


@generic
def silu(x: Operand) -> Any:
    """Return x * sigmoid(x), also called swish.

    Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2.

    >>> silu(0.0), silu(100.0)
    (0.0, 100.0)
    """
    near = clip(x, 1000.0)  # keeps -inf * 0 away
    share, excess = sigmoid_and_excess(near)
    product, more = product_and_excess(near, share)
    return choose(x > 1000.0, x, product - (more + near * excess))


@generic
def gelu(x: Operand) -> Any:
    """Return x * P(X <= x) for a standard normal X.

    Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2: the exact form.

    >>> gelu(0.0), round(gelu(1.0), 6)
    (0.0, 0.841345)
    """
    near = clip(x, 40.0)
    twice, excess = erfc_and_excess(near)
    product, more = product_and_excess(0.5 * near, twice)
    return choose(x > 40.0, x, product - (more + 0.5 * near * excess))


@generic
def normal_pdf(x: Operand) -> Any:
    """Return the density of the standard normal distribution at x.

    >>> round(normal_pdf(0.0), 6)
    0.398942
    """
    x = clip(x, 40.0)  # the density is 0 beyond, and the square cannot overflow
    square, excess = product_and_excess(x, x)
    # exp() turns the rounding error of a large square into hundreds of wrong last digits.
    density, more = weight_and_excess(-0.5 * square, LOG_ROOT)
    return density - (more + density * (LOG_ROOT_REST - 0.5 * excess))


@generic
def normal_cdf(x: Operand) -> Any:
    """Return the probability that a standard normal number is at most x.

    >>> normal_cdf(0.0)
    0.5
    """
    twice, _ = erfc_and_excess(clip(x, 40.0))
    return 0.5 * twice


def erfc_and_excess(x: Operand) -> tuple[Any, Any]:
    """Return erfc(-x / sqrt(2)), twice the probability, and how much that is too large."""
    scaled, excess = product_and_excess(x, -SQRT_HALF)
    # By the tangent, for the tail of erfc is as steep as exp(-x * x / 2).
    slope = (2.0 / math.sqrt(math.pi)) * exp(-scaled * scaled)
    return sum_and_excess(erfc(scaled), slope * (excess + x * SQRT_HALF_REST))


SQRT_HALF = 0.7071067811865476  # the double nearest to sqrt(1/2) ...
SQRT_HALF_REST = -4.833646656726457e-17  # ... and what it lacks
LOG_ROOT = 0.9189385332046728  # log(sqrt(2 * pi)), likewise
LOG_ROOT_REST = -3.8782941580672414e-17


def clip(x: Operand, bound: float) -> Any:
    """Return x moved into [-bound, bound]; NaN stays."""
    return choose(x > bound, bound, lambda: choose(x < -bound, -bound, x))


def erfc(x: Operand) -> Any:
    """Return the complementary error function, for numbers and arrays."""
    if not is_array(x) or number(x) is not None:
        return math.erfc(x)
    library = x.__array_namespace__()
    if library.__name__.startswith("jax"):
        from jax.scipy import special

        return special.erfc(x)
    return library.vectorize(math.erfc, otypes=[float])(x)  # NumPy has no erfc: right, but slow


def one_minus_square(x: Operand) -> Any:
    """Return 1 - x*x, exact near 1, and with an exact derivative near 0."""
    return choose(abs(x) < 0.5, lambda: 1.0 - x * x, lambda: (1.0 - x) * (1.0 + x))


# Functions of two numbers ------------------------------------------------------------------------

atan2 = elementary(
    math.atan2,
    "Return the angle of the point with the ordinate first and the abscissa second, in (-pi, pi]."
    "\n\n>>> atan2(0.0, 1.0)\n0.0",
)
hypot = elementary(
    math.hypot,
    "Return sqrt(a*a + b*b) without overflow in between.\n\n>>> hypot(3.0, 4.0)\n5.0",
)
power = elementary(
    math.pow, "Return a to the power b; an error where that is complex.\n\n>>> power(2.0, 3.0)\n8.0"
)


@generic
def hypot_slope(a: Operand, b: Operand) -> Any:
    """Return a / hypot(a, b), the cosine of a direction; 0 where both are 0.

    >>> hypot_slope(3.0, 4.0), hypot_slope(0.0, 0.0)
    (0.6, 0.0)
    """
    unit = unit_for(a, b, 290.0)
    direction = choose((a == 0) & (b == 0), 0.0, lambda: unit * a / hypot(unit * a, unit * b))
    infinite = (abs(a) == math.inf) & (abs(b) < math.inf)  # the quotient would be inf / inf
    return choose(infinite, choose(a > 0, 1.0, -1.0), direction)


def unit_for(a: Operand, b: Operand, decades: float) -> Any:
    """Return a power of 2 to measure a and b in: 1.0 where 1e-decades < hypot(a, b) < 1e+decades.

    Beyond, it leads away from the ends: numbers below 2.2e-308 have few digits, above 1.8e308 none.
    """
    length, longest = hypot(a, b), 10.0**decades
    return choose(
        length < 1.0 / longest, 2.0**600, lambda: choose(length > longest, 2.0**-600, 1.0)
    )


@generic
def over_square(a: Operand, b: Operand) -> Any:
    """Return a / (a*a + b*b), whose squares would over- or underflow.

    >>> over_square(2.0, 0.0), over_square(1e-200, 0.0)
    (0.5, 1e+200)
    """
    unit = unit_for(a, b, 120.0)  # in it, squares neither over- nor underflow
    a, b = unit * a, unit * b
    (a_square, a_excess), (b_square, b_excess) = product_and_excess(a, a), product_and_excess(b, b)
    square, excess = sum_and_excess(a_square, b_square)
    quotient = a / square
    refined = quotient + quotient * ((excess + a_excess + b_excess) / square)
    return unit * choose(square < math.inf, refined, lambda: hypot_slope(a, b) / square)


@generic
def power_slope(a: Operand, b: Operand) -> Any:
    """Return b * a**(b - 1), the derivative of a**b by a; 0 where b is 0, also at a = 0.

    >>> power_slope(3.0, 2.0), power_slope(0.0, 0.0)
    (6.0, 0.0)
    """
    return choose(b == 0, 0.0, lambda: lowered(a, b, lambda exponent: b * power(a, exponent)))


def lowered(a: Operand, b: Operand, form: Callable[[Any], Any]) -> Any:
    """Return form(b - 1), which has a factor a**(b - 1), without the rounding of b - 1.

    A power turns the rounding of its exponent into hundreds of wrong last digits.
    """
    return choose(one_less_is_exact(a, b), lambda: form(b - 1.0), lambda: form(b) / a)


def one_less_is_exact(a: Operand, b: Operand) -> Any:
    """Whether b - 1 is not rounded, or a is 0, which leaves no other way."""
    return (b >= 0.5) & (b <= 2.0**53) | is_zero(a)


def is_zero(x: Operand) -> Any:
    """Whether a number, or the number of a Value, is 0: ``==`` would ask which Value it is."""
    return (x <= 0) & (x >= 0)


@generic
def power_log(a: Operand, b: Operand) -> Any:
    """Return a**b * log(a), the derivative of a**b by b.

    Where the power is 0 this is the limit, 0, and no logarithm is taken of an a that is 0.

    >>> power_log(0.0, 2.0), power_log(1.0, 5.0)
    (0.0, 0.0)
    """
    y = power(a, b)
    return choose((y == 0) & (a >= 0), 0.0, lambda: y * log(a))


# Functions of many numbers -----------------------------------------------------------------------


def total_of_numbers(*values: float) -> float:
    """Return the sum of the arguments, rounded only once; see ``fsum``."""
    return math.fsum(values)


total = generic(total_of_numbers, lambda *values: functools.reduce(operator.add, values))


@generic
def maximum(*values: Operand) -> Any:
    """Return the largest argument; NaN if one of them is NaN. Ties share the derivative equally.

    >>> maximum(1.0, 3.0, 2.0)
    3.0
    """
    return functools.reduce(lambda a, b: choose((a >= b) | (a != a), a, b), values)


@generic
def minimum(*values: Operand) -> Any:
    """Return the smallest argument; NaN if one of them is NaN. Ties share the derivative equally.

    >>> minimum(1.0, 3.0, 2.0)
    1.0
    """
    return functools.reduce(lambda a, b: choose((a <= b) | (a != a), a, b), values)


def shares(hits: Sequence[Any], y: Operand) -> list[Any]:
    """Return 1/n for each of the n hits and 0 for the others; NaN for all if ``y`` is NaN."""
    ones = [choose(hit, 1.0, 0.0) for hit in hits]
    count = functools.reduce(operator.add, ones)
    return [choose(count > 0, lambda one=one: one / count, y) for one in ones]


def where(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return ``yes`` if the condition holds, else ``no``; the one not chosen gets no gradient.

    The condition is a comparison such as ``x > 0``. Both choices are computed before ``where`` is
    called; where one of them may be undefined, pass functions: only the chosen one is called.

    >>> where(2 > 1, 10.0, 20.0), where(0.0 > 0, lambda: log(0.0), lambda: -1.0)
    (10.0, -1.0)
    """
    holds = number(condition)
    if hasattr(condition, "decide"):  # an answer that is not known yet, and decides later
        choices = [choice() if callable(choice) else choice for choice in (yes, no)]
        return condition.decide(*choices)
    if holds is None:  # a whole batch of answers
        return choose(condition, yes, no)
    chosen, other = (yes, no) if holds else (no, yes)
    chosen = chosen() if callable(chosen) else chosen
    if not hasattr(chosen, "apply_op") and not hasattr(other, "apply_op"):
        return checked_number("where", chosen)
    # Kept as a mere number, so that no gradient can flow into a choice that was not taken.
    other = math.nan if callable(other) else getattr(other, "_data", other)
    operands = (holds, chosen, other) if holds else (holds, other, chosen)
    return next(x for x in (chosen, yes, no) if hasattr(x, "apply_op")).apply_op(
        where.op,  # type: ignore[attr-defined]  # given by its row in rules.py
        operands,
    )


def several(name: str, values: Iterable[Operand]) -> tuple[Operand, ...]:
    """Return the values as a tuple, or raise the error that says what ``name`` takes."""
    try:
        operands = tuple(values)
    except TypeError:
        raise TypeError(
            f"{name}() takes one sequence of numbers or Values, not "
            f"{type(values).__name__}: write {name}([a, b])."
        ) from None
    if not operands:
        raise ValueError(f"{name}() of an empty sequence is undefined: pass at least one value.")
    return operands


def fsum(values: Iterable[Operand]) -> Any:
    """Return the sum of a sequence as one operation, of numbers rounded only once.

    >>> fsum([0.1] * 10)
    1.0
    """
    operands = tuple(values)
    if operands and hasattr(operands[0], "apply_op"):
        return operands[0].apply_op(total.op, operands)  # the short road: a neuron's sum
    return total(*operands)


def mean(values: Iterable[Operand]) -> Any:
    """Return the arithmetic mean of a sequence.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    operands = several("mean", values)
    return total(*operands) / len(operands)


@generic
def log_sum_exp(*values: Operand) -> Any:
    """Return log(exp(a) + exp(b) + ...), the operation behind ``logsumexp``."""
    top = maximum(*values)
    if is_array(top):
        whole = total(*(exp(value - top) for value in values))
        return choose(abs(top) < math.inf, top + log(whole), top)
    return top + log_of_weights(values, top) if math.isfinite(top) else top


def log_of_weights(values: Sequence[float], top: float) -> float:
    """Return the logarithm of the sum of exp(value - top), where ``top`` is the largest value."""
    rest = list(values)
    rest.remove(top)  # its exp(0) is the 1 of log1p, which keeps the digits of the others
    whole, excess = whole_and_excess([weight_and_excess(value, top) for value in rest])
    return math.log1p(whole) - excess / (1.0 + whole)


def logsumexp(values: Iterable[Operand]) -> Any:
    """Return log(exp(a) + exp(b) + ...) of a sequence, without overflow.

    >>> round(logsumexp([1000.0, 1000.0]), 4)
    1000.6931
    """
    return log_sum_exp(*several("logsumexp", values))


@generic
def softmax_of(place: Operand, *values: Operand) -> Any:
    """Return the softmax of the value at ``place``, counted from 0; see ``softmax``."""
    top = maximum(*values)
    if not is_array(top) and math.isinf(top):
        return math.nan  # infinity among the values: a limit that depends on the road taken
    weights = [weight_and_excess(value, top) for value in values]
    own, own_excess = weights[int(place)]
    if is_array(top):  # a sum of arrays is rounded often: no use in more digits here
        return own / total(*(weight for weight, _ in weights))
    whole, excess = whole_and_excess(weights)
    share = own / whole
    product, more = product_and_excess(share, whole)
    return share - ((product - own) - more - share * excess + own_excess) / whole


def weight_and_excess(value: Operand, top: Operand) -> tuple[Any, Any]:
    """Return exp(value - top), and how much it is too large because value - top is rounded.

    exp() multiplies the error of a large difference by hundreds.
    """
    difference, excess = sum_and_excess(value, -top)
    weight = exp(difference)
    return weight, choose(weight > 0, weight * excess, 0.0)


def whole_and_excess(weights: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the rounded sum of what ``weight_and_excess`` gave, and how much it is too large."""
    parts = [part for weight, excess in weights for part in (weight, -excess)]
    whole = math.fsum(parts)
    return whole, -math.fsum([*parts, -whole])


def softmax(values: Iterable[Operand]) -> list[Any]:
    """Return the list of exp(a) / (exp(a) + exp(b) + ...): positive, and 1 in sum.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    operands = several("softmax", values)
    return [softmax_of(place, *operands) for place in range(len(operands))]


@generic
def log_softmax_of(place: Operand, *values: Operand) -> Any:
    """Return the logarithm of softmax_of, right also where the softmax rounds to 0."""
    own = values[int(place)]
    top = maximum(*values)
    if is_array(top):
        others = [value - own for position, value in enumerate(values) if position != int(place)]
        value = -softplus(log_sum_exp(*others)) if others else 0.0
        return choose(own < math.inf, value, math.nan)
    return (own - top) - log_of_weights(values, top)


def log_softmax(values: Iterable[Operand], place: Operand | None = None) -> Any:
    """Return the list of the logarithms of ``softmax(values)``; with ``place``, the one there.

    >>> log_softmax([0.0, -1000.0]), log_softmax([0.0, -1000.0], 1)
    ([0.0, -1000.0], -1000.0)
    """
    operands = several("log_softmax", values)
    if place is not None:
        return log_softmax_of(place, *operands)
    return [log_softmax_of(position, *operands) for position in range(len(operands))]


def log_softmax_slopes(place: Operand, values: Sequence[Operand]) -> list[Any]:
    """Return the partials of log_softmax_of: minus the softmax, and 1 - softmax at ``place``."""
    return [
        softmax_rest(place, *values) if position == place else -softmax_of(position, *values)
        for position in range(len(values))
    ]


@generic
def softmax_rest(place: Operand, *values: Operand) -> Any:
    """Return 1 - softmax_of, what the other places have; the difference loses every digit near 1.

    >>> softmax_rest(0.0, 50.0, 0.0)
    1.9287498479639178e-22
    """
    return -expm1(log_softmax_of(place, *values))
