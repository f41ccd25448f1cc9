"""What a check of gradients found: a verdict for each derivative and each rule, and the report.

A verdict never says equal. It says that no difference was seen, and down to which size one would
have been seen: the resolution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograd.ask.finite_differences import Slope
from autograd.words.html_table import paragraphs, table

COARSE = 1e-6  # a resolution worse than this part of the claim distinguishes too little to pass

AGREES, KINK, UNSEEN, DIFFERS = "agrees", "kink", "not distinguishable", "differs"


def verdict(claims: Iterable[float], slope: Slope, tolerance: float) -> str:
    """Return what the measured slope says of the claims, which may differ by the tolerance."""
    claims = list(claims)
    if not all(slope.allows(claim, tolerance) for claim in claims):
        return DIFFERS
    if max(claims) - min(claims) > 2.0 * tolerance:
        return DIFFERS
    if slope.kink:
        return KINK
    size = max(map(abs, claims))
    return UNSEEN if slope.error > COARSE * size and (size or not slope.known) else AGREES


@dataclass(frozen=True)
class Row:
    """A derivative of the function: ``name`` says by which input, at order 2 by which two."""

    point: str
    name: str
    reverse: float
    forward: float
    slope: Slope
    resolution: float
    verdict: str

    @property
    def relative(self) -> float:
        """The resolution as a part of the claim, as far as there is one."""
        return self.resolution / abs(self.reverse) if self.reverse else 0.0

    def cells(self) -> list[str]:
        """Return the row of the printed table."""
        claims = [f"{claim:.9g}" for claim in (self.reverse, self.forward)]
        return [self.point, self.name, *claims, str(self.slope), f"{self.resolution:.1e}",
                self.verdict]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A partial of one node, measured by itself. ``order`` 2: the partial's own derivative."""

    op: str
    formula: str
    operands: tuple[float, ...]
    position: int
    claimed: float
    slope: Slope
    verdict: str
    order: int = 1

    @property
    def relative(self) -> float:
        """The resolution as a part of the claim, as far as there is one."""
        return self.slope.error / abs(self.claimed) if self.claimed else 0.0

    def __str__(self) -> str:
        listed = ", ".join(f"{operand:.9g}" for operand in self.operands)
        what = "the partial" if self.order == 1 else "the derivative of a partial"
        return (
            f"the rule of {self.op}: in {self.formula}, at {listed}, {what} by argument "
            f"{self.position} is claimed to be {self.claimed:.12g}, but is {self.slope} "
            f"(within {self.slope.error:.1e})"
        )


class Report:
    """What ``check_gradients`` found. It is true if nothing differs; print it to read it.

    ``rows`` has one row for each derivative, ``rules`` one for each partial of a node, ``faults``
    those of the rules that are wrong.
    """

    HEADER = ("point", "input", "reverse", "forward", "measured", "resolution", "verdict")

    def __init__(self, rows: list[Row], rules: list[Rule]) -> None:
        self.rows = rows
        self.rules = rules
        self.faults = [rule for rule in rules if rule.verdict == DIFFERS]

    @property
    def ok(self) -> bool:
        """Whether no derivative and no rule differs from what was measured."""
        return not self.faults and all(row.verdict != DIFFERS for row in self.rows)

    @property
    def unseen(self) -> list[Row | Rule]:
        """What could not be told from another number: the measurement is too coarse there."""
        items: list[Row | Rule] = [*self.rows, *self.rules]
        return [item for item in items if item.verdict == UNSEEN]

    @property
    def resolution(self) -> float:
        """The coarsest relative resolution of all that agrees: a smaller error goes unseen."""
        items: list[Row | Rule] = [*self.rows, *self.rules]
        return max((item.relative for item in items if item.verdict == AGREES), default=0.0)

    def __bool__(self) -> bool:
        return self.ok

    def conclusion(self) -> list[str]:
        """Return the sentences below the table."""
        wrong = [row for row in self.rows if row.verdict == DIFFERS]
        lines = [f"At fault: {fault}." for fault in self.faults]
        if any(not abs(row.reverse - row.forward) <= row.resolution for row in wrong):
            lines += [] if self.faults else [
                "The reverse sweep and forward mode disagree though every rule is right: a sweep "
                "is at fault."
            ]  # fmt: skip
        elif wrong and not self.faults:
            lines.append(
                "Every rule is right, so part of the computation is not in the graph: does the "
                "function use v.data, or convert a Value to a number?"
            )
        blurred = [rule for rule in self.rules if rule.verdict == UNSEEN]
        lines += [f"Not distinguishable: {rule}." for rule in blurred[:5]]
        if len(blurred) > 5:
            lines.append(f"Not distinguishable: {len(blurred) - 5} more partials.")
        counted = (
            f"{len(self.rows)} derivatives, and {len(self.rules)} partials of "
            f"{len({rule.op for rule in self.rules})} operations: "
        )
        if not self.ok:
            return [*lines, counted + "wrong."]
        lines.append(
            counted + "no difference above the resolution. An error of less than "
            f"{self.resolution:.1e} of a derivative would go unseen."
        )
        return lines

    def __str__(self) -> str:
        table = [list(self.HEADER), *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if 2 <= place <= 5 else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in table
        ]
        return "\n".join([*lines, *self.conclusion()])

    def __repr__(self) -> str:
        return f"<Report: {'ok' if self.ok else 'differs'}, {len(self.rows)} derivatives>"

    def _repr_html_(self) -> str:
        rows = [row.cells() for row in self.rows]
        caption = "Derivatives and their witnesses"
        below = paragraphs(*self.conclusion())
        return table(rows, header=self.HEADER, caption=caption) + below
