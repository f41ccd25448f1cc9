"""The course: the notebooks that come with the package, and ``chalkgrad notebooks``.

A student writes into notebooks, so they work in a copy; and what they have written is never
overwritten.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from autograd.command import cli
from autograd.command.doctor import beside_the_notebook

FOLDER = Path("chalkgrad-course")
KINDS = (".ipynb", ".md")


def add_notebooks(commands: cli.Commands) -> None:
    """Add notebooks to the subcommands of a parser."""
    parser = commands.add_parser(
        "notebooks",
        help="copy the course and open it",
        description="Copy the twelve notebooks of the course into a folder and open them with\n"
        "JupyterLab. A notebook that is there already is yours and stays as it is.",
        epilog="examples:\n  chalkgrad notebooks\n  chalkgrad notebooks lessons --no-open",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=FOLDER, metavar="DIR",
        help="where to copy to (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--no-open", action="store_true", help="copy only")
    parser.set_defaults(run=run_notebooks)


def run_notebooks(options: argparse.Namespace) -> int:
    """Copy the course and, unless told otherwise, open it."""
    if not options.no_open:
        check_jupyter()
    copied, kept = copy_notebooks(options.folder)
    trust(copied)
    for path in copied:
        print(f"wrote {path}")
    for path in kept:
        print(f"kept {path}, which was there already")
    for problem in beside_the_notebook(options.folder):
        print(f"warning: {problem}", file=sys.stderr)
    if options.no_open:
        print(f"to open it: jupyter lab {options.folder}")
        return 0
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "jupyterlab", str(options.folder)]).returncode


def check_jupyter() -> None:
    """Raise ImportError if there is no JupyterLab, and say how to get it."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise ImportError(
            "JupyterLab, which opens the notebooks, is not installed. Write: "
            "pip install 'chalkgrad[notebooks]', or copy them only: chalkgrad notebooks --no-open"
        )


def copy_notebooks(folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy the notebooks and their table of contents into a folder.

    Returns the files that were written, and those that were there already and were kept. Raises
    OSError if the folder cannot be made or written to.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written, kept = copy_notebooks(Path(folder) / "course")
    ...     again, kept_now = copy_notebooks(Path(folder) / "course")
    >>> written[0].name, kept, again == [], kept_now == written
    ('00_tour.ipynb', [], True, True)
    """
    folder.mkdir(parents=True, exist_ok=True)
    copied, kept = [], []
    for source in sorted(each for each in course_folder().iterdir() if each.suffix in KINDS):
        target = folder / source.name
        if target.exists():
            kept.append(target)
        else:
            shutil.copyfile(source, target)
            copied.append(target)
    return copied, kept


def trust(paths: Iterable[Path]) -> None:
    """Sign notebooks of the course, as ``jupyter trust`` does, where Jupyter is installed.

    JupyterLab shows no drawing and no player of a notebook that it does not trust, until it is run.
    """
    try:
        nbformat, sign = map(import_module, ("nbformat", "nbformat.sign"))
    except ImportError:
        return
    notary = sign.NotebookNotary()
    for path in paths:
        if path.suffix == ".ipynb":
            notary.sign(nbformat.read(path, as_version=4))
    notary.store.close()


def course_folder() -> Path:
    """Return the folder of the notebooks: inside the installed package, or beside it in a checkout.

    Raises FileNotFoundError if there is neither.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / "00_tour.ipynb").is_file():
            return folder
    raise FileNotFoundError(
        "this installation of chalkgrad has no notebooks in it. Install it afresh: "
        "pip install --force-reinstall chalkgrad"
    )
