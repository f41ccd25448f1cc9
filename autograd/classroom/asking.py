"""Who asks: the frame of the student's own code, and the names of the nodes there."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from autograd.naming import variable_names
from autograd.value import Value


def frame_of_asker() -> FrameType | None:
    """Return the innermost frame outside of this package, if there is one."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and package_of(frame) == "autograd":
        frame = frame.f_back
    return frame


def package_of(frame: FrameType) -> str:
    """Return the name of the package that a frame's code belongs to; of a script, ``__main__``."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def names_of_asker() -> dict[Any, str]:
    """Return the name of each node that a variable of the asker refers to."""
    return variable_names(frame_of_asker(), Value)
