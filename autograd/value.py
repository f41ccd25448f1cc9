"""Value: a number that remembers how it was computed.

An operator does two things: it computes a number, and it makes a node that keeps the operation and
the operands. All of them do so in one place, ``Value.apply_op``. (For floats and Values there is a
shorter road to the same node: ``fast/operators.py``.)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd import backward, fast, words
from autograd.fast import operators
from autograd.formulas.dispatch import number
from autograd.formulas.row import Op
from autograd.graph import numbers
from autograd.machinery import copying, freeing, modes
from autograd.rules import OPS
from autograd.words.beside import begun_by_numpy, same_node
from autograd.words.refusals import Refusals


def method(name: str) -> Callable[[Value], Value]:
    """Return the method that makes a node of an operation of one argument."""
    op = OPS[name]

    def method(self: Value, *more: Any) -> Value:
        if more:
            raise words.habits.method_of_none(self, name, more)
        return self.apply_op(op, (self,))

    method.__name__ = name
    method.__qualname__ = f"Value.{name}"
    method.__doc__ = (op.value.__doc__ or "").partition("\n\n")[0]
    return method


class Value(Refusals):
    """A number in a computation graph, with its gradient.

    ``Value(2.0, label="a")`` is a leaf. Operations on it make inner nodes, which keep the operation
    (``op``) and its arguments (``args``); a plain number among them is a constant. ``backward()``
    fills ``grad``: the derivative, with respect to this node, of the node that it was called on.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = (a * b + 10.0).tanh()
    >>> loss.backward()
    >>> round(a.grad, 6), round(b.grad, 6)
    (-0.004023, 0.002682)

    ``==`` and ``hash`` go by identity, so that Values can be members of sets; with a plain number
    ``==`` raises, for it would be False in silence. ``<`` and the like compare the numbers.
    """

    __slots__ = ("_data", "first", "grad", "label", "op", "second", "version")

    _data: float
    grad: float
    label: str
    op: Op | None
    first: Any  # the first argument, or the tuple of all of them if they may be many; read args
    second: Any
    # The count of modes.writes when it was computed or written: see check_fresh. A leaf that was
    # never written has instead, negative, how many transforms had begun when it was made.
    version: int

    def __init__(self, data: Any, *made_from: Any, label: str = "", **more: Any) -> None:
        if made_from or more:
            raise words.habits.not_built_by_hand(data, made_from, more)
        converted = number(data)
        if converted is None:
            raise words.errors.not_a_number(data)
        self._data = converted
        self.grad = 0.0
        self.label = label
        self.op = None
        self.first = None
        self.second = None
        self.version = -modes.begun
        if modes.pausing and modes.current.born:
            modes.current.born(self)

    @property
    def data(self) -> float:
        """The number. Only a leaf's can be written, as in ``p.data -= 0.1 * p.grad``."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op is not None:
            raise words.errors.inner_write(self)
        converted = number(data)
        if converted is None:
            raise words.errors.not_a_number(data)
        # In this order an interruption in between can only make a graph look stale, never fresh.
        self.version = modes.count_write()
        self._data = converted

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments in order, Values and (for constants) floats; of a leaf, none."""
        if self.first is None:
            return ()
        if type(self.first) is tuple:
            return self.first
        return (self.first,) if self.second is None else (self.first, self.second)

    def backward(self, seed: float = 1.0, **options: Any) -> None:
        """Compute the gradient of this node with respect to every node that it was computed from.

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
        if options:
            raise words.habits.no_option(self, options)
        converted = number(seed)
        if converted is None:
            raise words.errors.not_a_number(seed, "the seed of backward()")
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
        node: Value = object.__new__(cls)
        node._data = computed(op, operands)
        node.grad = 0.0
        node.label = ""
        node.op = node.first = node.second = None
        node.version = modes.writes
        if modes.pausing and modes.current.no_grad:
            node.version = -modes.begun  # a leaf
        else:
            node.op = op
            few = op.every is None  # one argument or two: each has a slot of its own
            node.first, node.second = (*operands, None)[:2] if few else (operands, None)
            if modes.pausing and modes.current.born:
                modes.current.born(node)
        return node

    # The operators: one line each ---------------------------------------------------------------

    # fmt: off
    def __add__(self, other: Any) -> Value: return self.apply_op(OPS["+"], (self, other))
    def __sub__(self, other: Any) -> Value: return self.apply_op(OPS["-"], (self, other))
    def __mul__(self, other: Any) -> Value: return self.apply_op(OPS["*"], (self, other))
    def __truediv__(self, other: Any) -> Value: return self.apply_op(OPS["/"], (self, other))
    def __pow__(self, other: Any) -> Value: return self.apply_op(OPS["**"], (self, other))

    def __radd__(self, other: Any) -> Value: return self.apply_op(OPS["+"], (other, self))
    def __rsub__(self, other: Any) -> Value: return self.apply_op(OPS["-"], (other, self))
    def __rmul__(self, other: Any) -> Value: return self.apply_op(OPS["*"], (other, self))
    def __rtruediv__(self, other: Any) -> Value: return self.apply_op(OPS["/"], (other, self))
    def __rpow__(self, other: Any) -> Value: return self.apply_op(OPS["**"], (other, self))

    def __neg__(self) -> Value: return self.apply_op(OPS["neg"], (self,))
    def __pos__(self) -> Value: return self.apply_op(OPS["alias"], (self,))
    def __abs__(self) -> Value: return self.apply_op(OPS["abs"], (self,))
    # fmt: on

    exp, expm1, log, log1p, sqrt = map(method, ("exp", "expm1", "log", "log1p", "sqrt"))
    sin, cos, tan = map(method, ("sin", "cos", "tan"))
    asin, acos, atan = map(method, ("asin", "acos", "atan"))
    sinh, cosh, tanh = map(method, ("sinh", "cosh", "tanh"))
    sigmoid, log_sigmoid, softplus = map(method, ("sigmoid", "log_sigmoid", "softplus"))
    relu, silu, gelu = map(method, ("relu", "silu", "gelu"))

    def leaky_relu(self, slope: Any = 0.01) -> Value:
        """Return the Value where it is positive, else slope times it."""
        return self.apply_op(OPS["leaky_relu"], (self, slope))

    def elu(self, alpha: Any = 1.0) -> Value:
        """Return the Value where it is positive, else alpha * (exp(value) - 1)."""
        return self.apply_op(OPS["elu"], (self, alpha))

    # What a number may do; what a node may not, refusals.py says ------------------------------

    def conjugate(self) -> Value:
        """Return the Value itself, as a real number does: NumPy's var and std want to know."""
        return self

    def __array_ufunc__(self, function: Any, how: str, *operands: Any, **options: Any) -> Any:
        return begun_by_numpy(self, function, how, operands, options)

    def __eq__(self, other: object) -> Any:
        return same_node("==", self, other)

    def __ne__(self, other: object) -> Any:
        found = same_node("!=", self, other)
        return found if found is NotImplemented else not found

    __hash__ = object.__hash__

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

    def __init_subclass__(cls) -> None:
        operators.withdraw(cls)  # a quick operator makes a Value, whatever the class of its operand

    # Copies: without recursion, see machinery/copying.py ----------------------------------------

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

    @property
    def _backward(self) -> Callable[[], None]:
        """The function that adds this node's share of its ``grad`` to those of its arguments."""

        def pass_on() -> None:
            for argument, partial in zip(self.args, backward.local_partials(self), strict=True):
                if partial is not None:
                    argument.grad += self.grad * partial

        return pass_on

    @_backward.setter
    def _backward(self, _: Any) -> None:
        raise words.habits.derivative_is_fixed(self)


# What an operation asks of its operands ----------------------------------------------------------


def converted(op: Op, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the operands with every number as a float, or raise the TypeError for another type."""
    result = tuple(each if isinstance(each, Value) else number(each) for each in operands)
    for place, each in enumerate(result):
        if each is None:  # and not "None in result", which would ask each node whether it is equal
            raise words.errors.bad_operand(op.name, operands, place)
    return result


def computed(op: Op, operands: tuple[Any, ...]) -> float:
    """Return the result of an operation as a number, or raise the error that says what is wrong.

    An infinity or NaN among the operands may pass; one that is born here is an error, but in
    ``ieee()`` mode.
    """
    given = numbers(operands)
    try:
        result = op.on_numbers(*given)
    except (ArithmeticError, ValueError) as error:
        if not modes.current.ieee:
            raise words.errors.undefined(op, operands, error) from None
        if op.limit is not None:
            return op.limit(*given)
        return math.inf if isinstance(error, OverflowError) else math.nan
    if math.isfinite(result) or modes.current.ieee or any(map(math.isnan, given)):
        return result
    if math.isnan(result) or all(map(math.isfinite, given)):
        raise words.errors.born_not_finite(op, operands, result)
    return result


def comparable(symbol: str, value: Value, other: Any) -> float:
    """Return the number to compare with, of a Value or of a plain number."""
    if isinstance(other, Value):
        return other._data
    converted = number(other)
    if converted is None:
        raise words.errors.bad_operand(symbol, (value, other), 1)
    return converted


PLAIN = {Value, float}  # the types of operand that need no conversion
if fast.ON:
    operators.install(Value)
