"""The compiled function for JAX: a pure function that JAX may differentiate, jit, map and shard.

``Compiled.to_jax()`` walks the program once more, with the functions of ``jax.numpy`` and without
memory of its own: every instruction makes new arrays. The value of an operation is read from its
row, and so are its partials: JAX gets them (``jax.custom_jvp``), so that ties, kinks and the
last digits are those of the engine. The softmax family is JAX's own.

By default JAX computes with floats of 32 bits. The function computes in the type of
the parameters that it gets: ``jax.config.update("jax_enable_x64", True)`` before the first array
gives the digits of the engine; without it there are seven, and no warning.

A pure function asks no questions. Where the function of one example has a branch on a parameter,
``to_jax()`` keeps the one that the parameters take as they are then, and a Value that is no
parameter counts as the constant that it is then. Where the engine would raise an error, there is a
NaN, as everywhere in JAX.

The same line on a GPU, on many, on several hosts
-------------------------------------------------

Where the arrays are is for JAX to decide: on a machine with a GPU they are there, and the lines
below stay as they are. To share the rows among all devices of all hosts, run the same program on
each host, with its own part of the rows::

    import random

    import jax
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    import autograd
    import nn

    jax.distributed.initialize()  # where there are several hosts
    jax.config.update("jax_enable_x64", True)

    model = nn.MLP(2, [16, 16, 1], rng=random.Random(0))  # the same numbers on every host
    step = autograd.compile(lambda x, y: nn.mse(model(x), y), model, example=([0.0, 0.0], 0.0))
    loss = step.to_jax()  # loss(parameters, X, y)

    mesh = Mesh(jax.devices(), ("rows",))
    by_row, everywhere = (NamedSharding(mesh, PartitionSpec(*axes)) for axes in (["rows"], []))
    X, y = (jax.make_array_from_process_local_data(by_row, part) for part in (own_X, own_y))
    parameters = jax.device_put(step.parameters.array, everywhere)

    @jax.jit
    def descend(parameters, X, y):
        value, gradient = jax.value_and_grad(loss)(parameters, X, y)
        return value, parameters - 0.05 * gradient

    for _ in range(100):
        value, parameters = jax.block_until_ready(descend(parameters, X, y))
    step.parameters.array[:] = parameters
    step.parameters.write_back()  # the Values of the model have learned

JAX sees that the mean is over rows that lie apart, and adds up over devices and hosts by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiled.lift.lift import lift
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
from autograd.compiled.record.record import Shape, record
from autograd.formulas.row import Op
from autograd.machinery.required import missing

if TYPE_CHECKING:
    from autograd.value import Value

try:
    import jax
    import jax.numpy as jnp
    from jax.custom_derivatives import SymbolicZero

    from autograd.compiled.run.reach import Reach, is_choice
except ModuleNotFoundError as error:
    raise missing(error, "to_jax()") from None

Array = Any


def pure_function(
    function: Callable[..., Any],
    shapes: Sequence[Shape],
    parameters: Sequence[Value],
    loss_place: Callable[[Any], int],
) -> Callable[..., Array]:
    """Return the mean loss over the rows of a batch as a pure function (parameters, *batch).

    ``shapes`` are those of one example, and ``loss_place`` finds the loss in what the function
    returns. The function is recorded anew: its branches are those for the parameters as they are.
    """
    recording = record(function, shapes, parameters)
    program = lift(recording, parameters)
    result = program.results[loss_place(recording.structure)]
    leaves = program.column[program.parameters :]
    constants = [leaf if isinstance(leaf, float) else leaf.data for leaf in leaves]
    instructions = (*program.shared, *program.batch)
    calls = [(instruction, call_of(instruction)) for instruction in instructions]
    chooses = any(is_choice(instruction) for instruction in instructions)

    def mean_loss(parameters: Array, *batch: Array) -> Array:
        numbers = jnp.asarray(parameters)
        if not jnp.issubdtype(numbers.dtype, jnp.floating):
            numbers = numbers.astype(float)
        arrays = [jnp.asarray(argument, numbers.dtype) for argument in batch]
        check_shapes(program, shapes, numbers, arrays)
        memory = Memory(program, numbers, constants, arrays)
        for instruction, call in calls:
            memory.write(instruction.out, call(memory, None))
        if chooses:
            # Once more, knowing now in which rows each number counts. XLA computes it once.
            reach = Reach(program, memory, result)
            memory = Memory(program, numbers, constants, arrays)
            for instruction, call in calls:
                memory.write(instruction.out, call(memory, reach.of(instruction.out)))
        return jnp.mean(memory.read(result))

    return mean_loss


def check_shapes(
    program: Program, shapes: Sequence[Shape], parameters: Array, arrays: Sequence[Array]
) -> None:
    """Raise the error for parameters or a batch of another shape than the recorded one."""
    if parameters.shape != (program.parameters,):
        raise ValueError(
            f"the parameters have the shape {parameters.shape}, not {(program.parameters,)}: pass "
            "one array of them all, in the order of step.parameters.array."
        )
    found = [array.shape[1:] if array.ndim else None for array in arrays]
    if found != list(shapes) or len({len(array) for array in arrays}) > 1:
        got = " and ".join(str(array.shape) for array in arrays) or "nothing"
        wanted = " and ".join(str(("rows", *shape)).replace("'", "") for shape in shapes)
        raise ValueError(
            f"the batch has the shape {got}, but {wanted} was recorded: for examples of another "
            "shape, call step.value() with such a batch, and then step.to_jax() again."
        )


class Memory:
    """The arrays that there are so far, and in which of them each slot and shared number lies.

    An array is (lanes, rows), or (lanes, 1) for what all rows share.
    """

    def __init__(
        self, program: Program, parameters: Array, constants: list[float], batch: list[Array]
    ) -> None:
        self.arrays: list[Array] = []
        self.rows = len(batch[0])
        self.slots: dict[int, tuple[int, int]] = {}  # slot -> which array, which lane of it
        self.column: dict[int, tuple[int, int]] = {}
        size, count = len(parameters), len(parameters) + len(constants)
        self.write(Shared(tuple(range(size))), parameters[:, None])
        column = jnp.asarray(constants, parameters.dtype)
        self.write(Shared(tuple(range(size, count))), column[:, None])
        for band, array in zip(program.inputs, batch, strict=True):
            self.write(band, array.reshape(len(array), -1).T)

    def place(self, operand: Band | Shared) -> dict[int, tuple[int, int]]:
        """Return where the numbers of this kind of operand are."""
        return self.slots if isinstance(operand, Band) else self.column

    def write(self, out: Band | Shared, array: Array) -> None:
        """Keep an array, as the numbers of ``out``."""
        place = self.place(out)
        for lane, position in enumerate(out):
            place[position] = len(self.arrays), lane
        rows = self.rows if isinstance(out, Band) else 1
        self.arrays.append(jnp.broadcast_to(array, (out.size, rows)))

    def read(self, operand: Operand) -> Any:
        """Return the numbers of an operand; a constant stays a float."""
        if isinstance(operand, float):
            return operand
        place = self.place(operand)
        return self.gathered([place[position] for position in operand])

    def column_at(self, positions: Iterable[int]) -> Array:
        """Return the shared numbers at some positions, as an array (lanes, 1)."""
        return self.read(Shared(tuple(positions)))

    def gathered(self, where: list[tuple[int, int]]) -> Array:
        """Return lanes of several arrays as one array: as they are, if they lie in order."""
        lanes_of: dict[int, list[int]] = {}
        for source, lane in where:
            lanes_of.setdefault(source, []).append(lane)
        pieces, first = [], {}
        count = 0
        for source, lanes in lanes_of.items():
            low, high = min(lanes), max(lanes) + 1
            pieces.append(self.arrays[source][low:high])
            first[source] = count - low
            count += high - low
        whole = pieces[0] if len(pieces) == 1 else jnp.concatenate(pieces)
        wanted = [first[source] + lane for source, lane in where]
        return whole if wanted == list(range(count)) else whole[np.array(wanted)]


# What an instruction computes ---------------------------------------------------------------------

# Computes it from what is in the memory; the second argument says for each lane and row of its
# result whether it counts there, and is None if all of them do.
Call = Callable[["Memory", Any], Array]


def call_of(instruction: Instruction) -> Call:
    """Return the function that computes an instruction from what is in the memory."""
    if isinstance(instruction, Elementwise):
        return on_members(instruction)
    calls: dict[type, Callable[..., Array]] = {
        Dot: dot,
        Total: sum_of_lanes,
        Normalised: normalised,
    }
    return functools.partial(calls[type(instruction)], instruction)


def counting(values: Array, counts: Any) -> Array:
    """Return what a row of results reads, but 0 in the rows in which none of them counts."""
    return values if counts is None else jnp.where(counts.any(axis=0), values, 0.0)


def dot(instruction: Dot, memory: Memory, counts: Any) -> Array:
    """Return the matrix product with the bias."""
    positions = np.array(instruction.weights)
    weights = memory.column_at(positions.ravel().tolist()).reshape(positions.shape)
    product = weights @ counting(memory.read(instruction.operand), counts)
    return product if instruction.bias is None else product + memory.column_at(instruction.bias)


def sum_of_lanes(instruction: Total, memory: Memory, counts: Any) -> Array:
    """Return the sum over all lanes of all operands."""
    sums = (jnp.sum(memory.read(arg), axis=0, keepdims=True) for arg in instruction.args)
    return sum(sums, 0.0)


def normalised(instruction: Normalised, memory: Memory, counts: Any) -> Array:
    """Return what the softmax family makes of the lanes, at the places that are wanted."""
    values = counting(memory.read(instruction.operand), counts)
    if instruction.op.name == "logsumexp":
        return jax.nn.logsumexp(values, axis=0, keepdims=True)
    found = getattr(jax.nn, instruction.op.name)(values, axis=0)
    if isinstance(instruction.places, tuple):
        return found[np.array(instruction.places)]
    assert instruction.places is not None
    places = memory.read(instruction.places).astype(int)
    outside = (places < 0) | (places >= len(found))
    rows = max(found.shape[1], places.shape[1])
    found, places = (jnp.broadcast_to(each, (len(each), rows)) for each in (found, places))
    chosen = jnp.take_along_axis(found, jnp.where(outside, 0, places), axis=0)
    return jnp.where(outside, jnp.nan, chosen)


def on_members(instruction: Elementwise) -> Call:
    """Return the function for an operation on every member of its operands."""
    op, args = instruction.op, instruction.args
    if op.name in CONDITIONS:  # they have no derivative
        condition = {"&": jnp.logical_and, "|": jnp.logical_or}.get(op.name, op.value)
        return lambda memory, counts: condition(*(memory.read(arg) for arg in args))
    function = differentiable(op, {k: arg for k, arg in enumerate(args) if isinstance(arg, float)})
    operands = [arg for arg in args if not isinstance(arg, float)]

    def call(memory: Memory, counts: Any) -> Array:
        arrays = [memory.read(arg) for arg in operands]
        if counts is not None and all(array.shape[1] == 1 for array in arrays):
            counts = counts.any(axis=1, keepdims=True)  # what all rows share is computed once
        return function(True if counts is None else counts, *arrays)

    return call


def differentiable(op: Op, constants: dict[int, float]) -> Callable[..., Array]:
    """Return an operation as a function of arrays, whose derivative JAX takes from its row.

    ``constants`` are those of its arguments that are numbers, by their places. The function is
    called with where its result counts, and then the arrays.
    """

    def completed(arrays: Sequence[Array]) -> tuple[Any, ...]:
        rest = iter(arrays)
        count = len(constants) + len(arrays)
        return tuple(constants[k] if k in constants else next(rest) for k in range(count))

    def computed(counts: Any, *arrays: Array) -> Array:
        args = completed(arrays)
        try:
            found = op.value(*args)
        except (TypeError, AttributeError):
            found = member_by_member(op.on_numbers, args)
        # A formula that chooses by a constant may not look at all of its arguments.
        return jnp.broadcast_to(jnp.asarray(found, jnp.result_type(*args)), shape_of(args))

    value = jax.custom_jvp(computed)

    def pushed(operands: Sequence[Array], tangents: Sequence[Any]) -> tuple[Array, Array]:
        (counts, *arrays), (_, *tangents) = operands, tangents
        y, args = value(*operands), completed(arrays)
        places = [k for k in range(len(args)) if k not in constants]
        partial = partials(op, y, args)
        result = jnp.zeros_like(y)
        for place, tangent in zip(places, tangents, strict=True):
            if not isinstance(
                tangent, SymbolicZero
            ):  # as in the engine: only a partial that is needed
                result = result + jnp.where(counts, partial(place), 0.0) * tangent
        return y, result

    value.defjvp(pushed, symbolic_zeros=True)
    differentiated: Callable[..., Array] = value
    return differentiated


def shape_of(operands: tuple[Any, ...]) -> Shape:
    """Return the shape that operands have together."""
    return jnp.broadcast_shapes(*(jnp.shape(operand) for operand in operands))


def partials(op: Op, y: Array, args: tuple[Any, ...]) -> Callable[[int], Any]:
    """Return the partials of an operation, by the places of the arguments."""

    @functools.cache
    def every() -> Any:
        assert callable(op.every)
        return op.every(y, *args)

    def partial(place: int) -> Any:
        try:
            return every()[place] if callable(op.every) else op.partial(place, y, args)
        except (TypeError, AttributeError):
            return member_by_member(lambda y, *args: op.partial(place, y, args), (y, *args))

    return partial


def member_by_member(function: Callable[..., float], operands: tuple[Any, ...]) -> Array:
    """Return what a function of numbers gives for every member: of a declared operation, say.

    The host computes it, wherever the arrays are: slow, and right.
    """
    dtype = jnp.result_type(*operands)

    def on_host(*arrays: Array) -> Array:
        found = np.frompyfunc(function, len(arrays), 1)(*map(np.asarray, arrays))
        return np.asarray(found, dtype)

    result = jax.eval_shape(lambda: jnp.zeros(shape_of(operands), dtype))
    return jax.pure_callback(on_host, result, *operands, vmap_method="broadcast_all")
