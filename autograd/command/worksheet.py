"""``chalkgrad worksheet``: exercises to print for a class, with their keys."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from autograd.classroom.sheets.levels import LEVELS
from autograd.classroom.sheets.questions import KINDS
from autograd.classroom.sheets.worksheet import MOST_QUESTIONS, Worksheet, worksheet
from autograd.command.cli import Commands, UsageError

FORMS = ("html", "pdf", "md")
MOST_BYTES = 100  # of a name in a file name, which file systems limit to 255


def add_worksheet(commands: Commands) -> None:
    """Add worksheet to the subcommands of a parser."""
    levels = "\n".join(f"  level {number}: {name}" for number, name in LEVELS.items())
    parser = commands.add_parser(
        "worksheet",
        help="print exercises with numbers that are friendly to the hand",
        description="Write exercises to print, and their key with the worked steps: forward,\n"
        "local derivatives, backward, find the mistake, the next step, gradient descent.\n"
        f"No number on the way has more than two decimals.\n\n{levels}",
        epilog="examples:\n"
        "  chalkgrad worksheet --level 3 --count 30 --seed 7 -o sheets/\n"
        "  chalkgrad worksheet --level 2 --seed autumn --students class.txt -o sheets/\n"
        "The same seed gives the same sheets, and so the key: take one that nobody guesses.\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--level", type=int, choices=list(LEVELS), default=1, metavar="N",
        help="from 1 to 5 (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--count", type=whole, default=6, metavar="N",
        help="how many exercises are on a sheet (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", default="1", metavar="WORD", help="a number or a word (default: %(default)s)"
    )
    parser.add_argument(
        "--students", type=Path, metavar="FILE",
        help="a name in every line, or a CSV file with a column called name: a sheet with other "
        "numbers for each",
    )  # fmt: skip
    parser.add_argument(
        "--kinds", nargs="+", choices=list(KINDS), default=list(KINDS), metavar="KIND",
        help=f"{', '.join(KINDS)} (default: all in turn)",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=FORMS, default="pdf", help="what to write (default: %(default)s)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("sheets"), metavar="FOLDER",
        help="where to write (default: %(default)s)",
    )  # fmt: skip
    parser.set_defaults(run=run_worksheet)


def run_worksheet(options: argparse.Namespace) -> int:
    """Write the sheets, their keys, and the sealed answers for the students' notebooks.

    Nothing is written before all that was typed is known to be right.
    """
    try:
        sheets = worksheet(
            options.seed, options.level, options.count, students=options.students or "",
            kinds=options.kinds,
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from None
    folder = writable_folder(options.output)
    for number, name in enumerate(progressing(file_names(sheets))):
        one = sheets[number : number + 1]
        one.save(folder / f"{name}.{options.format}")
        one.key.save(folder / f"{name}-key.{options.format}")
    sheets.save(folder / "sealed.json")
    count = f"{len(sheets)} sheet{'s' * (len(sheets) > 1)}"
    print(
        f"wrote {count} of {options.count} exercises, with keys, into {folder}\n"
        f"{folder / 'sealed.json'} has the answers for notebooks, sealed: it holds no key"
    )
    return 0


def writable_folder(folder: Path) -> Path:
    """Return the folder, made if there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"-o names a folder to write into, and {folder} is a file.") from None
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from None
    return folder


def progressing(names: list[str]) -> Iterable[str]:
    """Return the names; in a terminal, with a bar that shows how far the sheets have come."""
    if len(names) < 5 or sys.stderr is None or not sys.stderr.isatty():
        return names
    from tqdm import tqdm  # loaded only where somebody watches

    return tqdm(names, unit="sheet")


def whole(text: str) -> int:
    """Return the whole number of at least 1 that an argument gives."""
    if not text.isdecimal() or not 1 <= len(text.lstrip("0")) <= 9:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is not a whole number from 1 to {MOST_QUESTIONS}"
        )
    return int(text)


def file_names(sheets: Worksheet) -> list[str]:
    """Return a file name for each sheet: a number, and what a file name may have of the student's.

    The number keeps apart names that differ only in signs, in capitals, or far behind.
    """
    if sheets[0].student == "":
        return ["sheet"]
    digits = max(2, len(str(len(sheets))))
    names = []
    for number, sheet in enumerate(sheets, 1):
        letters = (
            re.sub(r"[^\w-]+", "-", sheet.student).encode()[:MOST_BYTES].decode(errors="ignore")
        )
        names.append(f"sheet-{number:0{digits}d}-{letters.strip('-')}".rstrip("-"))
    return names
