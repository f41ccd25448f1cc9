"""Pictures and charts in a page: whole, readable, and as dark as the page is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import Player, expression, lesson, saved
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

import nn
from autograd import Value, draw, steps, tanh
from nn.view import draw_network, plot_boundary, plot_confusion, plot_history

PAGE = """<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>body {{ margin: 0 }} @media (prefers-color-scheme: dark) {{ body {{ background: #111 }} }}
</style>{}"""
OUTSIDE = """
const meets = (text) => {
  const inside = text.getBoundingClientRect();
  return (area) => {
    const box = area.getBoundingClientRect();
    return inside.left >= box.left - 1 && inside.right <= box.right + 1
      && inside.top >= box.top - 1 && inside.bottom <= box.bottom + 1;
  };
};
return [...document.querySelectorAll("g.node text")].filter((text) =>
  ![...text.closest("g.node").querySelectorAll("ellipse, polygon")].some(meets(text))
).map((text) => text.textContent);
"""


def recurrence(times: int) -> Value:
    w, h, b = Value(0.5, label="w"), Value(0.1, label="h"), Value(0.2, label="b")
    for _ in range(times):
        h = tanh(w * h + b)
    h.backward()
    return h


def network() -> Any:
    return nn.MLP(2, [3, 1], activation="tanh")


PICTURES = {
    "graph": lambda: draw(recurrence(1)),
    "layers": lambda: draw(network()([1.0, 2.0]), detail="layer"),
    "network": lambda: draw_network(network(), x=[1.0, 2.0]),
    "history": lambda: plot_history({"loss": [1.0, 0.5, 0.2], "validation_loss": [1.0, 0.6, 0.4]}),
    "boundary": lambda: plot_boundary(network(), [[0.0, 0.0], [1.0, 1.0]], [0, 1], resolution=9),
    "confusion": lambda: plot_confusion([0, 1, 1], [0, 0, 1]),
}


@pytest.fixture
def scheme(chromium: Any) -> Iterator[Any]:
    """Set the colour scheme that the reader prefers."""

    def prefer(name: str) -> None:
        media = {"features": [{"name": "prefers-color-scheme", "value": name}]}
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    yield prefer
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def open_page(chromium: Any, folder: Path, *parts: str) -> list[Any]:
    """Open a page with these parts, and return its images."""
    path = folder / "page.html"
    path.write_text(PAGE.format("".join(parts)), encoding="utf-8")
    chromium.get(path.as_uri())
    images: list[Any] = chromium.find_elements(By.TAG_NAME, "img")
    return images


def shades(image: Any) -> tuple[float, float, float]:
    """The darkest, the usual and the brightest of an image's pixels, from 0 to 255."""
    with Image.open(io.BytesIO(image.screenshot_as_png)) as picture:
        grey = sorted(picture.convert("L").get_flattened_data())
    return grey[len(grey) // 1000], grey[len(grey) // 2], grey[-1 - len(grey) // 1000]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_dark_as_the_page(
    chromium: Any, tmp_path: Path, scheme: Any, name: str
) -> None:
    shown = PICTURES[name]()._repr_mimebundle_()["text/html"]
    scheme("light")
    (image,) = open_page(chromium, tmp_path, shown)
    ink, paper, _ = shades(image)
    assert paper > 200
    assert ink < 110
    scheme("dark")
    _, paper, ink = shades(image)
    assert paper < 90
    assert ink > 150


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_follows_the_theme_of_jupyter(
    chromium: Any, tmp_path: Path, scheme: Any, theme: str
) -> None:
    shown = PICTURES["history"]()._repr_mimebundle_()["text/html"]
    body = f'<div data-jp-theme-light="{str(theme == "light").lower()}">{shown}</div>'
    scheme({"light": "dark", "dark": "light"}[theme])  # what the system says does not count
    (image,) = open_page(chromium, tmp_path, body)
    _, paper, _ = shades(image)
    assert (paper > 200) == (theme == "light")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_size_and_words_and_fits(
    chromium: Any, tmp_path: Path, name: str
) -> None:
    (image,) = open_page(chromium, tmp_path, PICTURES[name]()._repr_mimebundle_()["text/html"])
    assert image.get_attribute("alt")
    least = 0.7 if name in ("graph", "layers", "network") else 0.0  # what Graphviz has drawn
    natural, width = int(image.get_dom_attribute("width")), image.rect["width"]
    room = chromium.execute_script("return document.body.clientWidth")
    assert width == pytest.approx(max(min(natural, room), least * natural), abs=1)
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= room + 16


def test_a_wide_picture_is_scrolled_with_letters_that_can_be_read(
    chromium: Any, tmp_path: Path
) -> None:
    (image,) = open_page(chromium, tmp_path, draw(recurrence(4))._repr_mimebundle_()["text/html"])
    assert image.rect["width"] == pytest.approx(0.7 * int(image.get_dom_attribute("width")), abs=1)
    box = chromium.execute_script("return arguments[0].parentElement", image)
    assert box.value_of_css_property("overflow-x") == "auto"
    room = chromium.execute_script("return document.body.clientWidth")
    assert box.rect["width"] <= room


@pytest.mark.parametrize("root", [recurrence(3), expression(30)], ids=["recurrence", "expression"])
def test_no_text_pokes_out_of_its_box(chromium: Any, tmp_path: Path, root: Value) -> None:
    root.backward()
    chromium.get(draw(root).save(tmp_path / "graph.svg").as_uri())
    assert chromium.execute_script(OUTSIDE) == []


# The player ---------------------------------------------------------------------------------------

LOOK = """
const view = document.getElementById("view"), svg = view.querySelector("svg");
const box = svg.getBoundingClientRect();
return {scale: box.width / Number(svg.getAttribute("width")), height: box.height,
        room: view.clientHeight, left: view.scrollLeft,
        controls: document.getElementById("controls").getBoundingClientRect().bottom,
        inside: innerHeight};
"""


@pytest.fixture
def framed(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Open the player of an expression as a notebook shows it, 800 pixels wide."""

    def show(root: Value) -> Player:
        open_page(chromium, tmp_path, steps(root)._repr_mimebundle_()["text/html"])
        chromium.switch_to.frame(chromium.find_element(By.TAG_NAME, "iframe"))
        return Player(chromium)

    yield show
    chromium.switch_to.default_content()


@pytest.mark.parametrize("times", [1, 2, 4])
def test_no_node_is_cut_in_half(framed: Any, times: int) -> None:
    player = framed(recurrence(times))
    look = player.driver.execute_script(LOOK)
    assert look["height"] <= look["room"] + 1
    assert look["scale"] >= 0.7
    assert look["controls"] <= look["inside"]


def test_fit_keeps_letters_that_can_be_read(framed: Any) -> None:
    player = framed(recurrence(6))
    for _ in range(2):
        player.click("whole")
        assert player.driver.execute_script(LOOK)["scale"] >= 0.7 - 1e-4


def test_a_picture_that_is_larger_than_its_place_is_pulled_by_the_mouse(framed: Any) -> None:
    player = framed(recurrence(6))
    before = player.driver.execute_script(LOOK)["left"]
    ActionChains(player.driver).drag_and_drop_by_offset(player.find("view"), -200, 0).perform()
    assert player.driver.execute_script(LOOK)["left"] == pytest.approx(before + 200, abs=2)


def test_the_still_picture_shows_only_where_the_frame_is_taken_away(
    chromium: Any, tmp_path: Path
) -> None:
    shown = steps(lesson()[1])._repr_mimebundle_()["text/html"]
    open_page(chromium, tmp_path, shown)
    assert not chromium.find_element(By.CSS_SELECTOR, ".chalkgrad-still img").is_displayed()
    before, _, after = shown.partition("<iframe")
    left = before + after.partition("</iframe>")[2].replace(
        "<style>.chalkgrad-still{display:none}</style>", ""
    )
    open_page(chromium, tmp_path, left)
    still = chromium.find_element(By.CSS_SELECTOR, ".chalkgrad-still img")
    assert still.is_displayed()
    assert still.rect["height"] > 100


def test_the_page_of_a_file_shows_whole_nodes_too(chromium: Any, tmp_path: Path) -> None:
    player = Player(chromium, saved(recurrence(4), tmp_path)[1])
    look = player.driver.execute_script(LOOK)
    assert look["height"] <= look["room"] + 1
