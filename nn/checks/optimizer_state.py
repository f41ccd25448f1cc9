"""What an optimizer goes on from: a learning rate at each step, and a state of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nn.checks.arguments import not_negative, positive, whole_number

SQUARES = ("mean_square", "second_moment")  # a root is taken of them


def rate_at(schedule: Callable[[int], float], steps: int) -> float:
    """Return the learning rate that a schedule gives, or raise the error that says what it gave.

    >>> rate_at(lambda steps: 0.5 / (1 + steps), 4)
    0.1
    """
    return not_negative(f"the learning rate of the schedule after {steps} steps", schedule(steps))


def checked_settings(kind: Any, given: Mapping[str, Any]) -> dict[str, float]:
    """Return the settings of an optimizer of a kind, or raise the error that says which is wrong.

    A setting that it does not have raises TypeError, with the name here of one known elsewhere.
    """
    checks: Mapping[str, Callable[[str, Any], float]] = kind.settings
    unknown = next((name for name in given if name not in checks), None)
    if unknown is not None:
        from nn.checks.habits import no_setting  # loaded when there is need of it

        raise no_setting(kind.__name__, unknown, given[unknown], ["lr", *checks])
    return {name: checks[name](name, number) for name, number in given.items()}


def attributes_from(
    state: Any,
    own: Mapping[str, Any],
    checks: Mapping[str, Callable[[str, Any], float]],
    *,
    rate: Any,
    count: int,
) -> dict[str, Any]:
    """Return the attributes that bring an optimizer of ``count`` parameters to a state.

    ``own`` is its state of now, ``checks`` what checks each of its settings, and ``rate`` its
    learning rate: a schedule stays, since no state holds one. Raises ValueError or TypeError for a
    state that does not fit.
    """
    check_state(state, own, count)
    saved = state["settings"]
    settings = {name: check(f"{name} of the state", saved[name]) for name, check in checks.items()}
    check_same_kind_of_rate(saved["lr"], rate)
    return settings | {
        "rate": rate if saved["lr"] is None else positive("lr of the state", saved["lr"]),
        "steps": state["steps"],
        "memory": {name: [float(n) for n in numbers] for name, numbers in state["memory"].items()},
    }


def check_same_kind_of_rate(saved: float | None, rate: Any) -> None:
    """Raise ValueError unless both learning rates are numbers, or both schedules.

    A schedule is code, which no state holds: where there was one, ``saved`` is None.
    """
    if saved is None and not callable(rate):
        raise ValueError(
            "the state was saved with a schedule as the learning rate: set the same one first, as "
            "in optimizer.lr = Cosine(0.1, steps=1000)."
        )
    if saved is not None and callable(rate):
        raise ValueError(
            "the state was saved with a number as the learning rate, but this optimizer has a "
            f"schedule: set optimizer.lr = {saved!r} first."
        )


def check_state(state: Any, own: Mapping[str, Any], count: int) -> None:
    """Raise an error unless the state fits an optimizer of ``count`` parameters.

    ``own`` is the optimizer's state of now, and shows what there must be. What the settings may be
    is left to their own checks.
    """
    kind = own["optimizer"]
    check_fields("the state", state, own, kind)
    if state["optimizer"] != kind:
        raise ValueError(
            f"this is the state of {state['optimizer']!r}, and the optimizer is an {kind}."
        )
    check_fields("its settings", state["settings"], own["settings"], kind)
    check_fields("its memory", state["memory"], own["memory"], kind)
    whole_number("steps of the state", state["steps"], least=0)
    for name, numbers in state["memory"].items():
        check_remembered(name, numbers, count)


def check_fields(place: str, thing: Any, names: Iterable[str], kind: str) -> None:
    """Raise ValueError unless the thing is a dict with exactly these names."""
    if not isinstance(thing, Mapping) or set(thing) != set(names):
        raise ValueError(
            f"{place} must be a dict of {', '.join(names) or 'nothing'}, as {kind}.state() "
            "returns it."
        )


def check_remembered(name: str, numbers: Any, count: int) -> None:
    """Raise ValueError unless these are numbers that an optimizer can remember, one for each."""
    if not isinstance(numbers, list) or len(numbers) != count:
        raise ValueError(f"the state must list a {name} for each of the {count} parameters.")
    for number in numbers:
        if type(number) not in (float, int) or not math.isfinite(number):
            raise ValueError(f"the state has a {name} of {number!r}: not a finite number.")
        if number < 0 and name in SQUARES:
            raise ValueError(f"the state has a {name} of {number!r}: it is not less than 0.")
