"""What a checkpoint promises: a training that was killed goes on to the bit, or says why not."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from nn.saving.growing_file import read
from nn.saving.safe_json import encoded
from nn.training.checkpoint import CheckpointPath
from nn.training.history import History

ROWS = [[0.1 * n, 1.0 / (n + 1)] for n in range(20)]
LABELS = [n % 2 for n in range(20)]


def network(seed: int = 1) -> nn.MLP:
    return nn.MLP(2, [3, 1], activation="tanh", rng=random.Random(seed))


def trained(model: nn.MLP, epochs: int, path: Any = None, **others: Any) -> History:
    usual: dict[str, Any] = {
        "loss": "binary_crossentropy",
        "optimizer": "adam",
        "learning_rate": 0.05,
        "batch_size": 4,
        "rng": random.Random(7),
        "progress": False,
        "checkpoint": path,
    }
    return nn.fit(model, ROWS, LABELS, epochs=epochs, **(usual | others))


def numbers(model: nn.Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


# To the bit -----------------------------------------------------------------------------------

KILLED = """
import os, random, signal, sys
import nn

path, epochs, resume, fatal = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "resume", sys.argv[4]
rows = [[0.1 * n, 1.0 / (n + 1)] for n in range(24)]
rng = random.Random(7)
model = nn.MLP(2, [3, 1], activation="tanh", rng=rng)

def kill(epoch, history, model):
    if epoch == int(fatal):
        os.kill(os.getpid(), signal.SIGKILL)

history = nn.fit(model, rows, [n % 2 for n in range(24)], loss="binary_crossentropy",
    optimizer=nn.Adam(model.parameters(), lr=nn.schedules.Cosine(0.05, steps=1000)),
    epochs=epochs, batch_size=1, rng=rng, validation=4 / 24, metrics=["accuracy", "f1"], l2=1e-3,
    clip=1.0, callbacks=[kill], progress=False, checkpoint=path, resume=resume)
print([p.data.hex() for p in model.parameters()], history.rows, rng.random())
"""


def run(path: Path, resume: str, fatal: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(path), "50", resume, str(fatal)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "random", "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_1000_steps_are_500_and_a_kill_and_500_more(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole.json", "anew", 0)
    assert whole.returncode == 0, whole.stderr
    killed = run(tmp_path / "run.json", "anew", 26)  # 20 steps an epoch: 20 examples
    assert killed.returncode == -signal.SIGKILL
    content, changes = read(tmp_path / "run.json")
    pieces = [content["history"], *(change["history"] for change in changes)]
    assert sum(len(piece["loss"].split()) for piece in pieces if piece) == 25
    resumed = run(tmp_path / "run.json", "resume", 0)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout == whole.stdout
    assert (tmp_path / "run.json").read_bytes() == (tmp_path / "whole.json").read_bytes()


OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_goes_on_to_the_bit(optimizer: str, path: Path) -> None:
    whole, half, other = network(), network(), network(seed=2)
    reference = trained(whole, 6, optimizer=optimizer)
    trained(half, 3, path, optimizer=optimizer)
    history = trained(other, 6, path, optimizer=optimizer, rng=random.Random(8), resume=True)
    assert numbers(other) == numbers(whole)
    assert history.rows == reference.rows


@settings(max_examples=15, deadline=None)
@given(
    epochs=st.integers(2, 6),
    share=st.floats(0.0, 1.0),
    batch_size=st.integers(1, 25),
    seed=st.integers(0, 2**32),
)
def test_it_does_not_matter_where_a_training_is_cut_in_two(
    epochs: int, share: float, batch_size: int, seed: int
) -> None:
    cut = 1 + round(share * (epochs - 2))
    whole, half, other = network(), network(), network(seed=2)
    usual: dict[str, Any] = {"batch_size": batch_size, "validation": 0.3, "early_stopping": 3}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        reference = trained(whole, epochs, rng=random.Random(seed), **usual)
        trained(half, cut, path, rng=random.Random(seed), **usual)
        history = trained(other, epochs, path, rng=random.Random(0), resume=True, **usual)
    assert numbers(other) == numbers(whole)
    assert history.rows == reference.rows


def test_without_a_seed_it_is_the_random_module_that_goes_on(path: Path) -> None:
    random.seed(5)
    whole, half, other = network(), network(), network()
    trained(whole, 4, rng=None, validation=0.25)
    random.seed(5)
    trained(half, 2, path, rng=None, validation=0.25)
    random.seed(6)
    trained(other, 4, path, rng=None, validation=0.25, resume=True)
    assert numbers(other) == numbers(whole)


def test_ctrl_c_within_an_epoch_goes_on_from_the_end_of_the_one_before(path: Path) -> None:
    whole, model = network(), network()
    trained(whole, 4, loss=nn.binary_crossentropy)
    count = 0

    def interrupted(outputs: Any, targets: Any) -> Any:
        nonlocal count
        count += 1
        if count == 50:  # the third epoch
            raise KeyboardInterrupt
        return nn.binary_crossentropy(outputs, targets)

    settings = {"loss": interrupted, "engine": "eager"}
    assert trained(model, 4, path, **settings).interrupted
    history = trained(model, 4, path, resume=True, **settings)
    assert not history.interrupted
    assert len(history.rows) == 4
    assert numbers(model) == pytest.approx(numbers(whole), rel=1e-12)


def test_early_stopping_goes_on_with_the_best_epoch_and_its_patience(path: Path) -> None:
    settings: dict[str, Any] = {"early_stopping": 2, "optimizer": "sgd", "learning_rate": 3.0}
    whole, half, other = network(), network(), network()
    reference = trained(whole, 50, **settings)
    trained(half, len(reference.rows) - 1, path, **settings)
    history = trained(other, 50, path, resume=True, **settings)
    assert (history.rows, history.note) == (reference.rows, reference.note)
    assert numbers(other) == numbers(whole)
    assert len(reference.rows) < 50


def test_notes_of_the_history_go_on(path: Path) -> None:
    def remark(epoch: int, history: History, model: Any) -> None:
        history.add_note(f"epoch {epoch} was seen")

    trained(network(), 1, path, callbacks=[remark])
    history = trained(network(), 2, path, callbacks=[remark], resume=True)
    assert history.notes == ["epoch 1 was seen", "epoch 2 was seen"]


def test_a_training_that_is_over_stays_as_it_is(path: Path) -> None:
    model, other = network(), network(seed=2)
    reference = trained(model, 3, path)
    history = trained(other, 3, path, resume=True)
    assert numbers(other) == numbers(model)
    assert history.rows == reference.rows


def test_what_a_callback_changes_is_kept(path: Path) -> None:
    def slower(epoch: int, history: History, model: Any) -> None:
        optimizer.lr /= 2

    whole, half = network(), network()
    for model, ends in ((whole, [4]), (half, [2, 4])):
        for end in ends:
            optimizer = nn.SGD(model.parameters(), lr=0.5)
            trained(
                model, end, path, optimizer=optimizer, learning_rate=None, callbacks=[slower],
                resume=end != ends[0],
            )  # fmt: skip
    assert numbers(whole) == numbers(half)


def test_parameters_without_a_model_are_kept_too(path: Path) -> None:
    def ending_at(epochs: int, resume: bool) -> float:
        w = autograd.Value(1.0)
        nn.fit(
            lambda row: w * row[0], [[1.0], [2.0]], [3.0, 6.0], loss="mse", epochs=epochs,
            optimizer=nn.Momentum([w], lr=0.01), rng=random.Random(1), batch_size=1,
            progress=False, checkpoint=path, resume=resume,
        )  # fmt: skip
        return w.data

    whole = ending_at(6, resume=False)
    ending_at(3, resume=False)
    assert ending_at(6, resume=True) == whole


def test_the_file_is_there_before_the_first_epoch(path: Path) -> None:
    def stop(epoch: int, history: History, model: Any) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        trained(network(), 3, path, callbacks=[stop])
    whole, other = network(), network(seed=2)
    trained(whole, 3)
    trained(other, 3, path, resume=True)
    assert numbers(other) == numbers(whole)


# Refused --------------------------------------------------------------------------------------


def refused(path: Path, error: Any, words: str, **settings: Any) -> None:
    """Resume with these settings; it must fail and change neither model nor file."""
    model = settings.pop("model", network(seed=3))
    before, content = numbers(model), path.read_bytes() if path.exists() else b""
    with pytest.raises(error, match=words) as caught:
        trained(model, settings.pop("epochs", 5), path, resume=True, **settings)
    assert str(path) in str(caught.value)
    assert numbers(model) == before
    assert (path.read_bytes() if path.exists() else b"") == content


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"loss": "mse"}, r"settings.loss was 'binary_crossentropy', and is now 'mse'"),
        ({"batch_size": 5}, r"settings.batch_size was 4, and is now 5"),
        ({"learning_rate": 0.01}, r"settings.optimizer.lr was 0.05, and is now 0.01"),
        ({"optimizer": "adamw"}, r"settings.optimizer was .*'Adam'.*, and is now .*'AdamW'"),
        ({"metrics": ["f1"]}, r"settings.metrics was None, and is now \['f1'\]"),
        ({"l2": 0.5}, r"settings.l2 was 0.0, and is now 0.5"),
        ({"clip": 1}, r"settings.clip was None, and is now 1.0"),
        ({"early_stopping": 3}, r"settings.early_stopping was None, and is now 3"),
        ({"validation": 0.5}, r"settings.validation was None, and is now 0.5"),
        ({"validation": (ROWS, LABELS)}, r"settings.validation was None, .* SHA-256"),
        ({"model": nn.MLP(2, [3, 1])}, r"settings.model was .*tanh.*, and is now .*relu"),
        ({"epochs": 2}, r"history has 3 epochs, more than the 2 asked"),
    ],
)
def test_other_settings_are_named(settings: dict[str, Any], words: str, path: Path) -> None:
    trained(network(), 3, path)
    refused(path, nn.ModelFileError, words, **settings)


def test_other_examples_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(network(), 3, path)
    monkeypatch.setattr(sys.modules[__name__], "LABELS", [1, *LABELS[1:]])
    refused(
        path,
        nn.ModelFileError,
        "settings.examples was .*, and is now .*: resume with the settings and examples",
    )


def test_a_file_that_is_not_there_is_named(path: Path) -> None:
    refused(path, FileNotFoundError, "no checkpoint to resume: train first with resume=False")


def test_resume_needs_a_file() -> None:
    with pytest.raises(ValueError, match="write checkpoint="):
        trained(network(), 3, resume=True)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "cut off or damaged"),
        (lambda text: "", "is empty"),
        (lambda text: text.replace('"steps": 15', '"steps": 16'), "checksum does not belong"),
        (lambda text: text.replace("chalkgrad checkpoint", "chalkgrad model"), "format is"),
        (lambda text: '{"a": 1}', "another kind of file"),
    ],
)
def test_a_damaged_file_is_refused(damage: Any, words: str, path: Path) -> None:
    trained(network(), 3, path)
    whole = path.read_text()
    assert damage(whole) != whole
    path.write_text(damage(whole))
    refused(path, nn.ModelFileError, words)


def test_no_bit_can_flip_unseen(path: Path) -> None:
    trained(network(), 3, path)
    whole = path.read_bytes()
    rng = random.Random(0)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            trained(network(), 3, path, resume=True)
        except nn.ModelFileError:
            continue
        assert json.loads(damaged) == json.loads(whole)  # 1e-5 is 1E-5


def killed_after(epochs: int, path: Path, **settings: Any) -> bytes:
    """Return the file of a training that died after so many epochs, with lines at its end."""

    class Died(Exception):
        pass

    def die(epoch: int, history: History, model: Any) -> None:
        if epoch == epochs + 1:
            raise Died

    with pytest.raises(Died):
        trained(network(), 50, path, callbacks=[die], **settings)
    return path.read_bytes()


def test_a_file_of_a_killed_training_goes_on_to_the_bit_wherever_its_end_is_cut(
    path: Path,
) -> None:
    reference = network()
    rows = trained(reference, 12).rows
    for epochs in (1, 2, 3, 5, 8):
        whole = killed_after(epochs, path)
        for cut in (0, 1, 2, 500, 5000):
            path.write_bytes(whole[: len(whole) - cut])
            model = network(seed=2)
            try:
                history = trained(model, 12, path, resume=True, rng=random.Random(8))
            except nn.ModelFileError:
                assert cut, "whole"  # cut off within the content: nothing to go on from
                continue
            assert history.rows == rows
            assert numbers(model) == numbers(reference)


def test_at_the_end_of_a_training_the_file_is_one_piece_of_json(path: Path) -> None:
    trained(network(), 5, path)
    content = json.loads(path.read_text())
    assert len(content["history"]["loss"].split()) == 5
    assert content["version"] == 2


# All that shapes a training ---------------------------------------------------------------------


def test_a_training_is_not_resumed_with_another_origin(path: Path) -> None:
    def origin(**changed: Any) -> CheckpointPath:
        return CheckpointPath(path, {"seed": 0, "initial": "xavier"} | changed)

    whole, half, other = network(), network(), network()
    trained(whole, 4)
    trained(half, 2, origin())
    for name, value in (("seed", 1), ("initial", "he")):
        before = path.read_bytes()
        with pytest.raises(nn.ModelFileError, match=rf"settings.origin.{name} was .*, and is now"):
            trained(network(), 4, origin(**{name: value}), resume=True)
        assert path.read_bytes() == before
    trained(other, 4, origin(), resume=True)
    assert numbers(other) == numbers(whole)


def test_a_training_whose_origin_one_side_does_not_know_goes_on(path: Path) -> None:
    whole = network()
    trained(whole, 4)
    for first, second in ((path, CheckpointPath(path, {"seed": 0})), (CheckpointPath(path), path)):
        trained(network(), 2, first)
        model = network(seed=2)
        trained(model, 4, second, resume=True)
        assert numbers(model) == numbers(whole)


# The history ------------------------------------------------------------------------------------


def test_a_history_that_has_one_more_measure_goes_on_and_can_be_printed(path: Path) -> None:
    def noted(epoch: int, history: History, model: Any) -> None:
        history.rows[-1]["rate"] = 0.5 * epoch

    trained(network(), 2, path, callbacks=[noted])
    model = network()
    history = trained(model, 4, path, resume=True)
    assert history["rate"][:2] == [0.5, 1.0]
    assert [math.isnan(rate) for rate in history["rate"]] == [False, False, True, True]
    lines = str(history).splitlines()
    assert lines[0].split() == ["epoch", "loss", "accuracy", "rate"]
    assert [len(line.split()) for line in lines[1:]] == [4, 4, 3, 3]
    assert "<td>0.5000</td>" in history._repr_html_()
    again = trained(network(), 5, path, resume=True, callbacks=[noted])
    assert again["rate"][-1] == 2.5
    assert again["loss"][:4] == history["loss"]


@pytest.mark.parametrize(
    ("place", "content", "words"),
    [
        ("parameters", {}, "parameters has no 'layer1.neuron1.w1'"),
        ("rng", {"version": 3, "words": "1 2 3", "gauss": None}, "rng is no state"),
        ("rng", {"version": 3, "words": "1", "gauss": "x"}, "rng.gauss must be a number"),
        ("rng_at_start", 5, "rng_at_start must be a dict"),
        ("history", {"loss": "0.5 low"}, "history must have a number for each epoch"),
        ("history", {"loss": "0.5 0.25", "f1": "0.5"}, "history must have a number for each epoch"),
        ("history", "long", "history must have a number for each epoch"),
        ("optimizer", {"optimizer": "Adam"}, "optimizer cannot go on"),
        ("stopping", {"epoch": 9, "loss": 0.5, "parameters": []}, "stopping.epoch must be"),
        ("stopping", {"epoch": 1, "loss": 0.5, "parameters": []}, "stopping.parameters must be"),
    ],
)
def test_a_file_that_was_forged_changes_nothing(
    place: str, content: Any, words: str, path: Path
) -> None:
    trained(network(), 3, path, early_stopping=5)
    whole = json.loads(path.read_text())
    path.write_bytes(encoded(whole | {place: content}))
    refused(path, nn.ModelFileError, words, early_stopping=5)


def test_a_file_that_cannot_be_written_is_known_before_the_first_epoch(tmp_path: Path) -> None:
    model = network()
    before = numbers(model)
    with pytest.raises(OSError, match="there is no folder"):
        trained(model, 3, tmp_path / "missing" / "run.json")
    assert numbers(model) == before


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_a_note_that_no_file_can_hold_is_refused_and_the_file_stays(epoch: int, path: Path) -> None:
    def spoil(number: int, history: History, model: Any) -> None:
        if number == epoch:
            history.add_note("half a character: \ud800")

    with pytest.raises(nn.ModelFileError, match="which holds half a character"):
        trained(network(), 5, path, callbacks=[spoil])
    history = trained(network(), 5, path, resume=True)
    assert history.rows == trained(network(), 5).rows


def test_a_name_that_no_file_can_hold_is_refused_before_the_first_epoch(path: Path) -> None:
    model = network()
    before = numbers(model)

    def loss(output: Any, target: Any) -> Any:
        return nn.mse(output, target)

    loss.__name__ = "\ud800"
    with pytest.raises(nn.ModelFileError, match="which holds half a character"):
        trained(model, 5, path, loss=loss)
    assert numbers(model) == before
    assert not path.exists()


def test_a_generator_without_a_state_is_refused(path: Path) -> None:
    with pytest.raises(TypeError, match="rng whose state can be kept, which SystemRandom has not"):
        trained(network(), 3, path, rng=random.SystemRandom())
    assert not path.exists()
