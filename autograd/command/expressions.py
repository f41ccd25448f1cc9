"""The commands about expressions: ``chalkgrad draw`` and ``chalkgrad steps``."""

from __future__ import annotations

import argparse
import math
import unicodedata
from pathlib import Path

import autograd
from autograd.command.cli import Commands, UsageError
from autograd.story.read_expression import ExpressionError, evaluate
from autograd.value import Value
from autograd.view.player.playable import steps


def name_and_number(text: str) -> tuple[str, float]:
    """Return the name and the number of an argument such as ``x=2``."""
    name, sign, written = text.partition("=")
    name = unicodedata.normalize("NFKC", name.strip())  # as Python reads it in an expression
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not name=number, such as x=2")
    try:
        number = float(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is not a number, in {text!r}") from None
    if math.isinf(number) and "inf" not in written.lower():
        raise argparse.ArgumentTypeError(
            f"{written!r} is too large for a float, in {text!r}: the largest is 1.8e308"
        )
    return name, number


def add_expressions(commands: Commands) -> None:
    """Add draw and steps to the subcommands of a parser."""
    draw = commands.add_parser(
        "draw",
        help="draw an expression with its gradients",
        description="Compute an expression, backpropagate, and draw its graph: the number and the "
        "gradient in each node, the local derivative on each edge.",
        epilog='example:  chalkgrad draw "tanh(w*x + b)" w=0.5 x=2 b=-1 -o graph.svg',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_expression(draw)
    draw.add_argument(
        "-o", "--output", type=Path, default=Path("graph.svg"), metavar="FILE",
        help="where to draw: .svg, .png or .pdf (default: %(default)s)",
    )  # fmt: skip
    draw.add_argument(
        "--direction", choices=["LR", "TB", "RL", "BT"], default="LR",
        help="left to right, top to bottom, ... (default: %(default)s)",
    )  # fmt: skip
    draw.add_argument(
        "--detail", choices=["operation", "neuron", "layer"], default="operation",
        help="a box for each operation, neuron or layer (default: %(default)s); names such as "
        "layer1_neuron2_w say which variables are whose parameters",
    )  # fmt: skip
    draw.add_argument(
        "--forward-only", action="store_true", help="draw without gradients, before backward"
    )
    draw.set_defaults(run=run_draw)

    step = commands.add_parser(
        "steps",
        help="step through an expression and its gradients",
        description="Compute an expression and backpropagate, step by step: every number as it is\n"
        "computed, and on every edge the local derivative times the gradient that arrives.\n"
        "Writes a page that plays the steps, an animation, a page for each, or tells them.",
        epilog="examples:\n"
        '  chalkgrad steps "tanh(w*x + b)" w=0.5 x=2 b=-1 -o steps.html\n'
        '  chalkgrad steps "tanh(w*x + b)" w=0.5 x=2 b=-1 --text\n',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_expression(step)
    step.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="what to write: .html (to play), .gif (for slides), .pdf (for print) or .md "
        "(default: steps.html, and with --text nothing)",
    )  # fmt: skip
    step.add_argument("--text", action="store_true", help="tell the steps here")
    step.set_defaults(run=run_steps)


def add_expression(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for an expression and the numbers of its variables."""
    parser.add_argument("expression", help='what to compute, in quotes: "tanh(w*x + b)"')
    parser.add_argument(
        "variables", nargs="*", type=name_and_number, metavar="name=number", help="such as x=2"
    )


def value_of_expression(options: argparse.Namespace) -> tuple[Value, dict[str, Value]]:
    """Return the Value of the expression, and that of each variable."""
    names = [name for name, _ in options.variables]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise UsageError(f"{', '.join(repeated)} is given twice: give each variable one number.")
    try:
        return evaluate(options.expression, dict(options.variables))
    except ExpressionError as error:
        raise UsageError(str(error)) from None


def run_draw(options: argparse.Namespace) -> int:
    """Draw an expression, and print it with its gradients."""
    root, variables = value_of_expression(options)
    if not options.forward_only:
        root.backward()
    # A typed name has no dots, so an underscore stands for the dot of layer1.neuron2.w.
    parameters = {
        name.replace("_", "."): variable for name, variable in variables.items() if "_" in name
    }
    if options.detail != "operation" and not parameters:
        raise UsageError(
            f"--detail {options.detail} gathers by the names of the parameters, such as neuron1_w "
            "or layer1_neuron2_w, and no variable has an underscore in its name."
        )
    zoomed = parameters if options.detail != "operation" else ()
    picture = autograd.draw(
        root, detail=options.detail, direction=options.direction, parameters=zoomed
    )
    path = picture.save(options.output)
    print(f"{options.expression} = {root.data:.6g}")
    if not options.forward_only:
        for name, variable in variables.items():
            print(f"  d/d{name} = {variable.grad:.6g}   at {name} = {variable.data:.6g}")
    print(f"wrote {path}")
    return 0


def run_steps(options: argparse.Namespace) -> int:
    """Write the steps of an expression, or tell them."""
    root, _ = value_of_expression(options)
    story = steps(root)
    if options.text:
        print(story)
    output = options.output or (None if options.text else Path("steps.html"))
    if output:
        path = story.save(output)
        print(f"wrote {path}: {len(story)} steps of {options.expression} = {root.data:.6g}")
    return 0
