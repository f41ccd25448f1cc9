"""Refusals: what a plain number can do and a Value cannot, each with what to write instead.

``Value`` inherits from it, so that ``value.py`` holds what a Value can do. A refusal costs nothing
until it is met: Python looks here only for what it has not found on the Value.
"""

from __future__ import annotations

from typing import Any, NoReturn

from autograd.words.habits import (
    ELSEWHERE,
    attribute_advice,
    no_attribute,
    no_block,
    no_complement,
    no_members,
    no_operator,
    no_place,
    not_smooth,
)


class Elsewhere:
    """A name that a Value has in other libraries, and not here: reading and writing give advice.

    A subclass of Value with a ``__dict__`` has room for it, and keeps it there. (A ``__getattr__``
    would be shorter, and make every attribute of every Value slower to read.)
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.__doc__ = attribute_advice("v", name)

    def __get__(self, node: Any, kind: type | None = None) -> Any:
        if node is None:
            raise AttributeError(self.name)
        held = getattr(node, "__dict__", {})
        if self.name in held:
            return held[self.name]
        raise no_attribute(node, self.name)

    def __set__(self, node: Any, thing: Any) -> None:
        if not hasattr(node, "__dict__"):
            raise no_place(node, self.name)
        node.__dict__[self.name] = thing

    def __delete__(self, node: Any) -> None:
        getattr(node, "__dict__", {}).pop(self.name, None)


def operator(symbol: str, *, reflected: bool = False) -> Any:
    """Return the method that refuses an operator."""

    def refuse(self: Any, other: Any) -> NoReturn:
        raise no_operator(symbol, *((other, self) if reflected else (self, other)))

    return refuse


def whole(error: Any) -> Any:
    """Return the method that refuses what has to do with the node alone, such as ``~v``."""

    def refuse(self: Any, *_: Any) -> NoReturn:
        raise error(self)

    return refuse


def jump(function: str) -> Any:
    """Return the method that refuses a function that jumps."""

    def refuse(self: Any, *_: Any) -> NoReturn:
        raise not_smooth(self, function)

    return refuse


def conversion(how: str) -> Any:
    """Return the method that refuses a conversion to a plain number."""

    def refuse(self: Any) -> NoReturn:
        from autograd.words.errors import loses_gradient  # loaded when there is need of it

        raise loses_gradient(how, self)

    return refuse


class Refusals:
    """What Values refuse."""

    __slots__ = ()

    __bool__ = conversion("bool()")
    __float__ = conversion("float(), and so a function of the math module,")
    __int__ = conversion("int()")
    __complex__ = conversion("complex()")
    as_integer_ratio = conversion("statistics.mean(), here autograd.mean(),")

    __round__ = jump("round")
    __floor__, __ceil__, __trunc__ = map(jump, ("math.floor", "math.ceil", "math.trunc"))

    __xor__, __rxor__ = operator("^"), operator("^", reflected=True)
    __mod__, __rmod__ = operator("%"), operator("%", reflected=True)
    __floordiv__, __rfloordiv__ = operator("//"), operator("//", reflected=True)
    __divmod__, __rdivmod__ = operator("divmod"), operator("divmod", reflected=True)
    __matmul__, __rmatmul__ = operator("@"), operator("@", reflected=True)
    __and__, __rand__ = operator("&"), operator("&", reflected=True)
    __or__, __ror__ = operator("|"), operator("|", reflected=True)
    __lshift__, __rlshift__ = operator("<<"), operator("<<", reflected=True)
    __rshift__, __rrshift__ = operator(">>"), operator(">>", reflected=True)
    __invert__ = whole(no_complement)

    # Not among them: __len__, __getitem__ and __iter__, by which NumPy and others would take a
    # Value for a sequence, and __call__, by which every ``callable(v)`` would be true.
    __contains__ = whole(no_members)
    __enter__ = __exit__ = whole(no_block)

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if name not in ELSEWHERE]


for name in ELSEWHERE:
    setattr(Refusals, name, Elsewhere(name))
