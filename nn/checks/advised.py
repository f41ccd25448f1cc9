"""Advised: what has no such attribute says what to write instead."""

from __future__ import annotations

from typing import Any


class Advised:
    """The base of models and optimizers, which people know by other names of their abilities."""

    def __getattr__(self, name: str) -> Any:
        """Raise the error that says what to write instead, for what the object does not have."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        from nn.checks.habits import no_attribute  # loaded when there is need of it

        raise no_attribute(self, name)
