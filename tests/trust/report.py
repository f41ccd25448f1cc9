"""Prints what the long runs found, as the Markdown of the README's "How far can you trust it?".

python -m pytest tests/trust --long
python tests/trust/planted_faults.py
python tests/trust/report.py
"""

import sys

import results
from points import INNER

PARTS = {
    "numerics": "python -m pytest tests/trust --long",
    "dags": "python -m pytest tests/trust --long",
    "faults": "python tests/trust/planted_faults.py",
}
KINDS = ("value", "gradient", "second")


def numerics_table(found):
    """The largest error of each operation, those of formulas only in one row."""
    worst = {name: [kinds[kind][0] for kind in KINDS] for name, kinds in found["worst"].items()}
    inner = [worst.pop(name) for name in INNER if name in worst]
    worst = {f"`{name}`": numbers for name, numbers in worst.items()}
    worst[f"the {len(inner)} that only formulas use"] = map(max, zip(*inner, strict=True))
    return [
        f"| largest error in ulp, at {found['points']:,} points each | value | gradient | second |",
        "|---|--:|--:|--:|",
        *(f"| {name} | {' | '.join(f'{x:.2f}' for x in xs)} |" for name, xs in worst.items()),
    ]


def other_table(graphs, faults):
    """Random graphs, and planted faults: those that change nothing are counted apart."""
    real = faults["planted"] - faults["equivalent"]
    rows = [
        ("random graphs of up to 60 nodes against mpmath", f"{graphs['graphs']:,}"),
        ("largest error of a gradient, as a part of what the rounding of its steps may add up to",
         f"{100 * graphs['worst']:.0f} %"),
        ("faults planted in the formulas and in the sweep", f"{faults['planted']:,}"),
        ("of these, said to change nothing, each with its reason", f"{faults['equivalent']:,}"),
        (f"of the other {real:,}, noticed",
         f"{faults['caught']:,} ({100 * faults['caught'] / real:.1f} %)"),
        ("survivors", ", ".join(f"`{fault}`" for fault in faults["survivors"]) or "none"),
    ]  # fmt: skip
    return ["| what was tried | |", "|---|--:|", *(f"| {what} | {n} |" for what, n in rows)]


def main():
    found = {part: results.kept(part) for part in PARTS}
    missing = sorted({PARTS[part] for part, numbers in found.items() if numbers is None})
    if missing:
        print("Run first:", *missing, sep="\n  ", file=sys.stderr)
        return 1
    print(*numerics_table(found["numerics"]), "", sep="\n")
    print(*other_table(found["dags"], found["faults"]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
