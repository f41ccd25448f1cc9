"""Expressions typed as text, such as ``tanh(w*x + b)``: read safely, without ``eval``.

Python's own parser makes the tree; only arithmetic, comparisons and this package's functions are
then carried out, so a text can compute and can do nothing else.
"""

from __future__ import annotations

import ast
import math
import operator
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd import formulas
from autograd.rules import OPS
from autograd.story.typed_mathematics import OTHER_FUNCTIONS, advice_on_text, advice_on_tree
from autograd.value import Value
from autograd.words.errors import undefined
from autograd.words.suggestions import did_you_mean


class ExpressionError(ValueError):
    """The text is not an expression that can be computed; the message points at the place."""


def raised(base: Any, exponent: Any) -> Any:
    """Return ``base**exponent``; of two floats as of Values, so that no root of -8 is complex."""
    if isinstance(base, Value) or isinstance(exponent, Value):
        return base**exponent
    row, operands = OPS["**"], (float(base), float(exponent))
    try:
        return row.on_numbers(*operands)
    except (ValueError, ArithmeticError) as error:
        raise undefined(row, operands, error) from None


OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: raised,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
OF_SEQUENCES = ("fsum", "logsumexp", "mean")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(formulas, name)
    for name in (
        *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"),
        *("atan2", "sinh", "cosh", "tanh", "sigmoid", "relu", "leaky_relu", "elu", "gelu", "silu"),
        *("softplus", "log_sigmoid", "maximum", "minimum", "hypot", "where"),
    )
} | {"abs": abs, "max": formulas.maximum, "min": formulas.minimum}


def of_operands(name: str) -> Callable[..., Any]:
    """Return the function of a list as a function of its members: ``mean(x, y)``."""

    def function(*values: Any) -> Any:
        return getattr(formulas, name)(values)

    function.__qualname__ = name
    return function


FUNCTIONS |= {name: of_operands(name) for name in OF_SEQUENCES}
FUNCTIONS["sum"] = FUNCTIONS["fsum"]
CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(text: str, numbers: Mapping[str, float]) -> tuple[Value, dict[str, Value]]:
    """Return the Value of the expression, and the Value of each variable by its name.

    ``numbers`` gives the variables their numbers. Every variable of the expression needs one, and
    every name given must occur. As in Python, names that look alike are one name (NFKC): the micro
    sign of a keyboard and the Greek letter mu.

    >>> root, variables = evaluate("tanh(w*x + b)", {"w": 0.5, "x": 2.0, "b": -1.0})
    >>> root.backward()
    >>> root.data, variables["w"].grad
    (0.0, 2.0)
    >>> evaluate("__import__('os')", {})
    Traceback (most recent call last):
    autograd.story.read_expression.ExpressionError: __import__ is no function of the engine.
        __import__('os')
        ^
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
        spelled = {unicodedata.normalize("NFKC", name): each for name, each in numbers.items()}
        variables = {name: Value(number, label=name) for name, number in spelled.items()}
        reader = Reader(text.strip(), variables)
        result = reader.read(tree.body)
    except SyntaxError as error:
        place = max((error.offset or 1) - 1, 0)  # in letters, where a tree has bytes
        line = text_line(text.strip(), error.lineno or 1)
        advice = f"this is not an expression.{advice_on_text(text.strip(), FUNCTIONS)}"
        raise ExpressionError(pointed(line, place, advice)) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression is nested too deeply.") from None
    unused = variables.keys() - reader.used
    if unused:
        raise ExpressionError(
            f"{', '.join(sorted(unused))} got a number but does not occur in {text.strip()}."
        )
    if not isinstance(result, Value):
        raise ExpressionError(f"{text.strip()} has no variable: there is nothing to differentiate.")
    return result, variables


def text_line(text: str, number: int) -> str:
    """Return a line of a text; the first one has the number 1."""
    return "".join(text.splitlines()[number - 1 : number])


def pointed(line: str, place: int, message: str) -> str:
    """Return the message with the line below it and a mark under the letter it is about."""
    start = max(place - 60, 0)
    return f"{message}\n    {line[start : start + 100]}\n    {' ' * columns(line[start:place])}^"


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese letter two, an accent none.

    >>> columns("ab"), columns("漢字"), columns("e\N{COMBINING ACUTE ACCENT}")
    (2, 4, 1)
    """
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


class Reader:
    """Carries out the tree of one expression."""

    def __init__(self, text: str, variables: Mapping[str, Value]) -> None:
        self.text = text
        self.variables = variables
        self.used: set[str] = set()

    def wrong(self, node: ast.expr, message: str) -> ExpressionError:
        """Return the error about one place of the text."""
        return ExpressionError(self.marked(node, message))

    def marked(self, node: ast.expr, message: str) -> str:
        """Return the message with the text below it and a mark under the place of a node."""
        line = text_line(self.text, node.lineno)
        place = len(line.encode()[: node.col_offset].decode())  # the tree counts bytes
        return pointed(line, place, message)

    def read(self, node: ast.expr) -> Any:
        """Return what a part of the tree computes: a Value, a float or, of a comparison, a bool."""
        match node:
            case ast.Constant(value=int() | float() as constant) if not isinstance(constant, bool):
                return self.constant(node, constant)
            case ast.Name(id=name):
                return self.variable(node, name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self.computed(node, OPERATORS[type(op)], [left, right])
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return self.computed(node, OPERATORS[type(op)], [operand])
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return self.computed(node, OPERATORS[type(op)], [left, right])
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=named):
                return self.called(node, name, arguments, named)
            case ast.BinOp(op=ast.BitXor()):
                raise self.wrong(node, "write a power as a**b: ^ means something else in Python.")
        raise self.wrong(
            node,
            "only numbers, variables, + - * / **, comparisons and the engine's functions may be "
            f"used here.{advice_on_tree(node)}",
        )

    def constant(self, node: ast.expr, constant: float) -> float:
        """Return a written number as a float."""
        try:
            converted = float(constant)
        except OverflowError:
            converted = math.inf
        if math.isinf(converted):
            raise self.wrong(node, "this number is too large for a float.")
        return converted

    def variable(self, node: ast.expr, name: str) -> Any:
        """Return the Value of a variable, or a constant of mathematics."""
        if name in self.variables:
            self.used.add(name)
            return self.variables[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in FUNCTIONS:
            raise self.wrong(node, f"{name} is a function: write {name}(...).")
        advice = "" if name.isascii() else advice_on_text(name, FUNCTIONS)  # x·y is one name
        advice = advice.strip() or f"add {name}=1.5, say, behind the expression."
        raise self.wrong(node, f"{name} has no number: {advice}")

    def called(
        self, node: ast.expr, name: str, arguments: list[ast.expr], named: list[ast.keyword]
    ) -> Any:
        """Return the result of one of the engine's formulas."""
        if name not in FUNCTIONS:
            advice = OTHER_FUNCTIONS.get(name) or did_you_mean(name, FUNCTIONS, quoted=False)
            if name in self.variables:
                advice = f" Write * between them: {name}*(...)."
            raise self.wrong(node, f"{name} is no function of the engine.{advice}")
        if not arguments and not named:
            raise self.wrong(node, f"{name}() is of nothing: write {name}(x), say.")
        if any(each.arg is None for each in named):
            raise self.wrong(node, f"write each argument out, as in {name}(x): ** is a power here.")
        return self.computed(node, FUNCTIONS[name], arguments, named)

    def computed(
        self,
        node: ast.expr,
        function: Callable[..., Any],
        arguments: list[ast.expr],
        named: Iterable[ast.keyword] = (),
    ) -> Any:
        """Return the function of the arguments, with its errors pointing at the place."""
        operands = [self.read(argument) for argument in arguments]
        options = {str(each.arg): self.read(each.value) for each in named}
        try:
            return function(*operands, **options)
        except TypeError as error:
            raise self.wrong(node, str(error)) from None
        except (ValueError, ArithmeticError) as error:
            raise type(error)(self.marked(node, str(error))) from None
