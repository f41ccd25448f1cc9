"""Early stopping: a training ends when it has not become better for a while.

Prechelt, "Early stopping - but when?", in "Neural networks: tricks of the trade", 1998.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd import Value
from nn.checks.parameters import write
from nn.training.history import History


class EarlyStopping:
    """Remembers the best epoch, and tells when the last ``patience`` epochs were no better.

    Best is the epoch with the smallest ``validation_loss``, or without validation the smallest
    ``loss``; of equals, the first.

    >>> w, history = Value(1.0), History()
    >>> stopping = EarlyStopping(2, [w])
    >>> for loss in (0.5, 0.25, 0.375, 0.25):
    ...     history.rows.append({"loss": loss})
    ...     stopping.look(history)
    ...     w.data += 1.0
    >>> stopping.is_over(history), stopping.best_epoch
    (True, 2)
    >>> stopping.restore(history)
    >>> w.data, history.note
    (2.0, 'the loss was best in epoch 2, whose parameters the model has')
    """

    def __init__(self, patience: int, parameters: Iterable[Value]) -> None:
        self.patience = patience
        self.parameters = list(parameters)
        self.best_epoch = 0
        self.best_loss = math.inf
        self.best = [parameter.data for parameter in self.parameters]

    def look(self, history: History) -> None:
        """Look at the last epoch of the history, and keep the parameters if it was the best."""
        loss = history.rows[-1][watched(history)]
        # Strictly less: of equally good epochs the first has learned least by heart.
        if loss < self.best_loss:
            self.best_epoch, self.best_loss = len(history.rows), loss
            self.best = [parameter.data for parameter in self.parameters]

    def is_over(self, history: History) -> bool:
        """Whether the training has been patient for long enough."""
        return len(history.rows) - self.best_epoch >= self.patience

    def restore(self, history: History) -> None:
        """Give the parameters the numbers of the best epoch, all or none, and note it."""
        # No epoch was finished, or none had a loss that is a number.
        if not self.best_epoch:
            return
        write(self.parameters, self.best)
        words = watched(history).replace("_", " ")
        history.add_note(
            f"the {words} was best in epoch {self.best_epoch}, whose parameters the model has"
        )

    def state(self) -> dict[str, Any]:
        """Return what ``go_on`` needs, as data that JSON can hold."""
        loss = self.best_loss if self.best_epoch else None
        return {"epoch": self.best_epoch, "loss": loss, "parameters": self.best}

    def go_on(self, state: dict[str, Any]) -> None:
        """Go on from what ``state`` returned."""
        self.best_epoch, self.best = state["epoch"], [float(each) for each in state["parameters"]]
        self.best_loss = math.inf if state["loss"] is None else state["loss"]


def watched(history: History) -> str:
    """Return the name of the measure that says how good an epoch was."""
    return "validation_loss" if "validation_loss" in history.rows[0] else "loss"
