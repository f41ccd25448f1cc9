"""chalkgrad diagnose, as it is typed."""

import pytest

from autograd.command import cli
from autograd.command.diagnose import add_diagnose


def run(*arguments):
    return cli.run(cli.parser_for("chalkgrad", add_diagnose), ["diagnose", *arguments])


def test_a_wrong_answer_is_diagnosed(capsys):
    assert run("a*b + a", "a=2", "b=-3", "--answer", "a=1", "b=2") == 1
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "a.grad is -2.0, not 1.0: path missed."


def test_a_right_answer_is_right(capsys):
    assert run("a*b + a", "a=2", "b=-3", "--answer", "a=-2") == 0
    assert capsys.readouterr().out == "Right.\n"


def test_what_is_no_variable_is_refused(capsys):
    assert run("a*b", "a=2", "b=-3", "--answer", "c=1") == 2
    assert "c is no variable of a*b: it has a, b." in capsys.readouterr().err


def test_an_answer_must_be_given(capsys):
    with pytest.raises(SystemExit):
        run("a*b", "a=2", "b=-3")
    assert "--answer" in capsys.readouterr().err


def test_a_variable_that_is_not_a_number_is_refused_in_words(capsys):
    assert run("x*y", "x=nan", "y=2", "--answer", "x=1") == 1
    assert "the gradient of y is nan here" in capsys.readouterr().err


def test_a_sign_that_unicode_has_twice_is_one_name(capsys):
    micro, mu = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"
    assert run(f"{micro}*2", f"{mu}=3", "--answer", f"{micro}=2") == 0
    assert capsys.readouterr().out == "Right.\n"
