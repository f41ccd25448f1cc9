"""The kinds of question on a worksheet, by rising difficulty, with answers and worked steps.

Every kind is a function from a program and a source of choices to a Question. The answers come from
``steps``, so from the engine's own sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.classroom.answers.exercise import Asks, Exercise
from autograd.classroom.answers.sealed import Seal, seal
from autograd.classroom.mistakes.diagnosis import Diagnosis
from autograd.classroom.mistakes.search import Case, Suspicion
from autograd.classroom.mistakes.sweep_model import Edge
from autograd.classroom.sheets.levels import Draw
from autograd.classroom.sheets.program import Recipe, decimal, hand_friendly, tidy
from autograd.story.step_formula import local_text
from autograd.story.steps import Step, Steps
from autograd.view.player.playable import steps


@dataclass(frozen=True)
class Question:
    """One question of a sheet.

    ``answers`` are numbers and words by name. ``known`` says whether the sheet shows the numbers of
    the lines, ``gradients`` which gradients it shows, and ``asked`` how a name is written before
    its blank.
    """

    kind: str
    task: str
    program: Recipe
    answers: Mapping[str, float | str]
    worked: Sequence[str] = ()
    hint: str = ""
    known: bool = True
    gradients: Mapping[str, str] = field(default_factory=dict)
    asked: str = "{}"

    @property
    def blanks(self) -> list[tuple[str, str]]:
        """The answers as the key prints them, each with what stands before its blank."""
        return [
            (self.asked.format(name), answer if isinstance(answer, str) else decimal(answer))
            for name, answer in self.answers.items()
        ]

    def exercise(self) -> Exercise:
        """Return the question for ``check``."""
        return exercise_of(self.kind, self.program, self.answers, self.hint)

    def as_data(self, salt: str) -> dict[str, Any]:
        """Return the question as JSON can hold it, its answers sealed and without the key."""
        return {
            "kind": self.kind,
            "task": self.task,
            "program": self.program.as_data(),
            "answers": {
                name: str(seal(answer, salt=f"{salt}{name}"))
                for name, answer in self.answers.items()
            },
            "hint": self.hint,
        }


def from_data(data: Mapping[str, Any]) -> Exercise:
    """Return the exercise of a question that ``as_data`` has written, with sealed answers."""
    answers = {name: Seal(text) for name, text in data["answers"].items()}
    return exercise_of(data["kind"], Recipe(**data["program"]), answers, data["hint"])


ABOUT: dict[str, Asks] = {"forward": "values", "backward": "gradients"}  # of the graph itself


def exercise_of(
    kind: str, program: Recipe, answers: Mapping[str, float | str | Seal], hint: str
) -> Exercise:
    """Return the exercise of a question; where it asks about the whole graph, with the graph."""
    lines = [program.given, *(f"{name} = {line}" for name, line in program.lines.items())]
    question = f"{TITLES[kind]}: {'; '.join(lines)}"
    if kind not in ABOUT:
        before = program.numbers if kind == "descent" else None
        return Exercise(question, dict(answers), hint=hint, before=before)
    graph = program.build()[program.result]
    return Exercise(question, dict(answers), hint=hint, graph=graph, asks=ABOUT[kind])


class Work:
    """A program carried out: its nodes, its steps, its numbers and gradients by name."""

    def __init__(self, program: Recipe) -> None:
        self.nodes = program.build()
        self.root = self.nodes[program.result]
        self.steps = steps(self.root)
        self.story = self.steps.story
        self.chain = [step for step in self.steps if step.kind == "chain rule"]
        self.gradients = {step.changed.label: tidy(step.after) for step in self.steps.backward}

    @property
    def sweep(self) -> list[str]:
        """The names below the result, in the order in which their gradients are complete."""
        # A gradient is complete when the last contribution has arrived.
        arrived = [step.changed.label for step in self.chain]
        return list(dict.fromkeys(reversed(arrived)))[::-1]


def sentences(chosen: Steps | Sequence[Step]) -> list[str]:
    """Return steps as the lines of a worked solution."""
    return [step.sentence for step in chosen]


def ask_forward(program: Recipe, draw: Draw) -> Question:
    """Return the question for the number of every line."""
    work = Work(program)
    return Question(
        "forward",
        "Compute every line, from the first to the last.",
        program,
        {name: tidy(work.nodes[name].data) for name in program.lines},
        sentences(work.steps.forward),
        "Put the numbers of the line before into the next line.",
        known=False,
    )


def ask_local(program: Recipe, draw: Draw) -> Question:
    """Return the question for the local derivative on every edge."""
    work = Work(program)
    answers, worked = {}, []
    for step in reversed(work.chain):
        assert step.argument is not None
        assert step.local is not None
        assert step.position is not None
        name = f"d{step.node.label}/d{step.argument.label}"
        answers[name] = tidy(step.local)
        rule = local_text(step.node, step.position, step.story)
        worked.append(" = ".join(filter(None, [name, rule, decimal(step.local)])))
    return Question(
        "local",
        "Give the local derivative on every edge: of each line by each name in it, the others held "
        "fast.",
        program,
        answers,
        worked,
        "Only the one line counts: what stands before it and behind it plays no part.",
    )


def ask_backward(program: Recipe, draw: Draw) -> Question:
    """Return the question for the gradient of the result by every other name."""
    work = Work(program)
    return Question(
        "backward",
        f"Begin with {program.result}.grad = 1 and go back, edge by edge. Give the gradient of "
        f"{program.result} by every other name.",
        program,
        {name: work.gradients[name] for name in work.sweep},
        sentences(work.steps.backward),
        "On every edge: the gradient that arrives, times the local derivative. Where two edges "
        "meet, add.",
        asked="{}.grad",
    )


def ask_bug(program: Recipe, draw: Draw) -> Question | None:
    """Return the question where a sweep with one fault of the catalogue went wrong.

    It is None if no fault leaves friendly numbers.
    """
    work = Work(program)
    case = Case(work.root)
    order = case.model.nodes
    suited = [each for each in case.singles if suits(each)]
    if not suited:
        return None
    # First the fault, then the place: else a fault that can be made at many places came too often.
    fault = draw.one_of(list(dict.fromkeys(each.name for each in suited)))
    chosen = draw.one_of([each for each in suited if each.name == fault])
    name = order[wrong_place(chosen)].label
    wrong = {
        node.label: decimal(number) for node, number in zip(order, chosen.gradients, strict=True)
    }
    diagnosis = Diagnosis(case, work.story, dict(enumerate(chosen.gradients)), [chosen])
    return Question(
        "bug",
        "Somebody has gone back through this graph and made one mistake, at one node; everything "
        "after it was computed rightly from the wrong number. Which gradient is it that does not "
        "follow, and what is right there?",
        program,
        {"node": name, "grad": work.gradients[name]},
        [
            f"{name}.grad = {wrong[name]} does not follow. {diagnosis.sentence}",
            *(step.sentence for step in work.chain if step.changed.label == name),
        ],
        "Go back from the result. The first number that does not follow from those after it is it.",
        gradients={name: wrong[name] for name in [work.root.label, *work.sweep]},
    )


def suits(explanation: Suspicion) -> bool:
    """Whether a mistake was made at one edge or one sum, and is not seen at a glance.

    Then one number does not follow from those before, and it is not 0.
    """
    (fault, sites), *others = explanation.planted
    if others or len(sites) != 1 or not (fault.passed or fault.added):
        return False
    # A third of a number would give the fault away, and a 0 where a number belongs does, too.
    friendly = all(hand_friendly(number) for number in explanation.gradients)
    return friendly and explanation.gradients[wrong_place(explanation)] != 0.0


def wrong_place(explanation: Suspicion) -> int:
    """Return the place of the node whose gradient does not follow."""
    site: Any = explanation.planted[0].sites[0]
    return site.argument if isinstance(site, Edge) else int(site)


def ask_next(program: Recipe, draw: Draw) -> Question:
    """Return the question for the next step of the sweep."""
    work = Work(program)
    # Any step of the sweep, the gradients as they are by then: some are not complete yet.
    number = int(draw.random.random() * len(work.chain))
    step = work.chain[number]
    so_far = dict.fromkeys(work.nodes, 0.0) | {program.result: 1.0}
    so_far |= {each.changed.label: each.after for each in work.chain[:number]}
    name = step.changed.label
    return Question(
        "next",
        f"Going back has come as far as the gradients shown. Next, {step.node.label} passes its "
        f"gradient on to {name}. What is added to {name}.grad, and what is it then?",
        program,
        {"added": tidy(step.contribution or 0.0), "then": tidy(step.after)},
        [step.sentence],
        "What is added is the gradient that arrives, times the local derivative.",
        gradients={node: decimal(number) for node, number in so_far.items()},
    )


RATES = (0.1, 0.5, 0.2, 0.01)
FIXED = ("x", "x1", "x2", "t")  # data: gradient descent does not move them


def ask_descent(program: Recipe, draw: Draw) -> Question | None:
    """Return the question for the parameters after a step of gradient descent.

    It is None if no learning rate gives numbers with two decimals.
    """
    work = Work(program)
    moved = [name for name in program.numbers if name not in FIXED]
    friendly = [
        rate
        for rate in RATES
        if all(hand_friendly(program.numbers[name] - rate * work.gradients[name]) for name in moved)
    ]
    if not friendly:
        return None
    rate = draw.one_of(friendly)  # the rates have few digits: a slip is in the gradient, then
    answers, worked = {}, sentences(work.steps.backward)
    for name in moved:
        old, gradient = program.numbers[name], work.gradients[name]
        answers[name] = tidy(old - rate * gradient)
        slope = f"({decimal(gradient)})" if gradient < 0 else decimal(gradient)
        worked.append(f"{name}: {decimal(old)} - {rate:g} * {slope} = {decimal(answers[name])}")
    return Question(
        "descent",
        f"Take one step of gradient descent, with the learning rate {rate:g}, that makes "
        f"{program.result} smaller. What are the new numbers of {', '.join(moved)}?",
        program,
        answers,
        worked,
        "new = old - learning rate * gradient",
        asked="new {}",
    )


KINDS: dict[str, Callable[[Recipe, Draw], Question | None]] = {
    "forward": ask_forward,
    "local": ask_local,
    "backward": ask_backward,
    "bug": ask_bug,
    "next": ask_next,
    "descent": ask_descent,
}
TITLES = {
    "forward": "Forward",
    "local": "Local derivatives",
    "backward": "Backward",
    "bug": "Find the mistake",
    "next": "The next step",
    "descent": "Gradient descent",
}
