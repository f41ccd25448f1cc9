"""The recordings of a compiled function, what runs them, and what holds them to the function."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.compiled.lift.lift import lift
from autograd.compiled.lift.program import Program, same_program
from autograd.compiled.record.nodes import Recording, RecordingError
from autograd.compiled.record.outside import Outside
from autograd.compiled.record.record import Shape, loss_place, record, recording_now
from autograd.compiled.run.watch import Watch
from autograd.machinery.one_at_a_time import OneAtATime
from autograd.value import Value
from autograd.words.errors import not_a_number

Shapes = tuple[Shape, ...]  # of one example: an entry for each argument of the function


class Recordings:
    """The recordings of a function: one, and its machines, for each shape of an example."""

    def __init__(self, function: Callable[..., Any], parameters: Iterable[Value]) -> None:
        from autograd.compiled.run import batch
        from autograd.compiled.run.parameter_array import ParameterArray

        self.road = batch  # a module that needs NumPy, which may be missing
        if not callable(function) or isinstance(function, Recordings):
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
