"""What fit promises: to learn, to measure truly, to be repeatable, to leave order at Ctrl-C."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import numpy
import pytest

import nn
from nn.train import History, fit, spread

ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 0.0], [2.0, 2.0]]
CLASSES = [0, 0, 1, 1, 2, 2]


def network(seed: int = 1, outputs: int = 3) -> nn.MLP:
    return nn.MLP(2, [4, outputs], activation="tanh", rng=random.Random(seed))


def trained(model: nn.MLP, y: Any = CLASSES, X: Any = ROWS, **settings: Any) -> History:
    usual: dict[str, Any] = {
        "loss": "softmax_cross_entropy",
        "optimizer": nn.SGD(model.parameters(), lr=0.2),
        "epochs": 3,
        "batch_size": 2,
        "rng": random.Random(0),
        "progress": False,
    }
    return fit(model, X, y, **(usual | settings))


def numbers(model: nn.Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


# Learning -------------------------------------------------------------------------------------


def test_one_epoch_of_one_batch_is_one_step_against_the_gradient_of_the_mean_loss() -> None:
    model, twin = network(), network()
    history = trained(model, epochs=1, batch_size=6)
    loss = nn.softmax_cross_entropy([twin(row) for row in ROWS], CLASSES)
    loss.backward()
    expected = [parameter.data - 0.2 * parameter.grad for parameter in twin.parameters()]
    assert numbers(model) == pytest.approx(expected, rel=1e-12)
    assert history["loss"] == [pytest.approx(loss.data, rel=1e-12)]


def test_the_loss_falls_and_the_model_learns_its_examples() -> None:
    history = trained(network(), epochs=150)
    assert history["loss"][-1] < 0.1 < history["loss"][0]
    assert history["accuracy"][-1] == 1.0


@pytest.mark.parametrize("loss", ["mse", nn.mse, lambda output, target: (output - target) ** 2])
def test_a_loss_is_a_name_or_any_function_of_one_example(loss: Any) -> None:
    model = network(outputs=1)
    history = trained(model, [0.0, 0.5, 0.5, 1.0, 1.0, 2.0], loss=loss, epochs=2)
    reference = trained(network(outputs=1), [0.0, 0.5, 0.5, 1.0, 1.0, 2.0], loss="mse", epochs=2)
    assert list(history) == ["loss"]
    assert history["loss"] == pytest.approx(reference["loss"], rel=1e-12)


def test_the_last_batch_weighs_as_much_as_its_examples() -> None:
    model = network()
    before = nn.softmax_cross_entropy([model(row) for row in ROWS], CLASSES).data
    standing_still = nn.SGD(model.parameters(), lr=1e-300)
    history = trained(model, optimizer=standing_still, batch_size=4)
    assert history["loss"] == pytest.approx([before] * 3, rel=1e-12)


def test_the_same_seed_gives_the_same_bits_and_another_seed_another_order() -> None:
    first, again, other = network(), network(), network()
    trained(first)
    trained(again)
    trained(other, rng=random.Random(1))
    assert numbers(first) == numbers(again)
    assert numbers(first) != numbers(other)


def test_arrays_train_as_lists_do() -> None:
    model, twin = network(), network()
    pair = (numpy.array(ROWS), numpy.array(CLASSES))
    history = trained(model, X=pair[0], y=pair[1], validation=pair)
    reference = trained(twin, validation=(ROWS, CLASSES))
    assert numbers(model) == numbers(twin)
    assert history.rows == reference.rows


# Measuring ------------------------------------------------------------------------------------


def test_the_validation_is_measured_at_the_end_of_each_epoch_and_not_learned() -> None:
    model, alone = network(), network()
    others = ([[0.5, 0.5], [2.0, 1.0]], [1, 2])
    history = trained(model, validation=others)
    trained(alone)
    assert numbers(model) == numbers(alone)
    outputs = [model(row) for row in others[0]]
    loss = nn.softmax_cross_entropy(outputs, others[1]).data
    right = nn.accuracy([nn.predicted_class(output) for output in outputs], others[1])
    assert history["validation_loss"][-1] == pytest.approx(loss, rel=1e-12)
    assert history["validation_accuracy"][-1] == right


def test_the_hinge_loss_has_an_accuracy_by_the_sign_of_the_score() -> None:
    history = trained(network(outputs=1), [-1, -1, -1, 1, 1, 1], loss="hinge", epochs=100)
    assert history["accuracy"][-1] == 1.0


def test_targets_that_are_no_class_have_no_accuracy() -> None:
    one_hot = [[float(label == position) for position in range(3)] for label in CLASSES]
    assert list(trained(network(), one_hot)) == ["loss"]


def test_the_progress_bar_shows_loss_and_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    trained(network(), progress=True)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "loss=" in shown
    assert "accuracy=" in shown


def test_without_progress_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    trained(network())
    assert capsys.readouterr() == ("", "")


def test_a_missing_tqdm_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match="pip install tqdm, or pass progress=False"):
        trained(network(), progress=True)


# Stopping -------------------------------------------------------------------------------------


def interrupting(calls: int) -> Any:
    """Return a loss that is interrupted, as by Ctrl-C, after this many examples."""
    count = 0

    def loss(outputs: Any, label: Any) -> Any:
        nonlocal count
        if count == calls:
            raise KeyboardInterrupt
        count += 1
        return nn.softmax_cross_entropy(outputs, label)

    return loss


def test_ctrl_c_keeps_whole_epochs_in_the_history_and_whole_steps_in_the_model() -> None:
    model, twin = network(), network()
    # Epochs of 6 examples in batches of 2: at the 16th the third epoch has taken one step.
    history = trained(model, loss=interrupting(15), epochs=100)
    assert history.interrupted
    assert len(history.rows) == 2
    rng = random.Random(0)
    optimizer = nn.SGD(twin.parameters(), lr=0.2)
    steps = [batch for _ in range(3) for batch in nn.data.batches(ROWS, CLASSES, 2, rng=rng)]
    for X, y in steps[:7]:
        optimizer.zero_grad()
        nn.softmax_cross_entropy([twin(row) for row in X], y).backward()
        optimizer.step()
    assert numbers(model) == pytest.approx(numbers(twin), rel=1e-12)
    assert "interrupted in epoch 3" in str(history)


def test_ctrl_c_in_the_validation_leaves_no_row_of_half_an_epoch() -> None:
    history = trained(network(), loss=interrupting(17), validation=(ROWS, CLASSES))
    assert history.interrupted
    assert [len(row) for row in history.rows] == [4]


def test_ctrl_c_before_the_first_epoch_is_over_gives_an_empty_history() -> None:
    history = trained(network(), loss=interrupting(0))
    assert history.interrupted
    assert history.rows == []
    assert list(history) == []
    assert "no epoch was finished" in str(history)


def test_a_whole_training_is_not_interrupted() -> None:
    assert not trained(network()).interrupted


# Mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"loss": "softmax_crossentropy"}, "Did you mean 'softmax_cross_entropy'"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"y": [0, 1]}, "6 X and 2 y"),
        ({"X": [], "y": []}, "at least one example"),
        ({"validation": (ROWS, [0])}, "6 X and 1 y"),
        ({"validation": ROWS}, r"validation=\(X_test, y_test\)"),
        ({"validation": ()}, r"validation=\(X_test, y_test\)"),
        ({"optimizer": nn.SGD(network().parameters(), lr=0.1)}, "moves no parameter of this model"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_is_learned(
    wrong: dict[str, Any], words: str
) -> None:
    model = network()
    before = numbers(model)
    with pytest.raises(ValueError, match=words):
        trained(model, **wrong)
    assert numbers(model) == before


def test_a_loss_of_plain_numbers_is_refused_with_the_reason() -> None:
    with pytest.raises(TypeError, match=r"not from their \.data"):
        trained(network(outputs=1), loss=lambda output, target: (output.data - target) ** 2)


def test_numbers_out_of_bounds_raise_and_leave_the_parameters_finite() -> None:
    model = nn.MLP(2, [4, 1], activation="relu", rng=random.Random(1))
    steep = nn.SGD(model.parameters(), lr=1e200)
    with pytest.raises((ValueError, ArithmeticError)):
        trained(model, loss="mse", optimizer=steep, epochs=20)
    assert all(map(math.isfinite, numbers(model)))


# The history ----------------------------------------------------------------------------------


def test_the_history_reads_as_columns_and_as_rows() -> None:
    history = trained(network(), validation=(ROWS, CLASSES))
    assert list(history) == ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    assert dict(history)["loss"] == [row["loss"] for row in history.rows]
    assert repr(history).startswith("<History of 3 epochs: loss, accuracy")


def test_a_name_that_the_history_has_not_is_an_error_that_lists_those_it_has() -> None:
    with pytest.raises(KeyError, match="no 'f1', only: loss, accuracy"):
        trained(network())["f1"]


def test_a_long_history_prints_short_with_the_first_and_the_last_epoch() -> None:
    history = History()
    history.rows = [{"loss": 1.0 / epoch} for epoch in range(1, 201)]
    lines = str(history).splitlines()
    assert len(lines) == 12
    assert lines[1].split() == ["1", "1.000"]
    assert lines[-1].split() == ["200", "0.005000"]


@pytest.mark.parametrize("count", [1, 2, 11, 12, 13, 1000])
def test_spread_has_the_ends_and_no_position_twice(count: int) -> None:
    positions = spread(count, most=11)
    assert positions[0] == 0
    assert positions[-1] == count - 1
    assert positions == sorted(set(positions))
    assert len(positions) == min(count, 11)
