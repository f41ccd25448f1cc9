"""compile: a function of one example, run for a whole batch at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiled.lift.lift import lift
from autograd.compiled.lift.program import Program, same_program
from autograd.compiled.record.nodes import Recording, RecordingError
from autograd.compiled.record.outside import Outside
from autograd.compiled.record.record import Shape, argument_name, like, record, recording_now
from autograd.compiled.run.watch import Watch
from autograd.compiled.show.program_text import Writer, program_text
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.one_at_a_time import OneAtATime
from autograd.value import Value
from autograd.words.errors import not_a_number

Shapes = tuple[Shape, ...]  # of one example: an entry for each argument of the function


def compile(  # noqa: A001  the name that the design gives it; builtin compile is another thing
    function: Callable[..., Any], parameters: Any = (), *, example: Sequence[Any] | None = None
) -> Compiled:
    """Return the function as one that takes whole batches, at the speed of arrays.

    ``function`` takes one example, such as ``x, y``, computes with Values, and returns the loss: a
    number, or a list of numbers, or a tuple of the loss and more. ``parameters`` are the Values to
    differentiate with respect to, or a model that has ``parameters()``. The first batch shows the
    shape of an example, or ``example`` does: one example, as the function takes it.

    The function is called to record what it does. So it must do the same for every example: a
    question that only a number could answer (``if x > 0``, ``x == 1``, ``table[x]``) raises
    RecordingError, which says what to write instead. An ``if`` on a parameter is noticed, and
    recorded anew when it would go the other way.

    Some questions cannot be seen (``isinstance(x, float)``), nor can a plain number from outside
    that changes later. Therefore the function itself computes some rows of the first batches, some
    after a change in what it can reach, and a row now and then, for about 1 % of the time; if a
    result differs, RecordingError says so.

    It computes in memory of its own, and so for one thread at a time: others wait. For threads that
    compute at the same time, compile the function once in each.

    Raises ModuleNotFoundError where NumPy is not installed.

    >>> w, b = Value(2.0, label="w"), Value(0.0, label="b")
    >>> step = compile(lambda x, y: (w * x + b - y) ** 2, [w, b])
    >>> value, gradient = step.value_and_grad([1.0, 2.0, 3.0], [3.0, 5.0, 7.0])
    >>> value, gradient.tolist()  # the means over the three rows
    (1.0, [-4.0, -2.0])
    """
    try:
        import numpy  # noqa: F401  imported here, where the message can say what it is for
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "autograd.compile runs on NumPy: pip install numpy. Without it, call the function for "
            "one example after the other."
        ) from None
    if callable(getattr(parameters, "parameters", None)):
        parameters = parameters.parameters()
    compiled = Compiled(function, parameters)
    if example is not None:
        arrays = compiled.road.checked([[entry] for entry in example])
        compiled.program(tuple(array.shape[1:] for array in arrays))
    return compiled


class Compiled:
    """A function of one example, compiled for batches: see ``compile``."""

    def __init__(self, function: Callable[..., Any], parameters: Iterable[Value]) -> None:
        from autograd.compiled.run import batch
        from autograd.compiled.run.parameter_array import ParameterArray

        self.road = batch  # a module that needs NumPy, which may be missing
        if not callable(function):
            raise TypeError(
                f"compile() takes a function of one example, not {type(function).__name__}: write "
                "compile(lambda x, y: loss, parameters)."
            )
        self.function = function
        values = list(parameters)
        for value in values:
            if not isinstance(value, Value):
                raise not_a_number(value)
            if value.op is not None:
                raise ValueError("a parameter is a leaf, and not the result of an operation.")
        if len(set(values)) < len(values):
            raise ValueError(
                "a parameter is listed twice: its gradient would be halved or doubled."
            )
        self.parameters = ParameterArray(values)
        self.recorded: dict[Shapes, tuple[Recording, Program]] = {}
        self.machines: dict[Any, Any] = {}
        self.last: Shapes | None = None
        self.watches: dict[Shapes, Watch] = {}
        self.side_effects: list[str] = []  # what recording has changed outside, in words
        self.before: Outside | None = None  # and how it was before
        self.one_at_a_time = OneAtATime()

    # What a batch gives ----------------------------------------------------------------------

    def value(self, *batch: Any, parameters: Any = None) -> Any:
        """Return the mean of the function over the rows of the batch.

        Each argument is an array or a list with an entry for each row. Where the function returns a
        tuple of the loss and more, so does this: the mean loss, and the rest as ``predict`` does.

        ``parameters`` are other numbers for the parameters, in their order, to compute with instead
        of their own.

        >>> w = Value(2.0)
        >>> step = compile(lambda x: (w * x, [x, -x]), [w])
        >>> loss, pairs = step.value([1.0, 3.0])
        >>> loss, pairs.tolist()
        (4.0, [[1.0, -1.0], [3.0, -3.0]])
        """
        machine, computed = self.run(batch, parameters, loss=True)
        return self.mean(machine, computed.results)

    def value_and_grad(
        self, *batch: Any, inputs: bool | str = False, parameters: Any = None
    ) -> Any:
        """Return the mean loss over the rows, and its gradient with respect to the parameters.

        The gradient is an array, in the order of the parameters. With ``inputs`` there is a third
        result: for each argument an array of its shape, the gradient with respect to every entry of
        the batch. It is that of the mean loss with ``inputs="mean"`` (or True), and that of each
        row's own loss with ``inputs="each"``: a force, a sensitivity. ``parameters`` are those of
        ``value``.

        >>> w = Value(2.0)
        >>> step = compile(lambda x: w * x[0] * x[1], [w])
        >>> value, gradient, (by_x,) = step.value_and_grad([[1.0, 3.0], [2.0, 5.0]], inputs=True)
        >>> value, gradient.tolist(), by_x.tolist()
        (13.0, [6.5], [[3.0, 1.0], [5.0, 2.0]])
        >>> step.value_and_grad([[1.0, 3.0], [2.0, 5.0]], inputs="each")[2][0].tolist()
        [[6.0, 2.0], [10.0, 4.0]]
        """
        if inputs not in (False, True, "mean", "each"):
            raise ValueError(
                f'inputs is "mean" (or True) or "each", not {inputs!r}: the gradient of the mean '
                "loss, or of each row's own loss, with respect to the inputs."
            )
        machine, computed = self.run(batch, parameters, gradient=True, inputs=bool(inputs))
        value = self.mean(machine, computed.results)
        if not inputs:
            return value, computed.gradient
        by_input = computed.by_input
        if inputs == "each":
            by_input = [array * len(array) for array in by_input]
        return value, computed.gradient, by_input

    def backward(self, *batch: Any) -> Any:
        """Add the gradient to the ``grad`` of every parameter, and return what ``value`` does.

        >>> w = Value(2.0)
        >>> compile(lambda x: w * w * x, [w]).backward([1.0, 3.0])
        8.0
        >>> w.grad
        8.0
        """
        value, gradient = self.value_and_grad(*batch)
        parameters = self.parameters.values
        sums = [p.grad + g for p, g in zip(parameters, gradient.tolist(), strict=True)]
        write_all(parameters, "grad", sums)
        return value

    def predict(self, *batch: Any, parameters: Any = None) -> Any:
        """Return what the function returns for every row: of one number an array (rows,).

        A list of numbers becomes one array (rows, numbers); other structures stay as they are.

        >>> compile(lambda x: {"twice": 2 * x}).predict([1.0, 3.0])["twice"].tolist()
        [2.0, 6.0]
        """
        machine, computed = self.run(batch, parameters)
        return self.road.nested(machine.structure, computed.results)

    # What was found --------------------------------------------------------------------------

    def __str__(self) -> str:
        """Return the array program in the mathematics of a textbook."""
        if self.last is None:
            return f"<compiled {function_name(self.function)}: nothing has been recorded yet>"
        return program_text(self.writer())

    __repr__ = __str__

    def draw(self) -> Any:
        """Return the picture of the lifted graph: a ``graphviz.Digraph`` that shows itself.

        >>> "loss = mean(x * x)" in compile(lambda x: x * x, example=[1.0]).draw().source
        True
        """
        from autograd.compiled.show.program_picture import draw_program

        return draw_program(self.writer())

    def explain(self) -> Any:
        """Return a table of which scalars of one example became which array.

        >>> w = Value(2.0, label="w")
        >>> compile(lambda x: x[0] * w + x[1] * w, [w], example=([1.0, 2.0],)).explain()
        x (rows x 2)  <-  x[0] to x[1] of every example
        W1 (2 x 1)    <-  [0, 0] is w, [1, 0] is w
        x @ W1        <-  1 x sum of 2 products: a matrix product
        """
        from autograd.compiled.show.program_picture import explain_program

        return explain_program(self.writer())

    def writer(self) -> Writer:
        """Return what writes the program down."""
        program = self.program()
        assert self.last is not None
        structure = self.recorded[self.last][0].structure
        names = [argument_name(self.function, place) for place in range(len(self.last))]
        try:
            loss: int | None = loss_place(structure)
        except ValueError:
            loss = None
        return Writer(program, names, loss).write()

    def to_jax(self) -> Callable[..., Any]:
        """Return the mean loss as a pure function (parameters, *batch) for JAX.

        ``parameters`` is one array, in the order of ``step.parameters.array``. JAX can
        differentiate the function, ``jit`` and ``vmap`` it, and run it on a batch that lies on
        several devices: ``help("autograd.compiled.to_jax")`` shows how. A branch on a parameter
        is the one that the parameters take now.

        Raises ModuleNotFoundError where JAX is not installed, and ValueError if no batch and no
        example has shown the shape of an example yet.
        """
        from autograd.compiled.to_jax import pure_function

        self.program()
        assert self.last is not None
        return pure_function(self.function, self.last, self.parameters.values, loss_place)

    # How it runs -----------------------------------------------------------------------------

    def run(
        self,
        batch: Sequence[Any],
        parameters: Any = None,
        *,
        loss: bool = False,
        gradient: bool = False,
        inputs: bool = False,
    ) -> tuple[Any, Any]:
        """Return the machine that ran, and what it computed; with ``loss``, that must be finite."""
        arrays = self.road.checked(batch)
        shapes = tuple([array.shape[1:] for array in arrays])
        with self.one_at_a_time.lock:
            numbers = self.parameters.checked(parameters)
            if shapes in self.recorded:
                machine = self.machine(shapes, gradient, inputs)
                if machine.load(numbers):  # else a guard's answer has changed
                    return machine, self.watched(machine, batch, arrays, numbers, loss=loss)
        # The lock for recording always comes first. A thread that holds it may call this function
        # from the one that it records, and two threads must not wait for each other.
        with recording_now.lock, self.one_at_a_time.lock:
            self.record(shapes, numbers)
            machine = self.machine(shapes, gradient, inputs)
            machine.load(numbers)
            return machine, self.watched(machine, batch, arrays, numbers, loss=loss)

    def watched(
        self, machine: Any, batch: Sequence[Any], arrays: list[Any], numbers: Any, *, loss: bool
    ) -> Any:
        """Return what a machine gives for a batch, some rows compared with the function itself."""
        assert self.last is not None
        watch = self.watches[self.last]
        started = time.perf_counter()
        computed = self.computed(machine, batch, arrays, numbers, loss=loss)
        watch.ran += time.perf_counter() - started
        rows = watch.rows(batch)
        if rows:
            try:
                with self.parameters.held(numbers):
                    recording = self.recorded[self.last][0]
                    watch.compare(recording, batch, rows, computed.results, self.road.as_nodes)
            except RecordingError:
                self.forget(self.last)
                raise
            watch.compared += time.perf_counter() - started
        return computed

    def look_outside(self) -> None:
        """Have the next batch compared if what the function reads from outside has changed."""
        for watch in self.watches.values():
            watch.look_outside()

    def undo_side_effects(self) -> None:
        """Put back what recording has changed in what the function reads from outside."""
        if self.before is not None:
            self.before.restore()

    def forget(self, shapes: Shapes) -> None:
        """Let go of a recording: the next batch of such examples records anew."""
        self.recorded.pop(shapes, None)
        self.watches.pop(shapes, None)
        self.machines = {key: each for key, each in self.machines.items() if key[0] != shapes}

    def computed(
        self, machine: Any, batch: Sequence[Any], arrays: list[Any], numbers: Any, *, loss: bool
    ) -> Any:
        """Return what a machine gives for a batch, or raise what the engine says of a bad row."""
        gradient = machine.root is not None
        wanted = {"value": loss or gradient, "gradient": gradient, "inputs": machine.inputs}

        def replay(rows: Iterable[int]) -> None:
            with self.parameters.held(numbers):
                self.road.replay(self.function, batch, rows, wanted)

        place = loss_place(machine.structure) if loss else None
        return self.road.run(machine, arrays, replay, loss=place)

    def mean(self, machine: Any, results: list[Any]) -> Any:
        """Return the mean of the loss, alone or with the rest of what the function returned."""
        structure = machine.structure
        place = loss_place(structure)
        mean = self.road.mean(results[place])
        if structure == place:
            return mean
        return like(structure, [mean, *(self.road.nested(each, results) for each in structure[1:])])

    def program(self, shapes: Shapes | None = None, numbers: Any = None) -> Program:
        """Return the program for examples of these shapes, by default of those seen last.

        ``numbers`` are those of the parameters, which decide on branches; by default their own.
        """
        shapes = self.last if shapes is None else shapes
        if shapes is None:
            raise ValueError(
                "nothing has been recorded yet: call the compiled function for a batch first, or "
                "pass one example, as in compile(f, parameters, example=(x, y))."
            )
        with recording_now.lock, self.one_at_a_time.lock:
            if shapes not in self.recorded:
                self.record(shapes, numbers)
            self.last = shapes
            return self.recorded[shapes][1]

    def record(self, shapes: Shapes, numbers: Any) -> None:
        """Record the function for examples of these shapes, and lift what it does."""
        self.forget(shapes)
        values = self.parameters.values
        outside = Outside(self.function)
        try:
            with self.parameters.held(self.parameters.checked(numbers)):
                recording, again = (record(self.function, shapes, values) for _ in range(2))
            program = lift(recording, values)
            if outside.has_drawn() or not same_program(program, lift(again, values)):
                raise RecordingError(
                    f"{function_name(self.function)} does something else when it is called again: "
                    "it draws random numbers, or keeps a count. A recording would keep what it did "
                    "the first time. Pass such numbers as an argument of the function."
                )
        except BaseException:
            outside.restore()  # as if it had never been called
            raise
        self.side_effects, self.before = outside.changes(), outside
        self.recorded[shapes] = recording, program
        self.watches[shapes] = Watch(self.function, Outside(self.function))

    def machine(self, shapes: Shapes, gradient: bool, inputs: bool) -> Any:
        """Return what runs the program, made when it is first needed."""
        key = shapes, gradient, inputs
        if key not in self.machines:
            from autograd.compiled.run.machine import Machine

            recording, program = self.recorded[shapes]
            root = program.results[loss_place(recording.structure)] if gradient else None
            self.machines[key] = Machine(program, recording, root, inputs=inputs)
        self.last = shapes
        return self.machines[key]


def function_name(function: Callable[..., Any]) -> str:
    """Return the name of a function."""
    return getattr(function, "__name__", type(function).__name__)


def loss_place(structure: Any) -> int:
    """Return which result is the loss, or raise ValueError if the function returns no such one."""
    if isinstance(structure, tuple) and structure and isinstance(structure[0], int):
        return structure[0]
    if isinstance(structure, int):
        return structure
    raise ValueError(
        "the mean and the gradient are those of one number, the loss, but the function returns "
        "several: return the loss, or a tuple of the loss and the rest. For all that it returns "
        "for every row, call predict()."
    )
