"""Model files: a network in a file that people can read, and that cannot lie.

The file is JSON. It says what the network is (its architecture), every number by name, and what
belongs to it: how the inputs were scaled, the names of the classes and features, and notes. A
checksum over all of it tells whether a bit has changed since; whoever edits the file on purpose
loads it with ``check=False``.

To load executes nothing and imports nothing: a file chooses from a table of known architectures.
To save puts a whole file in the place of the old one (``write_whole``).

>>> import tempfile
>>> from pathlib import Path
>>> model = MLP(2, [(3, "tanh"), (2, "softmax")])
>>> with tempfile.TemporaryDirectory() as folder:
...     save(model, Path(folder) / "model.json", class_names=["no", "yes"])
...     twin = load(Path(folder) / "model.json")
...     names = load_all(Path(folder) / "model.json").class_names
>>> [output.data for output in twin([1.0, 2.0])] == [output.data for output in model([1.0, 2.0])]
True
>>> names
['no', 'yes']
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import autograd
from autograd.machinery.whole_files import write_whole
from nn.checks.arguments import counted, plain
from nn.checks.parameters import write
from nn.data import Scaler
from nn.layers import ACTIVATIONS, LAYER_ACTIVATIONS, MLP, Layer, Neuron, activation_word
from nn.module import Module
from nn.saving.safe_json import (
    Flaw,
    ModelFileError,
    check_checksum,
    check_keys,
    check_number,
    check_numbers,
    check_plain,
    check_size,
    check_text,
    check_texts,
    encoded,
    flaws_of,
    parsed,
    short,
    text_of,
)

FORMAT = "chalkgrad model"
VERSION = 1
LONGEST_LABEL = 100  # characters: each parameter has a copy of it in its own label

KEYS = (
    "format",
    "version",
    "library",
    "architecture",
    "scaler",
    "class_names",
    "feature_names",
    "notes",
    "parameters",
)

# What a file may name, and how it is made of its sizes and activations.
ARCHITECTURES: dict[str, Callable[..., Module]] = {
    "Neuron": lambda in_size, layers, **rest: Neuron(in_size, activation=layers[0][1], **rest),
    "Layer": lambda in_size, layers, **rest: Layer(
        in_size, layers[0][0], activation=layers[0][1], **rest
    ),
    "MLP": lambda in_size, layers, **rest: MLP(in_size, layers, **rest),
}


@dataclass(frozen=True)
class Saved:
    """All that a model file holds: the model, and what was saved with it (None: nothing was)."""

    model: Any
    scaler: Scaler | None
    class_names: list[str] | None
    feature_names: list[str] | None
    notes: dict[str, Any] | None


def save(
    model: Module,
    path: str | os.PathLike[str],
    *,
    scaler: Scaler | None = None,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] | None = None,
    notes: dict[str, Any] | None = None,
) -> None:
    """Write a Neuron, Layer or MLP into a file, with what belongs to it.

    ``scaler`` is the one that the inputs go through, and ``notes`` a dict of whatever JSON can
    hold: ``{"loss": "mse", "seed": 1}``. The same model and the same extras give the same bytes.

    The file appears as a whole or not at all, with the permissions of the one that it replaces.
    Raises TypeError or ValueError, before anything is written, for what a file cannot hold: another
    kind of model, a number that is not finite. Raises OSError if the file cannot be written; the
    old one is then as it was.
    """
    if scaler is not None and not isinstance(scaler, Scaler):
        raise TypeError(f"scaler must be an nn.data.Scaler, not {type(scaler).__name__}.")
    content = {
        "format": FORMAT,
        "version": VERSION,
        "library": f"chalkgrad {autograd.__version__}",
        "architecture": architecture_of(model),
        "scaler": None if scaler is None else scaler_content(scaler),
        "class_names": plain(class_names),
        "feature_names": plain(feature_names),
        "notes": notes,
        "parameters": {name: p.data for name, p in model.named_parameters().items()},
    }
    try:
        twin = restored(content, check=False).model  # what is written can be read again
        # A layer that was swapped by hand would be written as something that it is not.
        if anatomy(twin) != anatomy(model):
            raise Flaw("architecture", "was changed by hand after the model had been made.")
        data = encoded(content)
    except Flaw as flaw:
        raise ValueError(f"the model cannot be saved: {flaw}") from None
    write_whole(path, data)


def load(path: str | os.PathLike[str], *, check: bool = True) -> Any:
    """Return the model in a file; ``load_all`` returns what was saved with it as well.

    Raises ModelFileError if the file is damaged, or is no model file. ``check=False`` is for a file
    that was edited on purpose: the checksum is then not compared, everything else still is.
    """
    return load_all(path, check=check).model


def load_all(path: str | os.PathLike[str], *, check: bool = True) -> Saved:
    """Return the model in a file, with its scaler, class names, feature names and notes.

    Raises ModelFileError as ``load`` does.
    """
    with flaws_of(path):
        return restored(parsed(text_of(path)), check=check)


def load_into(model: Module, path: str | os.PathLike[str], *, check: bool = True) -> None:
    """Give a model the parameters in a file: all of them, or if it raises, none.

    Raises ModelFileError as ``load`` does, and if the file holds a model of another shape.
    """
    source = load(path, check=check)
    if anatomy(source) != anatomy(model):
        raise ModelFileError(os.fspath(path), "architecture", f"is {source!r}, and not {model!r}.")
    write(model.parameters(), [parameter.data for parameter in source.parameters()])


# What a file says about a model -------------------------------------------------------------------


def architecture_of(model: Any) -> dict[str, Any]:
    """Return the architecture of a model as plain data, or raise TypeError: no file can hold it."""
    if type(model) is Neuron:
        in_size, layers = len(model.w), [(1, model.activation)]
    elif type(model) is Layer:
        in_size, layers = model.in_size, [(model.out_size, model.activation)]
    elif type(model) is MLP:
        in_size = model.layers[0].in_size
        layers = [(layer.out_size, layer.activation) for layer in model.layers]
    else:
        raise TypeError(
            f"a model file holds a Neuron, a Layer or an MLP, not {type(model).__name__}."
        )
    for position, (_, activation) in enumerate(layers, start=1):
        if not isinstance(activation, str):
            raise TypeError(
                f"layer {position} has an activation of your own, {activation_word(activation)}: a "
                f"model file holds no code, only a name, one of {', '.join(LAYER_ACTIVATIONS)}. "
                "Keep the numbers instead: [p.data for p in model.parameters()]."
            )
    return {
        "kind": type(model).__name__,
        "label": model.label,
        "in_size": in_size,
        "layers": [{"size": size, "activation": activation} for size, activation in layers],
    }


def scaler_content(scaler: Scaler) -> dict[str, list[float]]:
    """Return a scaler as plain data; NumPy's numbers, too, are floats there."""
    return {name: [float(n) for n in numbers] for name, numbers in scaler.to_dict().items()}


def anatomy(model: Module) -> list[str]:
    """Return the names of a model's parameters, and what it and each module in it are."""
    # By identity, and a list instead of recursion: a module may be shared, or contain itself.
    modules = {id(model): model}
    waiting = [model]
    while waiting:
        inner = [part for _, part in waiting.pop().parts() if isinstance(part, Module)]
        waiting += (part for part in inner if id(part) not in modules)
        modules.update((id(part), part) for part in inner)
    return [*model.named_parameters(), *map(repr, modules.values())]


def restored(content: Any, *, check: bool) -> Saved:
    """Return what the content describes, or raise Flaw."""
    check_keys("content", content, KEYS, may=("checksum",))
    if content["format"] != FORMAT:
        raise Flaw("format", f"is {short(content['format'])}, not {FORMAT!r}.")
    if content["version"] != VERSION or type(content["version"]) is not int:
        raise Flaw(
            "version", f"is {short(content['version'])}; this chalkgrad reads version {VERSION}."
        )
    check_text("library", content["library"])
    in_size, layers = shape_of(content["architecture"])
    classes = max(2, layers[-1][0])  # a single output tells two classes apart
    check_names("class_names", content["class_names"], classes)
    check_names("feature_names", content["feature_names"], in_size)
    notes = content["notes"]
    if notes is not None and not isinstance(notes, dict):
        raise Flaw("notes", f"must be a dict or nothing, not {short(notes)}.")
    check_plain("notes", notes)
    scaler = scaler_of(content["scaler"], in_size)
    check_parameters(content["parameters"], [in_size, *(size for size, _ in layers)])
    if check:  # after all that is cheap and says more, before a network is made for nothing
        check_checksum(content)
    model = model_of(content["architecture"], layers, content["parameters"])
    return Saved(model, scaler, content["class_names"], content["feature_names"], notes)


def shape_of(architecture: Any) -> tuple[int, list[tuple[int, str]]]:
    """Return the number of inputs and the (size, activation) of each layer, or raise Flaw."""
    check_keys("architecture", architecture, ("kind", "label", "in_size", "layers"))
    kind, label, layers = architecture["kind"], architecture["label"], architecture["layers"]
    if not isinstance(kind, str) or kind not in ARCHITECTURES:
        raise Flaw("architecture.kind", f"is {short(kind)}, none of: {', '.join(ARCHITECTURES)}.")
    check_text("architecture.label", label)
    if len(label) > LONGEST_LABEL:
        raise Flaw("architecture.label", f"has more than {LONGEST_LABEL} characters.")
    check_size("architecture.in_size", architecture["in_size"])
    if not isinstance(layers, list) or not layers or (kind != "MLP" and len(layers) > 1):
        wanted = "at least one layer" if kind == "MLP" else "one layer"
        raise Flaw("architecture.layers", f"must list {wanted} for a model of kind {kind}.")
    for position, layer in enumerate(layers):
        check_layer(f"architecture.layers[{position}]", layer, kind)
    return architecture["in_size"], [(layer["size"], layer["activation"]) for layer in layers]


def check_layer(place: str, layer: Any, kind: str) -> None:
    """Raise Flaw unless the layer has a size and an activation that go together."""
    check_keys(place, layer, ("size", "activation"))
    size, activation = layer["size"], layer["activation"]
    check_size(f"{place}.size", size)
    if kind == "Neuron" and size != 1:
        raise Flaw(f"{place}.size", f"must be 1 for a Neuron, not {size}.")
    known = ACTIVATIONS if size == 1 else LAYER_ACTIVATIONS  # softmax compares several
    if activation not in known:
        raise Flaw(f"{place}.activation", f"is {short(activation)}, none of: {', '.join(known)}.")


def check_names(place: str, names: Any, count: int) -> None:
    """Raise Flaw unless there are no names, or as many as the model needs."""
    if names is None:
        return
    check_texts(place, names)
    if len(names) != count:
        raise Flaw(place, f"has {counted(len(names), 'name')} where the model needs {count}.")


def scaler_of(saved: Any, in_size: int) -> Scaler | None:
    """Return the scaler of ``in_size`` columns that the content describes, or raise Flaw."""
    if saved is None:
        return None
    check_keys("scaler", saved, ("centre", "width"))
    for name, numbers in saved.items():
        check_numbers(f"scaler.{name}", numbers)
        if len(numbers) != in_size:
            columns = counted(len(numbers), "column")
            raise Flaw(f"scaler.{name}", f"has {columns} where the model has {in_size} inputs.")
    try:
        return Scaler.from_dict(saved)
    except ValueError as error:
        raise Flaw("scaler", f"is impossible: {error}") from None


def check_parameters(parameters: Any, sizes: list[int]) -> None:
    """Raise Flaw unless there are as many numbers as layers of these sizes have.

    They are counted before anything is made: a size of a billion costs nothing.
    """
    if not isinstance(parameters, dict):
        raise Flaw("parameters", "must be a number under each name.")
    # A weight for each input and a bias, for each neuron.
    count = sum((in_size + 1) * out_size for in_size, out_size in pairwise(sizes))
    if len(parameters) != count:
        raise Flaw("parameters", f"are {len(parameters)}, but the architecture has {short(count)}.")
    for name, number in parameters.items():
        check_number(f"parameters[{name[:80]!r}]", number)


def model_of(
    architecture: dict[str, Any], layers: list[tuple[int, str]], parameters: dict[str, float]
) -> Module:
    """Return the model with these parameters, or raise Flaw if one of its own is missing."""
    make = ARCHITECTURES[architecture["kind"]]
    # The weights drawn here are overwritten: a generator of its own leaves the user's alone.
    label, rng = architecture["label"], random.Random(0)
    model = make(architecture["in_size"], layers, label=label, rng=rng)
    for name, parameter in model.named_parameters().items():
        if name not in parameters:
            raise Flaw(f"parameters[{name!r}]", "is missing.")
        parameter.data = float(parameters[name])
    return model
