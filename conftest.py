"""What pytest has to know first: what cannot be tested here, and which tests stay together."""

import importlib.util
from typing import Any

import pytest

JAX = importlib.util.find_spec("jax") is not None
NEED_JAX = [
    "autograd/compiled/to_jax.py",
    "autograd/compiled/run/reach.py",
    "tests/autograd/compiled/test_to_jax.py",
    "tests/autograd/test_compositions.py",
    "tests/docs/test_machines.py",
]
collect_ignore = [] if JAX else NEED_JAX


def pytest_report_header() -> str | None:
    """Return a line that says so, if to_jax() cannot be tested here."""
    return None if JAX else 'without JAX, to_jax() is not tested: pip install "chalkgrad[jax]"'


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what gives tests to processes: those of a file together, or of a notebook."""
    from xdist.scheduler import LoadFileScheduling

    class TogetherOnWhatTheyShare(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            runs_a_notebook = file.endswith("notebooks/test_notebooks.py")
            return test.partition("[")[2] if runs_a_notebook else file

    return TogetherOnWhatTheyShare(config, log)
