"""Module: whatever holds parameters. The base of neurons, layers and models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, TypeAlias

from autograd import Value
from autograd.machinery.all_or_nothing import write_all
from nn.checks.advised import Advised

Part: TypeAlias = "Module | Value"


class Module(Advised):
    """Something with parameters. A subclass stores them as attributes and defines ``__call__``.

    Every Value that is a leaf, and every Module, found in an attribute is a part; so is one in a
    list, tuple or dict there. Nothing needs to be registered.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data, list(line.named_parameters())
    (7.0, ['slope', 'offset'])
    """

    def parameters(self) -> list[Value]:
        """Return every parameter once, in the order of the attributes."""
        return list(self.named_parameters().values())

    def named_parameters(self) -> dict[str, Value]:
        """Return the parameters by name: the path of attributes that leads to each.

        Members of a list are counted from 1, and a list of modules lends its name in the singular:
        the third weight ``w`` of the first of ``neurons`` is ``neuron1.w3``. A parameter that can
        be reached by several paths appears once, under the first.
        """
        named: dict[str, Value] = {}
        for name, parameter in walk(self, "", {id(self)}):
            if name in named:
                owner = type(self).__name__
                raise ValueError(f"{owner} has two parameters {name!r}: rename an attribute.")
            named[name] = parameter
        return named

    def parts(self) -> list[tuple[str, Part]]:
        """Return the modules and parameters directly in this one, each with its name."""
        return [part for name, thing in vars(self).items() for part in parts_of(name, thing)]

    def zero_grad(self, **options: Any) -> None:
        """Set the gradient of every parameter to 0.0; ``backward()`` adds to what is there."""
        clear_gradients(self.parameters(), **options)

    def summary(self) -> str:
        """Return a table of the parts with their shapes and their numbers of parameters."""
        rows = [("name", "part", "parameters")]
        for name, part in self.parts():
            if isinstance(part, Module):
                rows.append((name, repr(part), str(len(part.parameters()))))
            else:
                rows.append((name, "Value", "1"))
        rows.append(("total", "", str(len(self.parameters()))))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{a:{first}}  {b:{second}}  {c:>{third}}" for a, b, c in rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with {len(self.parameters())} parameters>"


def walk(module: Module, prefix: str, seen: set[int]) -> Iterator[tuple[str, Value]]:
    """Yield each parameter with its full name, entering each module once."""
    for name, part in module.parts():
        # Shared weights count once, and a module that contains itself must not be walked for ever.
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Module):
            yield from walk(part, f"{prefix}{name}.", seen)
        else:
            yield prefix + name, part


def parts_of(name: str, thing: Any) -> Iterator[tuple[str, Part]]:
    """Yield the parts in one attribute: itself, or the members of a list, tuple or dict."""
    # A Value that was computed is a result that somebody kept, not a parameter.
    if isinstance(thing, Module) or (isinstance(thing, Value) and thing.op is None):
        yield name, thing
    elif isinstance(thing, list | tuple):
        for position, member in enumerate(thing, start=1):
            stem = name.removesuffix("s") if isinstance(member, Module) else name
            separator = "_" if stem[-1:].isdigit() else ""  # w1_2 in a list of lists, not w12
            yield from parts_of(f"{stem}{separator}{position}", member)
    elif isinstance(thing, dict):
        for key, member in thing.items():
            yield from parts_of(f"{name}.{key}", member)


def clear_gradients(parameters: Iterable[Value], **options: Any) -> None:
    """Set every gradient to 0.0 in one call into C, which Ctrl-C cannot cut in two."""
    if options:
        raise TypeError(
            f"zero_grad() takes no {next(iter(options))}: a gradient is a number, and is set to "
            "0.0. Write zero_grad()."
        )
    write_all(parameters, "grad", repeat(0.0))
