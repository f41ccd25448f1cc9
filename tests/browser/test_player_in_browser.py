"""The player in a real browser: what it shows after every step is what the engine computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pages import Player, expression, lesson, numbers_after, saved
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from autograd import Value
from autograd.story.sentences import six_digits
from autograd.story.steps import Steps
from autograd.view.labels import number_label

# Stepping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("nodes", [10, 60])
def test_every_step_shows_the_engines_numbers_and_back_restores_them(
    chromium: Any, tmp_path: Path, nodes: int
) -> None:
    root = expression(nodes)
    story, path = saved(root, tmp_path)
    player = Player(chromium, path)
    found, restored = player.walk(len(story))
    for taken, (numbers, sentence) in enumerate(found):
        assert numbers == numbers_after(story, taken)
        assert sentence == (story[taken - 1].sentence if taken else "")
    assert restored
    assert player.position == 0
    root.backward()
    last, _ = found[-1]
    for place, node in enumerate(story.story.order):
        assert last[f"n{place}"] == [
            f"data {number_label(node.data)}",
            f"grad {number_label(node.grad)}",
        ]
    assert player.complaints() == []


def test_arrow_keys_step_and_step_back(played: tuple[Player, Steps]) -> None:
    player, story = played
    player.look()
    pictures = [player.picture]
    for taken, step in enumerate(story, start=1):
        player.press(Keys.ARROW_RIGHT)
        assert player.position == taken
        assert player.numbers == numbers_after(story, taken)
        assert player.text("sentence") == step.sentence
        pictures.append(player.picture)
    for picture in pictures[-2::-1]:
        player.press(Keys.ARROW_LEFT)
        assert player.picture == picture


def test_keys_jump_to_both_ends_and_stop_there(played: tuple[Player, Steps]) -> None:
    player, story = played
    player.look()
    player.press(Keys.END)
    assert player.position == len(story)
    player.press(Keys.ARROW_RIGHT)
    assert player.position == len(story)
    assert player.numbers == numbers_after(story, len(story))
    player.press(Keys.HOME, Keys.ARROW_LEFT)
    assert player.position == 0
    assert player.numbers == numbers_after(story, 0)


def test_buttons_do_the_same(played: tuple[Player, Steps]) -> None:
    player, story = played
    for name, position in (("forward", 1), ("forward", 2), ("back", 1), ("last", len(story))):
        player.click(name)
        assert player.position == position
    assert not player.find("forward").is_enabled()
    player.click("first")
    assert player.position == 0
    assert not player.find("back").is_enabled()


def test_the_slider_goes_anywhere(played: tuple[Player, Steps]) -> None:
    player, story = played
    slider = player.find("slider")
    slider.send_keys(Keys.END)
    assert player.position == len(story)
    slider.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert player.position == len(story) - 2
    assert player.numbers == numbers_after(story, len(story) - 2)
    assert (
        slider.get_attribute("aria-valuetext")
        == f"step {len(story) - 2} of {len(story)} · backward"
    )


def test_play_goes_to_the_end_and_plays_again_from_the_start(played: tuple[Player, Steps]) -> None:
    player, story = played
    player.find("speed").send_keys("5")
    player.click("play")
    assert player.find("play").get_attribute("aria-label") == "Pause"
    player.wait(lambda: player.position == len(story))
    player.wait(lambda: player.find("play").get_attribute("aria-label") == "Play")
    assert player.numbers == numbers_after(story, len(story))
    Select(player.find("speed")).select_by_value("0.5")  # the way is long enough to look twice
    player.look()
    player.press(" ")
    player.wait(lambda: 0 < player.position < len(story))
    player.press(" ")
    position = player.position
    assert player.find("play").get_attribute("aria-label") == "Play"
    assert player.numbers == numbers_after(story, position)


def test_a_part_of_the_steps_begins_where_the_steps_before_have_led(
    chromium: Any, tmp_path: Path
) -> None:
    leaves, loss = lesson()
    story, _ = saved(loss, tmp_path)
    part = story.of(leaves["w"])
    player = Player(chromium, part.save(tmp_path / "part.html"))
    first = part.numbers[0]
    assert player.numbers == numbers_after(story, first)
    player.look()
    player.press(Keys.ARROW_RIGHT)
    assert player.numbers == numbers_after(story, first + 1)
    assert player.text("sentence") == part[0].sentence


def test_accumulation_is_shown(chromium: Any, tmp_path: Path) -> None:
    leaves, loss = lesson()
    leaves["w"].grad = 5.0
    story, path = saved(loss, tmp_path, accumulate=True)
    player = Player(chromium, path)
    player.look()
    player.press(Keys.END)
    assert player.numbers == numbers_after(story, len(story))
    assert "5.0 was left by an earlier backward()" in player.text("sentence")


# What a step lights -------------------------------------------------------------------------------


LIT = """
const kind = (classes) => classes.contains("source") ? "source"
  : classes.contains("by-forward") ? "forward" : "backward";
return Object.fromEntries([...document.querySelectorAll("#view .lit, #view .source")].map(
  (group) => [group.id, kind(group.classList)]));
"""


def lit(player: Player) -> dict[str, str]:
    read: dict[str, str] = player.driver.execute_script(LIT)
    return read


def test_the_node_and_the_edges_of_a_step_are_lit(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.look()
    assert lit(player) == {}
    player.press(Keys.ARROW_RIGHT)
    assert lit(player) == {"n2": "forward", "n2e0": "forward", "n2e1": "forward"}
    player.press(*[Keys.ARROW_RIGHT] * 3)
    assert lit(player) == {"n5": "backward"}
    player.press(Keys.ARROW_RIGHT)
    assert lit(player) == {"n5": "source", "n5e1": "backward", "n4": "backward"}


def test_the_local_derivative_appears_on_its_edge(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.look()
    label = player.driver.find_element("css selector", "#n5e1 text")
    assert label.value_of_css_property("visibility") == "hidden"
    player.press(Keys.END)
    assert label.value_of_css_property("visibility") == "visible"
    assert label.text == "\N{MULTIPLICATION SIGN} 1"


def test_the_formula_is_mathml(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.look()
    player.press(Keys.END)
    script = """const math = document.querySelector("#formula math");
      return [math.namespaceURI, math.textContent, math.querySelectorAll("mfrac").length,
              math.getBoundingClientRect().height > 30];"""
    space, text, fractions, is_tall = player.driver.execute_script(script)
    assert space == "http://www.w3.org/1998/Math/MathML"
    assert text == "∂loss∂w+=∂h∂w·∂loss∂h=x·∂loss∂h=2·2=4"
    assert fractions == 4
    assert is_tall


# Everyone -----------------------------------------------------------------------------------------


def test_every_control_is_reached_by_the_tabulator(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.click("forward")
    player.driver.execute_script("document.activeElement.blur()")
    player.find("view").click()
    reached = []
    for _ in range(14):
        player.press(Keys.TAB)
        reached.append(player.driver.switch_to.active_element.get_attribute("id"))
    for name in ("first", "back", "play", "forward", "last", "slider", "speed", "predict"):
        assert name in reached


def test_the_text_alternative_tells_every_step_and_every_node(
    played: tuple[Player, Steps],
) -> None:
    player, story = played
    player.driver.find_element("css selector", "summary").click()
    told = [item.text for item in player.driver.find_elements("css selector", "#list li")]
    assert told == [step.sentence for step in story]
    player.driver.find_elements("css selector", "#list button")[-1].click()
    assert player.position == len(story)
    player.wait(lambda: "4.0" in player.text("nodes"))
    rows = [
        [cell.text for cell in row.find_elements("css selector", "td")]
        for row in player.driver.find_elements("css selector", "#nodes tr")
    ]
    gradients = {step.changed: step.after for step in story.backward}
    assert rows == [
        [
            story.story.name(node),
            node.op.name if node.op else "",
            repr(node.data),
            repr(gradients[node]),
        ]
        for node in story.story.order
    ]


def test_motion_stops_for_who_wants_none(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.look()
    player.press(Keys.END)
    line = player.driver.find_element("css selector", "#view .edge.lit path")
    assert line.value_of_css_property("animation-name") == "flow"
    calm = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    player.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", calm)
    try:
        assert line.value_of_css_property("animation-name") == "none"
    finally:
        player.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


CONTRAST = """
const light = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const paper = getComputedStyle(document.body).backgroundColor;
const found = [];
const words = "h1, #place, #place b, #sentence, summary, .small";
for (const element of document.querySelectorAll(words)) {
  found.push([element.id || element.tagName, ratio(getComputedStyle(element).color, paper)]);
}
for (const text of document.querySelectorAll("#view g:not(.edge) text")) {
  const area = text.parentNode.querySelector(text.matches(".symbol") ? ".operation" : ".area");
  found.push([text.textContent, ratio(getComputedStyle(text).fill, getComputedStyle(area).fill)]);
}
return found.filter(([name, value]) => value < 4.5);
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_background(
    chromium: Any, tmp_path: Path, scheme: str
) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    try:
        player = Player(chromium, saved(lesson()[1] + 1.0, tmp_path)[1])
        player.look()
        player.press(Keys.END)
        assert chromium.execute_script(CONTRAST) == []
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


# Nothing overlaps, nothing breaks -----------------------------------------------------------------

OVERLAPS = """
const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
  && a.top < b.bottom - 1 && b.top < a.bottom - 1;
const box = (element) => element.getBoundingClientRect();
const found = [];
const bands = ["header", "#view", "#telling", "#controls", "#all"].map(
  (name) => document.querySelector(name));
bands.forEach((one, place) => bands.slice(place + 1).forEach((other) => {
  if (meet(box(one), box(other))) found.push([one.id, other.id]);
}));
const nodes = [...document.querySelectorAll("#view g:not(.edge) .area")];
nodes.forEach((one, place) => nodes.slice(place + 1).forEach((other) => {
  if (meet(box(one), box(other))) found.push([one.parentNode.id, other.parentNode.id]);
}));
for (const text of document.querySelectorAll("#view g:not(.edge) text")) {
  const inside = box(text), area = box(text.parentNode.querySelector(".area"));
  if (inside.left < area.left - 1 || inside.right > area.right + 1) found.push(text.textContent);
}
if (document.documentElement.scrollWidth > innerWidth) found.push("the page is too wide");
return found;
"""


@pytest.mark.parametrize("nodes", [10, 60, 200])
def test_nothing_overlaps(chromium: Any, tmp_path: Path, nodes: int) -> None:
    player = Player(chromium, saved(expression(nodes), tmp_path)[1])
    player.look()
    player.press(Keys.END)
    assert chromium.execute_script(OVERLAPS) == []
    assert player.complaints() == []


@pytest.mark.parametrize(
    "label",
    ["</script><script>window.broken=1</script>", "<img src=x onerror='window.broken=1'>",
     "\"'`", "\N{GRINNING FACE}", "<b>bold</b>", "w" * 10_000],
)  # fmt: skip
def test_a_hostile_label_neither_breaks_the_page_nor_runs(
    chromium: Any, tmp_path: Path, label: str
) -> None:
    x = Value(2.0, label=label)
    story, path = saved(x * x, tmp_path)
    player = Player(chromium, path)
    player.look()
    player.press(Keys.END)
    assert player.numbers == numbers_after(story, len(story))
    assert player.text("sentence") == story[-1].sentence
    assert six_digits(4.0) in player.text("sentence")
    assert chromium.execute_script("return window.broken") is None
    assert chromium.execute_script(OVERLAPS) == []
    assert player.complaints() == []
