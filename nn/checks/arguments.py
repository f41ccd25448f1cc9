"""What a student hands over, as plain lists and numbers, or refused in plain words.

Lists, tuples, generators, NumPy arrays and pandas tables are all welcome; neither NumPy nor pandas
is ever imported, since what they make knows how to become plain Python by itself.
"""

from __future__ import annotations

import contextlib
import math
import operator
from collections.abc import Callable, Mapping, Set
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import Value
from autograd.words.suggestions import did_you_mean

if TYPE_CHECKING:
    import random

Function = TypeVar("Function", bound=Callable[..., Any])


def plain(thing: Any) -> Any:
    """Return a sequence of any kind as a list, and a single number or Value as it is.

    An array or a table becomes a list of lists; a pandas DataFrame one of its rows, without names.

    >>> plain((1.0, 2.0)), plain(range(3)), plain(0.5)
    ([1.0, 2.0], [0, 1, 2], 0.5)
    """
    if type(thing) is list:
        return thing
    if hasattr(thing, "to_numpy"):  # a pandas DataFrame would otherwise list its column names
        thing = thing.to_numpy()
    if hasattr(thing, "tolist"):
        return thing.tolist()
    if isinstance(thing, Set | Mapping):
        raise TypeError(
            f"a {type(thing).__name__} does not say which number comes first: pass a list."
        )
    if isinstance(thing, str) or not hasattr(thing, "__iter__"):
        return thing
    return list(thing)


def row(inputs: Any, size: int, module: Any) -> list[Any]:
    """Return one example as a list of ``size`` floats and Values, for ``module`` to work on.

    A single number is a row of one. Raises ValueError, naming the module, for any other length.
    """
    values = plain(inputs)
    if not isinstance(values, list):
        values = [values]
    if values and isinstance(plain(values[0]), list):
        raise ValueError(
            f"{module_name(module)} takes one example of {counted(size, 'input')}, but was given a "
            f"table of {counted(len(values), 'row')}. Write [model(x) for x in X]."
        )
    if len(values) != size:
        raise ValueError(
            f"{module_name(module)} takes {counted(size, 'input')}, but was given {len(values)}."
        )
    return [
        value if type(value) is float or type(value) is Value else as_float(value)
        for value in values
    ]


def as_float(value: Any) -> Any:
    """Return a number as a float, once for all neurons; the engine judges everything else."""
    return float(value) if isinstance(value, Real) else value


def pairs(
    name: str, predictions: Any, targets: Any, called: tuple[str, str] = ("prediction", "target")
) -> list[tuple[Any, Any]]:
    """Return the (prediction, target) pairs of two numbers, or of two lists of the same shape.

    ``called`` are the words of the function ``name`` for one of each. Raises ValueError if the
    shapes differ, since nothing is repeated or cut off to make them fit, and TypeError for what is
    no number.

    >>> pairs("mse", [1, [2, 3]], [4, [5, 6]])
    [(1, 4), (2, 5), (3, 6)]
    """
    predictions, targets = plain(predictions), plain(targets)
    if not isinstance(predictions, list):
        check_number(name, f"a {called[0]}", predictions)
    if not isinstance(targets, list):
        check_number(name, f"a {called[1]}", targets, label=True)
    if not isinstance(predictions, list) and not isinstance(targets, list):
        return [(predictions, targets)]
    if not isinstance(predictions, list) or not isinstance(targets, list):
        number, listed = called
        if isinstance(predictions, list):
            number, listed = listed, number
        raise ValueError(
            f"{name}(): one {number} is a single number where the {listed} is a list. Give both "
            f"the same shape, for example by taking {listed}[0]."
        )
    same_length(name, **{f"{called[0]}s": predictions, f"{called[1]}s": targets})
    return [
        pair
        for prediction, target in zip(predictions, targets, strict=True)
        for pair in pairs(name, prediction, target, called)
    ]


def check_number(name: str, what: str, entry: Any, *, label: bool = False) -> None:
    """Raise the TypeError that says what to write, if an entry is neither a number nor a Value.

    Nodes of other engines pass: whatever can be subtracted, but the complex numbers.
    """
    if not hasattr(entry, "__rsub__") or isinstance(entry, complex):
        raise TypeError(
            f"{name}() takes numbers, and {what} is {entry!r}. {instead_of(entry, label=label)}"
        )


def instead_of(entry: Any, *, label: bool = False) -> str:
    """Return what to write instead of an entry that is no number; ``label`` if it is a class.

    >>> instead_of("2.5"), instead_of([1.0])
    ("Convert text first: float('2.5').", 'One number is meant: take it out of its list.')
    """
    if isinstance(entry, str | bytes):
        with contextlib.suppress(ValueError):
            float(entry)
            return f"Convert text first: float({entry!r})."
        if label:
            return (
                "A class is learned by its number: write names = sorted(set(y)), and "
                "y = [names.index(name) for name in y]."
            )
        return "A network computes with numbers: write a number, or several, for each word."
    if entry is None:
        return "It is missing, or a function lacks its return."
    if isinstance(entry, complex):
        return "Use its real part, z.real, or its size, abs(z)."
    if isinstance(entry, list):
        return "One number is meant: take it out of its list."
    return "Pass an int, a float or a Value."


def same_length(name: str, **sequences: Any) -> None:
    """Raise ValueError if the sequences are empty or differ in length."""
    lengths = {key: len(sequence) for key, sequence in sequences.items()}
    if len(set(lengths.values())) > 1:
        listed = " and ".join(f"{length} {key}" for key, length in lengths.items())
        raise ValueError(f"{name}() was given {listed}: each example needs one of each.")
    if not all(lengths.values()):
        raise ValueError(f"{name}() was given empty lists: pass at least one example.")


def whole_number(name: str, number: Any, *, least: int = 1) -> int:
    """Return the number as an int, or raise the error that says what ``name`` must be."""
    advice = f"{name} must be a whole number of at least {least}, not {number!r}."
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise TypeError(advice)
    whole = operator.index(number)
    if whole < least:
        raise ValueError(advice)
    return whole


def positive(name: str, number: Any) -> float:
    """Return the number as a float, or raise the error that says it must be positive and finite."""
    value = as_float(number)
    if not isinstance(value, float):
        raise TypeError(f"{name} must be a number, not {type(number).__name__}.")
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be positive and finite, not {number!r}.")
    return value


def not_negative(name: str, number: Any) -> float:
    """Return the number as a float, or raise the error that says it must be 0 or more, and finite.

    >>> not_negative("weight_decay", 0)
    0.0
    """
    value = as_float(number)
    if not isinstance(value, float):
        raise TypeError(f"{name} must be a number, not {type(number).__name__}.")
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must be 0 or more, and finite, not {number!r}.")
    return value


def share(name: str, number: Any) -> float:
    """Return the number as a float, or raise the error that says it lies from 0 to just below 1.

    >>> share("momentum", 0.9)
    0.9
    """
    value = not_negative(name, number)
    if value >= 1:
        raise ValueError(f"{name} must be less than 1, not {number!r}.")
    return value


def named(kind: str, choice: Any, table: Mapping[str, Function], otherwise: str) -> Function:
    """Return the function that the table has under a name, or a function as it is.

    Raises ValueError for an unknown name: it suggests the nearest one, lists each function by
    its first name, and ends with what to do ``otherwise``.

    >>> named("root", "sqr", {"sqrt": math.sqrt}, "or pass a function")
    Traceback (most recent call last):
    ValueError: there is no root 'sqr'. Did you mean 'sqrt'? Known: sqrt; or pass a function.
    """
    if callable(choice):
        return choice  # type: ignore[no-any-return]  # whatever can be called
    if isinstance(choice, str) and choice in table:
        return table[choice]
    known: dict[Function, str] = {}
    for name, function in table.items():
        known.setdefault(function, name)
    raise ValueError(
        f"there is no {kind} {choice!r}.{did_you_mean(choice, table)} "
        f"Known: {', '.join(known.values())}; {otherwise}."
    )


def generator(rng: Any) -> random.Random:
    """Return the random generator to draw from: ``rng``, or without one the ``random`` module.

    The module has the methods of a generator, and ``random.seed(1)`` then makes a run repeatable.
    """
    import random  # here, since it takes as long to load as a small network

    if rng is None:
        return random  # type: ignore[return-value]  # see above
    if not isinstance(rng, random.Random):
        raise TypeError(
            f"rng takes a random.Random, not {type(rng).__name__}: write rng=random.Random(1)."
        )
    return rng


def module_name(module: Any) -> str:
    """Return what a message calls a module: its place in the model, and what it is."""
    return f"{module.label}, {module!r}," if module.label else repr(module)


def counted(count: int, noun: str) -> str:
    """Return the count with its noun in the singular or the plural.

    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
