"""bug_hunt: the engine with a fault planted, for students to find."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection
from contextlib import ContextDecorator
from typing import Any

from autograd import backward
from autograd.classroom.mistakes.faults import FAULTS, Fault, Planted, fault_named
from autograd.classroom.mistakes.patching import ThreadPatch
from autograd.classroom.mistakes.sweep_model import SweepModel
from autograd.graph import plain_number
from autograd.machinery.all_or_nothing import write_all
from autograd.machinery.modes import current
from autograd.rules import OPS
from autograd.words.suggestions import did_you_mean

# The plain sweep and its quick twin do the same job, so a fault has to be in both.
SWEEP = ThreadPatch(backward, "sweep", "quick_sweep")
MARK = "(bug hunt)"


class Bugged(float):
    """A gradient from a bug hunt: a float that says so wherever it is shown, and added to."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        total = float.__add__(self, other)
        return total if total is NotImplemented else Bugged(total)

    __radd__ = __add__

    def __repr__(self) -> str:
        return f"{float.__repr__(self)} {MARK}"

    def __format__(self, spec: str) -> str:
        return f"{float.__format__(float(self), spec)} {MARK}"


class bug_hunt(ContextDecorator):  # noqa: N801  # a context manager reads like a keyword
    """Plant a fault in the engine's sweep inside the block, for students to find.

    ``fault`` is a name from ``FAULTS``; or a number, which draws a fault and keeps it secret: its
    name is the ``answer`` of the hunt. It is made wherever it can be, or with an ``operation`` in
    that one alone. What drags on from the pass before shows from the second pass of one expression
    on. Hunts in one another plant their faults together.

    Only the sweep of this thread has the fault: rules, forward mode and everything outside of the
    block are as they should be. Every gradient that comes out of it is marked, and so is the sum if
    a true one is added to it later.

    >>> from autograd import Value, check_gradients
    >>> x = Value(3.0, label="x")
    >>> with bug_hunt("exponent not lowered"):
    ...     (x**2).backward()
    ...     check_gradients(lambda x: x**2, 3.0).ok
    False
    >>> x
    Value(data=3.0, grad=18.0 (bug hunt), label='x')
    >>> x.grad = 0.0
    >>> (x**2).backward()
    >>> x.grad
    6.0

    Raises ValueError for a fault or an operation that does not exist, and for an operation in which
    the fault cannot be made.
    """

    def __init__(self, fault: str | Fault | int, *, operation: str | None = None) -> None:
        self.secret = isinstance(fault, int)  # then repr() must not give it away
        if isinstance(fault, int):
            fault = random.Random(fault).choice(list(FAULTS.values()))
        self.fault = fault_named(fault)
        self.operation = checked_operation(self.fault, operation)
        self.sweeps = 0
        self.before: SweepModel | None = None  # the pass before, if this is the outermost hunt

    @property
    def answer(self) -> str:
        """The name of the fault that is planted."""
        return self.fault.name

    def __enter__(self) -> bug_hunt:
        hunts.running.append(self)
        SWEEP.apply(sweep_with_faults)
        return self

    def __exit__(self, *_: object) -> None:
        SWEEP.undo()
        hunts.running.remove(self)
        self.before = None

    def planted(self, model: SweepModel) -> Planted:
        """Return the fault planted in a sweep, where it is to be made."""
        fault, sites = self.fault.always(model)
        if self.operation is None:
            return Planted(fault, sites)
        return Planted(fault, tuple(edge for edge in sites if edge.op.name == self.operation))

    def __repr__(self) -> str:
        name = "a secret" if self.secret else repr(self.answer)
        return f"<bug_hunt: {name}, {self.sweeps} sweeps>"


class Hunts(threading.local):
    """The hunts that a thread is in, the outermost first."""

    def __init__(self) -> None:
        self.running: list[bug_hunt] = []


hunts = Hunts()


def sweep_with_faults(
    order: dict[Any, None],
    seed: Any,
    targets: Collection[Any] = (),
    differentiable: bool = False,
) -> None:
    """Do what the engine's ``sweep`` does, with the faults of this thread's hunts."""
    # Nested hunts make one sweep with all their faults, so one of them keeps what it was.
    outermost = hunts.running[0]
    model = SweepModel(
        order, targets=targets, differentiable=differentiable, before=outermost.before
    )
    gradients = model.gradients([hunt.planted(model) for hunt in hunts.running], seed=seed)
    outermost.before = model
    for hunt in hunts.running:
        hunt.sweeps += 1
    # Gradients that are nodes stay as they are: they are to be differentiated again.
    if not differentiable or current.no_grad:
        gradients = [Bugged(plain_number(gradient)) for gradient in gradients]
    write_all(order, "grad", gradients)


def checked_operation(fault: Fault, operation: str | None) -> str | None:
    """Return the operation, or raise the error that says why the fault cannot be made there."""
    if operation is None:
        return None
    if operation not in OPS:
        raise ValueError(f"there is no operation {operation!r}.{did_you_mean(operation, OPS)}")
    if not fault.passed:
        raise ValueError(
            f"{fault.name!r} is not made in an operation: leave operation={operation!r} out."
        )
    return operation
