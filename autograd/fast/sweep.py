"""The sweep of ``backward.py`` for plain floats, written out so that an edge costs no call."""

from __future__ import annotations

from collections.abc import Collection
from itertools import repeat
from typing import Any

from autograd import words
from autograd.graph import numbers
from autograd.machinery import modes
from autograd.machinery.all_or_nothing import write_all
from autograd.words.stale import check_fresh


def quick_sweep(order: dict[Any, None], seed: float, targets: Collection[Any] = ()) -> None:
    """Leave in the ``grad`` of every node of the order the gradient of its last node, the root.

    A node among the ``targets`` passes nothing on. Without targets every argument is in the order,
    and nobody has to ask. Raises what ``backward.sweep`` raises.
    """
    write_all(order, "grad", repeat(0.0))
    node = next(reversed(order))
    node.grad = seed
    everything = not targets
    try:
        for node in reversed(order):
            op, first, second = node.op, node.first, node.second
            if op is None or (targets and node in targets):
                continue
            if node.version != modes.writes:  # a leaf was written since: was it one of these?
                check_fresh(node)
            # A rule that is a number needs no call, and a constant needs no rule.
            if second is None:
                if type(first) is tuple:
                    spread(node, order)
                    continue
                rule = op.first
                first.grad += node.grad * (
                    rule if type(rule) is float else rule(node._data, first._data)
                )
                continue
            adjoint, y = node.grad, node._data
            a = first if type(first) is float else first._data
            b = second if type(second) is float else second._data
            if type(second) is not float and (everything or second in order):
                rule = op.second
                second.grad += adjoint * (rule if type(rule) is float else rule(y, a, b))
            if type(first) is not float and (everything or first in order):
                rule = op.first
                first.grad += adjoint * (rule if type(rule) is float else rule(y, a, b))
    except (ArithmeticError, ValueError) as error:
        raise words.errors.undefined_partial(node, error, order) from None


def spread(node: Any, order: Collection[Any]) -> None:
    """Pass on the adjoint of an operation of many arguments."""
    arguments, every, adjoint = node.first, node.op.every, node.grad
    if type(every) is float:  # a sum: all its arguments get the same
        share = adjoint * every
        for argument in reversed(arguments):
            if type(argument) is not float and argument in order:
                argument.grad += share
        return
    partials = every(node._data, *numbers(arguments))
    for argument, partial in zip(reversed(arguments), reversed(partials), strict=True):
        if type(argument) is not float and argument in order:
            argument.grad += adjoint * partial
