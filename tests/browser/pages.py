"""What the tests see and do in a player, and what they have to see there."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from autograd import Value, fsum
from autograd.story.steps import Steps
from autograd.view.labels import number_label
from autograd.view.player.playable import steps

TEXTS = """
return Object.fromEntries([...document.querySelectorAll("#view g.leaf, #view g.inner")].map(
  (group) => [group.id, ["data", "grad"].map((role) => group.querySelector("." + role).textContent)]
));
"""


WALK = """
const [times] = arguments;
const view = document.getElementById("view");
const numbers = () => { TEXTS };
const press = (key) => view.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const pictures = [view.innerHTML], found = [[numbers(), ""]];
for (let taken = 0; taken < times; taken++) {
  press("ArrowRight");
  pictures.push(view.innerHTML);
  found.push([numbers(), document.getElementById("sentence").textContent]);
}
let restored = pictures.pop() === view.innerHTML;
for (const picture of pictures.reverse()) {
  press("ArrowLeft");
  restored = restored && picture === view.innerHTML;
}
return [found, restored];
""".replace("TEXTS", TEXTS)


class Player:
    """A player in a browser. It knows the page as a reader does: by what is on it."""

    def __init__(self, driver: Any, address: Path | None = None) -> None:
        self.driver = driver
        if address is not None:
            self.complaints()  # those of the page before
            driver.get(address.as_uri())

    def find(self, name: str) -> Any:
        return self.driver.find_element(By.ID, name)

    def press(self, *keys: str) -> None:
        target = self.driver.switch_to.active_element
        for key in keys:
            target.send_keys(key)

    def look(self) -> None:
        """Put the focus where the arrow keys step."""
        self.driver.execute_script("document.getElementById('view').focus()")

    def click(self, name: str) -> None:
        self.find(name).click()

    def type(self, text: str) -> None:
        box = self.find("guess")
        box.clear()
        box.send_keys(text, Keys.ENTER)

    def walk(self, times: int) -> tuple[list[tuple[dict[str, list[str]], str]], bool]:
        """Step forward and back again: the numbers and sentence after each step, and whether each
        step back has restored the picture."""
        found, restored = self.driver.execute_script(WALK, times)
        return [(numbers, sentence) for numbers, sentence in found], restored

    @property
    def position(self) -> int:
        return int(self.driver.execute_script("return document.documentElement.dataset.position"))

    @property
    def numbers(self) -> dict[str, list[str]]:
        read: dict[str, list[str]] = self.driver.execute_script(TEXTS)
        return read

    @property
    def picture(self) -> str:
        """All of the picture, its classes too."""
        return str(self.driver.execute_script("return document.querySelector('#view').innerHTML"))

    def text(self, name: str) -> str:
        return str(self.find(name).get_property("textContent"))

    def wait(self, condition: Any, seconds: float = 300) -> None:
        WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: condition())

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]


def numbers_after(story: Steps, taken: int) -> dict[str, list[str]]:
    """The texts of all nodes after this many steps, told from the steps themselves."""
    data = {node: node.op is None for node in story.story.order}
    gradients: dict[Value, float] = {}
    for step in list(story)[:taken]:
        if step.kind == "forward":
            data[step.node] = True
            continue
        if step.kind == "seed":
            gradients = dict.fromkeys(data, 0.0)
        gradients[step.changed] = step.after
    return {
        f"n{place}": [
            f"data {number_label(node.data)}" if data[node] else "",
            f"grad {number_label(gradients[node])}" if gradients else "",
        ]
        for place, node in enumerate(story.story.order)
    }


def lesson() -> tuple[dict[str, Value], Value]:
    """An expression in which a node is used twice."""
    leaves = {name: Value(data, label=name) for name, data in (("w", 0.5), ("x", 2.0), ("b", -1.5))}
    h = leaves["w"] * leaves["x"]
    h.label = "h"
    loss = h * h + leaves["b"]
    loss.label = "loss"
    return leaves, loss


def expression(nodes: int) -> Value:
    """An expression of this many nodes, most of them used more than once."""
    rng = random.Random(nodes)
    leaves = max(3, nodes // 12)
    made = [Value(rng.uniform(-1, 1), label=f"x{place}") for place in range(leaves)]
    while len(made) < nodes - 1:
        a, b = rng.choice(made[-10:]), rng.choice(made[-30:])
        made.append(rng.choice([a * b, a.tanh(), a + b, a - b, a * 3.0]))
    unused = set(made) - {argument for node in made for argument in node.args}
    root = fsum([node for node in made if node in unused])
    root.label = "loss"
    return root


def saved(root: Value, folder: Path, **options: Any) -> tuple[Steps, Path]:
    """The steps of an expression, and the page that plays them."""
    story = steps(root, **options)
    return story, story.save(folder / "steps.html")
