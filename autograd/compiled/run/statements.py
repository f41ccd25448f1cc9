"""From instructions to statements: the forward pass, and the chain rule over whole arrays.

The adjoint of a slot is the gradient of the mean loss by it, one number per row; what all rows
share adds up over the rows. As in ``backward.py`` an instruction passes on its adjoint times the
partials; for a matrix product that is again two matrix products.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from autograd.compiled.record.nodes import CONDITIONS
from autograd.compiled.run.tape import Array, Place, Statement, Tape, partials_of, value_of


def memory(operand: Band | Shared) -> Place:
    """Return where the numbers of an operand are."""
    if isinstance(operand, Band):
        return Place("slots", operand.start, operand.size, by_row=True)
    return Place("column", operand.positions, operand.size, by_row=False)


def forward(instructions: Iterable[Instruction]) -> list[Statement]:
    """Return the statements that compute what the instructions say."""
    tape = Tape()
    for instruction in instructions:
        tape.begin()
        out = memory(instruction.out)
        if isinstance(instruction, Dot):
            weights = Place("weights", instruction, 0, by_row=False)
            operand = memory(instruction.operand)
            tape.statements.append(Statement("dot", (weights, operand), out))
        elif isinstance(instruction, Normalised):
            places = instruction.places
            by_row = memory(places) if isinstance(places, Band | Shared) else None
            operands = (memory(instruction.operand), by_row, instruction)
            tape.statements.append(Statement(instruction.op.name, operands, out))
        elif isinstance(instruction, Total):
            tape.store(sum_of_members(tape, instruction.args), out)
        else:
            result = value_of(tape, instruction.op, arrays(tape, instruction.args))
            tape.drop_unused(result)
            tape.store(result, out)
        tape.drop_unused()
    return tape.statements


def arrays(tape: Tape, args: Iterable[Operand]) -> tuple[Any, ...]:
    """Return the operands as arrays; a constant stays a number."""
    return tuple(arg if isinstance(arg, float) else tape.array(memory(arg)) for arg in args)


def sum_of_members(tape: Tape, args: Iterable[Operand]) -> Any:
    """Return the sum over all members of the operands."""
    result: Any = None
    for operand in arrays(tape, args):
        several = isinstance(operand, Array) and operand.place.size > 1
        term = tape.emit("sum_lanes", operand) if several else operand
        result = term if result is None else result + term
    return result


class Backward:
    """Writes the statements of the reverse sweep over a program.

    ``inputs`` says whether to differentiate with respect to the inputs, too. A slot has an adjoint
    if it depends on what we differentiate with respect to. That adjoint lies where the one of its
    user lies, if it has one user only, of the same shape.
    """

    def __init__(self, program: Program, *, inputs: bool = False) -> None:
        self.program = program
        self.tape = Tape()
        self.active_shared = set(range(program.parameters))
        self.active_slots = {slot for band in program.inputs for slot in band if inputs}
        self.users: dict[int, int] = dict.fromkeys(range(program.slots), 0)
        for instruction in (*program.shared, *program.batch):
            self.look_at(instruction)
        for result in program.results:
            self.used(result)
        self.wholes = {instruction.out for instruction in program.batch}
        self.place_of = list(range(program.slots))  # where the adjoint of a slot lies
        self.written: set[int] = set()  # slots whose adjoint something has reached
        self.pulled: set[int] = set()  # and shared numbers
        self.choices: set[int] = set()  # slots that count in some rows only: below a ``where``

    def look_at(self, instruction: Instruction) -> None:
        """Note whom an instruction uses, and whether its results have an adjoint."""
        operands = operands_of(instruction)
        for operand in operands:
            self.used(operand)
        if isinstance(instruction, Elementwise) and instruction.op in CONDITIONS.values():
            return  # an answer has no derivative
        if any(self.is_active(operand) for operand in operands):
            if isinstance(instruction.out, Band):
                self.active_slots.update(instruction.out)
            else:
                self.active_shared.update(instruction.out)

    def used(self, operand: Operand) -> None:
        """Count one more user of every slot of an operand."""
        if isinstance(operand, Band):
            for slot in operand:
                self.users[slot] += 1

    def is_active(self, operand: Operand) -> bool:
        """Whether the operand depends on anything that we differentiate with respect to."""
        if isinstance(operand, Band):
            return not self.active_slots.isdisjoint(operand)
        return isinstance(operand, Shared) and not self.active_shared.isdisjoint(operand)

    def statements(self, root: Band | Shared) -> tuple[list[Statement], list[Statement]]:
        """Return the statements of the sweep: those for each row, and then those for the column.

        Before the first of them the adjoint of the root must hold the seed.
        """
        (self.written if isinstance(root, Band) else self.pulled).update(root)
        for instruction in reversed(self.program.batch):
            self.pass_on(instruction)
        for band in self.program.inputs:
            if self.is_active(band):
                self.clear(band)
        by_row, self.tape.statements = self.tape.statements, []
        for instruction in reversed(self.program.shared):
            self.pass_on(instruction)
        return by_row, self.tape.statements

    def pass_on(self, instruction: Instruction) -> None:
        """Write what an instruction passes on to its arguments, if an adjoint has reached it."""
        reached = self.written if isinstance(instruction.out, Band) else self.pulled
        if not self.is_active(instruction.out) or reached.isdisjoint(instruction.out):
            return
        tape = self.tape
        tape.begin()
        if isinstance(instruction.out, Band) and not self.written.issuperset(instruction.out):
            self.clear(instruction.out)
        self.note_choices(instruction)
        adjoint = tape.array(self.adjoint(instruction.out))
        if isinstance(instruction, Elementwise):
            self.pass_elementwise(instruction, adjoint)
        elif isinstance(instruction, Dot):
            self.pass_dot(instruction, adjoint)
        elif isinstance(instruction, Total):
            for operand in instruction.args:
                if self.is_active(operand):
                    self.give(operand, adjoint)
        elif self.is_active(instruction.operand):
            name = f"{instruction.op.name}_pull"
            size, by_row = instruction.operand.size, isinstance(instruction.operand, Band)
            found = Place("temporary", len(tape.written), size, by_row)
            tape.written[(name,)] = tape.array(found)
            tape.statements.append(Statement(name, (adjoint.place, instruction), found))
            contribution = tape.array(found)
            if self.is_choice(instruction):
                contribution = tape.emit("rows_reached", adjoint, contribution)
            self.give(instruction.operand, contribution)
        tape.drop_unused()

    def note_choices(self, instruction: Instruction) -> None:
        """Note what lies below a ``where``.

        In the rows that choose otherwise its adjoint is 0. The engine computes no partial there,
        and an array does: where that is infinite, 0 times infinity must not become NaN.
        """
        name = instruction.op.name if isinstance(instruction, Elementwise) else ""
        if name == "where" or self.is_choice(instruction):
            for operand in operands_of(instruction):
                if isinstance(operand, Band):
                    self.choices.update(operand)

    def is_choice(self, instruction: Instruction) -> bool:
        """Whether the result of an instruction counts in some rows only."""
        return isinstance(instruction.out, Band) and not self.choices.isdisjoint(instruction.out)

    def pass_elementwise(self, instruction: Elementwise, adjoint: Array) -> None:
        """Pass on the adjoint times each partial, the one that may overwrite it at last."""
        tape = self.tape
        args = arrays(tape, instruction.args)
        y = tape.array(memory(instruction.out))
        partials = partials_of(tape, instruction.op, y, args)
        wanted = [k for k, arg in enumerate(instruction.args) if self.is_active(arg)]
        wanted.sort(key=lambda k: self.may_overwrite(instruction.args[k], instruction.out))
        for k in wanted:
            operand = instruction.args[k]
            partial = partials[k]()
            if isinstance(partial, float) and partial == 0.0:
                continue
            contribution = adjoint * partial
            if isinstance(partial, Array) and self.is_choice(instruction):
                contribution = tape.emit("reached", adjoint, contribution)
            if k == wanted[-1] and self.may_overwrite(operand, instruction.out):
                assert isinstance(operand, Band)
                for slot, user in zip(operand, instruction.out, strict=True):
                    self.place_of[slot] = self.place_of[user]
            self.give(operand, contribution)

    def may_overwrite(self, operand: Operand, out: Band | Shared) -> bool:
        """Whether the adjoint of an operand may lie where that of the result lies."""
        return (
            isinstance(operand, Band)
            and isinstance(out, Band)
            and operand.size == out.size
            and operand in self.wholes
            and all(self.users[slot] == 1 for slot in operand)
            and self.written.isdisjoint(operand)
        )

    def pass_dot(self, instruction: Dot, adjoint: Array) -> None:
        """Pass on through a matrix product: to its operand, and to its weights and bias."""
        tape, operand = self.tape, instruction.operand
        weights = Place("weights", instruction, 0, by_row=False)
        if self.is_active(operand):
            target = self.adjoint(operand)
            fresh = self.written.isdisjoint(operand)
            if not fresh and not self.written.issuperset(operand):
                self.clear(operand)
            name = "dot_pull" if fresh else "dot_pull_add"
            tape.statements.append(Statement(name, (weights, adjoint.place), target))
            self.written.update(operand)
        positions = [position for row in instruction.weights for position in row]
        if not self.active_shared.isdisjoint([*positions, *(instruction.bias or ())]):
            target = Place("weights_pull", instruction, 0, by_row=False)
            fresh = self.pulled.isdisjoint(positions)
            self.pulled.update(positions, instruction.bias or ())
            name = "outer" if fresh else "outer_add"
            values = memory(Band(operand.start, operand.size + instruction.augmented))
            if self.is_choice(instruction):
                values = tape.emit("rows_reached", adjoint, tape.array(values)).place
            tape.statements.append(Statement(name, (adjoint.place, values), target))

    def give(self, operand: Operand, contribution: Any) -> None:
        """Add a contribution to the adjoint of an operand; the first one is simply written."""
        tape = self.tape
        if isinstance(operand, Shared):
            place = contribution.place
            if place.by_row:
                contribution = tape.emit("sum_rows", contribution)
            if operand.size == 1 and contribution.place.size > 1:
                contribution = tape.emit("sum_lanes", contribution)
            target = Place("pulls", operand.positions, operand.size, by_row=False)
            self.pulled.update(operand)
            tape.statements.append(Statement("scatter_add", (contribution.place,), target))
            return
        assert isinstance(operand, Band)
        if operand.size == 1 and contribution.place.size > 1:
            contribution = tape.emit("sum_lanes", contribution)
        fresh = self.written.isdisjoint(operand)
        if not fresh and not self.written.issuperset(operand):
            self.clear(operand)
        tape.store(contribution, self.adjoint(operand), add=not fresh)
        self.written.update(operand)

    def adjoint(self, operand: Band | Shared) -> Place:
        """Return where the adjoint of an operand lies."""
        if isinstance(operand, Shared):
            return Place("pulls", operand.positions, operand.size, by_row=False)
        start = self.place_of[operand.start]
        return Place("adjoints", start, operand.size, by_row=True)

    def clear(self, band: Band) -> None:
        """Write 0 into the adjoints of a band that nothing has reached yet."""
        for slot in band:
            if slot not in self.written:
                place = Place("adjoints", self.place_of[slot], 1, by_row=True)
                self.tape.statements.append(Statement("copy", (0.0,), place))
                self.written.add(slot)


def operands_of(instruction: Instruction) -> tuple[Operand, ...]:
    """Return what an instruction reads, weights and bias of a product as one operand."""
    if isinstance(instruction, Dot):
        weights = [position for row in instruction.weights for position in row]
        return (instruction.operand, Shared((*weights, *(instruction.bias or ()))))
    if isinstance(instruction, Normalised):
        places = instruction.places
        return (
            (instruction.operand, places)
            if isinstance(places, Band | Shared)
            else (instruction.operand,)
        )
    return instruction.args
