"""What the optimizers promise: the formula, and a step as a whole or not at all."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from interrupting import interrupted_at

import nn
from autograd import Value
from nn import SGD
from nn.clipping import clip_gradients
from nn.optimizers import (
    OPTIMIZERS,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    optimizer_named,
)
from nn.penalties import l1, l2
from nn.schedules import Cosine


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
        SGD(with_gradients(a=1.0), lr="0.1")  # type: ignore[arg-type]  # the mistake itself


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
        def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
            return (data - math.copysign(lr, grad),)

    parameters = with_gradients(a=7.0, b=-0.1)
    SignDescent(parameters, lr=0.5).step()
    assert [parameter.data for parameter in parameters] == [0.5, 1.5]


# The formulas -------------------------------------------------------------------------------------


def path_of(optimizer: Optimizer, gradients: list[float]) -> list[float]:
    """Return where the only parameter stands after each of the gradients."""
    (parameter,) = optimizer.parameters
    places = []
    for gradient in gradients:
        parameter.grad = gradient
        optimizer.step()
        places.append(parameter.data)
    return places


def test_momentum_by_hand() -> None:
    places = path_of(Momentum([Value(1.0)], lr=0.5, momentum=0.5), [1.0, 1.0, -2.0])
    assert places == [0.5, -0.25, 0.375]  # velocities -0.5, -0.75, 0.625


def test_nesterov_by_hand() -> None:
    places = path_of(Nesterov([Value(1.0)], lr=0.5, momentum=0.5), [1.0, 1.0])
    assert places == [0.25, -0.625]  # velocities -0.5, -0.75


def test_rmsprop_by_hand() -> None:
    places = path_of(RMSProp([Value(1.0)], lr=0.5, decay=0.75, epsilon=1e-300), [2.0, 4.0])
    # mean squares 1 and 0.75 + 4
    assert places == pytest.approx([0.0, -2.0 / math.sqrt(4.75)], abs=1e-15)


def test_adam_by_hand() -> None:
    optimizer = Adam([Value(1.0)], lr=0.5, beta1=0.5, beta2=0.75, epsilon=1e-300)
    # moments 1 and 1, corrected 2 and 4; then 0.5 and 1.75, corrected 2/3 and 4
    assert path_of(optimizer, [2.0, 0.0]) == pytest.approx(
        [0.5, 0.5 - 0.5 * (0.5 / 0.75) / math.sqrt(0.75 / 0.4375)], rel=1e-15
    )
    assert optimizer.memory == {"first_moment": [0.5], "second_moment": [0.75]}


def test_adamw_by_hand() -> None:
    optimizer = AdamW([Value(4.0)], lr=0.5, weight_decay=0.25, epsilon=1e-300)
    # 4 - 0.5 * (1 + 0.25 * 4)
    assert path_of(optimizer, [3.0]) == pytest.approx([3.0], rel=1e-15)


def test_momentum_is_the_heavy_ball_of_polyak() -> None:
    x = Value(2.0)
    optimizer = Momentum([x], lr=0.1, momentum=0.7)
    before, here = 2.0, 2.0
    for _ in range(30):
        before, here = here, here - 0.1 * math.sin(here) + 0.7 * (here - before)
        x.grad = math.sin(x.data)
        optimizer.step()
        assert x.data == pytest.approx(here, abs=1e-12)


def test_nesterov_holds_the_point_ahead_of_the_formula_of_2013() -> None:
    x = Value(2.0)
    optimizer = Nesterov([x], lr=0.1, momentum=0.7)
    theta, velocity = 2.0, 0.0
    for _ in range(30):
        velocity = 0.7 * velocity - 0.1 * math.sin(theta + 0.7 * velocity)
        theta += velocity
        x.grad = math.sin(x.data)
        optimizer.step()
        assert x.data == pytest.approx(theta + 0.7 * velocity, abs=1e-12)


def test_adamw_is_algorithm_2_with_its_alpha_lambda_and_eta() -> None:
    draws = random.Random(4)
    schedule = Cosine(0.01, steps=20)
    alpha, weight_decay = 0.01, 0.3
    x = Value(1.5)
    optimizer = AdamW([x], lr=schedule, weight_decay=weight_decay)
    theta, m, v = 1.5, 0.0, 0.0
    for t in range(1, 21):
        x.grad = g = draws.gauss(0.0, 2.0)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        eta = schedule(t - 1) / alpha
        step = alpha * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        theta -= eta * (step + alpha * weight_decay * theta)
        optimizer.step()
        assert x.data == pytest.approx(theta, rel=1e-12)


def test_without_weight_decay_adamw_is_adam() -> None:
    gradients = [random.Random(1).gauss(0, 1) for _ in range(10)]
    adam = path_of(Adam([Value(1.0)], lr=0.1), gradients)
    assert path_of(AdamW([Value(1.0)], lr=0.1, weight_decay=0.0), gradients) == adam


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_bottom_of_a_narrow_valley(name: str) -> None:
    x, y = Value(1.0), Value(-1.0)
    optimizer = OPTIMIZERS[name]([x, y], lr=Cosine(0.05, steps=400))
    for _ in range(400):
        optimizer.zero_grad()
        (10.0 * x**2 + 0.5 * (y - 0.1) ** 2).backward()
        optimizer.step()
    assert abs(x.data) < 0.02
    assert abs(y.data - 0.1) < 0.02
    assert optimizer.steps == 400


def test_optimizers_have_names_and_an_unknown_one_suggests_the_nearest() -> None:
    assert list(OPTIMIZERS) == ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
    assert optimizer_named("adamw") is optimizer_named(AdamW) is AdamW
    with pytest.raises(ValueError, match=r"Did you mean 'rmsprop'\? Known: sgd, momentum"):
        optimizer_named("rmsporp")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: Momentum(p, lr=0.1, momentum=1.0), "momentum must be less than 1"),
        (lambda p: Nesterov(p, lr=0.1, momentum=-0.1), "momentum must be 0 or more"),
        (lambda p: RMSProp(p, lr=0.1, decay=math.nan), "decay must be 0 or more"),
        (lambda p: Adam(p, epsilon=0.0), "epsilon must be positive"),
        (lambda p: Adam(p, beta2=1.0), "beta2 must be less than 1"),
        (lambda p: AdamW(p, weight_decay=-1.0), "weight_decay must be 0 or more"),
    ],
)
def test_a_setting_out_of_bounds_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make([Value(1.0)])


# Kingma and Ba, 2015, algorithm 1; Loshchilov and Hutter, 2019; Tieleman and Hinton, 2012.
DEFAULTS: dict[type[Optimizer], dict[str, float]] = {
    Momentum: {"momentum": 0.9},
    Nesterov: {"momentum": 0.9},
    RMSProp: {"decay": 0.9, "epsilon": 1e-8},
    Adam: {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    AdamW: {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
}


@pytest.mark.parametrize("kind", DEFAULTS)
def test_the_settings_that_are_not_given_are_those_of_the_papers(kind: type[Optimizer]) -> None:
    state = kind([Value(1.0)], lr=0.5).state()
    assert state["settings"] == {"lr": 0.5} | DEFAULTS[kind]


@pytest.mark.parametrize("kind", [Adam, AdamW])
def test_the_usual_learning_rate_of_adam_is_a_thousandth(kind: type[Adam]) -> None:
    assert kind([Value(1.0)]).lr == 0.001


# A step as a whole or not at all ------------------------------------------------------------------


def worn(name: str) -> Optimizer:
    """Return an optimizer that has taken two steps, ready for the third."""
    parameters = [Value(0.5 * place, label=f"p{place}") for place in range(3)]
    optimizer = OPTIMIZERS[name](parameters, lr=0.1)
    for round_ in range(2):
        for place, parameter in enumerate(parameters):
            parameter.grad = place + round_ + 0.5
        optimizer.step()
    return optimizer


def everything(optimizer: Optimizer) -> Any:
    parameters = [(parameter.data, parameter.grad) for parameter in optimizer.parameters]
    return parameters, optimizer.state(), vars(optimizer).keys()


def check_at_every_line(fresh: Callable[[], Any], work: Any, look: Callable[[Any], Any]) -> None:
    thing = fresh()
    old = look(thing)
    work(thing)
    new = look(thing)
    assert old != new
    found = set()
    for line in range(1, 10_000):
        thing = fresh()
        came = interrupted_at(line, lambda: work(thing))  # noqa: B023  called at once
        assert look(thing) in (old, new), line
        found.add(look(thing) == new)
        if not came:
            break
    assert line > 3
    assert found == {False, True}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ctrl_c_at_any_line_of_a_step_leaves_parameters_and_memory_old_or_new(name: str) -> None:
    check_at_every_line(lambda: worn(name), lambda optimizer: optimizer.step(), everything)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ctrl_c_at_any_line_of_restore_leaves_old_or_new(name: str) -> None:
    later = worn(name)
    later.step()
    later.lr = 0.01
    state = later.state()
    check_at_every_line(
        lambda: worn(name), lambda optimizer: optimizer.restore(state), Optimizer.state
    )


def test_ctrl_c_at_any_line_of_clipping_leaves_old_or_new() -> None:
    check_at_every_line(
        lambda: with_gradients(a=3.0, b=-4.0),
        lambda parameters: clip_gradients(parameters, largest_norm=1.0),
        lambda parameters: [parameter.grad for parameter in parameters],
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("gradient", [math.nan, math.inf])
def test_a_refused_step_leaves_the_memory_and_the_count_as_they_were(
    name: str, gradient: float
) -> None:
    optimizer = worn(name)
    optimizer.parameters[-1].grad = gradient
    before = optimizer.state(), [parameter.data for parameter in optimizer.parameters]
    with pytest.raises(ValueError, match="the gradient of p2"):
        optimizer.step()
    assert (optimizer.state(), [p.data for p in optimizer.parameters]) == before


@pytest.mark.parametrize("name", ["rmsprop", "adam", "adamw"])
def test_a_gradient_whose_square_overflows_is_refused_and_does_not_freeze_the_parameter(
    name: str,
) -> None:
    optimizer = worn(name)
    optimizer.parameters[1].grad = 1e200
    before = everything(optimizer)
    with pytest.raises(ValueError, match=r"the (mean square|second moment) of p1 would become inf"):
        optimizer.step()
    assert everything(optimizer) == before


def test_a_refused_step_makes_no_graph_stale() -> None:
    x = Value(1.0)
    loss = x**2
    x.grad = 1e308
    with pytest.raises(ValueError, match="would become"):
        SGD([x], lr=10.0).step()
    x.grad = 0.0
    loss.backward()
    assert x.grad == 2.0


# Checkpoints --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_checkpoint_goes_on_to_the_bit_as_if_nothing_had_happened(name: str) -> None:
    def descend(optimizer: Optimizer, steps: int) -> None:
        for _ in range(steps):
            for place, parameter in enumerate(optimizer.parameters):
                parameter.grad = math.sin(3.0 * parameter.data + place)
            optimizer.step()

    optimizer = worn(name)
    optimizer.lr = 0.03
    descend(optimizer, 5)
    text = json.dumps(optimizer.state(), allow_nan=False)
    twin = OPTIMIZERS[name]([Value(p.data) for p in optimizer.parameters], lr=0.7)
    twin.restore(json.loads(text))
    assert json.dumps(twin.state()) == text
    descend(optimizer, 5)
    descend(twin, 5)
    assert [p.data for p in twin.parameters] == [p.data for p in optimizer.parameters]
    assert twin.state() == optimizer.state()


def test_a_state_is_a_copy() -> None:
    optimizer = worn("adam")
    state = optimizer.state()
    kept = json.dumps(state)
    optimizer.step()
    assert json.dumps(state) == kept
    optimizer.restore(state)
    optimizer.step()
    assert json.dumps(state) == kept


def test_a_schedule_goes_on_from_the_restored_step_and_must_be_given_again() -> None:
    optimizer = SGD([Value(1.0)], lr=Cosine(0.1, steps=10))
    for _ in range(5):
        optimizer.step()
    twin = SGD([Value(1.0)], lr=Cosine(0.1, steps=10))
    twin.restore(optimizer.state())
    assert twin.lr == optimizer.lr == pytest.approx(0.05)
    with pytest.raises(ValueError, match="saved with a schedule"):
        SGD([Value(1.0)], lr=0.1).restore(optimizer.state())
    with pytest.raises(ValueError, match=r"set optimizer\.lr = 0\.2 first"):
        twin.restore(SGD([Value(1.0)], lr=0.2).state())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: "state", "the state must be a dict"),
        (lambda s: {}, "the state must be a dict of optimizer, steps, settings, memory"),
        (lambda s: s | {"optimizer": "SGD"}, "the state of 'SGD'"),
        (lambda s: s | {"steps": -1}, "steps of the state"),
        (lambda s: s | {"settings": {"lr": 0.1}}, "its settings must be a dict of lr, beta1"),
        (lambda s: s | {"settings": s["settings"] | {"beta1": 2.0}}, "beta1 of the state"),
        (lambda s: s | {"memory": {}}, "its memory must be a dict of first_moment"),
        (lambda s: s | {"memory": s["memory"] | {"first_moment": [0.0]}}, "each of the 3"),
        (
            lambda s: s | {"memory": s["memory"] | {"first_moment": [0.0, math.nan, 0.0]}},
            "not a finite number",
        ),
        (
            lambda s: s | {"memory": s["memory"] | {"second_moment": [0.0, -1.0, 0.0]}},
            "not less than 0",
        ),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(
    change: Any, message: str
) -> None:
    optimizer = worn("adam")
    before = everything(optimizer)
    with pytest.raises(ValueError, match=message):
        optimizer.restore(change(optimizer.state()))
    assert everything(optimizer) == before


# Clipping and penalties ---------------------------------------------------------------------------


def test_clipping_by_norm_keeps_the_direction() -> None:
    parameters = with_gradients(a=6.0, b=-8.0)
    assert clip_gradients(parameters, largest_norm=5.0) == 10.0
    assert [parameter.grad for parameter in parameters] == [3.0, -4.0]


@pytest.mark.parametrize("bound", [{"largest_norm": 5.0}, {"largest_value": 4.0}])
def test_gradients_within_the_bound_stay_as_they_are(bound: dict[str, float]) -> None:
    parameters = with_gradients(a=3.0, b=-4.0)
    assert clip_gradients(parameters, **bound) == 5.0
    assert [parameter.grad for parameter in parameters] == [3.0, -4.0]


def test_clipping_by_value_cuts_each_by_itself() -> None:
    parameters = with_gradients(a=6.0, b=-8.0, c=0.5)
    clip_gradients(parameters, largest_value=1.0)
    assert [parameter.grad for parameter in parameters] == [1.0, -1.0, 0.5]


@pytest.mark.parametrize("gradient", [math.nan, math.inf])
def test_what_no_clipping_makes_right_is_refused_and_changes_nothing(gradient: float) -> None:
    parameters = with_gradients(a=6.0, b=gradient)
    with pytest.raises(ValueError, match="nothing was changed"):
        clip_gradients(parameters, largest_norm=1.0)
    assert parameters[0].grad == 6.0


@pytest.mark.parametrize("bounds", [{}, {"largest_norm": 1.0, "largest_value": 1.0}])
def test_clipping_takes_exactly_one_bound(bounds: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="takes one bound"):
        clip_gradients(with_gradients(a=1.0), **bounds)


def test_penalties_stand_in_the_graph_and_pull_towards_zero() -> None:
    parameters = [Value(3.0), Value(-0.5), Value(0.0)]
    penalty = l1(parameters)
    penalty.backward()
    assert penalty.data == 3.5
    assert [parameter.grad for parameter in parameters] == [1.0, -1.0, 0.0]
    for parameter in parameters:
        parameter.grad = 0.0
    penalty = l2(parameters)
    penalty.backward()
    assert penalty.data == 9.25
    assert [parameter.grad for parameter in parameters] == [6.0, -1.0, 0.0]


@pytest.mark.parametrize("penalty", [l1, l2])
def test_a_penalty_of_what_is_no_list_of_parameters_is_refused(penalty: Any) -> None:
    with pytest.raises(TypeError, match=r"write l.\(model\.parameters\(\)\)"):
        penalty(nn.Neuron(1))
    with pytest.raises(TypeError, match="parameter 1 is a float"):
        penalty([1.0])
    with pytest.raises(ValueError, match="at least one parameter"):
        penalty([])
