"""The largest term: what an error is measured by where an exact number passes through a root.

Close to a root two terms cancel, and the last digits of each become the first of what is left. No
formula in floats can do better than a few units in the last place of the larger term. So each row
that has such a root says here what its terms are. It is a bound of the same number of ulp.

The other reason is gradual underflow. A number below LEAST has fewer digits than 53; where such a
number is a factor, what it lacks is multiplied by the other factor. That is a term, too: LEAST
times the other factor.

Rows and derivatives that are not listed have neither, and are measured by the exact number itself.
"""

import math

LEAST = 2.2250738585072014e-308  # the smallest float with all 53 digits


def sigmoids(x):
    """Return sigmoid(x) and sigmoid(-x), neither by a difference."""
    e = math.exp(-abs(x))
    p, q = 1 / (1 + e), e / (1 + e)
    return (p, q) if x >= 0 else (q, p)


def density(x):
    return math.exp(-0.5 * min(abs(x), 40.0) ** 2) / math.sqrt(2 * math.pi)


def probability(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def sides(a, b):
    """Return |a| / r, |b| / r and r, the distance of (a, b) from the origin."""
    r = math.hypot(a, b)
    if not 1e-290 < r < 1e300:
        factor = 2.0**600 if r < 1 else 2.0**-600
        a, b = a * factor, b * factor
    return abs(a) / math.hypot(a, b), abs(b) / math.hypot(a, b), r


def powered(a, b):
    """Return |a|**b, infinite where it overflows."""
    try:
        return math.pow(abs(a), b)
    except OverflowError:
        return math.inf


def overflow(a, b):
    """Infinity where a**b is, else 0."""
    return math.inf if powered(a, b) == math.inf else 0.0


def largest(*terms):
    return max(map(abs, terms))


def faint(a, b, bases, exponents):
    """What underflow of a**b costs in a derivative with so many factors b and log(a)."""
    log = math.log(abs(a) or 1.0)  # at 0 the rule chooses, and no factor is the logarithm
    return LEAST * largest(1.0, b) ** bases * largest(1.0, log) ** exponents


def by_both(a, b):
    """The terms of d/db of b * a**(b - 1), which is a**(b - 1) * (1 + b * log(a))."""
    low = powered(a, b - 1)
    return largest(low, low * b * math.log(abs(a)), faint(a, b, 1, 1))


def by_base_twice_and_exponent(a, b):
    """The terms of a**(b - 2) * (b - 1 + b + b * (b - 1) * log(a))."""
    low = powered(a, b - 2)
    return largest(low * (b - 1), low * b, low * b * (b - 1) * math.log(abs(a)), faint(a, b, 2, 1))


def by_exponent_twice_and_base(a, b):
    """The terms of a**(b - 1) * (2 * log(a) + b * log(a)**2)."""
    low, log = powered(a, b - 1), math.log(abs(a))
    return largest(low * 2 * log, low * b * log * log, faint(a, b, 1, 2))


def softmaxes(xs):
    top = max(xs)
    weights = [math.exp(x - top) for x in xs]
    return [weight / math.fsum(weights) for weight in weights]


def log_of_sum(xs):
    """The logarithm in top + log(sum of exp(x - top))."""
    return math.log(math.fsum(math.exp(x - max(xs)) for x in xs))


def softmax_second(point, i, j):
    """The terms of s * ((k==i) - s_i) * ((k==j) - s_j) - s * s_i * ((i==j) - s_j)."""
    k, i, j = int(point[0]), i - 1, j - 1
    s = softmaxes(point[1:])

    def less(own, other):
        return math.fsum(s[m] for m in range(len(s)) if m != own) if own == other else -s[other]

    return largest(s[k] * less(k, i) * less(k, j), s[k] * s[i] * less(i, j), LEAST)


# Kept as functions of the point; those for derivatives of the places, too.
VALUE = {
    # top + log1p(...) is 0 where the exponentials add up to 1.
    "logsumexp": lambda *xs: largest(max(xs), log_of_sum(xs)),
    # x times a probability: down to 1e-323, see LEAST.
    "silu": lambda x: LEAST * abs(x),
    "gelu": lambda x: LEAST * abs(x),
    "power_slope": lambda a, b: faint(a, b, 1, 0),
    # a**b overflows before its product with a small logarithm; who asks for this has a**b already
    "power_log": lambda a, b: max(faint(a, b, 0, 1), overflow(a, b)),
}

GRADIENT = {
    "/": lambda place, a, b: LEAST / abs(b) if place else 0.0,
    "**": lambda place, a, b: faint(a, b, 1 - place, place),
    # sigmoid(x) + x * sigmoid(x) * sigmoid(-x), a root at -1.278
    "silu": lambda place, x: largest(
        sigmoids(x)[0], x * math.prod(sigmoids(x)), LEAST * x),
    "elu": lambda place, x, alpha: 0.0 if place else LEAST * alpha,  # alpha * exp(x)
    # normal_cdf(x) + x * normal_pdf(x), a root at -0.752
    "gelu": lambda place, x: largest(probability(x), x * density(x), LEAST * x),
    "normal_pdf": lambda place, x: LEAST * abs(x),
    "power_slope": lambda place, a, b: by_both(a, b) if place else faint(a, b, 2, 0),
    "power_log": lambda place, a, b: max(
        overflow(a, b), faint(a, b, 0, 2) if place else by_both(a, b)),
    "atan2": lambda place, a, b: LEAST / min(math.hypot(a, b), 1e308),
    "hypot_slope": lambda place, a, b: LEAST / math.hypot(a, b),
    # (b*b - a*a) / r**4 by the first place, -2*a*b / r**4 by the other
    "over_square": lambda place, a, b: over_square_terms(a, b, place == 0),
}  # fmt: skip

SECOND = {
    "/": lambda i, j, a, b: LEAST / b / b if i == j == 1 and b * b > 0 else 0.0,
    "**": lambda i, j, a, b: (
        by_both(a, b) if i != j else faint(a, b, 2 - 2 * i, 2 * i)),
    # p*q + p*q + x*p*q*(q - p), with roots at +-2.399
    "silu": lambda i, j, x: largest(
        2 * math.prod(sigmoids(x)), x * math.prod(sigmoids(x)), LEAST * x),
    "elu": lambda i, j, x, alpha: LEAST * alpha if i == j == 0 else 0.0,
    # (2 - x*x) * normal_pdf(x)
    "gelu": lambda i, j, x: largest(2.0, x * x) * max(density(x), LEAST),
    # (x*x - 1) * normal_pdf(x)
    "normal_pdf": lambda i, j, x: largest(1.0, x * x) * max(density(x), LEAST),
    "normal_cdf": lambda i, j, x: LEAST * abs(x),
    # 4 * tanh(x)**2 * s - 2 * s*s, where s is sech2(x); a root at 0.659
    "sech2": lambda i, j, x: 4 * largest(math.tanh(x) ** 2, 0.5) * math.prod(sigmoids(2 * x)) * 4,
    # (b*b - a*a) / r**4 where the places differ, otherwise 2*a*b / r**4
    "atan2": lambda i, j, a, b: over_square_terms(a, b, i != j),
    # a*a / r**3 and the like; the factor 1 / r is beyond all floats where r is below 5.6e-309
    "hypot": lambda i, j, a, b: over_length(a, b),
    "hypot_slope": lambda i, j, a, b: hypot_slope_second(i, j, a, b),
    "over_square": lambda i, j, a, b: over_square_second(i, j, a, b),
    "power_slope": lambda i, j, a, b: (
        by_base_twice_and_exponent(a, b) if i != j
        else by_exponent_twice_and_base(a, b) if i else faint(a, b, 3, 0)),
    # by the exponent and then by the base: a**b * log(a)**2 is divided by a after it went faint
    "power_log": lambda i, j, a, b: (
        max(by_exponent_twice_and_base(a, b), faint(a, b, 1, 2) / a if i else 0.0) if i != j
        else max(overflow(a, b), faint(a, b, 0, 3)) if i else by_base_twice_and_exponent(a, b)),
    "softmax": lambda i, j, *point: softmax_second(point, i, j),
    "softmax_rest": lambda i, j, *point: softmax_second(point, i, j),
}  # fmt: skip


def over_length(a, b):
    """What underflow costs in a quotient by the length; infinite where 1 / length is no float."""
    r = math.hypot(a, b)
    return LEAST / r if 1 / r < math.inf else math.inf


def over_square_terms(a, b, difference):
    """The terms of (b*b - a*a) / r**4; of a product of the two only what underflow costs."""
    r = math.hypot(a, b)
    return largest(1.0 / r / r if difference else 0.0, LEAST / r / r)


def over_square_second(i, j, a, b):
    """The terms of 6*y*z*z - 2*y*y*y by one place twice, of 6*y*y*z - 2*z*z*z by both.

    Here y is a / r**2 and z is b / r**2.
    """
    x, z, r = sides(a, b)
    largest_term = largest(2 * z**3, 6 * z * x * x) if i != j else largest(6 * x * z * z, 2 * x**3)
    return largest_term / r / r / r


def hypot_slope_second(i, j, a, b):
    """The terms of b*(2*a*a - b*b) / r**5, a*(2*b*b - a*a) / r**5 and -3*a*b*b / r**5."""
    x, y, r = sides(a, b)
    if i != j:
        return largest(y * 2 * x * x, y * y * y, LEAST) / r / r
    return largest(x * 2 * y * y, x * x * x, LEAST) / r / r if i else LEAST / r / r


def value(name, point):
    """What an error of the value is measured by, if it is larger than the exact value."""
    return VALUE[name](*point) if name in VALUE else 0.0


def gradient(name, point, place):
    """The same for the derivative by the argument at ``place``."""
    return GRADIENT[name](place, *point) if name in GRADIENT else 0.0


def second(name, point, first, other):
    """The same for the derivative by the arguments at both places."""
    return SECOND[name](first, other, *point) if name in SECOND else 0.0
