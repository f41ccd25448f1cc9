"""Functions of the engine that are replaced for a while, in those threads only that ask for it.

The engine knows nothing of this and pays nothing for it. While a patch is applied in any thread,
the function's name in its module refers to a dispatcher, which looks up what its own thread has
asked for: a classroom server may run one student's bug hunt beside another's homework.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

Function = Callable[..., Any]


class Replacements(threading.local):
    """What one thread has put in place of a function: the last one counts."""

    def __init__(self) -> None:
        self.stack: list[Function] = []


class ThreadPatch:
    """Functions of a module that one thread may replace, and then have back.

    All the ``names`` are functions that do the same job: one replacement stands for each of them.
    Patches nest, and the last one applied counts.

    >>> import math
    >>> patch = ThreadPatch(math, "cos", "sin")
    >>> patch.apply(lambda x: "replaced")
    >>> math.cos(0.0), math.sin(0.0)
    ('replaced', 'replaced')
    >>> patch.undo()
    >>> math.cos(0.0), math.sin(0.0)
    (1.0, 0.0)
    """

    def __init__(self, module: ModuleType, *names: str) -> None:
        self.module = module
        self.originals: dict[str, Function] = {name: getattr(module, name) for name in names}
        self.replacements = Replacements()
        self.lock = threading.Lock()
        self.users = 0  # in all threads

    @property
    def original(self) -> Function:
        """The function itself: of several, the first."""
        return next(iter(self.originals.values()))

    def apply(self, replacement: Function) -> None:
        """Let this thread call ``replacement`` instead of the functions, until ``undo``."""
        with self.lock:
            if not self.users:
                for name in self.originals:
                    self.originals[name] = getattr(self.module, name)
                    setattr(self.module, name, functools.partial(self.dispatch, name))
            self.users += 1
        self.replacements.stack.append(replacement)

    def undo(self) -> None:
        """Take back what this thread has applied last."""
        self.replacements.stack.pop()
        with self.lock:
            self.users -= 1
            if not self.users:
                for name, original in self.originals.items():
                    setattr(self.module, name, original)

    def dispatch(self, name: str, *args: Any, **options: Any) -> Any:
        """Call what this thread has put in the place of a function, else the function itself."""
        stack = self.replacements.stack
        return (stack[-1] if stack else self.originals[name])(*args, **options)
