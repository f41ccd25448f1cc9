"""check: whether an answer is right, and what is wrong with it if not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autograd.classroom.answers.exercise import AtLeast, Exercise, by_name
from autograd.classroom.answers.own_function import compare
from autograd.classroom.answers.reading import (
    NO_ANSWER,
    UnreadableAnswerError,
    answers_by_name,
    is_blank,
    number_of,
)
from autograd.classroom.answers.sealed import Seal
from autograd.classroom.answers.verdict import Verdict
from autograd.classroom.mistakes.diagnose import diagnose
from autograd.story.step_formula import with_arguments
from autograd.value import Value
from autograd.words.formula_printer import formula
from autograd.words.suggestions import did_you_mean

UPHILL = (
    "lies on the wrong side of the number before the step, so the step goes uphill: "
    "new = old - learning rate * gradient."
)
SOME = 6  # names are listed
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
        finding = (
            NO_ANSWER
            if is_blank(answer)
            else f"Give every number with its name: {template(exercise.expected)}."
        )
        return Verdict(exercise.question, [finding], exercise.hint, [], len(asked))
    if set(asked) == {""} and len(given) == 1:  # one number, under whatever name
        given = {"": next(iter(given.values()))}
    return Judge(exercise, asked, given).verdict()


class Judge:
    """One answer beside what was asked for, part by part.

    What is asked for as a list, or as a dict within a dict, is one thing to a student: of a whole
    that is missing there is one finding, and not one for each of its parts.
    """

    def __init__(
        self, exercise: Exercise, asked: Mapping[str, Any], given: Mapping[str, Any]
    ) -> None:
        self.exercise = exercise
        self.asked = asked
        self.given = given
        self.numbers: dict[str, float] = {}  # what could be read
        self.findings: dict[str, str] = {}  # what is wrong, by the name of the part or the whole
        self.missing: set[str] = set()  # parts of a whole that is missing
        self.wholes = wholes(exercise.expected)
        for name, whole in self.wholes.items():
            parts = by_name(whole, name).keys()
            if not self.given.keys() & parts:
                self.findings[name] = finding_of_whole(self.given.get(name), whole)
                self.missing |= parts
        for name, expected in asked.items():
            found = "" if name in self.missing else self.finding(name, expected)
            if found:
                self.findings[name] = found

    def verdict(self) -> Verdict:
        """Return all that was found, and the mistake behind it where it can be traced."""
        findings = [f"{name}: {text}" if name else text for name, text in self.findings.items()]
        findings += self.names_not_asked_for()
        if self.findings and self.numbers and self.exercise.graph is not None:
            findings += self.mistake_behind(self.exercise.graph)
        wrong = self.findings.keys() | self.missing
        right = [name for name in self.asked if name and name not in wrong]
        return Verdict(self.exercise.question, findings, self.exercise.hint, right, len(self.asked))

    def finding(self, name: str, expected: Any) -> str:
        """Return what is wrong with one part, or nothing."""
        pieces = self.pieces(name)
        if pieces:
            return in_pieces(pieces)
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
        if self.is_uphill(name, expected, value):
            return f"{shown} {UPHILL}"
        said = f"{shown} {self.slip(expected, value)}"
        return said if said.endswith("?") else f"{said}."

    def pieces(self, name: str) -> list[Any]:
        """Return the parts of a list that was given where one thing is asked for, or nothing."""
        if name in self.given:
            return []
        place = re.compile(re.escape(name) + r"\[\d+\]")
        return [part for key, part in self.given.items() if place.fullmatch(key)]

    def is_uphill(self, name: str, expected: Any, value: float) -> bool:
        """Whether a number lies on the wrong side of the one that a step of descent starts from."""
        before = self.exercise.before
        start = before.get(name) if isinstance(before, Mapping) else before
        if start is None:
            return False
        if isinstance(expected, Seal):  # which knows no side: is it as far, the other way?
            return self.opens_after(expected, lambda x: 2.0 * start - x, value)
        return (value - start) * (number_of(expected) - start) < 0

    def word(self, expected: str | Seal, answer: Any) -> str:
        """Return what is wrong with a word."""
        if not isinstance(answer, str) or not answer.strip():
            number_of("" if answer is None else answer)  # the error for no answer yet
            return f"{answer!r} is not a word: a name in quotes is asked for."
        right = (
            expected.opens(answer) if isinstance(expected, Seal) else same_word(expected, answer)
        )
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
        """Return a finding for each misspelt name, and one for all others that nobody asked for."""
        if "" in self.asked:
            return []
        expected = self.exercise.expected
        wanted = [str(name) for name in expected] if isinstance(expected, Mapping) else self.asked
        extra = [name for name in self.given if name not in self.asked and name not in self.wholes]
        # A list is one thing here, too: its places are not told one by one.
        names = list(dict.fromkeys(re.sub(r"(.)\[\d+\]$", r"\1", name) for name in extra))
        findings = [
            f"{name}: more answers than are asked for, {template(self.wholes[name])}."
            for name in names
            if name in self.wholes
        ]
        unknown = [name for name in names if name not in self.wholes and name not in self.asked]
        near = {name: did_you_mean(name, wanted, quoted=False) for name in unknown}
        findings += [f"{name} is not asked for.{advice}" for name, advice in near.items() if advice]
        far = [name for name in unknown if not near[name]]
        if far:
            verb = "is" if len(far) == 1 else "are"
            findings.append(f"{some_of(far)} {verb} not asked for. Asked for: {some_of(wanted)}.")
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


def wholes(expected: Any) -> dict[str, Any]:
    """Return the lists and dicts within what is expected.

    >>> wholes({"shape": (2, 3), "b": 1})
    {'shape': (2, 3)}
    """
    if not isinstance(expected, Mapping):
        return {}
    return {str(name): part for name, part in expected.items() if list(by_name(part)) != [""]}


def finding_of_whole(answer: Any, whole: Any) -> str:
    """Return what is wrong with a list or a dict of which no part was given."""
    return NO_ANSWER if is_blank(answer) else f"Several answers are asked for: {template(whole)}."


def template(expected: Any) -> str:
    """Return what is expected as one writes it, with dots in place of the answers.

    >>> template({"shape": (2, 3), "b": 1})
    '{"shape": [..., ...], "b": ...}'
    """
    if isinstance(expected, Mapping):
        pairs = (f'"{name}": {template(part)}' for name, part in expected.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        return f"[{', '.join(map(template, expected))}]"
    return "..."


def in_pieces(pieces: list[Any]) -> str:
    """Return what is wrong with several answers in the place of one.

    >>> in_pieces([4, 2])
    'One answer is asked for, not 2. Python reads 4,2 as two numbers: write 4.2, with a point.'
    """
    said = f"One answer is asked for, not {len(pieces)}."
    if len(pieces) != 2 or not all(type(each) is int for each in pieces) or pieces[1] < 0:
        return said
    whole, decimals = pieces
    point = f"write {whole}.{decimals}, with a point."
    return f"{said} Python reads {whole},{decimals} as two numbers: {point}"


def some_of(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - SOME} more" if len(names) > SOME else ""
    return f"{', '.join(names[:SOME])}{more}"


def is_word(answer: Any) -> bool:
    """Whether an answer is a text that is not meant as a number."""
    return isinstance(answer, str) and answer.strip().replace("_", "").isidentifier()


def same_word(expected: str, answer: str) -> bool:
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
