"""Where each operation is tested: points stratified over magnitudes, thresholds and roots.

Nothing is random but by a seed: the same operation gets the same points on every machine. One
point in two is drawn from the magnitudes, every stratum in turn; one in four lies on a threshold or
a few units in the last place beside it; one in four close to a root, where the operation has any.
"""

import math
import random

MAX = 1.7976931348623157e308
TINY = 5e-324

# Powers of ten between which magnitudes are drawn, the first stratum being the subnormal numbers.
STRATA = [-323.3, -308, -250, -200, -154, -100, -30, -16, -8, -4, -2, -1, 0, 0.5, 1, 1.5, 2, 2.5,
          3, 4, 8, 16, 30, 100, 154, 200, 250, 300, 308.25]  # fmt: skip

# Where formulas change their form, exp() over- and underflows, or digits run out.
THRESHOLDS = [
    0.5, 1.0, 2.0, 3.0, 4.0, math.pi / 2, math.pi, 10.0, 18.4, 20.0, 26.5, 36.05, 36.74, 37.5, 38.5,
    40.0, 88.7, 354.9, 372.5, 700.0, 708.4, 709.0, 709.782712893384, 710.0, 710.4758600739439,
    745.0, 745.1332191019412, 746.0, 1000.0, 1024.0, 2.0**26, 2.0**27, 2.0**53, 2.0**53 + 2.0,
    2.0**-26, 2.0**-27, 2.0**-53, 2.0**-54, 1e-154, 1e154, 1.3407807929942596e154, 1e300, 1e-300,
    2.2250738585072014e-308, TINY, MAX,
]  # fmt: skip

WHOLE = (-5.0, -4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 17.0)
EXPONENTS = (0.5, 0.25, 1 / 3, 0.1, 0.9, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 7.0, 0.4999999999999999,
             1.0000000000000002, 2.0**53 + 2.0, 1e-5, 1e-300, 1e3, 2.0**53, 1e17)  # fmt: skip


def beside(rng, x):
    """The number or one at most three units in the last place away from it."""
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        x = math.nextafter(x, rng.choice((-math.inf, math.inf)))
    return x


def near(rng, root):
    """A number that is close to the root, at any number of digits."""
    return root * (1.0 + rng.choice((-1, 1)) * 10 ** rng.uniform(-16, -1))


def magnitude(rng, low, high):
    """A positive number between the two, every stratum in between being as likely."""
    bounds = [math.log10(low), math.log10(high)]
    bounds[1:1] = [x for x in STRATA if bounds[0] < x < bounds[1]]
    place = rng.randrange(len(bounds) - 1)
    power = rng.uniform(bounds[place], bounds[place + 1])
    # 10**power, in two factors: a power of ten below 1e-308 alone would be 0 or full of error.
    return min(max(10 ** (power / 2) * 10 ** (power / 2), low), high)


def real(low, high, *roots, signs=(-1.0, 1.0)):
    """A sampler of one real number of a magnitude between the two."""
    thresholds = [x for x in THRESHOLDS if low <= x <= high]

    def draw(rng, turn):
        if turn % 4 == 1 and thresholds:
            x = rng.choice(signs) * min(max(beside(rng, rng.choice(thresholds)), low), high)
        elif turn % 4 == 3 and roots:
            x = near(rng, rng.choice(roots))
        else:
            x = rng.choice(signs) * magnitude(rng, low, high)
        return x

    return draw


def inside(rng, turn):
    """A number strictly between -1 and 1, often very close to an end."""
    if turn % 3 == 0:
        return rng.choice((-1, 1)) * (1.0 - magnitude(rng, 2.0**-52, 0.5))
    return rng.choice((-1, 1)) * magnitude(rng, TINY, 0.99)


def above_minus_one(rng, turn):
    """A number above -1, often very close to it."""
    if turn % 3 == 0:
        return -1.0 + magnitude(rng, 2.0**-52, 0.5)
    return magnitude(rng, TINY, MAX) if turn % 3 == 1 else -magnitude(rng, TINY, 0.99)


def alone(draw):
    """The sampler of a point of one number."""
    return lambda rng, turn: (draw(rng, turn),)


def pair(low, high, *roots):
    """A sampler of two numbers: unrelated, of like size, or nearly equal, of any signs."""
    draw = real(low, high, *roots)

    def both(rng, turn):
        a = draw(rng, turn // 3)
        if turn % 3 == 0:
            return a, draw(rng, turn // 3 + rng.randrange(4))
        b = abs(a) * 10 ** rng.uniform(-3, 3) if turn % 3 == 1 else near(rng, abs(a))
        return a, rng.choice((-1, 1)) * min(max(b, low), high)

    return both


def base_and_exponent(rng, turn):
    """A base and an exponent whose power is a float, or just beyond what a float can hold."""
    if turn % 5 == 0:  # a negative base takes whole exponents only
        return -magnitude(rng, 1e-60, 1e60), rng.choice(WHOLE)
    if turn % 5 == 1:
        b = rng.choice((-1, 1)) * rng.choice(EXPONENTS)
    elif turn % 5 == 2:
        b = rng.choice(WHOLE)
    else:
        b = rng.choice((-1, 1)) * magnitude(rng, 1e-20, 1e15)
    top = min(690.0, 750.0 / abs(b))
    if turn % 7 == 3:
        logarithm = rng.choice((-1, 1)) * top  # at the end of what is possible
    elif turn % 7 == 5:
        logarithm = max(-690.0, min(690.0, near(rng, -1.0 / b)))  # a root of the mixed derivative
    else:
        logarithm = rng.choice((-1, 1)) * magnitude(rng, 1e-16, top) if top > 1e-16 else 0.0
    return math.exp(logarithm), b


def positive_base_and_exponent(rng, turn):
    return base_and_exponent(rng, 5 * turn + 1 + turn % 4)


def kinked(low, high):
    """A number and the small factor that an activation takes below 0."""
    draw = real(low, high)
    return lambda rng, turn: (draw(rng, turn), magnitude(rng, 1e-3, 10.0))


def few(rng, turn):
    """Three to six numbers of any size and sign, often of one size, sometimes with ties."""
    size = rng.randrange(3, 7)
    if turn % 3 == 0:
        return tuple(rng.choice((-1, 1)) * magnitude(rng, TINY, 1e307) for _ in range(size))
    scale = magnitude(rng, 1e-300, 1e300)
    xs = [rng.uniform(-1, 1) * scale for _ in range(size)]
    if turn % 3 == 1:
        xs[0] = xs[-1]
    return tuple(xs)


def logits(rng, turn):
    """Two to five logits: close together, far apart, at +-1000, tied, tiny, or huge."""
    size = rng.randrange(2, 6)
    spread = (1.0, 30.0, 1000.0, 1e-8, 300.0)[turn % 5]
    shift = rng.choice((0.0, 0.0, 1000.0, -1000.0, rng.uniform(-50, 50), 1e15))
    xs = [shift + rng.uniform(-spread, spread) for _ in range(size)]
    if turn % 6 == 1:
        xs[0] = xs[-1]
    if turn % 6 == 2:
        xs[0], xs[-1] = 1000.0, -1000.0
    return tuple(xs)


def chosen(rng, turn):
    xs = logits(rng, turn)
    return (float(rng.randrange(len(xs))), *xs)


def shared(rng, turn):
    """A value, a logarithm above it, and what that was rounded by."""
    whole = rng.uniform(-1, 1) * (1.0, 30.0, 1000.0, 1e-8, 1e6)[turn % 5]
    return whole - magnitude(rng, 1e-16, 740.0), whole, rng.uniform(-0.5, 0.5) * math.ulp(whole)


def selected(rng, turn):
    draw = real(TINY, MAX)
    return float(turn % 2), draw(rng, turn // 2), draw(rng, turn // 2 + 1)


QUARTERS = [k * math.pi / 2 for k in (1, 2, 3, 4, 7, 100, 22_345, 10**9)]
everywhere = alone(real(TINY, MAX))
POSITIVE = alone(real(TINY, MAX, 1.0, signs=(1.0,)))
angle = alone(real(TINY, MAX, *QUARTERS))
exponential = alone(real(TINY, 760.0))
density = alone(real(TINY, 1000.0, 1.0, -1.0, math.sqrt(3)))

# name of the row -> the sampler of its points
SAMPLERS = {
    "+": pair(TINY, MAX), "-": pair(TINY, MAX), "*": pair(TINY, MAX), "/": pair(TINY, MAX),
    "**": base_and_exponent,
    "neg": everywhere, "abs": everywhere, "alias": everywhere,
    "exp": exponential, "expm1": exponential,
    "log": POSITIVE, "log1p": alone(above_minus_one), "sqrt": POSITIVE,
    "sin": angle, "cos": angle, "tan": angle,
    "asin": alone(inside), "acos": alone(inside), "atan": everywhere, "atan2": pair(TINY, MAX),
    "sinh": exponential, "cosh": exponential, "tanh": exponential, "sech2": exponential,
    "sigmoid": exponential, "log_sigmoid": exponential, "softplus": exponential,
    "relu": everywhere, "leaky_relu": kinked(TINY, 1e307), "elu": kinked(TINY, 1e300),
    "silu": alone(real(TINY, 760.0, -1.2784645427610738, 2.399357280515468, -2.399357280515468)),
    "gelu": alone(real(TINY, 1000.0, -0.7517915246935645, math.sqrt(2), -math.sqrt(2))),
    "normal_cdf": density, "normal_pdf": density,
    "hypot": pair(TINY, MAX),
    # Their derivatives are the third and fourth of hypot and atan2, of the size 1 / r**4.
    "hypot_slope": pair(1e-75, 1e75), "over_square": pair(1e-75, 1e75),
    "power_slope": base_and_exponent, "power_log": positive_base_and_exponent,
    "sum": few, "maximum": few, "minimum": few, "where": selected,
    "logsumexp": logits, "softmax": chosen, "log_softmax": chosen,
    "softmax_rest": chosen, "share": shared,
}  # fmt: skip

# Rows that serve inside formulas, and have no function or operator of their own.
INNER = {
    "alias", "sech2", "normal_cdf", "normal_pdf", "hypot_slope", "over_square", "power_slope",
    "power_log", "softmax_rest", "share",
}  # fmt: skip

# Arguments that choose and are not differentiated: the condition, and the place.
CHOOSING = {"where": 0, "softmax": 0, "softmax_rest": 0, "log_softmax": 0}


def points(name, count, seed=0):
    """The first ``count`` test points of the operation."""
    rng = random.Random(f"{seed} {name}")
    return [SAMPLERS[name](rng, turn) for turn in range(count)]
