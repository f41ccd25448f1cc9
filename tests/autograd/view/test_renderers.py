"""Rendering when the C library has nothing to say, or there is nowhere to say it."""

import importlib
import os
import sys
from types import SimpleNamespace

import pytest

from autograd.view import RenderError

render = importlib.import_module("autograd.view.renderers")
SOURCE = "digraph { a -> b }"


class Silent:
    """A graph that draws nothing and does not complain."""

    def from_string(self, source):
        self.source = source

    def draw(self, **_):
        return b""


def test_empty_picture_is_an_error():
    library = SimpleNamespace(AGraph=Silent)
    with pytest.raises(
        RenderError, match=r"pygraphviz could not make the svg .*nothing was written"
    ):
        render.by_library(library, SOURCE, "svg", "dot")


def test_picture_is_made_without_a_stderr_object(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with render.stderr_of_c() as collected:
        os.write(2, b"a warning of Fontconfig")
        collected.seek(0)
        assert collected.read() == b"a warning of Fontconfig"


def test_picture_is_made_where_file_descriptor_2_is_closed(monkeypatch):
    def closed(descriptor):
        raise OSError("bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with render.stderr_of_c() as collected:
        assert collected.read() == b""


def test_what_c_writes_is_collected_and_stderr_is_back_afterwards(capfd):
    with render.stderr_of_c() as collected:
        os.write(2, b"a warning of Fontconfig")
        collected.seek(0)
        assert collected.read() == b"a warning of Fontconfig"
    os.write(2, b"back")
    assert capfd.readouterr().err == "back"
