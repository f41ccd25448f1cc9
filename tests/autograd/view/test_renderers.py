"""The door to Graphviz: a process that can be stopped, whichever Graphviz it is."""

import _thread
import importlib
import sys
import threading
import time

import pytest

from autograd.view import RenderError, renderer

renderers = importlib.import_module("autograd.view.renderers")
SOURCE = "digraph { a -> b }"
SLEEP = "import sys, time; sys.stdin.read(); time.sleep(600)"


@pytest.fixture
def endless(monkeypatch):
    """A Graphviz that is never done."""
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    monkeypatch.setattr(renderers.Wheel, "command", (sys.executable, "-c", SLEEP))


def test_a_layout_without_end_is_stopped_with_advice(endless, monkeypatch):
    monkeypatch.setattr(renderers, "SECONDS", 0.5)
    with pytest.raises(RenderError, match=r"not done .* in 0\.5 seconds.*Draw less: .*detail="):
        renderers.picture(SOURCE, "svg")


def test_ctrl_c_is_heard_while_graphviz_works(endless, monkeypatch):
    started = threading.Event()
    popen = renderers.subprocess.Popen
    processes = []

    def watched(*arguments, **options):
        processes.append(popen(*arguments, **options))
        started.set()
        return processes[-1]

    monkeypatch.setattr(renderers.subprocess, "Popen", watched)

    def interrupt():
        started.wait()
        time.sleep(0.2)
        _thread.interrupt_main()

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        renderers.picture(SOURCE, "svg")
    assert processes[0].wait(timeout=30) != 0  # it was killed; nobody waited for its ten minutes


def test_an_empty_picture_is_an_error(monkeypatch):
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    monkeypatch.setattr(renderers.Wheel, "command", (sys.executable, "-c", ""))
    with pytest.raises(
        RenderError, match=r"inside pygraphviz could not make the svg picture\. It said: nothing"
    ):
        renderers.picture(SOURCE, "svg")


def test_a_pygraphviz_that_cannot_be_loaded_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    (tmp_path / "pygraphviz").mkdir()
    (tmp_path / "pygraphviz" / "__init__.py").write_text(
        "raise ImportError('libcgraph.so is missing')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pygraphviz", raising=False)  # another test may have it loaded
    only_here = (sys.executable, "-I", "-S", renderers.Wheel.command[-1])
    monkeypatch.setattr(renderers.Wheel, "command", only_here)
    with pytest.raises(RenderError, match=r"libcgraph\.so is missing"):
        renderers.picture(SOURCE, "svg")


def test_both_renderers_have_the_methods_of_the_interface():
    for each in (renderers.System("dot"), renderers.Wheel("")):
        assert callable(each.version)
        assert callable(each.render)
    assert renderer().startswith("Graphviz ")


def test_no_file_of_a_students_own_is_taken_for_a_module(monkeypatch, tmp_path):
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    for name in ("random", "re", "tempfile", "pygraphviz_of_mine"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a game of mine')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert renderers.picture(SOURCE, "svg").startswith(b"<?xml")
