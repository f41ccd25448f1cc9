"""What to write instead: formulas that overflow, or round to 0, before they reach their end.

A pattern reads the graph alone. It recognises ``1 / (1 + exp(-x))``, say, by the operations, and
answers with the function that gives the same number at every x. ``hint`` is the door.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.formulas.domains import DOMAINS
from autograd.graph import numbers, topological_order
from autograd.machinery import modes

Call = Callable[[Any], str]  # what to call a node
MANY = 100  # no pattern looks at more terms of a sum

ADVICE = {
    "log": "For the log of a probability use log_sigmoid or log_softmax. Where x may be 0, give "
    "where() functions: where(x > 0, lambda: log(x), lambda: 0.0).",
    "sqrt": "Where x may be 0, write sqrt(x + 1e-12), or give where() functions: "
    "where(x > 0, lambda: sqrt(x), lambda: 0.0).",
    "/": "Where b may be 0, write a / (b + 1e-12) for b >= 0, or give where() functions: "
    "where(b.data != 0, lambda: a / b, lambda: 0.0).",
}
# Where an operation is defined, and its derivative finite to mathematics.
INSIDE: dict[str, Callable[..., bool]] = {
    "/": lambda a, b: b != 0,
    "log": lambda a: a > 0,
    "log1p": lambda a: a > -1,
    "**": lambda a, b: a > 0,
    "atan2": lambda a, b: a != 0 or b != 0,
}
REASONS = {
    "sigmoid": "it cannot overflow",
    "softmax": "it cannot overflow",
    "softplus": "it cannot overflow",
    "logsumexp": "it cannot overflow",
    "hypot": "its squares cannot overflow, and it has a gradient at 0",
    "log1p": "it keeps the digits of a tiny number",
    "expm1": "it keeps the digits of a tiny number",
    "log_sigmoid": "it never takes the log of a probability that was rounded to 0",
    "log_softmax": "it never takes the log of a probability that was rounded to 0",
}


class Better(NamedTuple):
    """The function that replaces a formula, and the nodes of the graph that are the formula's."""

    name: str
    argument: str
    formula: str
    nodes: Sequence[Any] = ()

    def __str__(self) -> str:
        reason = REASONS[self.name]
        return f"Use {self.name}({self.argument}) for {self.formula}: {reason}."


def is_made_by(operand: Any, *ops: str) -> bool:
    """Whether the operand is a node that one of these operations made."""
    return type(operand) is not float and operand.op is not None and operand.op.name in ops


def is_number(operand: Any, number: float) -> bool:
    """Whether the operand is this constant."""
    return type(operand) is float and operand == number


def closed(text: str) -> str:
    """Return a formula as it may stand beside an operator: in parentheses, but for one word."""
    return f"({text})" if " " in text or text.startswith("-") else text


def addends(node: Any) -> tuple[list[Any], list[Any]]:
    """Return the terms of nested sums, without zeros, and the nodes that add them."""
    terms: list[Any] = []
    sums: list[Any] = []
    stack = [node]
    while stack and len(terms) < MANY:
        each = stack.pop()
        if is_made_by(each, "+", "sum"):
            sums.append(each)
            stack.extend(each.args[:MANY][::-1])
        elif not is_number(each, 0.0):
            terms.append(each)
    return terms, sums


class Exponentials:
    """The sum of exponentials, and perhaps of one 1, that a node is; false if it is none."""

    def __init__(self, node: Any) -> None:
        terms, sums = addends(node)
        exponentials = [term for term in terms if is_made_by(term, "exp")]
        ones = sum(is_number(term, 1.0) for term in terms)
        self.powers = [term.first for term in exponentials]
        self.nodes = sums + exponentials
        self.is_logistic = ones == 1 and len(terms) == 2 and len(exponentials) == 1
        self.is_sum = ones <= 1 and len(terms) == ones + len(exponentials) > 1

    def __bool__(self) -> bool:
        return self.is_sum


def quotient(args: Sequence[Any], call: Call) -> Better | None:
    """Recognise sigmoid and softmax written out."""
    top, found = args[0], Exponentials(args[1])
    if not found:
        return None
    u = found.powers[0]
    if found.is_logistic and is_number(top, 1.0):
        argument = call(u.first) if is_made_by(u, "neg") else f"-{closed(call(u))}"
        return Better("sigmoid", argument, f"1 / (1 + exp({call(u)}))", found.nodes)
    if not is_made_by(top, "exp") or top.first not in found.powers:
        return None
    nodes = [*found.nodes, top]
    if found.is_logistic:
        return Better("sigmoid", call(u), f"exp({call(u)}) / (1 + exp({call(u)}))", nodes)
    return Better("softmax", "[a, b, ...]", "exp(a) / (exp(a) + exp(b) + ...)", nodes)


def logarithm(args: Sequence[Any], call: Call) -> Better | None:
    """Recognise the logarithm of a probability, and of a sum of exponentials."""
    inner, found = args[0], Exponentials(args[0])
    if found.is_logistic:
        u = call(found.powers[0])
        return Better("softplus", u, f"log(1 + exp({u}))", found.nodes)
    if found:
        return Better("logsumexp", "[a, b, ...]", "log(exp(a) + exp(b) + ...)", found.nodes)
    probability = quotient(inner.args, call) if is_made_by(inner, "/") else None
    if is_made_by(inner, "sigmoid"):
        probability = Better("sigmoid", call(inner.first), "")
    elif is_made_by(inner, "softmax"):
        probability = Better("softmax", "[a, b, ...]", "")
    if probability is None:
        return None
    name, argument, _, nodes = probability
    return Better(f"log_{name}", argument, f"log({name}({argument}))", [inner, *nodes])


def root(args: Sequence[Any], call: Call) -> Better | None:
    """Recognise the length of a vector in the plane."""
    terms, sums = addends(args[0])
    sides = [
        term.first
        for term in terms
        if (is_made_by(term, "*") and term.first is term.second)
        or (is_made_by(term, "**") and is_number(term.second, 2.0))
    ]
    if len(terms) != 2 or len(sides) != 2:
        return None
    a, b = map(call, sides)
    squares = f"{closed(a)}**2 + {closed(b)}**2"
    return Better("hypot", f"{a}, {b}", f"sqrt({squares})", [*sums, *terms])


def denominator(args: Sequence[Any], call: Call) -> Better | None:
    """Recognise a denominator that is 0 only because its digits were lost."""
    below = args[1]
    if is_made_by(below, "sqrt"):
        return root(below.args, call)
    logged = below.first if is_made_by(below, "log") else None
    terms = addends(logged if logged is not None else below)[0]
    if is_made_by(below, "-") and is_number(below.second, 1.0):
        terms = [below.first, -1.0]
    if len(terms) != 2 or sum(type(term) is float for term in terms) != 1:
        return None
    constant, u = sorted(terms, key=lambda term: type(term) is not float)
    if logged is not None and constant == 1.0:
        return Better("log1p", call(u), f"log(1 + {call(u)})")
    if logged is None and constant == -1.0 and is_made_by(u, "exp"):
        return Better("expm1", call(u.first), f"exp({call(u.first)}) - 1")
    return None


def reciprocal(args: Sequence[Any], call: Call) -> Better | None:
    """Recognise a quotient that is written as a power of -1."""
    return quotient((1.0, args[0]), call) if is_number(args[1], -1.0) else None


PATTERNS = {"/": quotient, "**": reciprocal, "log": logarithm, "sqrt": root}


def hint(
    op: Any, args: Sequence[Any], call: Call, *, above: Sequence[Any] = (), huge: bool = False
) -> str:
    """Return what to write instead of an operation that failed, or gave no finite number.

    ``above`` is the path from its node to the root, where the graph goes on; the widest formula
    that both are part of counts. ``huge`` says that its result is too large for a float.
    """
    for operand in args:
        number = operand if type(operand) is float else operand.data
        if not math.isfinite(number) and type(operand) is not float:
            return f"autograd.explain({call(operand)}) tells where {number!r} came in."
    found = recognised(op, args, call, above)
    if not (found or huge) and op.name in INSIDE and INSIDE[op.name](*numbers(args)):
        return near_the_edge(op, args, call)
    parts = ["" if huge and op.name != "exp" else DOMAINS.get(op.name, "")]
    parts.append(str(found) if found else usual_advice(op, args, call, huge=huge))
    if huge and not (found and above):
        parts.append(too_large(args, call))
    return " ".join(filter(None, parts))


def recognised(op: Any, args: Sequence[Any], call: Call, above: Sequence[Any]) -> Better | None:
    """Return the function for the widest formula that an operation is part of, if one is known."""
    found = PATTERNS[op.name](args, call) if op.name in PATTERNS else None
    if op.name == "/" and not found:
        found = denominator(args, call)
    for node in above[1:6]:
        wider = PATTERNS[node.op.name](node.args, call) if node.op.name in PATTERNS else None
        if wider and above[0] in wider.nodes:
            found = wider
    return found


def usual_advice(op: Any, args: Sequence[Any], call: Call, *, huge: bool) -> str:
    """Return what to write instead of an operation whose formula is not known."""
    if op.name == "exp":
        return about_exp(args[0], call)
    if not huge:
        return ADVICE.get(op.name, "")
    if (op.name == "*" and args[0] is args[1]) or (op.name == "**" and is_number(args[1], 2.0)):
        return "For sqrt(a*a + b*b) there is hypot(a, b), which does not square."
    return ""


def near_the_edge(op: Any, args: Sequence[Any], call: Call) -> str:
    """Return why a derivative is too large for a float, though the operation is defined there."""
    x = call(args[1] if op.name == "/" else args[0])
    power = "square" if op.name == "/" else "reciprocal"
    why = f"{x} is not 0, but so small that its {power} leaves the range of floats"
    if op.name not in ("/", "log"):
        why = f"{x} is so near to where {op.name} ends that its derivative leaves the floats"
    return f"{why}. Scale the numbers, or add a small one: {x} + 1e-12."


def about_exp(u: Any, call: Call) -> str:
    """Return what to write instead of an exponential of which the rest is not known yet."""
    x = call(u.first) if is_made_by(u, "neg") else "x"
    exponent = f"-{x}" if is_made_by(u, "neg") else "x"
    logistic = f"1 / (1 + exp({exponent}))" if exponent != "x" else "exp(x) / (1 + exp(x))"
    return (
        f"Use sigmoid({x}) for {logistic}, softplus({exponent}) for log(1 + exp({exponent})), "
        "logsumexp or log_softmax for sums of exponentials: they do not overflow."
    )


def too_large(args: Sequence[Any], call: Call) -> str:
    """Return where the size of the numbers may have come from."""
    nodes = [argument for argument in args if type(argument) is not float]
    leaves = [node for node in topological_order(*nodes) if node.op is None]
    largest = max(leaves, key=lambda leaf: abs(leaf.data), default=None)
    source = ""
    if largest is not None and abs(largest.data) > 100.0 and largest not in nodes:
        name, number = call(largest), repr(largest.data)
        same = name in (number, f"{largest.data:g}")
        source = f"The largest number that it was computed from is {name}"
        source += "." if same else f" = {number}."
    if modes.writes:
        advice = "In a training loop, take a smaller learning rate, or normalise the inputs."
    else:
        advice = "Scale the numbers: normalise the inputs, or take smaller weights."
    return f"{source} {advice}".strip()
