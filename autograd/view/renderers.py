"""From DOT source to a picture: the system's Graphviz, else the one inside pygraphviz."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import IO

ADVICE = (
    "Install one of them: pip install 'pygraphviz>=2.0.4' (its wheels carry Graphviz), or the "
    "Graphviz program itself (apt install graphviz, brew install graphviz). Without one, "
    'drawing.source is still the picture as DOT text, and drawing.save("graph.gv") writes it.'
)
one_at_a_time = threading.Lock()  # Graphviz as a library keeps global state; so does fd 2


class RenderError(RuntimeError):
    """No picture could be made: Graphviz is missing, or it refused the source."""


def renderer() -> str:
    """Return which Graphviz makes the pictures here, with its version.

    Raises RenderError if there is none.

    >>> renderer().startswith("Graphviz ")
    True
    """
    program = shutil.which("dot")
    if program is None:
        library = pygraphviz()
        version = getattr(library, "__graphviz_version__", "of unknown version")
        return f"Graphviz {version} inside pygraphviz {library.__version__}"
    answer = run([program, "-V"], b"")
    words = (answer.stderr + answer.stdout).decode(errors="replace").split()
    version = words[words.index("version") + 1] if "version" in words[:-1] else "of unknown version"
    return f"Graphviz {version}, the program {program}"


def picture(source: str, kind: str, engine: str = "dot") -> bytes:
    """Return DOT source laid out by ``engine`` and written as an svg, png, pdf or the like.

    Raises RenderError if there is no Graphviz, or if it cannot do it.

    >>> picture("digraph { a -> b }", "png")[1:4]
    b'PNG'
    """
    program = shutil.which(engine)
    if program is None:
        return by_library(pygraphviz(), source, kind, engine)
    return by_program(program, source, kind)


def by_program(program: str, source: str, kind: str) -> bytes:
    """Return what the Graphviz program writes."""
    answer = run([program, f"-T{kind}"], source.encode())
    if answer.returncode or not answer.stdout:
        raise refused(program, kind, answer.stderr.decode(errors="replace"))
    return answer.stdout


def run(command: list[str], text: bytes) -> subprocess.CompletedProcess[bytes]:
    """Return the answer of a program, in which failing to start is a failure like others."""
    try:
        return subprocess.run(command, input=text, capture_output=True, check=False)
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, b"", str(error).encode())


def by_library(library: ModuleType, source: str, kind: str, engine: str) -> bytes:
    """Return what the Graphviz inside pygraphviz writes."""
    with one_at_a_time, stderr_of_c() as complaints:
        try:
            graph = library.AGraph()
            graph.from_string(source)  # AGraph(source) would look for "charset=" even in a label
            result = graph.draw(format=kind, prog=engine)
        except (ValueError, TypeError, OSError) as error:  # TypeError: it knows no such format
            complaints.seek(0)
            words = complaints.read().decode(errors="replace")
            raise refused("the Graphviz inside pygraphviz", kind, f"{error}\n{words}") from None
    if not result:
        raise refused("the Graphviz inside pygraphviz", kind, "nothing was written")
    return bytes(result)


def pygraphviz() -> ModuleType:
    """Return the pygraphviz package, or raise an error that says what to install."""
    try:
        import pygraphviz
    except ImportError as error:
        raise RenderError(
            f"A picture needs Graphviz: there is no dot program here, and no pygraphviz ({error}). "
            + ADVICE
        ) from None
    return pygraphviz  # type: ignore[no-any-return]  # it has no type hints


def refused(who: str, kind: str, words: str) -> RenderError:
    """Return the error for a Graphviz that could not do its work, with what it said."""
    said = " ".join(words.split())[:500] or "nothing"
    return RenderError(f"{who} could not make the {kind} picture. It said: {said}")


@contextlib.contextmanager
def stderr_of_c() -> Iterator[IO[bytes]]:
    """Collect in a file what C code writes to file descriptor 2.

    Fontconfig inside pygraphviz warns about the system's font settings, which a student can
    neither understand nor mend. ``contextlib.redirect_stderr`` would not help: C knows nothing
    of ``sys.stderr``.
    """
    with tempfile.TemporaryFile() as collected:
        try:
            if sys.stderr is not None:
                sys.stderr.flush()
            kept = os.dup(2)
        except (OSError, ValueError):  # no stderr at all, as in a program without a console
            yield collected
            return
        try:
            os.dup2(collected.fileno(), 2)
            yield collected
        finally:
            os.dup2(kept, 2)
            os.close(kept)
