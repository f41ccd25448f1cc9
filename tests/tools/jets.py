"""An oracle for derivatives: truncated Taylor series with mpmath coefficients.

It shares nothing with the engine: no rule table, no graph, no floats. A jet is the list of Taylor
coefficients of a function along one direction; arithmetic on jets is arithmetic on power series
(Griewank and Walther, "Evaluating derivatives", 2nd edition, section 13.2, table 13.1 and 13.2).
A dual number is the shortest of them along several directions at once; with the mixed term it is
hyper-dual (Fike and Alonso, "The development of hyper-dual numbers", 2011, section 2).
"""

import mpmath

# Formulas below are the plain ones of the textbook, and cancel: 600 digits leave far more than 80.
mpmath.mp.dps = 700
mpf = mpmath.mpf


class Jet:
    def __init__(self, coefficients):
        self.c = [mpf(x) for x in coefficients]

    def lift(self, other):
        if isinstance(other, Jet):
            return other
        return Jet([other] + [0] * (len(self.c) - 1))

    def __add__(self, other):
        return Jet([a + b for a, b in zip(self.c, self.lift(other).c, strict=True)])

    def __neg__(self):
        return Jet([-a for a in self.c])

    def __sub__(self, other):
        return self + -self.lift(other)

    def __mul__(self, other):
        a, b = self.c, self.lift(other).c
        return Jet([sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))])

    def __truediv__(self, other):
        a, b = self.c, self.lift(other).c
        quotient = []
        for k in range(len(a)):
            known = sum(quotient[i] * b[k - i] for i in range(k))
            quotient.append((a[k] - known) / b[0])
        return Jet(quotient)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return self.lift(other) - self

    def __rtruediv__(self, other):
        return self.lift(other) / self

    def integral_of(self, slope, start):
        """The series that starts with ``start`` and whose derivative is slope * self'."""
        size = len(self.c)
        inner = [(k + 1) * self.c[k + 1] for k in range(size - 1)] + [mpf(0)]
        product = (slope * Jet(inner)).c
        return Jet([start] + [product[k] / (k + 1) for k in range(size - 1)])


class Dual(Jet):
    """A number, its first derivatives along some directions, and maybe the mixed second one.

    ``c`` holds the number and the first derivatives; ``mixed`` the derivative along the first two
    directions one after the other, or None where nobody asked for it.
    """

    def __init__(self, coefficients, mixed=None):
        self.c = coefficients
        self.mixed = mixed

    def lift(self, other):
        if isinstance(other, Dual):
            return other
        zero = mpf(0)
        return Dual([mpf(other)] + [zero] * (len(self.c) - 1), None if self.mixed is None else zero)

    def __add__(self, other):
        if not isinstance(other, Dual):
            return Dual([self.c[0] + other, *self.c[1:]], self.mixed)
        mixed = None if self.mixed is None else self.mixed + other.mixed
        return Dual([a + b for a, b in zip(self.c, other.c, strict=True)], mixed)

    def __neg__(self):
        return Dual([-a for a in self.c], None if self.mixed is None else -self.mixed)

    def __mul__(self, other):
        if not isinstance(other, Dual):
            mixed = None if self.mixed is None else self.mixed * other
            return Dual([a * other for a in self.c], mixed)
        a, b = self.c, other.c
        first = [a[0] * y + x * b[0] for x, y in zip(a[1:], b[1:], strict=True)]
        mixed = None
        if self.mixed is not None:
            mixed = a[0] * other.mixed + a[1] * b[2] + a[2] * b[1] + self.mixed * b[0]
        return Dual([a[0] * b[0], *first], mixed)

    def __truediv__(self, other):
        if not isinstance(other, Dual):
            mixed = None if self.mixed is None else self.mixed / other
            return Dual([a / other for a in self.c], mixed)
        x = other.c[0]
        return self * other.through(1 / x, -1 / (x * x), 2 / (x * x * x))

    __radd__ = __add__
    __rmul__ = __mul__

    def through(self, y, first, second):
        """The number y that a function makes of this one, given its two derivatives here."""
        mixed = None
        if self.mixed is not None:
            mixed = second * self.c[1] * self.c[2] + first * self.mixed
        return Dual([y, *(first * d for d in self.c[1:])], mixed)


def by_steps(start, slope):
    """A function whose derivative is ``slope(x, y)``: its series, one coefficient at a time."""

    def function(x):
        if isinstance(x, Dual):
            a, y = x.c[0], start(x.c[0])
            first = slope(a, y)
            if x.mixed is None:
                return x.through(y, first, None)
            second = slope(Dual([a, mpf(1)]), Dual([y, first])).c[1]
            return x.through(y, first, second)
        if not isinstance(x, Jet):
            return start(mpf(x))
        y = Jet([start(x.c[0])] + [0] * (len(x.c) - 1))
        for _ in range(len(x.c)):  # each round makes one more coefficient right
            y = x.integral_of(x.lift(slope(x, y)), y.c[0])
        return y

    return function


exp = by_steps(mpmath.exp, lambda x, y: y)
log = by_steps(mpmath.log, lambda x, y: 1 / x)
sqrt = by_steps(mpmath.sqrt, lambda x, y: 1 / (y + y))
tan = by_steps(mpmath.tan, lambda x, y: 1 + y * y)
atan = by_steps(mpmath.atan, lambda x, y: 1 / (1 + x * x))
asin = by_steps(mpmath.asin, lambda x, y: 1 / sqrt(1 - x * x))
ncdf = by_steps(mpmath.ncdf, lambda x, y: npdf(x))


def trigonometric(x):
    """sin and cos together: each is the other's derivative."""
    if isinstance(x, Dual):
        s, c = mpmath.sin(x.c[0]), mpmath.cos(x.c[0])
        return x.through(s, c, -s), x.through(c, -s, -c)
    size = len(x.c)
    s = Jet([mpmath.sin(x.c[0])] + [0] * (size - 1))
    c = Jet([mpmath.cos(x.c[0])] + [0] * (size - 1))
    for _ in range(size):
        s, c = x.integral_of(c, s.c[0]), x.integral_of(-s, c.c[0])
    return s, c


def sin(x):
    return trigonometric(x)[0] if isinstance(x, Jet) else mpmath.sin(x)


def cos(x):
    return trigonometric(x)[1] if isinstance(x, Jet) else mpmath.cos(x)


def number(x):
    """The value of a jet or of a plain number."""
    return x.c[0] if isinstance(x, Jet) else mpf(x)


def power(a, b):
    """a**b: by repeated multiplication for whole exponents, else exp(b * log(a))."""
    if not isinstance(b, Jet) and b == int(b) and abs(b) < 1000:
        result, square, left = 1 + 0 * a, a, abs(int(b))
        while left:
            result = result * square if left % 2 else result
            square, left = square * square, left // 2
        return 1 / result if b < 0 else result
    return exp(b * log(a))


def sinh(x):
    return (exp(x) - exp(-x)) / 2


def cosh(x):
    return (exp(x) + exp(-x)) / 2


def tanh(x):
    return sinh(x) / cosh(x)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def hypot(a, b):
    return sqrt(a * a + b * b)


def atan2(a, b):
    # The angle differs from atan(a / b) by a constant, which no derivative sees.
    angle = atan(a / b)
    return angle + (mpmath.atan2(number(a), number(b)) - number(angle))


def npdf(x):
    return exp(-(x * x) / 2) / mpmath.sqrt(2 * mpmath.pi)


def total(*xs):
    return sum(xs[1:], xs[0])


def softmax(place, *xs):
    return exp(xs[int(place)]) / total(*map(exp, xs))


def logsumexp(*xs):
    return log(total(*map(exp, xs)))


def pick(condition, a, b):
    return a if number(condition) else b


def shared(best, xs):
    """The best of the numbers; where several tie, their mean, whose derivative is shared."""
    top = best(map(number, xs))
    tied = [x for x in xs if number(x) == top]
    return total(*tied) / len(tied)


# name of the row -> the same function of jets, by the plain formula of the textbook
FORMULAS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": power,
    "neg": lambda a: -a,
    "abs": lambda a: pick(number(a) > 0, a, -a),
    "alias": lambda a: a,
    "exp": exp,
    "expm1": lambda a: exp(a) - 1,
    "log": log,
    "log1p": lambda a: log(1 + a),
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": asin,
    "acos": lambda a: mpmath.pi / 2 - asin(a),
    "atan": atan,
    "atan2": atan2,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "sech2": lambda a: 1 / (cosh(a) * cosh(a)),
    "sigmoid": sigmoid,
    "log_sigmoid": lambda a: -log(1 + exp(-a)),
    "softplus": lambda a: log(1 + exp(a)),
    "relu": lambda a: pick(number(a) > 0, a, 0 * a),
    "leaky_relu": lambda a, slope: pick(number(a) > 0, a, slope * a),
    "elu": lambda a, alpha: a if number(a) > 0 else alpha * (exp(a) - 1),
    "silu": lambda a: a * sigmoid(a),
    "gelu": lambda a: a * ncdf(a),
    "normal_cdf": ncdf,
    "normal_pdf": npdf,
    "hypot": hypot,
    "hypot_slope": lambda a, b: a / hypot(a, b),
    "over_square": lambda a, b: a / (a * a + b * b),
    "power_slope": lambda a, b: b * power(a, b - 1),
    "power_log": lambda a, b: power(a, b) * log(a),
    "sum": total,
    "maximum": lambda *xs: shared(max, xs),
    "minimum": lambda *xs: shared(min, xs),
    "where": pick,
    "logsumexp": logsumexp,
    "softmax": softmax,
    "share": lambda x, whole, excess: exp(x - whole + excess),
    "softmax_rest": lambda place, *xs: 1 - softmax(place, *xs),
    "log_softmax": lambda place, *xs: xs[int(place)] - logsumexp(*xs),
}


def along(function, point, direction, order=2):
    """Value and derivatives of the function at the point along the direction, as mpmath numbers."""
    arguments = [
        Jet([x, d] + [0] * (order - 1)) if d else mpf(x)
        for x, d in zip(point, direction, strict=True)
    ]
    result = function(*arguments)
    coefficients = result.c if isinstance(result, Jet) else [mpf(result)] + [mpf(0)] * order
    return [mpmath.factorial(k) * coefficient for k, coefficient in enumerate(coefficients)]


def partials(function, point, positions, mixed=False):
    """The function at the point, and its derivatives by the arguments at ``positions``.

    With ``mixed``, which takes two positions, the second derivative by both comes last.
    """
    zero, one = mpf(0), mpf(1)
    start = zero if mixed else None
    arguments = [
        Dual([mpf(x), *(one if at == place else zero for place in positions)], start)
        if at in positions
        else mpf(x)
        for at, x in enumerate(point)
    ]
    result = function(*arguments)
    if not isinstance(result, Dual):
        result = Dual([mpf(result)] + [zero] * len(positions), zero)
    return [*result.c, result.mixed] if mixed else result.c


def settled(compute, digits=80):
    """What ``compute()`` returns, with the digits doubled until they change nothing.

    The plain formulas cancel: where two precisions agree to 40 digits, both are right to 40. That
    both are 0 says nothing yet: exp(1e-300) - 1 is 0 to all of 160 digits.
    """
    with mpmath.workdps(digits):
        before = compute()
    while True:
        digits *= 2
        with mpmath.workdps(digits):
            now = compute()
            agreed = all(agree(a, b) for a, b in zip(before, now, strict=True))
            if agreed and (digits > 1000 or all(now)):
                return now
        assert digits < 20000, "the oracle does not settle"
        before = now


def agree(a, b):
    """Whether two numbers share 40 digits, or are both too small for a float to see."""
    return abs(a - b) <= mpf("1e-40") * abs(b) or (abs(a) < mpf("1e-400") > abs(b))
