"""Makes the tests' own tools importable by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tools"))
