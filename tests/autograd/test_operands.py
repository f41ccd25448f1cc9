"""What may stand beside a Value: a number gives a Value, anything else an error in plain words."""

import enum
import math
import operator
from decimal import Decimal
from fractions import Fraction
from numbers import Number

import numpy as np
import pytest

import autograd
from autograd import Value, grad

ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}  # what Python asks the other side
UNKNOWN = {
    "%": operator.mod,
    "//": operator.floordiv,
    "@": operator.matmul,
    "divmod": divmod,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}


class Size(enum.IntEnum):
    SMALL = 3


class Metres(float):
    pass


class Table:
    """A class like that of a student."""


def double(x):
    return 2 * x


NUMBERS = [
    3,
    3.0,
    True,
    False,
    10**300,
    -7,
    Fraction(3, 2),
    Size.SMALL,
    Metres(1.5),
    np.bool_(True),
    np.bool_(False),
    *(kind(3) for kind in (np.int8, np.int16, np.int32, np.int64, np.intp)),
    *(kind(3) for kind in (np.uint8, np.uint16, np.uint32, np.uint64)),
    *(kind(1.5) for kind in (np.float16, np.float32, np.float64, np.longdouble)),
]
SEQUENCE = "write [Value(x) for x in values]"
TEXT = "Convert text first: float("
REAL = "The engine knows real numbers only"
OTHER = "Use an int, a float or a Value."
WRONG = [
    ("3", TEXT),
    ("", TEXT),
    (np.str_("3"), TEXT),
    (None, "Something returned None"),
    (2 + 0j, REAL),
    (np.complex64(2), REAL),
    (np.complex128(2), REAL),
    ([1.0], SEQUENCE),
    ([], SEQUENCE),
    ((1.0, 2.0), SEQUENCE),
    ({"a": 1.0}, SEQUENCE),
    ({1.0}, SEQUENCE),
    (frozenset({1.0}), SEQUENCE),
    (range(3), SEQUENCE),
    (b"3", SEQUENCE),
    (bytearray(b"3"), SEQUENCE),
    (np.array([1.0, 2.0]), SEQUENCE),
    (np.array([1.0]), SEQUENCE),
    (np.array([[1.0, 2.0], [3.0, 4.0]]), SEQUENCE),
    (np.array([]), SEQUENCE),
    (np.array([True]), SEQUENCE),
    (Decimal("1.5"), OTHER),
    (object(), OTHER),
    (Table(), OTHER),
    (double, OTHER),
    (len, OTHER),
    (Table, OTHER),
    (int, OTHER),
    (math, OTHER),
    (iter([1.0]), OTHER),
    ((x for x in [1.0]), OTHER),
    (slice(3), OTHER),
    (..., OTHER),
    (NotImplemented, OTHER),
]


def identify(thing):
    """Return the name of a case: its type and its text, without addresses."""
    return f"{type(thing).__name__} {str(thing).split(' at ')[0][:20]}".strip()


every_wrong_operand = pytest.mark.parametrize(
    ("thing", "advice"), WRONG, ids=[identify(thing) for thing, _ in WRONG]
)
every_operand = pytest.mark.parametrize(
    "thing", [*NUMBERS, *(thing for thing, _ in WRONG)], ids=identify
)


# Numbers of every kind ----------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ARITHMETIC)
@pytest.mark.parametrize("thing", NUMBERS, ids=identify)
def test_number_on_either_side_gives_the_value_that_its_float_gives(symbol, thing):
    compute = ARITHMETIC[symbol]
    for left, right in ((Value(0.5), thing), (thing, Value(0.5))):
        plain = [side.data if isinstance(side, Value) else float(side) for side in (left, right)]
        if symbol == "/" and plain[1] == 0:
            with pytest.raises(ZeroDivisionError, match="The denominator is zero"):
                compute(left, right)
            continue
        if plain[0] < 0 and plain[1] == 0.5 and symbol == "**":
            with pytest.raises(ValueError, match="whole exponents only"):
                compute(left, right)
            continue
        result = compute(left, right)
        assert type(result) is Value
        assert type(result.data) is float
        assert result.data == compute(*plain)
        assert result.op.name == symbol


@pytest.mark.parametrize("symbol", COMPARISONS)
@pytest.mark.parametrize("thing", NUMBERS, ids=identify)
def test_comparison_with_a_number_gives_the_plain_truth(symbol, thing):
    compare = COMPARISONS[symbol]
    for number in (1.5, 3.0, 0.0):
        assert compare(Value(number), thing) is compare(number, float(thing))
        assert compare(thing, Value(number)) is compare(float(thing), number)


@pytest.mark.parametrize("thing", NUMBERS, ids=identify)
def test_number_of_any_kind_is_held_as_a_float(thing):
    leaf = Value(thing)
    assert type(leaf.data) is float
    assert leaf.data == float(thing)
    leaf.data = 8.25
    leaf.data = thing
    assert type(leaf.data) is float
    assert leaf.data == float(thing)


@pytest.mark.parametrize("thing", NUMBERS, ids=identify)
def test_number_is_a_constant_and_gets_no_node(thing):
    x = Value(2.0)
    assert (x * thing).args == (x, float(thing))
    assert (thing - x).args == (float(thing), x)
    assert all(type(side) in (Value, float) for side in (thing + x).args)


@pytest.mark.parametrize("symbol", ARITHMETIC)
def test_augmented_assignment_makes_a_new_node_and_keeps_the_old(symbol):
    old = new = Value(4.0)
    new = getattr(
        operator, {"+": "iadd", "-": "isub", "*": "imul", "/": "itruediv"}.get(symbol, "ipow")
    )(new, 2)
    assert new is not old
    assert old.data == 4.0
    assert new.data == {"+": 6.0, "-": 2.0, "*": 8.0, "/": 2.0, "**": 16.0}[symbol]


def test_numpy_scalars_from_an_array_work_on_the_left():
    # Without care NumPy would answer with an object array, or ask the Value for its float.
    x = Value(3.0)
    total = sum(weight * x for weight in np.array([0.5, 1.5, -1.0]))
    total.backward()
    assert (total.data, x.grad) == (3.0, 1.0)


# What is no number --------------------------------------------------------------------------------


@every_wrong_operand
def test_wrong_operand_of_arithmetic_is_a_type_error_with_both_types_and_the_fix(thing, advice):
    name = type(thing).__name__
    for symbol, compute in ARITHMETIC.items():
        for left, right, types in (
            (Value(2.0), thing, f"Value and {name}"),
            (thing, Value(2.0), f"{name} and Value"),
        ):
            with pytest.raises(TypeError) as caught:
                compute(left, right)
            start = f"unsupported operand types for {symbol}: {types}. "
            assert str(caught.value).startswith(start)
            assert advice in str(caught.value)


@every_wrong_operand
def test_wrong_operand_of_a_comparison_is_a_type_error_with_both_types_and_the_fix(thing, advice):
    for symbol, compare in COMPARISONS.items():
        for left, right, asked in (
            (Value(2.0), thing, symbol),
            (thing, Value(2.0), MIRRORED[symbol]),
        ):
            with pytest.raises(TypeError) as caught:
                compare(left, right)
            start = f"unsupported operand types for {asked}: Value and {type(thing).__name__}. "
            assert str(caught.value).startswith(start)
            assert advice in str(caught.value)


@every_wrong_operand
def test_value_and_its_data_refuse_what_is_no_number(thing, advice):
    with pytest.raises(TypeError, match=type(thing).__name__) as caught:
        Value(thing)
    assert advice in str(caught.value)
    leaf = Value(2.0)
    with pytest.raises(TypeError, match=type(thing).__name__):
        leaf.data = thing
    assert leaf.data == 2.0
    with pytest.raises(TypeError, match=type(thing).__name__):
        (leaf * leaf).backward(thing)
    assert leaf.grad == 0.0


@pytest.mark.parametrize(
    "thing", [np.array(2.0), np.array(2), np.array(True)], ids=["float", "int", "bool"]
)
def test_array_without_dimensions_is_refused_with_advice_that_works(thing):
    # [Value(x) for x in values] would fail: there is nothing to go through in a 0-d array.
    for symbol, compute in (ARITHMETIC | COMPARISONS).items():
        for left, right in ((Value(2.0), thing), (thing, Value(2.0))):
            if left is thing and symbol in COMPARISONS:
                continue  # NumPy hands over its scalars in the same form
            with pytest.raises(TypeError, match="ndarray") as caught:
                compute(left, right)
            assert ".item()" in str(caught.value)
    assert Value(thing.item()).data == float(thing)


@pytest.mark.parametrize(
    "thing", [np.timedelta64(3, "s"), np.timedelta64(3, "D")], ids=["seconds", "days"]
)
def test_duration_of_numpy_is_no_number_though_numpy_counts_it_as_an_integer(thing):
    for compute in (ARITHMETIC | COMPARISONS).values():
        for left, right in ((Value(2.0), thing), (thing, Value(2.0))):
            with pytest.raises(TypeError, match=r"unsupported operand types for .*timedelta64"):
                compute(left, right)


def test_the_class_value_itself_is_no_value_and_is_not_called_one():
    for compute in (ARITHMETIC | COMPARISONS).values():
        for left, right in ((Value(2.0), Value), (Value, Value(2.0))):
            with pytest.raises(TypeError) as caught:
                compute(left, right)
            assert "already" not in str(caught.value)


def test_array_of_floats_cannot_be_made_of_values():
    x = Value(2.0)
    for make in (
        np.float64,
        lambda v: np.array([v, 1.0], dtype=float),
        lambda v: np.full(2, v, float),
    ):
        with pytest.raises(TypeError, match=r"of a Value would lose its gradient .*[vx]\.data"):
            make(x)
    assert np.array([x, 1.0]).tolist()[0] is x


@pytest.mark.parametrize("function", [np.sin, np.exp, np.sum, np.sqrt, np.negative])
def test_function_of_numpy_refuses_a_value(function):
    with pytest.raises(TypeError, match="Value"):
        function(Value(2.0))


@pytest.mark.parametrize("thing", ["3", None, [1.0], 2j, b"3", np.array([1.0])], ids=identify)
@pytest.mark.parametrize("name", ["hypot", "atan2", "maximum", "minimum", "leaky_relu"])
def test_function_of_two_refuses_what_is_no_number_beside_a_value(name, thing):
    function = getattr(autograd, name)
    with pytest.raises(TypeError, match=rf"for {name}: Value and {type(thing).__name__}\."):
        function(Value(2.0), thing)


@pytest.mark.parametrize("name", ["sin", "exp", "tanh", "sigmoid", "relu", "gelu"])
@pytest.mark.parametrize("thing", ["3", None, [1.0], 2j, b"3", {}, object()], ids=identify)
def test_function_of_one_refuses_what_is_no_number_and_says_its_name(name, thing):
    with pytest.raises(
        TypeError, match=rf"{name}.* takes numbers and Values, not {type(thing).__name__}"
    ):
        getattr(autograd, name)(thing)


# Integers beyond a float --------------------------------------------------------------------------

HUGE = [10**400, -(10**400), 10**5000, Fraction(10**400, 3)]


def check_message_on_huge(caught):
    """It is the engine that speaks: what is too large, and for what, without hundreds of digits."""
    message = str(caught.value)
    assert "too large" in message
    assert "float" in message
    assert message not in (
        "int too large to convert to float",
        "integer division result too large for a float",
    )
    assert len(message) < 400


every_huge_number = pytest.mark.parametrize(
    "huge", HUGE, ids=["10**400", "-10**400", "10**5000", "Fraction"]
)


@every_huge_number
def test_operand_too_large_for_a_float_is_an_error_in_plain_words(huge):
    for symbol, compute in ARITHMETIC.items():
        for left, right in ((Value(2.0), huge), (huge, Value(2.0))):
            if isinstance(left, Fraction) and symbol == "**":
                continue  # Python 3.11 makes a float of it before the engine is asked
            with pytest.raises(OverflowError) as caught:
                compute(left, right)
            check_message_on_huge(caught)


@every_huge_number
def test_value_of_an_integer_too_large_for_a_float_is_an_error_in_plain_words(huge):
    leaf = Value(2.0)

    def write():
        leaf.data = huge

    for attempt in (
        lambda: Value(huge),
        write,
        lambda: leaf.backward(huge),
        lambda: autograd.sin(huge),
        lambda: autograd.maximum(leaf, huge),
        lambda: autograd.grad(autograd.sin)(huge),
    ):
        with pytest.raises(OverflowError) as caught:
            attempt()
        check_message_on_huge(caught)
    assert (leaf.data, leaf.grad) == (2.0, 0.0)


@every_huge_number
def test_comparison_with_a_number_too_large_for_a_float_is_right_or_an_error_in_words(huge):
    for compare in COMPARISONS.values():
        try:
            answer = compare(Value(2.0), huge)
        except OverflowError as error:
            check_message_on_huge(pytest.ExceptionInfo.from_exception(error))
        else:
            assert answer is compare(2.0, huge)


def test_largest_integer_that_rounds_to_a_float_is_a_number():
    largest = 2**1024 - 2**970 - 1
    assert (Value(1.0) * largest).data == 1.7976931348623157e308


# Equality -----------------------------------------------------------------------------------------


@every_operand
def test_equality_with_a_number_or_an_array_raises_and_with_anything_else_is_false(thing):
    x = Value(3.0)
    asked = [lambda: x == thing, lambda: thing == x, lambda: x != thing, lambda: thing != x]
    if isinstance(thing, Number) or hasattr(thing, "__array_namespace__"):
        for compare in asked:
            with pytest.raises(TypeError, match=r"Compare the number: x\.data [!=]= "):
                compare()
    else:
        assert [compare() for compare in asked] == [False, False, True, True]


def test_advice_on_equality_works_and_names_the_variable():
    speed = Value(2.0)
    with pytest.raises(TypeError, match=r"Compare the number: speed\.data == 2\. For"):
        bool(speed == 2)
    assert speed.data == 2
    for search in (lambda: speed in [1.0, 2.0], lambda: [1.0, speed].index(speed)):
        with pytest.raises(TypeError, match=r"write `is`"):
            search()
    assert speed in [speed, 2.0]  # the same object is found first
    assert [Value(1.0), speed].index(speed) == 1
    assert speed not in {2.0: "two"}
    assert None not in [speed]


def test_branch_on_a_number_is_taken_and_not_lost():
    def f(p):
        return p["w"] ** 2 if p["order"].data == 2 else p["w"]

    assert grad(f)({"w": 3.0, "order": 2}) == {"w": 6.0, "order": 0.0}
    with pytest.raises(TypeError, match=r"\.data == 2"):
        grad(lambda p: p["w"] ** 2 if p["order"] == 2 else p["w"])({"w": 3.0, "order": 2})
    with pytest.raises(TypeError, match=r"\.data != 0"):
        grad(lambda x: x.sin() / x if x != 0 else 1.0)(0.0)


def test_equality_of_values_is_identity():
    x, y = Value(3.0), Value(3.0)
    assert (x == x) is True
    assert (x == y) is False
    assert (x != y) is True
    assert y not in [x]
    assert {x: 1, y: 2} == {y: 2, x: 1}


def test_order_of_values_is_that_of_their_numbers():
    x, y = Value(1.0), Value(2.0)
    assert x < y
    assert y > x
    assert x <= y
    assert x >= Value(1.0)
    assert not x < Value(1.0)
    assert [v.data for v in sorted([y, x, Value(-1.0)])] == [-1.0, 1.0, 2.0]
    assert max([x, y]) is y
    assert min(x, y) is x


def test_comparisons_with_nan_are_all_false():
    nan, x = Value(math.nan), Value(1.0)
    for compare in COMPARISONS.values():
        assert compare(nan, x) is False
        assert compare(x, nan) is False
        assert compare(x, math.nan) is False


# Operators that the engine does not have ----------------------------------------------------------


@every_operand
def test_operator_without_a_derivative_raises_from_both_sides(thing):
    for compute in UNKNOWN.values():
        for left, right in ((Value(2.0), thing), (thing, Value(2.0))):
            with pytest.raises(TypeError):
                compute(left, right)


@pytest.mark.parametrize("symbol", UNKNOWN)
def test_operator_without_a_derivative_raises_between_values(symbol):
    with pytest.raises(TypeError, match="Value"):
        UNKNOWN[symbol](Value(2.0), Value(3.0))


@pytest.mark.parametrize("convert", [operator.invert, operator.index, round, len, iter, list])
def test_value_is_no_integer_and_no_sequence(convert):
    with pytest.raises(TypeError):
        convert(Value(2.0))


def test_power_with_a_modulus_raises():
    with pytest.raises(TypeError):
        pow(Value(2.0), 3, 5)


# Subclasses ---------------------------------------------------------------------------------------


class Weight(Value):
    """A Value with a name of its own, as a student might write it."""


def test_subclass_mixes_with_values_on_both_sides():
    w, x = Weight(3.0), Value(2.0)
    for total in (w * x, x * w):
        total.backward()
    assert (w.grad, x.grad) == (4.0, 6.0)
    assert w > x
