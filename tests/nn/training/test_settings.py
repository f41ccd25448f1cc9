"""What the settings of a training promise: every argument is checked before anything is learned."""

from __future__ import annotations

import inspect
import random
from typing import Any

import pytest

import nn
from nn.training.settings import IDENTITY, Settings, checked

WRONG: dict[str, tuple[Any, Any, str]] = {
    "epochs": (0, ValueError, "epochs must be a whole number of at least 1"),
    "batch_size": (2.5, TypeError, "batch_size must be a whole number"),
    "X": ([[0.0], ["a"]], TypeError, r"X\[1\]\[0\] is 'a', a text"),
    "y": ([0.0], ValueError, "2 X and 1 y"),
    "validation": (1.5, ValueError, "validation as a share of the examples lies between 0 and 1"),
    "optimizer": ("sdg", ValueError, "no optimizer 'sdg'. Did you mean 'sgd'?"),
    "learning_rate": (None, ValueError, "needs a learning rate"),
    "l1": (-1.0, ValueError, "l1 must be 0 or more"),
    "l2": ("a", TypeError, "l2 must be a number"),
    "clip": (0.0, ValueError, "clip must be positive"),
    "early_stopping": (0, ValueError, "early_stopping must be a whole number of at least 1"),
    "callbacks": ([1], TypeError, "a callback is a function of"),
    "rng": (1, TypeError, "rng takes a random.Random, not int"),
    "resume": (True, ValueError, "resume=True needs the file to resume"),
}


def arguments(**changed: Any) -> dict[str, Any]:
    """Return the arguments of a call of fit by name, those that are not given with its defaults."""
    parameters = inspect.signature(nn.fit).parameters
    usual = {name: each.default for name, each in parameters.items()}
    required = {
        "model": nn.MLP(1, [1], rng=random.Random(0)),
        "X": [[0.0], [1.0]],
        "y": [0.0, 1.0],
        "loss": "mse",
        "optimizer": "sgd",
        "learning_rate": 0.1,
    }
    return usual | required | changed


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_an_argument_is_said_before_anything_is_learned(name: str) -> None:
    value, error, words = WRONG[name]
    given = arguments(**{name: value})
    before = [parameter.data for parameter in given["model"].parameters()]
    with pytest.raises(error, match=words):
        nn.fit(
            **given,
        )
    assert [parameter.data for parameter in given["model"].parameters()] == before


def test_settings_hold_one_form_of_what_may_be_given_in_many() -> None:
    def callback(epoch: int, history: Any, model: Any) -> None:
        raise AssertionError

    settings = checked(
        arguments(
            X=((0,), (1,)), validation=(((2,),), (1,)), metrics="mae", callbacks=callback, l1=1
        )
    )
    assert (settings.X, settings.y) == ([[0], [1]], [0.0, 1.0])
    assert settings.validation == ([[2]], [1])
    assert (settings.metrics, settings.callbacks, settings.l1) == (["mae"], [callback], 1.0)
    assert isinstance(settings.optimizer, nn.SGD)


def test_every_argument_of_fit_is_a_setting_or_part_of_the_optimizer() -> None:
    names = set(inspect.signature(nn.fit).parameters) - {"learning_rate"}
    assert names == set(Settings.__dataclass_fields__)
    assert set(IDENTITY) < names
