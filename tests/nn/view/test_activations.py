"""What plot_activations promises: the functions that the networks use, and their derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd import sin
from nn.layers import ACTIVATIONS
from nn.view import plot_activations


def curves(axes: Any) -> tuple[Any, list[Any]]:
    """The places and heights of the function, and those of the pieces of the derivative."""
    lines = [line for line in axes.lines if len(line.get_xdata()) > 2]
    return lines[0].get_xydata(), [line.get_xydata() for line in lines[1:]]


def test_every_activation_has_a_panel() -> None:
    figure = plot_activations()
    assert [axes.get_title(loc="left").replace(" ", "_") for axes in figure.axes] == [*ACTIVATIONS]
    assert figure.get_suptitle() == "Activations and derivatives"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["activation", "derivative"]


def test_the_curves_are_the_function_and_its_derivative() -> None:
    value, (slope,) = curves(plot_activations("tanh", reach=3.0).axes[0])
    assert value[:, 1] == pytest.approx(np.tanh(value[:, 0]))
    assert slope[:, 1] == pytest.approx(1 / np.cosh(slope[:, 0]) ** 2)
    assert (value[0, 0], value[-1, 0]) == (-3.0, 3.0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_is_the_slope_of_the_curve(name: str) -> None:
    value, slopes = curves(plot_activations(name).axes[0])
    rises = np.diff(value[:, 1]) / np.diff(value[:, 0])
    slope = np.concatenate([piece[:, 1] for piece in slopes])
    between = (slope[1:] + slope[:-1]) / 2
    apart = np.abs(rises - between)
    apart[len(apart) // 2] = 0.0  # across the kink of relu there is no one slope
    assert apart.max() < 1e-3


@pytest.mark.parametrize(
    ("name", "left", "at_kink"), [("relu", 0.0, 0.0), ("leaky_relu", 0.01, None)]
)
def test_a_jump_of_the_derivative_is_a_gap_with_a_dot(
    name: str, left: float, at_kink: float | None
) -> None:
    axes = plot_activations(name).axes[0]
    _, (before, behind) = curves(axes)
    assert set(before[:, 1]) == {left}
    assert set(behind[:, 1]) == {1.0}
    (dot,) = axes.lines[-1].get_xydata()
    assert dot[0] == 0.0
    assert left <= dot[1] <= 1.0
    if at_kink is not None:
        assert dot[1] == at_kink


def test_any_function_of_one_value_can_be_drawn() -> None:
    def wave(x: Any) -> Any:
        return sin(3 * x)

    axes = plot_activations(wave, reach=math.pi).axes[0]
    assert axes.get_title(loc="left") == "wave"
    _, (slope,) = curves(axes)
    assert slope[:, 1] == pytest.approx(3 * np.cos(3 * slope[:, 0]))


def test_an_unknown_name_and_a_wrong_reach_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no activation 'tanhh'\. Did you mean 'tanh'"):
        plot_activations("tanhh")
    with pytest.raises(ValueError, match="reach must be positive"):
        plot_activations("tanh", reach=-1)
