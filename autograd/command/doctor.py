"""``chalkgrad doctor``: what is missing here, and what is in the way.

The import names ``autograd`` and ``nn`` are not ours alone. Another distribution may install a
package ``autograd`` over ours, and a file ``nn.py`` beside a notebook is imported in place of the
package. Then nothing of ours can be imported, the doctor's own package included. So this file needs
the standard library only, and looks at files before it imports anything; ``chalkgrad.py``, where
the command begins, runs it by its path.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib
import importlib.metadata
import importlib.util
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NEEDED = ("graphviz", "pygraphviz", "numpy", "matplotlib", "pillow", "tqdm")
OPTIONAL = ("jupyterlab", "nbclient", "ipykernel", "scikit-learn", "jax")
OURS = {"autograd": "command/doctor.py", "nn": "command/main.py"}  # files that no other one has
REINSTALL = "pip install --force-reinstall --no-deps chalkgrad"


def add_doctor(commands: Any) -> None:
    """Add doctor to the subcommands of a parser."""
    parser = commands.add_parser(
        "doctor",
        help="look for what is missing or in the way",
        description="Print versions and what draws the pictures, and look for whatever takes the "
        "place of the packages autograd and nn.\nThe exit code is 1 if something needs attention.",
        epilog="example:  chalkgrad doctor",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run_doctor)


def run_doctor(_: argparse.Namespace | None = None) -> int:
    """Print the state of the installation; return 1 if something needs attention."""
    print(f"chalkgrad     {version_of('chalkgrad') or 'not installed: run from its own folder'}")
    print(f"Python        {platform.python_version()} ({platform.system()})")
    problems = list(in_the_way())
    for name in NEEDED:
        version = version_of(name)
        print(f"{name:<13} {version or 'missing'}")
        if version is None and name != "pygraphviz":  # the Graphviz program would do
            problems.append(f"{name} is missing: pip install {name}")
    for name in OPTIONAL:
        print(f"{name:<13} {version_of(name) or 'not installed (optional)'}")
    if not problems:  # only now is it our own package that an import would find
        try:
            print(f"pictures by   {importlib.import_module('autograd.view').renderer()}")
        except (ImportError, RuntimeError) as error:
            problems.append(f"nothing draws pictures: {error}")
    for problem in problems:
        print(f"problem: {problem}")
    print("All is well." if not problems else f"{len(problems)} to mend.")
    return 1 if problems else 0


def version_of(distribution: str) -> str | None:
    """Return the installed version of a distribution, or None."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


# What is in the way -------------------------------------------------------------------------------


def in_the_way() -> Iterator[str]:
    """Yield a sentence, with what to write, for all that stands in the place of our packages."""
    yield from beside_the_notebook(Path.cwd())
    owners = sorted(other_owners())
    for owner in owners:
        yield (
            f"the distribution {owner} installs a package named autograd too, and one overwrites "
            f"files of the other. Write: pip uninstall -y {owner}; {REINSTALL}"
        )
    if owners:
        return  # the same two commands mend all that follows
    foreign = list(foreign_packages())
    yield from foreign
    if foreign:
        return
    changed = changed_files()
    if changed:
        more = f" and {len(changed) - 1} more files" if len(changed) > 1 else ""
        yield (
            f"{changed[0]}{more} changed since the installation: another distribution has written "
            f"over it. Write: {REINSTALL}"
        )


def beside_the_notebook(folder: Path) -> Iterator[str]:
    """Yield what a notebook or a script in this folder would import in place of our packages."""
    for name in OURS:
        file = folder / f"{name}.py"
        if file.is_file():
            yield (
                f"the file {file} is imported in place of the package {name} by every notebook and "
                f"script beside it. Rename it: {name}.py to my_{name}.py, say"
            )
        package = folder / name
        if (package / "__init__.py").is_file() and not is_ours(name, package):
            yield (
                f"the folder {package} is imported in place of the package {name} by every "
                f"notebook and script beside it. Rename it: {name} to my_{name}, say"
            )


def other_owners() -> set[str]:
    """Return the names of the other distributions that install a package named autograd."""
    owners = importlib.metadata.packages_distributions().get("autograd", [])
    return {owner for owner in owners if owner.lower() != "chalkgrad"}


def foreign_packages() -> Iterator[str]:
    """Yield what is wrong with the packages that Python would import, without importing them."""
    for name in OURS:
        folder = package_folder(name)
        if folder is None:
            yield f"there is no package {name} to import, or only a part of it. Write: {REINSTALL}"
        elif not is_ours(name, folder):
            yield (
                f"import {name} finds another package, {folder}. Write: pip uninstall -y {name}; "
                f"{REINSTALL}"
            )


def package_folder(name: str) -> Path | None:
    """Return the folder of the package that ``import`` would find, or None if there is none."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def is_ours(name: str, folder: Path) -> bool:
    """Whether the package in a folder is this project's."""
    start = folder / "__init__.py"
    if not start.is_file() or not (folder / OURS[name]).is_file():
        return False
    # Of a package that was written over ours, our other files are still there.
    return name != "autograd" or "chalkgrad" in start.read_text(encoding="utf-8", errors="replace")


def changed_files() -> list[str]:
    """Return the files of the installed distribution that are gone, or hold something else now."""
    try:
        files = importlib.metadata.files("chalkgrad") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [
        str(file)
        for file in files
        if file.suffix == ".py" and file.hash is not None and not is_unchanged(file)
    ]


def is_unchanged(file: importlib.metadata.PackagePath) -> bool:
    """Whether an installed file has the hash that was noted when it was installed (PEP 376)."""
    path = Path(str(file.locate()))
    if file.hash is None or not path.is_file():
        return False
    digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value
