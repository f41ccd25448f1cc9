"""steps: the steps of an expression with all that can be done with them, to save and to play.

The sequence itself is ``story/steps.py``, which knows nothing of pictures.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from autograd.story import steps as story
from autograd.value import Value


class PlayableSteps(story.Steps):
    """Steps that a notebook plays, and that can be saved as a page, an animation or a document."""

    def save(self, filename: str | PathLike[str]) -> Path:
        """Write the steps to a file and return its path; the suffix says in which form.

        ``.html`` is a page that plays them, ``.gif`` an animation for slides, ``.pdf`` has a page
        for every step, ``.md`` tells them in Markdown.

        Raises ValueError for another suffix and for an expression of too many nodes, RenderError
        if no picture can be made, and OSError if the file cannot be written.
        """
        from autograd.view.player.saving import save  # text needs none of what pictures need

        return save(self, filename)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the player for a notebook, and the steps as text."""
        from autograd.view.player.player import bundle

        return bundle(self)


def steps(root: Value, *, accumulate: bool = False) -> PlayableSteps:
    """Return all that happens when ``root`` is computed and ``root.backward()`` is called.

    First every node is computed, arguments before results. Then the root gets the seed, and every
    edge passes on its contribution, local derivative times upstream gradient, in the order of the
    engine's own sweep. All gradients start at 0.0, whatever earlier calls of ``backward()`` have
    left; with ``accumulate`` the leaves add that in the end, as ``backward()`` does.

    Nothing changes in the graph. Each number equals the engine's, to the last bit. ``print`` tells
    the steps, a notebook plays them, and ``save`` writes them to a file.

    Raises TypeError if ``root`` is not a Value, and what ``backward()`` raises if a leaf was
    written after the graph was computed from it, or a derivative is undefined.

    >>> w, x, b = Value(0.5, label="w"), Value(2.0, label="x"), Value(-1.0, label="b")
    >>> loss = (w * x + b).tanh()
    >>> loss.label = "loss"
    >>> for step in steps(loss)[3:5]:
    ...     print(step)
    loss.grad = 1.0 (the seed: how loss changes with itself)
    (w * x + b).grad += (1 - loss**2) * loss.grad = 1.0 * 1.0 = 1.0 (was 0.0, now 1.0)
    """
    told = story.steps(root, accumulate=accumulate)
    return PlayableSteps(told.story, told.everything)
