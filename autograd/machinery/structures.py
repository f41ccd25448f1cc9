"""Numbers in nested containers: taken out in order, matched with others, and put back.

A container is a list, a tuple, a named tuple, a dict, a dataclass or an array. Its parts have keys:
positions, the keys of the dict, the names of the fields. An array is a container of its rows. A
place is written as Python would write it: ``['w'][0]``, ``.rate``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from autograd.formulas.dispatch import is_array, number


def parts_of_structure(structure: Any) -> dict[Any, Any] | None:
    """Return the parts of a container by their keys; None for what is no container."""
    if isinstance(structure, dict):
        return structure
    if isinstance(structure, (list, tuple)):
        return dict(enumerate(structure))
    if is_array(structure):
        rows = structure.tolist()  # of an array without dimensions, a number
        return dict(enumerate(rows)) if isinstance(rows, list) else None
    if hasattr(type(structure), "__dataclass_fields__"):
        return {name: getattr(structure, name) for name in fields(structure)}
    return None


def fields(structure: Any) -> list[str]:
    """Return the names of the fields of a dataclass."""
    import dataclasses  # it is there already, since somebody has made this one

    return [field.name for field in dataclasses.fields(structure)]


def place_in(structure: Any, key: Any) -> str:
    """Return how Python would write the part of the container with this key."""
    return f".{key}" if hasattr(type(structure), "__dataclass_fields__") else f"[{key!r}]"


def is_leaf(thing: Any) -> bool:
    """Whether it is a number or a node."""
    return hasattr(thing, "apply_op") or number(thing) is not None


def located(structure: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield everything in a structure that is no container, with its place, in order."""
    inside = parts_of_structure(structure)
    if inside is None:
        yield place, structure
        return
    for key, part in inside.items():
        yield from located(part, place + place_in(structure, key))


def leaves(structure: Any, *, returned: bool = False) -> list[Any]:
    """Return the numbers and nodes in a structure, in order.

    Raises TypeError, with the place, for anything else; ``returned`` says that a function has
    returned the structure, and did not take it.

    >>> leaves({"w": [1.0, 2.0], "b": 3.0})
    [1.0, 2.0, 3.0]
    """
    found: list[Any] = []
    stack = [structure]
    while stack:
        thing = stack.pop()
        inside = parts_of_structure(thing)
        if inside is not None:
            stack.extend(reversed(inside.values()))
        elif getattr(thing, "shape", None) == () and is_array(thing):
            stack.append(thing.item())
        else:
            found.append(thing)
    if not all(map(is_leaf, found)):
        place, wrong = next(each for each in located(structure) if not is_leaf(each[1]))
        where = f" at {place}" if place else ""
        takes, advice = "takes", "Bind other arguments first: grad(lambda x: f(x, other))."
        if returned:
            takes, advice = "returns", "Write a list of results: return [first, second]."
        raise TypeError(
            f"a function to differentiate {takes} numbers, or nested lists, tuples, dicts, "
            f"dataclasses and arrays of numbers, not {type(wrong).__name__}{where}. {advice}"
        )
    return found


Join = Callable[[list[Any], tuple[int, ...]], Any]


def array_of(entries: list[Any], shape: tuple[int, ...]) -> Any:
    """Return the entries as an array of this shape: of float64, or of objects if one is a node.

    Entries that are arrays themselves become one whose last axes have this shape.
    """
    import numpy  # it is there already, since somebody has made an array

    if entries and is_array(entries[0]) and number(entries[0]) is None:
        return numpy.stack(entries, axis=-1).reshape(entries[0].shape + shape)
    nodes = any(hasattr(entry, "apply_op") for entry in entries)
    array = numpy.empty(len(entries), dtype=object if nodes else numpy.float64)
    array[:] = entries
    return array.reshape(shape)


def arrays_in(entries: list[Any], shape: tuple[int, ...]) -> Any:
    """Return one structure of arrays for an array of this shape whose entries are structures."""
    if not entries:
        return array_of(entries, shape)
    columns = zip(*map(leaves, entries), strict=True)
    return rebuilt(entries[0], (array_of([*column], shape) for column in columns))


def rebuilt(structure: Any, new_leaves: Iterator[Any], join: Join = array_of) -> Any:
    """Return the same structure with its leaves replaced, in order.

    In the place of an array comes what ``join`` makes of its new entries and its shape.
    """
    if isinstance(structure, dict):
        new = {key: rebuilt(part, new_leaves, join) for key, part in structure.items()}
        if type(structure) is dict:
            return new
        kept = copy.copy(structure)  # with its order or its default, whatever kind it is
        for key, part in new.items():
            kept[key] = part
        return kept
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(rebuilt(part, new_leaves, join) for part in structure))
    if isinstance(structure, (list, tuple)):
        return type(structure)(rebuilt(part, new_leaves, join) for part in structure)
    if is_array(structure) and number(structure) is None:
        return join([next(new_leaves) for _ in range(structure.size)], structure.shape)
    if hasattr(type(structure), "__dataclass_fields__"):
        twin = copy.copy(structure)
        for name in fields(structure):  # also of a frozen one, and without asking its __init__
            part = rebuilt(getattr(structure, name), new_leaves, join)
            object.__setattr__(twin, name, part)
        return twin
    return next(new_leaves)


def matched(model: Any, given: Any, names: tuple[str, str], place: str = "") -> list[Any]:
    """Return the leaves of ``given`` in the order of ``model``, which has the same shape.

    Parts are matched by their keys, whatever their order. ``names`` says what the two are called.
    Raises ValueError where the shapes differ.

    >>> matched({"a": 1.0, "b": 2.0}, {"b": 20.0, "a": 10.0}, ("point", "direction"))
    [10.0, 20.0]
    """
    wanted, found = parts_of_structure(model), parts_of_structure(given)
    if wanted is None and found is None:
        return leaves(given)
    point, direction = names
    must = "they must have the same shape."
    if wanted is None or found is None or kind(model) != kind(given):
        raise ValueError(
            f"the {direction}{place} is {described(given)}, but the {point}{place} is "
            f"{described(model)}: {must}"
        )
    if wanted.keys() == found.keys():
        return [
            leaf
            for key, part in wanted.items()
            for leaf in matched(part, found[key], names, place + place_in(model, key))
        ]
    if kind(model) == "sequence":
        raise ValueError(
            f"the {direction}{place} has {count_in_words(found)}, but the {point}{place} has "
            f"{len(wanted)}: {must}"
        )
    missing = [repr(key) for key in wanted if key not in found]
    extra = [repr(key) for key in found if key not in wanted]
    told = [f"lacks {', '.join(missing)}"] if missing else []
    told += [f"has {', '.join(extra)} that the {point}{place} has not"] if extra else []
    raise ValueError(f"the {direction}{place} {' and '.join(told)}: {must}")


def kind(container: Any) -> str:
    """Return which kind of keys the container has."""
    if isinstance(container, dict):
        return "dict"
    dataclass = hasattr(type(container), "__dataclass_fields__")
    return type(container).__name__ if dataclass else "sequence"


def described(thing: Any) -> str:
    """Return what a thing is, for a message."""
    if parts_of_structure(thing) is None:
        return "a number" if is_leaf(thing) else f"of type {type(thing).__name__}"
    return f"of type {type(thing).__name__}"


def count_in_words(inside: dict[Any, Any]) -> str:
    """Return how many parts there are, in words."""
    word = "number" if all(parts_of_structure(part) is None for part in inside.values()) else "part"
    return f"{len(inside)} {word}{'s' * (len(inside) != 1)}"
