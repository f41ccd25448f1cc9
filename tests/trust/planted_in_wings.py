"""Plants faults in the wings around the engine, one at a time, and asks the wings' own tests.

    python tests/trust/planted_in_wings.py              400 faults, drawn over all the wings
    python tests/trust/planted_in_wings.py 40           so many
    python tests/trust/planted_in_wings.py 40 --seed 7  others
    python tests/trust/planted_in_wings.py nn/data      only where the path begins so

A fault is what ``planted_faults.py`` makes: a sign, a comparison, a constant, an operand, a branch.
First the tests of the very module are asked, then those of its whole wing. What nobody notices is
printed: a test that is missing, or a fault that changes nothing. Those known to change nothing are
in ``equivalent_in_wings.txt``, each with its reason.
"""

from __future__ import annotations

import functools
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import planted_faults  # noqa: E402  # it lies beside this file

WINGS = (
    "autograd/compiled", "autograd/view", "autograd/classroom", "nn/checks", "nn/data",
    "nn/saving", "nn/training", "nn/command", "nn/view", "nn",
)  # fmt: skip
COUNT = 400
PATIENCE = 300  # seconds for the tests of one fault: an endless loop is noticed, too


def modules() -> list[str]:
    """Every module of the wings, by its path in the checkout."""
    folders = {wing: ROOT / wing for wing in WINGS}
    found = [
        path
        for wing, folder in folders.items()
        for path in (folder.glob("*.py") if wing == "nn" else folder.rglob("*.py"))
    ]
    return sorted(
        path.relative_to(ROOT).as_posix() for path in set(found) if not path.stem.startswith("__")
    )


def wing_of(module: str) -> str:
    """The wing that a module lies in."""
    return next(wing for wing in WINGS if module.startswith(f"{wing}/"))


def tests_of(module: str) -> list[list[str]]:
    """The tests to ask about a module, the nearest first."""
    path = Path(module)
    mirror = ROOT / "tests" / path.parent
    near = [mirror / f"test_{path.stem}.py"]
    wing = ROOT / "tests" / wing_of(module)
    wide = sorted(wing.glob("test_*.py")) if wing_of(module) == "nn" else [wing]
    rounds = [[each for each in chosen if each.exists()] for chosen in (near, wide)]
    return [[str(each) for each in chosen] + [str(ROOT / module)] for chosen in rounds if chosen]


@functools.cache
def known() -> frozenset[str]:
    """The faults that are said to change nothing."""
    lines = (HERE / "equivalent_in_wings.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line and not line.startswith(("#", " ")))


def drawn(count: int, seed: int, begins: str = "") -> list[planted_faults.Fault]:
    """So many faults, each module with a chance by the number of its places."""
    every = [
        fault
        for module in modules()
        if module.startswith(begins)
        for fault in planted_faults.faults(module)
        if fault.key not in known()
    ]
    return random.Random(seed).sample(every, min(count, len(every)))


class Copies:
    """Copies of both packages to plant in, each used by one run of tests at a time."""

    def __init__(self, folder: str, count: int) -> None:
        self.free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            home = Path(folder) / str(number)
            for package in ("autograd", "nn"):
                shutil.copytree(
                    ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__")
                )
            for beside in ROOT.iterdir():  # tests read the notebooks, the README, a benchmark
                if beside.name not in ("autograd", "nn") and not beside.name.startswith("."):
                    (home / beside.name).symlink_to(beside)
            self.free.put(home)

    def noticed(self, fault: planted_faults.Fault) -> str | None:
        """The first test that fails with the fault planted, or None if all of them pass."""
        home = self.free.get()
        path = home / fault.module
        right = path.read_bytes()
        try:
            path.write_text(fault.source, encoding="utf-8")
            for chosen in tests_of(fault.module):
                complaint = self.complaint(home, chosen)
                if complaint:
                    return complaint
            return None
        finally:
            path.write_bytes(right)
            self.free.put(home)

    def complaint(self, home: Path, tests: list[str]) -> str | None:
        """What the tests say about a copy, or None if they pass."""
        doctests = [str(home / Path(each).relative_to(ROOT)) for each in tests[-1:]]
        command = [
            sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--tb=line",
            "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly",
            "-c", str(ROOT / "pyproject.toml"), *tests[:-1], *doctests,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=home, env=environment, timeout=PATIENCE, capture_output=True,
                text=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "no end"
        if not done.returncode:
            return None
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return failed[0] if failed else done.stdout.strip().rpartition("\n")[2] or "crash"


def plant(
    chosen: list[planted_faults.Fault], workers: int = 2
) -> list[tuple[planted_faults.Fault, str | None]]:
    """Return each fault with what noticed it, or None."""
    sources = [(fault, fault.source) for fault in chosen]  # here: ast is not for several threads
    assert all(source for _, source in sources)
    with tempfile.TemporaryDirectory() as folder:
        copies = Copies(folder, workers)
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(lambda fault: (fault, copies.noticed(fault)), chosen))


def main(arguments: list[str]) -> int:
    """Plant faults and print what was noticed; 0 if at least 95 % were."""
    numbers = [int(word) for word in arguments if word.isdigit()]
    seed = numbers.pop() if "--seed" in arguments else 0
    begins = next((word for word in arguments if "/" in word or word == "nn"), "")
    chosen = drawn(numbers[0] if numbers else COUNT, seed, begins)
    found = plant(chosen)
    for fault, complaint in found:
        if complaint is None:
            print("SURVIVED", fault.key)
    caught = sum(complaint is not None for _, complaint in found)
    print(f"{len(found)} faults planted, {caught} noticed ({100 * caught / len(found):.1f} %)")
    return 0 if caught >= 0.95 * len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
