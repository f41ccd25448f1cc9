"""What every chart promises: it saves itself whole, shows every word, and follows the page."""

from __future__ import annotations

import base64
import io
import re
import stat
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

import nn.view
from nn.view import Chart, plot_boundary, plot_confusion, plot_history
from nn.view.chart import chart, dress, shortened

SIGNATURES = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


def a_chart() -> Chart:
    return plot_history({"loss": [1.0, 0.5]})


def drawn_texts(figure: Chart) -> dict[str, bool]:
    """Every text of a chart that was drawn, and whether it was read as mathematics."""
    figure.png()
    return {text.get_text(): text.get_parse_math() for text in figure.words() if text.get_text()}


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SIGNATURES)
def test_the_suffix_says_in_which_format_a_chart_is_saved(kind: str, tmp_path: Path) -> None:
    path = a_chart().save(tmp_path / f"curve.{kind.upper()}")
    assert path == tmp_path / f"curve.{kind.upper()}"
    assert path.read_bytes().startswith(SIGNATURES[kind])
    assert list(tmp_path.iterdir()) == [path]


def test_another_suffix_and_a_missing_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"curve\.jpg.*\.png, \.svg or \.pdf"):
        a_chart().save("curve.jpg")
    with pytest.raises(FileNotFoundError, match="missing"):
        a_chart().save(tmp_path / "missing" / "curve.png")


def test_save_keeps_a_link_and_the_permissions_of_its_file(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept.png", tmp_path / "link.png"
    kept.write_text("old")
    kept.chmod(0o600)
    link.symlink_to(kept)
    a_chart().save(link)
    assert link.is_symlink()
    assert kept.read_bytes().startswith(SIGNATURES["png"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_every_public_name_says_what_it_is() -> None:
    for name in nn.view.__all__:
        assert getattr(nn.view, name).__doc__


# Words --------------------------------------------------------------------------------------------

DOLLARS = ["$0-$50", "$50-$100"]
CLASSES = ([0, 1, 1], [0, 0, 1])


@pytest.mark.parametrize("name", ["$0-$50", r"$\foo$", "$x$", r"\$5", "$", "a $ b $ c"])
def test_a_dollar_is_a_dollar_wherever_it_stands(name: str) -> None:
    rows = [[0.0, 0.0], [1.0, 1.0]]
    boundary = plot_boundary(
        lambda row: row[0] - 0.5, rows, [0, 1], class_names=[name, "other"],
        feature_names=[name, "other"], title=name, resolution=3,
    )  # fmt: skip
    confusion = plot_confusion(*CLASSES, class_names=[name, "other"], title=name)
    for figure in (boundary, confusion, plot_history({"loss": [1.0]}, title=name)):
        texts = drawn_texts(figure)
        assert name in texts
        assert not any(texts.values())


def test_the_numbers_along_a_logarithmic_axis_stay_set() -> None:
    figure = chart(4, 3)
    axes = figure.subplots()
    axes.plot([1, 10, 100], [1, 10, 100])
    axes.set_yscale("log")
    figure.png()
    labels = [label.get_text() for label in axes.yaxis.get_majorticklabels()]
    assert r"$\mathdefault{10^{1}}$" in labels
    assert all(label.get_parse_math() for label in axes.yaxis.get_majorticklabels())


def test_a_class_that_begins_with_an_underscore_is_in_the_legend() -> None:
    figure = plot_boundary(
        lambda row: row[0] - 0.5, [[0.0, 0.0], [1.0, 1.0]], [0, 1], class_names=["_no", "_yes"],
        resolution=3,
    )  # fmt: skip
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()][:2] == ["_no", "_yes"]


@pytest.mark.parametrize("classes", [2, 3])
def test_no_word_of_a_chart_is_cut_off(classes: int) -> None:
    names = [f"the class of the long name number {place}" for place in range(classes)]
    answers = [place % classes for place in range(12)]
    figure = plot_confusion(
        answers, answers, class_names=names, title="breast_cancer: which is taken for which"
    )
    figure.png()
    page = figure.bbox
    for text in figure.words():
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= page.x0, text
            assert box.x1 <= page.x1 + 1, text
            assert box.y1 <= page.y1 + 1, text


def test_a_long_name_is_shortened_and_says_so() -> None:
    assert shortened("x" * 30, 10) == "xxxxxxxxx…"
    figure = chart(3, 2)
    dress(figure.subplots(), title="", x="x" * 100, y="")
    assert figure.axes[0].get_xlabel() == "x" * 59 + "…"
    assert figure.axes[0].get_ylabel() == ""


# In a notebook ------------------------------------------------------------------------------------


def test_a_notebook_gets_an_image_in_html_a_png_and_a_sentence() -> None:
    figure = plot_history({"loss": [1.0, 0.5]}, title="<My> curve")
    bundle = figure._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/png", "text/plain"]
    assert bundle["image/png"].startswith(SIGNATURES["png"])
    assert bundle["text/plain"] == "<Chart: <My> curve, Loss, loss over epoch>"
    assert 'alt="chart: &lt;My&gt; curve, Loss, loss over epoch"' in bundle["text/html"]
    assert 'width="420" height="380"' in bundle["text/html"]


def test_the_image_is_the_picture_and_turns_dark_where_the_page_does() -> None:
    shown = a_chart()._repr_mimebundle_()
    svg = unquote(shown["text/html"].partition("svg+xml,")[2].removesuffix('"></div>'))
    assert "prefers-color-scheme:dark" in svg
    held = ElementTree.fromstring(svg).find("{*}image")
    assert held is not None
    assert base64.b64decode(held.attrib["href"].partition(",")[2]) == shown["image/png"]


def test_what_a_notebook_stores_is_a_third_of_the_file() -> None:
    figure = plot_boundary(lambda row: row[0] - 0.5, [[0.0, 0.0], [1.0, 1.0]], [0, 1])
    stored = figure._repr_mimebundle_()["image/png"]
    assert len(stored) < 0.5 * len(figure.png())
    with Image.open(io.BytesIO(stored)) as small, Image.open(io.BytesIO(figure.png())) as whole:
        assert small.size == whole.size


def test_a_chart_without_words_has_a_description() -> None:
    assert re.fullmatch("chart: ?", chart(3, 2).description)
