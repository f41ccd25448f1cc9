"""steps: the forward pass and the sweep as a list of steps, in words, in LaTeX and as data.

The steps are a reading of the graph: no ``grad`` changes. What ``sentences.py`` says of a step and
what ``step_formula.py`` writes of it are found here as properties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self, overload

from autograd.backward import local_partials
from autograd.graph import plain_number, topological_order
from autograd.machinery.modes import current, no_grad
from autograd.story import sentences, step_formula
from autograd.story.step_formula import Story
from autograd.value import Value
from autograd.words.errors import not_a_result
from autograd.words.markup import LATEX
from autograd.words.names import names_of_user

Kind = Literal["forward", "seed", "chain rule", "accumulate"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a number is computed, or a gradient arrives.

    ========== ===================================================================================
    kind       what happens
    ========== ===================================================================================
    forward    ``node`` is computed from its arguments: ``after`` is its number
    seed       the root's own gradient is set: ``after`` is 1.0
    chain rule ``node`` passes on to its ``argument`` (the one at ``position``) the ``local``
               derivative times the ``upstream`` gradient, its own; the ``contribution`` is added
               to the argument's gradient, which was ``before`` and is ``after``
    accumulate a leaf, ``node``, adds the gradient that an earlier ``backward()`` left in it, the
               ``contribution``
    ========== ===================================================================================

    What a kind does not have is None.
    """

    kind: Kind
    node: Value
    after: float
    argument: Value | None = None
    position: int | None = None
    local: float | None = None
    upstream: float | None = None
    contribution: float | None = None
    before: float | None = None
    story: Story = field(default_factory=Story, repr=False, compare=False)

    @property
    def changed(self) -> Value:
        """The node whose number or gradient is ``after``."""
        return self.node if self.argument is None else self.argument

    @property
    def asked(self) -> float:
        """The number that this step finds out, which a student may predict."""
        return (
            self.after
            if self.contribution is None or self.argument is None
            else (self.contribution)
        )

    @property
    def sentence(self) -> str:
        """The step in words, with the student's names and up to six digits of each number."""
        return "".join(sentences.sentence(self))

    @property
    def latex(self) -> str:
        r"""The step as a formula for LaTeX, KaTeX, MathJax or matplotlib, without the dollar signs.

        >>> w, x = Value(0.5, label="w"), Value(2.0, label="x")
        >>> print(steps(w * x)[0].latex)
        w \cdot x = 0.5 \cdot 2 = 1
        """
        return str(step_formula.step_formula(self, LATEX))

    def __str__(self) -> str:
        return self.sentence


class Steps(Sequence[Step]):
    """The steps of an expression, or a part of them. ``print`` tells them.

    An index gives a Step; a slice, ``of``, ``forward`` and ``backward`` give Steps again. The
    number of a step is its place among ``everything``, all steps of the expression.
    """

    def __init__(
        self, story: Story, everything: Sequence[Step], numbers: Sequence[int] | None = None
    ) -> None:
        self.story = story
        self.everything = everything
        self.numbers = range(len(everything)) if numbers is None else numbers

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> Self: ...
    def __getitem__(self, place: int | slice) -> Step | Self:
        if isinstance(place, slice):
            return type(self)(self.story, self.everything, self.numbers[place])
        return self.everything[self.numbers[place]]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Step]:
        return (self.everything[number] for number in self.numbers)

    def where(self, wanted: Callable[[Step], bool]) -> Self:
        """Return the steps for which the function ``wanted`` is true."""
        kept = [number for number in self.numbers if wanted(self.everything[number])]
        return type(self)(self.story, self.everything, kept)

    def of(self, node: Value) -> Self:
        """Return the steps in which ``node`` is computed, passes on or receives a gradient.

        Raises ValueError if the expression was not computed from it.

        >>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
        >>> print(steps(a * b + a).of(a)[-1])
        a.grad += b * (a * b).grad = 3.0 * 1.0 = 3.0 (was 1.0, now 4.0)
        """
        if node not in self.story.order:
            name = node.label if isinstance(node, Value) else type(node).__name__
            raise ValueError(
                f"{name or 'this Value'} is not part of {self.story.title}: of() "
                "takes a Value that the expression was computed from, or the result itself."
            )
        return self.where(lambda step: node is step.node or node is step.argument)

    @property
    def forward(self) -> Self:
        """The steps that compute numbers."""
        return self.where(lambda step: step.kind == "forward")

    @property
    def backward(self) -> Self:
        """The steps that compute gradients."""
        return self.where(lambda step: step.kind != "forward")

    def __str__(self) -> str:
        return sentences.narration(self)

    def __repr__(self) -> str:
        return f"<Steps of {sentences.title(self)}>"


def steps(root: Value, *, accumulate: bool = False) -> Steps:
    """Return all that happens when ``root`` is computed and ``root.backward()`` is called.

    ``view/player/playable.py`` says the rest; it makes the public ``steps`` of this one.
    """
    if not isinstance(root, Value):
        raise not_a_result("steps", root)
    story = Story(root, topological_order(root), names_of_user(Value))
    everything = [
        Step("forward", node, node.data, story=story) for node in story.order if node.op is not None
    ]
    everything += backward_steps(story)
    if accumulate:
        everything += accumulated(story, everything)
    return Steps(story, everything)


def backward_steps(story: Story) -> Iterator[Step]:
    """Yield the seed and the contribution of every edge, as ``sweep`` adds them up."""
    gradients = dict.fromkeys(story.order, 0.0)
    gradients[story.root] = 1.0
    yield Step("seed", story.root, 1.0, contribution=1.0, before=0.0, story=story)
    for node in reversed(story.order):
        if node.op is None:
            continue
        upstream = gradients[node]
        edges = [*enumerate(zip(node.args, local_derivatives(node), strict=True))]
        for position, (argument, local) in reversed(edges):
            if local is None:
                continue
            before = gradients[argument]
            contribution = upstream * local
            gradients[argument] = after = before + contribution
            yield Step(
                "chain rule", node, after, argument, position, local, upstream, contribution,
                before, story,
            )  # fmt: skip


def accumulated(story: Story, swept: Sequence[Step]) -> list[Step]:
    """Return the steps in which leaves add what they had, as ``backward.accumulate`` does."""
    gradients = {step.changed: step.after for step in swept if step.kind != "forward"}
    return [
        Step(
            "accumulate", leaf, gradients[leaf] + leaf.grad, contribution=leaf.grad,
            before=gradients[leaf], story=story,
        )
        for leaf in story.order
        if leaf.op is None and leaf.grad
    ]  # fmt: skip


def local_derivatives(node: Any) -> list[float | None]:
    """Return the local derivative with respect to each argument; None for a constant.

    In ``ieee()`` mode it is what IEEE 754 answers, read as the sweep reads it there: with nodes,
    whose operations know those answers. Elsewhere an undefined derivative raises.
    """
    if not current.ieee:
        return local_partials(node)
    with no_grad():
        partials = local_partials(node, differentiable=True)
    return [None if each is None else plain_number(each) for each in partials]
