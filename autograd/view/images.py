"""Pictures as images of a page: with a size, words for those who cannot see them, and a dark side.

A notebook that is not trusted (one that came by mail, or was opened from a learning platform) shows
no SVG and runs no script, but it shows an ``<img>`` whose address holds the whole picture.
"""

from __future__ import annotations

import base64
import html
import io
import re
from urllib.parse import quote

from autograd.machinery.required import required

# On a dark page every colour is turned over in lightness and keeps its hue: blue stays blue. The
# rule is inside the picture, since the style of an element cannot ask for the page's theme.
DARK = (
    "<style>@media (prefers-color-scheme:dark)"
    "{.chalkgrad-picture{filter:invert(.9) hue-rotate(180deg)}}</style>"
)
# A browser gives a picture the scheme of the page, if that declares one. Jupyter only says which
# of its themes is on.
THEME = (
    "<style>[data-jp-theme-light=true] .chalkgrad{color-scheme:light}"
    "[data-jp-theme-light=false] .chalkgrad{color-scheme:dark}</style>"
)
READABLE = 0.7  # of the size of a picture of Graphviz: its letters have ten pixels then
PLAIN = " !$'()*+,-./:;=?@[]^_`{|}~"  # signs that an address within quotes may hold as they are


def adaptive(svg: str) -> str:
    """Return an SVG picture of Graphviz that turns dark where the page does.

    >>> "prefers-color-scheme" in adaptive('<svg width="8pt"><g class="graph"></g></svg>')
    True
    """
    opening = re.search(r"<svg[^>]*>", svg)
    if opening is None:
        return svg
    rest = svg[opening.end() :].replace('class="graph"', 'class="graph chalkgrad-picture"', 1)
    return svg[: opening.end()] + DARK + rest


def small(png: bytes) -> bytes:
    """Return a PNG in 256 colours: a third of the bytes, for a notebook that stores many."""
    buffer = io.BytesIO()
    with required("PIL.Image", "A picture").open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(256).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def image(svg: str, description: str, width: float, height: float, *, least: float = 0.0) -> str:
    """Return an SVG picture as an ``<img>`` of this size in pixels, and narrower in a narrow page.

    Below ``least`` of its width, where its letters could not be read, it can be scrolled instead.

    >>> image("<svg/>", "a graph", 20, 10).removeprefix(THEME)
    '<div class="chalkgrad" style="overflow-x:auto"><img alt="a graph" width="20" height="10" \
style="max-width:100%;min-width:0px;height:auto" src="data:image/svg+xml,%3Csvg/%3E"></div>'
    """
    return (
        f'{THEME}<div class="chalkgrad" style="overflow-x:auto">'
        f'<img alt="{html.escape(description)}" width="{width:.0f}" '
        f'height="{height:.0f}" style="max-width:100%;min-width:{least * width:.0f}px;height:auto" '
        f'src="data:image/svg+xml,{quote(svg, safe=PLAIN)}"></div>'
    )


def image_of_png(png: bytes, description: str, wide: float, high: float) -> str:
    """Return a PNG, so many inches wide and high, as an image that turns dark where the page does.

    On a page an inch has a hundred pixels, which makes the letters of a chart as large as others.
    """
    width, height = round(100 * wide), round(100 * high)
    content = base64.b64encode(png).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{DARK}'
        f'<image class="chalkgrad-picture" width="{width}" height="{height}" '
        f'href="data:image/png;base64,{content}"/></svg>'
    )
    return image(svg, description, width, height)
