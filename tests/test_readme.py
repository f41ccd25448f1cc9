"""What the README says is true: its program runs and prints just that."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from nn.command.main import main

ROOT = Path(autograd.__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


PROGRAMS = re.findall(r"```python\n(.*?)```\n.*?```text\n(.*?)```", README, re.DOTALL)


def test_every_program_has_its_output_below_it():
    assert [program for program, _ in PROGRAMS] == blocks("python")


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_program_prints_what_stands_below_it(number, tmp_path):
    program, expected = PROGRAMS[number]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == expected
    assert done.stderr == ""


def test_the_first_program_draws_a_picture_in_twelve_lines(tmp_path):
    program, _ = PROGRAMS[0]
    assert len([line for line in program.splitlines() if line]) <= 12
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, cwd=tmp_path)
    assert "<svg" in (tmp_path / "expression.svg").read_text(encoding="utf-8")


def test_every_command_line_is_understood(capsys):
    commands = re.findall(r"^\$ (chalkgrad (\w+).*)$", README, re.MULTILINE)
    assert len(commands) >= 3
    for _, name in commands:
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        assert name in capsys.readouterr().out


def test_every_link_leads_to_a_file():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    for link in links:
        assert (ROOT / link).exists(), link
