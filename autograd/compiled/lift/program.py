"""The array program: what a graph of scalars becomes, as a list of array instructions.

Numbers that differ from row to row live in *slots*, one row of an array of (slots, rows) each; a
``Band`` is a run of neighbouring slots, so that one instruction can work on all of them. Numbers
that are the same for every row, parameters among them, live in one column; ``Shared`` says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from autograd.formulas.row import Op


@dataclass(frozen=True)
class Band:
    """Neighbouring slots: ``size`` numbers for every row."""

    start: int
    size: int

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.start + self.size))


@dataclass(frozen=True)
class Shared:
    """Numbers that all rows share, by their positions in the column."""

    positions: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers they are."""
        return len(self.positions)

    def __iter__(self) -> Iterator[int]:
        return iter(self.positions)


Operand: TypeAlias = Band | Shared | float


@dataclass(frozen=True)
class Elementwise:
    """One operation on every member of its operands; an operand of size 1 serves them all."""

    op: Op
    args: tuple[Operand, ...]
    out: Band | Shared


@dataclass(frozen=True)
class Dot:
    """A matrix product: ``weights`` (outputs x inputs) times the operand, plus ``bias``.

    Weights and bias are positions in the column of shared numbers. ``augmented`` says that the
    slot after the operand holds 1 in every row, so that the bias is one more column of the weights.
    """

    weights: tuple[tuple[int, ...], ...]
    bias: tuple[int, ...] | None
    operand: Band
    out: Band
    augmented: bool


@dataclass(frozen=True)
class Total:
    """The sum over all members of all operands."""

    op: Op
    args: tuple[Operand, ...]
    out: Band | Shared


@dataclass(frozen=True)
class Normalised:
    """softmax, log_softmax or logsumexp over the members of the operand.

    ``places`` says which of the shares are wanted: the numbers of the places, or an operand that
    holds one for each row; for logsumexp, None.
    """

    op: Op
    operand: Band | Shared
    places: tuple[int, ...] | Band | Shared | None
    out: Band | Shared


Instruction: TypeAlias = Elementwise | Dot | Total | Normalised


@dataclass
class Program:
    """Instructions in order, and where everything lives.

    ``column`` lists what the leaves among the shared numbers are (Values first, ``parameters`` of
    them with a gradient, then constants); ``shared_size`` counts also those that ``shared``
    computes. ``inputs`` has the band of each argument of the function, ``ones`` the slots that hold
    1 in every row. ``results`` says where the returned numbers are.
    """

    parameters: int = 0
    column: list[Any] = field(default_factory=list)
    shared_size: int = 0
    shared: list[Instruction] = field(default_factory=list)
    slots: int = 0
    inputs: list[Band] = field(default_factory=list)
    ones: list[int] = field(default_factory=list)
    batch: list[Instruction] = field(default_factory=list)
    results: list[Band | Shared] = field(default_factory=list)
    guards: list[tuple[int, int]] = field(default_factory=list)  # positions in the column
    scalars: int = 0  # how many nodes the recording had


def same_program(program: Program, other: Program) -> bool:
    """Whether two programs compute the same, from the same numbers."""
    for ours, theirs in zip(program.column, other.column, strict=False):
        if ours is not theirs and repr(ours) != repr(theirs):
            return False
    return replace(program, column=[]) == replace(other, column=[])
