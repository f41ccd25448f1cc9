"""check_engine: a Value class that a student has written, beside the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograd.classroom.answers.reading import UnreadableAnswerError, number_of
from autograd.classroom.answers.verdict import Verdict
from autograd.classroom.mistakes.diagnose import diagnose
from autograd.value import Value

CLOSE = 1e-9


@dataclass(frozen=True)
class Trial:
    """A formula to try a class with, what the class must be able to do for it, and its leaves."""

    text: str
    needs: frozenset[str]
    formula: Callable[..., Any]
    numbers: Mapping[str, float]


def trial(needs: str, text: str, formula: Callable[..., Any], **numbers: float) -> Trial:
    """Return a trial; ``needs`` are words with spaces between them."""
    return Trial(text, frozenset(needs.split()), formula, numbers)


def squared_twice(a: Any, b: Any) -> Any:
    """Return a graph in which an inner node is used twice, at different depths."""
    u = a * b
    v = u + a
    return u * v


def neuron(a: Any, b: Any, c: Any) -> Any:
    """Return the graph of a neuron."""
    return (a * b + c).tanh()


# By rising difficulty: the first that goes wrong says the most.
TRIALS = (
    trial("+", "a + b", lambda a, b: a + b, a=2.0, b=-3.0),
    trial("*", "a * b", lambda a, b: a * b, a=2.0, b=-3.0),
    trial("+ *", "a * b + c", lambda a, b, c: a * b + c, a=2.0, b=-3.0, c=10.0),
    trial("+", "a + a", lambda a: a + a, a=3.0),
    trial("+ *", "a * b + a", lambda a, b: a * b + a, a=2.0, b=-3.0),
    trial("+ *", "u = a * b; v = u + a; u * v", squared_twice, a=2.0, b=-3.0),
    trial("+ number", "a + 1", lambda a: a + 1, a=2.0),
    trial("* number", "2 * a", lambda a: 2 * a, a=3.0),
    trial("neg", "-a", lambda a: -a, a=2.0),
    trial("-", "a - b", lambda a, b: a - b, a=2.0, b=-3.0),
    trial("- number", "1 - a", lambda a: 1 - a, a=3.0),
    trial("**", "a**3", lambda a: a**3, a=-2.0),
    trial("/", "a / b", lambda a, b: a / b, a=1.0, b=4.0),
    trial("/ number", "1 / a", lambda a: 1 / a, a=4.0),
    trial("exp", "a.exp()", lambda a: a.exp(), a=0.5),
    trial("log", "a.log()", lambda a: a.log(), a=0.5),
    trial("relu", "a.relu()", lambda a: a.relu(), a=0.5),
    trial("relu", "a.relu()", lambda a: a.relu(), a=-0.5),
    trial("sigmoid", "a.sigmoid()", lambda a: a.sigmoid(), a=0.5),
    trial("tanh", "a.tanh()", lambda a: a.tanh(), a=0.5),
    trial("+ * tanh", "(a * b + c).tanh()", neuron, a=2.0, b=-3.0, c=6.5),
)
OPERATIONS = sorted(frozenset().union(*(trial.needs for trial in TRIALS)))


def check_engine(own: Callable[[float], Any], operations: str = "+ *") -> Verdict:
    """Return whether a student's Value class computes and differentiates as the engine does.

    ``own(2.0)`` makes a leaf; ``data``, ``grad`` and ``backward()`` are expected of it, and the
    ``operations``, words with spaces between them: + * - / ** neg exp log relu sigmoid tanh, and
    ``number`` for plain numbers as operands. The first formula that goes wrong is told, with the
    mistake that leads to its gradients.

    >>> check_engine(Value, "+ * tanh")
    Right: your Value class, with + * tanh

    Raises ValueError for an operation that has no formula to try.
    """
    wanted = frozenset(operations.split())
    if not wanted <= frozenset(OPERATIONS):
        raise ValueError(
            f"there is no formula to try {', '.join(sorted(wanted - {*OPERATIONS}))} with. Known: "
            f"{' '.join(OPERATIONS)}."
        )
    tried = [trial for trial in TRIALS if trial.needs <= wanted]
    right: list[str] = []
    for each in tried:
        try:
            wrong = tried_with(own, each)
        except UnreadableAnswerError as error:
            wrong = str(error)
        except Exception as error:  # whatever a student's own class may raise
            wrong = f"your class stops: {type(error).__name__}: {error}"
        if wrong:
            at = ", ".join(f"{name} = {number:g}" for name, number in each.numbers.items())
            findings = [f"{each.text} with {at}: {wrong}"]
            return Verdict(what_is_checked(operations), findings, "", right, len(tried))
        right.append(each.text)
    return Verdict(what_is_checked(operations))


def what_is_checked(operations: str) -> str:
    """Return what is checked."""
    return f"your Value class, with {operations}"


def tried_with(own: Callable[[float], Any], trial: Trial) -> str:
    """Return what is wrong with the numbers of a class in one formula, or nothing."""
    leaves = [own(number) for number in trial.numbers.values()]
    nodes = [Value(number, label=name) for name, number in trial.numbers.items()]
    result, root = trial.formula(*leaves), trial.formula(*nodes)
    value = number_of(result.data)
    if not math.isclose(value, root.data, rel_tol=CLOSE):
        return f"its data is {value:.6g}, and {root.data:.6g} is right."
    # The value before the gradients: a gradient of a wrong value would lead astray.
    result.backward()
    given = {node: number_of(leaf.grad) for node, leaf in zip(nodes, leaves, strict=True)}
    root.backward()
    wrong = {
        node.label: number
        for node, number in given.items()
        if not math.isclose(number, node.grad, rel_tol=CLOSE, abs_tol=1e-12)
    }
    if not wrong:
        return ""
    told = ", ".join(f"{name}.grad is {number:.6g}" for name, number in wrong.items())
    diagnosis = diagnose(root, given)
    return f"{told}. {diagnosis.name.capitalize()}: {diagnosis.sentence}"
