"""``chalkgrad worksheet``: exercises to print for a class, with their keys."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from autograd.classroom.sheets.levels import LEVELS
from autograd.classroom.sheets.questions import KINDS
from autograd.classroom.sheets.worksheet import Worksheet, worksheet
from autograd.command.cli import Commands

FORMS = ("html", "pdf", "md")


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
        help="a name in every line: a sheet with other numbers for each",
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
    """Write the sheets, their keys, and the sealed answers for the students' notebooks."""
    sheets = worksheet(
        options.seed, options.level, options.count, students=options.students or "",
        kinds=options.kinds,
    )  # fmt: skip
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(len(sheets)):
        one = sheets[number : number + 1]
        name = file_name(one, number)
        one.save(folder / f"{name}.{options.format}")
        one.key.save(folder / f"{name}-key.{options.format}")
    sheets.save(folder / "sealed.json")
    count = f"{len(sheets)} sheet{'s' * (len(sheets) > 1)}"
    print(
        f"wrote {count} of {options.count} exercises, with keys, into {folder}\n"
        f"{folder / 'sealed.json'} has the answers for notebooks, sealed: it holds no key"
    )
    return 0


def whole(text: str) -> int:
    """Return the whole number of at least 1 that an argument gives."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def file_name(one: Worksheet, number: int) -> str:
    """Return the name of a sheet's files: a number, and the student's name as a file may have it.

    The number keeps apart two names that differ only in signs that no file name may have.
    """
    plain = re.sub(r"[^\w-]+", "-", one[0].student).strip("-")
    return f"sheet-{number + 1:02d}-{plain}" if plain else "sheet"
