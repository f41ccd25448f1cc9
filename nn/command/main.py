"""The chalkgrad command: the commands about networks, beside those of ``autograd.command.cli``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograd.command import cli
from autograd.command import main as commands
from autograd.machinery.whole_files import write_whole
from nn.checks.arguments import counted
from nn.command.demo import demo
from nn.command.experiment import Experiment
from nn.command.notebooks import add_notebooks
from nn.command.options import (
    add_out,
    add_reading,
    add_settings,
    list_of_data_sets,
    reading_in,
    settings_in,
)
from nn.command.predict import csv_of, feature_rows, formula, prediction_table
from nn.command.report import output_names, setting_in_words, writable_folder
from nn.saving.model_file import Saved, load_all
from nn.saving.safe_json import ModelFileError

CHECKPOINT = "checkpoint.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chalkgrad command and return its exit code.

    0: done; 1: it could not be done; 2: the command line, or a file that it names, is wrong;
    130: interrupted.
    """
    return cli.run(cli.parser_for("chalkgrad", commands.add_commands, add_commands), arguments)


def add_commands(commands: cli.Commands) -> None:
    """Add train, predict, show, demo and notebooks to the subcommands of a parser."""
    for add in (add_train, add_predict, add_show, add_demo, add_notebooks):
        add(commands)


def add_train(commands: cli.Commands) -> None:
    """Add train, with an option for each setting."""
    train = add_command(
        commands,
        "train",
        help="train a small network and draw how it learned",
        usage="%(prog)s DATA [options]",
        description="Train a network on a data set, every number through the scalar engine.\n"
        "Writes model.json, summary.txt, metrics.json, history.csv and pictures: curve.png,\n"
        "boundary.png (classes over two features), confusion.png (classes) and network.svg.\n"
        "Ctrl-C stops it and keeps what was learned so far.",
        epilog="data sets, with settings of their own:\n"
        f"{list_of_data_sets()}\n\n"
        "examples:\n"
        "  chalkgrad train iris --hidden 16 16 --epochs 50 --out out\n"
        "  chalkgrad train moons --hidden 8 --activation relu --loss hinge\n"
        "  chalkgrad train moons --hidden              (no hidden layer: a straight boundary)\n"
        "  chalkgrad train titanic.csv --target Survived --without Name,Ticket --missing drop\n"
        "  chalkgrad train fruit.csv --target fruit --patience 10 --out fruit\n"
        "  chalkgrad train spiral --epochs 300 --out out --resume     (go on after Ctrl-C)",
    )
    train.add_argument("data", metavar="DATA", help="a name from the list below, or a CSV file")
    add_settings(train)
    add_out(train)
    train.add_argument(
        "--resume", action="store_true",
        help="go on from the checkpoint in FOLDER, with the same settings, or more epochs",
    )  # fmt: skip
    train.set_defaults(run=run_train)


def add_predict(commands: cli.Commands) -> None:
    """Add predict, which asks a saved network."""
    predict = add_command(
        commands,
        "predict",
        help="ask a saved network about new examples",
        usage="%(prog)s MODEL DATA [-o FILE]",
        description="Ask a network that `chalkgrad train` saved about the rows of a CSV file.\n"
        "The file needs the features that the network has learned from, by name: in any order,\n"
        "with or without other columns. Writes a line for each row: the class and the\n"
        "probability of each class, or the number. With --missing drop, the line of a row in\n"
        "which a cell is missing stays empty. A class whose name a spreadsheet would take for a\n"
        "formula (=, +, -, @) is written with an apostrophe before it.",
        epilog="examples:\n"
        "  chalkgrad predict out/model.json new.csv -o predictions.csv\n"
        "  chalkgrad predict out/model.json iris",
    )
    predict.add_argument("model", type=Path, metavar="MODEL", help="a file such as out/model.json")
    predict.add_argument("data", metavar="DATA", help="a CSV file, or the name of a data set")
    predict.add_argument(
        "-o", "--output", type=Path, default=Path("predictions.csv"), metavar="FILE",
        help="where to write (default: %(default)s)",
    )  # fmt: skip
    add_reading(predict)
    predict.set_defaults(run=run_predict)


def add_show(commands: cli.Commands) -> None:
    """Add show, which describes and draws one."""
    show = add_command(
        commands,
        "show",
        help="tell what a saved network is, and draw it",
        usage="%(prog)s MODEL [-o FILE]",
        description="Tell what is in a model file: the network, what goes in and comes out, how "
        "it was\ntrained and how well it did. With -o, draw the network.",
        epilog="example:  chalkgrad show out/model.json -o network.svg",
    )
    show.add_argument("model", type=Path, metavar="MODEL", help="a file such as out/model.json")
    show.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to draw: .svg, .png or .pdf"
    )
    show.set_defaults(run=run_show)


def add_demo(commands: cli.Commands) -> None:
    """Add demo, which needs no data and no settings."""
    demonstration = add_command(
        commands,
        "demo",
        help="an expression with its gradients, and three networks that learn",
        description="Compute an expression and its gradients and draw it, then train networks\n"
        "on iris, moons and digits and draw what they learned.",
        epilog="example:  chalkgrad demo --out out",
    )
    add_out(demonstration)
    demonstration.set_defaults(run=run_demo)


def add_command(commands: cli.Commands, name: str, **options: str) -> argparse.ArgumentParser:
    """Add a subcommand whose description and examples keep their lines."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, formatter_class=argparse.RawDescriptionHelpFormatter, **options
    )
    return parser


# What the commands do -----------------------------------------------------------------------------


def run_train(options: argparse.Namespace) -> int:
    """Train a network, write the files, and then print how it learned.

    In this order, since printing may fail: a terminal may be closed, or know no letter of a name.
    """
    with wrong_input(ValueError, OSError):
        prepared = Experiment.usual(**settings_in(options)).prepared()
    folder = writable_folder(options.out)
    checkpoint = folder / CHECKPOINT
    if options.resume and not checkpoint.exists():
        raise cli.UsageError(f"there is no {checkpoint} to go on from: train without --resume.")
    before = prepared.remarks()
    print_notes(before)
    with wrong_input(ModelFileError):
        report = prepared.train(
            progress=sys.stderr.isatty(), checkpoint=checkpoint, resume=options.resume
        )
    if not report.history.rows:
        raise KeyboardInterrupt  # nothing was learned that could be shown
    written = report.write(folder)
    print(report.text())
    print_written([*written, checkpoint])
    print_notes(report.remarks[len(before) :])
    if report.history.interrupted:
        print("to go on: the same command with --resume")
        return 130
    return 0


def run_predict(options: argparse.Namespace) -> int:
    """Ask the model about each row, and write what it answers."""
    with wrong_input(ValueError, OSError):
        saved = load_all(options.model)
        lines = prediction_table(saved, feature_rows(saved, options.data, reading_in(options)))
    with wrong_input(OSError):
        write_whole(options.output, csv_of(lines).encode())
    answered = sum(line[0] != "" for line in lines[1:])  # a row with a missing cell has no answer
    print(f"{counted(answered, 'prediction')}: {', '.join(map(str, lines[0]))}")
    print_written([options.output])
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Tell what is in a model file and, if asked to, draw it."""
    with wrong_input(ValueError, OSError):
        saved = load_all(options.model)
    written = []
    if options.output is not None:
        from nn.view import draw_network

        drawing = draw_network(
            saved.model, input_names=saved.feature_names or [], output_names=output_names(saved)
        )
        with wrong_input(ValueError, OSError):
            written.append(Path(drawing.save(options.output)))
    print(model_in_words(saved))
    if written:
        print()
        print_written(written)
    return 0


def run_demo(options: argparse.Namespace) -> int:
    """Run the demonstration and name the files that it wrote."""
    written = demo(writable_folder(options.out), progress=sys.stderr.isatty())
    print()
    print_written(written)
    return 0


@contextmanager
def wrong_input(*kinds: type[Exception]) -> Iterator[None]:
    """Make of an error in what the user has handed over a line, and exit code 2."""
    try:
        yield
    except kinds as error:
        if isinstance(error, OSError) and error.strerror:
            raise cli.UsageError(f"{error.filename}: {error.strerror}") from None
        # What a function calls resume=False is an option here.
        words = str(error).replace("with resume=False", "without --resume")
        raise cli.UsageError(words) from None


# What they say ------------------------------------------------------------------------------------


def model_in_words(saved: Saved) -> str:
    """Return what a model file holds, in words."""
    parts = [f"{saved.model!r}\n\n{saved.model.summary()}"]
    if saved.feature_names:
        parts.append(f"inputs:   {', '.join(saved.feature_names)}")
    if saved.class_names:
        parts.append(f"classes:  {', '.join(saved.class_names)}")
    if saved.scaler is not None:
        parts.append("each input x goes in as (x - centre) / width:\n" + table_of_scaler(saved))
    if formula(saved):
        parts.append(formula(saved))
    notes = dict(saved.notes or {})
    metrics = notes.pop("metrics", {})
    if notes:
        width = max(map(len, notes))
        parts.append(
            "\n".join(f"{name:<{width}}  {setting_in_words(x)}" for name, x in notes.items())
        )
    if isinstance(metrics, dict):
        parts += [f"{name}:  {metrics_in_words(measured)}" for name, measured in metrics.items()]
    return "\n\n".join(parts)


def table_of_scaler(saved: Saved) -> str:
    """Return a line for each input: its name, centre and width."""
    assert saved.scaler is not None
    centre, width = saved.scaler.centre, saved.scaler.width
    names = saved.feature_names or [f"x{place + 1}" for place in range(len(centre))]
    room = max(map(len, names))
    return "\n".join(
        f"  {name:<{room}}  centre {c:<10.5g}  width {w:.5g}"
        for name, c, w in zip(names, centre, width, strict=True)
    )


def metrics_in_words(measured: object) -> str:
    """Return what was measured in one line."""
    if not isinstance(measured, dict):
        return str(measured)
    return ", ".join(
        f"{name.replace('_', ' ')} {f'{each:.4g}' if isinstance(each, int | float) else each}"
        for name, each in measured.items()
    )


def print_notes(notes: Sequence[str]) -> None:
    """Print what a student should know before trusting the numbers, apart from the results."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def print_written(paths: list[Path]) -> None:
    """Name the files that were written."""
    for path in paths:
        print(f"wrote {path}")
