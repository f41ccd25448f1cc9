"""Op: what one row of the table holds, and the table itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Partial: TypeAlias = float | Callable[..., Any]
OPS: dict[str, Op] = {}  # the table: name -> row
OWN: dict[str, Op] = {}  # rows that a user has declared: see ask/operation.py
# function of numbers, Values or arrays -> the same for floats only; filled by dispatch.generic
ON_NUMBERS: dict[Callable[..., Any], Callable[..., float]] = {}


class Op:
    """One operation: a row of the table.

    ``value`` computes the result, and ``on_numbers`` is the same for floats only, without asking
    what the operands are. An operation of one or two arguments has the partials ``first`` and
    ``second``; an operation of many has ``every``, which returns the list of all its partials. A
    partial that is constant is written as the number.

    ``limit`` is its answer in ``ieee()`` mode where ``value`` raises. ``textbook`` has the partials
    as a textbook writes them, where the row writes them otherwise to keep their digits: for
    printing a formula, never for computing.
    """

    __slots__ = ("every", "first", "limit", "name", "on_numbers", "second", "textbook", "value")

    def __init__(
        self,
        name: str,
        value: Callable[..., Any],
        first: Partial | None = None,
        second: Partial | None = None,
        *,
        every: Partial | None = None,
        limit: Callable[..., float] | None = None,
        textbook: Sequence[Callable[..., Any]] = (),
    ) -> None:
        self.name = name
        self.value = value
        self.on_numbers: Callable[..., float] = ON_NUMBERS.get(value, value)
        self.first = first
        self.second = second
        self.every = every
        self.limit = limit
        self.textbook = tuple(textbook)

    def partials(
        self, y: Any, arguments: Sequence[Any], needed: Sequence[bool] | None = None
    ) -> list[Any]:
        """Return the derivative of the result ``y`` with respect to each of the arguments.

        ``needed`` says of each argument whether its partial is asked for; the others get None, and
        are not computed: ``x**2`` never takes the logarithm of x.

        >>> OPS["*"].partials(6.0, (2.0, 3.0)), OPS["**"].partials(9.0, (3.0, 2.0), (True, False))
        ([3.0, 2.0], [6.0, None])
        """
        wanted = needed or [True] * len(arguments)
        if self.every is None:
            slopes: list[Any] = []
            for want, rule in zip(wanted, (self.first, self.second), strict=False):
                if want and not isinstance(rule, float):
                    slopes.append(rule(y, *arguments) if rule else None)
                else:
                    slopes.append(rule if want else None)
            return slopes
        rule = self.every
        every = [rule] * len(wanted) if isinstance(rule, float) else rule(y, *arguments)
        return [slope if want else None for want, slope in zip(wanted, every, strict=True)]

    def partial(self, position: int, y: Any, arguments: Sequence[Any]) -> Any:
        """Return the derivative of the result ``y`` with respect to the argument at ``position``.

        >>> OPS["/"].partial(0, 2.0, (6.0, 3.0))
        0.3333333333333333
        """
        assert 0 <= position < len(arguments), f"{self.name} has no argument {position}"
        needed = [place == position for place in range(len(arguments))]
        return self.partials(y, arguments, needed)[position]

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return row, (self.name,)  # an operation is copied and pickled by its name


def row(name: str) -> Op:
    """Return the row of the table with this name; LookupError where there is none."""
    if name not in OPS and name not in OWN:
        raise LookupError(
            f"the operation {name} is not declared here: run the cell or import the module that "
            "declares it with autograd.operation, and load again."
        )
    return OPS.get(name) or OWN[name]


def op(name: str, value: Callable[..., Any], *partials: Partial, **more: Any) -> Op:
    """Add a row to the table and return it."""
    row = OPS[name] = Op(name, value, *partials, **more)
    return row
