"""Scalars in, matrices out: a function of one example, recorded and run for whole batches.

The reading path: ``record`` (what the function does), ``scalars`` (that graph, tidied up),
``linear`` and ``lift`` (the arrays hidden in it), ``program`` (what was found), ``formulas`` and
``statements`` (the chain rule over arrays, from the same table of rows), ``kernels`` and
``machine`` (NumPy), ``parameters`` and ``batch`` (what comes in and goes out, and what is told of
a row that is not finite), ``step`` (what the user holds). Aside from the path lie ``text`` and
``picture`` (showing what was found) and ``jax_road`` (the same program for JAX).
"""

from autograd.compiled.compiled_function import Compiled, compile  # noqa: A004  named as the design names it
from autograd.compiled.record.record import RecordingError

__all__ = ["Compiled", "RecordingError", "compile"]
