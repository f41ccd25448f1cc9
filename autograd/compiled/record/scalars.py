"""The recorded graph, tidied up: every scalar once, and what is constant computed.

A scalar is a number in a list: its position. Three lists say all about it: its operation, the
positions of its arguments, and for a leaf what it is. Nodes that depend on an input are *batched*,
one number for each row; all others are the same for every row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.compiled.record.nodes import Recording
from autograd.formulas.row import Op
from autograd.graph import topological_order
from autograd.rules import OPS

COMMUTATIVE = {"+", "*"}


@dataclass(frozen=True)
class Input:
    """An entry of an argument of the function: which argument, which entry."""

    argument: int
    entry: int


@dataclass
class Scalars:
    """The scalars of a recording, arguments before results.

    ``ops`` and ``args`` describe them, ``leaves`` holds what a leaf is: an ``Input``, a Value whose
    number is read at every call, or a float. ``results`` are the positions of what the function
    returned, and ``guarded`` those of the two sides of every guard.
    """

    ops: list[Op | None] = field(default_factory=list)
    args: list[tuple[int, ...]] = field(default_factory=list)
    leaves: dict[int, Any] = field(default_factory=dict)
    batched: list[bool] = field(default_factory=list)
    results: list[int] = field(default_factory=list)
    guarded: list[tuple[int, int]] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)  # what is there already, by its meaning

    def leaf(self, leaf: Any) -> int:
        """Return the position of a leaf."""
        # 0.0 and -0.0 are equal, but not the same constant.
        key = (leaf, math.copysign(1.0, leaf)) if type(leaf) is float else leaf
        position = self.known.get(key)
        if position is None:
            position = self.known[key] = self.added(None, (), isinstance(leaf, Input))
            self.leaves[position] = leaf
        return position

    def node(self, op: Op, args: tuple[int, ...]) -> int:
        """Return the position of an operation: of the same one that is there, or a new one."""
        if op.name in COMMUTATIVE and args[0] > args[1]:
            args = args[1], args[0]
        if op.name == "*":
            for factor, other in (args, args[::-1]):
                # A derivative is full of these: the slope of a sum is 1. Of a leaf they stay, for
                # the sums that are matrix products want a weight for each of their inputs.
                if self.ops[other] is not None and self.is_constant(factor, 1.0):
                    return other
                if self.ops[other] is not None and self.is_constant(factor, -1.0):
                    return self.node(OPS["neg"], (other,))
        position = self.known.get((op, args))
        if position is not None:
            return position
        number = self.folded(op, args)
        if number is not None:
            position = self.leaf(number)
        else:
            position = self.added(op, args, any(self.batched[arg] for arg in args))
        self.known[op, args] = position
        return position

    def is_constant(self, position: int, number: float) -> bool:
        """Whether a scalar is this constant."""
        leaf = self.leaves.get(position)
        return type(leaf) is float and leaf == number

    def folded(self, op: Op, args: tuple[int, ...]) -> float | None:
        """Return the number of an operation on constants, or None.

        What is undefined stays an operation: the row that it is computed for will report it.
        """
        if op.name not in OPS or any(type(self.leaves.get(arg)) is not float for arg in args):
            return None
        try:
            return float(op.on_numbers(*(self.leaves[arg] for arg in args)))
        except (ArithmeticError, ValueError):
            return None

    def added(self, op: Op | None, args: tuple[int, ...], batched: bool) -> int:
        """Add a scalar at the end and return its position."""
        self.ops.append(op)
        self.args.append(args)
        self.batched.append(batched)
        return len(self.ops) - 1


def scalars_of(recording: Recording, parameters: Sequence[Any]) -> Scalars:
    """Return the scalars of a recording; the parameters come first, in their order."""
    table = Scalars()
    place: dict[Any, int] = {parameter: table.leaf(parameter) for parameter in parameters}
    for argument, entries in enumerate(recording.inputs):
        for entry, node in enumerate(entries):
            place[node] = table.leaf(Input(argument, entry))
    sides = [side for guard in recording.guards for side in (guard.left, guard.right)]
    roots = [root for root in (*recording.results, *sides) if type(root) is not float]

    def position_of(argument: Any) -> int:
        return table.leaf(argument) if type(argument) is float else place[argument]

    for node in topological_order(*roots):
        if node in place:
            continue
        if node.op is None:
            place[node] = table.leaf(node)
        elif node.op.name == "alias":
            place[node] = position_of(node.first)
        else:
            place[node] = table.node(node.op, tuple(position_of(each) for each in node.args))
    table.results = [position_of(root) for root in recording.results]
    table.guarded = [
        (position_of(guard.left), position_of(guard.right)) for guard in recording.guards
    ]
    return table
