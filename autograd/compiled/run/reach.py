"""For ``to_jax``: in which rows each number counts, as no ``where`` has chosen another one."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from autograd.compiled.lift.program import (
    Band,
    Elementwise,
    Instruction,
    Operand,
    Program,
    Shared,
)
from autograd.compiled.run.statements import operands_of

Array = Any


def is_choice(instruction: Instruction) -> bool:
    """Whether an instruction chooses between two operands."""
    return isinstance(instruction, Elementwise) and instruction.op.name == "where"


class Reach:
    """For each number and row, whether the result depends on it there: through no branch not taken.

    A branch that is not taken gets the adjoint 0, but JAX multiplies it by the partials all the
    same, and 0 times an infinite partial is NaN. Where a number does not count, its partials are
    taken to be 0, and what a matrix product reads, too.
    """

    def __init__(self, program: Program, memory: Any, result: Band | Shared) -> None:
        self.memory = memory
        self.slots = jnp.zeros((program.slots, memory.rows), bool)
        self.column = jnp.zeros((program.shared_size, 1), bool)
        self.mark(result, jnp.ones((1, 1), bool))
        for instruction in reversed((*program.shared, *program.batch)):
            out = self.of(instruction.out)
            if is_choice(instruction):
                assert isinstance(instruction, Elementwise)
                condition, yes, no = instruction.args
                holds = jnp.asarray(memory.read(condition)) != 0
                self.mark(yes, out & holds)
                self.mark(no, out & ~holds)
            else:
                together = not isinstance(instruction, Elementwise)
                mask = out.any(axis=0, keepdims=True) if together else out
                for operand in operands_of(instruction):
                    self.mark(operand, mask)

    def of(self, operand: Band | Shared) -> Array:
        """Return for each lane and row whether it counts."""
        if isinstance(operand, Band):
            return self.slots[operand.start : operand.start + operand.size]
        return self.column[np.array(operand.positions)]

    def mark(self, operand: Operand, mask: Array) -> None:
        """Note that an operand counts where the mask is true."""
        if isinstance(operand, float):
            return
        if operand.size == 1:
            mask = mask.any(axis=0, keepdims=True)
        if isinstance(operand, Band):
            part = slice(operand.start, operand.start + operand.size)
            self.slots = self.slots.at[part].set(self.slots[part] | mask)
        else:
            mask = jnp.broadcast_to(mask.any(axis=1, keepdims=True), (operand.size, 1))
            self.column = self.column.at[np.array(operand.positions)].max(mask)
