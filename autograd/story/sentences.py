"""Steps in words: a sentence for each, and all of them for a terminal or for Markdown."""

from __future__ import annotations

from typing import Any

from autograd.graph import numbers
from autograd.story.step_formula import LONGEST, local_text, with_arguments
from autograd.words.formula_printer import formula
from autograd.words.markup import shortened

MOST = 400  # steps that one narration holds


def six_digits(value: float) -> str:
    """Return a number as Python would write it, with at most six digits.

    >>> six_digits(2.0), six_digits(-1 / 3), six_digits(1e300)
    ('2.0', '-0.333333', '1e+300')
    """
    text = f"{value + 0.0:.6g}"  # adding 0.0 turns -0.0 into 0.0
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def sentence(step: Any) -> tuple[str, str, str]:
    """Return a step in words in three parts: up to the number that it finds, that, and the rest."""
    node, story = step.node, step.story
    found = six_digits(step.asked)
    if step.kind == "forward":
        given = f"{story.name(node)} = " if story.given_name(node) else ""
        symbols = formula(with_arguments(node, node.args), story.names)
        return f"{given}{shortened(symbols, 2 * LONGEST)} = {with_numbers(node)} = ", found, ""
    name = story.gradient(step.changed)
    if step.kind == "seed":
        return f"{name} = ", found, f" (the seed: how {story.name(node)} changes with itself)"
    before = six_digits(step.before)
    if step.kind == "accumulate":
        old = six_digits(step.contribution)
        return f"{name} = {before} + {old} = ", found, f" ({old} was left by an earlier backward())"
    local = local_text(node, step.position, story)
    local = shortened(local, LONGEST) if 0 < len(local) <= LONGEST else six_digits(step.local)
    symbols = f"{local} * {story.gradient(node)} = "
    factors = f"{six_digits(step.local)} * {six_digits(step.upstream)}"
    return (
        f"{name} += {symbols}{factors} = ",
        found,
        f" (was {before}, now {six_digits(step.after)})",
    )


def with_numbers(node: Any) -> str:
    """Return the operation of a node on numbers, such as ``0.5 * 2.0``."""
    named = [type(node)(value, label=six_digits(value)) for value in numbers(node.args)]
    return shortened(formula(with_arguments(node, named)), 2 * LONGEST)


def title(steps: Any) -> str:
    """Return what the steps are of, and how many they are."""
    root = steps.story.root
    forward = len(steps.forward)
    return (
        f"{steps.story.title} = {six_digits(root.data)}: {forward} forward, "
        f"{len(steps) - forward} backward"
    )


def opening(steps: Any) -> str:
    """Return what there is to say before the first step."""
    name, count = steps.story.title, len(steps.everything)
    if len(steps) < count:
        return f"{len(steps)} of the {count} steps of {name}."
    return f"The leaves are given. {name} and its gradients take {count} steps."


def narration(steps: Any) -> str:
    """Return the steps as text for a terminal: a sentence for each, and what came out."""
    width = len(str(len(steps.everything)))
    lines, part = [title(steps)], ""
    for number, step in parts_of(steps):
        if step is None:
            lines.append(
                f"{'...':>{width + 2}}  {number:,} more: print a slice, such as steps[:20]"
            )
            continue
        if part != part_of(step):
            part = part_of(step)
            lines += ["", part]
        lines.append(f"{number + 1:>{width + 2}}  {step.sentence}")
    return "\n".join([*lines, "", *result_rows(steps)])


def part_of(step: Any) -> str:
    """Return the pass that a step belongs to."""
    return "forward" if step.kind == "forward" else "backward"


def parts_of(steps: Any) -> list[tuple[int, Any]]:
    """Return the numbered steps of a narration; the middle of many is one gap, without a step."""
    numbers = steps.numbers
    if len(numbers) <= MOST:
        return list(zip(numbers, steps, strict=True))
    half = MOST // 2
    first, last = steps[:half], steps[-half:]
    return [
        *zip(first.numbers, first, strict=True),
        (len(numbers) - MOST, None),
        *zip(last.numbers, last, strict=True),
    ]


def results(steps: Any) -> list[tuple[str, str, str]]:
    """Return the name, the number and the last gradient of the nodes that the steps change."""
    gradients: dict[Any, str] = {}
    for step in steps:
        gradient = "" if step.kind == "forward" else six_digits(step.after)
        gradients[step.changed] = gradient or gradients.get(step.changed, "")
    nodes = [node for node in steps.story.order if node in gradients][-MOST:]
    return [(steps.story.name(node), six_digits(node.data), gradients[node]) for node in nodes]


def result_rows(steps: Any) -> list[str]:
    """Return the results as the lines of a table."""
    rows = [("node", "data", "grad"), *results(steps)]
    first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [f"{a:<{first}}  {b:>{second}}  {c:>{third}}".rstrip() for a, b, c in rows]
    return [lines[0], "-" * (first + second + third + 4), *lines[1:]]


def markdown(steps: Any) -> str:
    """Return the steps as Markdown, each with its formula."""
    lines, part = [f"# {as_markdown(title(steps))}"], ""
    for number, step in parts_of(steps):
        if step is None:
            lines += ["", f"... {number:,} more steps ..."]
            continue
        if part != part_of(step):
            part = part_of(step)
            lines += ["", f"## {part.capitalize()}"]
        lines += ["", f"**{number + 1}.** {as_markdown(step.sentence)}", "", f"$${step.latex}$$"]
    lines += ["", "## Results", "", "| node | data | grad |", "|---|---:|---:|"]
    lines += [f"| {' | '.join(map(as_markdown, row))} |" for row in results(steps)]
    return "\n".join(lines) + "\n"


def as_markdown(text: str) -> str:
    """Return text as Markdown shows it: no sign in it is a command."""
    for sign in "\\`*_{}[]<>|#~$":
        text = text.replace(sign, f"\\{sign}")
    return text
