"""Functions of many numbers: sums, the largest, choices, and the softmax family."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.formulas.dispatch import Operand, checked_number, choose, generic, is_array, number
from autograd.formulas.of_one import exp, expm1, log, softplus, weight_and_excess
from autograd.formulas.rounding import product_and_excess


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
