"""Images of a page: their words stay words, and their addresses hold all of the picture."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

from autograd.view.images import DARK, adaptive, image, image_of_png

HOSTILE = "<script>\"'&"
SVG = '<svg width="8pt" height="4pt"><g class="graph"><text>ä &lt; "%22"#?</text></g></svg>'


def test_a_description_is_text():
    for shown in (image("<svg/>", HOSTILE, 1, 1), image_of_png(b"", HOSTILE, 1, 1)):
        assert 'alt="&lt;script&gt;&quot;&#x27;&amp;"' in shown


def test_the_address_holds_the_picture():
    (address,) = re.findall(r'src="data:image/svg\+xml,([^"]*)"', image(SVG, "a graph", 8, 4))
    assert unquote(address) == SVG
    assert not {"<", ">", "#", "&", "\n"} & {*address}


def test_a_picture_of_graphviz_turns_dark_and_stays_well_formed():
    dark = adaptive(SVG)
    assert DARK in dark
    assert ElementTree.fromstring(dark).find("g").get("class") == "graph chalkgrad-picture"
    assert adaptive("no picture") == "no picture"


def test_a_png_keeps_its_bytes_and_gets_the_size_of_a_page():
    shown = image_of_png(b"PNG", "a chart", 4.2, 3.8)
    assert 'width="420" height="380"' in shown
    svg = ElementTree.fromstring(unquote(re.findall(r'svg\+xml,([^"]*)"', shown)[0]))
    (held,) = svg.findall("image") or svg.findall("{*}image")
    assert base64.b64decode(held.attrib["href"].partition(",")[2]) == b"PNG"
