"""What a function can read from outside of its arguments: the numbers that a recording freezes.

A function may take a number out of a variable around it, a dict, a list or an attribute. The
recording keeps the number that stood there, and has no way to see that it was read. So the places
that the function can reach are noted as they are, to be compared with later.

Values are left out: the compiled function reads their numbers at every call.
"""

from __future__ import annotations

import functools
import pickle
import random
import sys
import sysconfig
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograd.value import Value
from autograd.words.names import ENGINE, NETWORKS

MOST = 2_000  # places; a function that reaches more is looked at no further
LONGEST = 1_000  # entries of a list or dict that are looked into
LIBRARIES = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), ENGINE, NETWORKS)
MISSING = object()
Generator = tuple[Callable[[], Any], Callable[[Any], Any]]  # reads a random state, and writes it


@dataclass(frozen=True)
class Kept:
    """A place that a function can reach: what stands there now, and what stood there before.

    ``far`` says that the way leads through a network of ours, which has many places that rarely
    change.
    """

    name: str
    now: Callable[[], Any]
    before: Any
    put_back: Callable[[], Any]
    far: bool
    keys: tuple[str, ...] = ()  # what the members of a list are called

    def is_changed(self) -> bool:
        """Whether something else stands there; what cannot be compared counts as changed."""
        try:
            return bool(self.now() != self.before)
        except Exception:  # an array has no single answer, and a Value none for a number
            return True

    def change(self) -> str:
        """Return what is different, such as ``beta['v'] was 1.0 and is 0.5``."""
        now, before = self.now(), self.before
        name = self.name
        if self.keys:
            now, before = (dict(zip(self.keys, each, strict=True)) for each in (now, before))
        elif isinstance(before, list):
            name = f"{name}[{{key}}]"
            now, before = (dict(enumerate(each)) for each in (now, before))
        if not isinstance(before, dict):
            return f"{self.name} is no longer what it was"
        keys = [key for key in {**before, **now} if now.get(key) is not before.get(key)]
        if not keys:
            return f"{self.name} is no longer what it was"
        old, new = (each.get(keys[0], "missing") for each in (before, now))
        return f"{name.format(key=keys[0])} was {old!r:.40} and is {new!r:.40}"


class Outside:
    """The places that a function can reach from outside of its arguments, as they are now.

    >>> rate = {"now": 0.5}
    >>> outside = Outside(lambda x: rate["now"] * x)
    >>> rate["now"] = 0.25
    >>> outside.changes()
    ["rate['now'] was 0.5 and is 0.25"]
    >>> outside.restore()
    >>> rate
    {'now': 0.5}
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.kept: list[Kept] = []
        self.generators: list[Generator] = [(random.getstate, random.setstate)]
        if numpy := sys.modules.get("numpy"):
            self.generators.append((numpy.random.get_state, numpy.random.set_state))
        seen: dict[int, Any] = {}
        stack: list[tuple[Any, str, bool]] = [(function, "", False)]
        while stack and len(self.kept) < MOST:
            thing, name, far = stack.pop()
            if id(thing) not in seen and not isinstance(thing, PLAIN):
                seen[id(thing)] = thing  # kept alive, so that its id stays its own
                found = list(self.look_at(thing, name, far))
                far = far or is_network(thing)
                stack += [(each, called, far) for each, called in found]
        self.near = [each for each in self.kept if not each.far]
        self.states = self.random_states()

    def changes(self) -> list[str]:
        """Return what has changed since, in words."""
        return [each.change() for each in self.kept if each.is_changed()]

    def is_changed_nearby(self) -> bool:
        """Whether one of the places outside of networks has changed: quick to say."""
        try:
            for each in self.near:
                if each.now() != each.before:
                    return True
        except Exception:  # as in is_changed
            return True
        return False

    def restore(self) -> None:
        """Put back what has changed since, the states of random generators too."""
        for each in self.kept:
            if each.is_changed():
                each.put_back()
        self.draw_again(self.states)

    def random_states(self) -> list[Any]:
        """Return where the random generators stand that the function can reach."""
        return [state() for state, _ in self.generators]

    def has_drawn(self) -> bool:
        """Whether one of these generators has moved on: a recording would keep what it drew."""
        # As bytes, since arrays inside of a state give no single answer.
        return pickle.dumps(self.random_states()) != pickle.dumps(self.states)

    def draw_again(self, states: Iterable[Any]) -> None:
        """Set the random generators back: a call that was a trial only has drawn nothing."""
        for (_, put_back), state in zip(self.generators, states, strict=True):
            put_back(state)

    def look_at(self, thing: Any, name: str, far: bool) -> Iterator[tuple[Any, str]]:
        """Note the places in a thing, and return what else it leads to, with names."""
        if isinstance(thing, types.FunctionType):
            yield from self.look_at_function(thing, far)
        elif isinstance(thing, types.MethodType):
            yield from ((thing.__self__, "self"), (thing.__func__, name))
        elif isinstance(thing, functools.partial):
            yield from ((each, name) for each in (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, dict):
            yield from self.look_at_dict(thing, f"{name}[{{key!r}}]", far)
        elif isinstance(thing, list):
            if not all(isinstance(each, Value) for each in thing):
                before = list(thing)
                put_back = functools.partial(thing.__setitem__, slice(None), before)
                self.kept.append(Kept(name, lambda: thing, before, put_back, far))
            yield from ((each, f"{name}[{place}]") for place, each in enumerate(thing[:LONGEST]))
        elif isinstance(thing, tuple | set | frozenset):
            yield from ((each, name) for each in list(thing)[:LONGEST])
        elif isinstance(thing, random.Random):
            self.generators.append((thing.getstate, thing.setstate))
        else:
            yield from self.look_at_object(thing, name, far)

    def look_at_dict(
        self, thing: dict[Any, Any], name: str, far: bool
    ) -> Iterator[tuple[Any, str]]:
        """Note a dict, or the attributes of an object; ``name`` has a place for the key."""
        before = dict(thing)

        def put_back() -> None:
            thing.clear()
            thing.update(before)

        self.kept.append(Kept(name, lambda: thing, before, put_back, far))
        for key, each in list(before.items())[:LONGEST]:
            yield each, name.format(key=key)

    def look_at_function(
        self, function: types.FunctionType, far: bool
    ) -> Iterator[tuple[Any, str]]:
        """Note the variables of a function that are not its own: of a closure, and global ones."""
        cells = function.__closure__ or ()
        if cells:
            before, names = [content(cell) for cell in cells], function.__code__.co_freevars

            def put_back() -> None:
                for cell, each in zip(cells, before, strict=True):
                    if each is not MISSING:
                        cell.cell_contents = each

            def now() -> list[Any]:
                return [content(cell) for cell in cells]

            self.kept.append(Kept("{key}", now, before, put_back, far, names))
            yield from zip(before, names, strict=True)
        yield from ((each, function.__name__) for each in function.__defaults__ or ())
        yield from ((each, name) for name, each in (function.__kwdefaults__ or {}).items())
        if not function.__code__.co_filename.startswith(LIBRARIES):
            yield from self.look_at_globals(function, far)

    def look_at_globals(self, function: types.FunctionType, far: bool) -> Iterator[tuple[Any, str]]:
        """Note the global variables that a function names."""
        scope = function.__globals__
        names = tuple(name for name in global_names(function.__code__) if name in scope)
        if names:
            before = [scope[name] for name in names]

            def now() -> list[Any]:
                return [scope.get(name, MISSING) for name in names]

            def put_back() -> None:
                scope.update(zip(names, before, strict=True))

            self.kept.append(Kept("{key}", now, before, put_back, far, names))
            yield from zip(before, names, strict=True)

    def look_at_object(self, thing: Any, name: str, far: bool) -> Iterator[tuple[Any, str]]:
        """Note an array, or the attributes of an object or class that is no library's."""
        numpy = sys.modules.get("numpy")
        if numpy and isinstance(thing, numpy.ndarray):
            if thing.size <= LONGEST:
                refill = functools.partial(numpy.copyto, thing, thing.copy())
                self.kept.append(Kept(name, thing.tobytes, thing.tobytes(), refill, far))
        elif numpy and isinstance(thing, numpy.random.RandomState):
            self.generators.append((thing.get_state, thing.set_state))
        elif numpy and isinstance(thing, numpy.random.Generator):
            source = thing.bit_generator
            read = functools.partial(getattr, source, "state")
            self.generators.append((read, functools.partial(setattr, source, "state")))
        elif isinstance(thing, types.ModuleType):
            return
        elif not is_of_library(thing):
            if type(getattr(thing, "__dict__", None)) is dict:
                yield from self.look_at_dict(vars(thing), f"{name}.{{key}}", far)
            kind = thing if isinstance(thing, type) else type(thing)
            if isinstance(thing, type):
                before = dict(vars(kind))

                def put_back() -> None:
                    for key, each in before.items():
                        if vars(kind).get(key) is not each:
                            setattr(kind, key, each)

                self.kept.append(Kept(f"{name}.{{key}}", lambda: vars(kind), before, put_back, far))
            yield from ((each, each.__name__) for each in functions_of(kind))


def content(cell: Any) -> Any:
    """Return what a closure's cell holds."""
    try:
        return cell.cell_contents
    except ValueError:  # nothing yet
        return MISSING


def global_names(code: types.CodeType) -> list[str]:
    """Return the names that code looks up, that of functions inside of it included."""
    inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return list(
        dict.fromkeys([*code.co_names, *(name for each in inner for name in global_names(each))])
    )


def is_of_library(thing: Any) -> bool:
    """Whether the class of a thing comes from a library, whose insides are its own affair."""
    kind = thing if isinstance(thing, type) else type(thing)
    if kind.__module__ in ("types", "argparse"):  # the namespaces that people keep settings in
        return False
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    if file.startswith((ENGINE, NETWORKS)):
        return isinstance(thing, type)  # a model of ours has a student's parts
    return kind.__module__ == "builtins" or file.startswith(LIBRARIES)


def is_network(thing: Any) -> bool:
    """Whether a thing is one of our models or layers, and not a class that a user wrote."""
    file = getattr(sys.modules.get(type(thing).__module__), "__file__", None) or ""
    return file.startswith(NETWORKS) and hasattr(type(thing), "parameters")


def functions_of(kind: type) -> list[types.FunctionType]:
    """Return the functions of a class that a user wrote, and of the classes that it is based on."""
    return [
        each
        for base in kind.__mro__
        if not is_of_library(base)
        for each in vars(base).values()
        if isinstance(each, types.FunctionType)
    ]


PLAIN = (Value, int, float, complex, str, bytes, type(None), types.BuiltinFunctionType)
