"""what_if: how much a root really changes with a leaf, beside what the gradient predicts.

A gradient is the slope of a straight line that touches the curve. Along the line, the root changes
by slope times change. The curve bends away from the line by half the second derivative times the
change squared, and by more terms of higher order: Taylor's theorem.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograd.backward import adjoints
from autograd.formulas.dispatch import number
from autograd.graph import between, topological_order
from autograd.machinery.modes import no_grad
from autograd.value import Value
from autograd.words.errors import not_a_number
from autograd.words.formula_printer import Names
from autograd.words.html_table import paragraphs, table
from autograd.words.names import called, names_among
from autograd.words.stale import check_fresh

ROUNDING = 1e-15  # what is smaller, next to the numbers it is the difference of, is rounding
KINKS = {"abs", "relu", "leaky_relu", "elu", "maximum", "minimum"}


@dataclass(frozen=True)
class WhatIf:
    """What ``what_if`` found out. It prints as text, and shows itself in a notebook.

    ``before`` and ``after`` are the numbers of ``root``, ``slope`` is its derivative with respect
    to ``leaf`` and ``curvature`` the second derivative; that is None where it does not exist.
    ``kinks`` names the operations on the way that have a kink.
    """

    root: Value
    leaf: Value
    change: float
    before: float
    after: float
    slope: float
    curvature: float | None
    kinks: list[str] = field(default_factory=list)
    names: Names = field(default_factory=dict, repr=False)

    @property
    def true_change(self) -> float:
        """By how much the root changes."""
        return self.after - self.before

    @property
    def predicted(self) -> float:
        """By how much it would change along a straight line: slope times change."""
        return self.slope * self.change

    @property
    def gap(self) -> float:
        """What the prediction lacks: the true change minus the predicted one."""
        return self.true_change - self.predicted

    @property
    def second_order(self) -> float | None:
        """How much of the gap is the bend of the curve: half of curvature times change squared."""
        return None if self.curvature is None else 0.5 * self.curvature * self.change**2

    @property
    def sentence(self) -> str:
        """The change of the leaf, and what becomes of the root."""
        root, leaf = (called(node, self.names) for node in (self.root, self.leaf))
        start = self.leaf.data
        return (
            f"If {leaf} goes from {start:.6g} to {start + self.change:.6g}, a change of "
            f"{self.change:.6g}, then {root} goes from {self.before:.6g} to {self.after:.6g}."
        )

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """What each number is called, the number, and where it comes from."""
        change = f"{self.change:.6g}"
        rows = [
            ("true change", f"{self.true_change:.6g}", "computed anew through the same graph"),
            ("predicted", f"{self.predicted:.6g}", f"the gradient {self.slope:.6g} times {change}"),
            ("gap", f"{self.gap:.6g}", "true minus predicted"),
        ]
        kinks = f", and kinks ({', '.join(self.kinks)})" if self.kinks else ""
        if self.second_order is None or self.curvature is None:
            return [*rows, ("second order", "none", "there is no second derivative here")]
        bend = f"half the second derivative {self.curvature:.6g} times the square of {change}"
        rest = self.gap - self.second_order
        if abs(rest) < ROUNDING * (abs(self.before) + abs(self.after) + abs(self.predicted)):
            rest = 0.0
        return [
            *rows,
            ("second order", f"{self.second_order:.6g}", bend),
            ("higher orders", f"{rest:.6g}", f"the third derivative and beyond{kinks}"),
        ]

    def __str__(self) -> str:
        width = max(len(row[1]) for row in self.rows)
        lines = [f"  {title:13}  {found:>{width}}  {why}" for title, found, why in self.rows]
        return "\n".join([self.sentence, *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the sentence and a table of the numbers, for a notebook."""
        rows = table(self.rows, left=(0, 2), titles=True)
        return f"<div>{paragraphs(self.sentence)}{rows}</div>"


def what_if(root: Value, leaf: Value, change: float) -> WhatIf:
    """Return by how much ``root`` would change if ``leaf`` were changed, and what predicts it.

    The graph is computed anew with the other number, and not a node of it is touched. It is the
    graph as it was recorded: a branch that an ``if`` or ``where()`` has chosen stays chosen.
    ``leaf`` may be any node that ``root`` was computed from.

    Raises TypeError for operands of another kind, ValueError for a ``leaf`` that ``root`` was not
    computed from, StaleGraphError if a leaf was written after the
    graph was computed from it, and the exception of an operation that is undefined after the
    change.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> area = x * x
    >>> area.label = "area"
    >>> print(what_if(area, x, 0.1))
    If x goes from 3 to 3.1, a change of 0.1, then area goes from 9 to 9.61.
      true change    0.61  computed anew through the same graph
      predicted       0.6  the gradient 6 times 0.1
      gap            0.01  true minus predicted
      second order   0.01  half the second derivative 2 times the square of 0.1
      higher orders     0  the third derivative and beyond
    """
    for each in (root, leaf):
        if not isinstance(each, Value):
            raise TypeError(
                "what_if() takes two Values, the result and the one to change, not "
                f"{type(each).__name__}: write what_if(loss, w, 0.1)."
            )
    by = number(change)
    if by is None:
        raise not_a_number(change)
    order = topological_order(root)
    for node in order:
        check_fresh(node)
    names = names_among([root])
    affected = between(order, [leaf])
    if not affected:
        raise ValueError(
            f"{called(root, names)} was not computed from {called(leaf, names)}, and stays as it "
            "is whatever that becomes: give what_if() a node of its graph."
        )
    return WhatIf(
        root,
        leaf,
        by,
        root.data,
        computed_anew(affected, leaf, leaf.data + by, names),
        adjoints(root, [leaf]).get(leaf, 0.0),
        second_derivative(root, leaf),
        sorted({node.op.name for node in affected if node.op} & KINKS),
        names,
    )


def computed_anew(order: dict[Any, None], leaf: Value, data: float, names: Names) -> float:
    """Return the number of the last node of the order where the leaf has other data."""
    moved: dict[Any, Value] = {leaf: Value(data)}
    with no_grad():
        for node in order:
            if node is leaf:
                continue
            operands = tuple(
                argument if type(argument) is float else moved.get(argument, argument)
                for argument in node.args
            )
            try:
                moved[node] = Value.apply_op(node.op, operands)
            except (ArithmeticError, ValueError) as error:
                raise type(error)(
                    f"with {called(leaf, names)} = {data!r}, {called(node, names)} cannot be "
                    f"computed: {error}"
                ) from None
    return moved[next(reversed(order))].data


def second_derivative(root: Value, leaf: Value) -> float | None:
    """Return the second derivative with respect to the leaf; None where there is none."""
    try:
        slope = adjoints(root, [leaf], differentiable=True).get(leaf, 0.0)
        if not isinstance(slope, Value):
            return 0.0
        found: float = adjoints(slope, [leaf]).get(leaf, 0.0)
    except (ArithmeticError, ValueError, TypeError):  # a partial that knows numbers only, say
        return None
    return found
