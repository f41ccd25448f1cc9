"""The notebooks of the course, executed: two at a time, each in a kernel of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
AT_ONCE = 2


@pytest.fixture(scope="session")
def executed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Any]]:
    """Give the run of a notebook. All that the chosen tests ask for are begun at once."""
    from books import read
    from running import run

    wanted = {
        item.callspec.params["executed_name"]
        for item in request.session.items
        if "executed_name" in getattr(getattr(item, "callspec", None), "params", {})
    }
    scratch = tmp_path_factory.mktemp("ipython")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs: dict[str, Future[Any]] = {
            name: pool.submit(run, read(name), scratch) for name in sorted(wanted)
        }
        yield lambda name: runs[name].result()
