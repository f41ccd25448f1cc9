"""A real browser for the tests of this folder: Chromium, driven through its own driver.

Where there is none the tests are left out, and the summary says what to install. With the
environment variable CHALKGRAD_BROWSER=required, as in continuous integration, that is an error.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",  # a container has little of it
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing may come from a network
)  # fmt: skip
ADVICE = (
    "The tests in a browser were left out: they need Chromium and its driver. On Debian: "
    "apt install chromium chromium-driver."
)


def browser_program() -> str | None:
    """Where Chromium is, if its driver is there too."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found if shutil.which("chromedriver") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if browser_program():
        return
    if os.environ.get("CHALKGRAD_BROWSER") == "required":
        raise pytest.UsageError(ADVICE)
    here = [item for item in items if FOLDER in item.path.parents]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in here]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not browser_program():
        terminalreporter.write_line(ADVICE, yellow=True)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with a window 800 pixels wide and a profile of its own."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(browser_program())
    profile = tmp_path_factory.mktemp("profile")
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=800,740"):
        options.add_argument(flag)
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture
def played(chromium: Any, tmp_path: Path) -> Any:
    """A player of a short lesson, and the steps that it plays."""
    from pages import Player, lesson, saved

    story, path = saved(lesson()[1], tmp_path)
    return Player(chromium, path), story
