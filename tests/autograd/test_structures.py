"""Arguments and results of transforms keep their nested shape, named tuples too."""

from typing import NamedTuple

import pytest

from autograd import check_gradients, grad, hvp, jacobian, jvp


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
