"""From DOT source to a picture: the one door to Graphviz, whichever draws here.

Two renderers are known, and tried in this order: the system's ``dot`` program, and the Graphviz
inside the wheel of pygraphviz. A third one, such as Graphviz in a browser, is another class with
the two methods of ``Renderer``, and a line in ``find_renderer``.

Graphviz works in a process of its own. A layout may take hours, and while C code is at work Python
hears no Ctrl-C; a process can be stopped. There Graphviz may also keep its global state, and what
Fontconfig has to say about the system's fonts reaches no student's screen.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

# For one picture; the slowest that any test draws takes two. They are seconds of the processor, so
# that a busy computer refuses no picture that a quiet one draws; the wait has an end of its own.
SECONDS, LONGEST_WAIT = 20, 300
SHELL = Path("/bin/sh")  # which sets the limit; where there is none, as on Windows, only we wait
LIMITED = 'ulimit -S -t "$0" 2>/dev/null; exec "$@"'
ADVICE = (
    "Install one of them: pip install 'pygraphviz>=2.0.4' (its wheels carry Graphviz), or the "
    "Graphviz program itself (apt install graphviz, brew install graphviz). Without one, "
    'drawing.source is still the picture as DOT text, and drawing.save("graph.gv") writes it.'
)


class RenderError(RuntimeError):
    """No picture could be made: Graphviz is missing, refused the source, or took too long."""


class Renderer(Protocol):
    """What can turn DOT source into a picture."""

    def version(self) -> str:
        """Return what it is, with its version."""

    def render(self, source: str, kind: str, engine: str) -> bytes:
        """Return the source, laid out by ``engine`` and written as ``kind``; or RenderError."""


def renderer() -> str:
    """Return which Graphviz makes the pictures here, with its version.

    Raises RenderError if there is none.

    >>> renderer().startswith("Graphviz ")
    True
    """
    return find_renderer().version()


def picture(source: str, kind: str, engine: str = "dot") -> bytes:
    """Return DOT source laid out by ``engine`` and written as an svg, png, pdf or the like.

    Raises RenderError if there is no Graphviz, or if it cannot do it in SECONDS.

    >>> picture("digraph { a -> b }", "png")[1:4]
    b'PNG'
    """
    return find_renderer().render(source, kind, engine)


def find_renderer() -> Renderer:
    """Return what draws on this computer, or raise RenderError with what to install."""
    program = shutil.which("dot")
    if program is not None:
        return System(program)
    package = importlib.util.find_spec("pygraphviz")
    if package is not None and package.origin is not None:
        return Wheel(str(Path(package.origin).parent.parent))
    raise RenderError(
        "A picture needs Graphviz: there is no dot program here, and no pygraphviz. " + ADVICE
    )


@dataclass(frozen=True)
class System:
    """The Graphviz that is installed on this computer: its program ``dot``."""

    program: str

    def version(self) -> str:
        """Return the version, and where the program is."""
        answer = program_answer([self.program, "-V"])
        return f"Graphviz {version_in(answer)}, the program {self.program}"

    def render(self, source: str, kind: str, engine: str) -> bytes:
        """Return the picture."""
        answer = program_answer([self.program, f"-T{kind}", f"-K{engine}"], source)
        return picture_or_error(answer, self.program, kind)


@dataclass(frozen=True)
class Wheel:
    """The Graphviz inside pygraphviz, which needs nothing but pip.

    ``folder`` is where this Python has found it, so that the one that is started finds it, too.
    """

    folder: str
    # -I: no file of a student's own, such as a random.py beside the notebook, is imported.
    command: ClassVar = (sys.executable, "-I", str(Path(__file__).with_name("wheel.py")))

    def version(self) -> str:
        """Return the versions of both."""
        return f"Graphviz {version_in(program_answer([*self.command, self.folder, '-V']))}"

    def render(self, source: str, kind: str, engine: str) -> bytes:
        """Return the picture."""
        answer = program_answer([*self.command, self.folder, f"-T{kind}", f"-K{engine}"], source)
        return picture_or_error(answer, "the Graphviz inside pygraphviz", kind)


def program_answer(command: list[str], text: str = "") -> subprocess.CompletedProcess[bytes]:
    """Return the answer of a program, in which failing to start is a failure like others.

    Raises RenderError if it is not done in SECONDS. After Ctrl-C, too, it is stopped.
    """
    limited = SHELL.exists()
    given = [str(SHELL), "-c", LIMITED, str(SECONDS), *command] if limited else command
    try:
        answer = subprocess.run(
            given,
            input=text.encode(),
            capture_output=True,
            check=False,
            timeout=LONGEST_WAIT if limited else SECONDS,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, b"", str(error).encode())
    except subprocess.TimeoutExpired as error:
        raise not_done(error.timeout) from None
    if limited and answer.returncode == -signal.SIGXCPU:
        raise not_done(SECONDS)
    return answer


def not_done(seconds: float) -> RenderError:
    """Return the error for a picture that takes too long."""
    return RenderError(
        f"Graphviz was not done with this picture in {seconds:g} seconds, and was stopped. Draw "
        "less: one inner node of the graph, fewer rows of the data, or, for a network, "
        "draw(loss, detail='layer'). drawing.save('graph.gv') writes the DOT source, without a "
        "layout, for a program of your own."
    )


def version_in(answer: subprocess.CompletedProcess[bytes]) -> str:
    """Return what stands behind the word "version" in an answer."""
    words = (answer.stderr + answer.stdout).decode(errors="replace").partition("version ")[2]
    return words.partition("(")[0].strip() or "of unknown version"


def picture_or_error(answer: subprocess.CompletedProcess[bytes], who: str, kind: str) -> bytes:
    """Return the picture, or raise RenderError with what Graphviz said instead of drawing it."""
    if answer.returncode == 0 and answer.stdout:
        return answer.stdout
    said = " ".join(answer.stderr.decode(errors="replace").split())[-500:] or "nothing"
    raise RenderError(f"{who} could not make the {kind} picture. It said: {said}")
