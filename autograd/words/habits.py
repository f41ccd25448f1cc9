"""What people write out of habit from other libraries, and what to write here.

A table for attributes and methods that a Value does not have, one for operators, and one for what
people would like to keep on a Value. ``{x}`` stands for the student's name of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any

NUMBER = "The number of a Value is its data: write {x}.data."
ONE_NUMBER = "A Value is one number and has no shape or axes: make a list of Values."
SEQUENCE = "A Value is one number: write {name}([{x}, ...]) for a sequence of them."
PLACE = "There is only one place to compute: leave .{name} out."
PIECE = (
    "It is flat between its jumps, so its derivative is 0 or undefined everywhere: write "
    "{name}({x}.data) for the number, or f'{{{x}:.2f}}' to print it."
)
MATHEMATICS = {
    "pow": "Write {x} ** 2.0.",
    "power": "Write {x} ** 2.0.",
    "square": "Write {x} ** 2.",
    "reciprocal": "Write 1 / {x}.",
    "rsqrt": "Write 1 / {x}.sqrt().",
    **dict.fromkeys(("abs", "absolute", "fabs"), "Write abs({x})."),
    "negative": "Write -{x}.",
    "neg": "Write -{x}.",
    "add": "Write {x} + other.",
    "sub": "Write {x} - other.",
    "mul": "Write {x} * other.",
    "div": "Write {x} / other.",
    "truediv": "Write {x} / other.",
    "ln": "Write {x}.log().",
    "log2": "Write {x}.log() / math.log(2).",
    "log10": "Write {x}.log() / math.log(10).",
    "exp2": "Write 2 ** {x}.",
    "arcsin": "Write {x}.asin().",
    "arccos": "Write {x}.acos().",
    "arctan": "Write {x}.atan().",
    **dict.fromkeys(("asinh", "arcsinh"), "Write log({x} + hypot({x}, 1.0))."),
    **dict.fromkeys(("acosh", "arccosh"), "Write log({x} + sqrt({x} * {x} - 1.0))."),
    **dict.fromkeys(("atanh", "arctanh"), "Write 0.5 * (log1p({x}) - log1p(-{x}))."),
    "cbrt": "Make it an operation, and write cbrt({x}): cbrt = autograd.operation("
    "lambda y, a: 1 / (3 * y * y), name='cbrt')(math.cbrt).",
    "erf": "Make it an operation, and write erf({x}): erf = autograd.operation("
    "lambda y, a: 2 / math.sqrt(math.pi) * autograd.exp(-a * a), name='erf')(math.erf).",
    "erfc": "Make it an operation, and write erfc({x}): erfc = autograd.operation("
    "lambda y, a: -2 / math.sqrt(math.pi) * autograd.exp(-a * a), name='erfc')(math.erfc).",
    **dict.fromkeys(
        ("normal_cdf", "norm_cdf", "ndtr"),
        "Write normal_cdf({x}), after from autograd.formulas import normal_cdf.",
    ),
    "sign": "Write where({x} > 0, 1.0, -1.0).",
    "swish": "Write {x}.silu().",
    "logistic": "Write {x}.sigmoid().",
    "clip": "Write minimum(maximum({x}, lower), upper).",
    "clamp": "Write minimum(maximum({x}, lower), upper).",
    "max_with": "Write maximum({x}, other).",
    "min_with": "Write minimum({x}, other).",
    "max": "Write maximum({x}, other).",
    "min": "Write minimum({x}, other).",
    "dot": "Write sum(a * b for a, b in zip(first, second)).",
    "matmul": "Write sum(a * b for a, b in zip(first, second)).",
}
READING = {
    **dict.fromkeys(("value", "val", "item", "numpy", "number", "num"), NUMBER),
    **dict.fromkeys(
        ("gradient", "derivative", "deriv"),
        "Call backward() on the result, then read {x}.grad.",
    ),
    **dict.fromkeys(
        ("backprop", "back_prop", "backpropagate", "backwards"), "Write {x}.backward()."
    ),
    "detach": "Write Value({x}.data) for a leaf that is cut off from the graph.",
    "clone": "Write +{x} for a node of its own, through which the gradient passes.",
    "copy": "Write copy.copy({x}).",
    "is_leaf": "Write {x}.op is None.",
    **dict.fromkeys(
        ("grad_fn", "creator"), "{x}.op is what computed it, and {x}.args are its arguments."
    ),
    **dict.fromkeys(
        ("children", "parents", "inputs", "prev", "operands"), "Its arguments are {x}.args."
    ),
    "name": "Its name is {x}.label.",
    **dict.fromkeys(
        ("requires_grad", "requires_grad_"),
        "Nothing is to be switched on: every Value has a gradient, and plain numbers are "
        "constants. Inside `with no_grad():` nothing is recorded.",
    ),
    **dict.fromkeys(("zero_grad", "zero_", "reset_grad"), "Write {x}.grad = 0.0."),
    "step": "Write {x}.data -= 0.1 * {x}.grad, or let an optimizer of nn do it.",
    **dict.fromkeys(("reshape", "view", "flatten", "squeeze", "dim"), ONE_NUMBER),
    **dict.fromkeys(("cpu", "cuda", "to"), PLACE),
    "append": "Make a list: values = [{x}], then values.append(other).",
    **dict.fromkeys(("round", "floor", "ceil", "trunc"), PIECE),
}
SEQUENCES = ("sum", "mean", "softmax", "log_softmax", "logsumexp", "fsum")
FUNCTIONS = ("maximum", "minimum", "hypot", "atan2")
# What programs keep on a parameter or a node, and where it goes.
DICTIONARY = (
    "Keep it in a dict whose keys are the Values: {name} = {{{x}: 0.0}}, and then "
    "{name}[{x}] = 0.9 * {name}[{x}] + {x}.grad."
)
KEPT = {
    **dict.fromkeys(
        ("m", "v", "s", "velocity", "momentum", "moment", "cache", "state", "history", "pos"),
        DICTIONARY,
    ),
    **dict.fromkeys(("value", "val"), "Its number is written as {x}.data = 0.5."),
    "name": "Its name is written as {x}.label = 'speed'.",
    **dict.fromkeys(
        (
            "color",
            "colour",
            "count",
            "delta",
            "depth",
            "frozen",
            "id",
            "index",
            "layer",
            "lr",
            "mask",
            "old",
            "previous",
            "rank",
            "seen",
            "trainable",
            "visited",
        ),
        "Keep it in a dict whose keys are the Values: {name} = {{{x}: 0.0}}, and then {name}[{x}].",
    ),
    "gradient": "Its gradient is written as {x}.grad = 0.0.",
    "requires_grad": READING["requires_grad"],
}
ELSEWHERE = frozenset({*MATHEMATICS, *READING, *SEQUENCES, *FUNCTIONS, *KEPT})
OPERATORS = {
    "^": "In Python a power is written **: write {left} ** {right}.",
    "//": "It is flat between its jumps, so its derivative is 0. Write {left} / {right}, or take "
    "the number: {left_number} // {right_number}.",
    "%": "Only its number can be had: {left_number} % {right_number}. For a gradient through the "
    "rest, write {left} - k * {right} with the whole number k.",
    "divmod": "Only its numbers can be had: divmod({left_number}, {right_number}).",
    "@": "A Value is one number: write {left} * {right}, and for lists "
    "sum(a * b for a, b in zip(first, second)).",
    "&": "Compare numbers, and write `and`: {left} > 0 and {right} > 0.",
    "|": "Compare numbers, and write `or`: {left} > 0 or {right} > 0.",
    "<<": "Write {left} * 2 ** {right}.",
    ">>": "Write {left} / 2 ** {right}.",
}


def user_name(node: Any) -> str:
    """Return what the user calls a node: ``names.user_name``, loaded when there is need of it."""
    from autograd.words import names

    return names.user_name(node)


def did_you_mean(*args: Any, **options: Any) -> str:
    """Return the known name that is nearest: ``suggestions.did_you_mean``, loaded likewise."""
    from autograd.words import suggestions

    return suggestions.did_you_mean(*args, **options)


def no_attribute(node: Any, name: str) -> AttributeError:
    """Return the error for an attribute or a method that a Value does not have."""
    x = user_name(node)
    return AttributeError(f"{x} is a Value and has no {name}. {attribute_advice(x, name)}")


def attribute_advice(x: str, name: str) -> str:
    """Return what to write instead of ``x.name``."""
    if name in SEQUENCES:
        return SEQUENCE.format(x=x, name=name)
    if name in FUNCTIONS:
        return f"It is a function: write {name}({x}, other)."
    advice = MATHEMATICS.get(name) or READING.get(name) or KEPT.get(name, DICTIONARY)
    return advice.format(x=x, name=name)


NAMES = {
    **dict.fromkeys(("Tensor", "Variable", "tensor", "Parameter"), "Write Value(2.0)."),
    **dict.fromkeys(
        ("abs", "round", "pow"), "It is a function of Python's own: leave the autograd. out."
    ),
    "max": "Write maximum(a, b).",
    "min": "Write minimum(a, b).",
    "sum": "Write fsum(values), or Python's own sum(values).",
    "backward": "It is a method: write loss.backward().",
    "numpy": "Write with autograd's own functions: autograd.tanh(x) for numpy.tanh(x).",
    "nn": "Write import nn.",
    "optim": "Optimizers are in nn: write nn.SGD(model.parameters(), lr=0.1).",
    "elementwise_grad": "Write [grad(f)(x) for x in values].",
    "gradient": "Write grad(f)(x).",
    "jit": "Write compile(f).",
    "classroom": "Write import autograd.classroom.",
    "vmap": "Write [f(x) for x in values], or compile(f) for whole batches.",
}


def no_name(name: str, known: Iterable[str], *, imported: bool = False) -> Exception:
    """Return the error for a name that the package does not have, or that cannot be imported."""
    advice = NAMES.get(name) or MATHEMATICS.get(name, "").format(x="x")
    if READING.get(name) == PIECE:
        advice = PIECE.format(x="x", name=f"math.{name}")
    advice = f" {advice}" if advice else did_you_mean(name, known, quoted=False)
    if imported:
        return ImportError(f"cannot import name {name!r} from 'autograd'.{advice}", name="autograd")
    return AttributeError(f"module 'autograd' has no attribute {name!r}.{advice}")


def is_import(frame: FrameType) -> bool:
    """Whether a frame is at ``from module import name``, which drops an AttributeError's words."""
    from opcode import opmap  # loaded when there is need of it

    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def no_place(node: Any, name: str) -> AttributeError:
    """Return the error for writing an attribute that a Value does not have."""
    x = user_name(node)
    advice = KEPT.get(name, DICTIONARY).format(x=x, name=name)
    return AttributeError(
        f"{x} is a Value and has no place for {name}: it holds data, grad and label only. {advice}"
    )


def no_operator(symbol: str, left: Any, right: Any) -> TypeError:
    """Return the error for an operator that Values do not have."""
    names = {}
    for side, operand in (("left", left), ("right", right)):
        is_value = hasattr(operand, "apply_op")
        names[side] = user_name(operand) if is_value else str(operand)[:24]
        names[f"{side}_number"] = f"{names[side]}.data" if is_value else names[side]
    advice = OPERATORS[symbol].format(**names)
    if symbol == "divmod":
        return TypeError(
            f"divmod({names['left']}, {names['right']}) of a Value has no gradient. {advice}"
        )
    return TypeError(
        f"{names['left']} {symbol} {names['right']}: Values have no operator {symbol}. {advice}"
    )


def no_complement(node: Any) -> TypeError:
    """Return the error for ``~v``."""
    x = user_name(node)
    return TypeError(
        f"~{x}: Values have no operator ~. Compare its number, and write `not`: not {x} > 0. "
        f"Its negative is -{x}."
    )


def no_members(node: Any) -> TypeError:
    """Return the error for ``2.0 in v``."""
    x = user_name(node)
    return TypeError(
        f"{x} is a Value, which is one number and holds no others: `in` needs a list. Compare its "
        f"number, as in {x}.data == 2.0."
    )


def no_block(node: Any) -> TypeError:
    """Return the error for ``with v:``."""
    return TypeError(
        f"{user_name(node)} is a Value, and `with` needs a block such as no_grad(): write "
        "with no_grad():"
    )


def not_smooth(node: Any, function: str) -> TypeError:
    """Return the error for a function that jumps, such as ``round``."""
    x = user_name(node)
    return TypeError(
        f"{function}() of a Value would lose its gradient silently. "
        f"{PIECE.format(x=x, name=function)}"
    )


def method_of_none(node: Any, name: str, more: tuple[Any, ...]) -> TypeError:
    """Return the error for ``v.log(2)``: something in the parentheses of a method without any."""
    x = user_name(node)
    base = more[0] if isinstance(more[0], int | float) else "base"
    advice = f"write {x}.{name}()"
    if name == "log":
        advice += f", and for another base {x}.log() / math.log({base})"
    return TypeError(f"{x}.{name}() takes nothing in its parentheses: {advice}.")


def not_built_by_hand(
    data: Any, more: tuple[Any, ...], named: Mapping[str, Any] | None = None
) -> TypeError:
    """Return the error for ``Value(data, children, op)``, as other engines make their nodes."""
    if len(more) == 1 and isinstance(more[0], str):
        return TypeError(f"a label is given by its name: write Value({data!r}, label={more[0]!r}).")
    unknown = next((name for name in named or () if name not in MADE_FROM), "")
    if unknown:
        return TypeError(
            f"Value() takes a number and a label, and no {unknown}: write "
            f"{LEAF.get(unknown, NO_MORE).format(data=data, given=(named or {})[unknown])}"
        )
    return TypeError(
        "Value() makes leaves: Value(2.0, label='x'). A node is made by an operation, which knows "
        f"its derivative. {OWN_NODE}"
    )


MADE_FROM = {"_children", "children", "_op", "op", "_prev", "prev", "parents", "args"}
NO_MORE = "Value({data!r}, label='x')."
LEAF = {
    "name": "Value({data!r}, label={given!r}).",
    "requires_grad": "Value({data!r}) for a leaf, which has a gradient, and a plain number for a "
    "constant.",
    "grad": "v = Value({data!r}), and then v.grad = {given!r}.",
}
OWN_NODE = (
    "For an operation of your own, give its value and its partial derivative: "
    "square = autograd.operation(lambda y, a: 2 * a, name='square')(lambda a: a * a); then "
    "square(x) is the node."
)


# What backward() takes besides elsewhere.
OPTIONS = {
    "retain_graph": "The graph stays until nothing uses it any more: write {x}.backward().",
    "create_graph": "For a derivative of a derivative write grad(grad(f))(2.0).",
    **dict.fromkeys(("gradient", "grad", "grad_tensors"), "Write {x}.backward({given!r})."),
}


def no_option(node: Any, options: Mapping[str, Any]) -> TypeError:
    """Return the error for an option that ``backward()`` has in other libraries."""
    name, given = next(iter(options.items()))
    x = user_name(node)
    advice = OPTIONS.get(name, "Write {x}.backward().").format(x=x, given=given)
    return TypeError(f"{x}.backward() takes a seed only, and no {name}. {advice}")


def derivative_is_fixed(node: Any) -> AttributeError:
    """Return the error for writing ``node._backward``, as other engines define derivatives."""
    return AttributeError(
        f"the _backward of {user_name(node)} cannot be written: its derivative is that of its "
        f"operation. {OWN_NODE}"
    )
