"""Did you mean ...? The nearest name to one that is misspelt."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(wrong: object, known: Iterable[str], *, quoted: bool = True) -> str:
    """Return the question about the nearest known name, with a blank before it, or nothing.

    Capitals do not count. The name stands in quotes unless it is one of the student's program.

    >>> did_you_mean("Rleu", ["tanh", "relu"]), did_you_mean("nothing like it", ["tanh", "relu"])
    (" Did you mean 'relu'?", '')
    >>> did_you_mean("sigmod", ["sigmoid"], quoted=False)
    ' Did you mean sigmoid?'
    """
    import difflib  # here, since it is needed for an error only

    names = {str(name).lower(): name for name in known}
    near = difflib.get_close_matches(str(wrong).lower(), names, n=1)
    if not near:
        return ""
    name = names[near[0]]
    return f" Did you mean {name!r}?" if quoted else f" Did you mean {name}?"
