"""What the exercises of each level compute, and numbers for it that stay friendly to the hand.

The shapes are written out, by rising difficulty; the numbers are drawn until nothing on the way,
forward or backward, has more than two decimals. Only ``random.Random.random`` is used, whose
sequence for a seed no version of Python changes: the same seed gives the same sheet on any machine.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, TypeVar

from autograd.classroom.sheets.program import Recipe, hand_friendly
from autograd.value import Value
from autograd.view.player.playable import steps

Item = TypeVar("Item")
TRIES = 10_000  # far more than any shape needs


class Draw:
    """Choices from a seed, which may be made of any words and numbers.

    >>> Draw(7, "Ada").one_of("abc") == Draw(7, "Ada").one_of("abc")
    True
    """

    def __init__(self, *seed: object) -> None:
        self.random = random.Random("/".join(map(str, seed)))

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self.random.random() * len(items))]


def lines_of_shape(text: str) -> dict[str, str]:
    """Return the lines of a shape by their names."""
    return {name: line for name, _, line in (each.partition(" = ") for each in text.split("; "))}


NEURON = "u = w1 * x1; v = w2 * x2; s = u + v; z = s + b; "
HIDDEN = "u1 = w1 * x; z1 = u1 + b1; h1 = relu(z1); u2 = w2 * x; z2 = u2 + b2; h2 = relu(z2); "
SHAPES: dict[int, tuple[str, ...]] = {
    # One multiplication.
    1: ("y = a * b", "y = 3 * a", "y = a * -2", "y = b * a"),
    # Two or three operations, in which every variable occurs once.
    2: (
        "u = a * b; y = u + c",
        "u = a + b; y = u * c",
        "u = a * b; y = c - u",
        "u = a - b; y = u**2",
        "u = a * b; v = u + c; y = 2 * v",
        "u = a * b; v = c * k; y = u - v",
        "u = a * b; v = u + c; y = relu(v)",
    ),
    # A variable that is used twice: its gradient comes by two ways.
    3: (
        "u = a * b; y = u + a",
        "u = a + b; v = a - b; y = u * v",
        "u = a**2; v = u * b; y = v + a",
        "u = a * b; v = a + c; y = u * v",
        "u = a / b; y = u - b",
        "u = a * b; v = u**2; y = v - u",
        "u = a - b; v = relu(u); w = v * b; y = w + c",
        "u = a * b; v = b / c; w = u - v; y = w + a",
    ),
    # A neuron and its loss; t is the target.
    4: (
        NEURON + "p = relu(z); e = p - t; loss = e**2",
        NEURON + "e = z - t; loss = e**2",
        "u = w * x; z = u + b; p = relu(z); e = p - t; s = e**2; loss = s / 2",
        "u = w * x; z = u + b; e = z - t; s = e**2; r = w**2; loss = s + r",
    ),
    # Two hidden neurons, one output, and the loss.
    5: (
        HIDDEN + "q1 = v1 * h1; q2 = v2 * h2; p = q1 + q2; e = p - t; loss = e**2",
        HIDDEN + "q1 = v1 * h1; q2 = v2 * h2; q = q1 + q2; p = q + c; e = p - t; loss = e**2",
    ),
}
LEVELS = {
    1: "one multiplication",
    2: "a few operations",
    3: "a variable used twice",
    4: "a neuron and its loss",
    5: "a network of two layers",
}
WHOLE = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)
NUMBERS: dict[int, tuple[float, ...]] = {
    1: WHOLE,
    2: (*WHOLE, 0.5, 1.5, -0.5),
    3: (*WHOLE, 0.5, 1.5, -0.5),
    4: (-3, -2, -1, 1, 2, 3, 0.5, -0.5),
    5: (-3, -2, -1, 1, 2, 3),
}
LIMIT: dict[int, float] = {1: 50.0, 2: 50.0, 3: 60.0, 4: 100.0, 5: 200.0}


def friendly_program(level: int, draw: Draw) -> Recipe:
    """Return a program of a level, with numbers that stay friendly to the hand.

    >>> print(friendly_program(2, Draw(1)))
    a = -5, b = -4
    u = a - b
    y = u**2
    """
    lines = lines_of_shape(draw.one_of(SHAPES[level]))
    names = input_names(lines)
    for _ in range(TRIES):
        numbers = {name: float(draw.one_of(NUMBERS[level])) for name in names}
        found = Recipe(numbers, lines)
        if pleasant(found, LIMIT[level]):
            return found
    raise AssertionError(f"no friendly numbers for {lines}")


def input_names(lines: dict[str, str]) -> list[str]:
    """Return the names that the lines use and do not compute, in order of use."""
    words = " ".join(lines.values())
    for sign in "+-*/(),":
        words = words.replace(sign, " ")
    known = {*lines, "relu"}
    return [
        word for word in dict.fromkeys(words.split()) if word not in known and word.isidentifier()
    ]


def pleasant(program: Recipe, limit: float) -> bool:
    """Whether all numbers are hand-friendly, no relu is at its kink, and gradients tell something.

    A network in which no relu lets anything through would be a sheet full of zeros.
    """
    nodes = program.build()
    root = nodes[program.result]
    seen: dict[Value, float] = {}
    for step in steps(root):
        numbers = [step.after, step.local, step.upstream, step.contribution]
        if not all(hand_friendly(each, limit) for each in numbers if each is not None):
            return False
        if step.kind != "forward":
            seen[step.changed] = step.after
    inputs: list[Any] = [node.first for node in nodes.values() if str(node.op) == "relu"]
    if any(each.data == 0.0 for each in inputs) or root.data == 0.0:
        return False
    gradients = [seen[nodes[name]] for name in program.numbers]
    return 2 * sum(each != 0.0 for each in gradients) > len(gradients)
