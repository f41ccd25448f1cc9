"""The lifted graph as a picture, and as a table of which scalars became which array."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograd.compiled.lift.program import Band, Dot, Elementwise, Instruction, Normalised
from autograd.compiled.run.statements import operands_of
from autograd.compiled.show.program_text import Line, Writer, is_line, overlap, shape_text, size_of
from autograd.view import Drawing
from autograd.words.html_table import table

MOST = 200  # arrays in one picture


def draw_program(writer: Writer) -> Drawing:
    """Return the picture of a program: a box for each array, with its formula and its shape.

    Raises ValueError for a program of so many arrays that nobody could read the picture.
    """
    lines = writer.lines
    if len(lines) > MOST:
        raise ValueError(
            f"the program has {len(lines):,} arrays, too many for a picture: no pattern was found "
            f"in most of its scalars. print(step) shows the beginning and the end of it."
        )
    drawing = Drawing(comment="an array program", graph_attr={"rankdir": "LR"})
    drawing.attr("node", fontname="Helvetica", fontsize="12", shape="box", style="rounded")
    inputs = list(zip(writer.arguments, writer.program.inputs, strict=True))
    for name, band in inputs:
        size = f"rows x {band.size}" if band.size > 1 else "rows"
        drawing.node(f"input {name}", f"{name}\n{size}", shape="ellipse", style="")
    for line in lines:
        text = f"{line.name} = {line.formula}\n{shape_text(line) or 'a number'}"
        drawing.node(line.name, for_graphviz(text))
    for line in lines:
        for source in sources(writer, line, inputs):
            drawing.edge(source, line.name)
    return drawing


def sources(writer: Writer, line: Line, inputs: Iterable[tuple[str, Band]]) -> list[str]:
    """Return the boxes that a line reads: named arrays and inputs, each once."""
    named = {each.instruction: each.name for each in writer.lines}
    found: dict[str, None] = {}
    stack = [line.instruction] if line.instruction is not None else []
    while stack:
        for operand in operands_of(stack.pop()):
            if not isinstance(operand, Band):
                continue
            for name, band in inputs:
                if overlap(band, operand):
                    found[f"input {name}"] = None
            for maker in writer.makers_of(operand):
                if maker in named:
                    found[named[maker]] = None
                else:
                    stack.append(maker)
    return list(found)


def for_graphviz(text: str) -> str:
    """Return a text as Graphviz writes it: a backslash would begin an escape."""
    return text.replace("\\", "\\\\")


@dataclass(frozen=True)
class Lifting:
    """Which scalars became which array: rows of (array, scalars). It prints as a table."""

    rows: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        widest = max(len(array) for array, _ in self.rows)
        return "\n".join(f"{array:<{widest}}  <-  {scalars}" for array, scalars in self.rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        return table(self.rows, header=("array", "scalars"), left=(0, 1))


def explain_program(writer: Writer) -> Lifting:
    """Return which scalars of one example became which array of the batch."""
    rows = [
        (f"{name} (rows x {band.size})", f"{name}[0] to {name}[{band.size - 1}] of every example")
        if band.size > 1
        else (f"{name} (rows)", f"{name} of every example")
        for name, band in zip(writer.arguments, writer.program.inputs, strict=True)
    ]
    for instruction in writer.program.batch:
        if isinstance(instruction, Dot) and not is_line(instruction):
            rows += [row for row in matrices(writer, instruction) if row not in rows]
    for instruction in (*writer.program.shared, *writer.program.batch):
        rows.append((writer.formula(instruction).markup, scalars_in_words(instruction)))
    return Lifting(tuple(rows))


def matrices(writer: Writer, dot: Dot) -> list[tuple[str, str]]:
    """Return what the matrix of weights and the list of biases are made of."""

    def name(position: int) -> str:
        return str(writer.one_shared(position).markup)

    rows, columns = len(dot.weights[0]), len(dot.weights)
    corner = f"[0, 0] is {name(dot.weights[0][0])}"
    if rows > 1:
        corner += f", [1, 0] is {name(dot.weights[0][1])}"
    if columns > 1:
        corner += f", [0, 1] is {name(dot.weights[1][0])}"
    weights, bias = writer.names_of(dot)
    found = [(f"{weights} ({rows} x {columns})", corner)]
    if dot.bias is not None:
        first, last = name(dot.bias[0]), name(dot.bias[-1])
        found.append((f"{bias} ({columns})", f"{first} to {last}" if columns > 1 else first))
    return found


def scalars_in_words(instruction: Instruction) -> str:
    """Return which scalar nodes an instruction stands for, in words."""
    size = instruction.out.size
    if isinstance(instruction, Dot):
        terms = len(instruction.weights[0])
        bias = " and a bias" if instruction.bias is not None else ""
        if size == terms == 1:
            return f"1 x product{bias.replace('and', 'plus')}"
        return f"{size:,} x sum of {terms:,} products{bias}: a matrix product"
    if isinstance(instruction, Elementwise):
        return f"{size:,} x {instruction.op.name}"
    if isinstance(instruction, Normalised):
        return f"{size:,} x {instruction.op.name} of the same {instruction.operand.size:,} numbers"
    return f"sum of {sum(size_of(operand) for operand in instruction.args):,} terms"
