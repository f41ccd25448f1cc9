"""Diagnosis: what is wrong with a gradient, in a sentence, as data, and as steps to play."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from autograd.classroom.mistakes.faults import Fault, Planted
from autograd.classroom.mistakes.search import Case, Given, Slip, Suspicion, effective_sites
from autograd.classroom.mistakes.sweep_model import Edge, SweepModel
from autograd.classroom.mistakes.tolerance import close
from autograd.story.sentences import six_digits
from autograd.story.step_formula import Story
from autograd.story.steps import Step, backward_steps
from autograd.value import Value
from autograd.view.player.playable import PlayableSteps

RIGHT, SLIP, UNEXPLAINED = "right", "arithmetic slip", "unexplained"
MOST_PLACES = 4  # are named


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What ``diagnose`` found. It is true where the answer is right; print it to read it.

    The ``explanations`` give the student's very numbers, the simplest first. Each has a ``name``
    and the faults ``planted``. Where there are none and the answer is not right, ``slip`` says
    which number is the first that does not follow from those before.
    """

    case: Case
    story: Story
    given: Given
    explanations: Sequence[Suspicion] = ()
    slip: Slip | None = None

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return not self.explanations and self.slip is None

    @property
    def suspects(self) -> Sequence[Suspicion]:
        """The ``explanations``, under the name that version 0.1 had for them."""
        return self.explanations

    def __bool__(self) -> bool:
        return self.right

    @property
    def name(self) -> str:
        """The name of the first explanation: of a fault, two joined by "and", or of a slip."""
        if self.explanations:
            return self.explanations[0].name
        if self.slip is None:
            return RIGHT
        return SLIP if self.slip.alone else UNEXPLAINED

    @property
    def node(self) -> Value | None:
        """The node where it went wrong; of a right answer, None."""
        return None if self.right else self.model.nodes[self.site_places()[0]]

    @property
    def sentence(self) -> str:
        """The first explanation in a sentence or two, with the student's names and numbers."""
        if self.right:
            return "Right."
        if self.explanations:
            explanation = self.explanations[0]
            return " ".join(self.fault_in_words(explanation, each) for each in explanation.planted)
        return self.slip_in_words()

    def __str__(self) -> str:
        if self.right:
            return "Right."
        # First the number, so that the student knows what it is about, then why, then what else.
        lines = [f"{self.wrong_number_in_words()}: {self.name}.", self.sentence]
        others = [explanation.name for explanation in self.explanations[1:]]
        if others:
            lines.append(f"It may also be: {'; or '.join(others)}.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Diagnosis: {self.name}>"

    # Where it happened ----------------------------------------------------------------------------

    @property
    def model(self) -> SweepModel:
        """The sweep that was recomputed."""
        return self.case.model

    @property
    def first_wrong(self) -> int:
        """The place of the first wrong number, in the order of the sweep."""
        return max(place for place, number in self.given.items() if self.case.wrong(place, number))

    def site_places(self) -> tuple[int, int | None]:
        """Return the places of the node where it went wrong, and of the argument it passed to."""
        if self.slip is not None:
            return self.slip.place, None
        explanation = self.explanations[0]
        site = self.sites_to_show(explanation, explanation.planted[0])[0]
        return (site.node, site.argument) if isinstance(site, Edge) else (site, None)

    def steps(self) -> PlayableSteps:
        """Return the steps of the backward pass, done right, at the node where it went wrong.

        In a notebook they are played there. Of a right answer, they are all steps.

        >>> from autograd.classroom import diagnose
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> print(diagnose((a * b) ** 2, {a: -6.0, b: 4.0}).steps()[0])
        (a * b).grad += 2 * (a * b) * ((a * b)**2).grad = -12.0 * 1.0 = -12.0 (was 0.0, now -12.0)
        """
        order = self.story.order
        everything = [
            Step("forward", node, node.data, story=self.story)
            for node in order
            if node.op is not None
        ]
        # The steps of the right pass: what went wrong is said in words, what is right is shown.
        steps = PlayableSteps(self.story, [*everything, *backward_steps(self.story)])
        if self.right:
            return steps
        place, argument = self.site_places()
        node = self.model.nodes[place]
        if argument is None:
            return steps.backward.where(lambda step: step.changed is node)
        to = self.model.nodes[argument]
        return steps.where(lambda step: step.node is node and step.argument is to)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the diagnosis for a notebook, above the player at the place where it happened."""
        text = str(self)
        said = "<br>".join(html.escape(line) for line in text.splitlines())
        bundle: dict[str, str] = {}
        if not self.right:  # the player needs Graphviz, so it is loaded where it is shown
            bundle = import_module("autograd.view.player.player").bundle(self.steps())
        shown = f'<p role="status">{said}</p>{bundle.get("text/html", "")}'
        return {"text/html": shown, "text/plain": text}

    # In words -------------------------------------------------------------------------------------

    def wrong_number_in_words(self) -> str:
        """Return which of the student's numbers is wrong, and what is right."""
        place = self.first_wrong
        name = self.story.gradient(self.model.nodes[place])
        return (
            f"{name} is {six_digits(self.case.right[place])}, not {six_digits(self.given[place])}"
        )

    def fault_in_words(self, explanation: Suspicion, planted: Planted) -> str:
        """Return in words what a fault did where it was made, and where else it was made."""
        first, *others = self.sites_to_show(explanation, planted)
        said = planted.fault.sentence.format(
            **facts(planted.fault, first, explanation.gradients, self.model, self.story)
        )
        # A fault at two edges of one node is one place to a reader.
        place = place_of(first)
        also = dict.fromkeys(place_of(site) for site in others)
        names = [self.story.name(self.model.nodes[other]) for other in also if other != place]
        if len(names) > MOST_PLACES:
            names[MOST_PLACES:] = [f"{len(names) - MOST_PLACES} more nodes"]
        return f"{said}.{f' The same happened at {join(names)}.' if names else ''}"

    def sites_to_show(self, explanation: Suspicion, planted: Planted) -> list[Any]:
        """Return where a fault was made, beginning with the first wrong number if it was there."""
        return sorted(
            effective_sites(planted, explanation.gradients),
            key=lambda site: (
                self.first_wrong != (site.argument if isinstance(site, Edge) else site)
            ),
        )

    def slip_in_words(self) -> str:
        """Return in words where the numbers first go wrong, and what would have been right."""
        assert self.slip is not None
        place = self.slip.place
        name = self.story.gradient(self.model.nodes[place])
        terms = sum_in_words(self.model, place, self.case.right)
        # Nothing is added up at the root, so there are no terms to show.
        right = "1.0, the seed" if place == self.model.root else terms
        if self.slip.alone and place in self.given:
            number = self.slip.number
            kind = "a lost sign" if close(number, -self.case.right[place]) else "a slip"
            rest = " All other numbers follow from it." if len(self.given) > 1 else ""
            return (
                f"{name} is {right}. No fault of the catalogue gives {six_digits(number)}: this "
                f"looks like {kind} in the arithmetic.{rest}"
            )
        if self.slip.alone:
            return (
                f"All the numbers follow if {name} is taken to be {six_digits(self.slip.number)}, "
                f"but it is {right}."
            )
        return (
            "No fault or two of the catalogue give these numbers. The first that does not follow "
            f"from those before is {name}: it is {right}."
        )


def sum_in_words(model: SweepModel, place: int, gradients: Sequence[float]) -> str:
    """Return how a gradient is added up, such as ``1.0 + 2.0 * -3.0 = -5.0``."""
    terms = [
        f"{six_digits(edge.local)} * {six_digits(gradients[edge.node])}"
        for edge in reversed(model.arriving[place])
    ]
    if len(terms) > MOST_PLACES:  # a bias of a batch gets hundreds: show the ends
        terms[MOST_PLACES - 1 : -1] = ["..."]
    return f"{' + '.join(terms)} = {six_digits(gradients[place])}"


def place_of(site: Any) -> int:
    """Return the place of the node at which a fault was made."""
    return site.node if isinstance(site, Edge) else int(site)


def join(names: Sequence[str]) -> str:
    """Return the names as a sentence lists them.

    >>> join(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def facts(
    fault: Fault, site: Any, gradients: Sequence[float], model: SweepModel, story: Story
) -> dict[str, Any]:
    """Return what a fault's sentence may speak of at one of its sites."""
    if isinstance(site, Edge):  # the fault was made in what an edge passes on
        assert fault.passed is not None
        upstream = gradients[site.node]
        return {
            "node": story.name(model.nodes[site.node]),
            "argument": story.name(model.nodes[site.argument]),
            "operation": site.op.name,
        } | {
            name: six_digits(number)
            for name, number in {
                "y": site.y,
                "own": site.own,
                "local": site.local,
                "slope": fault.passed(site, 1.0),
                "upstream": upstream,
                "right": site.local * upstream,
                "wrong": fault.passed(site, upstream),
            }.items()
        }
    # Else it was made where contributions meet, in the order, or at the start.
    arriving = model.arriving[site]
    terms = [edge.local * gradients[edge.node] for edge in arriving]
    return {
        "node": story.name(model.nodes[site]),
        "count": len({edge.node for edge in arriving} if fault.order else arriving),
        "terms": " and ".join(map(six_digits, terms)),
        "right": six_digits(sum(terms)),
        "wrong": six_digits(fault.start(model, site) if fault.start else gradients[site]),
    }
