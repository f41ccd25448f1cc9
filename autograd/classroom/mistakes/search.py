"""The case of one expression: what its gradients would be under each fault, and what fits.

Somebody who gets gradients wrong mostly has a habit: the same fault wherever it can be made, or in
one operation. Simple explanations come before others: one fault before two, a habit before a fault
at one place.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograd.classroom.mistakes.faults import FAULTS, Fault, Planted
from autograd.classroom.mistakes.sweep_model import Edge, SweepModel, rerun
from autograd.classroom.mistakes.tolerance import close, digits
from autograd.graph import topological_order

Given = Mapping[int, float]  # a student's gradients by the places of their nodes
ALWAYS, OPERATION, NODE, SITE = range(4)  # where it was made: everywhere, ..., at one edge
WORK = 2_000_000  # edges that are walked in all, for the patience of who asks: a second or two
SLACKS = (0.0, 1.0, 3.0)  # exact, rounded in the end, and rounded on the way too


@dataclass(frozen=True)
class Suspicion:
    """An explanation: one or two planted faults, the gradients under them, how general they are."""

    planted: tuple[Planted, ...]
    gradients: list[float]
    scope: int

    @property
    def name(self) -> str:
        """The names of the faults."""
        return " and ".join(dict.fromkeys(fault.name for fault, _ in self.planted))


@dataclass(frozen=True)
class Slip:
    """A gradient that comes out of nothing before it, and the number there that explains the rest.

    With ``alone``, all other numbers follow from it.
    """

    place: int
    number: float
    alone: bool


class Case:
    """What can be said of any answer to one expression: made once, asked for each answer.

    ``before`` has the numbers of leaves in the pass before. Without it the pass before is taken to
    have been the same, as where ``backward()`` was called twice.
    """

    def __init__(self, root: Any, before: Mapping[Any, float] | None = None) -> None:
        order = topological_order(root)
        earlier = SweepModel(rerun(order, before) if before else order)
        self.model = SweepModel(order, before=earlier)
        if not before:  # the numbers of the same pass are not stale
            for edge in self.model.all_edges():
                edge.earlier = None
        self.right: list[float] = self.model.right
        self.terms = self.sizes()
        self.sweeps = WORK // (1 + sum(map(len, self.model.edges)))  # that there is time for

    def sizes(self) -> list[float]:
        """Return the sum of the sizes of all that is added up for each gradient."""
        found = [0.0] * len(self.right)
        found[-1] = 1.0
        for edge in self.model.all_edges():
            found[edge.argument] += abs(edge.local) * found[edge.node]
        return found

    # Under each fault -----------------------------------------------------------------------------

    @functools.cached_property
    def singles(self) -> list[Suspicion]:
        """Every single fault that changes a gradient, the most general first."""
        found = [each for fault in FAULTS.values() for each in self.explanations(fault)]
        return sorted(found, key=lambda each: each.scope)

    def explanations(self, fault: Fault) -> Iterator[Suspicion]:
        """Yield the ways in which one fault can be made; of those that are the same, the first."""
        seen: set[tuple[float, ...]] = set()
        for scope, sites in self.choices(fault):
            planted = Planted(fault, tuple(sites))
            found = self.explanation([planted], scope)
            if found is None or tuple(found.gradients) in seen:
                continue
            if scope in (OPERATION, NODE) and len(effective_sites(planted, found.gradients)) == 1:
                continue  # then it is no more than a fault at one site
            seen.add(tuple(found.gradients))
            if self.differs(found.gradients):
                yield found

    def choices(self, fault: Fault) -> Iterator[tuple[int, Iterable[Any]]]:
        """Yield where a fault may have been made: everywhere, or at some of its sites.

        In a large graph only habits are looked for.
        """
        habit = fault.always(self.model).sites
        yield ALWAYS, habit
        if fault.whole:
            return
        sites = fault.sites(self.model)
        if fault.passed:
            for some in by_key(habit, lambda edge: edge.op.name):
                yield OPERATION, some
        if len(sites) * len(FAULTS) > self.sweeps:
            return
        if fault.passed:
            for some in by_key(sites, lambda edge: edge.node):
                yield NODE, some
        for site in sites:
            yield SITE, [site]

    def explanation(self, planted: Iterable[Planted], scope: int) -> Suspicion | None:
        """Return what becomes of the gradients, unless they cannot be computed."""
        planted = tuple(planted)
        try:
            gradients = self.model.gradients(planted)
        except (ArithmeticError, ValueError):
            return None
        if not all(map(math.isfinite, gradients)):
            return None  # no student gives such numbers
        return Suspicion(planted, gradients, scope)

    def differs(self, gradients: list[float]) -> bool:
        """Whether any gradient is not the right one."""
        return not self.fits(gradients, dict(enumerate(self.right)), 0.0)

    # What fits ------------------------------------------------------------------------------------

    def is_right(self, given: Given) -> bool:
        """Whether every number is right, or follows from right ones as far as they are rounded."""
        return not self.loose_ends(given)

    def fitting(self, given: Given) -> list[Suspicion]:
        """Return the single faults that give these very numbers, the simplest first."""
        return self.matching(self.singles, given)

    def fitting_pairs(self, given: Given, *, most: int = SITE) -> Iterator[Suspicion]:
        """Yield the two faults at once that give these numbers; ``most``: how special each is.

        Among many pairs some would give a few digits by chance: then there are none to tell.
        """
        singles = [each for each in self.singles if each.scope <= most]
        pairs = sorted(
            itertools.combinations(singles, 2), key=lambda two: sum(s.scope for s in two)
        )
        evidence = sum(
            digits(number) for place, number in given.items() if self.wrong(place, number)
        )
        if len(pairs) >= 10 ** (evidence - 1):
            return
        for first, second in pairs[: self.sweeps]:
            if set(first.planted[0].sites) <= set(second.planted[0].sites):
                continue  # of the first nothing would be left
            found = self.explanation(first.planted + second.planted, first.scope + second.scope)
            if found is not None and self.fits(found.gradients, given, 1.0):
                yield found

    def wrong(self, place: int, number: float) -> bool:
        """Whether a number is not the right gradient, rounded."""
        return not close(number, self.right[place], terms=self.terms[place])

    def matching(self, explanations: Iterable[Suspicion], given: Given) -> list[Suspicion]:
        """Return the explanations whose gradients are those given, as exactly as any are."""
        explanations = list(explanations)
        for slack in SLACKS:
            found = [each for each in explanations if self.fits(each.gradients, given, slack)]
            if found:
                return found
        return []

    def fits(self, gradients: list[float], given: Given, slack: float) -> bool:
        """Whether the numbers given are among these gradients."""
        return all(
            close(number, gradients[place], slack=slack, terms=self.terms[place])
            for place, number in given.items()
        )

    # What follows from what -----------------------------------------------------------------------

    def loose_ends(self, given: Given) -> list[int]:
        """Return the places of numbers that do not follow from those before, in sweep order.

        Each number is compared with what the rules of the sweep make of the numbers before it, be
        they right or wrong, and with the right one, since a student may have rounded on the way.
        """
        found = [0.0] * len(self.right)
        blur = [0.0] * len(self.right)  # how far rounding on the way may have moved a gradient
        found[-1] = 1.0
        ends = []
        for place in range(self.model.root, -1, -1):
            number = given.get(place)
            if number is not None:
                follows = close(number, found[place], terms=self.terms[place], blur=blur[place])
                if not follows and self.wrong(place, number):
                    ends.append(place)
                blur[place] = abs(number - found[place]) if follows else 0.0
                found[place] = number
            for edge in self.model.edges[place]:
                found[edge.argument] += edge.local * found[place]
                blur[edge.argument] += abs(edge.local) * blur[place]
        return ends

    def slip(self, given: Given) -> Slip:
        """Return where the numbers first go wrong, and whether one slip there explains them all."""
        ends = self.loose_ends(given)
        first = ends[0]
        if len(ends) == 1:
            return Slip(first, given[first], True)
        # None of the numbers given need be the slip itself: look at the nodes not asked for, too.
        for place in range(min(self.model.root + 1, self.sweeps)):
            if place not in given:
                number = self.slipped(place, first, given)
                if number is not None:
                    return Slip(place, number, True)
        return Slip(first, given[first], False)

    def slipped(self, place: int, wrong: int, given: Given) -> float | None:
        """Return the gradient at ``place`` from which all the numbers given follow, if any.

        Each gradient further on is its right number and, for each unit that the one at ``place``
        is off, the derivative of ``place`` by that node.
        """
        slopes = [0.0] * len(self.right)
        slopes[place] = 1.0
        for edges in reversed(self.model.edges[: place + 1]):
            for edge in edges:
                slopes[edge.argument] += edge.local * slopes[edge.node]
        if not slopes[wrong]:
            return None
        off = (given[wrong] - self.right[wrong]) / slopes[wrong]
        moved = [right + off * slope for right, slope in zip(self.right, slopes, strict=True)]
        return moved[place] if self.fits(moved, given, 1.0) else None


def effective_sites(planted: Planted, gradients: list[float]) -> tuple[Any, ...]:
    """Return those of the sites at which the fault changed what was passed on, or all of them."""
    fault, sites = planted
    if fault.passed is None:
        return sites
    changed = []
    for edge in sites:
        upstream = gradients[edge.node]
        if not math.isclose(fault.passed(edge, upstream), edge.local * upstream):
            changed.append(edge)
    return tuple(changed) or sites


def by_key(edges: Iterable[Edge], key: Callable[[Edge], Any]) -> list[list[Edge]]:
    """Return the edges in groups of one key."""
    groups: dict[Any, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(key(edge), []).append(edge)
    return list(groups.values())
