"""Files of version 0.1, kept as they were written: they load, answer and go on as they did then.

``fixtures/expected.json`` holds what that version itself computed with them.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

import nn
from autograd import Value

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text())
STATES = json.loads((FIXTURES / "optimizer-states.json").read_text())
ROWS = [[0.1 * n, 1.0 / (n + 1)] for n in range(20)]


def numbers(output: Any) -> list[float]:
    return [each.data for each in output] if isinstance(output, list) else [output.data]


@pytest.mark.parametrize("name", ["every-activation", "scaled-classes", "neuron", "layer"])
def test_a_model_file_answers_as_it_did(name: str) -> None:
    model = nn.load(FIXTURES / f"{name}.json")
    for row, answer in zip(EXPECTED[name]["asked"], EXPECTED[name]["answers"], strict=True):
        # The last bits are those of the C library's exp and tanh, which machines differ in.
        assert numbers(model(row)) == pytest.approx(answer, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("name", ["every-activation", "scaled-classes", "neuron", "layer"])
def test_a_model_file_is_written_again_with_the_same_content(name: str, tmp_path: Path) -> None:
    saved = nn.load_all(FIXTURES / f"{name}.json")
    extras = {key: value for key, value in vars(saved).items() if key != "model"}
    nn.save(saved.model, tmp_path / "again.json", **extras)
    before = json.loads((FIXTURES / f"{name}.json").read_text())
    after = json.loads((tmp_path / "again.json").read_text())
    for content in (before, after):
        del content["library"], content["checksum"]  # which say who wrote it
    assert after == before


def test_what_belongs_to_a_model_is_still_there() -> None:
    saved = nn.load_all(FIXTURES / "scaled-classes.json")
    assert saved.class_names == ["éast", "west"]
    assert saved.feature_names == ["x", "y"]
    assert saved.notes == {"loss": "categorical_crossentropy", "seed": 4, "lr": 0.05}
    X, _ = nn.data.moons(30, rng=random.Random(3))
    assert saved.scaler is not None
    assert saved.scaler(X) == nn.data.Scaler.standard(X)(X)


WHOLE: dict[str, dict[str, Any]] = {
    "adam-after-3-epochs": {
        "optimizer": "adam", "learning_rate": 0.05, "validation": 0.25,
        "metrics": ["accuracy", "f1"], "l2": 1e-3, "clip": 1.0, "early_stopping": 4,
    },
    "eager-after-3-epochs": {"optimizer": "sgd", "learning_rate": 0.1, "engine": "eager"},
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_training_that_version_began_goes_on_as_it_would_have(name: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    shutil.copy(FIXTURES / f"{name}.checkpoint.json", path)
    model = nn.MLP(2, [3, 1], activation="tanh", rng=random.Random(99))
    history = nn.fit(
        model, ROWS, [n % 2 for n in range(20)], loss="binary_crossentropy", epochs=6,
        batch_size=4, rng=random.Random(7), progress=False, checkpoint=path, resume=True,
        **WHOLE[name],
    )  # fmt: skip
    expected = EXPECTED[name]
    assert len(history.rows) == 6
    for row, other in zip(history.rows, expected["rows"], strict=True):
        assert list(row) == list(other)
        assert row == pytest.approx(other, rel=1e-9)
    assert [p.data for p in model.parameters()] == pytest.approx(expected["parameters"], rel=1e-9)
    assert history.note == expected["note"]


@pytest.mark.parametrize("name", nn.OPTIMIZERS)
def test_the_state_of_an_optimizer_goes_on_as_it_did(name: str) -> None:
    kept = STATES[name]
    x, y = map(Value, kept["parameters"])
    optimizer = nn.OPTIMIZERS[name]([x, y], lr=0.5)
    optimizer.restore(kept["state"])
    assert optimizer.state() == kept["state"]
    for _ in range(3):
        optimizer.zero_grad()
        ((x * 3 - 1) ** 2 + y.tanh() * x).backward()
        optimizer.step()
    assert [x.data, y.data] == pytest.approx(kept["later"], rel=1e-12)
