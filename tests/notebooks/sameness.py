"""Whether two outputs mean the same: words by words, numbers by tolerance, pictures by their texts.

A picture may be laid out differently by another Graphviz or matplotlib, and the last digit of a
number may differ on another machine. What is said may not.
"""

from __future__ import annotations

import base64
import html
import math
import re
from typing import Any
from urllib.parse import unquote

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
PNG = b"\x89PNG\r\n\x1a\n"
IMAGE = re.compile(r'<img alt="([^"]*)"[^>]*src="data:image/svg\+xml,([^"]*)"[^>]*>')


def difference(stored: list[Any], fresh: list[Any], *, varies: bool = False) -> str:
    """Return how the outputs of a cell differ in meaning, or nothing."""
    old, new = map(said, (stored, fresh))
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        return f"stored {[kind for kind, _ in old]}, now {[kind for kind, _ in new]}"
    for (kind, before), (_, after) in zip(old, new, strict=True):
        if not varies and not same_text(before, after):
            return f"{kind}: stored {before[:300]!r}, now {after[:300]!r}"
    return ""


def said(outputs: list[Any]) -> list[tuple[str, str]]:
    """Return for each part of the outputs its kind, and what it says."""
    found = []
    for output in outputs:
        if output.output_type == "stream":
            found.append((output.name, output.text))
        elif output.output_type == "error":
            found.append(("error", f"{output.ename}: {output.evalue}"))
        else:
            found += [(kind, content(kind, data)) for kind, data in sorted(output.data.items())]
    return found


def content(kind: str, data: Any) -> str:
    """Return what a part of an output says as text."""
    if kind == "image/png":
        picture = base64.b64decode(data)
        assert picture.startswith(PNG), "a picture that is none"
        assert len(picture) > 1000, "a picture in which there is nothing"
        return ""
    if kind == "image/svg+xml":
        return texts_of(data)
    if kind == "text/html":
        if "<iframe" in data:
            assert "srcdoc=" in data, "a frame in which there is nothing"
            return ""
        data = IMAGE.sub(lambda image: html.escape(shown_by(image[1], image[2])), data)
        return html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", data, flags=re.DOTALL))
    return str(data)


def texts_of(svg: str) -> str:
    """Return the texts of a picture, wherever they stand."""
    return "\n".join(sorted(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))


def shown_by(words: str, address: str) -> str:
    """Return what an image within HTML says: its description, and the texts that are in it."""
    svg = unquote(address)
    assert svg.rstrip().endswith("</svg>"), "a picture that is none"
    return html.unescape(f"{words}\n{texts_of(svg)}")


def same_text(before: str, after: str) -> bool:
    """Whether two texts have the same words, and numbers that are equal as far as they are printed.

    A whole number has to be the same one; of any other, the last digit may differ by one.
    """
    if [*map(str.split, NUMBER.split(before))] != [*map(str.split, NUMBER.split(after))]:
        return False
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    return all(same_number(old, new) for old, new in pairs)


def same_number(before: str, after: str) -> bool:
    """Whether two printed numbers are the same up to rounding."""
    if before == after:
        return True
    unit = max(last_digit(before), last_digit(after))
    if not unit:
        return False
    return math.isclose(float(before), float(after), rel_tol=1e-6, abs_tol=max(1e-9, 1.01 * unit))


def last_digit(printed: str) -> float:
    """Return what the last digit of a printed number stands for; of a whole number, nothing."""
    mantissa, _, exponent = printed.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    if not decimals and not exponent:
        return 0.0
    return float(10.0 ** (int(exponent or 0) - decimals))
