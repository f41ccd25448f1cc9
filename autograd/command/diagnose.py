"""``chalkgrad diagnose``: what is wrong with the gradients of an expression."""

from __future__ import annotations

import argparse

from autograd import classroom
from autograd.command.cli import Commands, UsageError
from autograd.command.expressions import add_expression, name_and_number, value_of_expression


def add_diagnose(commands: Commands) -> None:
    """Add diagnose to the subcommands of a parser."""
    parser = commands.add_parser(
        "diagnose",
        help="tell what is wrong with a gradient",
        description="Compute an expression, recompute its gradients under every fault that "
        "students make,\nand name the one that gives the answer's very numbers. The exit code is 0 "
        "if the answer\nis right, else 1.",
        epilog='example:  chalkgrad diagnose "a*b + a" a=2 b=-3 --answer a=1 b=2',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_expression(parser)
    parser.add_argument(
        "--answer", nargs="+", type=name_and_number, required=True, metavar="name=number",
        help="the gradients to judge: a=1 says that the gradient of a is 1",
    )  # fmt: skip
    parser.set_defaults(run=run_diagnose)


def run_diagnose(options: argparse.Namespace) -> int:
    """Print what is wrong with the gradients; return 1 if anything is."""
    root, variables = value_of_expression(options)
    answers = {}
    for name, number in options.answer:
        if name not in variables:
            known = ", ".join(variables)
            raise UsageError(f"{name} is no variable of {options.expression}: it has {known}.")
        answers[variables[name]] = number
    diagnosis = classroom.diagnose(root, answers)
    print(diagnosis)
    return 0 if diagnosis.right else 1  # so that a script can mark homework
