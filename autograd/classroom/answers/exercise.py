"""Exercise: a question, and all that ``check`` needs to judge an answer."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograd.backward import adjoints
from autograd.graph import topological_order
from autograd.value import Value
from autograd.words.names import names_of_user

Asks = Literal["gradients", "values"]


@dataclass(frozen=True)
class AtLeast:
    """What is expected where anything from a number upwards is right, such as an accuracy.

    >>> Exercise("the accuracy on the test set", AtLeast(0.95)).expected
    AtLeast(number=0.95)
    """

    number: float


@dataclass(frozen=True, eq=False, init=False)
class Exercise:
    """A question with what is expected: for ``check(exercise, answer)``.

    ================== ===========================================================================
    ``expected``       a right answer is
    ================== ===========================================================================
    a number           that number, in any form; with ``decimals``, right to so many decimals
    a word, a bool     that word, whatever its capitals, or that bool
    a list, a dict     the same of each of its parts
    ``AtLeast(0.95)``  0.95 or more
    a ``Seal``         what was sealed: the notebook does not contain it
    a function         a function that gives the same numbers between the ends of ``domain``
    nothing            with a ``graph``, the gradient of that Value by each leaf that has a name;
                       ``by=a``, or a question that ends in ``/da``, asks for that one, and
                       ``asks="values"`` for every named number
    ================== ===========================================================================

    Of a step of gradient descent, ``before`` has the number, or the numbers by name, that it starts
    from: an answer on their other side is named as a step uphill.

    With a ``graph``, a wrong gradient is traced to the mistake that leads to it. The ``hint`` goes
    with every wrong answer.

    Raises TypeError if there is neither an expectation nor a graph.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> Exercise("the gradients of a*b + a", graph=a * b + a).expected
    {'a': -2.0, 'b': 2.0}
    """

    question: str
    expected: Any
    hint: str
    graph: Value | None
    asks: Asks
    decimals: int | None
    domain: tuple[float, float]
    before: float | Mapping[str, float] | None
    nodes: Mapping[str, Value]  # those of the graph that an answer may name

    def __init__(
        self,
        question: str,
        expected: Any = None,
        *,
        hint: str = "",
        graph: Value | None = None,
        by: Value | None = None,
        asks: Asks = "gradients",
        decimals: int | None = None,
        domain: tuple[float, float] = (-2.0, 2.0),
        before: float | Mapping[str, float] | None = None,
    ) -> None:
        if graph is not None and not isinstance(graph, Value):
            raise TypeError(
                f"graph takes the Value whose gradients are asked for, not {type(graph).__name__}."
            )
        nodes = {} if graph is None else named_nodes(graph)
        by = asked_by(question, nodes) if by is None else by
        if by is not None:
            nodes = {"": by}
        if expected is None:
            expected = of_graph(graph, nodes, asks)
        if list(by_name(expected)) == [""]:  # one number, of no node if the question names none
            nodes = {} if by is None else nodes
            expected = by_name(expected)[""]
        content = {
            "question": question, "expected": expected, "hint": hint, "graph": graph, "asks": asks,
            "decimals": decimals, "domain": domain, "before": before, "nodes": nodes,
        }  # fmt: skip
        for name, value in content.items():  # the class is frozen, so the plain way is closed
            object.__setattr__(self, name, value)

    @property
    def of_gradients(self) -> bool:
        """Whether it asks for gradients of nodes of its graph, so that mistakes can be traced."""
        return bool(self.nodes) and self.asks == "gradients"

    def __repr__(self) -> str:
        return f"Exercise({self.question!r})"

    def _repr_html_(self) -> str:
        return f"<p><b>Exercise.</b> {html.escape(self.question)}</p>"


def asked_by(question: str, nodes: Mapping[str, Value]) -> Value | None:
    """Return the node that a question such as ``d(loss)/da`` names at its end, if any.

    >>> asked_by("What is d(loss)/da?", {"a": Value(2.0, label="a")})
    Value(data=2.0, grad=0.0, label='a')
    """
    found = re.search(r"/\s*[d\N{PARTIAL DIFFERENTIAL}]\s*(\([^()]+\)|\S+?)[\s.?:]*$", question)
    return nodes.get(found[1].strip("()")) if found else None


def named_nodes(graph: Value) -> dict[str, Value]:
    """Return the nodes of a graph that have a label, or a name where the exercise is made."""
    names = names_of_user(Value)
    found: dict[str, Value] = {}
    for node in topological_order(graph):
        name = node.label or names.get(node)
        if name:
            found.setdefault(str(name), node)
    return found


def of_graph(graph: Value | None, nodes: Mapping[str, Value], asks: Asks) -> dict[str, float]:
    """Return the right answer to a question about a graph, by the names of its nodes."""
    if graph is None:
        raise TypeError(
            "an Exercise needs what is expected, or the graph that is asked about: "
            'Exercise("d(loss)/da", expected=-3.0) or Exercise("the gradients", graph=loss).'
        )
    if asks == "values":
        return {name: node.data for name, node in nodes.items() if node.op is not None}
    # A question about an inner node alone, d(loss)/du, is about that node.
    leaves = {name: node for name, node in nodes.items() if node.op is None} or dict(nodes)
    if not leaves:
        raise TypeError(
            "no leaf of this graph has a name to ask for: write Value(2.0, label='a'), or keep the "
            "leaf in a variable."
        )
    found = adjoints(graph, list(leaves.values()))
    return {name: float(found.get(node, 0.0)) for name, node in leaves.items()}


def by_name(expected: Any, name: str = "") -> dict[str, Any]:
    """Return the expectations of a nested list or dict by their names, such as ``w[0]``.

    >>> by_name({"w": [1.0, 2.0], "b": 3.0}), by_name(5.0)
    ({'w[0]': 1.0, 'w[1]': 2.0, 'b': 3.0}, {'': 5.0})
    """
    if isinstance(expected, Mapping):
        pairs = [(f"{name}.{key}" if name else str(key), part) for key, part in expected.items()]
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        pairs = [(f"{name}[{place}]", part) for place, part in enumerate(expected)]
    else:
        return {name: expected}
    return {key: part for below, inside in pairs for key, part in by_name(inside, below).items()}
