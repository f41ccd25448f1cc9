"""Writes what the long runs have measured into the README's "How far can you trust it?".

python -m pytest tests/trust --long            every operation, and 100,000 random graphs
python tests/trust/planted_faults.py           every planted fault
python tests/trust/report.py                   the two tables, from what is kept
python tests/trust/report.py --measure tanh    one operation anew, and then the tables
"""

import sys
from pathlib import Path

import points
import results
import worst

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
PARTS = {
    "numerics": "python -m pytest tests/trust --long",
    "dags": "python -m pytest tests/trust --long",
    "faults": "python tests/trust/planted_faults.py",
}
KINDS = ("value", "gradient", "second")


def numerics_table(found):
    """The largest error of each operation, those of formulas only in one row."""
    errors = {
        name: [found["worst"][name][kind] for kind in KINDS]
        for name in points.SAMPLERS
        if name in found["worst"]
    }
    inner = [errors.pop(name) for name in points.INNER if name in errors]
    rows = {f"`{name}`": numbers for name, numbers in errors.items()}
    rows[f"the {len(inner)} that only formulas use"] = map(max, zip(*inner, strict=True))
    return [
        f"| largest error in ulp, at {found['points']:,} points each | value | gradient | second |",
        "|---|--:|--:|--:|",
        *(f"| {name} | {' | '.join(f'{x:.2f}' for x in xs)} |" for name, xs in rows.items()),
    ]


def other_table(graphs, faults):
    """Random graphs, and planted faults: those that change nothing are counted apart."""
    real = faults["planted"] - faults["equivalent"]
    rows = [
        ("random graphs of up to 60 nodes against mpmath", f"{graphs['graphs']:,}"),
        ("largest error of a gradient, as a part of what the rounding of its steps may add up to",
         f"{100 * graphs['worst']:.0f} %"),
        ("mixed third derivatives of small ones against mpmath", f"{graphs['thirds']:,}"),
        ("largest error of one, as a part of 100 times what the last digits of its operands change",
         f"{100 * graphs['worst third']:.0f} %"),
        ("faults planted in the formulas and in the sweep", f"{faults['planted']:,}"),
        ("of these, said to change nothing, each with its reason", f"{faults['equivalent']:,}"),
        (f"of the other {real:,}, noticed",
         f"{faults['caught']:,} ({100 * faults['caught'] / real:.1f} %)"),
        ("survivors", ", ".join(f"`{fault}`" for fault in faults["survivors"]) or "none"),
    ]  # fmt: skip
    return ["| what was tried | |", "|---|--:|", *(f"| {what} | {n} |" for what, n in rows)]


def tables(found):
    """The two tables, as text."""
    both = other_table(found["dags"], found["faults"]), numerics_table(found["numerics"])
    return ["\n".join(table) + "\n" for table in both]


def with_tables(text, found):
    """The text of the README with these tables in the place of those that it has."""
    for table in tables(found):
        first_words = table[: table.index("|", 2)].partition(",")[0]
        begin = text.index(first_words)
        text = text[:begin] + table + text[text.index("\n\n", begin) + 1 :]
    return text


def main(arguments=()):
    if arguments[:1] == ["--measure"]:
        names = arguments[1:]
        results.keep_errors(worst.LONG, {name: worst.worst(name, worst.LONG) for name in names})
    found = results.measured()
    missing = sorted({command for part, command in PARTS.items() if part not in found})
    if missing:
        print("Run first:", *missing, sep="\n  ", file=sys.stderr)
        return 1
    README.write_text(with_tables(README.read_text(encoding="utf-8"), found), encoding="utf-8")
    print(*tables(found), sep="\n", end="")
    return 0


if __name__ == "__main__":
    sys.path += [str(HERE.parent / "tools"), str(HERE.parents[1])]
    sys.exit(main(sys.argv[1:]))
