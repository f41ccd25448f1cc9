"""The engine's half of the command, together: expressions, the classroom, the doctor."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.command import cli
from autograd.command.diagnose import add_diagnose
from autograd.command.doctor import add_doctor
from autograd.command.expressions import add_expressions
from autograd.command.worksheet import add_worksheet


def add_commands(commands: cli.Commands) -> None:
    """Add draw, steps, diagnose, worksheet and doctor to the subcommands of a parser."""
    add_expressions(commands)
    add_diagnose(commands)
    add_worksheet(commands)
    add_doctor(commands)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command without the networks, and return its exit code."""
    return cli.run(cli.parser_for("python -m autograd", add_commands), arguments)
