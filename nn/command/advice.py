"""How a message of the command names an option, so that what it says can be typed as it stands."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Mapping
from typing import Any


def as_options(cures: Mapping[str, Any]) -> str:
    r"""Return what to write in the command line.

    >>> as_options({"without": ["Id", "Name"], "classes": True, "decimal": ","})
    '--without Id,Name --classes --decimal ,'
    >>> print(as_options({"without": ["Size, cm"]}))
    --without '"Size, cm"'
    """
    return " ".join(as_option(name, cure) for name, cure in cures.items())


def as_option(name: str, cure: Any) -> str:
    """Return one option with its value, in quotes where a shell needs them."""
    if isinstance(cure, bool):
        return f"--{name}" if cure else f"--no-{name}"
    if not isinstance(cure, str):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cure)
        cure = line.getvalue()
    # A value that begins with a minus would be taken for an option of its own.
    return f"--{name}{'=' if cure.startswith('-') else ' '}{shlex.quote(cure)}"
