"""The player: one HTML page, without network or kernel, in which the steps are played.

The page is made of the files beside this one. The graph is laid out once and painted by its style
sheet; the script looks up how it is to look after each step. All that a student wrote reaches the
page as escaped text or inside JSON, never as markup.
"""

from __future__ import annotations

import html
import io
import json
import re
from contextlib import suppress
from importlib import resources
from typing import Any

from autograd.story.sentences import opening, sentence, title
from autograd.story.step_formula import step_formula
from autograd.story.steps import Step, Steps
from autograd.view.images import READABLE, image, small
from autograd.view.labels import number_label
from autograd.view.player.painter import DPI, Painter
from autograd.view.player.scene import Moment, Part, Scene, Shape, edge_id
from autograd.words.markup import TREE

NARROW = 800  # pixels: a cell of a notebook on a laptop
BESIDE = 300  # pixels: what stands above and below the picture
SCRIPTS = ("formula.js", "answers.js", "player.js")


def page(steps: Steps) -> str:
    """Return the player as a page of HTML.

    Raises TooManyNodesError for a graph that is too large, and RenderError if there is no Graphviz.

    >>> from autograd import Value
    >>> from autograd.view.player.playable import steps
    >>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
    >>> page(steps(a * b)).startswith("<!DOCTYPE html>")
    True
    """
    return filled(Scene(steps))


def filled(scene: Scene) -> str:
    """Return the page for a scene."""
    content = {
        "title": html.escape(title_of(scene)),
        "style": asset("player.css"),
        "script": "\n".join(map(asset, SCRIPTS)),
        "picture": svg(scene, scene.moment(len(scene.steps.everything) - 1), lit=False),
        "record": script_data(scene),
    }
    # One pass: what a label says is never searched for a place to fill.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: content[match[1]], asset("player.html"))


def asset(name: str) -> str:
    """Return the text of a file beside this one."""
    return resources.files("autograd.view.player").joinpath(name).read_text(encoding="utf-8")


def title_of(scene: Scene) -> str:
    """Return what the page shows: the expression and its number."""
    story = scene.steps.story
    return f"{story.title} = {number_label(story.root.data)}"


# The picture --------------------------------------------------------------------------------------


def svg(scene: Scene, moment: Moment, *, lit: bool = True, style: str = "") -> str:
    """Return the picture at a moment as SVG. A style sheet gives it its colours."""
    groups = []
    for part in scene.parts:
        classes = [part.kind]
        if part.id in moment.known:
            classes.append("known")
        if part.id in moment.passed:
            classes.append("passed")
        if lit and part.id in moment.lit:
            role = moment.lit[part.id]
            classes.append("source" if role == "source" else f"lit by-{role}")
        shapes = "".join(element(shape, part, moment) for shape in part.shapes)
        groups.append(f'<g id="{part.id}" class="{" ".join(classes)}">{shapes}</g>')
    described = html.escape(scene.description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{scene.width:g}" '
        f'height="{scene.height:g}" viewBox="0 0 {scene.width:g} {scene.height:g}" role="img" '
        f'aria-label="{described}">{style}{"".join(groups)}</svg>'
    )


def element(shape: Shape, part: Part, moment: Moment) -> str:
    """Return a shape as an element of SVG. Those of an edge need no class: each is of its kind."""
    role = "" if part.kind == "edge" else f' class="{shape.role}"'
    geometry = "".join(f' {name}="{value}"' for name, value in shape.geometry.items())
    text = html.escape(moment.text(shape, part))
    inside = f">{text}</text>" if shape.kind == "text" else "/>"
    return f"<{shape.kind}{role}{geometry}{inside}"


# The record ---------------------------------------------------------------------------------------


class Trees:
    """Formulas as nested lists, in which equal parts are written once and named by a number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.table: list[Any] = []

    def add(self, tree: list[Any]) -> int:
        """Return the number of a formula in the table."""
        small = [self.add(part) if isinstance(part, list) else part for part in tree]
        key = json.dumps(small, ensure_ascii=False)
        if key not in self.numbers:
            self.numbers[key] = len(self.table)
            self.table.append(small)
        return self.numbers[key]


def script_data(scene: Scene) -> str:
    """Return all that the script needs as JSON, which cannot end the element that it stands in."""
    steps = scene.steps
    trees = Trees()
    content = {
        "start": opening(steps),
        "nodes": [
            {
                "id": name,
                "name": scene.names[node],
                "gradient": steps.story.gradient(node),
                "op": node.op.name if node.op else "",
                "number": number_label(node.data),
                "exact": repr(node.data),
            }
            for node, name in scene.ids.items()
        ],
        "fields": FIELDS,
        "steps": [recorded(step, scene, trees) for step in steps.everything],
        "shown": list(steps.numbers),
        "trees": trees.table,
    }
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A name may hold "</script>": without "<" nothing in it can end the element.
    return written.replace("<", "\\u003c")


FIELDS = (
    "kind", "node", "changed", "words", "formula", "shown", "exact", "asked", "edge", "local",
    "upstream",
)  # fmt: skip


def recorded(step: Step, scene: Scene, trees: Trees) -> list[Any]:
    """Return the FIELDS of a step; its numbers as text, since JSON knows neither nan nor inf."""
    fields = [
        step.kind,
        scene.ids[step.node],
        scene.ids[step.changed],
        sentence(step),
        trees.add(step_formula(step, TREE)),
        number_label(step.after),
        repr(step.after),
        repr(step.asked),
    ]
    if step.position is not None:
        edge = edge_id(scene.ids[step.node], step.position)
        fields += [edge, repr(step.local), repr(step.upstream)]
    return fields


# In a notebook ------------------------------------------------------------------------------------


def bundle(steps: Steps) -> dict[str, Any]:
    """Return what a notebook shows; where there can be no picture, the reason as text.

    A cell must not end in a traceback only because Graphviz is missing or the graph is large.
    """
    try:
        scene = Scene(steps)
    except Exception as error:
        return {"text/plain": f"{steps!r}\n{error}"}
    shown: dict[str, Any] = {"text/html": embedded(scene), "text/plain": repr(steps)}
    with suppress(ModuleNotFoundError):  # without matplotlib there is no picture for a document
        shown["image/png"] = png_of(scene)
    return shown


def embedded(scene: Scene) -> str:
    """Return the player as a frame that can do nothing but run its own script.

    Where a notebook is not trusted the frame is taken away, and so is the style that hides the
    still picture behind it. Two more stay folded for a page whose scripts are not run.
    """
    numbers = scene.steps.numbers or [0]
    height = frame_height(scene)
    size = scene.width, scene.height
    frame = (
        f'<iframe srcdoc="{html.escape(filled(scene))}" sandbox="allow-scripts" width="100%" '
        f'height="{height}" style="border:1px solid #8884;border-radius:8px;min-height:{height}px" '
        f'title="{html.escape(title_of(scene))}, step by step"></iframe>'
    )
    pictures = "".join(
        f"<p>{caption}:</p>" + image(svg_of(scene, when), f"{caption}: {scene.description}", *size)
        for caption, when in (("Before", numbers[0] - 1), ("After", numbers[-1]))
    )
    summary = html.escape(title(scene.steps))
    still = image(
        svg_of(scene, numbers[-1]), scene.description, scene.width, scene.height, least=0.7
    )
    return (
        f"{frame}<style>.chalkgrad-still{{display:none}}</style>"
        f'<div class="chalkgrad-still">{still}</div>'
        f"<details><summary>{summary} (without scripts)</summary>{pictures}</details>"
    )


def frame_height(scene: Scene) -> int:
    """Return how high the frame has to be, in pixels: the picture as player.js will scale it.

    A picture that would be too small in a narrow cell keeps its size, and is scrolled.
    """
    fitting = NARROW / scene.width
    scale = min(fitting, 1.0) if fitting >= READABLE else 1.0
    return round(min(max(scene.height * scale + 20, 180), 480) + BESIDE)


def svg_of(scene: Scene, when: int) -> str:
    """Return the picture after a step as an SVG that brings its own style."""
    style = re.sub(r"#view |/\*.*?\*/", "", asset("player.css"))
    style = "<style>svg{font:14px Helvetica,Arial,sans-serif;background:var(--paper)}" + style
    style += "text{text-anchor:middle;fill:var(--ink)}</style>"
    return svg(scene, scene.moment(when), lit=False, style=style)


def png_of(scene: Scene) -> bytes:
    """Return the last step as a still picture with its words, for a document made of a notebook."""
    painter = Painter(scene)
    numbers = scene.steps.numbers
    figure = painter.show(numbers[-1]) if numbers else painter.show_before(0)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return small(file.getvalue())
