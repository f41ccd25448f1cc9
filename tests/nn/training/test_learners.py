"""What a step of learning promises: the gradient of the mean loss, and one step against it."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import pytest

import nn
from autograd import RecordingError, Value
from nn.training.learners import CompiledLearner, EagerLearner, Learner, learner_for
from nn.training.objective import objective_of

ROWS, TARGETS = [[0.5], [-1.0], [2.0]], [1.0, 0.0, -1.0]


def network() -> nn.MLP:
    return nn.MLP(1, [3, 1], activation="tanh", rng=random.Random(2))


def learner(engine: str, model: Any, optimizer: Any, penalty: Any = None, clip: Any = None) -> Any:
    goal = objective_of(model, ROWS, TARGETS, "mse", None)
    return learner_for(engine, model, goal, optimizer, penalty, clip, (ROWS[0], TARGETS[0]))


def weights_of(model: nn.MLP) -> list[Value]:
    return [p for p in model.parameters() if not p.label.endswith(".b")]


def numbers_of(model: nn.MLP) -> list[float]:
    return [p.data for p in model.parameters()]


def learned(learn: Learner) -> tuple[float, list[Any]]:
    learn.begin()
    result = learn(ROWS, TARGETS)
    learn.finish()
    return result


engines = pytest.mark.parametrize("engine", ["eager", "compiled"])


@engines
def test_a_step_goes_against_the_gradient_of_the_mean_loss(engine: str) -> None:
    model, twin = network(), network()
    loss, outputs = learned(learner(engine, model, nn.SGD(model.parameters(), lr=0.5)))
    reference = nn.mse([twin(row) for row in ROWS], TARGETS)
    assert loss == pytest.approx(reference.data, rel=1e-14)
    assert outputs == pytest.approx(nn.predict(twin, ROWS), rel=1e-14)
    reference.backward()
    assert numbers_of(model) == pytest.approx(
        [p.data - 0.5 * p.grad for p in twin.parameters()], rel=1e-13
    )


@engines
def test_the_penalty_pulls_and_is_not_in_the_loss(engine: str) -> None:
    model, twin = network(), network()
    weights = weights_of(model)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    loss, _ = learned(learner(engine, model, optimizer, lambda: 0.5 * nn.l2(weights)))
    data = nn.mse([twin(row) for row in ROWS], TARGETS)
    (data + 0.5 * nn.l2(weights_of(twin))).backward()
    nn.SGD(twin.parameters(), lr=0.1).step()
    assert loss == pytest.approx(data.data, rel=1e-14)
    assert numbers_of(model) == pytest.approx(numbers_of(twin), rel=1e-13)


@engines
def test_a_gradient_that_is_too_long_is_clipped_before_the_step(engine: str) -> None:
    model, twin = network(), network()
    learned(learner(engine, model, nn.SGD(model.parameters(), lr=1.0), clip=0.01))
    moves = [a - b for a, b in zip(numbers_of(model), numbers_of(twin), strict=True)]
    assert math.hypot(*moves) == pytest.approx(0.01, rel=1e-9)


@pytest.mark.parametrize("name", sorted(nn.OPTIMIZERS))
def test_both_engines_write_the_same_history(name: str) -> None:
    X, y = nn.data.moons(40, noise=0.1, rng=random.Random(0))
    histories = []
    for engine in ("eager", "compiled"):
        model = nn.MLP(2, [5, 1], activation="tanh", rng=random.Random(1))
        schedule = nn.schedules.Cosine(0.05, steps=100)
        optimizer = nn.optimizer_named(name)(model.parameters(), lr=schedule)
        history = nn.fit(
            model, X, y, loss="binary_crossentropy", optimizer=optimizer, epochs=4, batch_size=12,
            rng=random.Random(2), validation=0.2, l1=0.001, l2=0.01, clip=0.5, progress=False,
            metrics=["accuracy", "f1"], engine=engine,
        )  # fmt: skip
        histories.append([history, numbers_of(model), optimizer.state()])
    (eager, numbers, state), (compiled, same_numbers, same_state) = histories
    assert dict(compiled) == {name: pytest.approx(eager[name], rel=1e-10) for name in eager}
    assert same_numbers == pytest.approx(numbers, rel=1e-10)
    assert same_state["steps"] == state["steps"]
    for what, kept in state["memory"].items():
        assert same_state["memory"][what] == pytest.approx(kept, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("loss", "sizes", "y"),
    [
        ("categorical_crossentropy", [4, 3], [0, 1, 2] * 6),
        ("categorical_crossentropy", [4, (3, "softmax")], [0, 1, 2] * 6),
        ("categorical_crossentropy", [4, 3], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]] * 9),
        ("binary_crossentropy", [4, (1, "sigmoid")], [0, 1, 1] * 6),
        ("hinge", [4, 1], [-1, 1, 1] * 6),
        ("mae", [4, 2], [[0.5, -0.5], [1.0, 0.0]] * 9),
        (lambda output, target: (output - target).relu() + output * output, [4, 1], [0.5, 1.0] * 9),
    ],
)
def test_every_loss_learns_the_same_by_both_engines(loss: Any, sizes: Any, y: Any) -> None:
    rng = random.Random(5)
    X = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in y]
    found = []
    for engine in ("eager", "compiled"):
        model = nn.MLP(2, sizes, rng=random.Random(3))
        history = nn.fit(
            model, X, y, loss=loss, optimizer="sgd", learning_rate=0.1, epochs=3, batch_size=4,
            rng=random.Random(1), progress=False, engine=engine,
        )  # fmt: skip
        found.append((history, nn.predict(model, X)))
    assert dict(found[1][0]) == {
        name: pytest.approx(numbers, rel=1e-10) for name, numbers in found[0][0].items()
    }
    for ours, theirs in zip(found[1][1], found[0][1], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9)


def test_auto_is_compiled_where_the_model_can_be_recorded() -> None:
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    assert isinstance(learner("auto", model, optimizer).learner, CompiledLearner)

    def branching(x: Any) -> Any:
        return model(x) if x[0] > 0 else -model(x)

    assert isinstance(learner("auto", branching, optimizer), EagerLearner)
    with pytest.raises(RecordingError, match="maximum"):
        learner("compiled", branching, optimizer)


def test_auto_is_eager_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert isinstance(learner("auto", model, optimizer), EagerLearner)


def test_the_root_of_a_mean_is_not_compiled_as_a_mean_of_roots() -> None:
    model = network()
    arguments = {"loss": "rmse", "optimizer": "sgd", "learning_rate": 0.1, "progress": False}
    nn.fit(model, ROWS, TARGETS, epochs=1, **arguments)
    with pytest.raises(ValueError, match="mse"):
        nn.fit(model, ROWS, TARGETS, epochs=1, engine="compiled", **arguments)


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    model = network()
    with pytest.raises(ValueError, match="auto, compiled, eager"):
        learner("fast", model, nn.SGD(model.parameters(), lr=0.1))


def test_a_callback_sees_and_may_change_the_parameters() -> None:
    model, seen = network(), []

    def callback(epoch: int, history: Any, model: Any) -> None:
        seen.append(numbers_of(model))
        if epoch == 2:
            for parameter in model.parameters():
                parameter.data = 0.25

    nn.fit(
        model, ROWS, TARGETS, loss="mse", optimizer="sgd", learning_rate=1e-9, epochs=3,
        callbacks=callback, progress=False, engine="compiled",
    )  # fmt: skip
    assert seen[0] != numbers_of(network())
    assert seen[2] == pytest.approx([0.25] * len(seen[2]), abs=1e-6)


def test_adam_remembers_the_same_by_both_engines() -> None:
    model, twin = network(), network()
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    learn = learner("compiled", model, optimizer)
    learn.begin()
    learn(ROWS, TARGETS)
    learn.finish()
    learned(learner("eager", twin, nn.Adam(twin.parameters(), lr=0.1)))
    assert optimizer.steps == 1
    assert numbers_of(model) == pytest.approx(numbers_of(twin), rel=1e-12)


# From compiled to eager, on the way ---------------------------------------------------------------


def outer_loss(rate: dict[str, float]) -> Any:
    return lambda output, target: rate["now"] * (output - target) ** 2


def by_callback(engine: str, optimizer: str, progress: bool = False) -> tuple[Any, list[float]]:
    rate, model = {"now": 1.0}, network()

    def change(epoch: int, *_: Any) -> None:
        rate["now"] = 1.0 / (1 + epoch)

    history = nn.fit(
        model, ROWS, TARGETS, loss=outer_loss(rate), optimizer=optimizer, learning_rate=0.05,
        epochs=4, batch_size=2, rng=random.Random(0), callbacks=change, engine=engine,
        validation=(ROWS, TARGETS), progress=progress,
    )  # fmt: skip
    return history, numbers_of(model)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop"])
def test_auto_goes_on_eagerly_from_the_same_numbers_when_a_number_outside_changes(
    optimizer: str,
) -> None:
    (auto, weights), (eager, others) = (by_callback(e, optimizer) for e in ("auto", "eager"))
    for name in ("loss", "validation_loss"):
        assert auto[name] == pytest.approx(eager[name], rel=1e-12)
    assert weights == pytest.approx(others, rel=1e-10)
    (note,) = auto.notes
    assert "After 2 steps the eager engine computed" in note
    assert "rate['now'] was 1.0 and is 0.5" in note
    assert "make it a Value" in note
    assert not eager.notes


def test_the_reason_is_told_once_beside_the_progress(capsys: pytest.CaptureFixture[str]) -> None:
    by_callback("auto", "sgd", progress=True)
    told = "".join(capsys.readouterr())
    assert told.count("the eager engine computed") == 1


def test_the_compiled_engine_raises_by_name_what_auto_would_do_eagerly() -> None:
    with pytest.raises(RecordingError, match=r"rate\['now'\] was 1\.0 and is 0\.5"):
        by_callback("compiled", "sgd")

    def by_label(output: Value, target: float) -> Any:
        return output if target == 1 else -output

    for question in (by_label, lambda out, t: out * (2.0 if isinstance(t, float) else 1.0)):
        with pytest.raises(RecordingError):
            nn.fit(
                network(), ROWS, TARGETS, loss=question, optimizer="sgd", learning_rate=0.1,
                engine="compiled", progress=False,
            )  # fmt: skip


def test_a_random_draw_in_the_loss_is_the_one_that_eager_makes() -> None:
    found = []
    for engine in ("auto", "eager"):
        rng = random.Random(3)
        history = nn.fit(
            network(), ROWS, TARGETS, optimizer="sgd", learning_rate=0.1, epochs=3, engine=engine,
            loss=lambda out, t, rng=rng: (out - t) ** 2 * rng.random(), progress=False,
            rng=random.Random(0),
        )  # fmt: skip
        found.append(history["loss"])
    assert found[0] == found[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_branch_by_chance_of_the_random_module_is_the_one_that_eager_takes(seed: int) -> None:
    found = []
    for engine in ("auto", "eager"):
        random.seed(seed)
        history = nn.fit(
            network(), ROWS, TARGETS, optimizer="sgd", learning_rate=0.1, epochs=3, engine=engine,
            loss=lambda out, t: (out - t) ** 2 if random.random() < 0.5 else abs(out - t),
            progress=False, rng=random.Random(0),
        )  # fmt: skip
        found.append(history["loss"])
    assert found[0] == found[1]
