"""What the engine says: one namer, one printer of formulas, and every error message.

The lecture writes ``raise words.errors.undefined(...)``: what is said when something goes wrong is
loaded when something has gone wrong, so that the import of the package stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd.words import errors, habits, names, suggestions

__all__ = ["errors", "habits", "names", "suggestions"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return import_module(f"autograd.words.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
