"""The demonstration: an expression with its gradients, then three networks that learn.

``make demo`` and ``chalkgrad demo`` run it. Everything that it says is computed.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import autograd
from autograd import Value
from nn.command.experiment import Experiment

EXPERIMENTS = [
    Experiment.usual("iris"),
    Experiment.usual("moons", epochs=30, validation=1 / 3),
    Experiment.usual("digits"),
]
STORIES = {
    "iris": "3. The same chain rule trains a network: 120 flowers to learn from, 30 to be tested "
    "with.",
    "moons": "4. And a network that bends its boundary: 200 points to learn from, 100 to be "
    "tested with.",
    "digits": "5. And handwritten digits, 1438 to learn from, 359 to be tested with: thousands of "
    "scalars for each picture, found to be a few matrix products.",
}


def demo(folder: Path, *, progress: bool = True) -> list[Path]:
    """Tell and compute the demonstration, and return the files that it wrote into the folder.

    Raises KeyboardInterrupt if it is interrupted; the files that are there by then are whole.
    """
    written = show_expression(folder)
    for experiment in EXPERIMENTS:
        if experiment.data == "digits" and not find_spec("sklearn"):
            print("\nThe digits need scikit-learn. Type: python -m pip install scikit-learn")
            continue
        print(f"\n{STORIES[experiment.data]}\n", flush=True)
        report = experiment.run(progress=progress)
        if report.history.interrupted:
            raise KeyboardInterrupt
        subfolder = folder / experiment.data
        subfolder.mkdir(exist_ok=True)
        written += report.write(subfolder)  # before anything is printed, which may fail
        print(indented(f"{report.history}\n\n{report.verdict()}"), flush=True)
    return written


def show_expression(folder: Path) -> list[Path]:
    """Compute an expression and its gradients, tell the story, and write its picture."""
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(6.5, label="c")
    product = a * b
    total = product + c
    loss = total.tanh()
    product.label, total.label, loss.label = "a*b", "a*b + c", "loss"
    loss.backward()
    slope = total.grad  # the derivative of tanh, at this place
    nudge = 0.001
    nudged = ((a + nudge) * b + c).tanh()
    story = f"""\
1. An expression remembers how it was computed.

    loss = tanh(a*b + c)   at a = {a.data:g}, b = {b.data:g}, c = {c.data:g}

    forward:   a*b = {product.data:g}    a*b + c = {total.data:g}    loss = {loss.data:.6f}

2. loss.backward() walks back and multiplies the local derivatives: the chain rule.

    through tanh   d loss/d(a*b + c) = 1 - loss**2 = {slope:.6f}
    through +      d loss/dc = {slope:.6f} * 1 = {c.grad:.6f}
    through *      d loss/da = {slope:.6f} * b = {a.grad:.6f}
                   d loss/db = {slope:.6f} * a = {b.grad:.6f}

    Is it true? Raise a by {nudge:g}, and the loss changes by {nudged.data - loss.data:.6f};
    the gradient foretells {nudge:g} * {a.grad:.6f} = {nudge * a.grad:.6f}."""
    print(story, flush=True)
    picture = autograd.draw(loss)
    return [Path(picture.save(folder / f"expression.{kind}")) for kind in ("svg", "png")]


def indented(text: str) -> str:
    """Return the text with every line moved to the right."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
