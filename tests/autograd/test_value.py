"""The contract of Value: attributes, operators, conversions, and who may write what."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value


def test_a_new_leaf_has_its_number_no_gradient_no_operation_and_no_arguments():
    a = Value(2, label="a")
    assert (a.data, a.grad, a.label, a.op, a.args) == (2.0, 0.0, "a", None, ())
    assert type(a.data) is float


@pytest.mark.parametrize("data", [3, 3.0, True, np.float32(3), np.int64(3), np.bool_(True)])
def test_every_kind_of_real_number_makes_a_leaf(data):
    assert Value(data).data == float(data)


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        ("3", "float('3')"),
        (None, "None"),
        ([1], "Value(x) for x"),
        (1 + 2j, "z.real"),
        (Value(1.0), "v.data"),
    ],
)
def test_anything_but_a_real_number_is_refused_with_advice(data, advice):
    with pytest.raises(TypeError, match="Value\\(\\) takes a real number") as caught:
        Value(data)
    assert type(data).__name__ in str(caught.value)
    assert advice in str(caught.value)


def test_operators_compute_on_both_sides():
    a, b = Value(6.0), Value(4.0)
    results = [a + b, a - b, a * b, a / b, a**b, a + 1, 1 + a, a - 1, 1 - a, a * 2, 2 * a, a / 2,
               2 / a, a**2, 2**a, -a, abs(-a), +a]  # fmt: skip
    assert [result.data for result in results] == [
        10, 2, 24, 1.5, 1296, 7, 7, 5, -5, 12, 12, 3, 1 / 3, 36, 64, -6, 6, 6]  # fmt: skip
    assert all(type(result) is Value for result in results)


def test_arguments_are_ordered_and_repeated_and_constants_stay_numbers():
    a, b = Value(1.0), Value(2.0)
    assert (a - b).args == (a, b)
    assert (a + a).args == (a, a)
    assert (a * 3).args == (a, 3.0)
    assert (3 - a).args == (3.0, a)
    assert str((a - b).op) == "-"


def test_the_builtins_sum_abs_max_and_min_work():
    a, b, c = Value(1.0), Value(-5.0), Value(3.0)
    total = sum([a, b, c])
    assert total.data == -1.0
    assert max([a, b, c]) is c
    assert min(a, b, c) is b
    assert abs(b).data == 5.0


def test_in_place_operators_make_new_nodes():
    a = Value(2.0)
    b = a
    b += 1
    assert (a.data, b.data) == (2.0, 3.0)


def test_equality_and_hash_go_by_identity():
    a, twin = Value(2.0), Value(2.0)
    assert a == a
    assert a != twin
    assert len({a, twin}) == 2
    assert [a, twin].index(twin) == 1


def test_comparisons_compare_the_numbers():
    a, b = Value(2.0), Value(3.0)
    assert (a < b, a <= b, a > b, a >= b) == (True, True, False, False)
    assert (a < 2.5, a > 2.5, a >= 2, np.float64(1.0) < a) == (True, False, True, True)


@pytest.mark.parametrize(
    "convert",
    [float, int, complex, math.sin, math.floor, np.float64, lambda v: np.asarray(v, dtype=float),
     lambda v: np.array([v], dtype=float)],
)  # fmt: skip
def test_conversions_that_would_lose_the_gradient_are_refused_with_advice(convert):
    with pytest.raises(TypeError, match="v\\.data"):
        convert(Value(1.0))


def test_the_truth_of_a_value_is_refused_with_advice():
    with pytest.raises(TypeError, match="v > 0"):
        assert Value(1.0)


@pytest.mark.parametrize("name", ["exp", "sin", "tanh", "sqrt"])
def test_functions_of_numpy_refuse_a_value_and_say_what_to_write(name):
    with pytest.raises(TypeError, match=rf"np\.{name}\(\) .* Use autograd\.{name}\(v\)"):
        getattr(np, name)(Value(0.5))


def test_an_array_of_values_computes_as_they_do_and_keeps_their_gradients():
    w, v = Value(2.0), Value(5.0)
    both = np.array([w, v])
    assert both.dtype == object
    assert np.sum(both).data == np.mean(both).data * 2 == 7.0
    for product in (np.dot([1.0, 10.0], both), np.eye(2)[1] @ both * 10.0 + w):
        w.grad = v.grad = 0.0
        product.backward()
        assert (w.grad, v.grad) == (1.0, 10.0)
    weights = np.array([[w, v], [v, w]])
    w.grad = v.grad = 0.0
    np.sum(weights @ np.array([1.0, 3.0])).backward()
    assert (w.grad, v.grad) == (4.0, 4.0)
    assert [each.data for each in both * w] == [4.0, 10.0]
    assert [each.data for each in np.exp(both * 0.0)] == [1.0, 1.0]
    assert [each.data for each in autograd.tanh(both * 0.0)] == [0.0, 0.0]


def test_numpys_scalars_are_numbers_on_both_sides():
    two, v = np.float64(2.0), Value(3.0)
    assert [(two - v).data, (v - two).data, (two**v).data, (two / v * 3).data] == [-1, 1, 8, 2]
    assert [two < v, v > two, two >= v, np.int64(3) <= v] == [True, True, False, True]


def test_arrays_are_refused_as_operands_on_both_sides():
    for compute in (lambda x, v: x * v, lambda x, v: v * x):
        with pytest.raises(TypeError, match="ndarray") as caught:
            compute(np.ones(3), Value(2.0))
        assert "Value" in str(caught.value)


def test_formatting_formats_the_number():
    assert f"{Value(2.5):.3f}" == "2.500"
    assert f"{Value(2.5):>8.1f}" == "     2.5"
    assert f"{Value(2.5)}" == "Value(data=2.5, grad=0.0)"


def test_repr_shows_number_gradient_and_label():
    assert repr(Value(1.0)) == "Value(data=1.0, grad=0.0)"
    assert repr(Value(1.0, label="w")) == "Value(data=1.0, grad=0.0, label='w')"


def test_a_misspelt_attribute_raises():
    a = Value(1.0)
    with pytest.raises(AttributeError):
        a.lable = "a"
    with pytest.raises(AttributeError):
        a.gard  # noqa: B018  # to look is the test


def test_the_data_of_a_leaf_can_be_written_with_numbers_only():
    p = Value(1.0)
    p.data -= 0.25
    assert p.data == 0.75
    p.data = np.float32(2)
    assert type(p.data) is float
    with pytest.raises(TypeError, match="str"):
        p.data = "3"
    assert p.data == 2.0


def test_the_data_of_a_computed_node_cannot_be_written():
    a = Value(1.0, label="a")
    b = a * 2
    with pytest.raises(AttributeError, match="only leaves"):
        b.data = 3.0
    assert b.data == 2.0


@pytest.mark.parametrize(
    ("compute", "error", "words"),
    [
        (lambda x: x.log(), ValueError, ["log", "x = -8.0"]),
        (lambda x: x ** (1 / 3), ValueError, ["**", "x = -8.0", "whole exponents"]),
        (lambda x: 1 / (x + 8), ZeroDivisionError, ["/", "x + 8", "zero"]),
        (lambda x: (x * -125).exp(), OverflowError, ["exp", "sigmoid"]),
        (lambda x: x.sqrt(), ValueError, ["sqrt"]),
        (lambda x: x.asin(), ValueError, ["asin", "-1 to 1"]),
        (lambda x: x * 1e308, OverflowError, ["*", "too large"]),
        (lambda x: x - 1.7e308 - 1.7e308, OverflowError, ["-", "too large"]),
    ],
)
def test_undefined_mathematics_raises_and_names_operation_and_operands(compute, error, words):
    x = Value(-8.0)
    with pytest.raises(error) as caught:
        compute(x)
    for word in words:
        assert word in str(caught.value)


def test_a_nan_is_never_born_silently_but_passes_if_it_came_in_as_data():
    infinity = Value(math.inf)
    with pytest.raises(ValueError, match="undefined"):
        infinity - infinity
    with pytest.raises(ValueError, match="undefined"):
        infinity * 0.0
    x = Value(math.nan)
    y = x * 2 + 1
    y.backward()
    assert math.isnan(y.data)
    assert x.grad == 2.0


def test_an_infinity_that_came_in_as_data_passes_through():
    x = Value(math.inf)
    y = x * 2 + 1
    y.backward()
    assert (y.data, x.grad) == (math.inf, 2.0)


@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "relu", "gelu", "log", "sqrt", "sin"])
def test_an_operation_is_a_function_of_numbers_and_values_and_a_method(name):
    function = getattr(autograd, name)
    x = Value(0.7)
    assert function(0.7) == function(x).data == getattr(x, name)().data


def test_leaky_relu_and_elu_take_their_parameter_as_a_number_or_a_value():
    x, slope = Value(-2.0), Value(0.5)
    y = x.leaky_relu(slope)
    y.backward()
    assert (y.data, x.grad, slope.grad) == (-1.0, 0.5, -2.0)
    assert x.leaky_relu().data == -0.02
    assert x.elu(2.0).data == 2.0 * math.expm1(-2.0)


def test_functions_of_sequences_take_any_iterable_and_refuse_an_empty_one():
    values = [Value(1.0), Value(2.0), 3.0]
    assert autograd.mean(iter(values)).data == 2.0
    assert autograd.fsum(values).data == 6.0
    assert autograd.fsum([]) == 0.0
    assert autograd.logsumexp([Value(1000.0), 1000.0]).data == 1000.0 + math.log(2.0)
    for function in (autograd.mean, autograd.logsumexp, autograd.softmax, autograd.log_softmax):
        with pytest.raises(ValueError, match="empty"):
            function([])
        with pytest.raises(TypeError, match="sequence"):
            function(Value(1.0))


def test_softmax_is_a_distribution_at_large_logits():
    shares = autograd.softmax([Value(1000.0), Value(-1000.0), Value(999.0)])
    assert math.fsum(share.data for share in shares) == pytest.approx(1.0, abs=1e-15)
    assert shares[1].data == 0.0
    shares[0].backward()


def test_where_computes_and_differentiates_the_chosen_side_only():
    x = Value(0.0)
    y = autograd.where(x > 0, lambda: x.log(), lambda: 3.0 * x)
    y.backward()
    assert (y.data, x.grad) == (0.0, 3.0)
    a, b = Value(1.0), Value(2.0)
    autograd.where(True, a, b).backward()
    assert (a.grad, b.grad) == (1.0, 0.0)


def test_a_value_as_a_condition_is_refused():
    with pytest.raises(TypeError, match="v > 0"):
        autograd.where(Value(1.0), 2.0, 3.0)


def test_the_public_names_exist_and_star_import_is_complete():
    for name in autograd.__all__:
        assert getattr(autograd, name) is not None
    assert set(autograd.__all__) <= set(dir(autograd))
    with pytest.raises(AttributeError, match="no_such_name"):
        autograd.no_such_name  # noqa: B018  # to look is the test
