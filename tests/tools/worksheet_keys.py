"""An oracle for worksheets that knows nothing of the engine: printed lines, in exact fractions.

Run as a program it verifies every key of many worksheets:
``python tests/tools/worksheet_keys.py 1000``.
"""

import re
import sys
from fractions import Fraction

STEP = Fraction(1, 10**6)
NEAR = Fraction(1, 10**5)  # relu's kink is at least 0.01 away, and no third derivative is large


class Printed:
    """The program of a question, read from what is printed."""

    def __init__(self, question):
        given, *lines = str(question.program).splitlines()
        pairs = [pair.split(" = ") for pair in given.split(", ")]
        self.numbers = {name: Fraction(number) for name, number in pairs}
        self.lines = dict(line.split(" = ") for line in lines)
        self.result = list(self.lines)[-1]
        self.values = self.run()

    def line(self, name, values):
        return eval(self.lines[name], {"relu": lambda x: max(x, Fraction(0))}, dict(values))

    def run(self, moved=None, by=Fraction(0)):
        values = dict(self.numbers)
        if moved in values:
            values[moved] += by
        for name in self.lines:
            values[name] = self.line(name, values) + (by if name == moved else 0)
        return values

    def gradient(self, name):
        up, down = (self.run(name, step)[self.result] for step in (STEP, -STEP))
        return (up - down) / (2 * STEP)

    def local(self, name, by):
        up, down = (
            self.line(name, self.values | {by: self.values[by] + step}) for step in (STEP, -STEP)
        )
        return (up - down) / (2 * STEP)

    def edges(self):
        for name, line in self.lines.items():
            for used in re.findall(r"[a-z]+\d*", line):
                if used != "relu":
                    yield name, used


def same(claim, right):
    return abs(Fraction(claim) - right) < NEAR


def friendly(number):
    return abs(number * 100 - round(number * 100)) < NEAR and abs(number) <= 1000


def check_numbers(printed):
    """Every number on the way, forward and backward, has at most two decimals."""
    assert all(map(friendly, printed.values.values()))
    for name, used in printed.edges():
        slope = printed.local(name, used)
        assert friendly(slope)
        assert friendly(printed.gradient(used))
        assert friendly(slope * printed.gradient(name))


def check_forward(printed, question):
    assert list(question.answers) == list(printed.lines)
    for name, answer in question.answers.items():
        assert same(answer, printed.values[name])


def check_local(printed, question):
    asked = {f"d{name}/d{used}": (name, used) for name, used in printed.edges()}
    assert set(question.answers) == set(asked)
    for name, answer in question.answers.items():
        assert same(answer, printed.local(*asked[name]))


def check_backward(printed, question):
    assert {*question.answers, printed.result} == {*printed.values}
    for name, answer in question.answers.items():
        assert same(answer, printed.gradient(name))


def check_bug(printed, question):
    """Exactly one of the gradients shown does not follow from those of its users: the answer."""
    shown = {name: Fraction(number) for name, number in question.gradients.items()}
    follows = dict.fromkeys(printed.values, Fraction(0)) | {printed.result: Fraction(1)}
    for name, used in printed.edges():
        follows[used] += printed.local(name, used) * shown[name]
    wrong = [name for name in shown if not same(shown[name], follows[name])]
    assert wrong == [question.answers["node"]]
    assert same(question.answers["grad"], printed.gradient(wrong[0]))


def check_next(printed, question):
    node, argument = re.search(r"Next, (\w+) passes .* on to (\w+)\.", question.task).groups()
    shown = {name: Fraction(number) for name, number in question.gradients.items()}
    added = printed.local(node, argument) * shown[node]
    assert same(shown[node], printed.gradient(node))  # it is complete, so that it may pass on
    assert same(question.answers["added"], added)
    assert same(question.answers["then"], shown[argument] + added)


def check_descent(printed, question):
    rate = Fraction(re.search(r"learning rate ([\d.]+),", question.task)[1])
    data = {"x", "x1", "x2", "t"}
    assert set(question.answers) == set(printed.numbers) - data
    for name, answer in question.answers.items():
        assert same(answer, printed.numbers[name] - rate * printed.gradient(name))


CHECKS = {
    "forward": check_forward,
    "local": check_local,
    "backward": check_backward,
    "bug": check_bug,
    "next": check_next,
    "descent": check_descent,
}


def verify(question):
    """Raise AssertionError unless the key of a question is right and its numbers are friendly."""
    printed = Printed(question)
    check_numbers(printed)
    CHECKS[question.kind](printed, question)
    for answer in question.answers.values():
        assert isinstance(answer, str) or friendly(Fraction(answer))


def main(count):
    from autograd.classroom.sheets.levels import LEVELS
    from autograd.classroom.sheets.worksheet import worksheet

    verified = dict.fromkeys(CHECKS, 0)
    for seed in range(count):
        for sheet in worksheet(f"verify {seed}", seed % len(LEVELS) + 1, len(CHECKS)):
            for question in sheet.questions:
                verify(question)
                verified[question.kind] += 1
    kinds = ", ".join(f"{number} {kind}" for kind, number in verified.items())
    print(f"{count} worksheets, {sum(verified.values())} keys verified: {kinds}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
