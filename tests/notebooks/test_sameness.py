"""The comparison of outputs: what may differ, and what may not."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from sameness import difference, same_text


def printed(text: str) -> list[Any]:
    return [nbformat.v4.new_output("stream", name="stdout", text=text)]


def shown(**data: str) -> list[Any]:
    kinds = {"png": "image/png", "svg": "image/svg+xml", "html": "text/html", "plain": "text/plain"}
    bundle = {kinds[kind]: content for kind, content in data.items()}
    return [nbformat.v4.new_output("display_data", data=bundle)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("loss 0.12345678", "loss 0.12345679"),
        ("loss 0.97", "loss  0.98"),
        ("resolution 1.8e-14", "resolution 7.1e-15"),
        ("x1 = -3, h2", "x1 = -3, h2"),
    ],
)
def test_rounding_and_spaces_make_no_difference(before: str, after: str) -> None:
    assert same_text(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("loss 0.97", "loss 0.99"),
        ("loss 1.25e3", "loss 1.27e3"),
        ("12 nodes", "13 nodes"),
        ("grad 3.0", "grad -3.0"),
        ("layer1", "layer2"),
        ("right", "wrong"),
        ("1 2", "1 2 3"),
    ],
)
def test_other_numbers_and_other_words_are_found(before: str, after: str) -> None:
    assert not same_text(before, after)
    assert difference(printed(before), printed(after))
    assert not difference(printed(before), printed(after), varies=True)


def test_the_words_of_a_picture_count_and_their_places_do_not() -> None:
    one = '<svg><text x="1">data 2</text><text x="9">w</text></svg>'
    moved = '<svg><text x="7">w</text><text x="3">data 2</text></svg>'
    other = one.replace("data 2", "data 3")
    assert not difference(shown(svg=one), shown(svg=moved))
    assert difference(shown(svg=one), shown(svg=other))


def test_a_table_is_compared_by_what_it_says() -> None:
    assert not difference(shown(html="<td>0.50</td>"), shown(html="<b> 0.51 </b>"))
    assert difference(shown(html="<td>0.50</td>"), shown(html="<td>0.60</td>"))


def test_an_image_within_html_is_compared_by_its_words() -> None:
    svg = '<svg><text x="{}">data {}</text></svg>'
    page = '<div><img alt="a graph" width="9" src="data:image/svg+xml,{}"></div>'
    one, moved, other = (page.format(quote(svg.format(*each))) for each in ((1, 2), (7, 2), (1, 3)))
    assert not difference(shown(html=one), shown(html=moved))
    assert difference(shown(html=one), shown(html=other))
    assert difference(shown(html=one), shown(html=one.replace("a graph", "a chart")))
    with pytest.raises(AssertionError):
        difference(shown(html=page.format("nothing")), shown(html=one))


def test_a_missing_output_is_found() -> None:
    assert difference(printed("1"), [])
    assert difference(shown(plain="a", html="b"), shown(plain="a"))
    assert difference(shown(plain="a", html="b"), shown(plain="a"), varies=True)


def test_a_picture_has_to_be_one() -> None:
    empty = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    for data in (base64.b64encode(b"no picture").decode(), empty):
        with pytest.raises(AssertionError):
            difference(shown(png=data), shown(png=data))
