"""What the README says is true: its program runs and prints just that."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.command import cli
from nn.command.main import main

ROOT = Path(autograd.__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/house.md",
    "docs/machines.md",
    "notebooks/README.md",
]
EVERY_WORD = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)


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


COMMANDS = re.findall(r"^\$ chalkgrad (.*)$", README, re.MULTILINE)


@pytest.fixture
def read(monkeypatch):
    """What the command makes of its arguments, without doing it."""
    monkeypatch.setattr(cli, "run", lambda parser, arguments: parser.parse_args(arguments))
    return lambda line: main(shlex.split(line))


def test_there_are_command_lines():
    assert {line.split()[0] for line in COMMANDS} >= {
        "draw", "steps", "train", "show", "doctor", "diagnose", "worksheet", "notebooks",
    }  # fmt: skip


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_line_is_understood_to_its_last_word(line, read):
    options = vars(read(line))
    values = {str(each) for each in flat(options.values())}
    for word in shlex.split(line)[1:]:
        name, assigned, _ = word.partition("=")
        assert word.startswith("-") or word in values or (assigned and name in values), word


def flat(values):
    for each in values:
        if isinstance(each, list | tuple):
            yield from flat(each)
        elif isinstance(each, dict):
            yield from each
            yield from each.values()
        else:
            yield each
            yield str(each) + "/"  # a folder, which a path writes without the stroke


@pytest.mark.parametrize(
    "line",
    ["worksheet --lvel 3", "worksheet --level 99", "train iris --hiden 16", "draw", "darw x x=1"],
)
def test_a_command_line_with_a_slip_is_not(line, read, capsys):
    with pytest.raises(SystemExit) as caught:
        read(line)
    assert caught.value.code == 2


def test_every_target_of_make_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    spoken = re.findall(r"`(?:\$ )?make ([a-z-]+)|^\$ make ([a-z-]+)", EVERY_WORD, re.MULTILINE)
    assert spoken
    assert {one or other for one, other in spoken} <= set(targets)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links or page == "SECURITY.md"
    for link in links:
        assert ((ROOT / page).parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize("page", [page for page in PAGES if page != "CHANGELOG.md"])
def test_every_path_that_is_named_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:autograd|nn|tests|notebooks|benchmarks|docs)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
