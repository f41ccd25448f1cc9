"""chalkgrad's engine: scalar reverse-mode automatic differentiation that can be seen.

>>> from autograd import Value
>>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
>>> loss = a * b + b**2
>>> loss.backward()
>>> loss.data, a.grad, b.grad
(3.0, -3.0, -4.0)

The files at the top of this folder are the lecture. Read them aloud in this order:

================ ===== ====================================================================
file             lines what it says
================ ===== ====================================================================
``rules``          128 every operation: its value and its partial derivatives, one row each
``graph``              84 topological order: arguments before results
``backward``       197 the chain rule, once, from the result to the leaves
``value``          328 a number that remembers how it was computed
``forward``            67 the chain rule from the leaves to the result
``functional``     305 grad, hessian and their relatives: derivatives of functions
================ ===== ====================================================================

The rooms behind it, each of which reads only what stands to its left: ``formulas`` (what a row is
made of), ``machinery`` (what keeps the promises), ``words`` (names and messages), ``fast`` (the
quick twins), ``story`` (step by step), ``ask`` (questions to a graph), ``view`` (pictures),
``compiled`` (scalars in, matrices out), ``classroom``, ``command``.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from autograd.formulas import (
    acos,
    asin,
    atan,
    atan2,
    cos,
    cosh,
    elu,
    exp,
    expm1,
    fsum,
    gelu,
    hypot,
    leaky_relu,
    log,
    log1p,
    log_sigmoid,
    log_softmax,
    logsumexp,
    maximum,
    mean,
    minimum,
    relu,
    sigmoid,
    silu,
    sin,
    sinh,
    softmax,
    softplus,
    sqrt,
    tan,
    tanh,
    where,
)
from autograd.machinery.modes import ieee, no_grad
from autograd.value import Value
from autograd.words.stale import StaleGraphError

if TYPE_CHECKING:
    from autograd.ask.check_gradients import assert_gradients, check_gradients
    from autograd.ask.explain import explain
    from autograd.ask.operation import operation
    from autograd.ask.paths import paths
    from autograd.ask.what_if import what_if
    from autograd.compiled import RecordingError, compile  # noqa: A004  the design's name
    from autograd.functional import derivative, grad, hessian, hvp, jacobian, jvp, value_and_grad
    from autograd.view import Drawing, draw, draw_dot, trace
    from autograd.view.player.playable import steps
    from autograd.words.source import trace_source

__all__ = [
    "Drawing", "RecordingError", "StaleGraphError", "Value", "acos", "asin", "assert_gradients",
    "atan", "atan2", "check_gradients", "compile", "cos", "cosh", "derivative", "draw", "draw_dot",
    "elu", "exp", "explain", "expm1", "fsum", "gelu", "grad", "hessian", "hvp", "hypot", "ieee",
    "jacobian", "jvp", "leaky_relu", "log", "log1p", "log_sigmoid", "log_softmax", "logsumexp",
    "maximum", "mean", "minimum", "no_grad", "operation", "paths", "relu", "sigmoid", "silu", "sin",
    "sinh", "softmax", "softplus", "sqrt", "steps", "tan", "tanh", "trace", "trace_source",
    "value_and_grad", "what_if", "where",
]  # fmt: skip
__version__ = "0.1.0"

LATER = {
    **dict.fromkeys(
        ("derivative", "grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad"),
        "autograd.functional",
    ),
    "Drawing": "autograd.view",
    "RecordingError": "autograd.compiled",
    "assert_gradients": "autograd.ask.check_gradients",
    "check_gradients": "autograd.ask.check_gradients",
    "compile": "autograd.compiled",
    "draw": "autograd.view",
    "draw_dot": "autograd.view",
    "explain": "autograd.ask.explain",
    "operation": "autograd.ask.operation",
    "paths": "autograd.ask.paths",
    "steps": "autograd.view.player.playable",
    "trace": "autograd.view",
    "trace_source": "autograd.words.source",
    "what_if": "autograd.ask.what_if",
}


def __getattr__(name: str) -> object:
    """Load what is not needed to compute when it is first used: the import stays quick."""
    if name in LATER:
        found = globals()[name] = getattr(import_module(LATER[name]), name)
        return found
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from autograd.words.habits import is_import, no_name

    raise no_name(name, __all__, imported=is_import(sys._getframe(1)))


def __dir__() -> list[str]:
    return sorted(__all__)
