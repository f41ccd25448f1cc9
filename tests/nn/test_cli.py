"""The commands about networks, as a user runs them."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

import nn.experiment
from nn.cli import main

FILES = ["boundary.png", "curve.png", "history.csv", "summary.txt"]
QUICK = ["--hidden", "2", "--epochs", "2", "--batch-size", "64"]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# train ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["iris", "moons"])
def test_train_writes_its_files_and_names_them(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert main(["train", task, *QUICK, "--out", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert names_in(folder) == FILES
    for name in FILES:
        assert f"wrote {folder / name}\n" in printed
    assert "test accuracy: " in printed
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "boundary.png").read_bytes().startswith(b"\x89PNG")


def test_the_history_file_has_a_row_for_each_epoch_with_every_digit(tmp_path: Path) -> None:
    assert main(["train", "iris", *QUICK, "--epochs", "3", "--out", str(tmp_path)]) == 0
    rows = list(csv.DictReader((tmp_path / "history.csv").read_text().splitlines()))
    result = nn.experiment.Experiment("iris", hidden=(2,), epochs=3, batch_size=64).run(
        progress=False
    )
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    for name in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
        assert [float(row[name]) for row in rows] == result.history[name]


def test_the_summary_has_the_settings_the_network_and_the_accuracy(tmp_path: Path) -> None:
    settings = ["--activation", "relu", "--lr", "0.25", "--seed", "7"]
    assert main(["train", "iris", *QUICK, *settings, "--out", str(tmp_path)]) == 0
    summary = (tmp_path / "summary.txt").read_text()
    for words in ("activation: relu", "lr: 0.25", "seed: 7", "Layer(4, 2, activation='relu')"):
        assert words in summary
    assert "of 30 examples" in summary


def test_no_hidden_layer_is_a_network_too(tmp_path: Path) -> None:
    arguments = ["train", "moons", "--hidden", "--epochs", "1", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert "Layer(2, 2, activation='linear')" in (tmp_path / "summary.txt").read_text()


def test_the_same_seed_writes_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("first", "3"), ("again", "3"), ("other", "4")):
        main(["train", "iris", *QUICK, "--seed", seed, "--out", str(tmp_path / folder)])
    first, again, other = (
        (tmp_path / folder / "history.csv").read_bytes() for folder in ("first", "again", "other")
    )
    assert first == again
    assert first != other


# What the user got wrong ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["irsi"], "there is no data set 'irsi'. Did you mean 'iris'? Known: iris, moons."),
        (["Moons"], "Did you mean 'moons'?"),
        ([], "DATASET"),
        (["iris", "--activation", "than"], "Did you mean 'tanh'?"),
        (["iris", "--hidden", "16", "0"], "'0' is not a whole number of at least 1"),
        (["iris", "--hidden", "-3"], "not a whole number of at least 1"),
        (["iris", "--epochs", "0"], "not a whole number of at least 1"),
        (["iris", "--epochs", "2.5"], "not a whole number of at least 1"),
        (["iris", "--batch-size", "none"], "not a whole number of at least 1"),
        (["iris", "--lr", "0"], "not a positive number"),
        (["iris", "--lr", "nan"], "not a positive number"),
        (["iris", "--lr", "inf"], "not a positive number"),
        (["iris", "--lr", "fast"], "not a positive number"),
        (["iris", "--seed", "x"], "--seed"),
    ],
)
def test_a_wrong_argument_is_exit_code_2_with_advice(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", *arguments])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def never(*_: Any, **__: Any) -> None:
    raise AssertionError("it trained")


@pytest.mark.parametrize("command", [["train", "iris"], ["demo"]])
@pytest.mark.parametrize("out", ["file", "file/folder"])
def test_a_folder_that_is_a_file_is_refused_before_the_training(
    command: list[str],
    out: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("kept")
    monkeypatch.setattr(nn.experiment, "fit", never)
    assert main([*command, "--out", str(tmp_path / out)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("chalkgrad: cannot write into ")
    assert "it is a file, or lies in one" in error
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_without_permission_is_refused_before_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(**_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", denied)
    monkeypatch.setattr(nn.experiment, "fit", never)
    assert main(["train", "iris", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"chalkgrad: cannot write into {tmp_path}: Permission denied.\n"
    )


def test_a_learning_rate_that_blows_up_is_exit_code_1_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "iris", *QUICK, "--activation", "relu", "--lr", "1e300"]
    assert main([*arguments, "--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("chalkgrad: ")
    assert "Traceback" not in error
    assert names_in(tmp_path) == []


# Ctrl-C ---------------------------------------------------------------------------------------


def interrupt_after(epochs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come in the epoch after so many."""
    whole = nn.train.evaluate
    count = 0

    def evaluate(*arguments: Any) -> Any:
        nonlocal count
        if count == epochs:
            raise KeyboardInterrupt
        count += 1
        return whole(*arguments)

    monkeypatch.setattr(nn.train, "evaluate", evaluate)


def test_ctrl_c_keeps_what_was_learned_and_is_exit_code_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_after(2, monkeypatch)
    arguments = ["train", "iris", *QUICK, "--epochs", "50", "--out", str(tmp_path)]
    assert main(arguments) == 130
    assert "interrupted in epoch 3" in capsys.readouterr().out
    assert names_in(tmp_path) == FILES
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 3
    assert "interrupted in epoch 3" in (tmp_path / "summary.txt").read_text()


def test_ctrl_c_in_the_first_epoch_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_after(0, monkeypatch)
    assert main(["train", "iris", *QUICK, "--out", str(tmp_path)]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert names_in(tmp_path) == []


def test_ctrl_c_while_a_file_is_written_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "summary.txt"
    path.write_text("old")

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        nn.experiment.write_whole(path, b"new")
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["summary.txt"]


def test_a_real_ctrl_c_stops_a_training_with_exit_code_130_and_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    # Whoever runs the tests in the background may have told them to ignore Ctrl-C.
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from nn.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["train", "moons", "--epochs", "100000", "--out", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    printed, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in error
    assert "interrupted" in printed + error
    assert names_in(folder) in ([], FILES)


# The rest of the command ----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["demo", "--help"]])
def test_help_has_an_example(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert "example" in printed
    assert "chalkgrad" in printed


def test_the_help_tells_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    printed = " ".join(capsys.readouterr().out.split())
    usual = nn.experiment.Experiment("iris")
    assert f"(default: {' '.join(map(str, usual.hidden))})" in printed
    for default in (usual.activation, usual.epochs, usual.lr, usual.batch_size, usual.seed):
        assert f"(default: {default})" in printed


def test_the_commands_about_expressions_are_there_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "graph.svg"
    assert main(["draw", "a*b", "a=2", "b=3", "-o", str(path)]) == 0
    assert "<svg" in path.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for command in ("draw", "doctor", "train", "demo"):
        assert f"    {command} " in printed


def test_python_m_nn_is_the_same_command_and_its_help_needs_no_package() -> None:
    program = (
        "import sys, nn.cli\n"
        "try: nn.cli.main(['train', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'graphviz', 'matplotlib', 'tqdm'} & set(sys.modules)))"
    )
    alone = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    module = subprocess.run(
        [sys.executable, "-m", "nn", "train", "--help"],
        capture_output=True, text=True, env=ENVIRONMENT, check=True,
    )  # fmt: skip
    assert alone.stdout == module.stdout + "[]\n"
