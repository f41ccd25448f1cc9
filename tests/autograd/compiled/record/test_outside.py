"""What a function can reach from outside: noticed when it changes, and put back."""

import functools
import random
import types

import numpy as np
import pytest

import nn
from autograd import Value
from autograd.compiled.record.outside import Outside


def changes(function, change):
    outside = Outside(function)
    assert outside.changes() == []
    assert not outside.is_changed_nearby()
    change()
    return outside.changes()


def test_a_change_says_what_was_and_what_is():
    rate, weights = {"now": 0.5}, [1.0, 2.0]
    assert changes(lambda x: rate["now"] * x, lambda: rate.update(now=0.25)) == [
        "rate['now'] was 0.5 and is 0.25"
    ]
    assert changes(lambda x: weights[1] * x, lambda: weights.__setitem__(1, 3.0)) == [
        "weights[1] was 2.0 and is 3.0"
    ]
    assert changes(lambda x: weights, lambda: weights.append(3.0)) == [
        "weights[2] was 'missing' and is 3.0"
    ]


def test_it_is_found_through_methods_partials_objects_and_what_they_hold():
    settings = types.SimpleNamespace(inner=types.SimpleNamespace(rates=[{"now": 1.0}]))

    class Loss:
        def __init__(self, settings):
            self.settings = settings

        def __call__(self, x):
            return self.settings.inner.rates[0]["now"] * x

        def method(self, x):
            return self(x)

    rates, made = settings.inner.rates[0], Loss(settings)
    for function in (
        Loss(settings),
        Loss(settings).method,
        functools.partial(Loss(settings).method),
        lambda x, loss=made: loss(x),
        nn_loss := (lambda x: Loss(settings)(x)),
        lambda x: nn_loss(x),
    ):
        rates["now"] = 1.0
        assert changes(function, lambda: rates.update(now=2.0)), function


def test_a_value_whose_number_changes_is_no_change():
    w, model = Value(1.0), nn.MLP(2, [3, 1])

    def train():
        w.data = 2.0
        model.parameters()[0].data = 3.0

    assert changes(lambda x: model([w, x]), train) == []


def test_a_network_is_far_and_what_hangs_on_it_near():
    model = nn.MLP(2, [3, 1])
    outside = Outside(lambda x: model([x, x]))
    model.training = False
    assert outside.is_changed_nearby()
    outside = Outside(lambda x: model([x, x]))
    model.layers[0].neurons[0].activation = "sigmoid"
    assert outside.changes()
    assert len(outside.near) < 5


def test_all_is_put_back_the_states_of_random_generators_too():
    state, entries, array = {"now": 1.0}, [1.0], np.array([1.0])
    rng, generator, old = random.Random(0), np.random.default_rng(0), np.random.RandomState(0)

    class Kind:
        rate = 1.0

    def function(x):
        return state, entries, array, rng, generator, old, Kind

    outside = Outside(function)
    assert not outside.has_drawn()
    drawn = [each.random() for each in (rng, generator, old, random, np.random)]
    assert outside.has_drawn()
    state["more"] = state["now"] = Kind.rate = 2.0
    entries.append(2.0)
    array[0] = 2.0
    outside.restore()
    assert (state, entries, array.tolist(), Kind.rate) == ({"now": 1.0}, [1.0], [1.0], 1.0)
    assert [each.random() for each in (rng, generator, old, random, np.random)] == drawn


def test_a_program_that_reaches_very_much_is_looked_at_as_far_as_it_pays():
    much = [{"entry": k} for k in range(100_000)]
    much.append(much)
    assert len(Outside(lambda x: much).kept) < 5_000


@pytest.mark.parametrize("function", [abs, "text".upper, int, functools.partial(max, 1)])
def test_a_function_of_python_itself_reaches_nothing(function):
    assert Outside(function).changes() == []
