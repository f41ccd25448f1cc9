"""What pytest has to know before it collects: which tests need a package that is not installed."""

import importlib.util

JAX = importlib.util.find_spec("jax") is not None
NEED_JAX = [
    "autograd/compiled/to_jax.py",
    "autograd/compiled/run/reach.py",
    "tests/autograd/compiled/test_to_jax.py",
]
collect_ignore = [] if JAX else NEED_JAX


def pytest_report_header() -> str | None:
    """Return a line that says so, if to_jax() cannot be tested here."""
    return None if JAX else 'without JAX, to_jax() is not tested: pip install "chalkgrad[jax]"'
