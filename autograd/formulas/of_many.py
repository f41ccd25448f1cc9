"""Functions of many numbers: sums, the largest, choices, and the softmax family."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.formulas.dispatch import (
    Operand,
    checked_number,
    choose,
    explained,
    generic,
    is_array,
    number,
)
from autograd.formulas.of_one import exp, expm1, log, softplus, weight_and_excess
from autograd.formulas.rounding import product_and_excess, sum_and_excess
from autograd.formulas.row import OPS


@functools.partial(
    generic,
    name="sum",
    called="fsum",
    on_arrays=lambda *values: functools.reduce(operator.add, values),
)
def total(*values: float) -> float:
    """Return the sum of the arguments, rounded only once; see ``fsum``."""
    return math.fsum(values)


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


@explained
def where(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return ``yes`` if the condition holds, else ``no``; the one not chosen gets no gradient.

    The condition is a comparison such as ``x > 0``. Both choices are computed before ``where`` is
    called; where one of them may be undefined, pass functions: only the chosen one is called.

    >>> where(2 > 1, 10.0, 20.0), where(0.0 > 0, lambda: log(0.0), lambda: -1.0)
    (10.0, -1.0)
    """
    holds = number(condition)
    if holds is not None and not is_answer(condition):
        raise TypeError(
            "the condition of where() is a comparison such as v > 0, not the number "
            f"{condition!r}: write where({condition!r} != 0, ...)."
        )
    return where_of(condition, yes, no)


def where_of(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return what ``where`` does, of a condition that may be the 0.0 or 1.0 of a node as well."""
    if hasattr(condition, "decide"):  # a recorded comparison has no answer yet: it decides later
        return condition.decide(*(choice() if callable(choice) else choice for choice in (yes, no)))
    holds = number(condition)
    if holds is None and is_array(condition):
        return choose(condition, yes, no)
    if holds is None:
        raise TypeError(
            "the condition of where() is a comparison such as v > 0, not "
            f"{type(condition).__name__}."
        )
    chosen, other = (yes, no) if holds else (no, yes)
    chosen = chosen() if callable(chosen) else chosen
    node = next((each for each in (chosen, other) if hasattr(each, "apply_op")), None)
    if node is None:
        return checked_number("where", chosen)
    # Kept as a mere number, so that no gradient can flow into a choice that was not taken.
    other = math.nan if callable(other) else getattr(other, "_data", other)
    operands = (holds, chosen, other) if holds else (holds, other, chosen)
    return node.apply_op(OPS["where"], operands)


def is_answer(condition: Any) -> bool:
    """Whether a number says yes or no: a bool, NumPy's too, or a whole 0 or 1, as labels are.

    A float is a measurement: NaN would count as true, and 1e-17, which ought to be 0, as well.

    >>> is_answer(True), is_answer(1), is_answer(1.0), is_answer(2)
    (True, True, False, False)
    """
    return not isinstance(condition, float) and condition in (0, 1)


def several(name: str, values: Iterable[Operand]) -> tuple[Operand, ...]:
    """Return one value or more as a tuple, or raise the error that says what ``name`` takes."""
    operands = in_order(name, values)
    if not operands:
        raise ValueError(f"{name}() of an empty sequence is undefined: pass at least one value.")
    return operands


def in_order(name: str, values: Iterable[Operand]) -> tuple[Operand, ...]:
    """Return the values as a tuple, or raise the error for what is no sequence."""
    if hasattr(values, "__iter__") or hasattr(values, "__getitem__"):
        return tuple(values)
    raise TypeError(
        f"{name}() takes one sequence of numbers or Values, not "
        f"{type(values).__name__}: write {name}([a, b])."
    )


def without_values(name: str, operands: Sequence[Operand]) -> Sequence[Any]:
    """Return operands without Values as floats, or as they are where arrays are among them."""
    if any(is_array(operand) and number(operand) is None for operand in operands):
        return operands
    return [checked_number(name, operand) for operand in operands]


@explained
def fsum(values: Iterable[Operand]) -> Any:
    """Return the sum of a sequence as one operation, of numbers rounded only once.

    >>> fsum([0.1] * 10)
    1.0
    """
    operands = in_order("fsum", values)
    if not operands:
        return 0.0
    if hasattr(operands[0], "apply_op"):
        return operands[0].apply_op(OPS["sum"], operands)  # the short road: a neuron's sum
    return total(*operands)


@explained
def mean(values: Iterable[Operand]) -> Any:
    """Return the arithmetic mean of a sequence.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    operands = several("mean", values)
    return total(*operands) / len(operands)


@functools.partial(generic, name="logsumexp", called="logsumexp")
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


def whole_and_excess(weights: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the rounded sum of what ``weight_and_excess`` gave, and how much it is too large."""
    parts = [part for weight, excess in weights for part in (weight, -excess)]
    whole = math.fsum(parts)
    return whole, -math.fsum([*parts, -whole])


@explained
def logsumexp(values: Iterable[Operand]) -> Any:
    """Return log(exp(a) + exp(b) + ...) of a sequence, without overflow.

    >>> round(logsumexp([1000.0, 1000.0]), 4)
    1000.6931
    """
    return log_sum_exp(*several("logsumexp", values))


# The softmax family ------------------------------------------------------------------------------

# Up to so many values, each share is a node over all of them, as a textbook draws it. For n shares
# that makes n * n edges: beyond, the shares go over one node that they have in common.
FEW = 16


@functools.partial(generic, name="softmax", called="softmax")
def softmax_of(place: Operand, *values: Operand) -> Any:
    """Return the softmax of the value at ``place``, counted from 0; see ``softmax``."""
    return shares_of(values, [int(place)])[0]


def shares_of(values: Sequence[Operand], places: Iterable[int]) -> list[Any]:
    """Return the softmax of numbers or arrays, at each of the places."""
    top = maximum(*values)
    if not is_array(top) and math.isinf(top):
        return [math.nan for _ in places]  # a limit that depends on the road taken
    weights = [weight_and_excess(value, top) for value in values]
    if is_array(top):  # a sum of arrays is rounded often: no use in more digits here
        whole = total(*(weight for weight, _ in weights))
        return [weights[place][0] / whole for place in places]
    whole, excess = whole_and_excess(weights)
    return [share_of(*weights[place], whole, excess) for place in places]


def share_of(own: float, own_excess: float, whole: float, excess: float) -> Any:
    """Return own / whole, where both are too large by their excess."""
    quotient = own / whole
    product, more = product_and_excess(quotient, whole)
    return quotient - ((product - own) - more - quotient * excess + own_excess) / whole


@explained
def softmax(values: Iterable[Operand]) -> list[Any]:
    """Return the list of exp(a) / (exp(a) + exp(b) + ...): positive, and 1 in sum.

    Of more than 16 Values each share but the largest is computed as exp(a - logsumexp(values)),
    over a single node for the logsumexp: the whole costs in proportion to the number of values.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    operands = several("softmax", values)
    every = range(len(operands))
    if not any(hasattr(operand, "apply_op") for operand in operands):
        return shares_of(without_values("softmax", operands), every)
    common = in_common(operands)
    if common is None:
        return [softmax_of(place, *operands) for place in every]
    largest, whole, excess = common
    return [
        softmax_of(place, *operands) if place == largest else share(operand, whole, excess)
        for place, operand in enumerate(operands)
    ]


def in_common(operands: Sequence[Operand]) -> tuple[int, Any, float] | None:
    """Return what the shares of many Values have in common; None if they are few.

    It is the place of the largest value, the node of the logsumexp, and how much that is too large,
    being rounded. The largest value needs a node of its own: exp(a - logsumexp) is right there,
    too, but the chain rule would find 1 - share as the difference of two numbers near 1. Every
    other share is at most 1/2, where such a difference loses nothing.
    """
    if len(operands) <= FEW or any(getattr(each, "recorded", False) for each in operands):
        return None  # what is recorded has no numbers yet, and the compiler knows the row
    numbers: list[Any] = [getattr(operand, "_data", operand) for operand in operands]
    top = maximum(*numbers)
    if not math.isfinite(top):
        return None
    return numbers.index(top), log_sum_exp(*operands), excess_of_log(numbers, float(top))


def excess_of_log(values: Sequence[float], top: float) -> Any:
    """Return how much the rounded logsumexp of the values is too large."""
    above = log_of_weights(values, top)
    _, rounding = sum_and_excess(top, above)
    whole, excess = whole_and_excess([weight_and_excess(value, top) for value in values])
    return rounding + (math.exp(above) - whole + excess) / whole


@generic
def share(x: Operand, whole: Operand, excess: Operand) -> Any:
    """Return exp(x - (whole - excess)), a share of the whole whose logarithm that difference is.

    >>> share(0.0, 0.0, 0.0), share(-math.inf, 1.0, 0.0)
    (1.0, 0.0)
    """
    difference, more = sum_and_excess(x, -whole)
    weight = exp(difference)
    return weight + choose(weight > 0, lambda: weight * expm1(excess - more), 0.0)


@functools.partial(generic, name="log_softmax", called="log_softmax")
def log_softmax_of(place: Operand, *values: Operand) -> Any:
    """Return the logarithm of softmax_of, right also where the softmax rounds to 0."""
    own = values[int(place)]
    top = maximum(*values)
    if is_array(top):
        others = [value - own for position, value in enumerate(values) if position != int(place)]
        value = -softplus(log_sum_exp(*others)) if others else 0.0
        return choose(own < math.inf, value, math.nan)
    return (own - top) - log_of_weights(values, top)


@explained
def log_softmax(values: Iterable[Operand], place: Operand | None = None) -> Any:
    """Return the list of the logarithms of ``softmax(values)``; with ``place``, the one there.

    A negative place counts from the end, as in a list. Raises IndexError for one that is outside,
    TypeError for one that is no whole number.

    >>> log_softmax([0.0, -1000.0]), log_softmax([0.0, -1000.0], -1)
    ([0.0, -1000.0], -1000.0)
    """
    operands = several("log_softmax", values)
    if place is not None:
        return log_softmax_of(checked_place(place, len(operands)), *operands)
    common = in_common(operands)
    if common is None:
        return [log_softmax_of(position, *operands) for position in range(len(operands))]
    largest, whole, excess = common
    return [
        log_softmax_of(position, *operands) if position == largest else (operand - whole) + excess
        for position, operand in enumerate(operands)
    ]


def checked_place(place: Operand, size: int) -> Operand:
    """Return the place of one of ``size`` values, counted from 0, or raise the error for another.

    A place that is recorded has no number yet: it is returned as it is.
    """
    if getattr(place, "recorded", False) or is_array(place):
        return place
    found: Any = number(getattr(place, "data", place))
    if found is None or not found.is_integer():
        given = place if found is None else found
        raise TypeError(
            f"the place in log_softmax() is a whole number that counts from 0, not {given!r}: "
            "write log_softmax(values, 0) for the first."
        )
    if not -size <= found < size:
        raise IndexError(
            f"log_softmax() of {size} values has no place {found:.0f}: write one from 0 to "
            f"{size - 1}."
        )
    return found % size


def log_softmax_slopes(place: Operand, values: Sequence[Operand]) -> list[Any]:
    """Return the partials of log_softmax_of: minus the softmax, and 1 - softmax at ``place``."""
    slopes = [-each for each in softmax(values)]
    if getattr(place, "recorded", False):  # it differs from row to row, as a label does
        rest: Any = -expm1(log_softmax_of(place, *values))
        here = ((place >= each) & (place <= each) for each in range(len(slopes)))
        return [choose(is_own, rest, slope) for is_own, slope in zip(here, slopes, strict=True)]
    own: Any = getattr(place, "_data", place)
    slopes[int(own)] = softmax_rest(place, *values)
    return slopes


@generic
def softmax_rest(place: Operand, *values: Operand) -> Any:
    """Return 1 - softmax_of, what the other places have; the difference loses every digit near 1.

    >>> softmax_rest(0.0, 50.0, 0.0)
    1.9287498479639178e-22
    """
    return -expm1(log_softmax_of(place, *values))
