"""What the demonstration promises: true numbers, and every file that it names."""

from __future__ import annotations

import html
import math
import re
from pathlib import Path
from typing import Any

import pytest

import nn.command.demo
import nn.training.fit
from nn.command.experiment import Experiment
from nn.command.main import main


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder and the text of a demonstration with small networks, run once."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    small = [
        Experiment(experiment.data, hidden=(2,), epochs=2, batch_size=50)
        for experiment in nn.command.demo.EXPERIMENTS
    ]
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr(nn.command.demo, "EXPERIMENTS", small)
        patch.setattr("builtins.print", lambda *words, **_: lines.append(" ".join(words)))
        assert main(["demo", "--out", str(folder)]) == 0
    return folder, "\n".join(lines)


def test_the_demonstration_names_exactly_the_files_that_it_wrote(shown: tuple[Path, str]) -> None:
    folder, printed = shown
    named = {Path(line.removeprefix("wrote ")) for line in re.findall("^wrote .*", printed, re.M)}
    assert named == {path for path in folder.rglob("*") if path.is_file()}
    assert {path.relative_to(folder).as_posix() for path in named} == {
        "expression.svg",
        "expression.png",
        *(
            f"{task}/{name}"
            for task in ("iris", "moons", "digits")
            for name in (
                "model.json",
                "summary.txt",
                "metrics.json",
                "history.csv",
                "curve.png",
                "boundary.png",
                "confusion.png",
                "network.svg",
            )
            if (task, name) != ("digits", "boundary.png")  # of 64 features no plane is drawn
        ),
    }


def test_the_picture_shows_the_expression(shown: tuple[Path, str]) -> None:
    folder, _ = shown
    picture = html.unescape((folder / "expression.svg").read_text(encoding="utf-8"))
    for words in ("loss", "-2.35934", "1.5729", "0.786448"):
        assert words in picture
    assert (folder / "expression.png").read_bytes().startswith(b"\x89PNG")


def test_the_gradients_in_the_text_are_those_of_the_formula(shown: tuple[Path, str]) -> None:
    _, printed = shown
    a, b, c = 2.0, -3.0, 6.5
    loss = math.tanh(a * b + c)
    slope = 1 - loss * loss
    moved = math.tanh((a + 0.001) * b + c) - loss
    for words in (
        f"loss = {loss:.6f}",
        f"1 - loss**2 = {slope:.6f}",
        f"d loss/dc = {slope:.6f} * 1 = {slope:.6f}",
        f"d loss/da = {slope:.6f} * b = {slope * b:.6f}",
        f"d loss/db = {slope:.6f} * a = {slope * a:.6f}",
        f"the loss changes by {moved:.6f}",
        f"0.001 * {slope * b:.6f} = {0.001 * slope * b:.6f}",
    ):
        assert words in printed


def test_the_stories_tell_how_many_examples_there_are() -> None:
    for experiment in nn.command.demo.EXPERIMENTS:
        prepared = experiment.prepared()
        numbers = re.findall(r"\d+", nn.command.demo.STORIES[experiment.data])[1:]
        assert numbers == [str(len(prepared.training.y)), str(len(prepared.validation.y))]


def test_an_interrupted_demonstration_stops_with_130_and_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(nn.training.fit.Epoch, "__call__", interrupted)
    assert main(["demo", "--out", str(tmp_path)]) == 130
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["expression.png", "expression.svg"]


@pytest.mark.parametrize(("task", "least"), [("iris", 0.95), ("moons", 0.98), ("digits", 0.95)])
def test_the_networks_of_the_demonstration_learn(task: str, least: float) -> None:
    (experiment,) = (one for one in nn.command.demo.EXPERIMENTS if one.data == task)
    assert experiment.run(progress=False).metrics()["validation"]["accuracy"] >= least
