"""The player inside a notebook that was executed and exported: there, too, it plays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbclient
import nbconvert
import nbformat
import pytest
from pages import Player, lesson, numbers_after
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from autograd.story.steps import Steps
from autograd.view.player.playable import steps

CELL = """
import sys
sys.path.insert(0, {folder!r})
from pages import lesson
from autograd.view.player.playable import steps
steps(lesson()[1])
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A notebook with one cell that shows a player, executed by a kernel."""
    patch = pytest.MonkeyPatch()
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    cell = nbformat.v4.new_code_cell(CELL.format(folder=str(Path(__file__).parent)))
    made = nbformat.v4.new_notebook(cells=[cell])
    nbclient.NotebookClient(made, timeout=900, kernel_name="python3").execute()
    patch.undo()
    return made


@pytest.fixture
def inside(chromium: Any, notebook: Any, tmp_path: Path) -> Iterator[tuple[Player, Steps]]:
    """The player in the frame of the exported notebook."""
    content, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(content, encoding="utf-8")
    player = Player(chromium, path)
    chromium.switch_to.frame(chromium.find_element(By.TAG_NAME, "iframe"))
    yield player, steps(lesson()[1])
    chromium.switch_to.default_content()


def test_the_cell_shows_the_player_and_text(notebook: Any) -> None:
    data = notebook.cells[0].outputs[0].data
    assert set(data) == {"text/html", "text/plain", "image/png"}
    assert data["text/plain"] == repr(steps(lesson()[1]))


def test_every_step_shows_the_engines_numbers(inside: tuple[Player, Steps]) -> None:
    player, story = inside
    found, restored = player.walk(len(story))
    assert [numbers for numbers, _ in found] == [
        numbers_after(story, taken) for taken in range(len(story) + 1)
    ]
    assert restored


def test_keys_play_and_predict_work_in_the_frame(inside: tuple[Player, Steps]) -> None:
    player, story = inside
    player.find("view").click()
    player.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert player.numbers == numbers_after(story, 2)
    player.press(Keys.HOME)
    player.find("speed").send_keys("5")
    player.click("play")
    player.wait(lambda: player.position == len(story))
    player.click("first")
    player.click("predict")
    player.click("forward")
    player.type("1")
    assert player.text("verdict") == "✓ Right. 1 of 1 predicted."
    assert player.numbers == numbers_after(story, 1)


def test_the_frame_can_reach_nothing_outside(inside: tuple[Player, Steps]) -> None:
    player, _ = inside
    reach = """try { return parent.document.title } catch (error) { return error.name }"""
    assert player.driver.execute_script(reach) == "SecurityError"
    assert player.driver.execute_script("return window.origin") == "null"


def test_all_of_the_player_is_visible_in_the_frame(inside: tuple[Player, Steps]) -> None:
    player, _ = inside
    player.driver.execute_script("document.getElementById('view').focus()")
    player.press(Keys.END)
    bottom = player.driver.execute_script(
        "return document.querySelector('#controls').getBoundingClientRect().bottom - innerHeight"
    )
    assert bottom <= 0


def test_a_document_made_of_the_notebook_holds_the_still_picture(notebook: Any) -> None:
    # For LaTeX, nbconvert turns every SVG of a notebook into a PDF with a program of its own.
    content, resources = nbconvert.LatexExporter().from_notebook_node(notebook)
    assert content.count(r"\includegraphics") == 1
    (picture,) = resources["outputs"].values()
    assert picture.startswith(b"\x89PNG")
