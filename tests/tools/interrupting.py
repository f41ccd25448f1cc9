"""Ctrl-C at any line: for the tests that promise what is left then."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from autograd.machinery import modes
from autograd.machinery.freeing import let_go


def interrupted_at(line: int, work: Callable[[], object]) -> bool:
    """Run the work, with KeyboardInterrupt raised at its n-th line; return whether it came.

    It counts as come also if the work has caught it.
    """
    left = line

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if frame.f_code is let_go.__code__:  # Python itself ignores what is raised by a __del__
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    previous, pausing = sys.gettrace(), len(modes.pausing)
    entered = modes.current.no_grad, modes.current.ieee
    gc.disable()  # what others have it call could swallow the interruption, too
    sys.settrace(trace)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(previous)
        gc.enable()
        # Python does not promise that a with block is left whose __enter__ or __exit__ is cut short
        # (issue 29988 of its tracker). No mode can promise more than the language, and the next
        # test is not to begin inside of such a block.
        modes.current.no_grad, modes.current.ieee = entered
        del modes.pausing[pausing:]
    return left <= 0
