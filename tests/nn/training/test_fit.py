"""What fit promises: to learn, to measure truly, to be repeatable, to leave order at Ctrl-C."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy
import pytest

import autograd
import nn
from nn.training.fit import fit
from nn.training.history import History
from nn.training.learners import CompiledLearner

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


# The same six labels as programs hand them over: as floats, as a column, as NumPy makes either.
LABELS: dict[str, Any] = {
    "floats": [float(label) for label in CLASSES],
    "a column": [[label] for label in CLASSES],
    "a column of floats": [[float(label)] for label in CLASSES],
    "an array of floats": numpy.array(CLASSES, dtype=float),
    "an array of shape (n, 1)": numpy.array(CLASSES).reshape(-1, 1),
    "one-hot": numpy.eye(3)[CLASSES],
}


@pytest.mark.parametrize("engine", ["eager", "compiled"])
@pytest.mark.parametrize("kind", LABELS)
def test_labels_mean_the_same_in_whatever_form_they_come(kind: str, engine: str) -> None:
    y = LABELS[kind]
    models = network(), network()
    histories = [
        trained(model, labels, engine=engine, validation=(ROWS, labels), epochs=2)
        for model, labels in zip(models, (CLASSES, y), strict=True)
    ]
    assert list(histories[1]) == list(histories[0])
    assert "accuracy" in histories[1]
    for name in histories[0]:
        assert histories[1][name] == pytest.approx(histories[0][name], rel=1e-12)
    assert numbers(models[1]) == pytest.approx(numbers(models[0]), rel=1e-12)
    measured = nn.evaluate(models[1], ROWS, y, "cross_entropy")
    assert measured == pytest.approx(nn.evaluate(models[1], ROWS, CLASSES, "cross_entropy"))


@pytest.mark.parametrize("engine", ["eager", "compiled"])
def test_numbers_to_learn_may_come_as_a_column(engine: str) -> None:
    y = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    rows = []
    for targets in (y, numpy.array(y).reshape(-1, 1)):
        model = network(outputs=1)
        history = trained(
            model, targets, loss="mse", metrics=["r2"], engine=engine, validation=0.5, epochs=2
        )
        rows.append(history.rows)
    assert rows[0] == rows[1]


def test_a_model_of_ones_own_that_answers_a_list_of_one_takes_targets_of_one() -> None:
    w = autograd.Value(1.0)
    history = fit(
        lambda row: [w * row[0]], [[1.0], [2.0]], [[2.0], [4.0]], loss="mse",
        optimizer=nn.SGD([w], lr=0.1), epochs=20, progress=False, rng=random.Random(0),
    )  # fmt: skip
    assert w.data == pytest.approx(2.0, abs=1e-3)
    assert history["loss"][-1] < 1e-5


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


def test_one_hot_targets_are_learned_and_measured_as_the_numbers_of_their_classes_are() -> None:
    one_hot = [[float(label == position) for position in range(3)] for label in CLASSES]
    model, twin = network(), network()
    history, reference = trained(model, one_hot), trained(twin)
    assert numbers(model) == numbers(twin)
    assert history.rows == reference.rows


def test_targets_that_are_no_class_have_no_accuracy() -> None:
    shares = [[0.5, 0.25, 0.25] for _ in CLASSES]
    assert list(trained(network(), shares)) == ["loss"]


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
    with pytest.raises(ImportError, match=r"progress=False.* needs the package tqdm"):
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
    history = trained(model, loss=interrupting(15), epochs=100, engine="eager")
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


def test_ctrl_c_keeps_whole_steps_of_the_compiled_engine_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, twin = network(), network()
    whole_step, count = CompiledLearner.__call__, 0

    def step(self: CompiledLearner, X: Any, y: Any) -> Any:
        nonlocal count
        count += 1
        if count == 8:
            raise KeyboardInterrupt
        return whole_step(self, X, y)

    monkeypatch.setattr(CompiledLearner, "__call__", step)
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    history = trained(model, optimizer=optimizer, epochs=100)
    monkeypatch.undo()
    assert history.interrupted
    assert len(history.rows) == 2
    assert optimizer.steps == 7
    rng, optimizer = random.Random(0), nn.Adam(twin.parameters(), lr=0.1)
    for X, y in [part for _ in range(3) for part in nn.data.batches(ROWS, CLASSES, 2, rng=rng)][:7]:
        optimizer.zero_grad()
        nn.softmax_cross_entropy([twin(row) for row in X], y).backward()
        optimizer.step()
    assert numbers(model) == pytest.approx(numbers(twin), rel=1e-9)


def test_ctrl_c_in_the_validation_leaves_no_row_of_half_an_epoch() -> None:
    history = trained(network(), loss=interrupting(17), validation=(ROWS, CLASSES), engine="eager")
    assert history.interrupted
    assert [len(row) for row in history.rows] == [4]


def test_ctrl_c_before_the_first_epoch_is_over_gives_an_empty_history() -> None:
    history = trained(network(), loss=interrupting(0), engine="eager")
    assert history.interrupted
    assert history.rows == []
    assert list(history) == []
    assert "no epoch was finished" in str(history)


def test_a_whole_training_is_not_interrupted() -> None:
    assert not trained(network()).interrupted


# Settings -------------------------------------------------------------------------------------


def test_an_optimizer_may_be_given_by_name_with_its_learning_rate() -> None:
    by_name, by_class, made = network(), network(), network()
    trained(by_name, optimizer="adam", learning_rate=0.05)
    trained(by_class, optimizer=nn.Adam, learning_rate=nn.schedules.Constant(0.05))
    trained(made, optimizer=nn.Adam(made.parameters(), lr=0.05))
    assert numbers(by_name) == numbers(by_class) == numbers(made)


def test_a_loss_that_is_no_mean_is_taken_of_the_whole_batch() -> None:
    y = [0.0, 0.5, 0.5, 1.0, 1.0, 2.0]
    model, twin = network(outputs=1), network(outputs=1)
    history = trained(model, y, loss="rmse", epochs=1, batch_size=6)
    loss = nn.rmse([twin(row) for row in ROWS], y)
    loss.backward()
    expected = [parameter.data - 0.2 * parameter.grad for parameter in twin.parameters()]
    assert history["loss"] == [pytest.approx(loss.data, rel=1e-12)]
    assert numbers(model) == pytest.approx(expected, rel=1e-9)


def test_a_model_that_ends_in_a_softmax_learns_as_one_that_gives_logits() -> None:
    ends = [nn.MLP(2, [4, (3, end)], rng=random.Random(1)) for end in ("linear", "softmax")]
    histories = [trained(model, loss="categorical_crossentropy") for model in ends]
    assert numbers(ends[0]) == pytest.approx(numbers(ends[1]), rel=1e-9)
    assert histories[0]["loss"] == pytest.approx(histories[1]["loss"], rel=1e-12)
    assert histories[0]["accuracy"] == histories[1]["accuracy"]


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_a_penalty_pulls_on_the_weights_and_not_on_the_biases(name: str) -> None:
    model = network(outputs=1)
    before = dict(zip(model.named_parameters(), numbers(model), strict=True))
    trained(
        model, [0.0] * 6, loss=lambda output, target: output * 0.0, epochs=1, batch_size=6,
        optimizer="sgd", learning_rate=0.5, **{name: 0.01},
    )  # fmt: skip
    for parameter, after in model.named_parameters().items():
        weight = before[parameter]
        slope = math.copysign(0.01, weight) if name == "l1" else 0.02 * weight
        expected = weight if parameter.endswith(".b") else weight - 0.5 * slope
        assert after.data == pytest.approx(expected, rel=1e-12)


def test_the_loss_in_the_history_is_without_the_penalty() -> None:
    model, twin = network(), network()
    history = trained(model, l2=5.0, epochs=1, batch_size=6)
    reference = trained(twin, epochs=1, batch_size=6)
    assert history["loss"] == reference["loss"]
    assert numbers(model) != numbers(twin)


def test_a_gradient_is_clipped_to_the_largest_norm() -> None:
    model, twin = network(), network()
    trained(model, clip=0.001, epochs=1, batch_size=6)
    moves = [a - b for a, b in zip(numbers(model), numbers(twin), strict=True)]
    assert math.hypot(*moves) == pytest.approx(0.2 * 0.001, rel=1e-9)


def test_a_share_for_the_validation_is_set_aside_before_training() -> None:
    model, twin = network(), network()
    history = trained(model, validation=0.4)
    rng = random.Random(0)
    X, X_aside, y, y_aside = nn.data.train_test_split(ROWS, CLASSES, 0.4, rng=rng)
    reference = trained(twin, y, X, validation=(X_aside, y_aside), rng=rng)
    assert history.rows == reference.rows
    assert numbers(model) == numbers(twin)


def test_metrics_are_measured_on_both_sets() -> None:
    history = trained(network(), metrics=["accuracy", "f1_macro"], validation=(ROWS, CLASSES))
    assert list(history) == [
        "loss", "accuracy", "f1_macro",
        "validation_loss", "validation_accuracy", "validation_f1_macro",
    ]  # fmt: skip


def test_a_metric_of_an_epoch_is_of_all_its_examples_and_not_a_mean_over_batches() -> None:
    y = [0.0, 0.5, 0.5, 1.0, 1.0, 2.0]
    model = network(outputs=1)
    standing_still = nn.SGD(model.parameters(), lr=1e-300)
    history = trained(model, y, loss="mse", metrics="r2", optimizer=standing_still, epochs=1)
    assert history["r2"] == [pytest.approx(nn.r2(nn.predict(model, ROWS), y), rel=1e-12)]


def test_the_call_of_a_classroom_learns_moons() -> None:
    rng = random.Random(4)
    X, y = nn.data.moons(60, noise=0.05, rng=rng)
    X_train, X_test, y_train, y_test = nn.data.train_test_split(X, y, 0.25, rng=rng)
    model = nn.MLP(2, [8, 1], activation="tanh", rng=rng)
    history = fit(
        model, X_train, y_train, loss="binary_crossentropy",
        optimizer=nn.Adam(model.parameters(), lr=0.1), epochs=40, batch_size=16, rng=rng,
        validation=(X_test, y_test), metrics=["accuracy", "f1"], l2=1e-4, progress=False,
    )  # fmt: skip
    assert history["validation_accuracy"][-1] > 0.9
    assert nn.predict_class(model, X_test) == [int(each > 0) for each in nn.predict(model, X_test)]


# Ending early ---------------------------------------------------------------------------------


def scripted(losses: list[float]) -> Any:
    """Return a metric-free way to write a history: a loss that is what the script says."""
    script = iter(losses)
    return lambda output, target: output[0] * 0.0 + next(script)


def test_early_stopping_waits_and_then_restores_the_best_epoch() -> None:
    seen: list[list[float]] = []
    model = network()
    history = trained(
        model, loss=scripted([5.0, 3.0, 4.0, 3.0, 3.5, 1.0]), engine="eager", l2=0.1,
        batch_size=6, epochs=6,
        X=ROWS[:1], y=[0], early_stopping=3, metrics=[],
        callbacks=[lambda epoch, history, model: seen.append(numbers(model))],
    )  # fmt: skip
    assert history["loss"] == [5.0, 3.0, 4.0, 3.0, 3.5]
    assert numbers(model) == seen[1]
    assert seen[1] != seen[4]
    assert str(history).endswith("the loss was best in epoch 2, whose parameters the model has")


def test_early_stopping_restores_the_best_epoch_also_if_the_last_one_comes_first() -> None:
    seen: list[list[float]] = []
    model = network()
    trained(
        model, loss=scripted([5.0, 3.0, 4.0]), engine="eager", l2=0.1, X=ROWS[:1],
        y=[0], early_stopping=9,
        metrics=[], callbacks=[lambda epoch, history, model: seen.append(numbers(model))],
    )  # fmt: skip
    assert len(seen) == 3
    assert numbers(model) == seen[1]


def test_early_stopping_looks_at_the_validation_if_there_is_one() -> None:
    losses = [9.0, 5.0, 8.0, 3.0, 7.0, 4.0]  # of the training and of the validation in turn
    history = trained(
        network(), loss=scripted(losses), engine="eager", X=ROWS[:1], y=[0], metrics=[],
        validation=(ROWS[:1], [0]), early_stopping=1, l2=0.1,
    )  # fmt: skip
    assert history["validation_loss"] == [5.0, 3.0, 4.0]
    assert history.note.startswith("the validation loss was best in epoch 2")


def test_callbacks_see_each_epoch_and_one_that_returns_true_ends_the_training() -> None:
    seen: list[Any] = []
    model = network()

    def look(epoch: int, history: History, model: Any) -> bool:
        seen.append((epoch, len(history.rows), model))
        return epoch == 2

    history = trained(model, epochs=50, callbacks=[look, look])
    assert seen == [(1, 1, model)] * 2 + [(2, 2, model)] * 2
    assert len(history.rows) == 2
    assert not history.interrupted


def test_what_a_callback_happens_to_return_does_not_end_the_training() -> None:
    assert len(trained(network(), callbacks=lambda *_: "a word").rows) == 3


# The same bits --------------------------------------------------------------------------------

PROGRAM = """
import random, nn
rng = random.Random(3)
X, y = nn.data.moons(30, noise=0.1, rng=rng)
model = nn.MLP(2, [4, (2, "softmax")], activation="tanh", initial="xavier", rng=rng)
history = nn.fit(model, X, y, loss="cross_entropy", optimizer="adam", learning_rate=0.05, epochs=3,
    batch_size=7, rng=rng, validation=0.2, metrics=["accuracy", "f1"], l1=1e-3, l2=1e-3, clip=1.0,
    early_stopping=2, progress=False)
print([p.data.hex() for p in model.parameters()], history.rows)
"""


def test_the_same_seed_gives_the_same_bits_in_20_processes_with_random_hashes() -> None:
    def run(seed: int) -> str:
        paths = os.pathsep.join(sys.path)
        environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": paths}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True, text=True, env=environment, check=True,
        )  # fmt: skip
        return done.stdout

    seeds = random.Random().sample(range(2**32), 20)
    with ThreadPoolExecutor(2) as two_at_a_time:
        answers = set(two_at_a_time.map(run, seeds))
    assert len(answers) == 1
    assert "0x" in answers.pop()


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
        ({"optimizer": "adma"}, "Did you mean 'adam'"),
        ({"optimizer": "sgd"}, "'sgd' needs a learning rate: learning_rate=0.1"),
        ({"learning_rate": 0.1}, "learning_rate goes with the name of an optimizer"),
        ({"optimizer": "adam", "learning_rate": -1}, "lr must be positive"),
        ({"validation": 0.0}, "lies between 0 and 1, not 0.0: write validation=0.2"),
        ({"validation": 1}, "lies between 0 and 1, not 1"),
        ({"validation": ([[1.0]], [0])}, r"the validation data: X\[0\]: .* takes 2 inputs"),
        ({"validation": (ROWS[:1], [7])}, r"the validation data: y\[0\]: the label 7"),
        ({"y": [0, 1, 2, 3, 0, 1]}, r"y\[3\]: the label 3 is none of the 3 classes"),
        ({"X": [[0.0, math.nan], *ROWS[1:]]}, r"X\[0\]\[1\] is nan"),
        ({"metrics": ["acuracy"]}, "Did you mean 'accuracy'"),
        ({"metrics": ["r2"]}, "'r2' is of numbers"),
        ({"metrics": ["f1"]}, "average='macro'"),
        ({"l1": -1.0}, "l1 must be 0 or more"),
        ({"l2": math.inf}, "l2 must be 0 or more, and finite"),
        ({"clip": 0.0}, "clip must be positive"),
        ({"early_stopping": 0}, "early_stopping must be a whole number of at least 1"),
        ({"resume": True}, "write checkpoint="),
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


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"y": ["a", "b", "c", "a", "b", "c"]}, r"y\[0\] is 'a', a text: .*names\.index\(name\)"),
        ({"y": [0.0, 1.0, 2.0, 0.5, 1.0, 2.0]}, r"y\[3\]: a label is the number of a class"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"rng": 3}, "rng takes a random.Random"),
        ({"callbacks": [3]}, r"a function of \(epoch, history, model\), not 3"),
        ({"clip": "1"}, "clip must be a number"),
    ],
)
def test_an_argument_of_a_wrong_kind_is_refused_before_anything_is_learned(
    wrong: dict[str, Any], words: str
) -> None:
    model = network()
    before = numbers(model)
    with pytest.raises(TypeError, match=words):
        trained(model, **wrong)
    assert numbers(model) == before


def test_what_has_no_parameters_needs_an_optimizer_that_has_them() -> None:
    w = autograd.Value(1.0)

    def model(row: list[float]) -> autograd.Value:
        return w * row[0]

    settings: dict[str, Any] = {"loss": "mse", "epochs": 60, "progress": False}
    fit(model, [[1.0], [2.0]], [3.0, 6.0], optimizer=nn.SGD([w], lr=0.1), **settings)
    assert w.data == pytest.approx(3.0)
    with pytest.raises(TypeError, match=r"'adam' needs a model with parameters\(\)"):
        fit(model, [[1.0]], [3.0], optimizer="adam", **settings)
    with pytest.raises(ValueError, match="l1 and l2 need a model with weights"):
        fit(model, [[1.0]], [3.0], optimizer=nn.SGD([w], lr=0.1), l2=0.1, **settings)


def test_a_loss_of_plain_numbers_is_refused_with_the_reason() -> None:
    with pytest.raises(TypeError, match=r"not from their \.data"):
        trained(network(outputs=1), loss=lambda output, target: (output.data - target) ** 2)


def test_numbers_out_of_bounds_raise_and_leave_the_parameters_finite() -> None:
    model = nn.MLP(2, [4, 1], activation="relu", rng=random.Random(1))
    steep = nn.SGD(model.parameters(), lr=1e200)
    with pytest.raises((ValueError, ArithmeticError)):
        trained(model, loss="mse", optimizer=steep, epochs=20)
    assert all(map(math.isfinite, numbers(model)))
