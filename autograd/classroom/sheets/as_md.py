"""A worksheet as Markdown: the lines and the blanks, without pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd.classroom.sheets.questions import TITLES, Question
from autograd.story.sentences import as_markdown


def document(worksheet: Any) -> str:
    """Return all sheets as one text, with a rule between two of them."""
    return "\n---\n\n".join(
        "\n".join(sheet_lines(sheet, worksheet.solved)) + "\n" for sheet in worksheet
    )


def sheet_lines(sheet: Any, solved: bool) -> Iterator[str]:
    """Yield the lines of one sheet."""
    yield f"# {'Key: ' if solved else ''}{as_markdown(sheet.heading)}"
    for number, question in enumerate(sheet.questions, 1):
        yield ""
        yield from question_lines(number, question, solved)


def question_lines(number: int, question: Question, solved: bool) -> Iterator[str]:
    """Yield the lines of one question."""
    yield f"## {number}. {TITLES[question.kind]}"
    yield ""
    yield as_markdown(question.task)
    yield ""
    yield from ["```text", str(question.program), "```", ""]
    if question.gradients:
        yield "| node | grad |"
        yield "|---|---:|"
        for name, gradient in question.gradients.items():
            yield f"| {as_markdown(name)} | {gradient} |"
        yield ""
    if not solved:
        yield "  \n".join(
            f"{as_markdown(name)} = \\_\\_\\_\\_\\_\\_" for name, _ in question.blanks
        )
        return
    yield "  \n".join(
        f"**{as_markdown(name)} = {as_markdown(answer)}**" for name, answer in question.blanks
    )
    yield ""
    for line in question.worked:
        yield f"- {as_markdown(line)}"
