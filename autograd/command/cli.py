"""What all commands of ``chalkgrad`` share: the parser, the exit codes, the errors in one line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from errno import ENOSPC
from typing import Any

import autograd
from autograd.words.suggestions import did_you_mean

Commands = Any  # what argparse's add_subparsers() returns; its type has no public name


class UsageError(Exception):
    """The command line asks for something that cannot be: exit code 2."""


def parser_for(program: str, *adders: Callable[[Commands], None]) -> argparse.ArgumentParser:
    """Return a parser with the commands that the functions add."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="See backpropagation happen: draw expressions with their gradients, and train "
        "small networks.",
        epilog=f'example:  {program} draw "tanh(w*x + b)" w=0.5 x=2 b=-1 -o graph.svg\n'
        f"more:     {program} COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chalkgrad {autograd.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in adders:
        add(commands)
    return parser


def run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Run the command that the arguments name, and return its exit code.

    0: done, or no command: then the help is shown; 1: it could not be done; 2: the command line is
    wrong; 130: interrupted.
    """
    make_printable()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(unrecognized(parser.prog, options, unknown))
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{parser.prog}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does: stop without a word.
        print_no_more()
        return 1
    except MemoryError:
        print(f"{parser.prog}: this needs more memory than there is.", file=sys.stderr)
        return 1
    except (ValueError, ArithmeticError, OSError, RuntimeError, ImportError) as error:
        # An error of a file has its name: without one, the output itself is on a full disk.
        full = isinstance(error, OSError) and error.errno == ENOSPC and error.filename is None
        words = f"cannot print: {os.strerror(ENOSPC)}." if full else str(error)
        print(f"{parser.prog}: {words}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            print_no_more()
        return 1


def unrecognized(program: str, options: argparse.Namespace, unknown: Sequence[str]) -> str:
    """Return what is wrong with arguments that the command does not know, and what helps."""
    message = f"unrecognized arguments: {' '.join(unknown)}"
    first = unknown[0]
    if hasattr(options, "expression") and first.startswith("-") and not first.startswith("--"):
        return (
            f"{message}\nAn expression that begins with a minus looks like an option. Write the "
            f'options first, then -- and the rest: {program} COMMAND -- "{first}" ...'
        )
    known = [f"--{name.replace('_', '-')}" for name in vars(options)]
    near = did_you_mean(first, known, quoted=False)
    return f"{message}.{near} All options of a command: {program} COMMAND --help"


def make_printable() -> None:
    """Let neither an encoding nor a closed terminal end a command whose work is done.

    What the terminal's encoding has no letter for is printed as ``?``; where there is no terminal
    at all, Python has None for a stream.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO()))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def print_no_more() -> None:
    """Lead the standard output to nowhere, or Python would try once more to print, at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
