"""How a picture is made, saved and shown."""

from __future__ import annotations

import importlib
import os
import re
import stat
import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import graphviz
import pytest

from autograd import Value
from autograd.view import Drawing, RenderError, draw, draw_dot, renderer, trace

render = importlib.import_module("autograd.view.renderers")
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.fixture(autouse=True)
def no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide a dot program that the machine may have; a test that wants one puts a fake there."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.fixture
def drawing() -> Drawing:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    product = a * b
    product.backward()
    return draw(product)


def install_dot(folder: Path, body: str) -> Path:
    """Put a program called dot on the PATH, written in Python."""
    program = folder / "bin" / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


FAKE = """
if sys.argv[1] == "-V":
    print("dot - graphviz version 9.8.7 (20990101)", file=sys.stderr)
else:
    print("<svg >" + sys.argv[1] + " " + sys.stdin.buffer.read().decode("utf-8")[:40] + "</svg>")
"""


# Making it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_a_picture_is_made_without_any_program(drawing: Drawing, kind: str) -> None:
    assert drawing.pipe(kind).startswith(MAGIC[kind])


def test_the_svg_is_well_formed_and_says_what_it_shows(drawing: Drawing) -> None:
    root = ElementTree.fromstring(drawing.pipe("svg"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == (
        "computation graph of product = -6, 3 nodes of which 2 are leaves"
    )
    text = " ".join("".join(each.itertext()) for each in root.findall(".//{*}text"))
    for expected in ("product", "data -6", "grad 1", "∂product/∂a = -3", "∂product/∂b = 2"):
        assert expected in text.replace("\xa0", " ")


@pytest.mark.parametrize("label", ["<b>x</b>", '"', "\\N", "\\alpha", "a & b", "&#92;N", "\x01"])
def test_the_svg_shows_an_awkward_label_as_it_is(label: str) -> None:
    root = ElementTree.fromstring(draw(Value(1.0, label=label)).pipe("svg"))
    shown = label.replace("\x01", "␁")
    assert shown in [text.text for text in root.findall(".//{*}text")]
    titles = [link.get("{http://www.w3.org/1999/xlink}title") for link in root.findall(".//{*}a")]
    assert titles == [f"{shown}\ndata 1.0\ngradient 0.0\nleaf".replace("\n", " ")] or titles == [
        f"{shown}\ndata 1.0\ngradient 0.0\nleaf"
    ]


def test_nothing_reaches_stderr_from_the_library(
    drawing: Drawing, capfd: pytest.CaptureFixture[str]
) -> None:
    for kind in MAGIC:
        drawing.pipe(kind)
    assert capfd.readouterr().err == ""


def test_stderr_works_again_after_a_picture(
    drawing: Drawing, capfd: pytest.CaptureFixture[str]
) -> None:
    drawing.pipe()
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_a_process_without_stderr_can_draw(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.close(2); sys.stderr = None\n"
        "from autograd import Value; from autograd.view import draw\n"
        f"draw(Value(1.0) + 1.0).save({str(tmp_path / 'g.svg')!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "g.svg").read_bytes().startswith(b"<?xml")


def test_threads_can_draw_at_the_same_time(drawing: Drawing) -> None:
    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.append(drawing.pipe("svg"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1


def test_pipe_gives_text_with_an_encoding_and_bytes_without(drawing: Drawing) -> None:
    assert isinstance(drawing.pipe("svg"), bytes)
    assert drawing.pipe(encoding="utf-8").startswith("<?xml")


def test_a_png_is_twice_as_sharp_as_graphviz_makes_it(drawing: Drawing) -> None:
    plain = render.picture(drawing.source, "png")
    width = [int.from_bytes(png[16:20]) for png in (drawing.pipe("png"), plain)]
    assert width[0] == pytest.approx(2 * width[1], rel=0.05)


def test_an_unknown_format_is_refused(drawing: Drawing) -> None:
    with pytest.raises(RenderError, match="could not make the nonsense picture"):
        drawing.pipe("nonsense")


def test_source_that_graphviz_cannot_read_is_refused() -> None:
    with pytest.raises(RenderError, match=r"could not make the svg picture. It said: .*"):
        render.picture("digraph { a -> ", "svg")


# Which Graphviz ---------------------------------------------------------------------------------


def test_renderer_names_the_graphviz_inside_pygraphviz() -> None:
    assert renderer().startswith("Graphviz ")
    assert "inside pygraphviz 2." in renderer()


def test_the_systems_dot_is_used_where_there_is_one(drawing: Drawing, tmp_path: Path) -> None:
    program = install_dot(tmp_path, FAKE)
    assert renderer() == f"Graphviz 9.8.7, the program {program}"
    assert drawing.pipe("svg", encoding="utf-8").endswith(
        "// computation graph of product = -6, 3 </svg>\n"
    )
    assert b"-Tpdf" in drawing.pipe("pdf")


def test_what_a_failing_dot_says_is_in_the_error(drawing: Drawing, tmp_path: Path) -> None:
    install_dot(tmp_path, 'sys.stdin.read(); sys.exit("no layout engine support")')
    with pytest.raises(
        RenderError, match=r"dot could not make the svg picture. It said: no layout"
    ):
        drawing.pipe("svg")


def test_a_dot_that_cannot_start_is_an_error_in_words(drawing: Drawing, tmp_path: Path) -> None:
    install_dot(tmp_path, "").write_text("#!/no/such/interpreter\n")
    with pytest.raises(RenderError, match="could not make the svg picture"):
        drawing.pipe("svg")
    assert "of unknown version" in renderer()


@pytest.fixture
def no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


@pytest.mark.usefixtures("no_graphviz")
def test_without_any_graphviz_the_error_says_what_to_install(drawing: Drawing) -> None:
    for attempt in (drawing.pipe, renderer, lambda: drawing.save("never.svg")):
        with pytest.raises(RenderError, match=r"pip install 'pygraphviz>=2\.0\.4'.*apt install"):
            attempt()


@pytest.mark.usefixtures("no_graphviz")
def test_without_any_graphviz_the_source_can_still_be_saved(
    drawing: Drawing, tmp_path: Path
) -> None:
    assert drawing.save(tmp_path / "g.gv").read_text("utf-8") == drawing.source


# In a notebook ----------------------------------------------------------------------------------


def test_a_notebook_gets_an_image_in_html_a_png_and_a_sentence(drawing: Drawing) -> None:
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/png", "text/plain"]
    assert bundle["image/png"].startswith(MAGIC["png"])
    sentence = "computation graph of product = -6, 3 nodes of which 2 are leaves"
    assert bundle["text/plain"] == f"<Drawing: {sentence}>"
    shown = re.fullmatch(
        r'<style>.*</style><div class="chalkgrad" style="overflow-x:auto">'
        r'<img alt="(.*?)" width="(\d+)" height="(\d+)" '
        r'style="max-width:100%;min-width:(\d+)px;height:auto" '
        r'src="data:image/svg\+xml,(.*?)"></div>',
        bundle["text/html"],
    )
    assert shown is not None
    assert shown[1] == sentence
    assert int(shown[4]) == round(0.7 * float(shown[2]))  # narrower, it is scrolled
    svg = ElementTree.fromstring(unquote(shown[5]))
    size = [float(svg.attrib[each].removesuffix("pt")) for each in ("width", "height")]
    assert [int(shown[2]), int(shown[3])] == [round(each) for each in size]


@pytest.mark.parametrize("label", ['"><script>', "%22", "ä€🎓", "<b>", "&amp;", "a\nb"])
def test_the_image_holds_any_label(label: str) -> None:
    shown = draw(Value(1.0, label=label) * 2.0)._repr_mimebundle_(include=["text/html"])[
        "text/html"
    ]
    assert shown.count("<") == shown.count(">") == 5
    svg = ElementTree.fromstring(unquote(shown.partition("svg+xml,")[2].removesuffix('"></div>')))
    texts = {each.text for each in svg.findall(".//{*}text")}
    assert " ".join(label.split()) in texts


def test_a_notebook_can_ask_for_one_form(drawing: Drawing) -> None:
    assert drawing._repr_mimebundle_(include=["image/png"])["image/png"].startswith(MAGIC["png"])
    svg = drawing._repr_mimebundle_(include=["image/svg+xml"])
    assert svg["image/svg+xml"].startswith("<?xml")
    assert "image/png" not in drawing._repr_mimebundle_(exclude=["image/png"])


def test_the_picture_beside_stays_small_enough_to_be_stored() -> None:
    y = Value(1.0, label="y")
    for _ in range(60):
        y = y.tanh()
    png = draw(y)._repr_mimebundle_(include=["image/png"])["image/png"]
    assert int.from_bytes(png[16:20]) <= 13 * 96 + 1
    assert len(png) < 200_000


def test_the_picture_is_laid_out_with_one_font_and_shown_with_any_like_it(drawing: Drawing) -> None:
    assert "fontname=Helvetica " in drawing.source
    assert "sans-serif" not in drawing.source
    svg = drawing.pipe("svg", encoding="utf-8")
    assert set(re.findall('font-family="(.*?)"', svg)) == {"Helvetica,Arial,sans-serif"}


def test_the_picture_turns_dark_where_the_page_does(drawing: Drawing) -> None:
    svg = drawing.pipe("svg", encoding="utf-8")
    assert "prefers-color-scheme:dark" in svg
    assert 'class="graph chalkgrad-picture"' in svg
    assert b"prefers-color-scheme" not in drawing.pipe("pdf")


def test_save_keeps_a_link_and_the_permissions_of_its_file(
    drawing: Drawing, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.svg"
    kept.write_text("old")
    kept.chmod(0o600)
    link = tmp_path / "link.svg"
    link.symlink_to(kept)
    assert drawing.save(link) == link
    assert link.is_symlink()
    assert kept.read_bytes().startswith(MAGIC["svg"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.usefixtures("no_graphviz")
def test_a_notebook_gets_the_reason_as_text_if_there_is_no_graphviz(drawing: Drawing) -> None:
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "product = -6" in bundle["text/plain"]
    assert "pip install" in bundle["text/plain"]


def test_a_notebook_gets_text_if_graphviz_is_broken(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> bytes:
        raise MemoryError("out of everything")

    monkeypatch.setattr(Drawing, "pipe", broken)
    assert "out of everything" in drawing._repr_mimebundle_()["text/plain"]


# Saving it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
@pytest.mark.parametrize("path_type", [str, Path])
def test_save_writes_the_picture_and_returns_its_path(
    drawing: Drawing, tmp_path: Path, kind: str, path_type: type
) -> None:
    path = tmp_path / f"g.{kind}"
    assert drawing.save(path_type(path)) == path
    assert path.read_bytes().startswith(MAGIC[kind])
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [path.name]


def test_save_takes_a_suffix_in_capitals(drawing: Drawing, tmp_path: Path) -> None:
    assert drawing.save(tmp_path / "G.PNG").read_bytes().startswith(MAGIC["png"])


@pytest.mark.parametrize("name", ["g.docx", "g", "svg", "g.", ""])
def test_save_refuses_an_unknown_suffix(drawing: Drawing, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"\.svg, \.png or \.pdf"):
        drawing.save(tmp_path / "x" / name if name else name)


def test_save_refuses_a_missing_folder(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*Create it first"):
        drawing.save(tmp_path / "nowhere" / "g.svg")
    assert not (tmp_path / "nowhere").exists()


def test_save_refuses_a_path_that_cannot_be_written(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "taken.svg").mkdir()
    with pytest.raises(OSError, match=r"cannot save: it is a folder .* choose another name"):
        drawing.save(tmp_path / "taken.svg")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bin", "taken.svg"]


def test_an_interrupted_save_leaves_the_old_file(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.svg"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        drawing.save(path)
    assert path.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bin", "g.svg"]


def test_render_is_graphviz_own_method_without_the_program(
    drawing: Drawing, tmp_path: Path
) -> None:
    assert drawing.render(tmp_path / "graph") == str(tmp_path / "graph.svg")
    assert (tmp_path / "graph").read_text("utf-8") == drawing.source
    assert (tmp_path / "graph.svg").read_bytes().startswith(MAGIC["svg"])
    assert drawing.render("b", directory=tmp_path / "new", format="pdf", cleanup=True) == str(
        tmp_path / "new" / "b.pdf"
    )
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["b.pdf"]
    assert drawing.render(outfile=tmp_path / "c.png") == str(tmp_path / "c.png")
    assert (tmp_path / "c.png").read_bytes().startswith(MAGIC["png"])
    assert (tmp_path / "c.gv").exists()


def test_render_can_open_the_viewer(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(Drawing, "_view", lambda self, path, **_: opened.append(path))
    assert drawing.render(tmp_path / "graph", view=True) == str(tmp_path / "graph.svg")
    assert opened == [str(tmp_path / "graph.svg")]


def test_a_drawing_is_a_digraph_and_can_be_copied(drawing: Drawing) -> None:
    assert isinstance(drawing, graphviz.Digraph)
    assert type(drawing.copy()) is Drawing
    assert drawing.copy().source == drawing.source


# The names of micrograd -------------------------------------------------------------------------


def test_trace_returns_the_sets_of_nodes_and_of_edges() -> None:
    a, b = Value(2.0), Value(3.0)
    product = a * b
    total = product + a + 1.0
    inner = total.args[0]
    nodes, edges = trace(total)
    assert nodes == {a, b, product, inner, total}
    assert edges == {(a, product), (b, product), (product, inner), (a, inner), (inner, total)}


def test_trace_needs_no_recursion() -> None:
    x = Value(0.0)
    for _ in range(100_000):
        x = x + x
    nodes, edges = trace(x)
    assert (len(nodes), len(edges)) == (100_001, 100_000)


def test_draw_dot_makes_the_picture_of_draw() -> None:
    weight = Value(2.0)
    result = weight * 3.0
    dot = draw_dot(result, rankdir="TB")
    assert dot.source == draw(result, direction="TB").source
    assert dot.format == "svg"
    assert draw_dot(result, format="png").pipe().startswith(MAGIC["png"])


def test_draw_dot_refuses_an_unknown_format() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        draw_dot(Value(1.0), format="nonsense")


def test_importing_autograd_imports_no_third_party_package() -> None:
    code = "import sys, autograd; print({'graphviz', 'pygraphviz', 'numpy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_words_for_a_picture_count_one_leaf_as_one() -> None:
    x = Value(2.0, label="x")
    assert "2 nodes of which 1 is a leaf" in repr(draw(x * x))
    assert "1 node of which 1 is a leaf" in repr(draw(x))
    assert "3 nodes of which 2 are leaves" in repr(draw(x * Value(3.0)))
