"""Prints what the long runs found as one Markdown table for the README.

python -m pytest tests/trust --long
python tests/trust/planted_faults.py
python tests/trust/report.py
"""

import sys

import results

MISSING = "Not run yet: see the top of tests/trust/report.py."


def numerics_table():
    found = results.kept("numerics")
    if found is None:
        return [MISSING]
    count = f"{found['points']:,}"
    lines = [
        f"Largest error in ulp, over {count} points for each operation:", "",
        "| operation | value | gradient | second derivative |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, worst in found["worst"].items():
        numbers = [f"{worst[kind][0]:.2f}" for kind in ("value", "gradient", "second")]
        lines.append(f"| `{name}` | {' | '.join(numbers)} |")
    return lines


def other_lines():
    graphs, faults = results.kept("dags"), results.kept("faults")
    lines = ["| what was tried | how many | result |", "|---|---|---|"]
    if graphs:
        lines.append(
            f"| random graphs of up to 60 nodes against mpmath | {graphs['graphs']:,} | at most "
            f"{100 * graphs['worst']:.0f} % of the error that the rounding of each step allows |"
        )
    else:
        lines.append(f"| random graphs | 0 | {MISSING} |")
    if faults:
        percent = 100 * faults["caught"] / faults["planted"]
        lines.append(
            f"| faults planted in the formulas and in the sweep | {faults['planted']:,} | "
            f"{faults['caught']:,} noticed ({percent:.1f} %) |"
        )
        lines += [f"| survivor | | `{survivor}` |" for survivor in faults["survivors"]]
    else:
        lines.append(f"| planted faults | 0 | {MISSING} |")
    return lines


def main():
    print(*numerics_table(), "", *other_lines(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
