"""chalkgrad steps, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd.command.main import main

LESSON = ["steps", "tanh(w*x + b)", "w=0.5", "x=2", "b=-1"]


def test_steps_writes_the_player(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lesson.html"
    assert main([*LESSON, "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert capsys.readouterr().out == f"wrote {path}: 9 steps of tanh(w*x + b) = 0\n"


def test_without_a_name_it_is_steps_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(LESSON) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["steps.html"]


def test_text_tells_the_steps_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*LESSON, "--text"]) == 0
    printed = capsys.readouterr().out
    assert "9  w.grad += x * (w * x).grad = 2.0 * 1.0 = 2.0 (was 0.0, now 2.0)" in printed
    assert list(tmp_path.iterdir()) == []


def test_text_and_a_file_give_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*LESSON, "--text", "-o", str(tmp_path / "steps.md")]) == 0
    assert "## Backward" in (tmp_path / "steps.md").read_text(encoding="utf-8")
    assert "w.grad" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["steps", "w*y", "w=1"], 2, "y has no number"),
        (["steps", "w*w", "w=1", "w=2"], 2, "w is given twice"),
        (["steps", "sqrt(a)", "a=0"], 1, "the derivative of sqrt"),
        (["steps", "a*a", "a=1", "-o", "steps.doc"], 1, "end the name in .html"),
        (["steps", "a*a", "a=1", "-o", "no/such/steps.html"], 1, "no folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["steps", "--help"])
    assert 'steps "tanh(w*x + b)" w=0.5 x=2 b=-1 -o steps.html' in capsys.readouterr().out
