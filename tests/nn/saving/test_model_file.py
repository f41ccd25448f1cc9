"""What model files promise: the same bits, whole or not at all, and no file that lies."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import autograd
import nn
from nn.data import Scaler
from nn.layers import LAYER_ACTIVATIONS, MLP, Layer, Neuron
from nn.saving.model_file import Saved, load, load_all, load_into, save
from nn.saving.safe_json import ModelFileError, checksum

AWKWARD = [0.1, -0.0, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 1 / 3, -1e22]


def made(seed: int = 1) -> MLP:
    return MLP(2, [(3, "tanh"), (2, "softmax")], rng=random.Random(seed))


def bits(model: Any) -> list[tuple[str, str]]:
    return [(name, value.data.hex()) for name, value in model.named_parameters().items()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


# The same bits ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [Neuron(3, activation="gelu"), Layer(2, 3, activation="softmax"), Layer(2, 1), made(),
     MLP(1, [1], label="critic")],
    ids=repr,
)  # fmt: skip
def test_a_model_comes_back_to_the_bit_and_saves_to_the_same_bytes(model: Any, path: Path) -> None:
    save(model, path)
    twin = load(path)
    assert type(twin) is type(model)
    assert (repr(twin), bits(twin)) == (repr(model), bits(model))
    assert [p.label for p in twin.parameters()] == [p.label for p in model.parameters()]
    first = path.read_bytes()
    save(twin, path)
    assert path.read_bytes() == first


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@example(AWKWARD)
@settings(max_examples=200, deadline=None)
def test_every_finite_number_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.json"
    model = Neuron(len(numbers))
    for weight, number in zip(model.w, numbers, strict=True):
        weight.data = number
    scaler = Scaler(numbers, [1.0] * len(numbers))
    save(model, path, scaler=scaler, notes={"numbers": numbers})
    saved = load_all(path)
    assert bits(saved.model) == bits(model)
    written = [number.hex() for number in numbers]
    assert saved.scaler is not None
    assert [number.hex() for number in saved.scaler.centre] == written
    assert saved.notes is not None
    assert [number.hex() for number in saved.notes["numbers"]] == written


@pytest.mark.parametrize("activation", LAYER_ACTIVATIONS)
def test_every_activation_can_be_saved(activation: str, path: Path) -> None:
    model = Layer(2, 2, activation=activation)
    save(model, path)
    outputs = [output.data for output in model([0.5, -0.5])]
    assert [output.data for output in load(path)([0.5, -0.5])] == outputs


def resaved(saved: Saved, path: Path) -> bytes:
    save(
        saved.model,
        path,
        scaler=saved.scaler,
        class_names=saved.class_names,
        feature_names=saved.feature_names,
        notes=saved.notes,
    )
    return path.read_bytes()


def test_what_belongs_to_the_model_comes_back_with_it(path: Path) -> None:
    model = made()
    scaler = Scaler.standard([[0.1, 2.0], [0.4, -7.0], [1 / 3, 0.0]])
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    notes = {"loss": "mse", "target": "spêcies", "optimizer": optimizer.state(), "seed": 1}
    save(
        model,
        path,
        scaler=scaler,
        class_names=("nein", "jå 🙂"),
        feature_names=["x1", "x2"],
        notes=notes,
    )
    saved = load_all(path)
    assert saved.scaler == scaler
    assert saved.scaler([[0.3, 0.7]]) == scaler([[0.3, 0.7]])
    assert saved.class_names == ["nein", "jå 🙂"]
    assert saved.feature_names == ["x1", "x2"]
    assert saved.notes == notes
    first = path.read_bytes()
    assert resaved(saved, path) == first


def test_without_extras_there_are_none(path: Path) -> None:
    save(made(), path)
    saved = load_all(path)
    assert (saved.scaler, saved.class_names, saved.feature_names, saved.notes) == (None,) * 4


def test_a_scaler_of_whole_or_numpy_numbers_comes_back_and_saves_to_the_same_bytes(
    path: Path,
) -> None:
    centre: list[Any] = [1, numpy.int64(5)]
    width: list[Any] = [numpy.float32(2.0), 1]
    scaler = Scaler(centre, width)
    save(made(), path, scaler=scaler)
    saved = load_all(path)
    assert saved.scaler == Scaler([1.0, 5.0], [2.0, 1.0])
    first = path.read_bytes()
    assert resaved(saved, path) == first


def test_a_file_can_be_read_by_people(path: Path) -> None:
    save(made(), path, class_names=["nein", "jå"])
    text = path.read_text(encoding="utf-8")
    weight = made().layers[0].neurons[0].w[0].data
    assert f'"layer1.neuron1.w1": {weight!r},' in text
    assert '"activation": "tanh"' in text
    assert '"jå"' in text


def test_loading_leaves_the_random_numbers_of_the_program_alone(path: Path) -> None:
    save(made(), path)
    random.seed(3)
    state = random.getstate()
    load(path)
    save(made(), path)
    assert random.getstate() == state


def test_a_file_may_be_indented_or_sorted_or_end_its_lines_differently(path: Path) -> None:
    save(made(), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(json.dumps(content, indent=4, sort_keys=True).replace("\n", "\r\n").encode())
    assert bits(load(path)) == bits(made())


# Refused, in plain words --------------------------------------------------------------------------


def edited(path: Path, change: Callable[[dict[str, Any]], Any], *, seal: bool = False) -> None:
    """Save a model, and change the content of its file, perhaps with a checksum that fits."""
    save(made(), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    if seal:
        content["checksum"] = checksum(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_an_edited_file_is_refused_unless_it_was_edited_on_purpose(path: Path) -> None:
    edited(path, lambda content: content["parameters"].update({"layer1.neuron2.b": 0.5}))
    with pytest.raises(ModelFileError, match=r"model\.json: checksum .* load it with check=False"):
        load(path)
    model = load(path, check=False)
    assert model.layers[0].neurons[1].b.data == 0.5
    with pytest.raises(ModelFileError, match="checksum"):
        load_into(made(), path)


def test_a_file_without_a_checksum_loads_only_unchecked(path: Path) -> None:
    edited(path, lambda content: content.pop("checksum"))
    with pytest.raises(ModelFileError, match="checksum"):
        load(path)
    assert bits(load(path, check=False)) == bits(made())


def layer(number: int, **change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["architecture"]["layers"][number].update(change)


def scaled(**change: Any) -> Callable[[dict[str, Any]], None]:
    right = {"centre": [0.0, 0.5], "width": [1.0, 2.0]}
    return lambda content: content.update(scaler=right | change)


def parameter(value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["parameters"].update({"layer2.neuron1.w3": value})


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda c: c.update(format="cake"), "format"),
        (lambda c: c.update(version=2), "version"),
        (lambda c: c.update(version=True), "version"),
        (lambda c: c.update(library=1), "library"),
        (lambda c: c.update(extra=1), "content"),
        (lambda c: c.pop("scaler"), "content"),
        (lambda c: c.update(architecture=[]), "architecture"),
        (lambda c: c["architecture"].update(kind="os.system"), r"architecture\.kind"),
        (lambda c: c["architecture"].update(kind=["MLP"]), r"architecture\.kind"),
        (lambda c: c["architecture"].update(kind="Layer"), r"architecture\.layers"),
        (lambda c: c["architecture"].update(label=None), r"architecture\.label"),
        (lambda c: c["architecture"].update(label="x" * 101), r"architecture\.label"),
        (lambda c: c["architecture"].update(in_size=0), r"architecture\.in_size"),
        (lambda c: c["architecture"].update(in_size=10**9), "parameters"),
        (lambda c: c["architecture"].update(layers=[]), r"architecture\.layers"),
        (layer(0, size=2.0), r"architecture\.layers\[0\]\.size"),
        (layer(0, size=True), r"architecture\.layers\[0\]\.size"),
        (layer(1, size=10**9), "parameters"),
        (layer(1, size=10**17), "parameters"),
        (layer(1, activation="data"), r"architecture\.layers\[1\]\.activation"),
        (layer(1, activation={}), r"architecture\.layers\[1\]\.activation"),
        (parameter("0.5"), r"parameters\['layer2\.neuron1\.w3'\]"),
        (parameter(None), r"parameters\['layer2\.neuron1\.w3'\]"),
        (parameter(True), r"parameters\['layer2\.neuron1\.w3'\]"),
        (parameter([0.5]), r"parameters\['layer2\.neuron1\.w3'\]"),
        (lambda c: c["parameters"].pop("layer2.neuron1.w3"), "parameters"),
        (lambda c: c["parameters"].update(more=1.0), "parameters"),
        (lambda c: c.update(parameters=[1.0] * 17), "parameters"),
        (lambda c: c.update(class_names=["one"]), "class_names"),
        (lambda c: c.update(class_names=["one", 2]), r"class_names\[1\]"),
        (lambda c: c.update(feature_names="ab"), "feature_names"),
        (lambda c: c.update(notes="mse"), "notes"),
        (lambda c: c.update(notes={"a": [1, {"b": 10**18}]}), r"notes\.a\[1\]\.b"),
        (lambda c: c.update(scaler=[1.0]), "scaler"),
        (lambda c: c.update(scaler={"centre": [0.0, 0.0]}), "scaler"),
        (scaled(centre=[0.0]), r"scaler\.centre"),
        (scaled(width=[1.0, 1.0, 1.0]), r"scaler\.width"),
        (scaled(width=[1.0, "1.0"]), r"scaler\.width\[1\]"),
        (scaled(width=None), r"scaler\.width"),
        (scaled(width=[1.0, 0.0]), "scaler"),
        (scaled(width=[1.0, -1.0]), "scaler"),
        (scaled(more=[1.0, 1.0]), "scaler"),
    ],
)
def test_content_that_cannot_be_is_refused_at_its_place_even_unchecked(
    change: Any, place: str, seal: bool, path: Path
) -> None:
    edited(path, change, seal=seal)
    with pytest.raises(ModelFileError, match=rf"model\.json: {place} ") as raised:
        load(path, check=False)
    assert raised.value.path == str(path)
    with pytest.raises(ModelFileError, match=place):
        load(path)


def test_a_renamed_parameter_is_missing(path: Path) -> None:
    def rename(content: dict[str, Any]) -> None:
        content["parameters"]["w"] = content["parameters"].pop("layer1.neuron1.b")

    edited(path, rename)
    with pytest.raises(ModelFileError, match=r"parameters\['layer1\.neuron1\.b'\] is missing"):
        load(path, check=False)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "1" * 30])
def test_a_number_that_is_not_finite_or_endless_is_refused(number: str, path: Path) -> None:
    edited(path, parameter(0.5))
    path.write_text(path.read_text(encoding="utf-8").replace(": 0.5", f": {number}"))
    with pytest.raises(ModelFileError, match=r"finite number|digits"):
        load(path, check=False)


def test_a_key_that_comes_twice_is_refused(path: Path) -> None:
    edited(path, parameter(0.5))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"scaler"', '"format": "cake", "scaler"'), encoding="utf-8")
    with pytest.raises(ModelFileError, match="the key 'format' comes twice"):
        load(path, check=False)


def test_a_neuron_is_one(path: Path) -> None:
    save(Neuron(2), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["architecture"]["layers"][0]["size"] = 2
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"layers\[0\]\.size must be 1 for a Neuron, not 2"):
        load(path, check=False)


def test_notes_nested_without_end_are_refused(path: Path) -> None:
    edited(path, parameter(0.5))
    text = path.read_text(encoding="utf-8")
    nested = '{"a": ' + "[" * 300 + "]" * 300 + "}"
    path.write_text(text.replace('"notes": null', f'"notes": {nested}'), encoding="utf-8")
    with pytest.raises(ModelFileError, match="nested more than 20 deep"):
        load(path, check=False)


def test_a_folder_is_no_model_and_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="a folder or a device"):
        load(tmp_path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.json")


def test_the_error_survives_pickling(path: Path) -> None:
    error = ModelFileError("a.json", "format", "is wrong.")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.place) == (str(error), "format")
    assert isinstance(error, ValueError)


# What cannot be saved, and what does not fit ------------------------------------------------------


class Doubled(MLP):
    """A model whose formula no file can hold."""


def tied() -> Layer:
    layer = Layer(2, 2)
    layer.neurons[1].w[0] = layer.neurons[0].w[0]
    return layer


def odd() -> Layer:
    layer = Layer(2, 2)
    layer.neurons[1].activation = "tanh"
    return layer


@pytest.mark.parametrize(
    ("make", "extras", "error", "message"),
    [
        (lambda: Doubled(2, [1]), {}, TypeError, "not Doubled"),
        (lambda: [1.0], {}, TypeError, "not list"),
        (tied, {}, ValueError, "parameters are 5, but the architecture has 6"),
        (odd, {}, ValueError, "changed by hand"),
        (made, {"class_names": ["a"]}, ValueError, "class_names has 1 name where .* needs 2"),
        (made, {"feature_names": "xy"}, ValueError, "feature_names must be a list"),
        (made, {"notes": "mse"}, ValueError, "notes must be a dict or nothing, not 'mse'"),
        (made, {"notes": {1: "a"}}, ValueError, "a key in notes must be a text"),
        (made, {"notes": {"a": (1, 2)}}, ValueError, r"notes\.a must be a number"),
        (made, {"notes": {"a": [0.0, float("nan")]}}, ValueError, r"notes\.a\[1\] is nan"),
        (made, {"notes": {"a": "\ud800"}}, ValueError, "half a character"),
        (made, {"notes": {"a": 10**30}}, ValueError, "digits"),
        (made, {"notes": {"a": [0] * 500_000}}, ValueError, "more than 400000 entries, too many"),
        (made, {"scaler": {"centre": []}}, TypeError, "scaler must be an nn.data.Scaler, not dict"),
        (made, {"scaler": Scaler([0.0], [1.0])}, ValueError, "1 column where .* 2 inputs"),
        (made, {"scaler": Scaler([0.0, 0.0], [0.0, 1.0])}, ValueError, "widths above 0"),
        (lambda: MLP(1, [1], label="x" * 101), {}, ValueError, "label has more than 100"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_before_anything_is_written(
    make: Any, extras: dict[str, Any], error: type[Exception], message: str, path: Path
) -> None:
    with pytest.raises(error, match=message):
        save(make(), path, **extras)
    assert not list(path.parent.iterdir())


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_model_that_has_diverged_is_not_saved(number: float, path: Path) -> None:
    model = made()
    model.layers[0].neurons[0].b.data = number
    with pytest.raises(ValueError, match=r"cannot be saved: parameters\['layer1\.neuron1\.b'\] is"):
        save(model, path)
    assert not path.exists()


def test_load_into_fills_a_model_of_the_same_shape_and_no_other(path: Path) -> None:
    save(made(1), path)
    model = made(2)
    parameters = model.parameters()
    load_into(model, path)
    assert bits(model) == bits(made(1))
    assert model.parameters() == parameters
    other = MLP(2, [(3, "relu"), (2, "softmax")], rng=random.Random(3))
    before = bits(other)
    with pytest.raises(ModelFileError, match=r"architecture is MLP\(2, \[3, 2\].* not MLP"):
        load_into(other, path)
    assert bits(other) == before


def test_an_activation_of_ones_own_cannot_be_saved_and_the_message_names_it(tmp_path: Path) -> None:
    def bent(v: autograd.Value) -> autograd.Value:
        return v * v

    model = nn.MLP(2, [3, 1], activation=bent)
    with pytest.raises(TypeError, match="layer 1 has an activation of your own, bent"):
        nn.save(model, tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []


def test_a_function_of_autograd_is_saved_by_its_name(tmp_path: Path) -> None:
    model = nn.MLP(2, [3, 1], activation=autograd.gelu)
    nn.save(model, tmp_path / "model.json")
    assert nn.load(tmp_path / "model.json")([1.0, 2.0]).data == model([1.0, 2.0]).data
