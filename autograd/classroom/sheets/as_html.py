"""A worksheet as a page of HTML that prints well: one file, with the pictures in it."""

from __future__ import annotations

import html
import re
from importlib import resources
from typing import Any

from autograd.classroom.sheets.pictures import inline_svg
from autograd.classroom.sheets.questions import TITLES, Question


def document(worksheet: Any) -> str:
    """Return all sheets as one page, each beginning on a new sheet of paper."""
    folder = resources.files("autograd.classroom.sheets")
    content = {
        "paper": "landscape" if worksheet.landscape else "portrait",
        "title": html.escape(worksheet[0].title),
        "style": folder.joinpath("sheet.css").read_text(encoding="utf-8"),
        "sheets": "\n".join(sheet_html(sheet, worksheet) for sheet in worksheet),
    }
    page = folder.joinpath("sheet.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: content[match[1]], page)


def sheet_html(sheet: Any, worksheet: Any) -> str:
    """Return one sheet."""
    name = html.escape(sheet.student) or '<span class="blank wide"></span>'
    told = f"Key · seed {html.escape(str(worksheet.seed))} · " if worksheet.solved else ""
    questions = "\n".join(
        question_html(number, question, worksheet.solved)
        for number, question in enumerate(sheet.questions, 1)
    )
    return (
        f'<main class="sheet"><header><h1>{html.escape(sheet.title)}</h1>'
        f"<p>{told}Name: {name}</p></header>{questions}</main>"
    )


def question_html(number: int, question: Question, solved: bool) -> str:
    """Return one question, of which only the worked steps may go on on the next page."""
    answers = "".join(
        f"<li>{html.escape(name)} = "
        + (f"<b>{html.escape(answer)}</b>" if solved else '<span class="blank"></span>')
        + "</li>"
        for name, answer in question.blanks
    )
    worked = "".join(f"<li>{html.escape(line)}</li>" for line in question.worked)
    given, lines = str(question.program).split("\n", 1)
    return (
        f'<section><div class="whole"><h2>{number}. {TITLES[question.kind]}</h2>'
        f"<p>{html.escape(question.task)}</p>"
        f'<pre><span class="given">{html.escape(given)}</span>{html.escape(lines)}</pre>'
        f"<figure>{inline_svg(question, solved=solved)}</figure>"
        f'<ul class="answers">{answers}</ul></div>'
        + (f'<ol class="worked">{worked}</ol>' if solved else "")
        + "</section>"
    )
