"""check: whether an answer is right, and what is wrong with it if not."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from autograd.classroom.answers.exercise import AtLeast, Exercise, by_name
from autograd.classroom.answers.own_function import compare
from autograd.classroom.answers.reading import UnreadableAnswerError, answers_by_name, number_of
from autograd.classroom.answers.sealed import Seal
from autograd.classroom.answers.verdict import Verdict
from autograd.classroom.mistakes.diagnose import diagnose
from autograd.story.step_formula import with_arguments
from autograd.value import Value
from autograd.words.formula_printer import formula
from autograd.words.suggestions import did_you_mean

CLOSE = 1e-9  # relative: what rounding in another order of adding may do
TEN = math.log(10.0)

# What a wrong number often is, and what would make it right: the repair finds the slip.
SLIPS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("has the wrong sign", lambda x: -x),
    ("is half of what is asked for: is a factor of 2 missing?", lambda x: 2.0 * x),
    ("is twice what is asked for: where does a factor of 2 come from?", lambda x: x / 2.0),
    ("is a percentage: divide it by 100", lambda x: x / 100.0),
    ("is a hundred times too small", lambda x: x * 100.0),
    ("is upside down: it is 1 divided by what is asked for", lambda x: 1.0 / x),
    ("is the square of what is asked for", math.sqrt),
    ("is the square root of what is asked for", lambda x: x * x),
    ("is right for the logarithm to base 10; here it is the natural one, ln", lambda x: x * TEN),
    ("is off by 1: should something be added or left out?", lambda x: x + 1.0),
    ("is off by 1: should something be added or left out?", lambda x: x - 1.0),
)


def check(exercise: Exercise, answer: Any) -> Verdict:
    """Return whether the answer is right, or what is wrong with it and a hint.

    The form is free: numbers of any library, ``"3/4"``, ``"2*3"``, a dict by name, a list, or
    Values, which stand for their gradients where gradients are asked for. The value is strict.

    >>> from autograd import Value
    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> exercise = Exercise("the gradients of a*b", graph=a * b)
    >>> print(check(exercise, {"a": "-6/2", "b": 2}))
    Right: the gradients of a*b
    >>> print(check(Exercise("the slope at 1", -2.0, hint="Which way does it go?"), 2))
    Not yet: the slope at 1
      2 has the wrong sign.
      Hint: Which way does it go?

    Raises TypeError if ``exercise`` is not an Exercise.
    """
    if not isinstance(exercise, Exercise):
        raise TypeError(
            f"check() takes an Exercise and an answer, not {type(exercise).__name__}: write "
            'check(Exercise("d(loss)/da", expected=-3.0), answer).'
        )
    if callable(exercise.expected):
        findings = compare(exercise.expected, answer, exercise.domain)
        return Verdict(exercise.question, findings, exercise.hint)
    asked = by_name(exercise.expected)
    given = answers_by_name(answer, gradient=exercise.of_gradients)
    names_needed = isinstance(exercise.expected, Mapping) and not isinstance(answer, Mapping)
    if names_needed and not given.keys() & asked.keys():
        finding = names_wanted(answer, asked)
        return Verdict(exercise.question, [finding], exercise.hint, [], len(asked))
    if set(asked) == {""} and len(given) == 1:  # one number, under whatever name
        given = {"": next(iter(given.values()))}
    return Judge(exercise, asked, given).verdict()


class Judge:
    """One answer beside what was asked for, part by part."""

    def __init__(
        self, exercise: Exercise, asked: Mapping[str, Any], given: Mapping[str, Any]
    ) -> None:
        self.exercise = exercise
        self.asked = asked
        self.given = given
        self.numbers: dict[str, float] = {}  # what could be read
        self.findings: dict[str, str] = {}  # what is wrong, by the name of the part
        for name, expected in asked.items():
            found = self.finding(name, expected)
            if found:
                self.findings[name] = found

    def verdict(self) -> Verdict:
        """Return all that was found, and the mistake behind it where it can be traced."""
        findings = [f"{name}: {text}" if name else text for name, text in self.findings.items()]
        findings += self.names_not_asked_for()
        if self.findings and self.numbers and self.exercise.graph is not None:
            findings += self.mistake_behind(self.exercise.graph)
        right = [name for name in self.asked if name and name not in self.findings]
        return Verdict(self.exercise.question, findings, self.exercise.hint, right, len(self.asked))

    def finding(self, name: str, expected: Any) -> str:
        """Return what is wrong with one part, or nothing."""
        answer = self.given.get(name)
        if isinstance(expected, bool):  # Python's bool or NumPy's, or the word
            answer = str(answer) if type(answer).__name__ in ("bool", "bool_") else answer
            expected = str(expected)
        try:
            if isinstance(expected, str) or (isinstance(expected, Seal) and is_word(answer)):
                return self.word(expected, answer)
            value = number_of(answer, gradient=self.exercise.of_gradients)
        except UnreadableAnswerError as error:
            return str(error)
        if not math.isfinite(value):
            return f"{value} is not a finite number: something was divided by 0, or is too large."
        self.numbers[name] = value
        shown = answer.strip() if isinstance(answer, str) else f"{value:.6g}"
        if isinstance(expected, AtLeast):
            return short_of(expected.number, value, shown)
        if self.fits(expected, value):
            return ""
        said = f"{shown} {self.slip(expected, value)}"
        return said if said.endswith("?") else f"{said}."

    def word(self, expected: str | Seal, answer: Any) -> str:
        """Return what is wrong with a word."""
        if not isinstance(answer, str) or not answer.strip():
            number_of("" if answer is None else answer)  # the error for no answer yet
            return f"{answer!r} is not a word: a name in quotes is asked for."
        right = expected.opens(answer) if isinstance(expected, Seal) else same(expected, answer)
        return "" if right else f"{answer.strip()!r} is not it."

    def fits(self, expected: Any, value: float) -> bool:
        """Whether a number is the one that is expected."""
        if isinstance(expected, Seal):
            return expected.opens(value)
        right = number_of(expected)
        if self.exercise.decimals is not None:
            half = 0.5 * 10.0**-self.exercise.decimals
            return abs(value - right) <= half * (1.0 + CLOSE)
        return math.isclose(value, right, rel_tol=CLOSE, abs_tol=1e-12)

    def slip(self, expected: Any, value: float) -> str:
        """Return in words how a wrong number differs from the right one."""
        if isinstance(expected, Seal):
            found = (text for text, repair in SLIPS if self.opens_after(expected, repair, value))
            return next(found, "is not it: go through the lines again, from the first on")
        right = number_of(expected)
        digits = len(f"{value:.12g}".partition(".")[2])
        slack = 0.5 * 10.0**-digits if digits else 0.0  # what the student may have rounded off
        if slack and abs(value - right) <= slack:
            return "is rounded too far: give more digits, or the expression itself"
        if self.exercise.of_gradients:
            return "is not right"
        for text, repair in SLIPS:
            if right and repaired(repair, value, slack, right):
                return text
        if value * right < 0:
            return "is wrong, and on the wrong side of 0"
        sign = ", without its sign" if value < 0 else ""
        return f"is too {'large' if abs(value) > abs(right) else 'small'}{sign}"

    def opens_after(self, expected: Seal, repair: Callable[[float], float], value: float) -> bool:
        """Whether a number would open a seal after a repair."""
        try:
            return self.fits(expected, repair(value))
        except (ArithmeticError, ValueError):
            return False

    def names_not_asked_for(self) -> list[str]:
        """Return a finding for every name that was not asked for."""
        findings = []
        for name in self.given:
            if name in self.asked or "" in self.asked:
                continue
            near = did_you_mean(name, self.asked, quoted=False)
            advice = near or f" Asked for: {', '.join(self.asked)}."
            findings.append(f"{name} is not asked for.{advice}")
        return findings

    def mistake_behind(self, graph: Value) -> list[str]:
        """Return which mistake leads to the wrong numbers of a graph."""
        nodes = self.exercise.nodes
        if self.exercise.asks == "values":
            return forward_findings(nodes, self.numbers, self.findings)
        given = {nodes[name]: number for name, number in self.numbers.items() if name in nodes}
        if not given:
            return []
        diagnosis = diagnose(graph, given)
        if diagnosis.right:  # as far as the numbers are rounded
            return []
        return [f"{diagnosis.name[0].upper()}{diagnosis.name[1:]}: {diagnosis.sentence}"]


def repaired(repair: Callable[[float], float], value: float, slack: float, right: float) -> bool:
    """Whether a number that may have been rounded by ``slack`` is right after a repair."""
    try:
        low, high = sorted(repair(value + by) for by in (-slack, slack))
    except (ArithmeticError, ValueError):
        return False
    margin = CLOSE * abs(right)
    return low - margin <= right <= high + margin


def names_wanted(answer: Any, asked: Mapping[str, Any]) -> str:
    """Return what to write in place of a number without a name, or of no answer."""
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        return "There is no answer yet: write yours in its place."
    names = ", ".join(f'"{name}": ...' for name in asked)
    return f"Give every number with its name: {{{names}}}."


def is_word(answer: Any) -> bool:
    """Whether an answer is a text that is not meant as a number."""
    return isinstance(answer, str) and answer.strip().replace("_", "").isidentifier()


def same(expected: str, answer: str) -> bool:
    """Whether two words are the same but for capitals and spaces."""
    return "".join(expected.split()).casefold() == "".join(answer.split()).casefold()


def short_of(goal: float, value: float, shown: str) -> str:
    """Return what is wrong with a number that has to reach a goal, or nothing."""
    if goal <= 1.0 < value:
        return f"{shown} is more than 1: give a share, such as 0.9 for 90 %."
    return "" if value >= goal else f"{shown} is not yet {goal:g}."


def forward_findings(
    nodes: Mapping[str, Any], numbers: Mapping[str, float], wrong: Mapping[str, str]
) -> list[str]:
    """Return for each wrong number of the forward pass whether it follows from those before it."""
    findings = []
    names = {node: name for name, node in nodes.items()}
    for name in wrong:
        node = nodes.get(name)
        if node is None or name not in numbers or node.op is None:
            continue
        given = [
            each if type(each) is float else numbers.get(names.get(each, ""), each.data)
            for each in node.args
        ]
        line = formula(with_arguments(node, node.args), names)
        if math.isclose(node.op.on_numbers(*given), numbers[name], rel_tol=CLOSE):
            findings.append(
                f"{name} follows from your numbers before it, and only those are wrong."
            )
        else:
            shown = " and ".join(f"{each:g}" for each in given)
            findings.append(f"Look at {name} = {line} first, with {shown}.")
    return findings
