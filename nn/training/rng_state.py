"""Where a generator of random numbers is, as plain data that a file can hold."""

from __future__ import annotations

import random
from typing import Any

from nn.saving.safe_json import Flaw, check_keys, check_number


def rng_state(rng: random.Random) -> dict[str, Any]:
    """Return the state of a generator as plain data: its 625 numbers as one text.

    >>> state = rng_state(random.Random(1))
    >>> rng_of("rng", state).random() == random.Random(1).random()
    True
    """
    try:
        version, words, gauss = rng.getstate()
        return {"version": version, "words": " ".join(map(str, words)), "gauss": gauss}
    except (NotImplementedError, TypeError, ValueError):  # SystemRandom keeps no state
        raise TypeError(
            f"a checkpoint needs an rng whose state can be kept, which {type(rng).__name__} has "
            "not: write rng=random.Random(1)."
        ) from None


def rng_of(place: str, state: Any) -> random.Random:
    """Return a generator in this state, or raise Flaw if there is no such state."""
    check_keys(place, state, ("version", "words", "gauss"))
    if state["gauss"] is not None:
        check_number(f"{place}.gauss", state["gauss"])
    rng = random.Random()
    try:
        words = tuple(map(int, state["words"].split()))
        rng.setstate((state["version"], words, state["gauss"]))
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise Flaw(place, "is no state of a random generator.") from None
    return rng
