"""Two numbers for one: what floating point makes of an operation, and by how much it is off.

The rounding error of a sum or a product is itself a number. Whoever carries it along has twice the
digits, where a function as steep as exp would turn a last digit into hundreds of them.

Operands are floats, Values or arrays, as for every formula.
"""

from __future__ import annotations

from typing import Any

Operand = Any


def sum_and_excess(a: Operand, b: Operand) -> tuple[Any, Any]:
    """Return the rounded sum and by how much it is too large, both without error.

    Knuth, "The art of computer programming", volume 2, section 4.2.2, theorem B.
    """
    result = a + b
    from_b = result - a
    return result, ((result - from_b) - a) + (from_b - b)


def quotient_and_excess(a: Operand, e: Operand) -> tuple[Any, Any]:
    """Return the rounded a / (1 + e) and, nearly, by how much it is too large, for e in [0, 1].

    There the quotient is at least a / 2, and a - quotient without error: Sterbenz,
    "Floating-point computation", 1974, section 4.3.
    """
    quotient = a / (1.0 + e)
    return quotient, (quotient * e - (a - quotient)) / (1.0 + e)


def product_and_excess(a: Operand, b: Operand) -> tuple[Any, Any]:
    """Return the rounded product and by how much it is too large, both without error.

    Dekker, "A floating-point technique for extending the available precision", 1971, section 5.
    """
    product = a * b
    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    excess = ((product - a_high * b_high) - a_high * b_low - a_low * b_high) - a_low * b_low
    return product, excess


def halves(x: Operand) -> tuple[Any, Any]:
    """Return x as the sum of two numbers of at most 26 binary digits each."""
    shifted = 134217729.0 * x  # 2**27 + 1
    high = shifted - (shifted - x)
    return high, x - high
