"""misuse: warnings of what goes wrong around a gradient that is itself right.

The engine computes what it is given, and has no opinion on the training loop around it. This guard
looks over a student's shoulder at every ``backward()`` and every ``draw()``.
"""

from __future__ import annotations

import functools
import itertools
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ContextDecorator
from dataclasses import dataclass, field
from importlib import import_module
from types import FrameType
from typing import Any

from autograd import backward
from autograd.classroom.mistakes.patching import ThreadPatch
from autograd.machinery import modes
from autograd.story.sentences import six_digits
from autograd.story.step_formula import LONGEST
from autograd.value import Value
from autograd.words.formula_printer import formula
from autograd.words.markup import shortened
from autograd.words.names import ENGINE, package_of, user_frame, variable_names

END_OF_BACKWARD = ThreadPatch(backward, "accumulate")
LIBRARIES = ("nn",)  # what they do they do on purpose
RISING = 5  # losses, each above the one before
FAR = 10.0  # times the first loss of all
SOME = 3  # parameters are listed
Line = tuple[str, int]  # a file and a line in it


@dataclass
class Calls:
    """What is known of the calls of ``backward()`` at one line."""

    count: int = 0
    writes: int = -1  # of leaves by then, in all
    leaves: set[Value] = field(default_factory=set)  # of the last call
    losses: list[float] = field(default_factory=list)  # the first, and the last few


class MisuseWarning(UserWarning):
    """Something in the student's program is not what it seems to be."""


class misuse(ContextDecorator):  # noqa: N801  # a context manager reads like a keyword
    """Warn, inside the block, of four mistakes that give no error.

    ``early_draw``: a graph is drawn before ``backward()``, so its gradients are all 0.
    ``zero_grad``: a parameter was changed, and its gradient not set to 0.0 before the next
    ``backward()`` adds to it. ``parameters``: the loss does not depend on these or, where none are
    given, on anything that is changed from step to step, a variable or a model's parameter.
    ``learning_rate``: the loss grows from step to step. Each can be turned off.

    Warnings name the student's variables and are given once for each line of the program. It holds
    for this thread only; ``nn.fit`` and other code of the library are never warned about. For a
    whole notebook, write ``guard = misuse()``, ``guard.start()`` and perhaps ``guard.stop()``.

    >>> import warnings
    >>> w = Value(3.0, label="w")
    >>> with warnings.catch_warnings(record=True) as caught, misuse():
    ...     warnings.simplefilter("always")
    ...     for step in range(2):
    ...         (w * w).backward()
    ...         w.data -= 0.1 * w.grad
    >>> print(caught[0].message)
    the gradient of w still held 6.0 from the step before, and backward() added to it. Set it to \
0.0 in every step: write w.grad = 0.0, or optimizer.zero_grad(), before backward().
    """

    def __init__(
        self,
        parameters: Iterable[Value] | bool = True,
        *,
        early_draw: bool = True,
        zero_grad: bool = True,
        learning_rate: bool = True,
    ) -> None:
        self.watched = [] if isinstance(parameters, bool) else list(parameters)
        self.parameters = parameters is not False
        self.early_draw = early_draw
        self.zero_grad = zero_grad
        self.learning_rate = learning_rate
        self.drawing: ThreadPatch | None = None
        self.running = False
        self.forget()

    def forget(self) -> None:
        """Begin anew: nothing was seen, and nothing was said."""
        self.warned: set[tuple[str, Line]] = set()
        self.left: dict[Value, tuple[float, int]] = {}  # what the last backward left, and when
        self.calls: dict[Line, Calls] = {}

    def start(self) -> misuse:
        """Begin to watch this thread, and return the guard."""
        if self.running:
            return self
        self.running = True
        self.forget()
        if self.early_draw:
            try:
                self.drawing = size_check_of_draw()
                self.drawing.apply(self.look_at_drawing)
            except ImportError:
                self.drawing = None  # without graphviz nothing is drawn
        END_OF_BACKWARD.apply(self.look_at_backward)
        return self

    def stop(self) -> None:
        """Watch no longer."""
        if not self.running:
            return
        self.running = False
        END_OF_BACKWARD.undo()
        if self.drawing is not None:
            self.drawing.undo()
        self.forget()

    def __enter__(self) -> misuse:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def warn(self, kind: str, frame: FrameType, message: str) -> None:
        """Warn at the student's line, once for each kind."""
        line = line_of(frame)
        if (kind, line) not in self.warned:
            self.warned.add((kind, line))
            warnings.warn_explicit(message, MisuseWarning, *line)

    # What is watched ------------------------------------------------------------------------------

    def look_at_drawing(self, order: list[Any], limit: int) -> None:
        """Look at a graph that is about to be drawn."""
        assert self.drawing is not None
        self.drawing.original(order, limit)
        frame = frame_of_student()
        inner = [node for node in order if node.op is not None]
        if frame is not None and inner and not any(node.grad for node in inner):
            name = student_name(order[-1], frame)
            self.warn(
                "early draw", frame,
                f"{name} is drawn before backward(), so every gradient in the picture is 0. Write "
                f"{name}.backward() first to see the gradients.",
            )  # fmt: skip

    def look_at_backward(self, order: dict[Any, None], before: list[Any]) -> None:
        """Look at a ``backward()`` that is about to be over."""
        END_OF_BACKWARD.original(order, before)
        frame = frame_of_student()
        if frame is None:
            return
        calls = self.calls.setdefault(line_of(frame), Calls())
        if self.zero_grad:
            self.look_at_gradients(order, before, frame)
        if self.parameters:
            self.look_for_parameters(order, frame, calls)
        if self.learning_rate and calls.writes < modes.writes:
            self.look_at_loss(next(reversed(order)), frame, calls)
        leaves = [node for node in order if node.op is None]
        self.left = {node: (node.grad, node.version) for node in leaves}
        calls.leaves = set(leaves)
        calls.writes = modes.writes
        calls.count += 1

    # The four mistakes ----------------------------------------------------------------------------

    def look_at_gradients(
        self, order: dict[Any, None], before: list[Any], frame: FrameType
    ) -> None:
        """Warn if a leaf was changed since its gradient was computed, and still had it."""
        forgotten = [
            (node, old)
            for node, old in zip(order, before, strict=True)
            if old and node in self.left
            and self.left[node][0] == old and node.version > self.left[node][1]
        ]  # fmt: skip
        if forgotten:
            node, old = forgotten[0]
            name = student_name(node, frame)
            others = f" (and of {len(forgotten) - 1} more)" if len(forgotten) > 1 else ""
            self.warn(
                "zero_grad", frame,
                f"the gradient of {name}{others} still held {six_digits(old)} from the step "
                "before, and backward() added to it. Set it to 0.0 in every step: write "
                f"{name}.grad = 0.0, or optimizer.zero_grad(), before backward().",
            )  # fmt: skip

    def look_for_parameters(self, order: dict[Any, None], frame: FrameType, calls: Calls) -> None:
        """Warn if the loss depends on nothing, or not on what is trained."""
        root = next(reversed(order))
        if root.op is None:
            self.warn(
                "parameters", frame,
                f"{student_name(root, frame)} does not depend on any other Value, so no parameter "
                "gets a gradient. Was it computed from .data, from plain numbers, or inside "
                "no_grad()?",
            )  # fmt: skip
            return
        missing = [node for node in self.watched if node not in order]
        if not self.watched and calls.count == 1:
            missing = self.trained_in_vain(order, frame, calls)
        if missing:
            some = ", ".join(student_name(node, frame) for node in missing[:SOME])
            more = f" and {len(missing) - SOME} more" if len(missing) > SOME else ""
            self.warn(
                "parameters", frame,
                f"{student_name(root, frame)} does not depend on {some}{more}, so there is nothing "
                "to learn there: these get no gradient. Is the loss computed from other Values, or "
                "from .data?",
            )  # fmt: skip

    def trained_in_vain(
        self, order: dict[Any, None], frame: FrameType, calls: Calls
    ) -> list[Value]:
        """Return what was changed since the last call at this line, but has a part in no loss."""
        used = set(order).union(*(other.leaves for other in self.calls.values()))
        return [
            node
            for node in dict.fromkeys(held(frame))
            if node.op is None and node.version > calls.writes and node not in used
        ]

    def look_at_loss(self, root: Value, frame: FrameType, calls: Calls) -> None:
        """Warn if the loss at this line has risen several times in a row, to far above its first.

        It is looked at after a change of the leaves only: several examples with the same parameters
        say nothing about the steps.
        """
        losses = calls.losses
        losses.append(root.data)
        del losses[1:-RISING]
        recent = losses[-RISING:]
        rising = all(after > before for before, after in itertools.pairwise(recent))
        if len(recent) == RISING and rising and recent[-1] > FAR * abs(losses[0]) > 0.0:
            self.warn(
                "learning rate", frame,
                f"{student_name(root, frame)} grows from step to step: it was "
                f"{six_digits(losses[0])} at first and is {six_digits(recent[-1])} now. The steps "
                "go too far: take a smaller learning rate, a tenth, say, and see that each "
                "parameter moves against its gradient.",
            )  # fmt: skip


# The student's program ----------------------------------------------------------------------------


@functools.cache
def size_check_of_draw() -> ThreadPatch:
    """Return the patch of what ``draw`` calls before it draws; importing it needs graphviz."""
    return ThreadPatch(import_module("autograd.view.graph_picture"), "check_size")


def frame_of_student() -> FrameType | None:
    """Return the frame that asked for this, unless a library did."""
    frame = user_frame((ENGINE,))
    return None if frame is None or package_of(frame) in LIBRARIES else frame


def line_of(frame: FrameType) -> Line:
    """Return the file and the line that a frame is at."""
    return frame.f_code.co_filename, frame.f_lineno


def student_name(node: Value, frame: FrameType) -> str:
    """Return what the student calls a node."""
    return shortened(formula(node, variable_names(frame, Value)), LONGEST)


def held(frame: FrameType) -> Iterator[Value]:
    """Yield the Values that the variables of a frame refer to, and the parameters of models."""
    yield from variable_names(frame, Value)
    for thing in list(frame.f_locals.values()):
        if callable(getattr(type(thing), "parameters", None)):
            parameters = thing.parameters()
            if isinstance(parameters, list):
                yield from (node for node in parameters if isinstance(node, Value))
