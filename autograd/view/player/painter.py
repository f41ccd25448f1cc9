"""A scene painted with matplotlib, which brings its own fonts and sets formulas.

So a frame looks the same on a machine that has neither fonts nor LaTeX.
"""

from __future__ import annotations

import functools
from typing import Any

from autograd.machinery.required import required
from autograd.story.sentences import opening, part_of, sentence
from autograd.story.step_formula import step_formula
from autograd.view.fonts import BROUGHT, families_for, family_with
from autograd.view.palette import BACKWARD, INPUT, OPERATION_FILL
from autograd.view.player.scene import Moment, Part, Scene, Shape
from autograd.words.markup import Latex, shortened

WIDTH, DPI = 800, 100  # of a frame, in pixels and pixels per inch
MARGIN, TELLING = 0.15, 1.4  # inches around the picture, and below it for words
LETTERS = 0.87  # DejaVu Sans is wider than Helvetica, for which Graphviz has left room
LINE = 86  # letters of the sentence
SIZE = 15  # points of the formula

FORWARD = "#B34700"
INK, QUIET, EDGE, GREY = "#1D232B", "#5B6673", "#6B7480", "#ECECEC"
LIT = {"forward": FORWARD, "backward": BACKWARD, "source": BACKWARD}
THICK = {"forward": 3.5, "backward": 3.5, "source": 2.2}
DASHES, FLOW = (0, (3, 2)), (0, (2.6, 1.6))


class Mathtext(Latex):
    """The LaTeX of matplotlib: large fractions, and words that may hold any sign."""

    def letters(self, text: str) -> str:
        """Return a name: one letter in italics, a word upright."""
        if len(text) == 1 and text.isascii() and text.isalpha():
            return text
        return rf"\text{{{text.translate(ESCAPES)}}}"

    def sign(self, sign: str) -> str:
        """Return an operator."""
        return r"\;\mathrm{+\!\!=}\;" if sign == "+=" else super().sign(sign)

    def fraction(self, above: str, below: str) -> str:
        """Return a fraction."""
        return rf"\dfrac{{{above}}}{{{below}}}"


ESCAPES = {ord(sign): f"\\{sign}" for sign in "\\{}$"}
MATHTEXT = Mathtext()


def families_of(scene: Scene) -> list[str]:
    """Return the fonts that have every sign of a picture; the words around it are plain English."""
    texts = [shape.text for part in scene.parts for shape in part.shapes]
    return families_for("".join([*scene.names.values(), *texts]))


class Painter:
    """A figure with the shapes of a scene, which a step changes in colours, widths and texts."""

    def __init__(self, scene: Scene) -> None:
        required("matplotlib", "A still picture of the steps")
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.scene = scene
        self.families = families_of(scene)
        inches = WIDTH / DPI
        self.scale = min((inches - 2 * MARGIN) * 72 / scene.width, 1.15)
        height = scene.height * self.scale / 72 + 2 * MARGIN
        self.figure = Figure(figsize=(inches, height + TELLING), facecolor="white")
        self.canvas: Any = FigureCanvasAgg(self.figure)  # it measures text
        below = TELLING / (height + TELLING)
        axes = self.figure.add_axes((0, below, 1, 1 - below))
        axes.set_axis_off()
        beside, above = inches * 36 / self.scale - scene.width / 2, MARGIN * 72 / self.scale
        axes.set_xlim(-beside, scene.width + beside)
        axes.set_ylim(scene.height + above, -above)
        self.artists = [
            (part, shape, self.artist(axes, part, shape))
            for part in scene.parts
            for shape in part.shapes
        ]
        write = functools.partial(self.figure.text, family=self.families)
        self.place = write(0.98, 0.02, "", ha="right", va="bottom", size=11)
        self.words = write(0.02, below * 0.97, "", va="top", size=12, color=INK, parse_math=False)
        self.formula = write(0.02, below * 0.36, "", va="center", size=SIZE, color=INK)

    def artist(self, axes: Any, part: Part, shape: Shape) -> Any:
        """Return what matplotlib paints for a shape."""
        from matplotlib.patches import Ellipse, PathPatch, Polygon
        from matplotlib.path import Path
        from matplotlib.patheffects import withStroke

        (left, top), (right, bottom) = shape.points[0], shape.points[-1]
        if shape.kind == "text":
            size = {"symbol": 18, "label": 13}.get(shape.role, 14) * self.scale * LETTERS
            halo = [withStroke(linewidth=3, foreground="white")] if part.kind == "edge" else []
            return axes.text(
                left, top, "", ha="center", size=size, parse_math=False, zorder=3,
                family=self.families,
                weight="bold" if shape.role == "name" else "normal", path_effects=halo,
                color=BACKWARD if shape.role == "grad" or part.kind == "edge" else INK,
            )  # fmt: skip
        patch: Any = Polygon(shape.points, closed=True)
        if shape.kind == "ellipse":
            middle = (left + right) / 2, (top + bottom) / 2
            patch = Ellipse(middle, right - left, bottom - top)
        if shape.kind == "path":
            codes = [Path.MOVETO] + [Path.CURVE4] * (len(shape.points) - 1)
            patch = PathPatch(Path(shape.points, codes), fill=False)
        return axes.add_patch(patch)

    def show(self, number: int) -> Any:
        """Return the figure as it is after the step of this number."""
        self.change(self.scene.moment(number))
        steps = self.scene.steps
        step = steps.everything[number]
        place = f"step {number + 1} of {len(steps.everything)} · {part_of(step)}"
        colour = FORWARD if step.kind == "forward" else BACKWARD
        self.say("".join(sentence(step)), f"${step_formula(step, MATHTEXT)}$", place, colour)
        return self.figure

    def show_before(self, number: int) -> Any:
        """Return the figure as it is before the step of this number, the first one to be shown."""
        moment = self.scene.moment(number - 1)
        moment.lit = {}
        self.change(moment)
        self.say(opening(self.scene.steps), "", f"{len(self.scene.steps)} steps", QUIET)
        return self.figure

    def change(self, moment: Moment) -> None:
        """Change the picture to how it is at a moment."""
        for part, shape, artist in self.artists:
            if shape.kind == "text":
                artist.set_text(self.text(shape, part, moment))
            else:
                artist.set(**look(shape, part, moment))

    def say(self, words: str, formula: str, place: str, colour: str) -> None:
        """Write what stands below the picture; a wide formula gets smaller letters."""
        self.words.set_text(in_two_lines(words, LINE))
        self.place.set(text=place, color=colour)
        # Mathematics is set in one font. A name that it lacks stands in the words above.
        plain = all(family_with(letter) == BROUGHT for letter in formula)
        self.formula.set(text=formula if plain else "", fontsize=SIZE)
        width = self.formula.get_window_extent(self.canvas.get_renderer()).width
        room = 0.96 * self.figure.bbox.width
        if width > room:
            self.formula.set_fontsize(max(SIZE * room / width, 6))

    def text(self, shape: Shape, part: Part, moment: Moment) -> str:
        """Return what a text says at a moment: that of an edge appears when it is passed."""
        shown = part.kind != "edge" or part.id in moment.passed
        return moment.text(shape, part) if shown else ""


def look(shape: Shape, part: Part, moment: Moment) -> dict[str, Any]:
    """Return the colours and widths of a shape at a moment."""
    role = moment.lit.get(part.id, "")
    if shape.role == "line":
        dashes = FLOW if role == "backward" else "-"
        return {"edgecolor": LIT.get(role, EDGE), "linewidth": THICK.get(role, 1), "ls": dashes}
    if shape.role == "head":
        return {"color": LIT.get(role, EDGE), "linewidth": 0}
    if shape.role == "ring":
        return {"fill": False, "edgecolor": INK}
    if shape.role == "operation" or part.kind == "constant":
        return {"color": OPERATION_FILL if shape.role == "operation" else GREY, "linewidth": 0}
    is_leaf = part.kind.startswith("leaf")
    unknown = part.id not in moment.known
    resting = INPUT["color"] if is_leaf else QUIET if unknown else INK
    return {
        "facecolor": INPUT["fillcolor"] if is_leaf else "white",
        "edgecolor": LIT.get(role, resting),
        "linewidth": THICK.get(role, 1),
        "ls": DASHES if unknown or role == "source" else "-",
    }


def in_two_lines(text: str, width: int) -> str:
    """Return the text in at most two lines.

    >>> in_two_lines("one two three four", 10).splitlines()
    ['one two', 'three four']
    """
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width)
    cut = cut if cut > width // 2 else width
    return text[:cut] + "\n" + shortened(text[cut:].strip(), width)
