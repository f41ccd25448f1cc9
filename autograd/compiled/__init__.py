"""Scalars in, matrices out: a function of one example, recorded and run for whole batches.

The folders are the stages of the work, and their files are read in this order:

``record``   ``nodes`` and ``record``: what the function does with one example, as a graph;
             ``scalars``: that graph, tidied up;
``lift``     ``linear`` and ``lift``: the arrays hidden in it;
             ``program``: what was found;
``run``      ``tape`` and ``statements``: the chain rule over arrays, from the same table of rows;
             ``kernels`` and ``machine``: NumPy;
             ``parameter_array`` and ``batch``: what comes in and goes out, and what to say of a
             row that is not finite;
``show``     ``program_text`` and ``program_picture``: the program for readers.

``recordings`` keeps what was recorded and runs it, ``second_order`` does so for second derivatives.
``compiled_function`` is what the user holds, and ``to_jax`` the same program for JAX.
"""

from autograd.compiled.compiled_function import Compiled, compile  # noqa: A004  named as the design names it
from autograd.compiled.record.nodes import RecordingError

__all__ = ["Compiled", "RecordingError", "compile"]
