"""Lifting: which scalars can be computed together, as one array.

The scalars go level by level: a level holds what depends on lower levels only. Within a level, the
weighted sums of the same inputs become one matrix product, the shares of one softmax one array,
and equal operations one elementwise operation for as long as their arguments lie side by side.
What fits no pattern becomes an array of one slot. Lifting changes speed, never meaning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiled.lift.linear import Effective, effective
from autograd.compiled.lift.program import (
    Band,
    Dot,
    Elementwise,
    Normalised,
    Operand,
    Program,
    Shared,
    Total,
)
from autograd.compiled.record.nodes import Recording
from autograd.compiled.record.scalars import Scalars, scalars_of
from autograd.formulas.row import Op
from autograd.rules import OPS

FEW = 4  # terms that are added one after the other; more are summed as an array
NORMALISED = {"softmax", "log_softmax", "logsumexp"}
Key = tuple[Any, ...]


def lift(recording: Recording, parameters: Sequence[Any], *, together: bool = True) -> Program:
    """Return the array program of a recording.

    Without ``together`` every scalar stays alone, an array of one slot: the program then does what
    the recording says, step by step, and shows what lifting is worth.
    """
    scalars = scalars_of(recording, parameters)
    program = Program(parameters=len(parameters), scalars=len(scalars.ops))
    graph = effective(scalars, weighted=together)
    needed = needed_shared(scalars, graph)
    shared = SharedSide(scalars, program, needed, together=together)
    batch = BatchSide(scalars, program, graph, shared, together=together)
    program.results = [
        batch.one(result) if scalars.batched[result] else shared.at([result])
        for result in scalars.results
    ]
    program.guards = [
        (shared.position[left], shared.position[right]) for left, right in scalars.guarded
    ]
    return program


def needed_shared(scalars: Scalars, graph: Effective) -> set[int]:
    """Return the shared scalars that anything needs, arguments of others among them."""
    stack = [*scalars.results, *(side for sides in scalars.guarded for side in sides)]
    for scalar in graph.order:
        stack += graph.args[scalar]
        if scalar in graph.weighted:
            weighted = graph.weighted[scalar]
            stack += weighted.weights
            stack.append(scalars.leaf(0.0) if weighted.bias is None else weighted.bias)
    needed: set[int] = set()
    stack = [root for root in stack if not scalars.batched[root]]
    while stack:
        scalar = stack.pop()
        if scalar not in needed:
            needed.add(scalar)
            stack += scalars.args[scalar]
    return needed


def by_level(
    order: Iterable[int], args: dict[int, tuple[int, ...]], level: dict[int, int]
) -> list[list[int]]:
    """Return the scalars of each level, given the levels of the leaves: 0."""
    result: list[list[int]] = []
    for scalar in order:
        if scalar in level:
            continue
        own = level[scalar] = 1 + max((level.get(arg, 0) for arg in args[scalar]), default=0)
        while len(result) < own:
            result.append([])
        result[own - 1].append(scalar)
    return result


class SharedSide:
    """Lifts what is the same for every row. Here arguments may lie anywhere in the column."""

    def __init__(
        self, scalars: Scalars, program: Program, needed: set[int], *, together: bool
    ) -> None:
        self.scalars, self.program, self.together = scalars, program, together
        self.position: dict[int, int] = {}
        leaves = [leaf for leaf in scalars.leaves if not scalars.batched[leaf]]
        others = [leaf for leaf in leaves[program.parameters :] if leaf in needed]
        others.sort(key=lambda leaf: type(scalars.leaves[leaf]) is float)
        leaves[program.parameters :] = others
        program.column = [scalars.leaves[leaf] for leaf in leaves]
        self.place(leaves)
        inner = sorted(needed.difference(leaves))
        args = {scalar: scalars.args[scalar] for scalar in inner}
        for members in by_level(inner, args, {}):
            for key, group in in_bundles(members, self.key).items():
                self.write(key, group)
        program.shared_size = len(self.position)

    def key(self, scalar: int) -> Key:
        """Return what scalars that are computed together have in common."""
        op, args = self.scalars.ops[scalar], self.scalars.args[scalar]
        key = normalised_key(self.scalars, scalar) or (op, len(args))
        return key if self.together else (*key, scalar)

    def place(self, members: Iterable[int]) -> Shared:
        """Give scalars the next positions, and return these."""
        first = len(self.position)
        for member in members:
            self.position[member] = len(self.position)
        return Shared(tuple(range(first, len(self.position))))

    def at(self, members: Iterable[int]) -> Shared:
        """Return where scalars are in the column."""
        return Shared(tuple(self.position[member] for member in members))

    def write(self, key: Key, members: list[int]) -> None:
        """Write the instructions of a group of scalars."""
        op: Op = key[0]
        args = [self.scalars.args[member] for member in members]
        out = self.place(members)
        if op.name in NORMALISED:
            places, operand = places_of(self.scalars, op, args)
            self.program.shared.append(Normalised(op, self.at(operand), places, out))
        elif op.name == "sum" and len(args[0]) > FEW:
            for member, terms in zip(members, args, strict=True):
                self.program.shared.append(Total(op, (self.at(terms),), self.at([member])))
        else:
            operands = tuple(self.operand(column) for column in zip(*args, strict=True))
            self.program.shared.append(Elementwise(op, operands, out))

    def bias(self, scalar: int | None) -> int:
        """Return the position of a bias, of 0.0 where there is none."""
        return self.position[self.scalars.leaf(0.0) if scalar is None else scalar]

    def operand(self, members: Sequence[int]) -> Shared | float:
        """Return one argument of a group; a single constant as the number that it is."""
        number = self.scalars.leaves.get(members[0])
        if type(number) is float and len(set(members)) == 1:
            return number
        return self.at(members[:1] if len(set(members)) == 1 else members)


class BatchSide:
    """Lifts what differs from row to row. Here an array is a run of neighbouring slots."""

    def __init__(
        self,
        scalars: Scalars,
        program: Program,
        graph: Effective,
        shared: SharedSide,
        *,
        together: bool,
    ) -> None:
        self.scalars, self.program, self.graph, self.shared = scalars, program, graph, shared
        self.together = together
        self.slot: dict[int, int] = {}
        self.ones: set[int] = set()  # as in the program, for a quick look
        self.copies: dict[tuple[int, ...], Band] = {}
        # A weighted sum with a bias takes it from a slot of ones behind its inputs.
        self.with_bias: set[int] = set()
        for weighted in graph.weighted.values():
            if weighted.bias is not None:
                self.with_bias.update(weighted.inputs)
        inputs = [leaf for leaf in scalars.leaves if scalars.batched[leaf]]
        arguments = in_bundles(inputs, lambda leaf: (scalars.leaves[leaf].argument,))
        program.inputs = [self.place(members) for members in arguments.values()]
        level = dict.fromkeys(inputs, 0)
        for members in by_level(graph.order, graph.args, level):
            for key, group in in_bundles(members, self.key).items():
                self.write(key, group)

    def key(self, scalar: int) -> Key:
        """Return what scalars that are computed together have in common."""
        weighted = self.graph.weighted.get(scalar)
        if weighted is not None:
            return ("dot", tuple(sorted(weighted.inputs)))
        op = self.scalars.ops[scalar]
        kinds = tuple(self.scalars.batched[arg] for arg in self.graph.args[scalar])
        key = normalised_key(self.scalars, scalar) or (op, kinds)
        return key if self.together else (*key, scalar)

    def write(self, key: Key, members: list[int]) -> None:
        """Write the instructions of a group of scalars."""
        if key[0] == "dot":
            self.write_dot(members)
        elif key[0].name in NORMALISED:
            self.write_normalised(key[0], members)
        elif key[0].name == "sum" and len(key[1]) > FEW:
            for member in members:
                terms = self.graph.args[member]
                self.program.batch.append(Total(key[0], self.pieces(terms), self.place([member])))
        else:
            self.write_elementwise(key[0], members)

    def write_dot(self, members: list[int]) -> None:
        """Write the matrix product of weighted sums of the same inputs."""
        weighted = [self.graph.weighted[member] for member in members]
        inputs = sorted(weighted[0].inputs, key=self.slot.__getitem__)
        operand = self.band(inputs)
        position = self.shared.position
        rows = []
        for each in weighted:
            weight = dict(zip(each.inputs, each.weights, strict=True))
            rows.append(tuple(position[weight[factor]] for factor in inputs))
        bias = None
        if any(each.bias is not None for each in weighted):
            bias = tuple(self.shared.bias(each.bias) for each in weighted)
        augmented = bias is not None and operand.start + operand.size in self.ones
        out = self.place(members)
        self.program.batch.append(Dot(tuple(rows), bias, operand, out, augmented))

    def write_normalised(self, op: Op, members: list[int]) -> None:
        """Write a softmax, or what belongs to its family."""
        args = [self.graph.args[member] for member in members]
        places, operand = places_of(self.scalars, op, args)
        where = (
            self.one_or_shared(args[0][0]) if places is None and op.name != "logsumexp" else None
        )
        band = self.band(operand)
        self.program.batch.append(Normalised(op, band, where or places, self.place(members)))

    def write_elementwise(self, op: Op, members: list[int]) -> None:
        """Write equal operations, as one for as long as their arguments lie side by side."""
        args = self.graph.args
        batched = [k for k, arg in enumerate(args[members[0]]) if self.scalars.batched[arg]]

        def slots(member: int) -> tuple[int, ...]:
            return tuple(self.slot[args[member][k]] for k in batched)

        members = sorted(members, key=slots)
        self.place(members)
        for run in runs([slots(member) for member in members]):
            together = [members[k] for k in run]
            operands = tuple(
                self.operand(column)
                for column in zip(*(args[member] for member in together), strict=True)
            )
            out = Band(self.slot[together[0]], len(together))
            self.program.batch.append(Elementwise(op, operands, out))

    def operand(self, members: Sequence[int]) -> Operand:
        """Return one argument of a run of operations."""
        if not self.scalars.batched[members[0]]:
            return self.shared.operand(members)
        first, last = self.slot[members[0]], self.slot[members[-1]]
        return Band(first, last - first + 1)

    def place(self, members: Sequence[int]) -> Band:
        """Give scalars the next slots, and behind them one for ones if a bias wants it."""
        band = Band(self.program.slots, len(members))
        for member in members:
            self.slot[member] = self.program.slots
            self.program.slots += 1
        if not self.with_bias.isdisjoint(members):
            self.add_one()
        return band

    def add_one(self) -> None:
        """Take the next slot for a 1 in every row."""
        self.ones.add(self.program.slots)
        self.program.ones.append(self.program.slots)
        self.program.slots += 1

    def one(self, scalar: int) -> Band:
        """Return the slot of one scalar."""
        return Band(self.slot[scalar], 1)

    def one_or_shared(self, scalar: int) -> Band | Shared:
        """Return where one scalar is."""
        return self.one(scalar) if self.scalars.batched[scalar] else self.shared.at([scalar])

    def pieces(self, terms: Sequence[int]) -> tuple[Operand, ...]:
        """Return the terms of a long sum, as few runs of slots as there can be."""
        batched = sorted(self.slot[term] for term in terms if self.scalars.batched[term])
        bands = [
            Band(batched[run[0]], len(run)) for run in runs([(slot,) for slot in batched], (1,))
        ]
        shared = [term for term in terms if not self.scalars.batched[term]]
        return (*bands, self.shared.at(shared)) if shared else tuple(bands)

    def band(self, members: Sequence[int]) -> Band:
        """Return scalars as neighbouring slots, copied there if they lie elsewhere."""
        key = tuple(members)
        slots = [self.slot.get(member, -2) for member in members]
        if -2 not in slots and slots == list(range(slots[0], slots[0] + len(slots))):
            return Band(slots[0], len(slots))
        if key not in self.copies:
            out = self.copies[key] = Band(self.program.slots, len(slots))
            self.program.slots += out.size
            self.add_one()
            for run in runs([(slot,) for slot in slots], (1,)):
                source = self.operand([members[k] for k in run])
                target = Band(out.start + run[0], len(run))
                self.program.batch.append(Elementwise(OPS["alias"], (source,), target))
        return self.copies[key]


def in_bundles(members: Iterable[int], key: Callable[[int], Key]) -> dict[Key, list[int]]:
    """Return the members with the same key together, groups and members in order."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for member in members:
        groups[key(member)].append(member)
    return groups


def normalised_key(scalars: Scalars, scalar: int) -> Key | None:
    """Return the key of a member of the softmax family; None for any other scalar.

    The places of one softmax belong together; one that differs from row to row stands alone.
    """
    op, args = scalars.ops[scalar], scalars.args[scalar]
    if op is None or op.name not in NORMALISED:
        return None
    if op.name == "logsumexp":
        return (op, args)
    constant = type(scalars.leaves.get(args[0])) is float
    return (op, args[1:], None if constant else args[0])


def places_of(
    scalars: Scalars, op: Op, args: list[tuple[int, ...]]
) -> tuple[tuple[int, ...] | None, tuple[int, ...]]:
    """Return the constant places of a group of the softmax family, and the values it is over."""
    if op.name == "logsumexp":
        return None, args[0]
    numbers = [scalars.leaves.get(each[0]) for each in args]
    places = tuple(int(number) for number in numbers if type(number) is float)
    return places or None, args[0][1:]


def runs(slots: Sequence[tuple[int, ...]], steps: tuple[int, ...] = (0, 1)) -> Iterable[list[int]]:
    """Return the positions of the tuples, cut wherever a number does not go on by its step.

    A step is what a number does from the first tuple of a run to the second: stay, or go up by 1.

    >>> list(runs([(3, 9), (4, 9), (5, 9), (7, 9), (8, 10)]))
    [[0, 1, 2], [3, 4]]
    """
    run: list[int] = []
    step: tuple[int, ...] | None = None
    for position, numbers in enumerate(slots):
        if run:
            change = tuple(b - a for a, b in zip(slots[position - 1], numbers, strict=True))
            if (step is None and all(each in steps for each in change)) or change == step:
                step = change
                run.append(position)
                continue
            yield run
        run, step = [position], None
    if run:
        yield run
