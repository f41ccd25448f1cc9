"""Wrong derivative rules, to plant in the table: what a checker of gradients has to find.

A bug is an operation, the position of the argument whose partial is wrong, what is wrong with it,
the wrong partial as a function of the right one, and the point that it is looked for at.
"""

import math
from contextlib import contextmanager
from typing import NamedTuple

from autograd.rules import OPS

# name of the row -> ordinary points, of numbers that may be differentiated by; the last one is
# where "wrong at one point only" is planted.
POINTS = {
    "+": [(0.3, -1.7), (2.0, 1e3)], "-": [(0.3, -1.7), (2.0, 1e3)], "*": [(0.3, -1.7), (5.0, 2.0)],
    "/": [(0.3, -1.7), (5.0, 2.0)], "**": [(0.7, 2.5), (2.0, 3.0)],
    "neg": [(0.3,), (-4.0,)], "abs": [(-0.3,), (2.0,), (0.0,)], "alias": [(0.3,), (-4.0,)],
    "exp": [(0.3,), (-2.0,), (5.0,)], "expm1": [(0.3,), (-2.0,), (1e-3,)],
    "log": [(0.3,), (7.0,), (1e-5,)], "log1p": [(0.3,), (7.0,), (-0.999,)],
    "sqrt": [(0.3,), (7.0,), (1e-5,)],
    "sin": [(0.3,), (-2.0,), (10.0,)], "cos": [(0.3,), (-2.0,), (10.0,)],
    "tan": [(0.3,), (-1.2,), (2.0,)],
    "asin": [(0.3,), (-0.7,), (0.999,)], "acos": [(0.3,), (-0.7,), (0.999,)],
    "atan": [(0.3,), (-2.0,), (10.0,)], "atan2": [(0.3, 0.7), (-2.0, 3.5)],
    "sinh": [(0.3,), (-2.0,), (5.0,)], "cosh": [(0.3,), (-2.0,), (5.0,)],
    "tanh": [(0.3,), (-1.5,), (3.0,)], "sech2": [(0.3,), (-1.5,), (3.0,)],
    "sigmoid": [(0.3,), (-1.5,), (4.0,)], "log_sigmoid": [(0.3,), (-1.5,), (4.0,)],
    "softplus": [(0.3,), (-1.5,), (4.0,)],
    "relu": [(0.3,), (2.0,), (0.0,)], "leaky_relu": [(-0.3, 0.7), (-2.0, 0.1), (0.0, 0.1)],
    "elu": [(-0.3, 0.7), (-2.0, 1.5), (0.0, 1.0)],
    "silu": [(0.3,), (-2.5,), (4.0,)], "gelu": [(0.3,), (-1.5,), (2.0,)],
    "normal_cdf": [(0.3,), (-1.5,), (2.0,)], "normal_pdf": [(0.3,), (-1.5,), (2.0,)],
    "hypot": [(0.3, 0.7), (-2.0, 3.5)], "hypot_slope": [(0.3, 0.7), (-2.0, 3.5)],
    "over_square": [(0.3, 0.7), (-2.0, 3.5)],
    "power_slope": [(0.7, 2.5), (2.0, 3.5)], "power_log": [(0.7, 2.5), (2.0, 3.5)],
    "sum": [(0.5, -1.2, 0.7), (3.0, 1.0)], "maximum": [(0.7, -1.2), (-1.2, 0.7), (1.0, 1.0)],
    "minimum": [(0.7, -1.2), (-1.2, 0.7), (1.0, 1.0)],
    "where": [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0)],
    "logsumexp": [(0.5, -1.2, 0.7), (3.0, 3.0)],
    "softmax": [(1.0, 0.5, -1.2, 0.7), (0.0, 2.0, 2.0)],
    "log_softmax": [(1.0, 0.5, -1.2, 0.7), (0.0, 2.0, 2.0)],
    "share": [(1.0, 3.5, 1e-16), (0.3, 0.7, 0.0)],
    "softmax_rest": [(1.0, 0.5, -1.2, 0.7), (0.0, 2.0, 2.0)],
}  # fmt: skip

CHOOSING = {
    "where",
    "softmax",
    "softmax_rest",
    "log_softmax",
}  # their first argument is no variable


class Bug(NamedTuple):
    op: str
    position: int
    what: str
    wrong: object  # (right partial, y, args) -> number
    points: list


GENERAL = {
    "wrong sign": lambda right, y, args: -right,
    "twice": lambda right, y, args: 2.0 * right,
    "half": lambda right, y, args: 0.5 * right,
    "times 1 + 1e-6": lambda right, y, args: right * (1.0 + 1e-6),
    "zero": lambda right, y, args: 0.0 * right,
    "NaN": lambda right, y, args: math.nan,
    "one too much": lambda right, y, args: right + 1.0,
}


def only_at(edge):
    return lambda right, y, args: right + 2.0 if args == edge else right


def of(formula):
    """A wrong formula of the result and the arguments, whatever the right partial is."""
    return lambda right, y, args: formula(y, *args)


e, ln, pi = math.exp, math.log, math.pi
SPECIAL = {
    # What checkers of other packages have let pass.
    ("tanh", 0): {
        "1 + y*y": lambda y, a: 1 + y * y,
        "1 - y": lambda y, a: 1 - y,
        "the input for the output": lambda y, a: 1 - a * a,
        "y * (1 - y), that of the sigmoid": lambda y, a: y * (1 - y),
        "y*y - 1": lambda y, a: y * y - 1,
        "1 - y**3": lambda y, a: 1 - y**3,
        "1 - 2*y*y": lambda y, a: 1 - 2 * y * y,
        "sech, not squared": lambda y, a: 1 / math.cosh(a),
        "the output for the input": lambda y, a: 1 / math.cosh(y) ** 2,
        "chain factor of 2 forgotten": lambda y, a: 1 / math.cosh(2 * a) ** 2,
        "1 for small inputs": lambda y, a: 1.0 if abs(a) < 1 else 1 - y * y,
    },
    ("sigmoid", 0): {
        "y * (1 + y)": lambda y, a: y * (1 + y),
        "the input for the output": lambda y, a: a * (1 - a),
        "1 - y*y, that of tanh": lambda y, a: 1 - y * y,
        "1 - y": lambda y, a: 1 - y,
        "the sigmoid itself": lambda y, a: y,
    },
    ("**", 0): {
        "a**(b - 1), b forgotten": lambda y, a, b: a ** (b - 1),
        "b * a**b": lambda y, a, b: b * a**b,
        "b * a**(b - 2)": lambda y, a, b: b * a ** (b - 2),
        "(b - 1) * a**(b - 1)": lambda y, a, b: (b - 1) * a ** (b - 1),
        "base and exponent swapped": lambda y, a, b: a * b ** (a - 1),
    },
    ("**", 1): {
        "without the logarithm": lambda y, a, b: y,
        "log of the exponent": lambda y, a, b: y * ln(b),
        "log to base 10": lambda y, a, b: y * math.log10(a),
    },
    ("*", 0): {"the other operand": lambda y, a, b: a, "the output": lambda y, a, b: y},
    ("*", 1): {"the other operand": lambda y, a, b: b, "the output": lambda y, a, b: y},
    ("/", 0): {"b": lambda y, a, b: b, "1 / a": lambda y, a, b: 1 / a},
    ("/", 1): {
        "-a / b": lambda y, a, b: -a / b,
        "a / b**2": lambda y, a, b: a / b**2,
        "-1 / b**2": lambda y, a, b: -1 / b**2,
        "-y / a": lambda y, a, b: -y / a,
    },
    ("-", 1): {"that of +": lambda y, a, b: 1.0},
    ("exp", 0): {"the input": lambda y, a: a, "a * exp(a - 1)": lambda y, a: a * e(a - 1)},
    ("expm1", 0): {"the output": lambda y, a: y, "1": lambda y, a: 1.0},
    ("log", 0): {
        "1 / y": lambda y, a: 1 / y,
        "1 / a**2": lambda y, a: 1 / a**2,
        "log to base 10": lambda y, a: 1 / (a * ln(10)),
    },
    ("log1p", 0): {"1 / a": lambda y, a: 1 / a, "1 / (1 - a)": lambda y, a: 1 / (1.5 - a)},
    ("sqrt", 0): {"1 / y": lambda y, a: 1 / y, "0.5 / a": lambda y, a: 0.5 / a,
                  "0.5 * y": lambda y, a: 0.5 * y},
    ("sin", 0): {"the sine": lambda y, a: y, "cos(y)": lambda y, a: math.cos(y),
                 "-cos(a)": lambda y, a: -math.cos(a),
                 "degrees": lambda y, a: math.cos(a * pi / 180)},
    ("cos", 0): {"+ sin(a)": lambda y, a: math.sin(a), "-sin(y)": lambda y, a: -math.sin(y)},
    ("tan", 0): {"1 - y*y": lambda y, a: 1 - y * y, "1 + a*a": lambda y, a: 1 + a * a,
                 "1 / cos, not squared": lambda y, a: 1 / math.cos(a)},
    ("asin", 0): {"1 / (1 - a*a)": lambda y, a: 1 / (1 - a * a),
                  "1 / sqrt(1 + a*a)": lambda y, a: 1 / math.sqrt(1 + a * a)},
    ("acos", 0): {"that of asin": lambda y, a: 1 / math.sqrt(1 - a * a)},
    ("atan", 0): {"1 / (1 - a*a)": lambda y, a: 1 / (1.5 - a * a),
                  "1 / (1 + y*y)": lambda y, a: 1 / (1 + y * y),
                  "1 / sqrt(1 + a*a)": lambda y, a: 1 / math.sqrt(1 + a * a)},
    ("atan2", 0): {"swapped": lambda y, a, b: -a / (a * a + b * b),
                   "not squared": lambda y, a, b: b / math.hypot(a, b)},
    ("atan2", 1): {"swapped": lambda y, a, b: b / (a * a + b * b)},
    ("sinh", 0): {"the output": lambda y, a: y, "-cosh(a)": lambda y, a: -math.cosh(a)},
    ("cosh", 0): {"-sinh(a)": lambda y, a: -math.sinh(a), "the output": lambda y, a: y},
    ("sech2", 0): {"factor tanh forgotten": lambda y, a: -2 * y,
                   "output for tanh": lambda y, a: -2 * y * y},
    ("softplus", 0): {"sigmoid(-a)": lambda y, a: 1 / (1 + e(a)), "exp(a)": lambda y, a: e(a)},
    ("log_sigmoid", 0): {"sigmoid(a)": lambda y, a: 1 / (1 + e(-a)), "1 - y": lambda y, a: 1 - y},
    ("relu", 0): {"the input": lambda y, a: a if a > 0 else -1.0,
                  "the step at the wrong place": lambda y, a: float(a > 1)},
    ("abs", 0): {"always 1": lambda y, a: 1.0 if a else 2.0, "the input": lambda y, a: a or 3.0},
    ("leaky_relu", 0): {"that of relu": lambda y, a, s: float(a > 0) if a else 2.0,
                        "slope squared": lambda y, a, s: 1.0 if a > 0 else s * s},
    ("elu", 0): {"alpha forgotten": lambda y, a, s: e(a), "y": lambda y, a, s: y},
    ("silu", 0): {"second term missing": lambda y, a: 1 / (1 + e(-a)),
                  "y": lambda y, a: y},
    ("gelu", 0): {
        "second term missing": lambda y, a: 0.5 * math.erfc(-a / math.sqrt(2)),
        "the tanh form's": lambda y, a: (
            0.5 * (1 + math.tanh(s := math.sqrt(2 / pi) * (a + 0.044715 * a**3)))
            + 0.5 * a / math.cosh(s) ** 2 * math.sqrt(2 / pi) * (1 + 0.134145 * a * a)
        ),
    },
    ("normal_cdf", 0): {"sqrt(2 pi) forgotten": lambda y, a: e(-a * a / 2),
                        "exp(-a*a)": lambda y, a: e(-a * a) / math.sqrt(2 * pi)},
    ("normal_pdf", 0): {"-y": lambda y, a: -y, "a * y": lambda y, a: a * y},
    ("hypot", 0): {"b / y": lambda y, a, b: b / y, "2 a / y": lambda y, a, b: 2 * a / y,
                   "a": lambda y, a, b: a, "a / y**2": lambda y, a, b: a / y**2},
    ("hypot", 1): {"a / y": lambda y, a, b: a / y},
    ("maximum", 0): {"that of minimum": lambda y, a, b: float(a < b) if a != b else 0.5},
    ("minimum", 0): {"that of maximum": lambda y, a, b: float(a > b) if a != b else 0.5},
    ("maximum", 1): {"the output": lambda y, a, b: y},
    ("where", 1): {"the other": lambda y, c, a, b: 1.0 - c},
    ("where", 2): {"the other": lambda y, c, a, b: c},
    ("logsumexp", 0): {"not divided": lambda y, *args: e(args[0]),
                       "1 / n": lambda y, *args: 1 / (len(args) + 0.5)},
    ("softmax", 1): {"own term missing": lambda y, place, *args: -y * y},
    ("softmax", 2): {"other's sign": lambda y, place, *args: y * (1 - y) * 1.01,
                     "the output": lambda y, place, *args: y},
    ("log_softmax", 1): {"exp forgotten": lambda y, place, *args: 1.0 - y},
}  # fmt: skip


def bugs():
    for name, points in POINTS.items():
        count = max(map(len, points)) if OPS[name].every is None else min(map(len, points))
        for position in range(name in CHOOSING, count):
            # Some partials are right to be 0 at some of the points: those hide a factor.
            for what, wrong in GENERAL.items():
                yield Bug(name, position, what, wrong, points)
            yield Bug(name, position, "wrong at one point only", only_at(points[-1]), points)
            for what, formula in SPECIAL.get((name, position), {}).items():
                yield Bug(name, position, what, of(formula), points)


BUGS = list(bugs())
TABLE = sorted(OPS)  # as it is before any test declares an operation of its own


@contextmanager
def planted(bug):
    """Inside the block the rule is the wrong one."""
    op = OPS[bug.op]
    kept = op.first, op.second, op.every
    right = op.partial

    def wrong(y, *args):
        old = (op.first, op.second, op.every)
        op.first, op.second, op.every = kept
        try:
            return bug.wrong(right(bug.position, y, args), y, args)
        finally:
            op.first, op.second, op.every = old

    def every(y, *args):
        old = kept[2]
        partials = [old] * len(args) if isinstance(old, float) else list(old(y, *args))
        partials[bug.position] = wrong(y, *args)
        return partials

    if op.every is not None:
        op.every = every
    elif bug.position:
        op.second = wrong
    else:
        op.first = wrong
    try:
        yield
    finally:
        op.first, op.second, op.every = kept
