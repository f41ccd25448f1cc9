"""Makes the tests' own tools importable by name, and hypothesis deaf to the clock on the wall."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "tools"))

# An example may take as long as a busy machine makes it; one that fails can be tried again.
settings.register_profile(
    "chalkgrad", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("chalkgrad")
