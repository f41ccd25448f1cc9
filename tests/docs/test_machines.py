"""docs/machines.md: its programs run, on eight devices and in two processes, and print so."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

ROOT = Path(autograd.__file__).parent.parent
PAGE = (ROOT / "docs" / "machines.md").read_text(encoding="utf-8")
PROGRAMS = {
    program.partition("\n")[0].removeprefix("# "): program
    for program in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
}
OUTPUTS = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
LONG = 600  # seconds after which a process that hangs is stopped


@pytest.fixture
def folder(tmp_path):
    """Where the programs of the page lie, by the names in their first lines."""
    for name, program in PROGRAMS.items():
        (tmp_path / name).write_text(program, encoding="utf-8")
    return tmp_path


def start(folder, *command):
    kept = {name: each for name, each in os.environ.items() if name != "XLA_FLAGS"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", *map(str, command)],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def printed(*processes):
    """What processes print, in their order; all are stopped, whatever happens."""
    try:
        ends = [process.communicate(timeout=LONG) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    for process, (_, errors) in zip(processes, ends, strict=True):
        assert process.returncode == 0, errors
    return "".join(said for said, _ in ends)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_every_program_has_a_name_and_all_are_run_here():
    assert list(PROGRAMS) == ["training.py", "eight_devices.py", "two_processes.py", "growth.py"]


def test_eight_devices_give_the_same_gradient(folder):
    assert printed(start(folder, "eight_devices.py")) == OUTPUTS[0]


def test_two_processes_over_loopback_give_the_same_gradient(folder):
    port = free_port()
    both = [start(folder, "two_processes.py", number, port) for number in (0, 1)]
    found = printed(*both)
    # The library that carries the sums says on its own that it is connected.
    assert "".join(re.findall(r"^process .*\n", found, re.MULTILINE)) == OUTPUTS[1]


@pytest.mark.parametrize("count", [1, 2])
def test_the_program_that_measures_growth_measures_every_size(folder, count):
    port = free_port()
    found = printed(*(start(folder, "growth.py", number, port, count) for number in range(count)))
    rows = re.findall(rf"^{count} x +([\d,]+) rows: +[\d.]+ ms, +[\d.]+ of CPU$", found, re.M)
    assert rows == ["1,000", "10,000", "100,000"]
