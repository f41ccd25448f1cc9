"""The report of an experiment: what was learned, how well, and the files that tell of it."""
# X is a table and y a column of it, as in every textbook

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from autograd.machinery.whole_files import write_whole
from nn.checks.arguments import counted
from nn.command.known_data import DataSource
from nn.command.notes import rare_classes
from nn.command.predict import classes_from, csv_of, formula, output_for, outputs_for
from nn.saving.model_file import Saved, architecture_of, save
from nn.training.history import History
from nn.training.prediction import evaluate

OF_CLASSES = ("accuracy", "precision_macro", "recall_macro", "f1_macro")
OF_NUMBERS = ("mae", "rmse", "r2")
MOST_RARE = 5  # classes that get a line of their own
CELLS = 20  # so many classes can be read in a confusion matrix


class Part(NamedTuple):
    """Some of the examples, in the units of the data."""

    X: list[list[float]]
    y: list[Any]


@dataclass(frozen=True)
class Report:
    """A trained network with all that belongs to it, and the examples to judge it by.

    ``targets`` turns classes into what the loss takes; ``remarks`` say what to know before trusting
    the numbers.
    """

    source: DataSource
    saved: Saved
    history: History
    training: Part
    validation: Part
    targets: Callable[[Sequence[Any]], list[Any]]
    remarks: Sequence[str] = ()

    @property
    def judged(self) -> Part:
        """The examples to judge by: those set aside, and if there are none, all."""
        return self.validation if self.validation.X else self.training

    @property
    def notes(self) -> dict[str, Any]:
        """The settings."""
        return self.saved.notes or {}

    def metrics(self) -> dict[str, dict[str, float]]:
        """Return what can be measured, on the examples learned from and on those set aside."""
        parts = {"training": self.training, "validation": self.validation}
        return {name: self.measures_of(part) for name, part in parts.items() if part.X}

    def measures_of(self, part: Part) -> dict[str, float]:
        """Return the loss and the usual metrics of some examples, in the units of the data."""
        scaler = self.saved.scaler
        return {
            "examples": len(part.y),
            **evaluate(
                self.saved.model,
                scaler(part.X) if scaler else part.X,
                self.targets(part.y),
                loss=self.notes["loss"],
                metrics=OF_CLASSES if self.saved.class_names else OF_NUMBERS,
            ),
        }

    def verdict(self) -> str:
        """Return in words how good the answers are, on examples that were not learned from."""
        measured = self.measures_of(self.judged)
        count = int(measured["examples"])
        kind = "test" if self.validation.X else "training"
        if self.saved.class_names:
            right = round(measured["accuracy"] * count)
            accuracy = f"{right / count:.1%} ({right} of {counted(count, 'example')})"
            return "\n".join([f"{kind} accuracy: {accuracy}", *self.on_rare_classes(measured)])
        line = formula(self.saved)
        return (
            f"{kind} R2: {measured['r2']:.3f}, typical error {measured['rmse']:.4g} "
            f"({counted(count, 'example')})" + (f"\n{line}" if line else "")
        )

    def on_rare_classes(self, measured: dict[str, float]) -> list[str]:
        """Return a line for each class that the accuracy hides, if there is any.

        Of 500 rows with 4 frauds, a network that never says fraud is right in 99.2 %.
        """
        rare = rare_classes(Counter([*self.training.y, *self.validation.y]))
        if not rare:
            return []
        names = self.saved.class_names or []
        answers = classes_from(self.saved, outputs_for(self.saved, self.judged.X))
        usual, most = Counter(self.judged.y).most_common(1)[0]
        share = most / len(self.judged.y)
        lines = [f"always answering {names[usual]!r} would reach {share:.1%}"]
        for label in rare[:MOST_RARE]:
            there = [
                answer == label
                for answer, y in zip(answers, self.judged.y, strict=True)
                if y == label
            ]
            said = answers.count(label)
            lines.append(
                f"{names[label]!r}: {sum(there)} of {len(there)} found (recall), "
                f"{sum(there)} of {counted(said, 'such answer')} right (precision)"
            )
        return [*lines, f"F1, the mean over the classes: {measured['f1_macro']:.3f}"]

    def text(self) -> str:
        """Return the network, how it learned and how good it is, as a text."""
        remark = ""
        if not self.saved.class_names and self.notes["normalise"] != "none":
            target, kind = self.notes["target"], self.notes["normalise"]
            remark = f"(the loss is that of {target} after normalisation: {kind})\n"
        network = self.saved.model.summary()
        return f"{network}\n\n{self.history}\n{remark}\n{self.verdict()}"

    def summary(self) -> str:
        """Return the settings and the report as a text."""
        settings = "\n".join(
            f"{name}: {setting_in_words(each)}" for name, each in self.notes.items()
        )
        remarks = "".join(f"note: {remark}\n" for remark in self.remarks)
        return f"{settings}\n\n{self.text()}\n{remarks}"

    # The files ------------------------------------------------------------------------------------

    def write(self, folder: Path) -> list[Path]:
        """Write the model, what was measured and the pictures; return the paths, best first."""
        metrics = self.metrics()
        model = folder / "model.json"
        save(
            self.saved.model,
            model,
            scaler=self.saved.scaler,
            class_names=self.saved.class_names,
            feature_names=self.saved.feature_names,
            notes={**self.notes, "metrics": metrics},
        )
        epochs = [[epoch, *row.values()] for epoch, row in enumerate(self.history.rows, start=1)]
        texts = {
            "summary.txt": self.summary(),
            "metrics.json": json.dumps(metrics, indent=2) + "\n",
            "history.csv": csv_of([["epoch", *self.history], *epochs]),
        }
        written = [write_whole(folder / name, text.encode()) for name, text in texts.items()]
        return [model, *written, *self.draw(folder)]

    def draw(self, folder: Path) -> list[Path]:
        """Draw the curves, the network and, of classes, the answers; return the paths."""
        from nn.view import draw_network, plot_history
        from nn.view.chart import COLOURS

        name = self.notes["data"]
        class_names = self.saved.class_names or []
        curve = plot_history(self.history, title=f"{name}: how the network learned")
        network = draw_network(
            self.saved.model,
            input_names=self.saved.feature_names or [],
            output_names=output_names(self.saved),
            title=f"{name}: the network",
        )
        pictures = [curve.save(folder / "curve.png")]
        if 2 <= len(class_names) <= len(COLOURS) and self.has_plane():
            pictures.append(self.boundary().save(folder / "boundary.png"))
        if 2 <= len(class_names) <= CELLS:
            pictures.append(self.confusion().save(folder / "confusion.png"))
        return [*pictures, Path(network.save(folder / "network.svg"))]

    def has_plane(self) -> bool:
        """Whether two features can be drawn: there are just two, or the data source names them."""
        return len(self.judged.X[0]) == 2 or self.source.plane is not None

    def boundary(self) -> Any:
        """Return the chart of what is answered over two features."""
        from nn.view import plot_boundary

        features = self.source.plane or (0, 1)
        unit = f" ({self.source.unit})" if self.source.unit else ""
        names = [name.replace("_", " ") + unit for name in self.saved.feature_names or []]
        title = f"{self.notes['data']}: what the network answers"
        if len(names) > len(features):
            title += "\n(other features at their means)"
        return plot_boundary(
            lambda row: output_for(self.saved, row),
            self.judged.X,
            self.judged.y,
            features=features,
            feature_names=names,
            class_names=self.saved.class_names or [],
            title=title,
        )

    def confusion(self) -> Any:
        """Return the chart of which class is taken for which."""
        from nn.view import plot_confusion

        answers = classes_from(self.saved, outputs_for(self.saved, self.judged.X))
        return plot_confusion(
            answers,
            self.judged.y,
            class_names=self.saved.class_names or [],
            title=f"{self.notes['data']}: which is taken for which",
        )


def output_names(saved: Saved) -> list[str]:
    """Return what each output of the model stands for, as far as that is known.

    A single output of a model of two classes speaks for the second.
    """
    names = saved.class_names or [str((saved.notes or {}).get("target", ""))]
    outputs = architecture_of(saved.model)["layers"][-1]["size"]
    return names[-1:] if outputs == 1 else list(saved.class_names or [])


def setting_in_words(setting: Any) -> str:
    """Return a setting as a person would write it.

    >>> [setting_in_words(each) for each in ([16, 16], [], None, 0.1)]
    ['16 16', 'none', 'none', '0.1']
    """
    if isinstance(setting, list):
        return " ".join(map(str, setting)) or "none"
    return "none" if setting is None else str(setting)


def writable_folder(folder: Path) -> Path:
    """Return the folder, made if need be, or raise OSError if no file can be written into it.

    Asked before a training: afterwards, the error would cost the student the wait.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError):
        raise OSError(f"cannot write into {folder}: it is a file, or lies in one.") from None
    except OSError as error:
        raise OSError(f"cannot write into {folder}: {error.strerror or error}.") from None
    return folder
