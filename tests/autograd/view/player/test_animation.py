"""Steps as files: the suffix says in which form."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from autograd import Value
from autograd.story.steps import Steps
from autograd.view.player.animation import gif, pdf
from autograd.view.player.painter import in_two_lines
from autograd.view.player.playable import steps


@pytest.fixture
def story() -> Steps:
    w, x = Value(0.5, label="w"), Value(2.0, label="x")
    loss = (w * x).tanh()
    loss.label = "loss"
    return steps(loss)


def test_an_animation_has_a_frame_before_the_first_step_and_one_for_each(story: Steps) -> None:
    with Image.open(io.BytesIO(gif(story[:3]))) as picture:
        assert picture.n_frames == 4  # type: ignore[attr-defined]  # of GIF files only
        assert picture.width == 800
        assert picture.info["loop"] == 0
        shown = [picture.seek(place) or picture.convert("RGB").tobytes() for place in range(4)]
    assert len(set(shown)) == 4


def test_a_document_has_a_page_before_the_first_step_and_one_for_each(story: Steps) -> None:
    content = pdf(story[:3])
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", content)) == 4


def test_no_steps_make_one_frame(story: Steps) -> None:
    assert len(re.findall(rb"/Type /Page\b", pdf(story[:0]))) == 1


@pytest.mark.parametrize("label", ["$", "$x$", "\\frac{", "_{^", "\N{GRINNING FACE}", "y" * 10_000])
def test_a_hostile_label_can_be_painted(label: str) -> None:
    x = Value(2.0, label=label)
    assert pdf(steps(x * x)[1:2]).startswith(b"%PDF")


def test_too_many_frames_are_refused_with_advice() -> None:
    root = x = Value(1.0, label="x")
    for _ in range(200):
        root = root + x
    with pytest.raises(ValueError, match=r"601 steps, too many for still pictures .*\.html page"):
        gif(steps(root))


def test_a_long_sentence_takes_two_lines_at_most() -> None:
    assert in_two_lines("short", 20) == "short"
    assert in_two_lines("word " * 100, 20) == "word word word word\nword word word word…"


@pytest.mark.parametrize(
    ("suffix", "start"), [("html", b"<!DOCTYPE"), ("GIF", b"GIF8"), ("pdf", b"%PDF"), ("md", b"# ")]
)
def test_the_suffix_says_what_is_written(
    story: Steps, tmp_path: Path, suffix: str, start: bytes
) -> None:
    path = story[:2].save(tmp_path / f"steps.{suffix}")
    assert path.read_bytes().startswith(start)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_another_suffix_is_refused_before_anything_is_made(story: Steps) -> None:
    with pytest.raises(ValueError, match=r"cannot tell the format of 'steps.jpg': .*\.html"):
        story.save("steps.jpg")
    with pytest.raises(FileNotFoundError, match="no folder 'nowhere'"):
        story.save("nowhere/steps.html")


def test_the_narration_is_markdown_that_shows_every_name_as_it_is(tmp_path: Path) -> None:
    x = Value(2.0, label="*x*_|`<b>")
    text = steps(x * 3.0).save(tmp_path / "steps.md").read_text(encoding="utf-8")
    assert "**2.** (" in text
    assert r"\*x\*\_\|\`\<b\>.grad += 3.0 \*" in text
    assert text.count("$$") == 2 * 3
    assert re.search(r"^\| .* \| 2.0 \| 3.0 \|$", text, re.MULTILINE)
