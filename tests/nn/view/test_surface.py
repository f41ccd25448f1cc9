"""What plot_loss_surface promises: the loss over two parameters, which it leaves as they were."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, log
from autograd.machinery import modes
from nn.view import plot_loss_surface
from nn.view.surface import losses_over


def bowl(p: Value, q: Value) -> Callable[[], Any]:
    return lambda: (p - 1.0) ** 2 + 2.0 * q**2


def pair() -> tuple[Value, Value]:
    return Value(0.5, label="p"), Value(-0.0, label="q")


def test_the_heights_are_the_loss_at_each_place() -> None:
    p, q = pair()
    across, up = np.array([-1.0, 0.0, 2.0]), np.array([0.5, 3.0])
    expected = (across - 1.0) ** 2 + 2.0 * up[:, np.newaxis] ** 2
    assert losses_over(bowl(p, q), p, q, across, up) == pytest.approx(expected)


def test_the_chart_holds_the_path_and_its_ends() -> None:
    p, q = pair()
    path = [(3.0, 2.0), (2.0, 1.0), (1.0, 0.0)]
    axes = plot_loss_surface(bowl(p, q), (p, q), path=path, resolution=9).axes[0]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert drawn["path"] == [list(point) for point in path]
    assert (drawn["start"], drawn["end"]) == ([[3.0, 2.0]], [[1.0, 0.0]])
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert all(left < a < right and bottom < b < top for a, b in path)
    assert left < p.data < right
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("p", "q")


def test_the_contours_are_steps_of_one_factor_above_the_lowest_loss() -> None:
    p, q = pair()
    figure = plot_loss_surface(bowl(p, q), [p, q], ranges=[(0.0, 2.0), (-1.0, 1.0)], resolution=21)
    levels = np.array(figure.axes[0].collections[0].levels)  # type: ignore[attr-defined]  # contours have levels
    assert levels[0] == 0.0
    assert levels[-1] == pytest.approx(3.0)
    factors = levels[2:] / levels[1:-1]
    assert factors == pytest.approx(factors[0])


def test_ranges_and_names_are_taken_as_given() -> None:
    p, q = pair()
    axes = plot_loss_surface(
        bowl(p, q), (p, q), ranges=[(0, 2), (-3, 3)], names=["slope", "height"], resolution=5
    ).axes[0]
    assert (axes.get_xlim(), axes.get_ylim()) == ((0.0, 2.0), (-3.0, 3.0))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("slope", "height")


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False))
def test_the_parameters_have_their_numbers_back_to_the_bit(first: float, second: float) -> None:
    p, q = Value(first), Value(second)
    losses_over(lambda: p.data + q.data, p, q, np.array([0.0, 1.0]), np.array([2.0, 3.0]))
    assert [each.data.hex() for each in (p, q)] == [first.hex(), second.hex()]


def test_gradients_stay_and_none_is_computed() -> None:
    p, q = pair()
    p.grad, q.grad = 3.0, -4.0
    results = []
    plot_loss_surface(lambda: results.append(bowl(p, q)()) or results[-1], (p, q), resolution=3)
    assert (p.grad, q.grad) == (3.0, -4.0)
    assert {result.op for result in results} == {None}


def test_a_loss_from_before_is_stale_and_one_from_behind_is_not() -> None:
    p, q = pair()
    before = bowl(p, q)()
    plot_loss_surface(bowl(p, q), (p, q), resolution=3)
    with pytest.raises(StaleGraphError):
        before.backward()
    bowl(p, q)().backward()
    assert p.grad == -1.0


def test_an_error_of_the_loss_is_passed_on_and_leaves_no_trace() -> None:
    p, q = pair()

    def broken() -> float:
        raise KeyError("no such thing")

    with pytest.raises(KeyError, match="no such thing"):
        plot_loss_surface(broken, (p, q))
    assert (p.data, math.copysign(1.0, q.data)) == (0.5, -1.0)


def interrupted_at(moment: int, work: Callable[[], Any]) -> bool:
    """Run the work with KeyboardInterrupt at its n-th call or return, and say whether it came.

    These are the moments at which Python looks for Ctrl-C. Those inside ``no_grad`` are left out,
    since an interruption there is its own affair.
    """
    left = moment

    def profile(frame: Any, *_: Any) -> None:
        nonlocal left
        if frame.f_code.co_filename == modes.__file__ or frame.f_code.co_name == "interrupted_at":
            return
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(previous)
    return False


def test_an_interruption_at_any_moment_leaves_the_parameters_as_they_were() -> None:
    places = np.array([1.0, 2.0])
    for moment in range(1, 10_000):
        p, q = pair()

        def work(p: Value = p, q: Value = q) -> None:
            losses_over(lambda: p.data + q.data, p, q, places, places)

        came = interrupted_at(moment, work)
        assert (p.data, math.copysign(1.0, q.data)) == (0.5, -1.0), moment
        if not came:
            break
    assert moment > 100


def test_a_place_where_the_loss_is_undefined_stays_white() -> None:
    p, q = pair()
    heights = losses_over(lambda: log(p) + q, p, q, np.array([-1.0, 1.0]), np.array([0.0, 2.0]))
    assert np.isnan(heights[:, 0]).all()
    assert heights[:, 1].tolist() == [0.0, 2.0]
    assert plot_loss_surface(lambda: log(p) + q**2, (p, q), resolution=5).png()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"path": [(1.0, 2.0, 3.0)]}, "pairs of numbers"),
        ({"path": [(1.0, math.nan)]}, "nan or inf"),
        ({"ranges": [(1.0, 0.0), (0.0, 1.0)]}, "pair \\(lowest, highest\\)"),
        ({"ranges": [(0.0, 1.0)]}, "pair \\(lowest, highest\\)"),
        ({"resolution": 2}, "at least 3"),
        ({"names": ["p"]}, "names has 1 name"),
    ],
)
def test_wrong_choices_are_refused_in_words(more: dict[str, Any], words: str) -> None:
    p, q = pair()
    with pytest.raises(ValueError, match=words):
        plot_loss_surface(bowl(p, q), (p, q), **more)


def test_what_is_not_two_parameters_is_refused_in_words() -> None:
    p, q = pair()
    for wrong in (p, [p], [p, p], [p, q, Value(1.0)]):
        with pytest.raises(ValueError, match="two different parameters"):
            plot_loss_surface(bowl(p, q), wrong)  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(TypeError, match=r"not computed from others, and was given 1\.0"):
        plot_loss_surface(bowl(p, q), (p, 1.0))  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(TypeError, match="was given a result"):
        plot_loss_surface(bowl(p, q), (p, q * 2))


def test_a_loss_that_says_nothing_about_the_parameters_is_refused() -> None:
    p, q = pair()
    with pytest.raises(ValueError, match="3 everywhere: it does not depend"):
        plot_loss_surface(lambda: 3.0, (p, q), resolution=3)
    with pytest.raises(ValueError, match="nan or inf everywhere"):
        plot_loss_surface(lambda: math.nan, (p, q), resolution=3)
    with pytest.raises(ZeroDivisionError):
        plot_loss_surface(lambda: 1.0 / Value(0.0), (p, q), resolution=3)
