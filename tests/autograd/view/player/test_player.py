"""The player as a page: complete in itself, safe, and with the engine's numbers in it."""

from __future__ import annotations

import html
import json
import random
import re
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import Value, fsum
from autograd.story.steps import Steps
from autograd.view import RenderError
from autograd.view.labels import number_label
from autograd.view.player import player
from autograd.view.player.playable import steps
from autograd.view.player.player import bundle, page, svg
from autograd.view.player.scene import Scene, TooManyNodesError

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    "]]>&amp;",
    "{{record}}",
    "\N{GRINNING FACE}",
    "\u2028\x00\ud800",
    "\\N\\u003c",
    "x" * 10_000,
]


def expression(nodes: int) -> Value:
    """An expression of this many nodes, most of them shared."""
    rng = random.Random(nodes)
    made = [Value(rng.uniform(-1, 1), label=f"x{place}") for place in range(8)]
    while len(made) < nodes - 1:
        a, b = rng.choice(made[-8:]), rng.choice(made[-20:])
        made.append(rng.choice([a * b, a.tanh(), a + b]))
    return fsum(made)


def small() -> tuple[Value, Value, Steps]:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    loss = (a * b + a).tanh()
    loss.label = "loss"
    return a, b, steps(loss)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "script" and self.cdata_elem:
            self.scripts[-1] += data


def record_of(content: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Elements(content).scripts[0])
    read["steps"] = [dict(zip(read["fields"], row, strict=False)) for row in read["steps"]]
    return read


# The page -----------------------------------------------------------------------------------------


def test_the_page_needs_nothing_from_anywhere() -> None:
    content = page(small()[2])
    without_names = content.replace("http://www.w3.org/2000/svg", "").replace(
        "http://www.w3.org/1998/Math/MathML", ""
    )
    assert not re.search(r"https?:|//cdn|@import|url\(", without_names)
    for tag, attributes in Elements(content).found:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        assert not {"src", "href", "onclick", "onload"} & attributes.keys()
    assert "default-src 'none'" in content


def test_the_page_says_what_it_shows() -> None:
    content = page(small()[2])
    assert "<title>loss = -0.999329</title>" in content
    assert 'aria-label="computation graph of loss = -0.999329, 5 nodes' in content
    assert 'aria-live="polite"' in content
    for tag, attributes in Elements(content).found:
        if tag == "button":
            assert attributes.get("aria-label") or attributes["id"] in (
                "check", "reveal", "predict", "whole"
            )  # fmt: skip


def test_the_record_holds_the_engines_numbers() -> None:
    _, _, story = small()
    record = record_of(page(story))
    for written, step in zip(record["steps"], story, strict=True):
        assert float(written["exact"]) == step.after
        assert float(written["asked"]) == step.asked
        assert written["shown"] == number_label(step.after)
        assert "".join(written["words"]) == step.sentence
    for written, node in zip(record["nodes"], story.story.order, strict=True):
        assert float(written["exact"]) == node.data


def test_a_part_of_the_steps_plays_that_part() -> None:
    a, _, story = small()
    assert record_of(page(story))["shown"] == list(range(len(story)))
    assert record_of(page(story[3:5]))["shown"] == [3, 4]
    assert record_of(page(story.of(a)))["shown"] == list(story.of(a).numbers)
    assert record_of(page(story[:0]))["shown"] == []


def test_a_formula_of_the_record_can_be_put_together_again() -> None:
    _, _, story = small()
    record = record_of(page(story))

    def text(number: int) -> str:
        kind, *content = record["trees"][number]
        if kind in ("i", "o", "n", "?"):
            return str(content[0])
        return "".join(map(text, content))

    assert text(record["steps"][0]["formula"]) == "a·b=2·(\N{MINUS SIGN}3)=\N{MINUS SIGN}6"


def test_a_hundred_nodes_make_a_page_below_250_kilobytes() -> None:
    root = expression(100)
    story = steps(root)
    assert len(page(story).encode()) < 250_000


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_neither_breaks_the_page_nor_runs(label: str) -> None:
    check_page(label)


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1))
@example("0\n")
def test_any_label_gives_a_whole_page(label: str) -> None:
    check_page(label)


def check_page(label: str) -> None:
    usual = Elements(page(steps(Value(1.0, label="x") * 2.0)))
    story = steps(Value(1.0, label=label) * 2.0)
    content = page(story)
    found = Elements(content)
    assert [tag for tag, _ in found.found] == [tag for tag, _ in usual.found]
    assert [sorted(attributes) for _, attributes in found.found] == [
        sorted(attributes) for _, attributes in usual.found
    ]
    assert found.scripts[1] == usual.scripts[1]
    assert len(json.loads(found.scripts[0])["steps"]) == 3
    content.encode()
    picture = re.search(r"<svg xmlns.*?</svg>", content, re.DOTALL)
    assert picture
    ElementTree.fromstring(picture[0])
    assert len(content) < 40_000


def test_too_many_nodes_are_refused_with_advice() -> None:
    x = Value(1.0, label="x")
    root = x
    for _ in range(700):
        root = root + x
    with pytest.raises(TooManyNodesError, match=r"701 nodes, too many .*one inner node"):
        page(steps(root))
    shown = bundle(steps(root))
    assert list(shown) == ["text/plain"]
    assert "701 nodes" in shown["text/plain"]


# The picture --------------------------------------------------------------------------------------


def test_every_node_constant_and_edge_is_a_part_of_the_picture() -> None:
    a = Value(3.0, label="a")
    scene = Scene(steps(a * a + 2.0))
    kinds = {part.id: part.kind for part in scene.parts}
    assert kinds == {
        "n0": "leaf", "n1": "inner", "n2": "inner root", "n2c1": "constant",
        "n1e0": "edge", "n1e1": "edge", "n2e0": "edge", "n2e1": "edge",
    }  # fmt: skip


def test_a_moment_holds_what_has_happened_so_far_and_no_more() -> None:
    a, b, story = small()
    scene = Scene(story)
    start = scene.moment(-1)
    assert start.known == {scene.ids[a], scene.ids[b]}
    assert (start.gradients, start.passed, start.lit) == ({}, set(), {})
    for last, step in enumerate(story):
        moment = scene.moment(last)
        changed = scene.ids[step.changed]
        assert changed in moment.lit
        if step.kind == "forward":
            assert changed in moment.known
            assert not moment.gradients
        else:
            assert moment.gradients[changed] == number_label(step.after)
    assert len(moment.passed) == len(story.backward) - 1


def test_the_picture_shows_the_numbers_of_the_moment() -> None:
    _, _, story = small()
    scene = Scene(story)

    def texts(last: int) -> list[str]:
        root = ElementTree.fromstring(svg(scene, scene.moment(last)))
        return [text.text or "" for text in root.findall(".//{*}text")]

    assert "data -6" not in texts(-1)
    assert "data -6" in texts(0)
    assert not any("grad" in text for text in texts(2))
    assert "grad 1" in texts(3)
    assert texts(4) == texts(4)


def test_there_is_room_for_the_widest_gradient() -> None:
    x = Value(1.0, label="x")
    root = x * 123.456 + x * -123.456
    widths = [
        [float(shape.geometry["rx"]) for shape in part.shapes if shape.kind == "ellipse"]
        for part in Scene(steps(root)).parts
        if part.kind == "leaf"
    ]
    plain = [
        [float(shape.geometry["rx"]) for shape in part.shapes if shape.kind == "ellipse"]
        for part in Scene(steps(x * 1.0)).parts
        if part.kind == "leaf"
    ]
    assert widths > plain


def test_an_input_that_is_used_everywhere_is_laid_out() -> None:
    x, y = Value(0.5, label="x"), Value(0.1, label="y")
    root = y
    for _ in range(60):
        root = root * x
    assert len(Scene(steps(root)).parts) == 62 + 120


# In a notebook ------------------------------------------------------------------------------------


def test_a_notebook_gets_a_frame_that_may_run_scripts_and_nothing_else() -> None:
    _, _, story = small()
    shown = story._repr_mimebundle_()
    assert list(shown) == ["text/html", "text/plain", "image/png"]
    assert shown["text/plain"] == repr(story)
    tag, attributes = Elements(shown["text/html"]).found[0]
    assert tag == "iframe"
    assert attributes["sandbox"] == "allow-scripts"
    assert attributes["srcdoc"] == page(story)


def test_without_scripts_the_first_and_the_last_picture_stay() -> None:
    _, _, story = small()
    shown = story._repr_mimebundle_()["text/html"]
    outside = re.sub(r"<iframe.*?</iframe>", "", shown, flags=re.DOTALL)
    folded = outside[outside.index("<details>") :]
    assert {tag for tag, _ in Elements(folded).found} == {
        "details",
        "summary",
        "p",
        "style",
        "div",
        "img",
    }
    first, last = pictures_in(folded)
    assert "grad 1" not in "".join(first.itertext())
    assert "grad 1" in "".join(last.itertext())
    assert all(attributes["alt"] for tag, attributes in Elements(outside).found if tag == "img")


def pictures_in(page: str) -> list[ElementTree.Element]:
    addresses = re.findall(r'src="data:image/svg\+xml,([^"]+)"', page)
    return [ElementTree.fromstring(unquote(each)) for each in addresses]


def test_where_it_is_not_trusted_a_still_picture_shows() -> None:
    _, _, story = small()
    shown = story._repr_mimebundle_()
    # What a notebook takes away that it does not trust: frames, scripts and styles.
    left = re.sub(r"<(iframe|script|style)[^>]*>.*?</\1>", "", shown["text/html"], flags=re.DOTALL)
    open_part, _, folded = left.partition("<details>")
    (still,) = pictures_in(open_part)
    assert "grad 1" in "".join(still.itertext())
    assert "<style>.chalkgrad-still{display:none}</style>" in shown["text/html"]
    assert folded


def test_a_document_made_of_a_notebook_gets_a_picture_with_the_words_of_the_last_step() -> None:
    _, _, story = small()
    for chosen in (story, story[:0]):
        png = chosen._repr_mimebundle_()["image/png"]
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20]) == 800
        assert len(png) < 60_000


def test_without_matplotlib_the_player_still_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    _, _, story = small()
    assert list(story._repr_mimebundle_()) == ["text/html", "text/plain"]


@pytest.mark.parametrize(
    ("times", "scale"), [(1, 1.0), (5, 1.0)], ids=["fits", "is scrolled at its own size"]
)
def test_the_frame_is_as_high_as_its_picture(times: int, scale: float) -> None:
    w, h = Value(0.5, label="w"), Value(0.1, label="h")
    for _ in range(times):
        h = (w * h).tanh()
    scene = Scene(steps(h))
    height = player.frame_height(scene)
    assert height >= scene.height * scale + player.BESIDE or height == 480 + player.BESIDE


def test_a_hostile_label_stays_inside_the_frame() -> None:
    for label in HOSTILE:
        story = steps(Value(1.0, label=label) * 2.0)
        tags = [tag for tag, _ in Elements(story._repr_mimebundle_()["text/html"]).found]
        assert tags == [
            "iframe", "style", "div", "style", "div", "img", "details", "summary",
            "p", "style", "div", "img", "p", "style", "div", "img",
        ]  # fmt: skip


def test_without_graphviz_a_notebook_gets_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Any) -> None:
        raise RenderError("A picture needs Graphviz")

    monkeypatch.setattr(player, "Scene", missing)
    _, _, story = small()
    assert story._repr_mimebundle_() == {"text/plain": f"{story!r}\nA picture needs Graphviz"}


def test_the_title_of_the_frame_is_text() -> None:
    shown = steps(Value(1.0, label='"><b>'))._repr_mimebundle_()["text/html"]
    title = Elements(shown).found[0][1]["title"]
    assert title == '"><b> = 1, step by step'
    assert html.escape('"><b> = 1') in shown
