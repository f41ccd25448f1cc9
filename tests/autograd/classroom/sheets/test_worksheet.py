"""Worksheets: friendly numbers, right keys, the same everywhere, and nothing cut on the pages."""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import worksheet_keys
from matplotlib.text import Text

from autograd.classroom.answers.check import check
from autograd.classroom.sheets import as_pdf as sheet_pdf
from autograd.classroom.sheets import pictures
from autograd.classroom.sheets.levels import LEVELS, SHAPES, Draw, friendly_program, pleasant
from autograd.classroom.sheets.program import Recipe
from autograd.classroom.sheets.questions import KINDS
from autograd.classroom.sheets.worksheet import read_exercises, worksheet
from autograd.command.cli import UsageError
from autograd.command.worksheet import add_worksheet, file_names, progressing
from autograd.story.read_expression import ExpressionError


@pytest.mark.parametrize("level", LEVELS)
def test_every_key_is_what_exact_differences_of_the_printed_lines_give(level):
    for seed in range(4):
        for question in worksheet(seed, level)[0].questions:
            worksheet_keys.verify(question)


@pytest.mark.parametrize("level", LEVELS)
def test_every_shape_of_a_level_has_friendly_numbers(level):
    met = {str(friendly_program(level, Draw(seed)).lines) for seed in range(60)}
    assert len(met) == len(SHAPES[level])


def test_a_level_is_more_than_the_one_before():
    sizes = [max(shape.count(";") for shape in SHAPES[level]) for level in LEVELS]
    assert sizes == sorted(set(sizes))


def test_the_same_seed_prints_the_same_sheet_for_ever():
    printed = worksheet("for ever", 3, 2).key.printed("md")
    assert printed == (Path(__file__).parent / "worksheet.md").read_text(encoding="utf-8")


def test_the_order_of_hashes_plays_no_part():
    program = (
        "from autograd.classroom.sheets.worksheet import worksheet; "
        "print(worksheet(5, 4, 6, students=['Ada', 'Bo']).key.printed('md'))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_every_student_has_other_numbers_whoever_else_is_in_the_class():
    ada, bo = worksheet(1, 3, students=["Ada", "Bo"])
    assert [str(q.program) for q in ada.questions] != [str(q.program) for q in bo.questions]
    assert worksheet(1, 3, students=["Bo"])[0] == bo


def test_a_class_list_may_be_a_file(tmp_path):
    names = tmp_path / "class.txt"
    names.write_text("Ada\n\n  Bo \n", encoding="utf-8-sig")
    assert [sheet.student for sheet in worksheet(1, 1, students=names)] == ["Ada", "Bo"]


def test_the_kinds_come_in_turn():
    kinds = [question.kind for question in worksheet(1, 2, 7)[0].questions]
    assert kinds == [*KINDS, "forward"]
    only = worksheet(1, 2, 3, kinds=["bug"])[0].questions
    assert [question.kind for question in only] == ["bug"] * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": 6}, "level must be one of 1 \\(one multiplication\\)"),
        ({"count": 0}, "whole number from 1 to 200, not 0"),
        ({"kinds": ["foward"]}, "no kind 'foward'"),
        ({"kinds": []}, "no kind ''"),
        ({"students": ["Ada", "Ada"]}, "Ada is in the class list twice"),
        ({"students": [" "]}, "no name in it"),
    ],
)
def test_what_cannot_be_printed_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        worksheet(**({"seed": 1, "level": 1, "count": 1} | arguments))


def test_half_of_the_gradients_being_zero_is_no_pleasant_exercise():
    lines = {"u": "relu(a)", "v": "relu(b)", "y": "u + v"}
    assert pleasant(Recipe({"a": 2.0, "b": 3.0}, lines), 100.0)
    assert not pleasant(Recipe({"a": 2.0, "b": -3.0}, lines), 100.0)
    assert not pleasant(Recipe({"a": 0.0, "b": 3.0}, lines), 100.0)  # at the kink
    assert not pleasant(Recipe({"a": 2.0, "b": 200.0}, lines), 100.0)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (6, 6), (7, 4), (12, 6), (13, 5)])
def test_a_long_program_stands_in_columns_of_at_most_six_lines(count, rows):
    paper = sheet_pdf.Paper(sheet_pdf.SHORT, sheet_pdf.LONG)
    assert len(paper.columns([f"u{each}" for each in range(count)], 9.5, indent=10)) == rows


def test_a_rule_goes_from_margin_to_margin():
    paper = sheet_pdf.Paper(sheet_pdf.SHORT, sheet_pdf.LONG)
    (line,) = paper.page([sheet_pdf.Item(6, paper.rule)], "").artists
    margin = sheet_pdf.MARGIN / sheet_pdf.SHORT
    assert list(line.get_xdata()) == [margin, 1 - margin]
    assert 0.9 < line.get_ydata()[0] == line.get_ydata()[1] < 1 - sheet_pdf.MARGIN / sheet_pdf.LONG


def test_a_picture_is_as_wide_as_its_place_and_never_blown_up():
    (question,) = worksheet(1, 1, 1)[0].questions
    small = pictures.Print(question, 100.0, solved=False)
    large = pictures.Print(question, 10_000.0, solved=False)
    assert small.width == pytest.approx(100.0)
    assert large.scale == 0.8
    assert large.height == pytest.approx(large.scene.height * 0.8)


def test_a_block_that_fills_a_page_to_its_edge_stays_on_it():
    paper = sheet_pdf.Paper(sheet_pdf.SHORT, sheet_pdf.LONG)
    room = paper.height - 2 * sheet_pdf.MARGIN
    whole, half = sheet_pdf.gap(room), sheet_pdf.gap(room / 2)
    assert [len(page) for page in paper.pages([[half, half]])] == [2]
    assert [len(page) for page in paper.pages([[half], [half, half]])] == [1, 2]
    assert [len(page) for page in paper.pages([[whole, half]])] == [1, 1]


def test_a_line_without_an_operation_is_refused():
    with pytest.raises(ExpressionError, match="computes nothing"):
        Recipe({"a": 1.0}, {"y": "a"}).build()
    with pytest.raises(ExpressionError, match="not an expression"):
        Recipe({"a": 1.0}, {"y": "a +"}).build()


# As documents -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheets():
    return worksheet(3, 4, students=["Ada <b>", "Bo"])


@pytest.mark.parametrize("kind", ["html", "md"])
def test_only_the_key_has_the_answers(sheets, kind):
    sheet, key = sheets.printed(kind), sheets.key.printed(kind)
    worked = sheets[0].questions[0].worked[0].partition(" = ")[0]
    assert worked in key
    for question in sheets[0].questions:
        for line in question.worked:
            assert line not in sheet
    assert "seed 3" not in sheet
    assert len(key) > len(sheet)


def test_a_page_holds_the_pictures_and_asks_for_nothing_from_elsewhere(sheets):
    page = sheets.printed("html")
    assert page.count("<svg") == 12
    assert page.count('role="img"') == 12
    assert not re.search(r'\b(src|href)="', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "Ada &lt;b&gt;" in page


def test_a_picture_hides_what_is_asked(sheets):
    forward, local, backward = (part for part in sheets[:1].printed("html").split("<svg")[1:4])
    assert "data ?" in forward
    assert ">grad" not in forward.partition("</svg>")[0]
    assert ">?</text>" in local
    assert backward.partition("</svg>")[0].count("grad ?") == len(sheets[0].questions[2].answers)
    assert "data ?" not in backward


def boxes_on(page):
    """The boxes of the lines of text on a page, and those of what is in its pictures."""
    renderer = page._get_renderer()
    lines, drawn = [], []
    for artist in [*page.texts, *page.artists]:
        if isinstance(artist, Text) and not artist.get_text():
            continue
        if artist.get_gid() == "picture":
            drawn.append(artist.get_window_extent(renderer))
        elif isinstance(artist, Text):
            lines.append(artist.get_window_extent(renderer))
    return lines, drawn


@pytest.mark.parametrize("solved", [False, True])
def test_nothing_is_cut_on_the_pages_of_a_pdf(solved):
    sheets = worksheet(2, 5, 4, students=["A name that is rather long for a footer"])
    pages, with_pictures = 0, 0
    for figure in sheet_pdf.figures(sheets.key if solved else sheets):
        page = figure.bbox
        lines, drawn = boxes_on(figure)
        for box in [*lines, *drawn]:
            assert page.x0 <= box.x0 <= box.x1 <= page.x1
            assert page.y0 <= box.y0 <= box.y1 <= page.y1
        for line in lines:  # and nothing lies on a picture
            assert not any(line.overlaps(box) for box in drawn)
        pages += 1
        with_pictures += bool(drawn)
    assert pages >= with_pictures >= 2


@pytest.mark.parametrize("level", [4, 5])
def test_the_letters_in_a_large_picture_can_be_read(level):
    figure = next(sheet_pdf.figures(worksheet(2, level, 1)))
    sizes = [text.get_fontsize() for text in figure.texts if text.get_gid() == "picture"]
    assert len(sizes) > 20
    assert min(sizes) >= 6


def test_a_sheet_and_its_key_are_laid_out_once(monkeypatch, sheets):
    made = []

    class Counted(pictures.Scene):
        def __init__(self, steps):
            made.append(steps)
            super().__init__(steps)

    monkeypatch.setattr(pictures, "Scene", Counted)
    pictures.laid_out.cache_clear()
    one = sheets[:1]
    first = one.printed("html")
    assert "data ?" not in one.key.printed("html")  # what the sheet hides is not hidden in the key
    assert len(made) == len(one[0].questions)
    assert one.printed("html") == first


@pytest.mark.parametrize("name", ["sheet.html", "sheet.pdf", "sheet.md", "sheet.json"])
def test_the_suffix_says_in_which_form_it_is_saved(tmp_path, name):
    path = worksheet(1, 1, 1).save(tmp_path / name)
    start = path.read_bytes()[:15]
    assert start.startswith((b"<!DOCTYPE html>", b"%PDF", b"# Backprop", b"{"))


def test_what_cannot_be_saved_is_said(tmp_path):
    sheets = worksheet(1, 1, 1)
    with pytest.raises(ValueError, match=r"end the name in \.html or \.pdf"):
        sheets.save(tmp_path / "sheet.docx")
    with pytest.raises(ValueError, match="cannot tell the format"):
        sheets.key.save(tmp_path / "key.json")
    with pytest.raises(FileNotFoundError, match="no folder"):
        sheets.save(tmp_path / "none" / "sheet.md")


def test_a_notebook_shows_the_first_sheet_and_a_slice_is_a_worksheet(sheets):
    assert 'sandbox=""' in sheets._repr_html_()
    assert [sheet.student for sheet in sheets[1:]] == ["Bo"]
    assert repr(sheets.key).startswith("<Key: Backpropagation by hand: a neuron and its loss")


# The students' side -------------------------------------------------------------------------------


def test_the_sealed_answers_can_be_checked_and_not_read(tmp_path, sheets):
    path = sheets.save(tmp_path / "sheet.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    for question in data["students"][0]["questions"]:
        assert all(re.fullmatch(r"6\$[^$]+\$[0-9a-f]{32}", s) for s in question["answers"].values())
        assert set(question) == {"kind", "task", "program", "answers", "hint"}
    exercises = read_exercises(path, "Bo")
    for exercise, question in zip(exercises, sheets[1].questions, strict=True):
        assert check(exercise, question.answers), question.kind
        name = next(iter(question.answers))
        wrong = "no" if isinstance(question.answers[name], str) else question.answers[name] + 0.01
        assert not check(exercise, question.answers | {name: wrong})
    with pytest.raises(ValueError, match=r"no sheet for 'Cy'\. It has sheets for 'Ada <b>', 'Bo'"):
        read_exercises(path, "Cy")


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_is_an_exercise_for_a_notebook_too(kind):
    (question,) = worksheet(1, 3, 1, kinds=[kind])[0].questions
    assert check(question.exercise(), question.answers)
    assert "There is no answer yet" in str(check(question.exercise(), None))


def test_a_wrong_gradient_of_a_sealed_exercise_is_diagnosed(tmp_path):
    sheets = worksheet(1, 3, 1, kinds=["backward"])
    (exercise,) = read_exercises(sheets.save(tmp_path / "sheet.json"))
    wrong = {name: -answer for name, answer in sheets[0].questions[0].answers.items()}
    assert "has the wrong sign" in str(check(exercise, wrong))


# The command --------------------------------------------------------------------------------------


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_worksheet(parser.add_subparsers())
    options = parser.parse_args(["worksheet", *arguments])
    return options.run(options)


def test_the_command_writes_a_sheet_and_a_key_for_every_student(tmp_path, capsys):
    names = tmp_path / "class.txt"
    names.write_text("Ada L.\nAda/L\nBo\n", encoding="utf-8")
    folder = tmp_path / "sheets"
    assert run("--students", str(names), "--format", "md", "--count", "2", "-o", str(folder)) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "sealed.json",
        "sheet-01-Ada-L-key.md",
        "sheet-01-Ada-L.md",
        "sheet-02-Ada-L-key.md",
        "sheet-02-Ada-L.md",
        "sheet-03-Bo-key.md",
        "sheet-03-Bo.md",
    ]
    assert "wrote 3 sheets of 2 exercises" in capsys.readouterr().out


def test_names_that_a_file_name_cannot_hold_still_have_files_of_their_own(tmp_path, capsys):
    names = tmp_path / "class.txt"
    long = "漢" * 100
    names.write_text(f"???\n!!!\n漢\n{long}\n", encoding="utf-8")
    folder = tmp_path / "sheets"
    assert run("--students", str(names), "--format", "md", "--count", "1", "-o", str(folder)) == 0
    written = sorted(path.name for path in folder.glob("*.md"))
    assert written[:3] == ["sheet-01-key.md", "sheet-01.md", "sheet-02-key.md"]
    assert len(written) == 8
    assert max(len(name.encode()) for name in written) < 150
    capsys.readouterr()


def test_a_large_class_is_numbered_with_three_digits():
    sheets = worksheet(1, 1, 1, students=[f"S{number}" for number in range(100)])
    names = file_names(sheets)
    assert (names[0], names[-1]) == ("sheet-001-S0", "sheet-100-S99")
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    ("students", "message"),
    [
        (b"Ada\nAda\n", "Ada is in the class list twice"),
        (b"Ada\n" + b"x" * 300, "has 300 letters"),
        (b"\n", "no name in it"),
        (None, "No such file"),
    ],
)
def test_nothing_is_written_for_a_class_list_that_is_wrong(tmp_path, students, message):
    names, folder = tmp_path / "class.txt", tmp_path / "sheets"
    if students is not None:
        names.write_bytes(students)
    with pytest.raises(UsageError, match=message):
        run("--students", str(names), "-o", str(folder))
    assert not folder.exists()


@pytest.mark.parametrize("name", ["file", "file/sheets"])
def test_an_output_that_is_a_file_is_refused_in_words(tmp_path, name):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="-o names a folder to write into"):
        run("--count", "1", "-o", str(tmp_path / name))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_an_output_that_may_not_be_made_is_refused_in_words(tmp_path, monkeypatch):
    def denied(self, **_):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(UsageError, match="sheets: Permission denied"):
        run("--count", "1", "-o", str(tmp_path / "sheets"))


@pytest.mark.parametrize("count", ["0", "-1", "2.5", "many", "1" + "0" * 23, "9" * 5000])
def test_a_number_of_exercises_that_cannot_be_is_refused_at_once(count, capsys):
    with pytest.raises(SystemExit):
        run("--count", count)
    capsys.readouterr()


def test_more_exercises_than_anybody_works_through_are_refused():
    with pytest.raises(UsageError, match="from 1 to 200, not 201"):
        run("--count", "201")
    assert len(worksheet(1, 1, 200)[0].questions) == 200


def test_a_bar_shows_how_far_the_sheets_have_come_where_somebody_watches(monkeypatch, capsys):
    names = [str(number) for number in range(5)]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(progressing(names)) == names
    assert "5/5" in capsys.readouterr().err
    assert progressing(names[:4]) == names[:4]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert progressing(names) is names


def test_the_command_without_a_class_writes_one_sheet(tmp_path, capsys):
    assert run("--level", "3", "--seed", "7", "--format", "html", "-o", str(tmp_path)) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "sealed.json",
        "sheet.html",
        "sheet-key.html",
    }
    capsys.readouterr()
