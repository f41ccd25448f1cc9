"""Value: a number that remembers how it was computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from autograd import backward, copying, freeing, modes
from autograd.errors import (
    bad_operand,
    born_not_finite,
    inner_write,
    loses_gradient,
    not_a_number,
    undefined,
)
from autograd.functions import number
from autograd.rules import OPS, Op

new: Callable[..., Any] = object.__new__
Method = TypeVar("Method", bound=Callable[..., Any])


# The operators. Each is one short road for the operands that nearly all expressions have, written
# out because a call costs as much as the arithmetic; everything else goes through apply_op.


def unary(name: str) -> Callable[[Value], Value]:
    """Return the method of an operation of one argument."""
    op = OPS[name]
    compute = op.on_numbers

    def method(self: Value) -> Value:
        if modes.pausing:
            return self.apply_op(op, (self,))
        try:
            result = compute(self._data)
        except (ArithmeticError, ValueError):
            return self.apply_op(op, (self,))
        if result - result != 0.0:
            return self.apply_op(op, (self,))
        node: Value = new(Value)
        node._data = result
        node.grad = 0.0
        node.label = ""
        node.op = op
        node.first = self
        node.second = None
        node.epoch = modes.writes
        return node

    return described(method, op)


def binary(name: str) -> Callable[[Value, Any], Value]:
    """Return the method of an operation of two arguments."""
    op = OPS[name]
    compute = op.on_numbers

    def method(self: Value, other: Any) -> Value:
        if type(other) is Value:
            b = other._data
        elif type(other) is float:
            b = other
        else:
            return self.apply_op(op, (self, other))
        if modes.pausing:
            return self.apply_op(op, (self, other))
        try:
            result = compute(self._data, b)
        except (ArithmeticError, ValueError):
            return self.apply_op(op, (self, other))
        if result - result != 0.0:
            return self.apply_op(op, (self, other))
        node: Value = new(Value)
        node._data = result
        node.grad = 0.0
        node.label = ""
        node.op = op
        node.first = self
        node.second = other
        node.epoch = modes.writes
        return node

    return described(method, op)


def reflected(name: str) -> Callable[[Value, Any], Value]:
    """Return the method for a number on the left of the operator."""
    op = OPS[name]

    def method(self: Value, other: Any) -> Value:
        return self.apply_op(op, (other, self))

    return described(method, op)


def described(method: Method, op: Op) -> Method:
    """Give a method made by one of the makers above the name and the help of its operation."""
    method.__name__ = op.name
    method.__qualname__ = f"Value.{op.name}"
    method.__doc__ = (op.value.__doc__ or "").partition("\n\n")[0]
    return method


def converted(op: Op, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the operands with every number as a float, or raise the TypeError for another type."""
    result = tuple(
        operand if isinstance(operand, Value) else number(operand) for operand in operands
    )
    if None in result:
        wrong = result.index(None)
        other = operands[wrong - 1 if wrong else 1] if len(operands) > 1 else Value
        raise bad_operand(op.name, *((other, operands[wrong]) if wrong else (operands[0], other)))
    return result


def comparable(symbol: str, value: Value, other: Any) -> float:
    """Return the number to compare with, of a Value or of a plain number."""
    if isinstance(other, Value):
        return other._data
    converted = number(other)
    if converted is None:
        raise bad_operand(symbol, value, other)
    return converted


class Value:
    """A number in a computation graph, with its gradient.

    ``Value(2.0, label="a")`` is a leaf. Operations on it make inner nodes, which keep the operation
    (``op``) and its arguments (``args``); a plain number among them is a constant. ``backward()``
    fills ``grad``: the derivative of the node it was called on by this node, 0.0 before.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = (a * b + 10.0).tanh()
    >>> loss.backward()
    >>> round(a.grad, 6), round(b.grad, 6)
    (-0.004023, 0.002682)

    ``==`` and ``hash`` go by identity, so that Values can be members of sets; ``<`` and the like
    compare the numbers.
    """

    __slots__ = ("_data", "epoch", "first", "grad", "label", "op", "second")

    __array_ufunc__ = None  # NumPy's scalars then leave the operation to __radd__ and the like

    _data: float
    grad: float
    label: str
    op: Op | None
    first: Any  # the arguments: see graph.py
    second: Any
    epoch: int  # the count of modes.writes when it was made or written

    def __init__(self, data: Any, *, label: str = "") -> None:
        converted = number(data)
        if converted is None:
            raise not_a_number(data)
        self._data = converted
        self.grad = 0.0
        self.label = label
        self.op = None
        self.first = None
        self.second = None
        self.epoch = modes.writes
        if modes.pausing and modes.modes.born:
            modes.modes.born(self)

    @property
    def data(self) -> float:
        """The number. Only a leaf's can be written, as in ``p.data -= 0.1 * p.grad``."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op is not None:
            raise inner_write(self)
        converted = number(data)
        if converted is None:
            raise not_a_number(data)
        # In this order an interruption in between can only make a graph look stale, never fresh.
        self.epoch = modes.count_write()
        self._data = converted

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments in order, Values and (for constants) floats; of a leaf, none."""
        if self.first is None:
            return ()
        if type(self.first) is tuple:
            return self.first
        return (self.first,) if self.second is None else (self.first, self.second)

    def backward(self, seed: float = 1.0) -> None:
        """Compute the gradient of this node by every node that it was computed from.

        The gradients of leaves accumulate, until they are set to 0.0; those of inner nodes are set
        afresh. ``seed`` is the gradient that arrives at this node itself. If it raises, or is
        interrupted, no ``grad`` has changed.

        Raises StaleGraphError if a leaf was written after the graph was computed from it.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward(); y.backward()
        >>> x.grad, y.grad
        (12.0, 1.0)
        """
        converted = number(seed)
        if converted is None:
            raise not_a_number(seed)
        backward.backward(self, converted)

    # How a node is made -----------------------------------------------------------------------

    @classmethod
    def apply_op(cls, op: Op, operands: tuple[Any, ...]) -> Value:
        """Return the node for an operation on any mixture of Values and numbers."""
        if not PLAIN.issuperset(map(type, operands)):
            for operand in operands:
                if isinstance(operand, cls) and type(operand) is not cls:
                    return operand.apply_op(op, operands)  # the more special kind of node decides
            operands = converted(op, operands)
        numbers = backward.numbers(operands)
        try:
            result = op.on_numbers(*numbers)
        except (ArithmeticError, ValueError) as error:
            result = cls.at_limit(op, operands, numbers, error)
        if result - result != 0.0:
            cls.check(op, operands, result)
        node: Value = new(cls)
        node._data = result
        node.grad = 0.0
        node.label = ""
        node.epoch = modes.writes
        if modes.pausing and modes.modes.no_grad:
            node.op = node.first = node.second = None
            return node
        node.op = op
        node.first = operands[0] if len(operands) < 3 and op.every is None else operands
        node.second = operands[1] if len(operands) == 2 and op.every is None else None
        if modes.pausing and modes.modes.born:
            modes.modes.born(node)
        return node

    @staticmethod
    def at_limit(
        op: Op, operands: tuple[Any, ...], numbers: list[float], error: Exception
    ) -> float:
        """Return the answer of IEEE 754 in ``ieee()`` mode; raise the error in words otherwise."""
        if not modes.modes.ieee:
            raise undefined(op, operands, error) from None
        if op.limit is not None:
            return op.limit(*numbers)
        return math.inf if isinstance(error, OverflowError) else math.nan

    @staticmethod
    def check(op: Op, arguments: tuple[Any, ...], result: float) -> None:
        """Raise an error if the infinity or NaN was born here: no operand brought it in."""
        if modes.modes.ieee:
            return
        numbers = backward.numbers(arguments)
        if math.isnan(result):
            if not any(map(math.isnan, numbers)):
                raise born_not_finite(op, arguments, result)
        elif all(map(math.isfinite, numbers)):
            raise born_not_finite(op, arguments, result)

    # The operations: one line for each row of the table ----------------------------------------

    __add__, __radd__ = binary("+"), reflected("+")
    __sub__, __rsub__ = binary("-"), reflected("-")
    __mul__, __rmul__ = binary("*"), reflected("*")
    __truediv__, __rtruediv__ = binary("/"), reflected("/")
    __pow__, __rpow__ = binary("**"), reflected("**")
    __neg__, __abs__, __pos__ = unary("neg"), unary("abs"), unary("alias")
    exp, expm1, log, log1p, sqrt = map(unary, ("exp", "expm1", "log", "log1p", "sqrt"))
    sin, cos, tan = map(unary, ("sin", "cos", "tan"))
    asin, acos, atan = map(unary, ("asin", "acos", "atan"))
    sinh, cosh, tanh = map(unary, ("sinh", "cosh", "tanh"))
    sigmoid, log_sigmoid, softplus = map(unary, ("sigmoid", "log_sigmoid", "softplus"))
    relu, silu, gelu = map(unary, ("relu", "silu", "gelu"))

    def leaky_relu(self, slope: Any = 0.01) -> Value:
        """Return the Value where it is positive, else slope times it."""
        return self.apply_op(OPS["leaky_relu"], (self, slope))

    def elu(self, alpha: Any = 1.0) -> Value:
        """Return the Value where it is positive, else alpha * (exp(value) - 1)."""
        return self.apply_op(OPS["elu"], (self, alpha))

    # What a number may do and a node may not --------------------------------------------------

    def __bool__(self) -> bool:
        raise loses_gradient("bool()")

    def __float__(self) -> float:
        raise loses_gradient("float(), and so a function of the math module,")

    def __int__(self) -> int:
        raise loses_gradient("int()")

    def __complex__(self) -> complex:
        raise loses_gradient("complex()")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise loses_gradient("a NumPy array")

    def __lt__(self, other: Any) -> bool:
        return self._data < comparable("<", self, other)

    def __le__(self, other: Any) -> bool:
        return self._data <= comparable("<=", self, other)

    def __gt__(self, other: Any) -> bool:
        return self._data > comparable(">", self, other)

    def __ge__(self, other: Any) -> bool:
        return self._data >= comparable(">=", self, other)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    # Copies: without recursion, see copying.py ------------------------------------------------

    def __copy__(self) -> Value:
        copy: Value = copying.shallow(self)
        return copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        copy: Value = copying.deep(self, memo)
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        return copying.reduced(self)

    if freeing.NEEDED:
        __del__ = freeing.let_go

    # The names of micrograd, so that a notebook written for it runs ---------------------------

    @property
    def _prev(self) -> set[Value]:
        """The arguments as a set; a constant becomes a new Value, an exponent is left out."""
        shown = self.args[:1] if self._op.startswith("**") else self.args
        return {Value(argument) if type(argument) is float else argument for argument in shown}

    @property
    def _op(self) -> str:
        """The operation's sign or name; of a leaf, an empty string."""
        if self.op is None:
            return ""
        if self.op.name == "**" and type(self.second) is float:
            return f"**{self.second:g}"
        return self.op.name

    def _backward(self) -> None:
        """Add this node's share of its ``grad`` to the ``grad`` of each of its arguments."""
        for argument, partial in zip(self.args, backward.local_partials(self), strict=True):
            if partial is not None:
                argument.grad += self.grad * partial


PLAIN = {Value, float}  # the types of operand that need no conversion
