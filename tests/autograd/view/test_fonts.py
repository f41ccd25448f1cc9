"""Names in any letters: a font that has them is found, and where there is none it is said."""

import io
import sys
import warnings

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager

from autograd import Value, steps
from autograd.classroom.sheets import as_pdf
from autograd.classroom.sheets.worksheet import worksheet
from autograd.view import fonts
from autograd.view.fonts import MissingLettersWarning, families_for
from autograd.view.player.painter import Painter
from autograd.view.player.scene import Scene
from nn.view import plot_history

RARE = "\N{CJK UNIFIED IDEOGRAPH-5B66}\N{DEVANAGARI LETTER KA}\N{HANGUL SYLLABLE HAN}"
UNKNOWN = "\U0001e900\U00012000"  # letters of Adlam and cuneiform


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    """Nothing was looked for, and nothing said."""
    monkeypatch.setattr(fonts, "REPORTED", set())
    fonts.family_with.cache_clear()
    fonts.all_fonts.cache_clear()
    yield
    fonts.family_with.cache_clear()
    fonts.all_fonts.cache_clear()


@pytest.fixture
def only_brought(monkeypatch):
    """A computer with no fonts but those that matplotlib brings."""
    manager = font_manager.fontManager
    kept = [entry for entry in manager.ttflist if entry.name.startswith(fonts.BROUGHT)]
    monkeypatch.setattr(manager, "ttflist", kept)


@pytest.fixture
def rare_font(only_brought, tmp_path):
    """A font of the system with boxes for the rare letters."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    names = [".notdef", *(f"letter{place}" for place in range(len(RARE)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, RARE), names[1:], strict=True)))
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Rare Letters", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(tmp_path / "rare.ttf")
    font_manager.fontManager.addfont(str(tmp_path / "rare.ttf"))
    return "Rare Letters"


def test_what_the_brought_font_has_needs_no_other():
    assert families_for("loss größte Δ Ж \n\t ∂") == [fonts.BROUGHT]


def test_a_font_of_the_system_that_has_the_letters_is_used(rare_font):
    assert families_for(f"loss {RARE}") == [fonts.BROUGHT, rare_font]


def test_letters_that_no_font_has_are_named_once_with_what_helps(only_brought):
    with pytest.warns(MissingLettersWarning, match=r"no font .* has .* Noto Sans CJK .* Hindi"):
        assert families_for(UNKNOWN) == [fonts.BROUGHT]
    with warnings.catch_warnings(action="error"):
        families_for(UNKNOWN)


def test_a_font_for_last_resort_has_no_letters():
    assert not any("last resort" in family.lower() for family, _ in fonts.all_fonts())


def test_a_chart_is_written_in_the_font_that_has_its_letters(rare_font):
    figure = plot_history({"loss": [1.0, 0.5]}, title=RARE)
    with warnings.catch_warnings(action="error"):
        figure.png()
    families = {tuple(text.get_fontfamily()) for text in figure.words()}
    assert families == {(fonts.BROUGHT, rare_font)}


def test_a_chart_says_which_letters_will_be_boxes(only_brought):
    with pytest.warns(MissingLettersWarning) as said:
        plot_history({"loss": [1.0, 0.5]}, title=UNKNOWN).png()
    assert len(said) == 1


def test_a_printed_worksheet_is_written_in_the_font_that_has_its_letters(rare_font):
    sheets = worksheet(1, 1, 1, students=[RARE])
    with warnings.catch_warnings(action="error"):
        sheets.printed("pdf")
    words = [text for figure in as_pdf.figures(sheets) for text in figure.texts]
    names = [word.get_fontfamily() for word in words if RARE in word.get_text()]
    assert names
    assert all(families == [fonts.BROUGHT, rare_font] for families in names)


def test_a_printed_worksheet_says_which_letters_will_be_boxes(only_brought):
    with pytest.warns(MissingLettersWarning) as said:
        worksheet(1, 1, 1, students=[UNKNOWN]).printed("pdf")
    assert len(said) == 1


@pytest.mark.parametrize("kind", ["gif", "pdf"])
def test_still_pictures_of_steps_say_it_too(only_brought, tmp_path, kind):
    x = Value(2.0, label=UNKNOWN[0])
    with pytest.warns(MissingLettersWarning) as said:
        steps(x * 3.0)[:1].save(tmp_path / f"steps.{kind}")
    assert len(said) == 1


def test_still_pictures_of_steps_use_the_font_that_has_the_letters(rare_font, caplog):
    painter = Painter(Scene(steps(Value(2.0, label=RARE) * 3.0)))
    with warnings.catch_warnings(action="error"):
        painter.show(0).savefig(io.BytesIO())
    assert {tuple(text.get_fontfamily()) for _, _, text in painter.artists if is_text(text)} == {
        (fonts.BROUGHT, rare_font)
    }
    assert not painter.formula.get_text(), "mathematics is set in the brought font only"
    assert RARE in painter.words.get_text()
    assert "does not have a glyph" not in caplog.text


def is_text(artist):
    return hasattr(artist, "get_fontfamily")


def test_a_file_that_is_no_font_has_no_letters(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert not fonts.has(str(tmp_path / "broken.ttf"), "a")


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.font_manager", None)
    with pytest.raises(ModuleNotFoundError, match="pip install matplotlib"):
        families_for("a")
