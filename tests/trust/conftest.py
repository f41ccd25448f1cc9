"""The two profiles of the trust tests: a fast one for every day, and ``--long``."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="thousands of points, minutes of time")


@pytest.fixture(scope="session")
def long(request):
    """Whether the long profile was asked for."""
    return request.config.getoption("--long", default=False)
