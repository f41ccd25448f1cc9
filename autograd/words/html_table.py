"""What a result shows in a notebook: a table and sentences. All text is escaped here."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Sequence


def table(
    rows: Iterable[Sequence[str]],
    *,
    header: Sequence[str] = (),
    caption: str = "",
    left: Collection[int] = (),
    titles: bool = False,
) -> str:
    """Return rows of texts as an HTML table.

    The columns in ``left`` hold words, which begin at the left; with ``titles`` the first cell of
    a row says what the row is.

    >>> table([["1", "a < b"]], header=["epoch", "loss"])
    '<table><tr><th scope="col">epoch</th><th scope="col">loss</th></tr><tr><td>1</td>\
<td>a &lt; b</td></tr></table>'
    """
    lines = [f"<caption>{html.escape(caption)}</caption>"] if caption else []
    if header:
        lines.append("".join(f'<th scope="col">{html.escape(title)}</th>' for title in header))
    for row in rows:
        first = "th" if titles else "td"
        lines.append(
            "".join(
                cell(text, "td" if column else first, to_the_left=column in left)
                for column, text in enumerate(row)
            )
        )
    start = 1 if caption else 0
    lines[start:] = [f"<tr>{line}</tr>" for line in lines[start:]]
    return f"<table>{''.join(lines)}</table>"


def cell(text: str, tag: str, *, to_the_left: bool) -> str:
    """Return a cell; Jupyter sets it to the right, which is for numbers."""
    begin = f'{tag} style="text-align:left"' if to_the_left else tag
    return f"<{begin}>{html.escape(text)}</{tag}>"


def paragraphs(*lines: str) -> str:
    """Return a paragraph for each line, but none for an empty one.

    >>> paragraphs("a < b", "")
    '<p>a &lt; b</p>'
    """
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
