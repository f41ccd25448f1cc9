"""Detours: a function of the engine that is another one for a while, in those threads that ask.

The engine has no place for it, and pays nothing for it: as long as a detour is open anywhere, the
name of the function in its module refers to the signpost, which asks in which thread it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any


class Detour:
    """The way around one function of a module. Detours nest: the last one opened is taken.

    >>> import math
    >>> detour = Detour(math, "cos")
    >>> detour.open(lambda x: "a detour")
    >>> math.cos(0.0)
    'a detour'
    >>> detour.close()
    >>> math.cos(0.0)
    1.0
    """

    def __init__(self, module: ModuleType, name: str) -> None:
        self.module = module
        self.name = name
        self.original: Callable[..., Any] = getattr(module, name)
        self.mine = threading.local()
        self.lock = threading.Lock()
        self.users = 0  # in all threads

    @property
    def roads(self) -> list[Callable[..., Any]]:
        """The detours that are open in this thread."""
        roads: list[Callable[..., Any]] = self.mine.__dict__.setdefault("roads", [])
        return roads

    def open(self, road: Callable[..., Any]) -> None:
        """Let this thread call ``road`` instead of the function, until ``close``."""
        with self.lock:
            if not self.users:
                self.original = getattr(self.module, self.name)
                vars(self.module)[self.name] = self.signpost
            self.users += 1
        self.roads.append(road)

    def close(self) -> None:
        """Take the last detour of this thread back."""
        self.roads.pop()
        with self.lock:
            self.users -= 1
            if not self.users:
                vars(self.module)[self.name] = self.original

    def signpost(self, *args: Any, **options: Any) -> Any:
        """Call the last detour that this thread has opened, else the function itself."""
        roads = self.roads
        return (roads[-1] if roads else self.original)(*args, **options)
