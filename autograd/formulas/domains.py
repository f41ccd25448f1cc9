"""Where the functions are defined, in words: for every message, about a number or about a Value."""

from __future__ import annotations

from collections.abc import Sequence

DOMAINS = {
    "log": "log is defined for positive numbers only.",
    "log1p": "log1p is defined above -1 only.",
    "sqrt": "sqrt is defined for numbers from 0 up, and has a derivative above 0 only.",
    "/": "The denominator is zero.",
    "**": "A power of a negative number is real for whole exponents only, and 0 has no negative "
    "power.",
    "power_slope": "The power has no finite derivative here.",
    "power_log": "The derivative with respect to the exponent is a**b * log(a): it needs a "
    "positive base.",
    "exp": "exp overflows above 709.78.",
    "asin": "asin is defined from -1 to 1, and has a derivative strictly between only.",
    "acos": "acos is defined from -1 to 1, and has a derivative strictly between only.",
    "atan2": "The point (0, 0) has no angle, so atan2 has no derivative there.",
}


def undefined_for(name: str, numbers: Sequence[float], error: Exception) -> Exception:
    """Return the error, of the same kind, for a function of plain numbers: on which, and why.

    >>> undefined_for("log", [-1.0], ValueError("math domain error"))
    ValueError('log of -1.0: math domain error. log is defined for positive numbers only.')
    """
    cause = str(error).removesuffix(".")
    if cause.startswith(f"{name} of "):
        return error
    given = " and ".join(map(repr, numbers[:4]))
    return type(error)(f"{name} of {given}: {cause}. {DOMAINS.get(name, '')}".strip())
