"""How near a student's number has to be: as near as it was written down."""

from __future__ import annotations

from decimal import Decimal

FLOATS = 1e-9  # relative: what computing in another order may do
CANCELLED = 1e-12  # of what was added up, where terms cancel
COARSE = 0.02  # relative: more than this is no rounding on the way


def margin(given: float) -> float:
    """Return half a unit of the last decimal place that was given.

    A whole number may have been rounded to one place. A 0 is no rounded number.

    >>> margin(0.33), margin(6.0), margin(0.0)
    (0.005, 0.05, 0.0)
    """
    exponent = Decimal(repr(given)).as_tuple().exponent
    assert isinstance(exponent, int), f"{given} is not finite"
    return 0.5 * 10.0 ** min(exponent, -1) if given else 0.0


def close(
    given: float, expected: float, *, slack: float = 1.0, terms: float = 0.0, blur: float = 0.0
) -> bool:
    """Whether the given number is the expected one, rounded.

    ``slack`` is the number of margins that it may be off: more than 1 if it was rounded on the way
    too, which moves a number by little. ``terms`` is the sum of the sizes of what the expected
    number was added up from, and ``blur`` how far that may be off itself.

    >>> close(0.33, 1 / 3), close(0.34, 1 / 3)
    (True, False)
    """
    size = max(abs(given), abs(expected))
    rounded = margin(given) if slack else 0.0
    allowed = min(slack, 1.0) * rounded + min(max(slack - 1.0, 0.0) * rounded, COARSE * size)
    cancelled = min(CANCELLED * terms, FLOATS)
    return abs(given - expected) <= allowed + FLOATS * size + cancelled + blur


def digits(given: float) -> int:
    """Return how many significant digits a number was given with.

    >>> digits(0.71), digits(-12.0), digits(0.0)
    (2, 2, 1)
    """
    return len(Decimal(repr(given)).normalize().as_tuple().digits)
