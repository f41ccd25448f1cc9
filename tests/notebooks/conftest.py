"""The notebooks of the course, executed: each in a kernel of its own, once for all its tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from books import COURSE, read


@pytest.fixture(scope="session", params=COURSE)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a notebook. What is made for one name serves all tests of that notebook."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="session")
def executed(name: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The run of the notebook."""
    from running import run

    return run(read(name), tmp_path_factory.mktemp("ipython"))
