"""What the corrections of rounding in ``autograd/formulas`` promise: one rounding, or nearly.

The oracle is exact arithmetic on the floats that went in, by fractions, or 40 digits of the
standard library's decimal numbers. So these checks are sharper than ``test_numerics.py``, which
has to allow for what the C library's exp and erfc are off by; and ``planted_faults.py`` can put
them to any copy of the engine.
"""

import importlib
import math
import random
from decimal import Decimal, getcontext
from fractions import Fraction
from types import SimpleNamespace

getcontext().prec = 40
FILES = ("dispatch", "rounding", "of_one", "of_two", "of_many")
TWO_PI = Decimal("6.283185307179586476925286766559005768394")
RNG = random.Random("rounding")
SMALL = [RNG.choice((-1, 1)) * RNG.uniform(0, 1) ** 3 * 30 for _ in range(200)]
ROWS = [[RNG.uniform(-1, 1) * RNG.choice((1, 5, 30)) for _ in range(3)] for _ in range(300)]
PAIRS = [(RNG.uniform(-1, 1) * 10.0 ** RNG.randrange(-3, 4), RNG.uniform(-1, 1)) for _ in SMALL]


def formulas():
    """All that the files of formulas define, under one roof."""
    modules = [importlib.import_module(f"autograd.formulas.{name}") for name in FILES]
    return SimpleNamespace(
        **{name: thing for each in modules for name, thing in vars(each).items()}
    )


def ulps(got, exact):
    """The error in units of the last place of the exact number, a fraction or a decimal."""
    return abs(float((type(exact)(got) - exact) / type(exact)(math.ulp(float(exact)))))


def less(pair):
    """The exact number that a rounded one and its excess stand for."""
    return Fraction(pair[0]) - Fraction(pair[1])


def worst(errors):
    return max(errors, default=math.inf)


def sums_and_products_lose_nothing(f):
    for a, b in PAIRS:
        assert less(f.sum_and_excess(a, b)) == Fraction(a) + Fraction(b)
        assert less(f.sum_and_excess(b, a)) == Fraction(a) + Fraction(b)
        assert less(f.product_and_excess(a, b)) == Fraction(a) * Fraction(b)


def quotients_lose_a_third_of_the_last_place_at_most(f):
    for x in SMALL:
        e = math.exp(-abs(x))
        for a in (1.0, e, 0.7):
            exact = Fraction(a) / (1 + Fraction(e))
            pair = f.quotient_and_excess(a, e)
            assert ulps(less(pair), exact) <= 0.33
            if e < 1e-3:
                assert ulps(less(pair), exact) <= 1e-3


def halves_of_the_constants_belong_together(f):
    root = Fraction(f.SQRT_HALF) + Fraction(f.SQRT_HALF_REST)
    assert abs(root * root - Fraction(1, 2)) < Fraction(1, 2**104)
    logarithm = Decimal(f.LOG_ROOT) + Decimal(f.LOG_ROOT_REST)
    assert abs(logarithm - TWO_PI.ln() / 2) < Decimal(2) ** -104


def sigmoids_are_rounded_once_after_the_exponential(f):
    for x in SMALL:
        pair = f.sigmoid_and_excess(x)
        e = Fraction(math.exp(-abs(x)))
        assert ulps(less(pair), (1 if x >= 0 else e) / (1 + e)) <= 0.26
        assert ulps(f.sigmoid(x), less(pair)) <= 0.5
        assert ulps(f.silu(x), Fraction(x) * less(pair)) <= 0.501
        e = Fraction(math.exp(-2.0 * abs(x)))
        assert ulps(f.sech2(x), 4 * e / ((1 + e) * (1 + e))) <= 0.9


def normal_distribution_is_rounded_once_after_erfc_and_exp(f):
    for x in SMALL:
        twice = less(f.erfc_and_excess(x))
        assert ulps(f.normal_cdf(x), twice / 2) <= 0.501
        assert ulps(f.gelu(x), Fraction(x) * twice / 2) <= 0.501
        exact = (-Decimal(x) * Decimal(x) / 2).exp() / TWO_PI.sqrt()
        assert ulps(f.normal_pdf(x), exact) <= 1.0


def directions_over_lengths_are_right_to_one_ulp(f):
    for a, b in PAIRS:
        for scale in (1.0, 2.0**400, 2.0**-400, 2.0**-900):
            x, y = a * scale, b * scale
            exact = Fraction(x) / (Fraction(x) ** 2 + Fraction(y) ** 2)
            if 1e-290 < abs(exact) < 1e290:
                assert ulps(f.over_square(x, y), exact) <= 1.0


def exponentials_of_differences_are_right_beyond_the_rounding_of_the_difference(f):
    for a, b, c in ROWS:
        exact = [(Decimal(x) - Decimal(a)).exp() for x in (b, c)]
        for x, right in zip((b, c), exact, strict=True):
            weight, excess = f.weight_and_excess(x, a)
            assert ulps(Decimal(weight) - Decimal(excess), right) <= 0.52
        whole, excess = f.whole_and_excess([f.weight_and_excess(x, a) for x in (b, c)])
        assert ulps(Decimal(whole) - Decimal(excess), sum(exact)) <= 0.6
        assert ulps(whole, Decimal(whole) - Decimal(excess)) <= 0.51


def softmaxes_are_right_to_a_little_more_than_one_ulp(f):
    for row in ROWS:
        weights = [(Decimal(x) - Decimal(max(row))).exp() for x in row]
        for place, weight in enumerate(weights):
            exact = weight / sum(weights)
            assert ulps(f.softmax_of(float(place), *row), exact) <= 1.1
        exact = sum(weights).ln()
        if exact > Decimal("1e-3"):
            assert ulps(f.log_of_weights(row, max(row)), exact) <= 1.4


CHECKS = [
    sums_and_products_lose_nothing, quotients_lose_a_third_of_the_last_place_at_most,
    halves_of_the_constants_belong_together, sigmoids_are_rounded_once_after_the_exponential,
    normal_distribution_is_rounded_once_after_erfc_and_exp,
    directions_over_lengths_are_right_to_one_ulp,
    exponentials_of_differences_are_right_beyond_the_rounding_of_the_difference,
    softmaxes_are_right_to_a_little_more_than_one_ulp,
]  # fmt: skip
