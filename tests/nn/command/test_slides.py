"""The slides: one page with all that the tagged cells say and have made, without a network."""

import html
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograd import Value, steps
from nn.command import slides
from nn.command.slides import deck, markdown_html, slides_of

TITLE = new_markdown_cell("# 7 · A lesson")


def tagged(cell, *tags):
    cell.metadata["tags"] = list(tags)
    return cell


def ran(source, *outputs):
    return new_code_cell(source, execution_count=1, outputs=list(outputs))


def shown(**data):
    kinds = {"svg": "image/svg+xml", "html": "text/html", "plain": "text/plain"}
    return new_output("display_data", data={kinds[kind]: text for kind, text in data.items()})


@pytest.fixture
def book(tmp_path):
    def written(*cells):
        path = tmp_path / "07_lesson.ipynb"
        nbformat.write(new_notebook(cells=[TITLE, *cells]), path)
        return path

    return written


def test_a_slide_holds_what_its_cells_say_run_and_made(book):
    path = book(
        new_markdown_cell("not on a slide"),
        tagged(new_markdown_cell("## One\nwords"), "slide"),
        tagged(ran("1 + 1", shown(plain="2")), "same-slide"),
        tagged(new_markdown_cell("## Two"), "slide"),
    )
    page = deck([path])
    sections = re.findall(r"<section.*?</section>", page, re.DOTALL)
    assert len(sections) == 3  # with the title
    assert "not on a slide" not in page
    assert 'data-from="7 · A lesson"' in sections[1]
    assert [part in sections[1] for part in ("One</h2>", "words", "<pre>2</pre>")] == [True] * 3
    assert "Two</h2>" in sections[2]


def test_pictures_and_players_are_on_it_whole(book):
    a = Value(2.0, label="a")
    player = steps(a * a)._repr_mimebundle_()
    path = book(
        tagged(new_markdown_cell("## One"), "slide"),
        tagged(
            ran(
                "...",
                shown(html=player["text/html"]),
                shown(svg='<?xml version="1.0"?><svg><text>w</text></svg>', plain="a drawing"),
            ),
            "same-slide",
        ),
    )
    page = deck([path])
    assert player["text/html"] in page
    assert "<svg><text>w</text></svg>" in page
    assert "a drawing" not in page


def test_what_is_printed_is_no_markup(book):
    output = new_output("stream", name="stdout", text="a < b <script>")
    path = book(tagged(ran("print()", output), "slide"))
    assert html.escape("a < b <script>") in deck([path])


def test_formulas_become_mathml_and_prices_stay():
    assert "<math" in markdown_html("so $x^2$ grows")
    assert "$" not in markdown_html("$$\\frac{1}{2}$$")
    assert "<math" not in markdown_html("it costs 5 $ only")


def test_cells_that_were_not_executed_are_an_error(book):
    path = book(tagged(new_code_cell("1 + 1"), "slide"))
    with pytest.raises(ValueError, match="was not executed"):
        slides_of(path)


def test_a_slide_that_nothing_has_begun_is_an_error(book):
    path = book(tagged(new_markdown_cell("words"), "same-slide"))
    with pytest.raises(ValueError, match="none has begun"):
        slides_of(path)


def test_a_course_without_slides_is_an_error(book):
    with pytest.raises(ValueError, match='tag "slide"'):
        deck([book()])


def test_the_course_has_slides_that_need_no_network():
    page = deck()
    assert page.count("<section") > 5
    assert "<iframe" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html.unescape(page))


def test_the_command_writes_the_file(tmp_path, monkeypatch, capsys):
    path = tmp_path / "out" / "slides.html"
    monkeypatch.setattr(slides.sys, "argv", ["slides", str(path)])
    slides.main()
    assert path.read_text(encoding="utf-8") == deck()
    assert f"wrote {path}" in capsys.readouterr().out
