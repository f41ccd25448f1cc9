"""The heart of learning: forward, loss, backward, step.

Two engines do it. The eager one builds the graph of every batch, a node for each number, and is the
one to read. The compiled one records the graph of one example, and runs the batch and the optimizer
on arrays: the same lesson, many times as fast.
"""

from __future__ import annotations

import functools
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from autograd import RecordingError, Value, compile, no_grad  # noqa: A004  the design's name
from nn.checks.arguments import counted, plain
from nn.checks.parameters import check_finite
from nn.clipping import clip_gradients
from nn.losses import Loss, rmse
from nn.optimizers import Optimizer
from nn.training.arrays import array_of
from nn.training.objective import Objective, loss_of, numbers_of

Penalty = Callable[[], Value]  # what the parameters cost by their size


class Learner(Protocol):
    """What learns from batches.

    ``begin`` and ``finish`` stand around them: in between, the parameters need not be up to date.
    The examples come as ``table`` has made them, or as a part of that.
    """

    def table(self, entries: list[Any]) -> Any:
        """Return rows or targets in the form that is the quickest here: a list, or an array."""

    def begin(self) -> None:
        """Take over the parameters as they are."""

    def __call__(self, X: Any, y: Any) -> tuple[float, Any]:
        """Take one step on a batch; return the loss and the outputs that the model had before."""

    def finish(self) -> None:
        """Leave the parameters as they have become."""

    def answers(self, X: Any, y: Any) -> tuple[float, Any]:
        """Return the loss without penalties and the outputs; nothing is learned."""

    @property
    def notes(self) -> Sequence[str]:
        """What a reader of the history must know of how it was learned."""


@dataclass(frozen=True)
class EagerLearner:
    """Builds the graph of every batch afresh, as everything in it is computed.

    ``loss`` is called with the outputs for a batch and its targets. ``penalty`` may be None, and so
    may ``clip``, the largest norm that the gradients may have together.

    >>> from nn.losses import mse
    >>> from nn.optimizers import SGD
    >>> w = Value(2.0)
    >>> learn = EagerLearner(lambda x: w * x, mse, SGD([w], lr=0.5))
    >>> learn([1.0, 3.0], [2.0, 5.0])  # the mean of 0 and 1
    (0.5, [2.0, 6.0])
    >>> w.data  # 2 minus half the mean of 0 and 2 * (6 - 5) * 3
    0.5
    """

    model: Callable[[Any], Any]
    loss: Loss
    optimizer: Optimizer
    penalty: Penalty | None = None
    clip: float | None = None
    notes: Sequence[str] = ()

    def table(self, entries: list[Any]) -> Any:
        """Return rows or targets as they are."""
        return entries

    def begin(self) -> None:
        """Do nothing: the parameters are always up to date."""

    def __call__(self, X: Any, y: Any) -> tuple[float, Any]:
        """Take one step on a batch; return the loss and the outputs that the model had before.

        These few lines are the whole of learning; everything else in a training keeps the books.
        """
        outputs = [self.model(row) for row in X]
        loss = self.loss(outputs, y)
        if not isinstance(loss, Value):
            raise TypeError(
                "the loss is a plain number, from which nothing can be learned: compute it from "
                "the outputs of the model themselves, not from their .data."
            )
        self.optimizer.zero_grad()
        loss.backward()
        if self.penalty is not None:
            self.penalty().backward()  # gradients add up: that of a sum is the sum of gradients
        if self.clip is not None:
            clip_gradients(self.optimizer.parameters, largest_norm=self.clip)
        self.optimizer.step()
        return loss.data, [numbers_of(output) for output in outputs]

    def finish(self) -> None:
        """Do nothing: the parameters are always up to date."""

    def answers(self, X: Any, y: Any) -> tuple[float, Any]:
        """Return the loss without penalties and the outputs; nothing is learned."""
        with no_grad():
            outputs = [numbers_of(self.model(row)) for row in X]
            return loss_of(self.loss, outputs, y), outputs


class CompiledLearner:
    """Does what ``EagerLearner`` does with arrays: the batch, the parameters, the optimizer's step.

    Raises RecordingError or ValueError if the model cannot be recorded, and ModuleNotFoundError
    without NumPy.
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        objective: Objective,
        optimizer: Optimizer,
        penalty: Penalty | None,
        clip: float | None,
        example: tuple[Any, Any],
    ) -> None:
        if objective.loss is rmse:
            raise ValueError(
                "the rmse of a batch is not the mean over its examples, and the compiled engine "
                "takes means: write loss='mse', which has its smallest value at the same place, or "
                "engine='eager'."
            )

        def model_and_loss(x: Any, y: Any) -> Any:
            output = model(x)
            loss = objective.loss([output], [y])
            return (loss if penalty is None else loss + penalty()), loss, listed(output)

        self.optimizer, self.clip, self.loss = optimizer, clip, objective.loss
        self.step = compile(model_and_loss, optimizer.parameters, example=example)
        # After compile, which says what to install where NumPy is missing.
        from numpy import errstate

        self.overflow_allowed = functools.partial(errstate, all="ignore")
        if self.step.side_effects:
            self.step.undo_side_effects()
            raise RecordingError(
                "the model or the loss changes what stands outside of it "
                f"({'; '.join(self.step.side_effects)}), which would happen once for all examples. "
                "Let them return numbers only, and keep books in a callback."
            )
        self.begin()

    notes: Sequence[str] = ()

    def table(self, entries: list[Any]) -> Any:
        """Return rows or targets as an array, or as they are: see ``array_of``."""
        return array_of(entries)

    def begin(self) -> None:
        """Take over the parameters, and what the optimizer remembers of them.

        What the model and the loss read from outside may have changed since: by a callback, say.
        """
        self.step.look_outside()
        numbers = self.step.parameters.read()
        # Times 1.0: arrays of their own, which nobody else writes into.
        self.data = numbers * 1.0
        self.memory = [numbers * 0.0 + kept for kept in self.optimizer.memory.values()]

    def __call__(self, X: Any, y: Any) -> tuple[float, Any]:
        """Take one step on a batch; return the loss and the outputs that the model had before."""
        optimizer = self.optimizer
        (_, losses, outputs), gradient = self.step.value_and_grad(X, y, parameters=self.data)
        learned = float(losses.sum()) / len(losses), outputs
        if self.clip is not None:
            norm = math.sqrt((gradient * gradient).sum())
            if norm > self.clip:
                gradient = gradient * (self.clip / norm)
        with self.overflow_allowed():  # it is refused below, in plain words
            data, *memory = optimizer.moved(optimizer.lr, self.data, gradient, *self.memory)
            finite = math.isfinite(data.sum())
        if not finite:
            check_finite(optimizer.parameters, data.tolist())
        # In one call into C, which Ctrl-C cannot cut in two.
        changes = (self, "data", data), (self, "memory", memory)
        objects, names, values = zip(
            *changes, (optimizer, "steps", optimizer.steps + 1), strict=True
        )
        deque(map(setattr, objects, names, values), maxlen=0)
        return learned  # was computed before: from here on nothing may fail

    def finish(self) -> None:
        """Write the parameters, and what the optimizer remembers of them."""
        try:
            self.write_back()
        except BaseException:  # Ctrl-C in between
            self.write_back()
            raise

    def write_back(self) -> None:
        """Write everything into its place."""
        self.step.parameters.array[...] = self.data
        self.step.parameters.write_back()
        names = self.optimizer.memory
        self.optimizer.memory = {
            name: kept.tolist() for name, kept in zip(names, self.memory, strict=True)
        }

    def answers(self, X: Any, y: Any) -> tuple[float, Any]:
        """Return the loss without penalties and the outputs; nothing is learned."""
        _, losses, outputs = self.step.predict(X, y)
        loss = float(losses.sum()) / len(losses)
        if not math.isfinite(loss):  # the engine says in plain words what it is
            loss = loss_of(self.loss, outputs.tolist(), plain(y))
        return loss, outputs


def listed(output: Any) -> Any:
    """Return the outputs for one example as a list, if there are several: of a named tuple, too."""
    if not isinstance(output, list | tuple):
        return output
    if any(isinstance(each, list | tuple) for each in output):
        raise RecordingError(
            "the model answers with lists within a list, and the compiled engine takes a number or "
            "a list of numbers: flatten the output, or write engine='eager'."
        )
    return list(output)


class AutoLearner:
    """Learns with arrays for as long as these give what the eager engine gives, then eagerly.

    What the compiled engine refuses on the way, the eager one does from the same numbers: no step
    is lost, and none is taken twice. ``notes`` says why, once.
    """

    def __init__(self, eager: EagerLearner, compiled: CompiledLearner) -> None:
        self.eager = eager
        self.learner: EagerLearner | CompiledLearner = compiled
        self.notes: list[str] = []

    def table(self, entries: list[Any]) -> Any:
        """Return rows or targets in the form that is the quickest here: a list, or an array."""
        return self.learner.table(entries)

    def begin(self) -> None:
        """Take over the parameters as they are."""
        self.learner.begin()

    def __call__(self, X: Any, y: Any) -> tuple[float, Any]:
        """Take one step on a batch; return the loss and the outputs that the model had before."""
        return self.trusted("__call__", X, y)

    def finish(self) -> None:
        """Leave the parameters as they have become."""
        self.learner.finish()

    def answers(self, X: Any, y: Any) -> tuple[float, Any]:
        """Return the loss without penalties and the outputs; nothing is learned."""
        return self.trusted("answers", X, y)

    def trusted(self, work: str, X: Any, y: Any) -> tuple[float, Any]:
        """Return what the learner does; if it has to be recorded anew, or was wrong, the eager one.

        The compiled one raises before it changes anything, so the work can be done again.
        """
        if self.learner is not self.eager:
            try:
                return getattr(self.learner, work)(X, y)  # type: ignore[no-any-return]  # by name
            except (AttributeError, LookupError, TypeError) as error:
                self.learner.finish()
                self.learner = self.eager
                steps = counted(self.eager.optimizer.steps, "step")
                self.notes.append(slower(f"After {steps}", error))
        # The same numbers as they were handed over: an array gives back what it was made of.
        return getattr(self.eager, work)(plain(X), plain(y))  # type: ignore[no-any-return]  # by name


def learner_for(
    engine: str,
    model: Callable[[Any], Any],
    objective: Objective,
    optimizer: Optimizer,
    penalty: Penalty | None,
    clip: float | None,
    example: tuple[Any, Any],
) -> Learner:
    """Return what learns: "eager", "compiled", or "auto", which is compiled where that works."""
    if engine not in ENGINES:
        raise ValueError(f"there is no engine {engine!r}: write one of {', '.join(ENGINES)}.")

    def compiled() -> CompiledLearner:
        return CompiledLearner(model, objective, optimizer, penalty, clip, example)

    if engine == "compiled":
        return compiled()
    eager = EagerLearner(model, objective.loss, optimizer, penalty, clip)
    if engine == "eager":
        return eager
    try:
        return AutoLearner(eager, compiled())
    except Exception as error:  # if it is the program's own, the eager engine will raise it too
        return replace(eager, notes=[slower("From the start", error)])


def slower(when: str, error: Exception) -> str:
    """Return the note that says since when the eager engine computes, and why."""
    return f"{when} the eager engine computed, example after example, which is slower: {error}"


ENGINES = ("auto", "compiled", "eager")
