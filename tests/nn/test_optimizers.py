"""What the optimizers promise: the formula, and a step as a whole or not at all."""

from __future__ import annotations

import math
from typing import Any

import pytest

import nn
from autograd import Value
from nn import SGD


def with_gradients(**gradients: float) -> list[Value]:
    """Return a parameter of the number 1.0 for each name, with its gradient."""
    parameters = [Value(1.0, label=name) for name in gradients]
    for parameter, gradient in zip(parameters, gradients.values(), strict=True):
        parameter.grad = gradient
    return parameters


def test_a_step_moves_against_the_gradient() -> None:
    parameters = with_gradients(a=2.0, b=-4.0, c=0.0)
    SGD(parameters, lr=0.25).step()
    assert [parameter.data for parameter in parameters] == [0.5, 2.0, 1.0]
    assert [parameter.grad for parameter in parameters] == [2.0, -4.0, 0.0]


def test_zero_grad_sets_the_gradients_to_zero() -> None:
    parameters = with_gradients(a=2.0, b=-4.0)
    SGD(parameters, lr=0.25).zero_grad()
    assert [parameter.grad for parameter in parameters] == [0.0, 0.0]


def test_descent_on_a_parabola_follows_the_powers() -> None:
    x = Value(3.0)
    optimizer = SGD([x], lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        (x * x).backward()
        optimizer.step()
    assert x.data == pytest.approx(3.0 * 0.8**50, rel=1e-12)


def test_the_learning_rate_can_be_changed_between_steps() -> None:
    (parameter,) = with_gradients(a=1.0)
    optimizer = SGD([parameter], lr=0.5)
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert parameter.data == 0.25


@pytest.mark.parametrize("lr", [0, -0.1, math.inf, math.nan])
def test_a_learning_rate_that_is_not_positive_and_finite_is_refused(lr: float) -> None:
    optimizer = SGD(with_gradients(a=1.0), lr=1)
    with pytest.raises(ValueError, match="positive and finite"):
        SGD(with_gradients(a=1.0), lr=lr)
    with pytest.raises(ValueError, match="positive and finite"):
        optimizer.lr = lr
    assert optimizer.lr == 1.0


def test_a_learning_rate_that_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a number, not str"):
        SGD(with_gradients(a=1.0), lr="0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize("gradient", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_stops_the_step_before_anything_changed(
    gradient: float,
) -> None:
    parameters = with_gradients(a=2.0, bad=gradient, c=1.0)
    with pytest.raises(ValueError, match=r"the gradient of bad is .* nothing was changed"):
        SGD(parameters, lr=0.1).step()
    assert [parameter.data for parameter in parameters] == [1.0, 1.0, 1.0]


def test_a_step_into_infinity_is_refused_before_anything_changed() -> None:
    parameters = with_gradients(a=2.0, huge=1e308)
    with pytest.raises(ValueError, match="huge would become -inf, so nothing was changed"):
        SGD(parameters, lr=10.0).step()
    assert [parameter.data for parameter in parameters] == [1.0, 1.0]


def test_an_interruption_in_the_middle_of_a_step_takes_it_back() -> None:
    class Interrupted(Value):
        """A parameter during whose first writing Ctrl-C is pressed."""

        pressed = False

        @property
        def data(self) -> float:
            return self._data

        @data.setter
        def data(self, number: float) -> None:
            if not type(self).pressed:
                type(self).pressed = True
                raise KeyboardInterrupt
            self._data = number

    parameters = [Value(1.0), Interrupted(1.0), Value(1.0)]
    for parameter in parameters:
        parameter.grad = 1.0
    with pytest.raises(KeyboardInterrupt):
        SGD(parameters, lr=0.5).step()
    assert [parameter.data for parameter in parameters] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ([], ValueError, "at least one parameter"),
        ([1.0], TypeError, "parameter 1 is a float, not a Value"),
        (3.0, TypeError, r"write model\.parameters\(\)"),
        (nn.Neuron(1), TypeError, r"not Neuron: write model\.parameters\(\)"),
        ([Value(1.0) + 1.0], ValueError, "parameter 1 was computed"),
    ],
)
def test_what_is_no_list_of_parameters_is_refused(
    parameters: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        SGD(parameters, lr=0.1)


def test_a_parameter_given_twice_is_refused_because_it_would_move_twice() -> None:
    weight = Value(1.0, label="weight")
    with pytest.raises(ValueError, match="weight is in the list twice"):
        SGD([weight, Value(2.0), weight], lr=0.1)


def test_an_iterator_of_parameters_is_kept_for_every_step() -> None:
    parameters = with_gradients(a=1.0)
    optimizer = SGD(iter(parameters), lr=0.25)
    optimizer.step()
    optimizer.step()
    assert parameters[0].data == 0.5


def test_an_optimizer_introduces_itself() -> None:
    assert repr(SGD(with_gradients(a=1.0), lr=0.1)) == "<SGD of 1 parameters, lr=0.1>"


def test_a_new_optimizer_needs_only_its_formula() -> None:
    class SignDescent(nn.Optimizer):
        def moved(self) -> list[float]:
            return [p.data - math.copysign(self.lr, p.grad) for p in self.parameters]

    parameters = with_gradients(a=7.0, b=-0.1)
    SignDescent(parameters, lr=0.5).step()
    assert [parameter.data for parameter in parameters] == [0.5, 1.5]
