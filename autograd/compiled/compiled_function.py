"""compile: a function of one example, run for a whole batch at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograd.compiled.record.record import argument_name, like, loss_place
from autograd.compiled.recordings import Recordings, function_name
from autograd.compiled.show.program_text import Writer, program_text
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.required import required
from autograd.value import Value  # noqa: F401  the examples use it


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
    required("numpy", "autograd.compile")
    if callable(getattr(parameters, "parameters", None)):
        parameters = parameters.parameters()
    compiled = Compiled(function, parameters)
    if example is not None:
        arrays = compiled.road.checked([[entry] for entry in example])
        compiled.program(tuple(array.shape[1:] for array in arrays))
    return compiled


class Compiled(Recordings):
    """A function of one example, compiled for batches: see ``compile``."""

    # What a batch gives ----------------------------------------------------------------------

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        """Raise the error that says what to write, for it is not called like the function."""
        raise TypeError(
            "a compiled function goes over the rows of a batch: write .predict([x1, x2]) for the "
            "result of each row, .value([x1, x2]) for their mean, .value_and_grad([x1, x2]) for "
            "its gradient, too."
        )

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

    # Second derivatives ----------------------------------------------------------------------

    def hvp(self, *batch: Any, direction: Any, parameters: Any = None) -> Any:
        """Return the product of the Hessian of the mean loss with a direction.

        The Hessian is that of the second derivatives with respect to the parameters. ``direction``
        has a number for each of them, and so has the product. However many they are, it takes no
        more operations than three gradients. ``parameters`` are those of ``value``.

        >>> w, b = Value(3.0), Value(1.0)
        >>> step = compile(lambda x: w * w * b * x, [w, b])
        >>> step.hvp([1.0, 3.0], direction=[1.0, 0.0]).tolist()
        [4.0, 12.0]
        """
        return self.second_order.hvp(batch, direction, parameters)

    def hessian(self, *batch: Any, parameters: Any = None) -> Any:
        """Return the second derivatives of the mean loss, an array (parameters, parameters).

        Row k is ``hvp`` along parameter k: n parameters cost n of these products. The Hessian with
        respect to the inputs, one for each row, is ``compile(hessian(f)).predict(X)``.

        >>> w, b = Value(3.0), Value(1.0)
        >>> compile(lambda x: w * w * b * x, [w, b]).hessian([1.0, 3.0]).tolist()
        [[4.0, 12.0], [12.0, 0.0]]
        """
        return self.second_order.hessian(batch, parameters)

    @functools.cached_property
    def second_order(self) -> Any:
        """What computes second derivatives, made when the first is wanted."""
        from autograd.compiled.second_order import SlopeAlong  # a module that needs NumPy

        return SlopeAlong(self)

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

    def mean(self, machine: Any, results: list[Any]) -> Any:
        """Return the mean of the loss, alone or with the rest of what the function returned."""
        structure = machine.structure
        place = loss_place(structure)
        mean = self.road.mean(results[place])
        if structure == place:
            return mean
        return like(structure, [mean, *(self.road.nested(each, results) for each in structure[1:])])
