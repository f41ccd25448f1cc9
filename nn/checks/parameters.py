"""Lists of parameters: which can be learned, and writing all of them or refusing in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from autograd import Value


def checked_parameters(parameters: Iterable[Value]) -> list[Value]:
    """Return the parameters as a list, or raise the error that says which of them cannot be one."""
    if not hasattr(parameters, "__iter__"):
        raise TypeError(
            f"an optimizer takes a list of parameters, not {type(parameters).__name__}: "
            "write model.parameters()."
        )
    listed = list(parameters)
    if not listed:
        raise ValueError("an optimizer needs at least one parameter: pass model.parameters().")
    seen: set[Value] = set()
    for position, parameter in enumerate(listed, start=1):
        if not isinstance(parameter, Value):
            raise TypeError(
                f"parameter {position} is a {type(parameter).__name__}, not a Value: "
                "pass model.parameters()."
            )
        if parameter.op is not None:
            raise ValueError(
                f"{parameter_name(parameter, position)} was computed from other Values: pass those "
                "instead, since only leaves can be changed."
            )
        if parameter in seen:
            raise ValueError(f"{parameter_name(parameter, position)} is in the list twice.")
        seen.add(parameter)
    return listed


def check_gradients(parameters: list[Value]) -> None:
    """Raise ValueError if a gradient is not finite; the message names its parameter."""
    for position, parameter in enumerate(parameters, start=1):
        if not math.isfinite(parameter.grad):
            raise ValueError(
                f"the gradient of {parameter_name(parameter, position)} is {parameter.grad!r}, so "
                "nothing was changed. Look for huge inputs, or take a smaller learning rate."
            )


def check_finite(parameters: list[Value], numbers: list[float], what: str = "") -> None:
    """Raise ValueError if a number is not finite; the message names its parameter."""
    for position, (parameter, number) in enumerate(zip(parameters, numbers, strict=True), start=1):
        if not math.isfinite(number):
            raise ValueError(
                f"{what}{parameter_name(parameter, position)} would become {number!r}, so nothing "
                "was changed. Take a smaller learning rate."
            )


def check_step(
    parameters: list[Value], numbers: list[float], memory: Mapping[str, list[float]]
) -> None:
    """Raise ValueError if a step would make a parameter, or what is kept of it, not finite."""
    check_finite(parameters, numbers)
    for name, kept in memory.items():
        check_finite(parameters, kept, f"the {name.replace('_', ' ')} of ")


def write(parameters: list[Value], numbers: list[float]) -> None:
    """Give each parameter its number; if that is interrupted, by Ctrl-C, none has changed."""
    before = [parameter.data for parameter in parameters]
    try:
        write_one_by_one(parameters, numbers)
    except BaseException:
        write_one_by_one(parameters, before)
        raise


def write_one_by_one(parameters: list[Value], numbers: list[float]) -> None:
    """Give each parameter its number, unless it has it already.

    Every write makes the graphs above a parameter stale, so taking back a step that was refused
    writes only what the step had written.
    """
    for parameter, number in zip(parameters, numbers, strict=True):
        if parameter.data is not number:
            parameter.data = number


def parameter_name(parameter: Value, position: int) -> str:
    """Return what a message calls a parameter: its label, or its place in the list."""
    return parameter.label or f"parameter {position}"
