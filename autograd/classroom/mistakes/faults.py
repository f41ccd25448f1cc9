"""The catalogue of faults: how students, and programs, get backpropagation wrong.

A fault is another way to make one of the four moves of a sweep (``sweep_model.py``): what an edge
passes on, how an argument adds it, in which order nodes pass on, with what a gradient starts. With
the same table one can recompute the sweep as it went wrong (``diagnose``), and plant the fault in
the engine (``bug_hunt``). Where two faults give the same numbers, the upper one in the table is
named: it can be made at fewer places.

The sentences are said of the place where the fault was made. They may speak of

* the ``node`` and the ``argument`` of an edge, the ``operation``, its result ``y`` and the
  argument's ``own`` number, the ``local`` derivative and the ``slope`` taken for it, the
  ``upstream`` gradient, and of what was passed on: the ``right`` number and the ``wrong`` one;
* elsewhere, of the ``node``, the ``count`` and the ``terms`` of what arrives there, and again the
  ``right`` gradient and the ``wrong`` one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.classroom.mistakes.sweep_model import Edge, SweepModel
from autograd.formulas.of_one import relu
from autograd.graph import plain_number
from autograd.words.suggestions import did_you_mean

Site = Any  # an Edge for what is passed on, else the place of a node
Where = Callable[[SweepModel, Site], bool]
MOST_VISITS = 5000  # of a recursion that walks every path


# Where a fault can be made ------------------------------------------------------------------------


def anywhere(model: SweepModel, site: Site) -> bool:
    """At every edge."""
    return True


def of(*operations: str) -> Where:
    """At the edges of these operations; ``"/ 1"`` says to which argument, counted from 0."""

    def where(model: SweepModel, edge: Edge) -> bool:
        return edge.op.name in operations or f"{edge.op.name} {edge.position}" in operations

    return where


def second_argument(model: SweepModel, edge: Edge) -> bool:
    """At the edges to an argument that is not the first."""
    return edge.position > 0


def known_before(model: SweepModel, edge: Edge) -> bool:
    """At edges that were there in the pass before."""
    return edge.earlier is not None


def many_paths(model: SweepModel, place: int) -> bool:
    """At a node to which several edges lead."""
    return len(model.arriving[place]) > 1


def many_users(model: SweepModel, place: int) -> bool:
    """At a node of which several others were computed, and which passes something on itself."""
    users = {edge.node for edge in model.arriving[place]}
    return len(users) > 1 and bool(model.edges[place])


def at_root(model: SweepModel, place: int) -> bool:
    """At the root."""
    return place == model.root


def at_leaf(model: SweepModel, place: int) -> bool:
    """At a leaf that had a gradient from the pass before."""
    return model.before is not None and not model.edges[place] and place != model.root


def at_inner(model: SweepModel, place: int) -> bool:
    """At an inner node, not the root, that had a gradient from the pass before."""
    return model.before is not None and bool(model.edges[place]) and place != model.root


# The fault, and what some of them do --------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fault:
    """One row of the catalogue. Exactly one of the four moves is given: how it is made wrongly.

    ``where`` says at which sites it can be made at all, and ``habit`` at which of these somebody
    makes it who makes it always. A fault that is ``whole`` cannot be made at one site alone.
    """

    name: str
    sentence: str
    where: Where = anywhere
    passed: Callable[[Edge, Any], Any] | None = None  # of the edge and the upstream gradient
    added: Callable[[Any, Any], Any] | None = None  # of the gradient so far and what arrives
    order: Callable[[SweepModel, Collection[Site]], list[int]] | None = None
    start: Callable[[SweepModel, int], Any] | None = None
    habit: Where = anywhere
    whole: bool = False

    def sites(self, model: SweepModel) -> list[Site]:
        """Return every site of the model at which the fault can be made."""
        everything = model.all_edges() if self.passed else range(len(model.nodes))
        return [site for site in everything if self.where(model, site)]

    def always(self, model: SweepModel) -> Planted:
        """Return the fault planted wherever somebody with this habit would make it."""
        return Planted(self, tuple(site for site in self.sites(model) if self.habit(model, site)))

    def __repr__(self) -> str:
        return f"<fault {self.name!r}>"


class Planted(NamedTuple):
    """A fault and the sites where it is made."""

    fault: Fault
    sites: tuple[Site, ...]


def with_input(edge: Edge, upstream: Any) -> Any:
    """Pass on with the local derivative by its textbook formula, the input where y belongs."""
    formula = (edge.op.textbook or [edge.op.first])[0]
    return formula(edge.own, edge.own) * upstream


def with_output(edge: Edge, upstream: Any) -> Any:
    """Pass on with the local derivative at the output, where the input belongs."""
    return edge.op.first(edge.y, edge.y) * upstream


def too_early(model: SweepModel, places: Collection[int]) -> list[int]:
    """Return the order of the sweep, but ``places`` pass on as soon as anything has arrived."""
    order: dict[int, None] = {}
    stack: list[int] = []
    for place in range(model.root, -1, -1):
        stack.append(place)
        while stack:
            current = stack.pop()
            if current not in order:
                order[current] = None
                arguments = [edge.argument for edge in model.edges[current]]
                stack += [place for place in arguments[::-1] if place in places]
    return list(order)


def again_and_again(model: SweepModel, places: Collection[int]) -> list[int]:
    """Return the order of a recursion: a node passes on whenever one that uses it has.

    Raises ValueError where that would go over too many paths.
    """
    order: list[int] = []
    stack = [model.root]
    while stack:
        order.append(stack.pop())
        if len(order) > MOST_VISITS:
            raise ValueError(
                "the recursion of this fault walks every path from the root to the leaves, and "
                f"this graph has more than {MOST_VISITS:,}: take a smaller expression."
            )
        # The edges have the last argument first, so that the first one is on top of the stack.
        stack += dict.fromkeys(edge.argument for edge in model.edges[order[-1]])
    return order


def left_there(model: SweepModel, place: int) -> float:
    """Return the gradient that the pass before left in a node."""
    assert model.before is not None
    return plain_number(model.before.right[place])


# name, what it means, where, the wrong move ------------------------------------------------------
# fmt: off

FAULTS: dict[str, Fault] = {fault.name: fault for fault in (

    # The root or the leaves begin with a wrong number.
    Fault("seed forgotten",
        "Nothing was passed on, since {node} had no gradient itself: begin with 1.0, how it "
        "changes with itself",
        at_root, start=lambda model, place: 0.0),
    Fault("seeded with its value",
        "The gradient of {node} began with its value, {wrong}: begin with 1.0, how it changes with "
        "itself",
        at_root, start=lambda model, place: model.number(place)),
    Fault("gradients not zeroed",
        "{node}.grad began with {wrong}, which the pass before had left there: set it to 0.0 "
        "before every backward pass",
        at_leaf, start=left_there),

    # The local derivative is another one.
    Fault("input used for output",
        "The formula for the derivative of {operation} uses its result, {y}, and its input was put "
        "there, {own}: that gives {slope} in place of {local}",
        of("exp", "sqrt", "tanh", "sigmoid"), with_input),
    Fault("output used for input",
        "The derivative of {operation} is taken at its input, {own}, not at its result, {y}: it is "
        "{local}, not {slope}",
        of("log", "sin", "cos", "tanh", "sigmoid"), with_output),
    Fault("wrong operand",
        "The derivative of {node} with respect to {argument} is the other factor, "
        "{local}, not {argument} itself, {own}",
        of("*"), lambda edge, upstream: edge.own * upstream),
    Fault("sign of minus",
        "{argument} has a minus in {node}: the local derivative is {local}, not {slope}",
        of("- 1", "neg"), lambda edge, upstream: upstream),
    Fault("sign of the quotient",
        "The derivative of a quotient with respect to its denominator has a minus: that of {node} "
        "with respect to {argument} is {local}, not {slope}",
        of("/ 1"), lambda edge, upstream: -edge.local * upstream),
    Fault("exponent not lowered",
        "The power rule lowers the exponent by one: the derivative of {node} with respect to "
        "{argument} is {local}, not {slope}",
        of("** 0"), lambda edge, upstream: edge.local * edge.own * upstream),
    Fault("exponent not brought down",
        "The power rule multiplies by the exponent: the derivative of {node} with respect to "
        "{argument} is {local}, not {slope}",
        of("** 0"), lambda edge, upstream: edge.local / edge.operands[1] * upstream),
    Fault("relu's gate from the gradient",
        "Relu passes a gradient on where its input is positive, and at {node} that is {own}: "
        "whether the gradient {upstream} is positive does not matter",
        of("relu"), lambda edge, upstream: relu(upstream)),
    Fault("stale data",
        "The local derivative of {node} with respect to {argument} was taken with the numbers of "
        "the pass before: now it is {local}, not {slope}",
        known_before, lambda edge, upstream: edge.earlier * upstream),

    # What arrives is not added up.
    Fault("assigned instead of accumulated",
        "{node} gets a gradient on {count} paths, {terms}: they are added up to {right}. With = in "
        "place of += only the last of them is left, {wrong}",
        many_paths, added=lambda before, contribution: contribution),

    # The order is not topological, or inner nodes begin with something.
    Fault("passed on too early",
        "{node} is used by {count} others, and passed its gradient on before all of them had "
        "reported: the order was not topological",
        many_users, order=too_early),
    Fault("passed on twice",
        "{node} passed on all that it had whenever something arrived, so that a part went on "
        "twice: a node passes on once, after all {count} that use it have reported",
        many_users, order=again_and_again, whole=True),
    Fault("inner gradients not zeroed",
        "The gradient of {node} began with {wrong}, which the pass before had left there: inner "
        "nodes begin with 0.0 too",
        at_inner, start=left_there),

    # A factor of the chain rule is missing, or all of a path.
    Fault("local factor forgotten",
        "{node} passed its own gradient on to {argument} as it was, {upstream}: the chain rule "
        "multiplies it by the local derivative, {local} * {upstream} = {right}",
        passed=lambda edge, upstream: upstream),
    Fault("upstream forgotten",
        "{argument} got only the local derivative of {node}, {local}: the chain rule multiplies it "
        "by the gradient of {node}, {local} * {upstream} = {right}",
        passed=lambda edge, upstream: edge.local),
    Fault("path missed",
        "One path to {argument} is missing, that through {node}: it brings "
        "{local} * {upstream} = {right}",
        passed=lambda edge, upstream: 0.0, habit=second_argument),
)}
# fmt: on


def fault_named(fault: str | Fault) -> Fault:
    """Return the fault of a name, or a fault as it is.

    Raises ValueError for a name that the catalogue does not have.

    >>> fault_named("sign of minus")
    <fault 'sign of minus'>
    >>> fault_named("upstreem forgotten")
    Traceback (most recent call last):
    ValueError: there is no fault 'upstreem forgotten'. Did you mean 'upstream forgotten'? The \
catalogue is autograd.classroom.FAULTS.
    """
    if isinstance(fault, Fault):
        return fault
    if fault in FAULTS:
        return FAULTS[fault]
    advice = did_you_mean(fault, FAULTS)
    raise ValueError(
        f"there is no fault {fault!r}.{advice} The catalogue is autograd.classroom.FAULTS."
    )
