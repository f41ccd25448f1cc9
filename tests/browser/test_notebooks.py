"""The notebooks and the slides in a browser: all is there, nothing complains, players play."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbconvert
import pytest
from pages import Player
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(Path(__file__).parent.parent / "notebooks"))
from books import COURSE, path_of

# What nbconvert's template asks the network for; the notebooks themselves ask for nothing.
FOREIGN = ("cdnjs.cloudflare.com", "/mathjax/", "require.min.js")
BROKEN = """
return [...document.images].filter((image) => !image.complete || !image.naturalWidth)
  .map((image) => image.src.slice(0, 80));
"""
CUT_OFF = """
// A picture that is too wide to be read at the width of the page is scrolled in a box of its own.
const box = (picture) => picture.closest("div[style*=overflow-x]") ?? picture;
return [...document.querySelectorAll(".jp-OutputArea-output img")].filter((picture) =>
  box(picture).getBoundingClientRect().right
    > picture.closest(".jp-OutputArea-output").getBoundingClientRect().right + 1
).map((picture) => `${picture.naturalWidth} pixels wide`);
"""


@pytest.fixture(params=COURSE)
def exported(request: pytest.FixtureRequest, chromium: Any, tmp_path: Path) -> Iterator[Player]:
    """A notebook as a page, in a window as wide as a laptop's."""
    content, _ = nbconvert.HTMLExporter().from_filename(str(path_of(request.param)))
    path = tmp_path / "notebook.html"
    path.write_text(content, encoding="utf-8")
    chromium.set_window_size(1100, 900)
    yield Player(chromium, path)
    chromium.switch_to.default_content()
    chromium.set_window_size(800, 740)


def frames(player: Player) -> list[Any]:
    found: list[Any] = player.driver.find_elements(By.CSS_SELECTOR, "iframe[title$='step by step']")
    return found


def play(player: Player, frame: Any) -> None:
    """Play in a frame to its last step and see that the picture has followed."""
    player.driver.switch_to.frame(frame)
    player.look()
    player.press(Keys.HOME)
    before = player.picture
    player.press(Keys.ARROW_RIGHT)
    assert player.position == 1
    assert player.picture != before
    player.press(Keys.END)
    assert player.text("sentence")
    assert player.position > 1
    player.driver.switch_to.default_content()


def test_a_notebook_is_whole(exported: Player) -> None:
    assert not exported.driver.execute_script(BROKEN)
    assert not exported.driver.execute_script(CUT_OFF)
    for frame in frames(exported):
        play(exported, frame)
    own = [line for line in exported.complaints() if not any(each in line for each in FOREIGN)]
    assert not own


def test_the_slides_turn_and_their_players_play(chromium: Any, tmp_path: Path) -> None:
    from nn.command.slides import deck

    path = tmp_path / "slides.html"
    path.write_text(deck(), encoding="utf-8")
    chromium.set_window_size(1280, 860)
    player = Player(chromium, path)
    count = chromium.execute_script("return document.querySelectorAll('section').length")
    players = 0
    for place in range(count):
        assert player.text("place") == f"{place + 1} / {count}"
        shown = chromium.find_elements(By.CSS_SELECTOR, "section.shown")
        assert len(shown) == 1
        for frame in shown[0].find_elements(By.TAG_NAME, "iframe"):
            play(player, frame)
            players += 1
            chromium.find_element(By.TAG_NAME, "nav").click()
        chromium.find_element(By.TAG_NAME, "body").send_keys(Keys.ARROW_RIGHT)
    assert players > 0
    assert not chromium.execute_script(BROKEN)
    assert not player.complaints()
    chromium.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME)
    assert player.text("place") == f"1 / {count}"
    chromium.set_window_size(800, 740)
