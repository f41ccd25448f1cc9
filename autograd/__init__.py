"""chalkgrad's engine: scalar reverse-mode automatic differentiation that can be seen.

>>> from autograd import Value
>>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
>>> loss = a * b + b**2
>>> loss.backward()
>>> loss.data, a.grad, b.grad
(3.0, -3.0, -4.0)

The engine is one reading path: ``rules`` (the formulas), ``graph`` (the order), ``backward`` (the
chain rule), ``value`` (the number that remembers). Everything else reads the graph.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from autograd.errors import StaleGraphError
from autograd.functional import derivative, grad, hessian, hvp, jacobian, jvp, value_and_grad
from autograd.functions import (
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
from autograd.modes import ieee, no_grad
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.change import what_if
    from autograd.compiled import RecordingError, compile  # noqa: A004  the design's name
    from autograd.declare import operation
    from autograd.gradcheck import assert_gradients, check_gradients
    from autograd.path_sum import paths
    from autograd.provenance import explain
    from autograd.source import trace_source
    from autograd.stepping import steps
    from autograd.view import Drawing, draw, draw_dot, trace

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
    "Drawing": "autograd.view",
    "RecordingError": "autograd.compiled",
    "assert_gradients": "autograd.gradcheck",
    "check_gradients": "autograd.gradcheck",
    "compile": "autograd.compiled",
    "draw": "autograd.view",
    "draw_dot": "autograd.view",
    "explain": "autograd.provenance",
    "operation": "autograd.declare",
    "paths": "autograd.path_sum",
    "steps": "autograd.stepping",
    "trace": "autograd.view",
    "trace_source": "autograd.source",
    "what_if": "autograd.change",
}


def __getattr__(name: str) -> object:
    """Load what is not needed to compute when it is first asked for: the import stays quick."""
    if name in LATER:
        return getattr(import_module(LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
