"""The pictures on a worksheet: the graph as ``draw`` lays it out, with a ? for what is asked."""

from __future__ import annotations

import re
from typing import Any

from autograd.classroom.sheets.questions import Question
from autograd.view.player.painter import Painter, look
from autograd.view.player.playable import steps
from autograd.view.player.player import svg
from autograd.view.player.scene import Moment, Scene

ASKED = "?"


def laid_out(question: Question, *, solved: bool) -> tuple[Scene, Moment]:
    """Return the laid-out graph of a question, and how it looks on the sheet or in the key."""
    scene = Scene(steps(question.program.build()[question.program.result]))
    moment = scene.moment(len(scene.steps.everything) - 1)
    moment.lit = {}
    if solved:
        return scene, moment
    labels = {scene.ids[node]: node.label for node in scene.ids}
    shown = dict.fromkeys(labels.values(), ASKED) if question.kind == "backward" else {}
    shown |= question.gradients
    moment.gradients = {place: shown[label] for place, label in labels.items() if label in shown}
    if question.kind == "backward":
        moment.gradients[scene.ids[scene.steps.story.root]] = "1"
    if question.kind != "local":
        moment.passed = set()
    for part in scene.parts:
        for shape in part.shapes:
            if part.kind == "edge" and shape.kind == "text":
                shape.text = ASKED
            elif shape.role == "data" and part.kind.startswith("inner") and not question.known:
                shape.text = f"data {ASKED}"
    return scene, moment


def inline_svg(question: Question, *, solved: bool) -> str:
    """Return the picture for a page of HTML."""
    scene, moment = laid_out(question, solved=solved)
    # An id must not occur twice on a page that has many pictures.
    return re.sub(r' id="\w+"', "", svg(scene, moment, lit=False))


class Print(Painter):
    """A picture that matplotlib paints at a place on a page, ``width`` points wide at most."""

    def __init__(self, question: Question, width: float, *, solved: bool) -> None:
        self.scene, self.moment = laid_out(question, solved=solved)
        self.scale = min(width / self.scene.width, 0.8)
        self.width, self.height = self.scene.width * self.scale, self.scene.height * self.scale

    def paint(self, axes: Any) -> None:
        """Paint it into axes of its own width and height."""
        axes.set_axis_off()
        axes.set_xlim(0, self.scene.width)
        axes.set_ylim(self.scene.height, 0)
        for part in self.scene.parts:
            for shape in part.shapes:
                artist = self.artist(axes, part, shape)
                if shape.kind == "text":
                    shown = part.kind != "edge" or part.id in self.moment.passed
                    artist.set_text(self.moment.text(shape, part) if shown else "")
                else:
                    artist.set(**look(shape, part, self.moment))
