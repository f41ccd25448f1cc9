"""The program that was found, in the mathematics of a textbook.

A line for each array that deserves a name: the layers of a network, what is used more than once,
and the results. Rows are examples, as in ``x @ W1 + b1``, whatever way the numbers lie in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.compiled.lift.program import (
    Band,
    Dot,
    Elementwise,
    Instruction,
    Normalised,
    Operand,
    Program,
    Shared,
    Total,
)
from autograd.compiled.run.statements import operands_of
from autograd.words.formula_printer import (
    BINDING,
    Written,
    constant,
    given_name,
    named,
    written_operation,
)

LONGEST = 60  # characters of an expression that is written into another
MOST_LINES = 60


@dataclass(frozen=True)
class Line:
    """A named array: its name, its formula, and how many numbers it has for each row.

    ``instruction`` computes it; None for a result that is an input, or the same for every row.
    """

    name: str
    formula: str
    size: int
    instruction: Instruction | None


class Writer:
    """Writes a program down, line by line, after ``write`` has found out what deserves a line.

    ``arguments`` are the names of the function's, and ``loss`` says which of the results is the
    loss, whose mean is taken; None if there is none.
    """

    def __init__(self, program: Program, arguments: Sequence[str], loss: int | None) -> None:
        self.program, self.arguments, self.loss = program, arguments, loss
        self.lines: list[Line] = []
        self.names: dict[Band | Shared, str] = {}
        self.matrices: dict[str, tuple[int, int]] = {}
        self.counts: dict[str, int] = {}
        self.users: dict[Instruction, int] = {}
        self.slot_makers: dict[int, Instruction] = {}
        self.shared_makers: dict[int, Instruction] = {}
        self.numbers = numbered(program)

    def write(self) -> Writer:
        """Fill ``lines``, and return the writer."""
        self.count_uses()
        for instruction in self.program.batch:
            if self.deserves_name(instruction):
                self.name(instruction)
        for place, result in enumerate(self.program.results):
            if not any(maker.out in self.names for maker in self.makers_of(result)):
                self.name_result(place, result)
        return self

    def count_uses(self) -> None:
        """Note which instruction computes what, and how often each result is used."""
        instructions = [*self.program.shared, *self.program.batch]
        self.users = dict.fromkeys(instructions, 0)
        for instruction in instructions:
            for operand in operands_of(instruction):
                self.count_use(operand)
            shared = isinstance(instruction.out, Shared)
            makers = self.shared_makers if shared else self.slot_makers
            makers.update(dict.fromkeys(instruction.out, instruction))
        for result in self.program.results:
            self.count_use(result)

    def count_use(self, operand: Operand) -> None:
        """Note that what computed an operand is used once more."""
        for maker in self.makers_of(operand):
            # A part of an array counts twice, so that the whole gets a name.
            whole = maker.out == operand or (isinstance(operand, Shared))
            self.users[maker] += 1 if whole else 2

    def makers_of(self, operand: Operand) -> list[Instruction]:
        """Return the instructions that computed an operand."""
        if isinstance(operand, float):
            return []
        makers = self.shared_makers if isinstance(operand, Shared) else self.slot_makers
        return list(dict.fromkeys(makers[place] for place in operand if place in makers))

    def deserves_name(self, instruction: Instruction) -> bool:
        """Whether the result of an instruction gets a line of its own."""
        if self.users[instruction] != 1 or self.is_activation(instruction):
            return True
        if instruction.out in self.program.results:
            return True
        return len(self.formula(instruction).markup) > LONGEST

    def is_activation(self, instruction: Instruction) -> bool:
        """Whether an instruction finishes a layer: an elementwise function of a matrix product."""
        if not isinstance(instruction, Elementwise | Normalised):
            return False
        first = operands_of(instruction)[0]
        if not any(isinstance(maker, Dot) for maker in self.makers_of(first)):
            return False
        return isinstance(instruction, Normalised) or instruction.op.name not in BINDING

    def name(self, instruction: Instruction) -> None:
        """Give the result of an instruction a name and a line."""
        kind = "h" if self.is_activation(instruction) or isinstance(instruction, Dot) else "v"
        formula = self.formula(instruction).markup
        places = [k for k, each in enumerate(self.program.results) if each == instruction.out]
        if places and self.loss in places:
            name, formula = "loss", f"mean({formula})"
        elif places:
            several = len(self.program.results) > 1
            name = f"result{places[0] + 1}" if several else "result"
        else:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            name = f"{kind}{self.counts[kind]}"
        self.names[instruction.out] = name
        self.lines.append(Line(name, formula, instruction.out.size, instruction))

    def name_result(self, place: int, result: Band | Shared) -> None:
        """Give a line to a result that no instruction computes for every row."""
        formula = self.text(result).markup
        if place == self.loss:
            name = "loss"
            formula = f"mean({formula})" if isinstance(result, Band) else formula
        else:
            name = f"result{place + 1}" if len(self.program.results) > 1 else "result"
        self.lines.append(Line(name, formula, 1, None))

    def formula(self, instruction: Instruction) -> Written:
        """Return what an instruction computes."""
        if isinstance(instruction, Dot):
            return self.product(instruction)
        if isinstance(instruction, Normalised):
            return self.normalised(instruction)
        if isinstance(instruction, Total):
            terms = [
                written_operation("sum", [self.text(each)])
                if size_of(each) > 1
                else self.text(each)
                for each in instruction.args
            ]
            terms = added(terms)
            return written_operation("+", terms) if len(terms) > 1 else terms[0]
        return elementwise_text(instruction.op.name, [self.text(each) for each in instruction.args])

    def product(self, instruction: Dot) -> Written:
        """Return a matrix product, and note the shape of its matrix."""
        rows, columns = len(instruction.weights[0]), len(instruction.weights)
        if is_line(instruction):
            return self.line(instruction)
        weights, bias = self.names_of(instruction)
        self.matrices[weights] = (rows, columns)
        product = written_operation("@", [self.text(instruction.operand), Written(weights)])
        return product if bias is None else written_operation("+", [product, Written(bias)])

    def names_of(self, dot: Dot) -> tuple[str, str | None]:
        """Return what the matrix and the bias of a product are called: W1 and b1, or no bias."""
        bias = None if dot.bias is None else f"b{self.numbers[dot.bias]}"
        return f"W{self.numbers[dot.weights]}", bias

    def normalised(self, instruction: Normalised) -> Written:
        """Return a softmax or one of its family, with the places that are wanted."""
        values = self.text(instruction.operand).markup
        name, places = instruction.op.name, instruction.places
        if isinstance(places, Band | Shared):
            return Written(f"{name}({values})[{self.text(places).markup}]")
        if places is None or places == tuple(range(instruction.operand.size)):
            return Written(f"{name}({values})")
        return Written(f"{name}({values})[{', '.join(map(str, places))}]")

    def line(self, instruction: Dot) -> Written:
        """Return a product of one number by one weight."""
        (weight,) = instruction.weights[0]
        product = written_operation("*", [self.one_shared(weight), self.text(instruction.operand)])
        if instruction.bias is None:
            return product
        return written_operation("+", [product, self.one_shared(instruction.bias[0])])

    def text(self, operand: Operand) -> Written:
        """Return what an operand is called, or how it is computed."""
        if isinstance(operand, float):
            return constant(operand)
        if operand in self.names:
            return Written(self.names[operand])
        if isinstance(operand, Shared):
            return self.shared_text(operand)
        owners: list[tuple[Any, Any]] = [
            *zip(self.program.inputs, self.arguments, strict=True),
            *((maker.out, maker) for maker in self.makers_of(operand)),
        ]
        owner, name = next(each for each in owners if overlap(each[0], operand))
        if not set(operand) <= set(owner):  # it reaches over neighbours with other names
            return Written(name_list([self.text(Band(slot, 1)).markup for slot in operand]))
        if isinstance(name, str):
            return Written(part(name, owner, operand))
        if owner == operand:
            return self.formula(name)
        return Written(part(self.names.get(owner, "v"), owner, operand))

    def shared_text(self, operand: Shared) -> Written:
        """Return what shared numbers are called, or how they are computed."""
        if operand.size == 1:
            return self.one_shared(operand.positions[0])
        makers = self.makers_of(operand)
        if len(makers) == 1 and makers[0].out == operand:
            return self.formula(makers[0])
        if makers:
            return Written(name_list([self.one_shared(position).markup for position in operand]))
        leaves = [self.program.column[position] for position in operand]
        if all(isinstance(leaf, float) for leaf in leaves):
            return Written(name_list([f"{leaf:g}" for leaf in leaves]))
        labels = [getattr(leaf, "label", "").rpartition(".")[2] for leaf in leaves]
        if all(label.startswith("w") and label[1:].isdigit() for label in labels):
            return Written("weights")
        return Written(
            "parameters" if len(leaves) == self.program.parameters else name_list(labels)
        )

    def one_shared(self, position: int) -> Written:
        """Return what one shared number is called, or how it is computed."""
        if position < len(self.program.column):
            leaf = self.program.column[position]
            if isinstance(leaf, float):
                return self.text(leaf)
            return named(given_name(leaf, {}) or f"p[{position}]")
        maker = self.shared_makers[position]
        if not isinstance(maker, Elementwise):
            return self.formula(maker)
        lane = maker.out.positions.index(position)  # type: ignore[union-attr]  # all is shared here
        args = [
            self.one_shared(arg.positions[min(lane, arg.size - 1)])
            if isinstance(arg, Shared)
            else self.text(arg)
            for arg in maker.args
        ]
        return elementwise_text(maker.op.name, args)


def numbered(program: Program) -> dict[tuple[Any, ...], int]:
    """Return the number of each matrix and of each bias: the same wherever it is used again.

    A bias has the number of the matrix that it was first met with, unless another bias has it.
    """
    numbers: dict[tuple[Any, ...], int] = {}
    matrices = 0
    taken: set[int] = set()
    for dot in program.batch:
        if not isinstance(dot, Dot) or is_line(dot):
            continue
        if dot.weights not in numbers:
            matrices += 1
            numbers[dot.weights] = matrices
        if dot.bias is not None and dot.bias not in numbers:
            number = numbers[dot.weights]
            numbers[dot.bias] = number if number not in taken else max(taken) + 1
            taken.add(numbers[dot.bias])
    return numbers


def is_line(dot: Dot) -> bool:
    """Whether a product is one number by one weight, which nobody would call a matrix."""
    return len(dot.weights) == len(dot.weights[0]) == 1


def name_list(names: Sequence[str]) -> str:
    """Return names as a list, a long one shortened."""
    shown = names if len(names) <= 4 else [*names[:3], f"... {len(names) - 3} more"]
    return f"[{', '.join(shown)}]"


def added(terms: Sequence[Written]) -> list[Written]:
    """Return the terms of a sum without the 0 that Python's sum starts with: nobody wrote it."""
    nothing = constant(0.0), constant(-0.0)
    return [term for term in terms if term not in nothing] or [*terms[:1]]


def elementwise_text(name: str, parts: list[Written]) -> Written:
    """Return an elementwise operation; many terms are a sum as it is written by hand."""
    if name in ("+", "sum"):
        parts = added(parts)
        if len(parts) == 1:
            return parts[0]
    return written_operation("+" if name == "sum" else name, parts)


def overlap(whole: Band, inner: Band) -> bool:
    """Whether two bands have a slot in common."""
    return whole.start < inner.start + inner.size and inner.start < whole.start + whole.size


def part(name: str, whole: Band, inner: Band) -> str:
    """Return the name of an array, or of a part of it."""
    if whole == inner:
        return name
    start = inner.start - whole.start
    return f"{name}[{start}]" if inner.size == 1 else f"{name}[{start}:{start + inner.size}]"


def size_of(operand: Operand) -> int:
    """Return how many numbers an operand has for each row."""
    return 1 if isinstance(operand, float) else operand.size


def multiply_adds(instructions: Iterable[Instruction]) -> int:
    """Return how many multiplications with an addition the matrix products make for one row."""
    return sum(
        len(each.weights) * len(each.weights[0]) for each in instructions if isinstance(each, Dot)
    )


def program_text(writer: Writer) -> str:
    """Return the whole program as a text, with shapes and counts."""
    program = writer.program
    arguments = ", ".join(
        f"{name} (rows x {band.size})" if band.size > 1 else f"{name} (rows)"
        for name, band in zip(writer.arguments, program.inputs, strict=True)
    )
    widest = max((len(line.name) for line in writer.lines), default=0)
    formulas = [f"{line.name:<{widest}} = {line.formula}" for line in writer.lines]
    longest = max(map(len, formulas), default=0)
    body = without_middle(
        [
            f"  {formula:<{longest}}    {shape_text(line)}".rstrip()
            for formula, line in zip(formulas, writer.lines, strict=True)
        ]
    )
    matrices = ", ".join(
        f"{name} {rows} x {columns}" for name, (rows, columns) in writer.matrices.items()
    )
    arrays = len(program.shared) + len(program.batch)
    end = [f"{program.parameters:,} parameters" + (f": {matrices}" if matrices else "")]
    end.append(
        f"{program.scalars:,} scalars became {arrays:,} array operations; "
        f"{multiply_adds(program.batch):,} multiply-adds a row"
    )
    return "\n".join([f"inputs: {arguments}", *body, *end])


def without_middle(lines: list[str]) -> list[str]:
    """Return the lines, without the middle ones of very many."""
    if len(lines) <= MOST_LINES:
        return lines
    left_out = len(lines) - MOST_LINES
    half = MOST_LINES // 2
    return [*lines[:half], f"  ... {left_out:,} more lines ...", *lines[-half:]]


def shape_text(line: Line) -> str:
    """Return the shape of what a line computes."""
    if line.name == "loss":
        return ""
    return f"rows x {line.size}" if line.size > 1 else "rows"
