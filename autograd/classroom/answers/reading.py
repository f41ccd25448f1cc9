"""Reading an answer, in whatever form a student writes it: the value counts, never the form."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from autograd.classroom.answers.exercise import by_name
from autograd.formulas.dispatch import number
from autograd.story.read_expression import Reader
from autograd.value import Value

SIGNS = {
    ord("\N{MINUS SIGN}"): "-",
    ord("\N{EN DASH}"): "-",
    ord("\N{MIDDLE DOT}"): "*",
    ord("\N{MULTIPLICATION SIGN}"): "*",
    ord("\N{DIVISION SIGN}"): "/",
}


NO_ANSWER = "There is no answer yet: write yours in its place."


class UnreadableAnswerError(ValueError):
    """The answer is none yet, or of a form that cannot be read; the message says what to write."""


def number_of(answer: Any, *, gradient: bool = False) -> float:
    """Return the number of an answer.

    It may be a number of any library, a fraction or an expression as text, or a Value, which stands
    for its number and, with ``gradient``, for its gradient.

    Raises UnreadableAnswerError for anything else, and for no answer yet.

    >>> number_of("3/4"), number_of("2*3"), number_of("0,5"), number_of("95 %")
    (0.75, 6.0, 0.5, 0.95)
    """
    if is_blank(answer):
        raise UnreadableAnswerError(NO_ANSWER)
    if isinstance(answer, Value):
        return float(answer.grad if gradient else answer.data)
    if isinstance(answer, str):
        return number_in(answer)
    if isinstance(answer, Decimal):
        return float(answer)
    if getattr(answer, "shape", None) is not None and getattr(answer, "size", 0) == 1:
        answer = answer.item()  # an array of one number
    # True is 1 to Python, and no answer to "how much?".
    read = None if isinstance(answer, bool) else number(answer)
    if read is None:
        raise UnreadableAnswerError(
            f"A number is asked for here, not {article(type(answer).__name__)}."
        )
    return read


def is_blank(answer: Any) -> bool:
    """Whether there is no answer yet: None, three dots, or a text without a sign in it."""
    return answer is None or answer is ... or (isinstance(answer, str) and not answer.strip())


def number_in(text: str) -> float:
    """Return the number that a text such as ``3/4`` or ``tanh(0.5)`` comes to."""
    written = text.strip().translate(SIGNS)
    percent = written.endswith("%")
    written = re.sub(r"(?<=\d),(?=\d+$)", ".", written.rstrip("% "))  # a decimal comma
    # The reader of typed expressions can compute and do nothing else: no answer is evaluated.
    try:
        read = Reader(written, {}).read(ast.parse(written, mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        read = None
    value = None if isinstance(read, bool) else number(read)
    if value is None:
        raise UnreadableAnswerError(
            f"{text.strip()[:40]!r} cannot be read as a number: write 0.75, 3/4 or 2*3, say."
        )
    return value / 100 if percent else value


def article(noun: str) -> str:
    """Return the noun with a or an before it."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def answers_by_name(answer: Any, *, gradient: bool = False) -> dict[str, Any]:
    """Return the parts of an answer by their names: of one number, that under no name.

    The keys of a dict may be Values with a label, and names such as ``a.grad`` where a ``gradient``
    is asked for; there, a list of Values with labels is read as a dict.

    >>> answers_by_name({"a": 1, "b": "1/2"}), answers_by_name([3, 4])
    ({'a': 1, 'b': '1/2'}, {'[0]': 3, '[1]': 4})
    """
    if isinstance(answer, Mapping):
        names = [key.label if isinstance(key, Value) else str(key) for key in answer]
        if gradient:
            names = [name.removesuffix(".grad") for name in names]
        return by_name(dict(zip(names, map(as_list, answer.values()), strict=True)))
    answer = as_list(answer)
    if gradient and isinstance(answer, list) and all(isinstance(each, Value) for each in answer):
        return {each.label: each for each in answer}
    return by_name(answer)


def as_list(thing: Any) -> Any:
    """Return an array or a tuple as a list, anything else as it is."""
    if getattr(thing, "shape", ()) and hasattr(thing, "tolist"):
        return thing.tolist()
    return list(thing) if isinstance(thing, tuple) else thing
