"""What the long runs found, kept in ``out/trust`` for ``report.py`` to print."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "out" / "trust"


def keep(part, found):
    """Write what one run found."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{part}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def kept(part):
    """What that run found, or None if it was not run."""
    path = FOLDER / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
