"""What people call a model's abilities in other libraries, and that the advice works."""

from __future__ import annotations

import copy
import pickle
import random
import re
from pathlib import Path

import pytest

import nn
from autograd import Value
from nn.checks.habits import OF_A_MODEL, OF_AN_OPTIMIZER, SETTINGS


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_a_habit_is_answered_with_what_to_write_here(name: str) -> None:
    for model in nn.MLP(2, [3, 1]), nn.Layer(2, 1), nn.Neuron(2):
        with pytest.raises(AttributeError) as caught:
            getattr(model, name)
        message = str(caught.value)
        assert message.startswith(f"{type(model).__name__!r} object has no attribute {name!r}. ")
        assert message.endswith(".")
        assert "{" not in message


def calls_in(advice: str) -> list[str]:
    """Return the calls that a sentence shows, each up to the parenthesis that closes it."""
    codes = []
    for start in re.finditer(r"(?:\w+ = )?\b(?:nn|model|len|loss|optimizer)[\w.]*\(", advice):
        text = advice[start.start() :]
        ends = (end.end() for end in re.finditer(r"\)", text))
        codes.append(
            next(text[:end] for end in ends if text[:end].count("(") == text[:end].count(")"))
        )
    return codes


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_following_the_advice_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = nn.MLP(2, [3, 1], rng=random.Random(0))
    nn.save(model, "model.json")
    X, y = [[0.0, 1.0], [1.0, 0.0]], [0.0, 1.0]
    scope = {"nn": nn, "model": model, "X": X, "y": y, "x": X[0]}
    scope["optimizer"] = nn.SGD(model.parameters(), lr=0.1)
    scope["loss"] = nn.mse(model(X[0]), y[0])
    advice = OF_A_MODEL[name].replace("...", "'model.json'").replace("epochs=50", "epochs=1")
    codes = calls_in(advice)
    assert codes or name in ("requires_grad_", "freeze", "to", "cpu", "cuda")
    for code in codes:
        target = "y[0]" if "nn.mse(" in code else "y"
        exec(code.replace(" y)", f" {target})"), scope)


def test_a_misspelt_name_of_a_model_finds_the_nearest() -> None:
    with pytest.raises(
        AttributeError, match=r"no attribute 'paramters'. Did you mean parameters\?"
    ):
        nn.MLP(2, [1]).paramters  # noqa: B018  to look is the test


def test_asking_for_what_is_not_there_stays_plain_python() -> None:
    model = nn.MLP(2, [1])
    assert not hasattr(model, "fit")
    assert getattr(model, "nothing", 3) == 3
    assert not hasattr(model, "__len__")
    assert len(copy.deepcopy(model).parameters()) == 3
    assert len(pickle.loads(pickle.dumps(model)).parameters()) == 3


@pytest.mark.parametrize("name", OF_AN_OPTIMIZER)
def test_a_habit_with_an_optimizer_is_answered_and_the_advice_works(name: str) -> None:
    first, second = nn.MLP(2, [1]), nn.MLP(2, [1])
    optimizer = nn.SGD(first.parameters(), lr=0.1)
    with pytest.raises(AttributeError, match=f"'SGD' object has no attribute '{name}'. ") as caught:
        getattr(optimizer, name)
    assert "{" not in str(caught.value)
    scope = {"nn": nn, "optimizer": optimizer, "first": first, "second": second}
    scope |= {"loss": nn.mse(first([0.0, 1.0]), 0.5), "state": optimizer.state()}
    shown = r"(?:state = )?\b(?:loss|optimizer|nn)\.\w+(?: = [\d.]+\d|\([^)]*\)|)"
    advice = OF_AN_OPTIMIZER[name].replace("*first.parameters(), *second.parameters()", "*both")
    scope["both"] = [*first.parameters(), *second.parameters()]
    codes = re.findall(shown, advice)
    assert codes
    for code in codes:
        exec(code, scope)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_known_elsewhere_is_answered_with_what_to_write(name: str) -> None:
    with pytest.raises(TypeError, match=f"takes no {name}. Write ") as caught:
        nn.SGD([Value(1.0)], lr=0.1, **{name: 0.5})
    assert "{" not in str(caught.value)


def test_a_misspelt_setting_of_an_optimizer_finds_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"Adam\(\) takes no beta_1. Did you mean beta1\?"):
        nn.Adam([Value(1.0)], beta_1=0.5)


def test_zero_grad_with_an_option_says_that_there_is_none() -> None:
    model = nn.MLP(2, [1])
    for thing in model, nn.SGD(model.parameters(), lr=0.1):
        with pytest.raises(TypeError, match=r"takes no set_to_none: .* Write zero_grad\(\)\."):
            thing.zero_grad(set_to_none=True)


def test_a_model_says_that_it_has_no_restore_as_any_other_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'restore'"):
        nn.MLP(2, [1]).restore  # noqa: B018  to look is the test
