"""save: the steps as a page, an animation, a document or a narration."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from autograd.machinery.whole_files import write_whole
from autograd.story.steps import Steps

# Who writes each form. It is loaded when it is used: words need none of what pictures need.
FORMS = {
    "html": ("autograd.view.player.player", "page"),
    "gif": ("autograd.view.player.animation", "gif"),
    "pdf": ("autograd.view.player.animation", "pdf"),
    "md": ("autograd.story.sentences", "markdown"),
}


def save(steps: Steps, filename: str | os.PathLike[str]) -> Path:
    """Write the steps to a file and return its path: this is ``PlayableSteps.save``."""
    path = Path(filename)
    form = FORMS.get(path.suffix[1:].lower())
    if form is None:
        raise ValueError(
            f"save() cannot tell the format of {str(path)!r}: end the name in .html for a page, "
            ".gif for an animation, .pdf for print or .md for the steps in words."
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}. Create it first, "
            "or save somewhere else."
        )
    module, name = form
    content = getattr(import_module(module), name)(steps)
    write_whole(path, content.encode() if isinstance(content, str) else content)
    return path
