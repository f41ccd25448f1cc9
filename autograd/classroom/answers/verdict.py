"""Verdict: what check says of an answer, as text and as a box in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

GREEN, ORANGE = "#009E73", "#D55E00"  # told apart with every kind of colour vision


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what there is to say about it.

    It is true where the answer is right, so that ``assert check(exercise, answer)`` is a test.
    ``share`` is the part of the answer that is right, from 0.0 to 1.0. ``print`` tells it; a
    notebook shows it as a box.

    >>> print(Verdict("d(loss)/da", ["4 has the wrong sign."], hint="What does a minus do?"))
    Not yet: d(loss)/da
      4 has the wrong sign.
      Hint: What does a minus do?
    """

    question: str
    findings: list[str] = field(default_factory=list)  # what is wrong, a sentence or two for each
    hint: str = ""
    right_parts: list[str] = field(default_factory=list)  # of several, those that are right
    count: int = 1  # of the parts

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def share(self) -> float:
        """The part of the answer that is right."""
        if self.right:
            return 1.0
        return len(self.right_parts) / self.count

    def __bool__(self) -> bool:
        return self.right

    @property
    def title(self) -> str:
        """The verdict in a word or two."""
        return "Right" if self.right else "Not yet"

    @property
    def lines(self) -> list[str]:
        """What there is to say below the title."""
        if self.right:
            return []
        kept = [f"Right already: {', '.join(self.right_parts)}."] if self.right_parts else []
        return [*self.findings, *kept, *([f"Hint: {self.hint}"] if self.hint else [])]

    def __str__(self) -> str:
        told = [f"  {line}" for each in self.lines for line in each.splitlines()]
        return "\n".join([f"{self.title}: {self.question}", *told])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Return the verdict as a box: its sign, its word and its border tell, not colour alone."""
        sign, colour = ("✓", GREEN) if self.right else ("✗", ORANGE)
        style = "solid" if self.right else "dashed"
        lines = "".join(
            f'<div style="margin-top:.4em;white-space:pre-wrap">{html.escape(line)}</div>'
            for line in self.lines
        )
        return (
            f'<div role="status" style="border:1px {style} {colour};border-left:6px {style} '
            f'{colour};border-radius:4px;padding:.5em .8em;margin:.3em 0;max-width:46em">'
            f'<b style="color:{colour}">{sign} {self.title}</b> {html.escape(self.question)}'
            f"{lines}</div>"
        )
