"""The operators of ``value.py`` on a short road, for the operands that nearly all expressions have.

A Value, or a float beside it, and a result that is finite: everything else goes the long road,
``Value.apply_op``, and so do all operations while a thread is in ``no_grad()`` or traces. The lines
that fill a node are written out twice, because a call would cost as much as the arithmetic.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd.formulas.row import Op
from autograd.machinery import modes
from autograd.rules import OPS

Method = Callable[..., Any]
new: Callable[..., Any] = object.__new__

UNARY = [
    "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "sigmoid", "log_sigmoid", "softplus", "relu", "silu", "gelu",
]  # fmt: skip
SIGNS = {"neg": "__neg__", "abs": "__abs__", "alias": "__pos__"}
BINARY = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "**": "__pow__"}


plain: dict[str, Method] = {}  # the methods that the quick ones stand for


def install(kind: type) -> None:
    """Let the quick methods stand for the plain ones of this kind of node, and keep their help."""
    quick = {SIGNS.get(name, name): unary(kind, OPS[name]) for name in (*UNARY, *SIGNS)}
    quick |= {name: binary(kind, OPS[sign]) for sign, name in BINARY.items()}
    for name, method in quick.items():
        plain[name] = kind.__dict__[name]
        functools.update_wrapper(method, plain[name])
        setattr(kind, name, method)


def withdraw(kind: type) -> None:
    """Give a subclass the plain methods back, unless it has methods of its own."""
    for name, method in plain.items():
        if getattr(getattr(kind, name), "__wrapped__", None) is method:
            setattr(kind, name, method)


def unary(kind: Any, op: Op) -> Method:
    """Return the method of an operation of one argument."""
    compute = op.on_numbers

    def method(self: Any, *more: Any) -> Any:
        if modes.pausing or more:
            return plain[method.__name__](self, *more)  # it also says what is wrong with more
        try:
            result = compute(self._data)
        except (ArithmeticError, ValueError):
            return self.apply_op(op, (self,))
        if result - result != 0.0:  # it is infinite or NaN: the long road says whose fault it is
            return self.apply_op(op, (self,))
        node = new(kind)
        node._data = result
        node.grad = 0.0
        node.label = ""
        node.op = op
        node.first = self
        node.second = None
        node.version = modes.writes
        return node

    return method


def binary(kind: Any, op: Op) -> Method:
    """Return the method of an operation of two arguments."""
    compute = op.on_numbers

    def method(self: Any, other: Any) -> Any:
        if type(other) is kind:
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
        node = new(kind)
        node._data = result
        node.grad = 0.0
        node.label = ""
        node.op = op
        node.first = self
        node.second = other
        node.version = modes.writes
        return node

    return method
