"""Predict mode in a real browser: a number is hidden until the student knows it, or gives up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pages import Player, numbers_after, saved
from selenium.webdriver.common.keys import Keys

from autograd import Value, ieee
from autograd.story.steps import Steps


def test_predict_hides_the_number_until_it_is_typed(played: tuple[Player, Steps]) -> None:
    player, story = played
    player.look()
    player.press("p")
    for taken, step in enumerate(story, start=1):
        player.press(Keys.ENTER)
        assert player.position == taken
        hidden = player.numbers[f"n{list(story.story.order).index(step.changed)}"]
        assert "?" in hidden[0 if step.kind == "forward" else 1]
        assert player.text("sentence").endswith("= ?")
        assert (
            player.driver.execute_script(
                "return document.querySelector('#formula .answer').textContent"
            )
            == "?"
        )
        player.type(repr(step.asked))
        assert player.numbers == numbers_after(story, taken)
        assert player.text("verdict") == f"✓ Right. {taken} of {taken} predicted."
        assert player.text("sentence") == step.sentence


@pytest.mark.parametrize(
    "typed", ["-1.5", "-3/2", "\N{MINUS SIGN}1,5", "3 * -0.5", "-1.499", "-15e-1"]
)
def test_a_number_may_be_rounded_a_fraction_or_a_product(
    chromium: Any, tmp_path: Path, typed: str
) -> None:
    _, path = saved(Value(3.0, label="a") * -0.5, tmp_path)
    player = Player(chromium, path)
    player.click("predict")
    player.click("forward")
    player.type(typed)
    assert player.text("verdict") == "✓ Right. 1 of 1 predicted."


def test_a_wrong_number_gets_a_hint_and_another_try(chromium: Any, tmp_path: Path) -> None:
    x = Value(3.0, label="x")
    y = x * -4.0
    story, path = saved(y * y + x, tmp_path)
    player = Player(chromium, path)
    player.look()
    before = next(place for place, step in enumerate(story) if step.argument is x and step.before)
    player.press(*[Keys.ARROW_RIGHT] * before)
    player.click("predict")
    player.click("forward")
    step = story[before]
    assert (step.local, step.upstream, step.contribution, step.after) == (-4.0, -24.0, 96.0, 97.0)
    for typed, hint in (
        ("seven", "Type a number"),
        ("constructor", "Type a number"),
        ("1/0/", "Type a number"),
        ("5", "Not yet"),
        ("-96", "signs"),
        ("-4", "local derivative alone"),
        ("-24", "gradient that arrives"),
        ("97", "gradient afterwards"),
    ):
        player.type(typed)
        assert hint in player.text("verdict")
        assert player.numbers["n0"][1] == "grad ?"
    player.type("96")
    assert player.text("verdict") == "✓ Right. 0 of 1 predicted."
    assert player.numbers["n0"][1] == f"grad {step.after:g}"


def test_reveal_shows_the_number_and_a_solved_one_stays_shown(
    played: tuple[Player, Steps],
) -> None:
    player, story = played
    player.look()
    player.press("p", Keys.ARROW_RIGHT)
    player.click("reveal")
    assert player.numbers == numbers_after(story, 1)
    assert player.text("verdict") == "There it is. 0 of 1 predicted."
    player.look()
    player.press(Keys.ARROW_RIGHT)
    assert "?" in player.text("sentence")
    player.look()
    player.press(Keys.ARROW_LEFT)
    assert player.numbers == numbers_after(story, 1)
    player.press("p")
    assert not player.find("question").is_displayed()


def test_playing_waits_for_a_prediction(played: tuple[Player, Steps]) -> None:
    player, _ = played
    player.click("predict")
    player.click("play")
    player.wait(lambda: player.position == 1)
    assert player.find("play").get_attribute("aria-label") == "Play"
    assert player.find("guess").is_displayed()


def test_infinity_and_nan_can_be_predicted(chromium: Any, tmp_path: Path) -> None:
    with ieee():
        x = Value(0.0, label="x")
        y = x.log()
        story, path = saved(y - y, tmp_path)
    player = Player(chromium, path)
    player.click("predict")
    for typed in ("-inf", "nan"):
        player.click("forward")
        player.type("0")
        assert "Not yet" in player.text("verdict")
        player.type(typed)
        assert player.text("verdict").startswith("✓ Right.")
    player.look()
    player.press(Keys.END)
    player.click("reveal")
    assert player.numbers == numbers_after(story, len(story))
