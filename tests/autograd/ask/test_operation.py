"""A student's own operation works wherever the engine's own work."""

import copy
import math
import pickle
from fractions import Fraction

import numpy
import pytest

import autograd
from autograd import Value, draw, exp, grad, hessian, ieee, jvp, no_grad, operation, steps
from autograd.formulas.row import OWN


@pytest.fixture(scope="module", autouse=True)
def _own_operations():
    """Declare three operations for these tests, and leave the table as it was."""
    global squash, times, multiply_add
    before = dict(OWN)

    @operation(lambda y, x: y * (1 - y), points=[0.3, -4.0])
    def squash(x):
        return 1 / (1 + exp(-x))

    @operation(lambda y, a, b: b, lambda y, a, b: a, points=[(2.0, 3.0)])
    def times(a, b):
        return a * b

    @operation(1, lambda y, a, b, c: c, lambda y, a, b, c: b, points=[(1.0, 2.0, 3.0)])
    def multiply_add(a, b, c):
        return a + b * c

    yield
    OWN.clear()
    OWN.update(before)


def test_it_computes_on_numbers_and_values_and_is_recorded():
    x = Value(0.3)
    assert squash(0.3) == squash(x).data == pytest.approx(autograd.sigmoid(0.3))
    assert squash(x).args == (x,)
    assert str(squash(x).op) == "squash"
    assert times(x, 2).args == (x, 2.0)
    assert multiply_add(x, 1, x).args == (x, 1.0, x)


def test_it_is_differentiated_to_any_order_and_in_both_modes():
    third = grad(grad(grad(squash)))
    assert third(0.3) == pytest.approx(grad(grad(grad(autograd.sigmoid)))(0.3), rel=1e-12)
    assert jvp(squash, 0.3, 1.0)[1] == grad(squash)(0.3)
    assert hessian(lambda v: multiply_add(v[0], v[1], v[2]))([1.0, 2.0, 3.0]) == [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 1.0, 0.0],
    ]


def test_its_gradients_accumulate_like_all_others():
    a, b = Value(2.0), Value(5.0)
    (times(a, b) + times(a, a)).backward()
    assert (a.grad, b.grad) == (9.0, 2.0)


def test_it_is_drawn_copied_and_pickled_by_its_name():
    x = Value(0.3, label="x")
    y = squash(x)
    assert "squash" in draw(y).source
    for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        twin.backward()
        assert twin.args[0].grad == grad(squash)(0.3)


def test_a_graph_of_an_undeclared_operation_says_so_when_unpickled():
    @operation(lambda y, x: 1.0)
    def passing(x):
        return +x

    saved = pickle.dumps(passing(Value(1.0)))
    del OWN["passing"]
    with pytest.raises(LookupError, match="passing is not declared"):
        pickle.loads(saved)


def test_modes_hold_for_it_too():
    with no_grad():
        assert squash(Value(1.0)).args == ()

    @operation(lambda y, x: -y / x)
    def inverse(x):
        return 1 / x

    with pytest.raises(ZeroDivisionError, match="inverse of"):
        inverse(Value(0.0))
    with ieee():
        assert inverse(Value(0.0)).data != inverse(Value(0.0)).data


def test_a_wrong_partial_is_refused_at_once_with_the_report():
    with pytest.raises(AssertionError, match="doubled"):

        @operation(lambda y, x: 3.0, points=[1.0])
        def doubled(x):
            return 2 * x

    assert "doubled" not in OWN


def test_a_cell_may_be_run_twice_but_the_engines_names_are_taken():
    for factor in (2.0, 3.0):

        @operation(factor)
        def scaled(x, factor=factor):
            return factor * x

    assert grad(scaled)(1.0) == 3.0
    with pytest.raises(ValueError, match="tanh already"):
        operation(1.0, name="tanh")(lambda x: x)


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (lambda: operation(1.0)(lambda x: x), "needs a name"),
        (lambda: operation(name="f")(lambda x: x), "no partial"),
        (lambda: operation(1.0, 1.0, name="f")(lambda x: x), "must take 2 arguments"),
        (lambda: operation(1.0, name="f")(lambda x, y: x), "must take 1 argument,"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(declare, words):
    with pytest.raises(ValueError, match=words):
        declare()


def test_a_partial_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="not str"):
        operation("1", name="f")(lambda x: x)


def test_what_it_computes_is_kept_as_a_float_and_a_complex_number_is_an_error():
    @operation(0.0)
    def rounded(x):
        return round(x)

    @operation(0.0)
    def positive(x):
        return x > 0

    @operation(lambda y, x: 0.5 / y)
    def root_of(x):
        return x**0.5

    @operation(1.0)
    def forgetful(x):
        x + 1

    for function, right in ((rounded, 2.0), (positive, 1.0)):
        for found in (function(2.3), function(Value(2.3)).data):
            assert (type(found), found) == (float, right)
    with pytest.raises(ValueError, match=r"root_of of .*-1\.0: the result is the complex number"):
        root_of(Value(-1.0))
    with ieee():
        assert math.isnan(root_of(Value(-1.0)).data)
    with pytest.raises(TypeError, match="forgetful returned NoneType, not a number"):
        forgetful(Value(1.0))


@pytest.mark.parametrize("slope", [None, "a", 1j, [1.0]])
def test_a_partial_that_is_no_number_is_an_error_by_name(slope):
    same = operation(lambda y, x: slope, name="same")(lambda x: x * 1.0)
    with pytest.raises(TypeError, match=r"the partial of same returned .*, not a number"):
        same(Value(2.0)).backward()


def test_a_gradient_is_a_float_whatever_number_a_partial_returns():
    for slope in (numpy.float32(2.0), 2, True, Fraction(2)):
        x = Value(3.0)
        operation(lambda y, x, slope=slope: slope, name="doubled")(lambda x: x * 2.0)(x).backward()
        assert type(x.grad) is float
        assert x.grad == slope


def test_a_partial_may_be_a_comparison():
    step = operation(lambda y, x: x > 0, name="step")(lambda x: x * (x > 0))
    assert grad(step)(2.0) == 1.0
    assert "1.0" in str(steps(step(Value(2.0, label="x"))))
