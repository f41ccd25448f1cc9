"""What results show in a notebook: whatever a name contains, it stays text."""

import pytest
from imports import modules

from autograd.words.html_table import paragraphs, table

HOSTILE = "<script>\"'&"
SAFE = "&lt;script&gt;&quot;&#x27;&amp;"


def test_a_table_has_a_caption_titles_and_rows():
    shown = table([["a", "1"]], header=["name", "data"], caption="Nodes", left=[0], titles=True)
    assert shown == (
        "<table><caption>Nodes</caption>"
        '<tr><th scope="col">name</th><th scope="col">data</th></tr>'
        '<tr><th style="text-align:left">a</th><td>1</td></tr></table>'
    )
    assert table([]) == "<table></table>"


@pytest.mark.parametrize(
    "shown",
    [
        table([[HOSTILE]]),
        table([], header=[HOSTILE]),
        table([], caption=HOSTILE),
        paragraphs(HOSTILE),
    ],
)
def test_no_text_can_be_markup(shown):
    assert SAFE in shown
    assert HOSTILE not in shown


def test_an_empty_line_is_no_paragraph():
    assert paragraphs("a", "", "b") == "<p>a</p><p>b</p>"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_no_other_module_writes_rows_of_tables(package):
    for name, path in modules(package).items():
        if name != "autograd.words.html_table":
            assert "</td>" not in path.read_text(encoding="utf-8"), name
