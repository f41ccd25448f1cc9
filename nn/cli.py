"""The chalkgrad command: the commands about networks, beside those of ``autograd.cli``."""

from __future__ import annotations

import argparse
import difflib
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autograd import cli
from nn.demo import demo
from nn.experiment import TASKS, Experiment, writable
from nn.layers import ACTIVATIONS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chalkgrad command and return its exit code.

    0: done; 1: it could not be done; 2: the command line is wrong; 130: interrupted.
    """
    return cli.run(cli.parser_for("chalkgrad", cli.add_commands, add_commands), arguments)


def add_commands(commands: cli.Commands) -> None:
    """Add train and demo to the subcommands of a parser."""
    usual = Experiment("iris")
    train = commands.add_parser(
        "train",
        help="train a small network and draw how it learned",
        description="Train a network on a data set, every number through the scalar engine.\n"
        "Writes summary.txt, history.csv, curve.png and boundary.png.\n"
        "Ctrl-C stops it and keeps what was learned so far.",
        epilog="examples:\n"
        "  chalkgrad train iris --hidden 16 16 --epochs 50 --out out\n"
        "  chalkgrad train moons --hidden 8 --activation relu --lr 0.2\n"
        "  chalkgrad train moons --hidden              (no hidden layer: a straight boundary)\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    train.add_argument(
        "task", type=one_of("data set", TASKS), metavar="DATASET", help=" or ".join(TASKS)
    )
    train.add_argument(
        "--hidden", type=whole, nargs="*", default=usual.hidden, metavar="SIZE",
        help="the number of neurons of each hidden layer (default: 16 16)",
    )  # fmt: skip
    train.add_argument(
        "--activation", type=one_of("activation", ACTIVATIONS), default=usual.activation,
        metavar="NAME", help=f"{', '.join(ACTIVATIONS)} (default: %(default)s)",
    )  # fmt: skip
    train.add_argument(
        "--epochs", type=whole, default=usual.epochs, metavar="N",
        help="how often to go through the examples (default: %(default)s)",
    )  # fmt: skip
    train.add_argument(
        "--lr", type=positive, default=usual.lr, metavar="RATE",
        help="the learning rate (default: %(default)s)",
    )  # fmt: skip
    train.add_argument(
        "--batch-size", type=whole, default=usual.batch_size, metavar="N",
        help="how many examples make a step (default: %(default)s)",
    )  # fmt: skip
    train.add_argument(
        "--seed", type=int, default=usual.seed, metavar="N",
        help="where the random numbers start: the same seed, the same result "
        "(default: %(default)s)",
    )  # fmt: skip
    add_out(train)
    train.set_defaults(run=run_train)

    show = commands.add_parser(
        "demo",
        help="an expression with its gradients, and two networks that learn",
        description="Compute an expression and its gradients and draw it, then train networks\n"
        "on iris and moons and draw what they learned.",
        epilog="example:  chalkgrad demo --out out",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_out(show)
    show.set_defaults(run=run_demo)


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add the option for the folder to write into."""
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="FOLDER",
        help="where to write (default: %(default)s)",
    )  # fmt: skip


def run_train(options: argparse.Namespace) -> int:
    """Train a network, print how it learned, and write the files."""
    folder = writable(options.out)
    experiment = Experiment(
        options.task,
        hidden=tuple(options.hidden),
        activation=options.activation,
        epochs=options.epochs,
        lr=options.lr,
        batch_size=options.batch_size,
        seed=options.seed,
    )
    result = experiment.run(progress=sys.stderr.isatty())
    if not result.history.rows:
        raise KeyboardInterrupt  # nothing was learned that could be shown
    print(f"{result.network.summary()}\n\n{result.history}\n\n{result.verdict()}")
    print_written(result.write(folder))
    return 130 if result.history.interrupted else 0


def run_demo(options: argparse.Namespace) -> int:
    """Run the demonstration and name the files that it wrote."""
    written = demo(writable(options.out), progress=sys.stderr.isatty())
    print()
    print_written(written)
    return 0


def print_written(paths: list[Path]) -> None:
    """Name the files that were written."""
    for path in paths:
        print(f"wrote {path}")


# What an argument may be: each of these reads one, or raises the error that argparse prints.


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """Return the reader of a name, which suggests a near one for a misspelt one."""

    def read(text: str) -> str:
        if text in names:
            return text
        close = difflib.get_close_matches(text.lower(), names, n=1)
        advice = f" Did you mean {close[0]!r}?" if close else ""
        raise argparse.ArgumentTypeError(
            f"there is no {kind} {text!r}.{advice} Known: {', '.join(names)}."
        )

    return read


def whole(text: str) -> int:
    """Return a whole number of at least 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def positive(text: str) -> float:
    """Return a positive, finite number."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number
