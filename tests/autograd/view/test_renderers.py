"""The door to Graphviz: a process that can be stopped, whichever Graphviz it is."""

import _thread
import importlib
import os
import signal
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


def test_a_graphviz_that_is_never_done_is_stopped_with_advice(endless, monkeypatch):
    monkeypatch.setattr(renderers, "LONGEST_WAIT", 0.5)
    with pytest.raises(RenderError, match=r"not done .* in 0\.5 seconds.*Draw less: .*detail="):
        renderers.picture(SOURCE, "svg")


def test_where_no_limit_can_be_set_the_wait_is_the_limit(endless, monkeypatch, tmp_path):
    monkeypatch.setattr(renderers, "SHELL", tmp_path / "sh")
    monkeypatch.setattr(renderers, "SECONDS", 0.5)
    with pytest.raises(RenderError, match=r"not done .* in 0\.5 seconds"):
        renderers.picture(SOURCE, "svg")


@pytest.mark.skipif(os.name != "posix", reason="no limit of the processor's time")
def test_a_layout_without_end_is_stopped_by_the_time_of_the_processor(monkeypatch):
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    monkeypatch.setattr(renderers.Wheel, "command", (sys.executable, "-c", "while True: pass"))
    monkeypatch.setattr(renderers, "SECONDS", 1)
    with pytest.raises(RenderError, match=r"not done .* in 1 seconds.*Draw less: .*detail="):
        renderers.picture(SOURCE, "svg")


@pytest.mark.skipif(os.name != "posix", reason="no limit of the processor's time")
def test_a_picture_that_only_waits_for_a_busy_computer_is_drawn(monkeypatch):
    waits = "import time; time.sleep(1.5); print('drawn')"  # as long as others have the processor
    monkeypatch.setattr(renderers.shutil, "which", lambda name: None)
    monkeypatch.setattr(renderers.Wheel, "command", (sys.executable, "-I", "-c", waits))
    monkeypatch.setattr(renderers, "SECONDS", 1)
    assert renderers.picture(SOURCE, "svg").strip() == b"drawn"


def test_a_program_that_cannot_be_started_is_a_picture_that_cannot_be_made(monkeypatch, tmp_path):
    program = str(tmp_path / "dot")
    for shell in (renderers.SHELL, tmp_path / "sh"):
        monkeypatch.setattr(renderers, "SHELL", shell)
        with pytest.raises(RenderError, match=r"could not make the svg picture"):
            renderers.System(program).render(SOURCE, "svg", "dot")


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
        if hasattr(signal, "pthread_kill"):  # as a terminal and Jupyter do
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        else:
            _thread.interrupt_main()

    # A shell that starts a job in the background has it ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            renderers.picture(SOURCE, "svg")
    finally:
        signal.signal(signal.SIGINT, before)
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
