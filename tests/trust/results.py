"""What the long runs have measured, kept in ``measured.json``: the README's table is made of it."""

import json
from pathlib import Path

PATH = Path(__file__).with_name("measured.json")


def measured():
    """All that is kept, by parts: numerics, dags and faults."""
    return json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}


def keep(part, found):
    """Put what one run found in the place of what was found before."""
    whole = measured() | {part: found}
    PATH.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def kept(part):
    """What that run found, or None if it was not run."""
    return measured().get(part)


def keep_errors(points, worst):
    """Keep the largest errors of operations, beside those of other operations from such a run."""
    before = kept("numerics") or {}
    same_run = before.get("points") == points
    errors = {
        name: {kind: round(error, 2) for kind, (error, *_) in kinds.items()}
        for name, kinds in worst.items()
    }
    keep("numerics", {"points": points, "worst": (before["worst"] if same_run else {}) | errors})
