"""Whatever becomes of what is printed, the files are there: they are written first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nn.saving.model_file import load_all

FRUIT = "größe,猫\n" + "".join(f"{n},{'süß' if n % 2 else '犬'}\n" for n in range(20))
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def command(tmp_path: Path) -> str:
    """A shell command that trains on a file with letters of many alphabets, without pictures."""
    (tmp_path / "fruit.csv").write_text(FRUIT, encoding="utf-8")
    program = (
        "import sys, nn.command.report; nn.command.report.Report.draw = lambda *_: []\n"
        "from nn.command.main import main; sys.exit(main())"
    )
    (tmp_path / "run.py").write_text(program, encoding="utf-8")
    return f"'{sys.executable}' run.py train fruit.csv --hidden 2 --epochs 2 --out out"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no shell with /dev/full")
@pytest.mark.parametrize(
    ("after", "encoding", "code"),
    [
        ("", "ascii", 0),
        ("", "latin-1", 0),
        ("", "utf-8", 0),
        (">&-", "utf-8", 0),
        (">&- 2>&-", "utf-8", 0),
        ("> /dev/full", "utf-8", 1),
        ("| head -0", "utf-8", 0),  # the exit code is that of head
    ],
)
def test_the_model_is_written_whatever_becomes_of_the_report(
    command: str, tmp_path: Path, after: str, encoding: str, code: int
) -> None:
    done = subprocess.run(
        f"{command} {after}", shell=True, cwd=tmp_path, capture_output=True,
        env=ENVIRONMENT | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert done.returncode == code, said
    assert ("cannot print: No space left on device." in said) == ("full" in after)
    assert load_all(tmp_path / "out" / "model.json").class_names == ["süß", "犬"]
    if not after:
        assert b"test accuracy" in done.stdout
