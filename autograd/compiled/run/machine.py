"""Running a program on NumPy: memory that is laid out once, and a list of calls that fill it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiled.lift.program import Band, Dot, Program, Shared
from autograd.compiled.record.nodes import CONDITIONS, Recording
from autograd.compiled.run import kernels
from autograd.compiled.run.kernels import Step
from autograd.compiled.run.statements import Backward, forward
from autograd.compiled.run.tape import Place, Statement
from autograd.value import Value

Array = Any
BLOCK = 2**19  # numbers in the slots and adjoints at once: 4 MiB
SAME = 1e-14  # how far apart two numbers may be that count as one, relatively
BUSY = 2048  # numbers that a call should work on, if there are so many


class Machine:
    """A program with its statements, and the column of shared numbers with its gradient.

    ``root`` is the result whose gradient is wanted, or None to compute results only; ``inputs``
    says whether to differentiate with respect to the inputs, too.
    """

    def __init__(
        self,
        program: Program,
        recording: Recording,
        root: Band | Shared | None,
        *,
        inputs: bool = False,
    ) -> None:
        self.program, self.root, self.inputs = program, root, inputs
        self.guards, self.structure = recording.guards, recording.structure
        self.column = np.zeros((program.shared_size, 1))
        self.pulls = np.zeros((program.shared_size, 1))
        # Values that are no parameters: their numbers are read at every call.
        self.followed: list[tuple[int, Value]] = []
        for position, leaf in enumerate(program.column):
            if isinstance(leaf, float):
                self.column[position] = leaf
            elif position >= program.parameters:
                self.followed.append((position, leaf))
        # Where the results lie, if all of them differ from row to row.
        bands = [result.start for result in program.results if isinstance(result, Band)]
        all_differ = len(bands) == len(program.results)
        self.result_slots: Array | None = np.array(bands, int) if all_differ else None
        self.forward = forward(program.batch)
        self.backward: list[Statement] = []
        back: list[Statement] = []
        if root is not None:
            sweep = Backward(program, inputs=inputs)
            self.backward, back = sweep.statements(root)
            self.adjoint_of = sweep.adjoint
        self.layouts: dict[int, Layout] = {}
        shared = Layout(self, 0)
        self.shared_steps = shared.steps(forward(program.shared))
        self.shared_back = shared.steps(back)
        # As many rows at once as fit into a cache, but enough for the calls to be worth it.
        numbers = program.slots * (1 if root is None else 2)
        calls = len(program.batch)
        self.most = max(64, BLOCK // (numbers + 1), BUSY * calls // (program.slots + 1))

    def block_size(self, rows: int) -> int:
        """Return how many rows are computed at once."""
        return min(rows, self.most)

    def load(self, parameters: Array) -> bool:
        """Compute the numbers that all rows share, and say whether the recording still holds.

        It does not if one of its guards gets another answer with the parameters as they are now.
        """
        column = self.column
        column[: self.program.parameters, 0] = parameters
        for position, leaf in self.followed:
            column[position] = leaf._data
        if self.shared_steps:
            with np.errstate(all="ignore"):
                for function, args in self.shared_steps:
                    function(*args)
        for guard, (left, right) in zip(self.guards, self.program.guards, strict=True):
            number = column[left, 0]
            if guard.symbol == "data":
                # What NumPy computes may differ from the engine's number in the last digit.
                if not np.isclose(number, guard.answer, rtol=SAME, atol=0.0, equal_nan=True):
                    return False
            elif CONDITIONS[guard.symbol].value(number, column[right, 0]) != guard.answer:
                return False
        return True

    def seed_shared(self) -> None:
        """Write the gradient of the root by itself, if all rows share it."""
        if isinstance(self.root, Shared):
            self.pulls[self.root.positions[0]] = 1.0

    def layout(self, rows: int) -> Layout:
        """Return the memory and the steps for a number of rows; a few numbers are kept."""
        found = self.layouts.get(rows)
        if found is None:
            while len(self.layouts) > 3:
                del self.layouts[next(iter(self.layouts))]
            found = self.layouts[rows] = Layout(self, rows)
        return found


class Layout:
    """The memory for a number of rows, and the steps that work in it."""

    def __init__(self, machine: Machine, rows: int) -> None:
        self.machine, self.rows = machine, rows
        program = machine.program
        self.slots = np.zeros((program.slots, rows))
        self.slots[program.ones] = 1.0
        self.adjoints: Array = np.zeros((program.slots if machine.root is not None else 0, rows))
        self.pool: dict[tuple[Any, ...], Array] = {}
        self.weights: dict[int, Array] = {}
        self.kept: dict[int, tuple[Array, Any]] = {}  # what a softmax leaves to its pullback
        if rows:
            self.inputs = [
                self.slots[band.start : band.start + band.size] for band in program.inputs
            ]
            self.forward = self.steps(machine.forward)
            self.backward = self.steps(machine.backward)

    def input_gradient(self, argument: int, block: Array) -> Array:
        """Return the gradient by an argument of the function, in the shape of its block."""
        place = self.machine.adjoint_of(self.machine.program.inputs[argument])
        return self.adjoints[place.part : place.part + place.size].T.reshape(block.shape).copy()

    def steps(self, statements: Sequence[Statement]) -> list[Step]:
        """Return the calls that the statements come to."""
        steps: list[Step] = []
        for statement in statements:
            self.bind(statement, steps)
        return steps

    def bind(self, statement: Statement, steps: list[Step]) -> None:
        """Add the calls of one statement."""
        name, out = statement.name, statement.out
        if name in ("dot", "dot_pull", "dot_pull_add", "outer", "outer_add"):
            self.bind_product(statement, steps)
            return
        if name == "scatter_add":
            (source,) = statement.args
            self.bind_scatter(self.at(source, steps), out.part, steps)
            return
        target = self.at(out, steps)
        if name in kernels.NORMALISED:
            self.bind_normalised(statement, target, steps)
        elif name == "gate":
            adjoint, x = (self.at(arg, steps) for arg in statement.args)
            if statement.args[0] == out:
                adjoint = target
            mask = self.memory("mask", target.shape, bool)
            zeros = self.memory("zeros", target.shape)
            steps.append((kernels.gate, (adjoint, x, zeros, mask, target)))
        elif name == "each":
            function, *args = statement.args
            steps.append((kernels.each, (function, *(self.at(arg, steps) for arg in args), target)))
        else:
            args = [self.at(arg, steps) for arg in statement.args]
            if name == "maximum" and out.size * self.rows < 100_000:  # a full array is quicker
                args = [np.full(target.shape, arg) if arg.ndim == 0 else arg for arg in args]
            written = getattr(kernels, name, None)
            steps.append(
                (written, (*args, target))
                if written is not None
                else kernels.ufunc_step(name, tuple(args), target)
            )
        if out.memory in ("column", "pulls") and target.base is not self.owner(out):
            raise AssertionError(f"{name} writes into a copy")  # results lie side by side

    def owner(self, place: Place) -> Array:
        """Return the memory that a place is a part of."""
        return self.machine.column if place.memory == "column" else self.machine.pulls

    def at(self, place: Any, steps: list[Step]) -> Array:
        """Return the array at a place; numbers that lie apart are first brought together."""
        if not isinstance(place, Place):
            return np.array(place)
        rows = self.rows if place.by_row else 1
        if place.memory == "temporary":
            dtype = bool if place.condition else float
            return self.memory(place.part, (place.size, rows), dtype)
        if place.memory in ("column", "pulls"):
            owner, part = self.owner(place), place.part
            if list(part) == list(range(part[0], part[0] + len(part))):
                return owner[part[0] : part[0] + len(part)]
            positions = np.array(part)
            together = np.empty((len(part), 1))
            steps.append((np.take, (owner, positions, 0, together, "clip")))
            return together
        memory = self.slots if place.memory == "slots" else self.adjoints
        return memory[place.part : place.part + place.size]

    def memory(self, name: Any, shape: tuple[int, int], dtype: Any = float) -> Array:
        """Return working memory; the same for the same name and shape."""
        key = (name, shape, dtype)
        if key not in self.pool:
            self.pool[key] = np.zeros(shape, dtype)
        return self.pool[key]

    def bind_normalised(self, statement: Statement, target: Array, steps: list[Step]) -> None:
        """Add the call of a member of the softmax family, or of its pullback."""
        instruction = statement.args[-1]
        operand = self.at(statement.args[0], steps)
        kernel = kernels.NORMALISED[statement.name]
        if statement.name.endswith("_pull"):
            shares, places = self.kept[id(instruction)]
        else:
            shares = np.empty_like(operand)
            places = instruction.places
            if isinstance(places, tuple):
                places = kernels.SamePlaces(places, len(operand))
            elif places is not None:
                numbers = self.at(statement.args[1], steps)
                places = kernels.PlaceOfRow(numbers, operand.shape[1])
            self.kept[id(instruction)] = shares, places
        steps.append((kernel, (operand, shares, places, target)))

    def bind_scatter(self, source: Array, positions: tuple[int, ...], steps: list[Step]) -> None:
        """Add the calls that add a column of numbers to the gradient of shared ones."""
        pulls = self.machine.pulls
        if list(positions) == list(range(positions[0], positions[0] + len(positions))):
            target = pulls[positions[0] : positions[0] + len(positions)]
            steps.append((np.add, (target, source, target)))
        else:
            steps.append((kernels.scatter_add, (source, pulls, np.array(positions))))

    def bind_product(self, statement: Statement, steps: list[Step]) -> None:
        """Add the calls of a matrix product, or of one of its two pullbacks."""
        places = [*statement.args, statement.out]
        dot: Dot = next(
            place.part for place in places if place.memory in ("weights", "weights_pull")
        )
        operand = dot.operand
        size = operand.size + dot.augmented
        if statement.name in ("outer", "outer_add"):
            adjoint, values = (self.at(arg, steps) for arg in statement.args)
            self.bind_outer(statement, dot, adjoint, values, steps)
            return
        weights = self.weights_of(dot, steps)
        target = self.at(statement.out, steps)
        if statement.name == "dot":
            values = self.slots[operand.start : operand.start + size]
            if dot.bias is None or dot.augmented:
                steps.append((np.dot, (weights, values, target)))
            else:
                bias = self.at(Place("column", dot.bias, len(dot.bias), by_row=False), steps)
                steps.append((kernels.add_bias, (weights, values, bias, target)))
            return
        transposed = weights[:, : operand.size].T
        adjoint = self.at(statement.args[1], steps)
        if statement.name == "dot_pull":
            steps.append((np.dot, (transposed, adjoint, target)))
        else:
            buffer = self.memory("product", target.shape)
            steps.append((kernels.add_product, (transposed, adjoint, target, buffer)))

    def matrix_positions(self, dot: Dot) -> Array:
        """Return the positions of the weights as an array, the bias as its last column."""
        positions = np.array(dot.weights)
        if dot.augmented:
            positions = np.column_stack([positions, np.array(dot.bias)])
        return positions

    def weights_of(self, dot: Dot, steps: list[Step]) -> Array:
        """Return the matrix of weights: a view of the column if they lie there in order."""
        if id(dot) not in self.weights:
            positions = self.matrix_positions(dot)
            matrix = in_order(self.machine.column, positions)
            if matrix is None:
                matrix = np.empty(positions.shape)
                column = self.machine.column[:, 0]
                steps.append((np.take, (column, positions, None, matrix, "clip")))
            self.weights[id(dot)] = matrix
        return self.weights[id(dot)]

    def bind_outer(
        self, statement: Statement, dot: Dot, adjoint: Array, values: Array, steps: list[Step]
    ) -> None:
        """Add the calls for the gradient of weights and bias."""
        positions = self.matrix_positions(dot)
        view = in_order(self.machine.pulls, positions)
        if view is not None and statement.name == "outer":
            steps.append((np.dot, (adjoint, values.T, view)))
        else:
            product = self.memory(("outer", id(dot)), positions.shape)
            steps.append((np.dot, (adjoint, values.T, product)))
            self.bind_scatter(product.reshape(-1, 1), tuple(positions.ravel().tolist()), steps)
        if dot.bias is not None and not dot.augmented:
            sums = self.memory(("bias", id(dot)), (len(adjoint), 1))
            steps.append((kernels.sum_rows, (adjoint, sums)))
            self.bind_scatter(sums, dot.bias, steps)


def in_order(column: Array, positions: Array) -> Array | None:
    """Return the part of the column at the positions as a matrix without copying, if it can be."""
    first, count = int(positions.flat[0]), positions.size
    if not np.array_equal(positions.ravel(), np.arange(first, first + count)):
        return None
    return column[first : first + count, 0].reshape(positions.shape)
