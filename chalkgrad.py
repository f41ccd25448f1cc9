"""Where the command ``chalkgrad`` begins: it looks first whether the packages are ours.

The packages to import are ``autograd`` and ``nn``; this module is for the command alone. It imports
neither of them before the doctor has looked, since another distribution may have put its own
package ``autograd`` in the place of ours.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

DOCTOR = Path(__file__).parent / "autograd" / "command" / "doctor.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command ``chalkgrad`` and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    doctor = loaded(DOCTOR)
    if doctor is None:
        problems = [
            "the package autograd is not there, or only a part of it. Write: "
            "pip install --force-reinstall --no-deps chalkgrad"
        ]
    elif list(arguments) == ["doctor"]:
        return examined(doctor)
    else:
        problems = list(doctor.foreign_packages())
    if problems:
        for problem in problems:
            print(f"chalkgrad: {problem}", file=sys.stderr)
        return 1
    # Only now: with another package autograd in its place, this import would end in a traceback.
    from nn.command.main import main as command

    return command(arguments)


def examined(doctor: ModuleType) -> int:
    """Run the doctor and return its exit code: 1 if the reader has gone, as ``| head`` does."""
    try:
        code = int(doctor.run_doctor())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # print no more
        return 1
    return code


def loaded(path: Path) -> ModuleType | None:
    """Return the module in a file, which is run without the package that it belongs to."""
    spec = importlib.util.spec_from_file_location("chalkgrad_doctor", path)
    if spec is None or spec.loader is None or not path.is_file():
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
