"""cost: what a gradient costs by finite differences, by forward mode and by reverse mode."""

from __future__ import annotations

import io
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import backward
from autograd.forward import tangents
from autograd.functional import one_number, recording
from autograd.graph import between, edges, plain_number, topological_order
from autograd.machinery.modes import no_grad
from autograd.machinery.structures import leaves, rebuilt
from autograd.value import Value
from autograd.view.images import image_of_png, small
from autograd.words.html_table import table

STEP = sys.float_info.epsilon ** (1 / 3)  # balances truncation and rounding of a central difference


@dataclass(frozen=True)
class Method:
    """What one way to the gradient cost: times through the function, operations, bytes, error.

    An operation is one of the function's own, or one product of the chain rule. ``memory`` is how
    many bytes it held at most, ``error`` the largest difference from reverse mode.
    """

    name: str
    passes: str
    operations: int
    memory: int
    error: float

    def cells(self) -> list[str]:
        """Return the row of the table."""
        error = f"{self.error:.1e}" if self.error else "0"
        return [self.name, self.passes, f"{self.operations:,}", bytes_in_words(self.memory), error]


class Cost:
    """What ``cost`` has measured. Print it for the table; a notebook shows it with its plot.

    ``inputs`` is the number of inputs, ``operations`` what one evaluation takes, ``nodes`` how many
    nodes live until a reverse pass is over, and ``methods`` has the three ways.
    """

    HEADER = ("method", "passes", "operations", "memory", "difference")

    def __init__(
        self, name: str, inputs: int, operations: int, nodes: int, methods: Sequence[Method]
    ) -> None:
        self.name = name
        self.inputs = inputs
        self.operations = operations
        self.nodes = nodes
        self.methods = list(methods)

    @property
    def title(self) -> str:
        """The function in one line."""
        return (
            f"the gradient of {self.name}: {self.inputs:,} inputs, {self.operations:,} operations, "
            f"{self.nodes:,} nodes"
        )

    def __str__(self) -> str:
        rows = [list(self.HEADER), *(method.cells() for method in self.methods)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if place > 1 else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join([self.title, *lines])

    def __repr__(self) -> str:
        return f"<Cost of {self.title}>"

    def plot(self) -> Any:
        """Return a matplotlib figure of the operations and the memory of the three methods."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 2.4), dpi=120, layout="constrained")
        names = [method.name for method in self.methods]
        quantities = {
            "operations": [method.operations for method in self.methods],
            "memory in bytes": [method.memory for method in self.methods],
        }
        panels = figure.subplots(1, len(quantities), sharey=True)
        for axes, (title, numbers) in zip(panels, quantities.items(), strict=True):
            bars = axes.barh(names, numbers, color=["#E69F00", "#009E73", "#0072B2"])
            axes.bar_label(bars, [f"{number:,}" for number in numbers], padding=3, color="#333333")
            axes.set_title(title, loc="left", fontsize=11, color="#333333")
            axes.set_xlim(0, 1.3 * max(numbers))
            axes.set_xticks([])
            axes.spines[["top", "right", "bottom"]].set_visible(False)
        panels[0].invert_yaxis()  # the first row on top, as in the table
        return figure

    def _repr_html_(self) -> str:
        buffer, figure = io.BytesIO(), self.plot()
        figure.savefig(buffer, format="png")
        rows = [method.cells() for method in self.methods]
        bars = image_of_png(
            small(buffer.getvalue()), f"{self.title}, as bars", *figure.get_size_inches()
        )
        return table(rows, header=self.HEADER, caption=self.title) + bars


def cost(f: Callable[..., Any], *args: Any) -> Cost:
    """Return what the gradient of ``f`` costs at these arguments, by each of three methods.

    Finite differences evaluate ``f`` twice for each of the n inputs, forward mode goes once through
    it for each, reverse mode once there and once back for all. All three are carried out and
    measured: ``f`` is called about 2n times. The arguments are numbers, or nested lists, tuples and
    dicts of them, and ``f`` returns one number.

    Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, chapters 3 and 4.

    >>> def f(w):
    ...     return sum(a * a for a in w)
    >>> found = cost(f, [1.0, 2.0, 3.0])
    >>> [(method.name, method.passes) for method in found.methods]
    [('finite differences', '6'), ('forward mode', '3'), ('reverse mode', '1 and back')]
    >>> [method.operations for method in found.methods]
    [36, 30, 17]

    Raises TypeError if ``f`` does not return a number, ValueError without any input and where it
    would take minutes, and the engine's own error where ``f`` or its derivative is undefined.
    """
    start = [plain_number(leaf) for leaf in leaves(args)]
    name = getattr(f, "__name__", type(f).__name__)
    if not start:
        raise ValueError(f"cost() needs the inputs of {name} too: cost(f, 2.0, [1.0, -1.0]).")

    def evaluate(numbers: Sequence[Any]) -> Value:
        result = f(*rebuilt(args, iter(numbers)))
        return result if isinstance(result, Value) else Value(one_number(f, result))

    with recording():
        inputs = [Value(number) for number in start]
        order = topological_order(evaluate(inputs))
        operations = sum(node.op is not None for node in order)
        check_effort(name, len(start), operations)
        ways = {
            "finite differences": lambda: by_finite_differences(evaluate, start),
            "forward mode": lambda: by_forward_mode(evaluate, start),
            "reverse mode": lambda: by_reverse_mode(evaluate, start),
        }
        found = {way: measured(gradient) for way, gradient in ways.items()}
    count = len(start)
    passes = (f"{2 * count}", f"{count}", "1 and back")
    # Counted from the graph and not measured, so that the table is the same on every machine.
    work = (
        2 * count * operations,
        count * operations + sum(products(order, [each]) for each in inputs),
        operations + products(order, inputs),
    )
    # Reverse mode is exact to rounding, so it is what the others are compared with.
    exact = found["reverse mode"][0]
    methods = []
    for (way, (gradient, memory)), times, steps in zip(found.items(), passes, work, strict=True):
        error = max(abs(a - b) for a, b in zip(gradient, exact, strict=True))
        methods.append(Method(way, times, steps, memory, error))
    return Cost(name, count, operations, len(order), methods)


MOST_EFFORT = 1_000_000  # operations of the finite differences: some ten seconds for all three


def check_effort(name: str, inputs: int, operations: int) -> None:
    """Raise ValueError at once where carrying out all three methods would take minutes."""
    if 2 * inputs * operations > MOST_EFFORT:
        raise ValueError(
            f"{name} has {inputs:,} inputs and {operations:,} operations: finite differences alone "
            f"would carry out {2 * inputs * operations:,} operations, and cost() really does so. "
            "Measure a smaller example of the same function, with fewer inputs: forward mode and "
            "finite differences grow with their number, reverse mode does not."
        )


Evaluation = Callable[[Sequence[Any]], Value]


def by_finite_differences(evaluate: Evaluation, start: list[float]) -> list[float]:
    """Return the gradient by central differences: two evaluations for each input."""
    gradient = []
    with no_grad():
        for place, x in enumerate(start):
            # The step grows with x: below its last digit it would change nothing.
            step = STEP * max(abs(x), 1.0)
            above, below = (
                evaluate([Value(n) for n in [*start[:place], x + sign * step, *start[place + 1 :]]])
                for sign in (1.0, -1.0)
            )
            gradient.append((above.data - below.data) / (2.0 * step))
    return gradient


def by_forward_mode(evaluate: Evaluation, start: list[float]) -> list[float]:
    """Return the gradient by forward mode: a pass for each input."""
    gradient = []
    for place in range(len(start)):
        inputs = [Value(number) for number in start]
        root = evaluate(inputs)
        gradient.append(float(tangents([root], {inputs[place]: 1.0}).get(root, 0.0)))
    return gradient


def by_reverse_mode(evaluate: Evaluation, start: list[float]) -> list[float]:
    """Return the gradient by reverse mode: a pass there, and one back for all inputs together."""
    inputs = [Value(number) for number in start]
    found = backward.adjoints(evaluate(inputs), inputs)
    return [float(found.get(node, 0.0)) for node in inputs]


def products(order: dict[Any, None], inputs: Sequence[Value]) -> int:
    """Return how many products of the chain rule a pass takes: one for each edge between."""
    reached = between(order, inputs)
    return sum(argument in reached for argument, _, _ in edges(reached))


def measured(gradient: Callable[[], list[float]]) -> tuple[list[float], int]:
    """Return what the function returns, and how many bytes it held at most meanwhile."""
    nested = tracemalloc.is_tracing()  # somebody else's trace must go on afterwards
    if not nested:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        found = gradient()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        if not nested:
            tracemalloc.stop()
    return found, max(peak - before, 0)


def bytes_in_words(count: int) -> str:
    """Return a number of bytes for a table.

    >>> bytes_in_words(900), bytes_in_words(123456)
    ('900 B', '120.6 KiB')
    """
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:,.1f} KiB" if count < 1024**2 else f"{count / 1024**2:,.1f} MiB"
