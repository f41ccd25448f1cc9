"""How often diagnose names the fault: random expressions, each fault planted, slips, right answers.

Run it with ``python benchmarks/diagnosis.py``, perhaps with a number of expressions; 1,000 take a
few minutes. It prints the confusion table as Markdown. Two faults may give an expression the very
same gradients; then nobody can tell which it was, and the table counts how often that was so.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from autograd import Value
from autograd.classroom.mistakes.diagnose import diagnosis_of
from autograd.classroom.mistakes.faults import FAULTS, Fault, Planted
from autograd.classroom.mistakes.search import Case, Given, Suspicion
from autograd.rules import OPS
from autograd.story.step_formula import Story

EXPRESSIONS, SLIPS, SEED = 1000, 200, 7
UNARY = ("tanh", "tanh", "relu", "relu", "sigmoid", "exp", "sin", "cos", "log", "sqrt", "neg")
JOINING = ("*", "*", "*", "+", "+", "-", "-", "/")
EXPONENTS = (2.0, 2.0, 3.0, -1.0)


# Random expressions -------------------------------------------------------------------------------


def cases(count: int, rng: random.Random) -> Iterator[Case]:
    """Yield so many random expressions of 3 to 15 operations, each with a pass before."""
    while count:
        leaves = [Value(decimal(rng), label=name) for name in "abcd"[: rng.randint(2, 4)]]
        try:
            root = grown(leaves, rng.randint(3, 12), rng)
            case = Case(root, {leaf: decimal(rng) for leaf in leaves})
        except (ArithmeticError, ValueError):
            continue  # the logarithm of a negative number, say
        operations = sum(node.op is not None for node in case.model.nodes)
        sizes = [abs(number) for number in (*(node.data for node in case.model.nodes), *case.right)]
        if (
            3 <= operations <= 15
            and max(sizes) < 1000
            and any(answers(case, case.right, False).values())
        ):
            count -= 1
            yield case


def decimal(rng: random.Random) -> float:
    """Return a number that a teacher would write on the board."""
    return rng.choice([-1, 1]) * rng.randint(2, 30) / 10


def grown(leaves: list[Value], operations: int, rng: random.Random) -> Value:
    """Return the root of a graph grown from the leaves. Some nodes are used more than once."""
    nodes, unused = list(leaves), list(leaves)
    while operations > 0 or len(unused) > 1:
        first = rng.choice(unused)
        chance = rng.random()
        operands: list[Value | float] = [first]
        name = rng.choice(JOINING)
        if operations <= 0:  # what is left over must come together
            operands.append(rng.choice([node for node in unused if node is not first]))
        elif chance < 0.3:
            name = rng.choice(UNARY)
        elif chance < 0.4:
            name = "**"
            operands.append(rng.choice(EXPONENTS))
        else:
            operands.append(abs(decimal(rng)) if chance < 0.5 else rng.choice(nodes))
        node = Value.apply_op(OPS[name], tuple(operands))
        nodes.append(node)
        unused = [each for each in unused if all(each is not operand for operand in operands)] + [
            node
        ]
        operations -= 1
    return unused[0]


# Answers ------------------------------------------------------------------------------------------


def asked(case: Case, everything: bool) -> list[int]:
    """Return the places of the nodes that a student is asked for: all of them, or the leaves."""
    places = range(case.model.root, -1, -1)
    return [place for place in places if everything or case.model.nodes[place].op is None]


def answers(case: Case, gradients: list[float], everything: bool) -> Given:
    """Return the gradients of the nodes that are asked for."""
    return {place: gradients[place] for place in asked(case, everything)}


def rounded(given: Given, decimals: int) -> Given:
    """Return the answers with so many decimals, or as many significant digits if they are small."""
    return {
        place: round(number, decimals) if abs(number) > 1 else float(f"{number:.{decimals}g}")
        for place, number in given.items()
    }


def plantings(case: Case, fault: Fault, rng: random.Random) -> Iterator[Suspicion]:
    """Yield the gradients with the fault made everywhere, and made at one random site."""
    chosen = [fault.always(case.model)]
    sites = fault.sites(case.model)
    if len(sites) > 1 and not fault.whole:
        chosen.append(Planted(fault, (rng.choice(sites),)))
    for planted in chosen:
        explanation = case.explanation([planted], 0)
        if explanation is not None:
            yield explanation


def slipped(case: Case, rng: random.Random) -> tuple[int, list[float]]:
    """Return a place, and the gradients of somebody who makes a slip there and goes on rightly."""
    place = rng.randrange(case.model.root)
    model = case.model
    off = (case.right[place] or 1.0) * rng.choice([-1, 1]) * rng.uniform(0.05, 0.9)
    found = [0.0] * len(model.nodes)
    found[-1] = 1.0
    for current in range(model.root, -1, -1):
        found[current] += off if current == place else 0.0
        for edge in model.edges[current]:
            found[edge.argument] += edge.local * found[current]
    return place, found


# The table ----------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How often a fault was planted, named first, and among the first three, by its own name."""

    planted: int = 0
    first: int = 0
    third: int = 0
    ties: Counter[str] = field(default_factory=Counter)  # another name for the same numbers
    misses: Counter[str] = field(default_factory=Counter)  # another name, and other numbers

    def add(self, name: str, names: list[str], same: bool) -> None:
        """Count one diagnosis: the names that it gives, the first with the ``same`` numbers."""
        self.planted += 1
        self.first += names[0] == name
        self.third += name in names[:3]
        if names[0] != name:
            (self.ties if same else self.misses)[names[0]] += 1

    def cells(self) -> list[str]:
        """Return the cells of the table; what gave other numbers than those given is bold."""
        instead = [f"{name} {count:,}" for name, count in self.ties.most_common(2)]
        instead += [f"**{name} {count:,}**" for name, count in self.misses.most_common(2)]
        return [
            f"{self.planted:,}",
            percent(self.first, self.planted),
            percent(self.third, self.planted),
            percent(self.first + self.ties.total(), self.planted),
            ", ".join(instead),
        ]


HEADER = (
    "| | planted | named first | in first three | first, or another with the same numbers | "
    "named instead |\n|---|--:|--:|--:|--:|---|"
)


def row(name: str, tally: Tally) -> str:
    """Return a row of the table."""
    return f"| {' | '.join([name, *tally.cells()])} |"


def percent(part: int, whole: int) -> str:
    """Return a part in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of the tallies."""
    whole = Tally()
    for tally in tallies:
        whole.planted += tally.planted
        whole.first += tally.first
        whole.third += tally.third
        whole.ties += tally.ties
        whole.misses += tally.misses
    return whole


@dataclass
class Result:
    """What a run has found."""

    expressions: int = 0
    faults: dict[bool, dict[str, Tally]] = field(
        default_factory=lambda: {every: defaultdict(Tally) for every in (True, False)}
    )
    right: int = 0
    called_wrong: int = 0
    slips: int = 0
    located: int = 0
    slips_of_leaves: int = 0
    explained: int = 0
    rounded: Tally = field(default_factory=Tally)
    pairs: Tally = field(default_factory=Tally)


def run(expressions: int = EXPRESSIONS, slips: int = SLIPS, seed: int = SEED) -> Result:
    """Return what diagnose makes of every single fault, of right answers and of slips."""
    rng = random.Random(seed)
    result = Result()
    for case in cases(expressions, rng):
        result.expressions += 1
        story = Story(case.model.nodes[-1], dict.fromkeys(case.model.nodes))
        for everything in (True, False):
            right = answers(case, case.right, everything)
            for given in (right, rounded(right, 3), rounded(right, 2)):
                result.right += 1
                result.called_wrong += not diagnosis_of(case, story, given)
            for fault in FAULTS.values():
                for explanation in plantings(case, fault, rng):
                    given = answers(case, explanation.gradients, everything)
                    judge(result.faults[everything][fault.name], case, story, fault.name, given)
                    if not everything:
                        judge(result.rounded, case, story, fault.name, rounded(given, 2), 1.0)
        if result.slips < slips:
            slip(result, case, story, rng)
        two(result, case, story, rng)
    return result


def judge(
    tally: Tally, case: Case, story: Story, name: str, given: Given, slack: float = 0.0
) -> None:
    """Diagnose the gradients under a fault, if it changes those that are asked for."""
    if case.is_right(given):
        return
    found = diagnosis_of(case, story, given)
    names = [each.name for each in found.explanations] or [found.name]
    same = bool(found.explanations) and case.fits(found.explanations[0].gradients, given, slack)
    tally.add(name, names, same)


def two(result: Result, case: Case, story: Story, rng: random.Random) -> None:
    """Diagnose two habits at once, unless one fault would do."""
    habits = [fault.always(case.model) for fault in rng.sample(list(FAULTS.values()), 2)]
    habits.sort(key=lambda planted: list(FAULTS).index(planted.fault.name))
    explanation = case.explanation(habits, 0)
    if explanation is not None:
        given = answers(case, explanation.gradients, True)
        if not case.fitting(given):
            judge(result.pairs, case, story, explanation.name, given)


def slip(result: Result, case: Case, story: Story, rng: random.Random) -> None:
    """Diagnose a slip at a random node that no fault explains."""
    place, gradients = slipped(case, rng)
    given = answers(case, gradients, True)
    if case.is_right(given) or case.fitting(given):
        return
    result.slips += 1
    result.located += diagnosis_of(case, story, given).node is case.model.nodes[place]
    leaves = answers(case, gradients, False)
    if not case.is_right(leaves) and not case.fitting(leaves):
        result.slips_of_leaves += 1
        found = case.slip(leaves)
        result.explained += found.alone


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="how often diagnose names the fault")
    parser.add_argument("expressions", type=int, nargs="?", default=EXPRESSIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    result = run(options.expressions, SLIPS, options.seed)
    leaves, nodes = result.faults[False], result.faults[True]
    print(
        f"{result.expressions:,} expressions, seed {options.seed}; answers for the leaves alone.\n"
    )
    print(HEADER)
    for name in FAULTS:
        print(row(name, leaves[name]))
    print(row("**all faults**", total(leaves.values())))
    print(row("the same, rounded to two decimals", result.rounded))
    print(row("the same, answers for every node", total(nodes.values())))
    print(row("two habits at once, for every node", result.pairs))
    print()
    print(f"Right answers called wrong: {result.called_wrong} of {result.right:,}.")
    print(
        f"Slips located at their node: {percent(result.located, result.slips)} of {result.slips}; "
        f"with the leaves alone, one slip that explains all numbers is found in "
        f"{percent(result.explained, result.slips_of_leaves)} of {result.slips_of_leaves}."
    )


if __name__ == "__main__":
    main()
