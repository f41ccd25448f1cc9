"""Mistakes of students: the message names their variables, and following its advice works.

The cases are in ``student_mistakes.txt``, so that they read as the programs that they are.
"""

import builtins
import linecache
import re
import warnings
from pathlib import Path
from typing import NamedTuple

import pytest

PRELUDE = """
import math, random, statistics
import numpy as np
import autograd, nn
from autograd import *
from autograd import Value
"""
TABLE = Path(__file__).with_name("student_mistakes.txt")


class Mistake(NamedTuple):
    program: str
    names: list[str]  # of the student's variables, which the message must contain
    advice: str  # the words of the message that say what to do; the mended program has them, too
    mended: str


def mistakes():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not re.match("#( |$)", line))
    for case in text.split("====\n")[1:]:
        program, names, advice, mended = re.fullmatch(
            r"(.*?)\n>>>> ([^:]*): ([^\n]*)\n(.*)", case.strip(), re.DOTALL
        ).groups()
        yield Mistake(program, names.split(), advice, mended)


MISTAKES = list(mistakes())


def run(program):
    """Run a program as a student's, in a module of its own."""
    namespace = {"__name__": "__main__"}
    exec(PRELUDE, namespace)
    # As in a file or a notebook, the text of the program is at hand.
    linecache.cache["<student>"] = (
        len(program),
        None,
        program.splitlines(keepends=True),
        "<student>",
    )
    with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
        code = builtins.compile(program, "<student>", "exec")
    exec(code, namespace)


@pytest.mark.parametrize("case", MISTAKES, ids=[case.program.split("\n")[-1] for case in MISTAKES])
def test_the_message_names_the_students_variables_and_its_advice_works(case):
    with pytest.raises(Exception) as caught:  # noqa: PT011  # its kind depends on the mistake
        run(case.program)
    message = str(caught.value)
    assert case.advice in message
    assert case.advice in case.mended, "the mended program follows the advice"
    for name in case.names:
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message), message
    run(case.mended)


def test_no_mistake_stands_in_the_table_twice():
    programs = [case.program for case in MISTAKES]
    assert len(programs) == len(set(programs))
