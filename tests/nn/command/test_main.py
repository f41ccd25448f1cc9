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

import nn.command.experiment
import nn.command.report
import nn.training.fit
from nn.command.experiment import EPOCHS, STEPS
from nn.command.known_data import KNOWN_DATA
from nn.command.main import main
from nn.command.options import USUAL
from nn.saving.model_file import load_all

FILES = [
    "boundary.png",
    "checkpoint.json",
    "confusion.png",
    "curve.png",
    "history.csv",
    "metrics.json",
    "model.json",
    "network.svg",
    "summary.txt",
]
FRUIT = """\
grams,red,fruit
120,0.2,pear
180,0.9,apple
130,0.3,pear
170,0.8,apple
125,0.1,pear
190,0.95,apple
118,0.2,pear
176,0.85,apple
121,0.22,pear
184,0.92,apple
"""
QUICK = ["--hidden", "2", "--epochs", "2", "--batch-size", "64"]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures out, which take longer than all the rest."""
    monkeypatch.setattr(nn.command.report.Report, "draw", lambda *_: [])


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
    for name in ("curve.png", "boundary.png", "confusion.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / "network.svg").read_text(encoding="utf-8")


@pytest.mark.usefixtures("undrawn")
def test_the_history_file_has_a_row_for_each_epoch_with_every_digit(tmp_path: Path) -> None:
    assert main(["train", "iris", *QUICK, "--epochs", "3", "--out", str(tmp_path)]) == 0
    rows = list(csv.DictReader((tmp_path / "history.csv").read_text().splitlines()))
    experiment = nn.command.experiment.Experiment.usual(
        "iris", hidden=(2,), epochs=3, batch_size=64
    )
    result = experiment.run(progress=False)
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    for name in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
        assert [float(row[name]) for row in rows] == result.history[name]


@pytest.mark.usefixtures("undrawn")
def test_the_summary_has_the_settings_the_network_and_the_accuracy(tmp_path: Path) -> None:
    settings = ["--activation", "relu", "--lr", "0.25", "--seed", "7"]
    assert main(["train", "iris", *QUICK, *settings, "--out", str(tmp_path)]) == 0
    summary = (tmp_path / "summary.txt").read_text()
    for words in ("activation: relu", "lr: 0.25", "seed: 7", "Layer(4, 2, activation='relu')"):
        assert words in summary
    assert "of 30 examples" in summary


@pytest.mark.usefixtures("undrawn")
def test_no_hidden_layer_is_a_network_too(tmp_path: Path) -> None:
    arguments = ["train", "moons", "--hidden", "--epochs", "1", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert "Layer(2, 2, activation='linear')" in (tmp_path / "summary.txt").read_text()


@pytest.mark.usefixtures("undrawn")
def test_every_setting_reaches_the_experiment_and_the_file(tmp_path: Path) -> None:
    settings = {
        "hidden": [3, 2], "activation": "elu", "initial": "he", "loss": "hinge",
        "optimizer": "rmsprop", "lr": 0.25, "epochs": 2, "batch_size": 100, "l1": 0.125,
        "l2": 0.5, "validation": 0.5, "seed": 5, "normalise": "minmax", "patience": 9,
    }  # fmt: skip
    options = []
    for name, setting in settings.items():
        words = setting if isinstance(setting, list) else [setting]
        options += [f"--{name.replace('_', '-')}", *map(str, words)]
    assert main(["train", "moons", *options, "--out", str(tmp_path)]) == 0
    notes = load_all(tmp_path / "model.json").notes
    assert notes is not None
    assert notes.items() >= settings.items()


def test_a_number_has_curves_and_a_network_and_no_classes_to_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "house_prices", "--out", str(tmp_path)]) == 0
    assert names_in(tmp_path) == sorted(set(FILES) - {"boundary.png", "confusion.png"})
    printed = capsys.readouterr().out
    assert "price = " in printed
    assert "the loss is that of price after normalisation: standard" in printed


@pytest.mark.usefixtures("undrawn")
def test_a_csv_file_is_learned_by_the_name_of_its_target(tmp_path: Path) -> None:
    path = tmp_path / "fruit.csv"
    path.write_text(FRUIT, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["train", str(path), "--target", "red", *QUICK, "--out", str(out)]) == 2
    path.write_text(FRUIT.replace("pear", "1").replace("apple", "2"), encoding="utf-8")
    assert main(["train", str(path), "--target", "red", *QUICK, "--out", str(out)]) == 0
    saved = load_all(out / "model.json")
    assert (saved.feature_names, saved.class_names) == (["grams", "fruit"], None)


@pytest.mark.usefixtures("undrawn")
def test_whole_numbers_as_a_target_are_doubted_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("x,label\n" + "".join(f"{n},{n % 2}\n" for n in range(20)), encoding="utf-8")
    arguments = ["train", str(path), *QUICK, "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert "note: label is learned as a number" in capsys.readouterr().err
    assert main([*arguments, "--classes"]) == 0
    assert "note" not in capsys.readouterr().err
    assert load_all(tmp_path / "out" / "model.json").class_names == ["0", "1"]


# resume ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("undrawn")
def test_resume_goes_on_to_the_bit_as_if_nothing_had_been(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "moons", "--hidden", "3", "--batch-size", "50"]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main([*arguments, "--epochs", "6", "--out", str(whole)]) == 0
    assert main([*arguments, "--epochs", "2", "--out", str(parts)]) == 0
    assert main([*arguments, "--epochs", "6", "--out", str(parts), "--resume"]) == 0
    for name in ("history.csv", "model.json", "metrics.json"):
        assert (whole / name).read_bytes() == (parts / name).read_bytes(), name
    capsys.readouterr()
    assert main([*arguments, "--epochs", "6", "--lr", "0.5", "--out", str(parts), "--resume"]) == 2
    error = capsys.readouterr().err
    assert "optimizer.lr was 0.01, and is now 0.5" in error
    assert "train anew without --resume" in error
    assert (whole / "model.json").read_bytes() == (parts / "model.json").read_bytes()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--seed", "1"], "settings.origin.seed was 0, and is now 1"),
        (["--initial", "he"], "settings.origin.initial was 'xavier', and is now 'he'"),
        (["--normalise", "none"], "settings.origin.normalise was 'standard', and is now 'none'"),
    ],
)
@pytest.mark.parametrize("validation", ["0", "0.2"])
def test_resume_is_refused_where_another_training_was_begun(
    validation: str,
    changed: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = ["--validation", validation, "--out", str(tmp_path)]
    arguments = ["train", "iris", "--hidden", "3", "--batch-size", "150", *out]
    assert main([*arguments, "--epochs", "1"]) == 0
    before = {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)}
    capsys.readouterr()
    assert main([*arguments, "--epochs", "2", "--resume", *changed]) == 2
    assert words in capsys.readouterr().err
    assert {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)} == before


def test_resume_without_a_checkpoint_is_a_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "iris", "--resume", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"chalkgrad: there is no {tmp_path / 'checkpoint.json'} to go on from: train without "
        "--resume.\n"
    )


# What the user got wrong ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "DATA"),
        (["iris", "--loss", "mes"], "Did you mean 'mse'?"),
        (["iris", "--optimizer", "adan"], "Did you mean 'adam'?"),
        (["iris", "--initial", "hi"], "there is no initialisation 'hi'"),
        (["iris", "--normalise", "standart"], "Did you mean 'standard'?"),
        (["iris", "--l1", "-1"], "'-1' is not a number of at least 0"),
        (["iris", "--l2", "nan"], "'nan' is not a number of at least 0"),
        (["iris", "--validation", "1"], "'1' is not a share from 0 to just below 1"),
        (["iris", "--patience", "0"], "not a whole number of at least 1"),
        (["iris", "--activation", "than"], "Did you mean 'tanh'?"),
        (["iris", "--hidden", "16", "0"], "'0' is not a whole number of at least 1"),
        (["iris", "--hidden", "-3"], "not a whole number of at least 1"),
        (["iris", "--epochs", "0"], "not a whole number of at least 1"),
        (["iris", "--epochs", "1" * 12], "is more than 1,000,000,000"),
        (["iris", "--delimiter", "ab"], "'ab' is not one character"),
        (["iris", "--without", '"a'], "is no list of names"),
        (["iris", "--epochs", "2.5"], "not a whole number of at least 1"),
        (["iris", "--batch-size", "none"], "not a whole number of at least 1"),
        (["iris", "--lr", "0"], "not a positive number"),
        (["iris", "--lr", "nan"], "not a positive number"),
        (["iris", "--lr", "inf"], "not a positive number"),
        (["iris", "--lr", "fast"], "not a positive number"),
        (["iris", "--seed", "x"], "'x' is not a whole number of at most 18 digits"),
        (["iris", "--seed", "1" * 19], "is not a whole number of at most 18 digits"),
    ],
)
def test_a_wrong_argument_is_exit_code_2_with_advice(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", *arguments])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["irsi"], "there is no data set and no file 'irsi'. Did you mean 'iris'?"),
        (["Moons"], "Did you mean 'moons'?"),
        (["nowhere.csv"], "or name a CSV file."),
        (["iris", "--target", "x"], "iris says itself what is to be learned"),
        (["iris", "--loss", "mse"], "take categorical_crossentropy"),
        (["iris", "--hidden", "16000", "16000"], "would have 256,144,003 parameters"),
    ],
)
def test_data_that_are_not_there_or_do_not_suit_are_a_line_and_exit_code_2(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *arguments, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("chalkgrad: ")
    assert words in error
    assert error.count("\n") == 1
    assert names_in(tmp_path) == []


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
    monkeypatch.setattr(nn.command.experiment, "fit", never)
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
    monkeypatch.setattr(nn.command.experiment, "fit", never)
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
    assert names_in(tmp_path) == ["checkpoint.json"]


def test_memory_that_is_not_there_is_a_line_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(nn.command.experiment, "fit", too_large)
    assert main(["train", "iris", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "chalkgrad: this needs more memory than there is.\n"


@pytest.mark.usefixtures("undrawn")
def test_columns_that_are_left_out_twice_are_all_left_out(tmp_path: Path) -> None:
    path = tmp_path / "fruit.csv"
    path.write_text(FRUIT.replace("fruit", "shelf,fruit").replace(",pear", ",A,pear")
                    .replace(",apple", ",B,apple"), encoding="utf-8")  # fmt: skip
    options = ["--without", "grams", "--without", "shelf"]
    assert main(["train", str(path), *options, *QUICK, "--out", str(tmp_path)]) == 0
    notes = load_all(tmp_path / "model.json").notes
    assert notes is not None
    assert notes["without"] == ["grams", "shelf"]
    assert "features" not in notes  # of reading, only what was said


# Ctrl-C ---------------------------------------------------------------------------------------


def interrupt_after(epochs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come in the epoch after so many."""
    whole = nn.training.fit.Epoch.__call__
    count = 0

    def evaluate(*arguments: Any) -> Any:
        nonlocal count
        if count == epochs:
            raise KeyboardInterrupt
        count += 1
        return whole(*arguments)

    monkeypatch.setattr(nn.training.fit.Epoch, "__call__", evaluate)


def test_ctrl_c_keeps_what_was_learned_and_is_exit_code_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_after(2, monkeypatch)
    arguments = ["train", "iris", *QUICK, "--epochs", "50", "--out", str(tmp_path)]
    assert main(arguments) == 130
    printed = capsys.readouterr().out
    assert "interrupted in epoch 3" in printed
    assert "to go on: the same command with --resume" in printed
    assert names_in(tmp_path) == FILES
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 3
    assert "interrupted in epoch 3" in (tmp_path / "summary.txt").read_text()


def test_ctrl_c_in_the_first_epoch_writes_no_more_than_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_after(0, monkeypatch)
    assert main(["train", "iris", *QUICK, "--out", str(tmp_path)]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert names_in(tmp_path) == ["checkpoint.json"]


def test_a_real_ctrl_c_stops_a_training_with_exit_code_130_and_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    # Whoever runs the tests in the background may have told them to ignore Ctrl-C.
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from nn.command.main import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["train", "moons", "--epochs", "100000", "--out", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    while not (folder / "checkpoint.json").exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    printed, error = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in error
    assert "interrupted" in printed + error
    assert names_in(folder) in (["checkpoint.json"], FILES)


# The rest of the command ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["--help"], *([name, "--help"] for name in ("train", "predict", "show", "demo"))]
)
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
    assert f"(default: {' '.join(map(str, USUAL.hidden))})" in printed
    for default in (USUAL.activation, USUAL.optimizer, USUAL.batch_size, USUAL.seed):
        assert f"(default: {default})" in printed
    assert f"(default: {EPOCHS}, and of few examples as often as makes {STEPS} steps)" in printed


def test_the_help_lists_the_data_sets_with_settings_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    printed = capsys.readouterr().out
    for name, task in KNOWN_DATA.items():
        (line,) = (line for line in printed.splitlines() if line.startswith(f"  {name} "))
        assert task.about in line
        for setting in task.settings:
            assert f"--{setting}" in line


def test_the_commands_about_expressions_are_there_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "graph.svg"
    assert main(["draw", "a*b", "a=2", "b=3", "-o", str(path)]) == 0
    assert "<svg" in path.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for command in ("draw", "doctor", "train", "predict", "show", "demo"):
        assert f"    {command} " in printed


def test_python_m_nn_is_the_same_command_and_its_help_needs_no_package() -> None:
    program = (
        "import sys, nn.command.main\n"
        "try: nn.command.main.main(['train', '--help'])\n"
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


def test_a_command_without_an_expression_gets_no_hint_at_expressions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", "iris", "-o", "x"])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "unrecognized arguments: -o x" in said
    assert "train --help" in said or "COMMAND --help" in said
    assert "expression" not in said
