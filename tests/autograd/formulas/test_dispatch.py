"""Functions of numbers, Values and arrays have one signature on every road."""

import doctest
import inspect
import math
import pickle

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, elu, exp, grad, hypot, leaky_relu, maximum, operation, where
from autograd.formulas.row import OWN
from autograd.rules import OPS

FUNCTIONS = [
    name
    for name in autograd.__all__
    if getattr(autograd, name).__module__.startswith("autograd.formulas")
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_examples_in_its_help_hold(name):
    function = getattr(autograd, name)
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(function), vars(autograd.formulas) | {"math": math}, name, None, 0
    )
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_a_function_that_help_and_pickle_find(name):
    function = getattr(autograd, name)
    assert inspect.isfunction(function)
    assert function.__name__ == name
    assert pickle.loads(pickle.dumps(function)) is function
    assert all(each.name != "operands" for each in inspect.signature(function).parameters.values())


# Defaults, keywords and arity ---------------------------------------------------------------------

x = Value(-1.0)
ROADS = {
    "number": lambda f, *args, **named: f(-1.0, *args, **named),
    "Value": lambda f, *args, **named: f(x, *args, **named).data,
    "grad": lambda f, *args, **named: grad(lambda t: f(t, *args, **named))(-1.0),
    "recorded": lambda f, *args, **named: float(
        autograd.compile(lambda t: f(t, *args, **named)).value([-1.0])
    ),
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_defaults_and_keywords_hold_on_every_road(road):
    assert road(leaky_relu) == road(leaky_relu, 0.01) == road(leaky_relu, slope=0.01)
    assert road(leaky_relu, slope=0.5) == road(leaky_relu, 0.5) != road(leaky_relu)
    assert road(elu) == road(elu, 1.0) == road(elu, alpha=1.0)


def test_a_default_is_differentiated_past():
    v = Value(2.0)
    leaky_relu(v).backward()
    assert v.grad == 1.0
    assert grad(elu)(-1.0) == math.exp(-1.0)
    assert grad(elu)(-1.0, alpha=2.0) == 2.0 * math.exp(-1.0)
    slope = Value(0.5)
    leaky_relu(Value(-3.0), slope=slope).backward()
    assert slope.grad == -3.0


def test_every_argument_has_its_name():
    assert exp(x=1.0) == math.e
    assert exp(x=Value(1.0)).data == math.e
    assert autograd.atan2(x=1.0, y=0.0) == 0.0
    assert hypot(b=Value(4.0), a=3.0).data == 5.0
    assert list(exp(x=numpy.array([0.0]))) == [1.0]


@pytest.mark.parametrize("kind", [float, Value])
@pytest.mark.parametrize(
    ("name", "args", "named", "words"),
    [
        (
            "log",
            (8.0, 2.0),
            {},
            r"Write log\(x\), .* log\(x\) / math.log\((2.0|base)\)\.",
        ),
        (
            "hypot",
            (1.0, 2.0, 3.0),
            {},
            r"too many .* Write hypot\(a, b\), .* hypot\(hypot\(a, b\), c\)\.",
        ),
        ("hypot", (1.0,), {}, r"missing a required argument: 'b'.* Write hypot\(a, b\)\."),
        ("atan2", (1.0,), {}, r"missing a required argument: 'x'.* Write atan2\(y, x\)\."),
        ("exp", (), {}, r"missing a required argument: 'x'.* Write exp\(x\)\."),
        ("exp", (1.0, 2.0), {}, r"too many positional .* Write exp\(x\)"),
        ("tanh", (1.0,), {"y": 2.0}, "unexpected keyword argument 'y'"),
        ("elu", (1.0, 2.0, 3.0), {}, r"too many .* Write elu\(x, alpha=1.0\)"),
        ("elu", (1.0,), {"slope": 2.0}, "unexpected keyword argument 'slope'"),
        ("maximum", (), {}, "needs at least one number or Value"),
    ],
)
def test_a_wrong_number_of_arguments_is_an_error_at_the_call(name, args, named, words, kind):
    with pytest.raises(TypeError, match=rf"^{name}\(\).* ?{words}"):
        getattr(autograd, name)(*map(kind, args), **named)


def test_own_operation_keeps_its_signature_and_its_row():
    def declare(factor):
        @operation(lambda y, t: factor)
        def scaled_by(t, hidden=factor):
            return hidden * t

        return scaled_by

    try:
        twice, thrice = declare(2.0), declare(3.0)
        assert twice(t=Value(1.0)).data == 2.0
        assert (grad(twice)(1.0), grad(thrice)(1.0)) == (2.0, 3.0)  # each has a row of its own
        with pytest.raises(TypeError, match=r"scaled_by\(\).*too many"):
            twice(1.0, 5.0)
    finally:
        OWN.pop("scaled_by", None)


@given(st.sampled_from(sorted(set(OPS) - {"alias"})), st.data())
def test_a_row_computes_floats_as_its_function_does(name, data):
    op = OPS[name]
    size = 1 if op.second is None and op.every is None else 2
    point = [data.draw(st.floats(0.1, 0.9)) for _ in range(size)] if op.every is None else []
    if point:
        assert op.on_numbers(*point) == op.value(*point)


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", [None, "a", [True], Value(1.0), 1j])
def test_where_takes_a_comparison_and_nothing_else(condition):
    with pytest.raises(TypeError, match=r"condition of where\(\) is a comparison such as v > 0"):
        where(condition, 1.0, 2.0)


def test_masked_arrays_are_refused_with_what_to_write():
    masked = numpy.ma.masked_array([1.0, 2.0], mask=[True, False])
    with pytest.raises(TypeError, match=r"mask would be ignored: write array\.filled"):
        exp(masked)
    assert list(exp(masked.filled(0.0))) == [1.0, math.exp(2.0)]


def test_a_message_speaks_of_the_function_that_was_called():
    with pytest.raises(TypeError, match=r"^fsum\(\) takes numbers"):
        autograd.fsum([1.0, None])
    with pytest.raises(TypeError, match=r"^softmax\(\) takes numbers"):
        autograd.softmax([1.0, None])
    assert maximum(True, 0) == 1.0


def test_a_masked_array_is_refused_by_a_compiled_function_too():
    masked = numpy.ma.masked_array([1.0, 2.0], mask=[True, False])
    with pytest.raises(TypeError, match=r"write array\.filled"):
        compile(lambda x: x * 2).value(masked)


@pytest.mark.parametrize("name", ["fsum", "softmax", "log_softmax", "logsumexp"])
def test_for_a_list_of_lists_a_function_of_a_sequence_is_called_for_each(name):
    function, rows = getattr(autograd, name), [[1.0, 2.0], [3.0]]
    with pytest.raises(TypeError, match=rf"write \[{name}\(row\) for row in rows\]"):
        function(rows)
    assert len([function(row) for row in rows]) == 2


@pytest.mark.parametrize("name", ["fsum", "mean", "softmax", "log_softmax", "logsumexp"])
def test_a_function_of_a_sequence_says_so_to_a_single_value(name):
    with pytest.raises(TypeError, match=rf"{name}\(\) takes one sequence .* write {name}\(\["):
        getattr(autograd, name)(Value(1.0))
