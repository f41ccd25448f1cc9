"""The commands about expressions, as a user runs them."""

import subprocess
import sys

import pytest

from autograd.command import expressions
from autograd.command.main import main


def test_draw_writes_the_picture_and_prints_the_gradients(tmp_path, capsys):
    path = tmp_path / "graph.svg"
    code = main(["draw", "tanh(w*x + b)", "w=0.5", "x=2", "b=-1", "-o", str(path)])
    assert code == 0
    assert "<svg" in path.read_text(encoding="utf-8")
    printed = capsys.readouterr().out
    assert "tanh(w*x + b) = 0" in printed
    assert "d/dw = 2" in printed
    assert str(path) in printed


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_draw_writes_other_formats(tmp_path, suffix):
    path = tmp_path / f"graph.{suffix}"
    assert main(["draw", "a*b", "a=1", "b=2", "-o", str(path)]) == 0
    assert path.read_bytes()[:4] in (b"\x89PNG", b"%PDF")


def test_draw_forward_only_shows_no_gradients(tmp_path, capsys):
    assert main(["draw", "a*a", "a=3", "--forward-only", "-o", str(tmp_path / "g.svg")]) == 0
    assert "d/da" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["draw", "w*y", "w=1"], "y has no number"),
        (["draw", "w*"], "not an expression"),
        (["draw", "w*w", "w=1", "w=2"], "given twice"),
        (["draw", "w*w", "w=1", "v=2"], "v got a number but does not occur"),
    ],
)
def test_a_wrong_expression_is_exit_code_2_with_a_message(arguments, words, capsys):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [["draw", "a", "a=b"], ["draw", "a", "a"], ["nothing"], ["draw", "a", "a=1e400"]],
)
def test_a_wrong_command_line_is_exit_code_2(wrong, capsys):
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2
    assert "error" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["draw", "log(a)", "a=-1"],
        ["draw", "a", "a=1", "-o", "no/such/folder/g.svg"],
        ["draw", "a", "a=1", "-o", "g.jpeg2"],
        ["draw", "sqrt(a)", "a=0"],
    ],
)
def test_what_cannot_be_done_is_exit_code_1_and_no_traceback(
    arguments, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("python -m autograd: ")
    assert "Traceback" not in error


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "draw an expression with its gradients" in capsys.readouterr().out


def test_an_expression_that_begins_with_a_minus_gets_a_hint_that_works(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["steps", "-a*b", "a=1", "b=2"])
    assert caught.value.code == 2
    assert 'python -m autograd COMMAND -- "-a*b" ...' in capsys.readouterr().err
    assert main(["steps", "--text", "--", "-a*b", "a=1", "b=2"]) == 0
    assert "-a * b" in capsys.readouterr().out


def test_an_unknown_option_gets_no_hint_at_expressions(capsys):
    with pytest.raises(SystemExit):
        main(["draw", "a", "a=1", "--colour"])
    assert "minus" not in capsys.readouterr().err


def test_a_misspelt_option_finds_the_nearest(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["steps", "a", "a=1", "--txet"])
    assert caught.value.code == 2
    assert "unrecognized arguments: --txet. Did you mean --text?" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["1e400", "-1e999"])
def test_a_number_that_is_too_large_is_refused_and_not_made_infinite(number, capsys):
    with pytest.raises(SystemExit):
        main(["draw", "a", f"a={number}"])
    assert "is too large for a float" in capsys.readouterr().err


def test_an_infinity_that_is_written_as_one_is_taken(tmp_path, capsys):
    assert main(["draw", "a", "a=-inf", "-o", str(tmp_path / "g.svg")]) == 0
    assert "a = -inf" in capsys.readouterr().out


def test_a_closed_standard_output_ends_no_command(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["steps", "a*2", "a=1", "--text"]) == 0


def test_too_little_memory_is_said(monkeypatch, capsys):
    def hungry(*_):
        raise MemoryError

    monkeypatch.setattr(expressions, "evaluate", hungry)
    assert main(["draw", "a", "a=1"]) == 1
    assert "needs more memory than there is" in capsys.readouterr().err


def test_ctrl_c_is_exit_code_130(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(expressions, "evaluate", interrupted)
    assert main(["draw", "a", "a=1"]) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["draw", "--help"], ["doctor", "--help"]])
def test_help_has_an_example(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "example" in capsys.readouterr().out


def test_a_reader_that_has_gone_is_no_error_message(monkeypatch, capsys, tmp_path):
    def broken(options):
        raise BrokenPipeError

    monkeypatch.setattr(expressions, "value_of_expression", broken)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["draw", "a", "a=1"]) == 1
        print("into the void", file=out)
    assert (tmp_path / "out").read_text() == ""
    assert capsys.readouterr().err == ""


def test_python_m_autograd_runs_and_a_closed_pipe_is_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("chalkgrad ")
