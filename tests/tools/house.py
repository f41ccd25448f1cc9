"""The picture of the house: the rooms of both packages, and who imports whom, read from the source.

    python tests/tools/house.py     rewrites docs/house.svg

A room is a file of the lecture, or a folder. An arrow leads from a
room to one that is built on it. Where a longer road of arrows says the same, the arrow is left out
(a transitive reduction), so that the eye can follow what is left.
"""

from __future__ import annotations

import re
import sys
from html import escape, unescape
from pathlib import Path

import graphviz
from imports import ROOT, arrows

VOCABULARY = "vocabulary"  # the files at the top of nn, which know each other, drawn as one room
CAPTIONS = {
    "formulas": "the functions that\nrows are written in", "graph": "the order of a sweep",
    "rules": "the table of derivatives", "machinery": "what keeps promises",
    "words": "names, formulas, errors", "fast": "the quick twins", "backward": "the chain rule",
    "forward": "forward mode", "value": "the number that\nremembers",
    "functional": "grad and its relatives", "story": "a graph told in words",
    "ask": "questions to a graph", "view": "pictures", "compiled": "scalars in, matrices out",
    "classroom": "for teachers", "command": "the command line",
    "nn.checks": "what is passed in", VOCABULARY: "layers, losses, optimizers, ...",
    "nn.data": "examples", "nn.saving": "networks in files", "nn.view": "charts and diagrams",
    "nn.training": "fit", "nn.command": "the command line",
}  # fmt: skip
PICTURE = ROOT / "docs" / "house.svg"


def is_file(package: str, room: str) -> bool:
    return (ROOT / package / f"{room}.py").exists()


def room_of(package: str, module: str) -> str:
    """The room that a module lies in."""
    room = module.removeprefix(f"{package}.").partition(".")[0]
    return VOCABULARY if package == "nn" and is_file(package, room) else room


def rooms(package: str) -> dict[str, set[str]]:
    """Every room of a package, with the rooms of the same package that it imports."""
    found: dict[str, set[str]] = {}
    for module, others in arrows(package).items():
        room = room_of(package, module)
        if module not in (package, f"{package}.__main__"):
            found.setdefault(room, set()).update(room_of(package, other) for other in others)
    return {room: others - {room} for room, others in found.items()}


def reduced(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without the arrows that longer roads imply."""

    def reached(room: str) -> set[str]:
        return set().union(*({other} | reached(other) for other in graph[room]))

    return {
        room: others - set().union(*(reached(other) for other in others))
        for room, others in graph.items()
    }


def box(package: str, room: str) -> str:
    """What a room says: its name, and what it is for."""
    caption = CAPTIONS.get(f"{package}.{room}", CAPTIONS.get(room, "")).replace("\n", "<br/>")
    return f'<<b>{escape(room)}</b><br/><font point-size="11">{caption}</font>>'


def drawing() -> graphviz.Digraph:
    """The picture of both packages: the engine, and the networks that use its public face."""
    picture = graphviz.Digraph(
        "house",
        graph_attr={"ranksep": "0.34", "nodesep": "0.3", "pad": "0.1",
                    "fontname": "Helvetica"},
        node_attr={"shape": "box", "style": "filled,rounded", "fontname": "Helvetica",
                   "fontsize": "14", "color": "#8a8a8a", "margin": "0.14,0.06"},
        edge_attr={"color": "#5f6b7a", "arrowsize": "0.7"},
    )  # fmt: skip
    for package, title in (("autograd", "autograd, the engine"), ("nn", "nn, neural networks")):
        found = rooms(package)
        with picture.subgraph(name=f"cluster_{package}") as part:
            part.attr(label=title, style="rounded", color="#c9c9c9", fontsize="16", margin="14")
            for room in found:
                colour = "#fde9b6" if is_file(package, room) else "#dcebf7"
                part.node(f"{package}.{room}", box(package, room), fillcolor=colour)
        for room, others in reduced(found).items():
            for other in sorted(others):
                picture.edge(f"{package}.{other}", f"{package}.{room}")
    return picture


def told(text: str) -> set[str]:
    """What a picture says, in DOT or in SVG: its boxes, arrows and words, without their places."""
    titles = re.findall(r"<title>(.*?)</title>", text)
    words = re.findall(r"<text [^>]*>(.*?)</text>", text)
    return {unescape(each).replace("\xa0", " ") for each in (*titles, *words)}


def main() -> int:
    from autograd.view.renderers import picture

    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture(drawing().source, "svg"))
    print(PICTURE.relative_to(Path.cwd()) if PICTURE.is_relative_to(Path.cwd()) else PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
