"""Who is asking? A formula is written once and read by floats, by Values and by arrays.

``generic`` makes a function of a formula: a number goes to ``math``, an array to its own library,
and a Value makes a node of the operation that bears the function's name.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any, TypeAlias

from autograd.formulas.domains import undefined_for
from autograd.formulas.row import ON_NUMBERS, OPS, Op

CO_VARARGS = 0x04  # the flag of a function that takes *arguments, as in the module inspect

NOTHING: Any = object()  # stands for an argument that was not given

Operand: TypeAlias = Any  # a float, a Value or an array: whatever the reader of a row brings


def number(operand: object) -> float | None:
    """Return the operand as a float if it is a real number, and None if it is anything else.

    A bool and NumPy's scalars are numbers; a string, a complex number and an array are not, even
    where ``float`` would convert them.

    >>> number(True), number("3"), number(2 + 0j)
    (1.0, None, None)
    """
    numpy = sys.modules.get("numpy")
    # NumPy does not count its bool among the real numbers, but does so with its time spans.
    if not isinstance(operand, Real) and not (numpy and isinstance(operand, numpy.bool_)):
        return None
    if numpy and isinstance(operand, numpy.timedelta64):
        return None
    try:
        return float(operand)
    except OverflowError:
        raise OverflowError(
            f"the {type(operand).__name__} is too large for a float, which ends at 1.8e308."
        ) from None


def generic(
    formula: Callable[..., Any],
    *,
    name: str = "",
    called: str = "",
    rows: Mapping[str, Op] = OPS,
    size: int | None = None,
    on_numbers: Callable[..., float] | None = None,
    on_arrays: Callable[..., Any] | None = None,
) -> Any:
    """Return ``formula``, which is written for numbers, as a function of numbers, Values or arrays.

    A Value makes a node of the row called ``name``, by default that of the formula; in messages the
    function is ``called`` what users know it by. ``on_numbers``
    and ``on_arrays`` are the formula for floats and for arrays, where those differ. The signature
    is the formula's: its defaults, its keywords, and an error at the call for a wrong number of
    arguments. ``size`` says how many of them are operands, if not all.
    """
    known = called or getattr(formula, "__name__", name)
    name = name or known
    compute = on_numbers or formula
    code = getattr(formula, "__code__", None)
    many = size is None and code is not None and bool(code.co_flags & CO_VARARGS)
    size = code.co_argcount if size is None and code is not None else size

    def dispatched(operands: tuple[Operand, ...]) -> Any:
        on_array = False
        for operand in operands:
            if hasattr(operand, "apply_op"):
                return operand.apply_op(rows[name], operands)
            on_array = on_array or (number(operand) is None and is_array(operand))
        if on_array:
            return (on_arrays or formula)(*operands)
        numbers = [checked_number(known, operand, many) for operand in operands]
        try:
            return compute(*numbers)
        except (ValueError, OverflowError) as error:
            raise undefined_for(known, numbers, error) from None

    def call(*operands: Operand, **named: Operand) -> Any:
        if named or not operands or (len(operands) != size and not many):
            operands = bound(formula, known, size, operands, named)
        return dispatched(operands)

    def call_of_x(x: Operand = NOTHING, *more: Operand) -> Any:  # nearly all formulas
        if more or x is NOTHING:
            operands = (x, *more) if more else ()
            return dispatched(bound(formula, known, 1, operands, {}))
        if type(x) is float:
            try:
                return compute(x)
            except (ValueError, OverflowError) as error:
                raise undefined_for(known, (x,), error) from None
        if hasattr(x, "apply_op"):
            return x.apply_op(rows[name], (x,))
        return dispatched((x,))

    alone = code is not None and code.co_varnames[: code.co_argcount] == ("x",) and not many
    function = functools.update_wrapper(call_of_x if alone else call, formula)
    ON_NUMBERS[function] = compute
    return function


def bound(
    formula: Callable[..., Any],
    name: str,
    size: int | None,
    operands: tuple[Operand, ...],
    named: Mapping[str, Operand],
) -> tuple[Operand, ...]:
    """Return the operands in the order of the formula's signature, with its defaults.

    Raises TypeError, as Python does, for operands that the signature does not take.
    """
    import inspect  # here, since importing it takes as long as importing the whole engine

    parameters = list(inspect.signature(formula).parameters.values())
    many = parameters[-1].kind is inspect.Parameter.VAR_POSITIONAL
    signature = inspect.Signature(parameters if many else parameters[:size])
    try:
        arguments = signature.bind(*operands, **named)
    except TypeError as error:
        raise wrong_call(name, parameters[:size], operands, error) from None
    arguments.apply_defaults()
    if not arguments.args:
        raise TypeError(f"{name}() needs at least one number or Value.")
    return arguments.args


def wrong_call(
    name: str, parameters: Iterable[Any], operands: Sequence[Operand], error: TypeError
) -> TypeError:
    """Return the error for operands that the parameters of a function do not take."""
    import inspect  # here, as in bound

    plain = [each.replace(annotation=inspect.Parameter.empty) for each in parameters]
    advice = ""
    if len(operands) > len(plain):
        base = operands[1] if type(operands[1]) in (int, float) else "base"
        numbers = all(number(each) is not None or hasattr(each, "apply_op") for each in operands)
        key = f"{name} of numbers" if numbers else name
        advice = OTHER_CALLS.get(key, "").format(base=base)
    cause = str(error).partition("() ")[2] or str(error)
    return TypeError(f"{name}(): {cause}. Write {name}{inspect.Signature(plain)}{advice}.")


# What those have in mind who give one argument more than there are.
AS_A_LIST = ", with the numbers in one list"
OTHER_CALLS = {
    "log of numbers": ", and for another base log(x) / math.log({base})",
    "exp of numbers": ", and for another base {base} ** x",
    "sqrt of numbers": ", and for another root x ** (1 / {base})",
    **dict.fromkeys(("fsum of numbers", "mean of numbers"), AS_A_LIST),
    **dict.fromkeys(("softmax of numbers", "logsumexp of numbers"), AS_A_LIST),
    "fsum": ": sums begin at 0, so add the start, start + fsum(values)",
    **{name: f", and for many rows [{name}(row) for row in rows]" for name in
       ("mean", "softmax", "log_softmax", "logsumexp")},
    "hypot of numbers": ", and for three numbers hypot(hypot(a, b), c)",
}  # fmt: skip


def explained(function: Callable[..., Any]) -> Any:
    """Return the function with help at a call that its signature does not take."""

    @functools.wraps(function)
    def call(*operands: Operand, **named: Operand) -> Any:
        try:
            return function(*operands, **named)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it comes from inside of the function
            import inspect

            parameters = inspect.signature(function).parameters.values()
            raise wrong_call(function.__name__, parameters, operands, error) from None

    return call


def is_array(operand: object) -> bool:
    """Whether the operand follows the array API standard (NumPy from 2.0, JAX and others).

    Raises TypeError for a masked array: its mask would be ignored.
    """
    if not hasattr(operand, "__array_namespace__"):
        return False
    if hasattr(operand, "mask"):
        raise TypeError(
            "a masked array is not taken, since its mask would be ignored: write array.filled(0.0) "
            "or array.compressed() to say what stands for the masked entries."
        )
    return True


OF_SEQUENCES = ("fsum", "mean", "softmax", "log_softmax", "logsumexp")


def checked_number(name: str, operand: object, many: bool = False) -> float:
    """Return the operand as a float, or raise the TypeError that says what ``name`` takes.

    ``many`` says whether it takes any number of arguments: that is what to do with a list, then.
    """
    converted = number(operand)
    if converted is None:
        spread = f"{name}(*values)" if many else f"[{name}(x) for x in values]"
        if name in OF_SEQUENCES:  # it has got a list, and this is one inside of it
            spread = f"[{name}(row) for row in rows]"
        advice = f" For a list, write {spread}." if hasattr(operand, "__len__") else ""
        if isinstance(operand, str):
            advice = f" Convert text first: float({operand[:20]!r})."
        if operand is None:
            advice = " Something returned None: does a function lack its return?"
        raise TypeError(f"{name}() takes numbers and Values, not {type(operand).__name__}.{advice}")
    return converted


def elementary(
    formula: Callable[..., float], name: str = ""
) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator for a function of ``math``: it gives it a signature, and help.

    Array libraries know the function by the same name. ``name`` is that of its row, if another one.
    """

    def on_arrays(*operands: Operand) -> Any:
        array = next(operand for operand in operands if is_array(operand))
        return getattr(array.__array_namespace__(), formula.__name__)(*operands)

    def declared(signature: Callable[..., Any]) -> Any:
        return generic(signature, name=name, on_numbers=formula, on_arrays=on_arrays)

    return declared


def choose(condition: Any, yes: Operand, no: Operand) -> Any:
    """Return ``yes`` where the condition holds, else ``no``; either may be a function to call.

    Of numbers and Values only the chosen one is computed. This is a tool for formulas; ``where``
    is the operation.
    """
    if condition is not True and condition is not False and is_array(condition):
        yes, no = (branch() if callable(branch) else branch for branch in (yes, no))
        return condition.__array_namespace__().where(condition, yes, no)
    if hasattr(condition, "decide"):  # a recorded answer, which decides row by row
        return condition.choose(*(branch() if callable(branch) else branch for branch in (yes, no)))
    branch = yes if condition else no
    return branch() if callable(branch) else branch


def by_sign(a: Operand, above: Operand, below: Operand) -> Any:
    """Return ``above`` where a > 0, ``below`` where a <= 0, and ``a`` itself where it is NaN.

    ``below`` may be a function to call.
    """
    positive = a > 0
    if positive is True:  # of numbers, the most frequent answer first
        return above
    return choose(positive, above, lambda: choose(a <= 0, below, a))
