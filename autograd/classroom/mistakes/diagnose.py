"""diagnose: why a gradient is wrong.

The sweep is recomputed under each fault of the catalogue, and that which gives the student's very
numbers is named, at the node where it was made.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any

from autograd.classroom.mistakes.diagnosis import Diagnosis
from autograd.classroom.mistakes.search import OPERATION, Case, Given, Suspicion
from autograd.classroom.mistakes.sweep_model import rerun
from autograd.formulas.dispatch import number
from autograd.graph import topological_order
from autograd.story.step_formula import Story
from autograd.value import Value
from autograd.words.names import names_of_user

LIMIT = 10_000  # nodes: a second or two
MOST_SHOWN = 3  # explanations
MOST_TRIED = 100  # pairs of faults that fit, of which the first few are shown


def diagnose(
    root: Value, answers: Mapping[Value, Any], *, before: Mapping[Value, float] | None = None
) -> Diagnosis:
    """Return what is wrong with somebody's gradients of ``root``, if anything is.

    The keys of ``answers`` are nodes, leaves and inner ones, as many as were asked for; the numbers
    may be rounded. ``before`` has the numbers that leaves had in the pass before, for faults that
    drag something on from there; without it, that pass is taken to have been the same as this one.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> print(diagnose(a * b + a, {a: -3.0, b: 2.0}))
    a.grad is -2.0, not -3.0: assigned instead of accumulated.
    a gets a gradient on 2 paths, 1.0 and -3.0: they are added up to -2.0. With = in place of += \
only the last of them is left, -3.0.
    It may also be: path missed.
    >>> print(diagnose(a * b + a, {a: -2.0}))
    Right.

    Raises TypeError if ``root`` is not a Value or an answer no number, ValueError for a node that
    ``root`` was not computed from, for a number that is not finite, for a ``before`` that cannot
    have been and for an expression of too many nodes, and what ``backward()`` raises.
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"diagnose() takes the Value that the gradients are of, not {type(root).__name__}: "
            "write diagnose(loss, {a: 6.0, b: -4.0})."
        )
    if not is_small(root):
        raise ValueError(
            "diagnose() recomputes the sweep under every fault, which takes too long for an "
            f"expression of more than {LIMIT:,} nodes. Diagnose a smaller one with the same "
            "mistake: the loss of one example, or fewer repetitions of a loop."
        )
    check_before(root, before or {})
    case = Case(root, before)
    story = Story(root, case.model.order, names_of_user(Value))
    check_right(case, story)
    return diagnosis_of(case, story, given_places(case, story, answers))


def is_small(root: Value) -> bool:
    """Whether the root was computed from no more nodes than there is time for.

    A walk of its own, which stops at the limit: a graph of a million nodes takes a second to order.
    """
    seen = {root}
    stack = [root]
    while stack and len(seen) <= LIMIT:
        new = {each for each in stack.pop().args if type(each) is not float} - seen
        seen |= new
        stack.extend(new)
    return len(seen) <= LIMIT


def check_right(case: Case, story: Story) -> None:
    """Raise ValueError if a right gradient is not finite: no answer can be compared with it."""
    for node, gradient in zip(case.model.nodes, case.right, strict=True):
        if not math.isfinite(gradient):
            raise ValueError(
                f"the gradient of {story.name(node)} is {gradient} here, so no answer can be "
                "compared with it. Give the variables finite numbers, not too large, and compute "
                "the expression again."
            )


def check_before(root: Value, before: Mapping[Value, Any]) -> None:
    """Raise ValueError unless the leaves can have had these numbers in the pass before."""
    leaves = [node for node in topological_order(root) if node.op is None]
    for node, held in before.items():
        converted = number(held)
        if node not in leaves or converted is None or not math.isfinite(converted):
            raise ValueError(
                "before has the numbers of leaves that the root was computed from, such as "
                "before={a: 2.0}: every key is such a leaf, and every number is finite."
            )
    try:
        rerun(topological_order(root), before)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(
            f"the expression cannot be computed with the numbers of before: {error}."
        ) from None


def given_places(case: Case, story: Story, answers: Mapping[Value, Any]) -> dict[int, float]:
    """Return the answers by the places of their nodes, or raise the error that says what is wrong.

    They come in the order of the sweep: what a student should look at first is first.
    """
    if not isinstance(answers, Mapping) or not answers:
        raise TypeError(
            "diagnose() takes the gradients as a dict of at least one node and its number: "
            "{a: 6.0, b: -4.0}."
        )
    # Each mistake of the call has an answer of its own: these are made by students, in a hurry.
    given = {}
    for node, answer in answers.items():
        if not isinstance(node, Value):
            raise TypeError(
                f"the keys of the answers are Values, not {type(node).__name__}: write {{a: 6.0}} "
                "with the Value a itself, not with its name or its number."
            )
        if node not in case.model.places:
            raise ValueError(
                f"{story.name(node)} is not part of {story.title}, so it has no gradient."
            )
        converted = number(answer)
        if converted is None:
            raise TypeError(
                f"the gradient given for {story.name(node)} is a {type(answer).__name__}, not a "
                "number."
            )
        if not math.isfinite(converted):
            raise ValueError(
                f"the gradient given for {story.name(node)} is {converted}: a finite number is "
                "asked for."
            )
        given[case.model.places[node]] = converted
    return dict(sorted(given.items(), reverse=True))


def diagnosis_of(case: Case, story: Story, given: Given) -> Diagnosis:
    """Return what explains the numbers given: nothing wrong, faults, or a slip.

    One fault is simpler than two. Two that are habits are likelier than one slip of arithmetic, and
    a slip is likelier than two faults that were made once each.
    """
    # Rightness comes first: a fault that changes nothing here must never be blamed.
    if case.is_right(given):
        return Diagnosis(case, story, given)
    found = distinct(case.fitting(given))
    found = found or distinct(case.fitting_pairs(given, most=OPERATION))
    if found:
        return Diagnosis(case, story, given, found)
    slip = case.slip(given)
    found = [] if slip.alone else distinct(case.fitting_pairs(given))
    return Diagnosis(case, story, given, found, None if found else slip)


def distinct(explanations: Iterable[Suspicion]) -> list[Suspicion]:
    """Return the first few explanations that differ in name: students can weigh three, not ten."""
    by_names: dict[frozenset[str], Suspicion] = {}
    for explanation in itertools.islice(explanations, MOST_TRIED):
        by_names.setdefault(frozenset(fault.name for fault, _ in explanation.planted), explanation)
    return list(by_names.values())[:MOST_SHOWN]
