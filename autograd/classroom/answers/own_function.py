"""A function that a student has written, beside the right one."""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable
from typing import Any

from autograd.classroom.answers.reading import UnreadableAnswerError, article, number_of

POINTS = 12
CLOSE = 1e-9


def compare(
    expected: Callable[..., Any], answer: Any, domain: tuple[float, float] = (-2.0, 2.0)
) -> list[str]:
    """Return what is wrong with a function, tried at points between the ends of the domain.

    The points are the same every time. At the first that shows a difference the function's result
    stands beside the right one; a sign or a factor that is wrong everywhere is named.

    >>> compare(lambda x: 3 * x**2, lambda x: 3 * x)
    ['at -0.7 your function gives -2.1, and 1.47 is right.']
    """
    if not callable(answer):
        return [f"A function is asked for, not {article(type(answer).__name__)}: write its name."]
    # All points first: what is the same at all of them says more than one number does.
    results = []
    for point in points(inputs_of(expected, answer), domain):
        where = f"at {', '.join(f'{each:g}' for each in point)}"
        right = number_of(expected(*point))
        try:
            result = answer(*point)
            if result is None:
                return [f"{where} your function returns nothing: does it lack its return?"]
            given = number_of(result)
        except UnreadableAnswerError as error:
            return [f"{where} your function gives no number. {error}"]
        except Exception as error:  # whatever a student's own code may raise
            return [f"{where} your function stops: {type(error).__name__}: {error}"]
        results.append((where, given, right))
    wrong = [
        (where, given, right)
        for where, given, right in results
        if not math.isclose(given, right, rel_tol=CLOSE, abs_tol=1e-12)
    ]
    if not wrong:
        return []
    where, given, right = wrong[0]
    first = f"{where} your function gives {given:.6g}, and {right:.6g} is right."
    return [first, *what_is_the_same([(given, right) for _, given, right in results])]


def what_is_the_same(pairs: list[tuple[float, float]]) -> list[str]:
    """Return what is the same about the results at all points."""
    # Where the right number is 0, a factor says nothing.
    ratios = [given / right for given, right in pairs if abs(right) > 1e-9]
    steady = ratios and max(ratios) - min(ratios) < 1e-6 * max(map(abs, ratios))
    if steady and math.isclose(ratios[0], -1.0, rel_tol=1e-6):
        return ["Everywhere only the sign is wrong."]
    if steady and abs(ratios[0]) > 1e-9:
        return [f"Everywhere it is {ratios[0]:.6g} times too much."]
    gaps = [given - right for given, right in pairs]
    if max(gaps) - min(gaps) < 1e-9:
        return [f"Everywhere it is {gaps[0]:.6g} too much."]
    return []


def inputs_of(*functions: Callable[..., Any]) -> int:
    """Return how many numbers the functions take: the first that tells, else one."""
    for function in functions:
        try:
            known = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            continue
        count = sum(
            each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
            and each.default is each.empty
            for each in known
        )
        if count and not any(each.kind == each.VAR_POSITIONAL for each in known):
            return count
    return 1


def points(inputs: int, domain: tuple[float, float]) -> list[tuple[float, ...]]:
    """Return points to try, with two decimals so that a message can show them whole."""
    low, high = domain
    chosen = random.Random(7)  # the same points for everybody, so that a message can be discussed
    return [
        tuple(
            min(max(round(low + (high - low) * chosen.random(), 2), low), high)
            for _ in range(inputs)
        )
        for _ in range(POINTS)
    ]
