"""What the functions of formulas make of their operands: numbers, arrays, and what is neither."""

import math
from datetime import timedelta
from fractions import Fraction

import numpy
import pytest

import autograd
from autograd import formulas
from autograd.formulas.dispatch import number

# Who is asking? ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        (2, 2.0), (True, 1.0), (Fraction(1, 4), 0.25), (numpy.float32(0.5), 0.5),
        (numpy.int64(3), 3.0), (numpy.bool_(True), 1.0), (math.inf, math.inf),
    ],
)  # fmt: skip
def test_real_numbers_of_any_type_are_floats(operand, expected):
    assert number(operand) == expected
    assert type(number(operand)) is float


@pytest.mark.parametrize(
    "operand",
    ["3", None, 2j, [1.0], numpy.array([1.0]), timedelta(1), numpy.timedelta64(1, "s"), b"1"],
)
def test_what_is_no_real_number_is_none(operand):
    assert number(operand) is None


def test_integer_beyond_all_floats_is_refused_in_words():
    with pytest.raises(OverflowError, match=r"the int is too large for a float, .* 1\.8e308"):
        number(10**400)


@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "leaky_relu"])
def test_function_says_what_it_takes_and_what_to_write_for_a_list(name):
    function = getattr(autograd, name)
    with pytest.raises(TypeError, match=rf"^{name}\(\) takes numbers .* not list.* \[{name}\(x\)"):
        function([1.0, 2.0])


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_function_of_many_numbers_says_how_to_spread_a_list(name):
    function = getattr(autograd, name)
    with pytest.raises(TypeError, match=rf"not list\. For a list, write {name}\(\*values\)\.$"):
        function([1.0, 2.0])


# Arrays: the formula for a whole batch; of all operations, in tests/trust/test_batches.py ---------

XS = numpy.array([-750.0, -2.5, -1e-3, -0.0, 0.0, 1e-3, 1.0, 30.0, 750.0, math.nan])
FUNCTIONS = [
    "tanh", "sin", "expm1", "sech2", "sigmoid", "log_sigmoid", "softplus", "relu", "leaky_relu",
    "elu", "silu", "gelu", "normal_cdf", "normal_pdf",
]  # fmt: skip


def close(got, right):
    return numpy.allclose(got, right, rtol=1e-12, atol=1e-320, equal_nan=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # exp overflows where it is not chosen
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_of_an_array_is_that_of_its_members(name):
    function = getattr(formulas, name)
    xs = XS[1:-2] if name in ("expm1", "sin") else XS
    assert close(function(xs), [function(float(x)) for x in xs])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "name", ["hypot", "hypot_slope", "over_square", "atan2", "maximum", "minimum"]
)
def test_function_of_two_arrays_is_that_of_their_members(name):
    function = getattr(formulas, name)
    a = numpy.array([3.0, 1e-200, 1e200, -5.0, 0.0, math.inf, 1.0, math.nan])
    b = numpy.array([4.0, 1e-200, -1e200, 1e-9, 2.0, 1.0, -math.inf, 1.0])
    assert close(function(a, b), [function(float(x), float(y)) for x, y in zip(a, b, strict=True)])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax"])
def test_sequence_of_arrays_gives_what_each_member_gives(name):
    function = getattr(autograd, name)
    logits = numpy.array(
        [[0.0, 1.0, 2.0], [1000.0, -1000.0, 0.0], [5.0, 5.0, 5.0], [math.inf, 1.0, 0.0]]
    )
    got = numpy.array(function(list(logits.T))).T
    assert close(got, [function([float(x) for x in row]) for row in logits])


def test_log_softmax_of_one_array_is_zero():
    assert list(autograd.log_softmax([numpy.array([3.0, -1000.0])])[0]) == [0.0, 0.0]


def test_where_chooses_member_by_member():
    xs = numpy.array([-1.0, 2.0])
    assert list(autograd.where(xs > 0, xs, lambda: 10.0 * xs)) == [-10.0, 2.0]


@pytest.mark.parametrize("name", ["mean", "softmax", "logsumexp", "log_softmax"])
def test_empty_sequence_and_a_single_number_are_refused_in_words(name):
    function = getattr(autograd, name)
    with pytest.raises(ValueError, match=rf"^{name}\(\) of an empty sequence is undefined"):
        function([])
    with pytest.raises(
        TypeError, match=rf"^{name}\(\) takes one sequence .* write {name}\(\[a, b\]\)"
    ):
        function(1.0)
