"""Arguments, directions and results of transforms are matched by key and by shape."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Value,
    assert_gradients,
    check_gradients,
    fsum,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    tanh,
    value_and_grad,
)
from autograd.machinery.structures import leaves, matched, rebuilt


class Point(NamedTuple):
    x: float
    rest: dict


def norm(p):
    return p.x**2 + p.rest["y"] * p.rest["z"][0]


AT = Point(3.0, {"y": 2.0, "z": [5.0]})


def test_gradient_by_a_named_tuple_is_one():
    assert grad(norm)(AT) == Point(6.0, {"y": 5.0, "z": [2.0]})
    assert type(grad(norm)(AT)) is Point


def test_direction_and_product_with_the_hessian_are_too():
    direction = Point(1.0, {"y": 0.0, "z": [10.0]})
    assert jvp(norm, (AT,), (direction,)) == (19.0, 26.0)
    assert hvp(norm, (AT,), (direction,)) == (Point(2.0, {"y": 10.0, "z": [0.0]}),)


def test_result_that_is_a_named_tuple_has_its_gradients_in_their_places():
    found = jacobian(lambda x: Point(x * x, {"y": 3.0 * x}))(2.0)
    assert found == Point(4.0, {"y": 3.0})


@pytest.mark.parametrize("f", [max, min])
def test_function_that_tells_no_names_is_checked_by_numbered_inputs(f):
    report = check_gradients(f, (2.0, 3.0))
    assert report.ok
    assert [row.name for row in report.rows] == ["x0", "x1"]


def test_a_named_tuple_is_one_argument():
    direction = Point(1.0, {"z": [10.0], "y": 0.0})
    assert jvp(norm, AT, direction) == (19.0, 26.0)
    assert hvp(norm, AT, direction) == Point(2.0, {"y": 10.0, "z": [0.0]})
    assert_gradients(norm, AT)


# By key -------------------------------------------------------------------------------------------


def tens(d):
    return d["a"] * 10 + d["b"] ** 2


def test_directions_are_matched_by_key():
    assert jvp(tens, {"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 0.0}) == (14.0, 4.0)
    assert hvp(tens, {"a": 1.0, "b": 2.0}, {"b": 1.0, "a": 5.0}) == {"a": 0.0, "b": 2.0}
    nested = {"x": {"p": 1.0, "q": (2.0, 3.0)}}
    given_otherwise = {"x": {"q": [0.0, 1.0], "p": 0.0}}
    assert jvp(lambda d: d["x"]["p"] * d["x"]["q"][1], nested, given_otherwise) == (3.0, 1.0)


@pytest.mark.parametrize(
    ("point", "direction", "words"),
    [
        ({"a": 1.0, "b": 2.0}, {"a": 1.0}, r"the direction lacks 'b': they must have the same"),
        ({"a": 1.0}, {"a": 1.0, "c": 2.0}, r"the direction has 'c' that the point has not"),
        ({"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 2.0}, r"lacks 'b' and has 'c'"),
        ({"a": [1.0, 2.0]}, {"a": [1.0]}, r"direction\['a'\] has 1 number, but .*\['a'\] has 2"),
        ({"a": [1.0]}, {"a": 1.0}, r"direction\['a'\] is a number, but .* is of type list"),
        ([[1.0], 2.0], [1.0, [2.0]], r"direction\[0\] is a number, but the point\[0\] is of type"),
        ([1.0, 2.0], {0: 1.0, 1: 2.0}, r"direction is of type dict, but the point is of type list"),
        ({1: 1.0}, {"1": 1.0}, r"lacks 1 and has '1'"),
        (
            (1.0, [2.0]),
            (1.0, [2.0, 3.0]),
            r"direction\[1\] has 2 numbers, but the point\[1\] has 1",
        ),
        ([1.0, 2.0, 3.0], [[1.0, 2.0], 3.0], r"direction has 2 parts, but the point has 3"),
        (np.zeros((2, 3)), np.zeros((3, 2)), r"direction has 3 parts, but the point has 2"),
        (np.zeros((2, 3)), np.zeros((2, 2)), r"direction\[0\] has 2 numbers, but .*\[0\] has 3"),
    ],
)
def test_a_direction_of_another_shape_is_an_error_that_says_where(point, direction, words):
    def total(*args):
        return fsum(leaves(args))

    for transform in (jvp, hvp):
        with pytest.raises(ValueError, match=words):
            transform(total, point, direction)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"w": [1.0, "text"]}, r"not str at \['w'\]\[1\]"),
        ([1.0, None], r"not NoneType at \[1\]"),
        ({"w": {1.0, 2.0}}, r"not set at \['w'\]"),
        (np.array(["a"]), r"not str at \[0\]"),
        (np.array([1j]), r"not complex at \[0\]"),
    ],
)
def test_what_is_no_number_is_refused_with_its_place(argument, words):
    with pytest.raises(TypeError, match=words):
        grad(lambda a: 1.0)(argument)


# Dataclasses, other dicts -------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    slope: float
    rest: list = field(default_factory=list)

    def __post_init__(self):
        if type(self.slope) is float and self.slope == 0.0:
            raise ValueError("a line that is flat")

    def at(self, x):
        return self.slope * x + self.rest[0]


def test_dataclasses_are_structures_too():
    line = Line(2.0, [1.0])
    assert grad(lambda line: line.at(3.0) ** 2)(line) == Line(42.0, [14.0])
    assert jvp(lambda line: line.at(3.0), line, Line(1.0, [10.0])) == (7.0, 13.0)
    assert grad(lambda line: line.rest[0])(line).slope == 0.0  # no __init__ refuses a gradient
    assert hessian(lambda line: line.slope * line.rest[0])(line).slope.rest == [1.0]
    assert jacobian(lambda x: Line(x, [x * x]))(3.0) == Line(1.0, [6.0])
    with pytest.raises(
        ValueError, match=r"direction\.rest has 2 numbers, but the point\.rest has 1"
    ):
        jvp(lambda line: line.at(1.0), line, Line(1.0, [1.0, 2.0]))
    with pytest.raises(
        ValueError, match="the direction is of type dict, but the point is of type L"
    ):
        jvp(lambda line: line.at(1.0), line, {"slope": 1.0, "rest": [1.0]})
    report = check_gradients(lambda line: line.at(3.0) ** 2, line)
    assert [row.name for row in report.rows] == ["line.slope", "line.rest[0]"]


def test_gradients_by_a_dict_of_another_kind_are_of_that_kind():
    ordered = grad(lambda d: d["b"] * d["a"])(OrderedDict(b=2.0, a=3.0))
    assert type(ordered) is OrderedDict
    assert [*ordered.items()] == [("b", 3.0), ("a", 2.0)]
    default = defaultdict(list, x=2.0)
    assert grad(lambda d: d["x"] ** 2)(default) == {"x": 4.0}
    assert default == {"x": 2.0}


# Arrays -------------------------------------------------------------------------------------------


def test_gradients_by_arrays_are_arrays_of_float64():
    for kind in (np.float64, np.float32, np.int64):
        found = grad(lambda x: x[0] ** 2 * x[1])(np.array([3, 5], dtype=kind))
        assert (type(found), found.dtype, found.tolist()) == (np.ndarray, np.float64, [30.0, 9.0])
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = grad(lambda m, v: (v @ m @ v).sin() * 0.0 + np.sum(m * m), (0, 1))(matrix, np.ones(2))
    assert np.array_equal(found[0], 2 * matrix)
    assert np.array_equal(found[1], np.zeros(2))
    assert grad(lambda x: x * x)(np.array(3.0)).shape == ()
    assert grad(lambda p: p["w"][1] * p["b"])({"w": np.array([1.0, 2.0]), "b": 3.0})["w"][1] == 3.0


def test_results_that_are_arrays_have_the_shapes_of_both():
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    point = np.array([1.0, -1.0, 2.0])
    assert np.array_equal(jacobian(lambda x: matrix @ x)(point), matrix)
    cube = jacobian(lambda m: m @ point)(matrix)
    assert cube.shape == (2, 2, 3)
    assert np.array_equal(cube[0], [point, np.zeros(3)])
    parts = jacobian(lambda p: matrix @ p["x"] + p["b"])({"x": point, "b": 1.0})
    assert np.array_equal(parts["x"], matrix)
    assert np.array_equal(parts["b"], [1.0, 1.0])
    assert np.array_equal(hessian(lambda x: x @ x * x[0])(point)[0], [6.0, -2.0, 4.0])
    value, slope = jvp(lambda x: x * x, point, np.array([1.0, 1.0, 0.0]))
    assert (value.tolist(), slope.tolist()) == ([1.0, 1.0, 4.0], [2.0, -2.0, 0.0])
    assert hvp(lambda x: x @ x, point, [1.0, 0.0, 2.0]).tolist() == [2.0, 0.0, 4.0]


def test_gradients_by_an_array_of_values_are_values():
    x, y = Value(2.0), Value(3.0)
    found = grad(lambda v: v[0] ** 2 * v[1])(np.array([x, y]))
    found[0].backward()
    assert (found[0].data, x.grad, y.grad) == (12.0, 6.0, 4.0)


def test_masked_arrays_are_refused():
    with pytest.raises(TypeError, match="its mask would be ignored"):
        grad(lambda v: v[0])(np.ma.masked_array([1.0, 2.0], mask=[True, False]))


def test_scipy_can_minimise_with_a_gradient():
    from scipy import optimize

    def rosenbrock(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    found = optimize.minimize(rosenbrock, np.array([-1.0, 2.0]), jac=grad(rosenbrock))
    assert np.allclose(found.x, [1.0, 1.0], atol=1e-4)
    both = optimize.minimize(value_and_grad(rosenbrock), np.array([-1.0, 2.0]), jac=True)
    assert np.allclose(both.x, [1.0, 1.0], atol=1e-4)


# Any structure ------------------------------------------------------------------------------------

SMALL = st.floats(-2.0, 2.0)
STRUCTURES = st.recursive(
    SMALL | st.lists(SMALL, min_size=1, max_size=3).map(np.array),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.builds(Point, inner, inner)
        | st.builds(Line, st.floats(0.5, 2.0), st.lists(inner, max_size=2))
    ),
    max_leaves=8,
)


def same(a, b):
    return type(a) is type(b) and leaves(a) == leaves(b) and repr(a) == repr(b)


@given(STRUCTURES)
def test_any_structure_is_put_back_as_it_was(structure):
    if isinstance(structure, Line):
        structure = {"line": structure}
    assert same(rebuilt(structure, iter(leaves(structure))), structure)
    assert matched(structure, structure, ("point", "direction")) == leaves(structure)


@given(STRUCTURES)
def test_gradient_along_a_direction_is_the_same_for_any_structure(structure):
    def f(*args):
        return fsum(tanh(leaf) * (k + 1) for k, leaf in enumerate(leaves(args)))

    point = ((structure, 1.0),) if isinstance(structure, tuple) else structure
    slope = jvp(f, point, point)[1]
    gradient = grad(f)(*point) if isinstance(point, tuple) else grad(f)(point)
    expected = fsum(g * x for g, x in zip(leaves(gradient), leaves(point), strict=True))
    assert slope == pytest.approx(expected, abs=1e-12)
