"""The pictures on a worksheet: the graph as ``draw`` lays it out, with a ? for what is asked."""

from __future__ import annotations

import copy
import functools
import re
from dataclasses import replace
from typing import Any

from autograd.classroom.sheets.program import Recipe
from autograd.classroom.sheets.questions import Question
from autograd.view.player.painter import Painter, families_of, look
from autograd.view.player.playable import steps
from autograd.view.player.player import svg
from autograd.view.player.scene import Moment, Scene

ASKED = "?"


def on_sheet(question: Question, *, solved: bool) -> tuple[Scene, Moment]:
    """Return the laid-out graph of a question, and how it looks on the sheet or in the key."""
    program = question.program
    scene = editable_copy(laid_out(tuple(program.numbers.items()), tuple(program.lines.items())))
    moment = scene.moment(len(scene.steps.everything) - 1)
    moment.lit = {}
    if not solved:
        hide_gradients(question, scene, moment)
        hide_numbers(question, scene)
        if question.kind != "local":
            moment.passed = set()  # the local derivatives would give the answers away
    return scene, moment


@functools.lru_cache(maxsize=64)  # a sheet and its key have the same pictures, one after the other
def laid_out(numbers: tuple[tuple[str, float], ...], lines: tuple[tuple[str, str], ...]) -> Scene:
    """Return the laid-out graph of a program. Laying out is what takes time in a picture."""
    program = Recipe(dict(numbers), dict(lines))
    return Scene(steps(program.build()[program.result]))


def editable_copy(scene: Scene) -> Scene:
    """Return a copy of a scene whose texts may be changed."""
    copied = copy.copy(scene)
    copied.parts = [
        replace(part, shapes=[replace(shape) for shape in part.shapes]) for part in scene.parts
    ]
    return copied


def hide_gradients(question: Question, scene: Scene, moment: Moment) -> None:
    """Leave those gradients that the sheet shows, and put a ? for those that it asks for."""
    labels = {place: node.label for node, place in scene.ids.items()}
    shown = dict.fromkeys(labels.values(), ASKED) if question.kind == "backward" else {}
    shown |= question.gradients
    moment.gradients = {place: shown[label] for place, label in labels.items() if label in shown}
    if question.kind == "backward":
        moment.gradients[scene.ids[scene.steps.story.root]] = "1"


def hide_numbers(question: Question, scene: Scene) -> None:
    """Put a ? for the local derivatives, and for the numbers of the lines if they are asked for."""
    for part in scene.parts:
        for shape in part.shapes:
            if part.kind == "edge" and shape.kind == "text":
                shape.text = ASKED
            elif shape.role == "data" and part.kind.startswith("inner") and not question.known:
                shape.text = f"data {ASKED}"


def inline_svg(question: Question, *, solved: bool) -> str:
    """Return the picture for a page of HTML."""
    scene, moment = on_sheet(question, solved=solved)
    # An id must not occur twice on a page that has many pictures.
    return re.sub(r' id="\w+"', "", svg(scene, moment, lit=False))


class Canvas:
    """Takes shapes as axes do, and puts them onto the page itself, where a picture has its place.

    Axes would come with ticks, labels and limits, which take more time than what is in the picture.
    """

    def __init__(self, figure: Any, left: float, top: float, scale: float) -> None:
        from matplotlib.transforms import Affine2D

        self.figure = figure
        to_inches = Affine2D().scale(scale / 72, -scale / 72).translate(left / 72, top / 72)
        self.transform = to_inches + figure.dpi_scale_trans

    def text(self, x: float, y: float, text: str, **look: Any) -> Any:
        """Write a text at a place of the picture."""
        return self.figure.text(x, y, text, transform=self.transform, **look)

    def add_patch(self, patch: Any) -> Any:
        """Put a shape of the picture onto the page."""
        patch.set_transform(self.transform)
        return self.figure.add_artist(patch)


class Print(Painter):
    """A picture that matplotlib paints at a place on a page, ``width`` points wide at most."""

    def __init__(self, question: Question, width: float, *, solved: bool) -> None:
        self.scene, self.moment = on_sheet(question, solved=solved)
        self.families = families_of(self.scene)
        self.scale = min(width / self.scene.width, 0.8)
        self.width, self.height = self.scene.width * self.scale, self.scene.height * self.scale

    def paint(self, figure: Any, left: float, top: float) -> None:
        """Paint it onto a page; ``left`` and ``top`` are in points from the left and from below."""
        canvas = Canvas(figure, left, top, self.scale)
        for part in self.scene.parts:
            for shape in part.shapes:
                artist = self.artist(canvas, part, shape)
                artist.set_gid("picture")
                if shape.kind == "text":
                    shown = part.kind != "edge" or part.id in self.moment.passed
                    artist.set_text(self.moment.text(shape, part) if shown else "")
                else:
                    artist.set(**look(shape, part, self.moment))
