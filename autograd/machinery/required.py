"""required: a package that only some of this project needs, or an error that says how to get it.

``import autograd`` works on a bare Python. What draws, paints or computes on arrays asks here for
the package of others that it needs, at the moment when it needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The name under which a package is installed, where it is not the name of the import.
INSTALLED_AS = {"PIL": "pillow", "sklearn": "scikit-learn"}
ASKED_FOR = ("numpy", "PIL", "matplotlib", "graphviz")  # by one another, too


def required(module: str, purpose: str) -> Any:
    """Return a module of another project, imported.

    ``purpose`` says what the student wanted when it was found missing, as the subject of a
    sentence: "An animation".

    Raises ModuleNotFoundError, with the line to type, if the package is not installed. If it is
    installed and broken, its own error passes: installing it once more may not help.

    >>> required("math", "A doctest").pi
    3.141592653589793
    >>> required("PIL_of_another_day", "An animation")
    Traceback (most recent call last):
    ModuleNotFoundError: An animation needs the package PIL_of_another_day, which is not installed \
here. Type: python -m pip install PIL_of_another_day
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        wanted = {module.partition(".")[0], *ASKED_FOR}
        if (error.name or module).partition(".")[0] not in wanted:
            raise  # it is there, and lacks something of its own
        raise missing(error, purpose) from None


def missing(error: ModuleNotFoundError, purpose: str) -> ModuleNotFoundError:
    """Return the error that says what to type, for one that says only what was not found."""
    top = str(error.name).partition(".")[0]
    package = INSTALLED_AS.get(top, top)
    return ModuleNotFoundError(
        f"{purpose} needs the package {package}, which is not installed here. "
        f"Type: python -m pip install {package}",
        name=top,
    )
