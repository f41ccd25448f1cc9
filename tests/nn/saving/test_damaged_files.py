"""What damaged, foreign and hostile model files do: nothing but to be refused, and soon."""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from nn.data import Scaler
from nn.layers import MLP, Neuron
from nn.saving.model_file import Saved, load, load_all, save
from nn.saving.safe_json import MOST_BYTES, ModelFileError

SECOND = 3_000_000  # calls: a slow machine makes more of them in a second


def calls_of(work: Callable[[], object]) -> int:
    """Return how many calls the work makes, of Python and C: its cost, on a busy machine too."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(previous)
    return calls


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"{", "line 1, column 2"),
        (b'{"format": "chalkgrad model",\n "version": }', "line 2, column 13"),
        (b"[]", "content must be a dict"),
        (b"null", "content must be a dict"),
        (b'{"a": 1}', "content has no 'format': this is another kind of file"),
        (b"PK\x03\x04\xff\xff", "is no text"),
        (pickle.dumps({"a": 1}), "is no text"),
        (b"[" * 1_000_000, "nested more than"),
        (b'{"a":' * 1_000_000, "nested more than"),
        (b" " * (MOST_BYTES + 1), "has more than 16777216 bytes"),
        (b"[" + b"1," * 8_000_000 + b"1]", "has more than 400000 entries"),
        (b"[" + b"{}," * 390_000 + b"1]", "content must be a dict"),
    ],
    ids=lambda thing: repr(thing[:12]) if isinstance(thing, bytes) else "",
)
def test_a_foreign_file_is_refused_soon(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(content)

    def refused() -> None:
        with pytest.raises(ModelFileError, match=message):
            load(path, check=False)

    assert calls_of(refused) < SECOND


def hostile(change: Callable[[dict[str, Any]], Any], path: Path) -> None:
    """Write a model file with something in it that takes long, or much room, if it is trusted."""
    save(Neuron(1), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # Every parameter has a copy of the label in its own.
        (lambda c: c["architecture"].update(label="x" * 10**7), "architecture.label has more than"),
        (lambda c: c["architecture"].update(in_size=10**17), "parameters are 2, but"),
        (lambda c: c.update(format=[0] * 10**5), "format is"),
        (lambda c: c.update({"x" * 10**7: 1}), "content has 'xxx"),
        # Every entry has the key in the name of its place.
        (lambda c: c.update(notes={"x" * 10**7: [0] * 10**5}), "checksum"),
        (lambda c: c.update(notes={"x": "y" * 10**7}), "checksum"),
        (lambda c: c.update(notes={"x": {"y" * 10**7: "\ud800"}}), "half a character"),
        (lambda c: c.update(class_names=["x"] * 10**5), "class_names has 100000 names"),
    ],
)
def test_a_hostile_file_costs_no_time_and_its_message_no_room(
    change: Any, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "model.json"
    hostile(change, path)
    found = []

    def refused() -> None:
        with pytest.raises(ModelFileError, match=message) as raised:
            load(path)
        found.append(str(raised.value))

    assert calls_of(refused) < SECOND
    assert len(found[0]) < 600 + len(str(path))


LOADED = """
import sys
from pathlib import Path
from nn.saving.model_file import load, load_all
from nn.saving.safe_json import ModelFileError

load(sys.argv[1])
events = []
sys.addaudithook(lambda event, arguments: events.append((event, str(arguments[:1]))))
for path in sys.argv[1:]:
    for check in (True, False):
        try:
            load_all(path, check=check)
        except ModelFileError as error:
            pass
events, seen = None, events
for event, argument in sorted(set(seen)):
    if event != "builtins.id":  # which only looks
        print(event, argument)
"""


def test_loading_opens_the_file_and_does_nothing_else(tmp_path: Path) -> None:
    call = {"__reduce__": ["os.system", ["echo ran"]], "py/object": "os.system"}
    changes: list[Callable[[dict[str, Any]], Any]] = [
        lambda content: None,
        lambda content: content.update(call),
        lambda content: content.update(notes=call),
        lambda content: content.update(scaler=call),
        lambda content: content["architecture"].update(kind="os.system"),
        lambda content: content["architecture"].update(kind="__import__('os').system('echo ran')"),
        lambda content: content["architecture"]["layers"][0].update(activation="backward"),
        lambda content: content["parameters"].update(w1="__import__('os').system('echo ran')"),
    ]
    paths = [tmp_path / f"{number}.json" for number in range(len(changes) + 1)]
    for change, path in zip(changes, paths, strict=False):
        hostile(change, path)
    paths[-1].write_bytes(pickle.dumps(print, protocol=0))
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, paths)],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stderr == ""
    assert sorted(done.stdout.splitlines()) == sorted(f"open ({str(path)!r},)" for path in paths)


def spoiled(data: bytes, draws: random.Random) -> bytes:
    """Return the bytes with one to three kinds of damage."""
    result = bytearray(data)
    for _ in range(draws.choice((1, 1, 1, 2, 3))):
        start, end = sorted(draws.randrange(len(result)) for _ in range(2))
        match draws.randrange(7):
            case 0:
                result[start] ^= 1 << draws.randrange(8)
            case 1:
                del result[max(start, 1) :]
            case 2 if start + 1 < len(result):
                result[start], result[start + 1] = result[start + 1], result[start]
            case 3:
                del result[start : min(end, start + 40)]
            case 4:
                result[start:start] = result[start:end][:40]
            case 5:
                result[start] = draws.choice(b'0123456789eE-+.,:[]{}"\\ntf \n')
            case _:
                lines = bytes(result).split(b"\n")
                first, second = (draws.randrange(len(lines)) for _ in range(2))
                lines[first], lines[second] = lines[second], lines[first]
                result = bytearray(b"\n".join(lines))
        if not result:
            return b""
    return bytes(result)


def foreign(draws: random.Random) -> bytes:
    """Return a file that some other program has written."""
    notebook = {"cells": [], "metadata": {}, "nbformat": 4}
    return draws.choice(
        [
            draws.randbytes(draws.randrange(2000)),
            b"\x89PNG\r\n\x1a\n" + draws.randbytes(100),
            pickle.dumps([draws.random() for _ in range(20)], protocol=draws.randrange(6)),
            json.dumps({f"w{number}": draws.random() for number in range(9)}).encode(),
            json.dumps(notebook | {"nbformat_minor": draws.randrange(6)}).encode(),
            f"x1,x2,label\n{draws.random()},{draws.random()},yes\n".encode(),
            f"lr: {draws.random()}\nseed = {draws.random()}\n".encode("utf-16"),
        ]
    )


def told(saved: Saved) -> tuple[Any, ...]:
    """Return all that a file holds, to the bit."""
    numbers = [(name, p.data.hex()) for name, p in saved.model.named_parameters().items()]
    scaler = saved.scaler and [x.hex() for x in (*saved.scaler.centre, *saved.scaler.width)]
    names = (saved.class_names, saved.feature_names)
    return repr(saved.model), saved.model.label, numbers, scaler, names, saved.notes


def test_of_two_thousand_damaged_files_none_loads_silently_different(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    model = MLP(2, [(3, "tanh"), (2, "softmax")], label="moons", rng=random.Random(1))
    scaler = Scaler([0.25, -1e-9], [1.0, 1 / 3])
    save(
        model, path, scaler=scaler, class_names=["no", "yes"], feature_names=["x1", "x2"],
        notes={"loss": "mse", "epochs": 12, "history": [0.5, 0.25]},
    )  # fmt: skip
    data = path.read_bytes()
    whole = told(load_all(path))
    draws = random.Random(20)
    answers: Counter[str] = Counter()

    def attempt(check: bool) -> None:
        try:
            saved = load_all(path, check=check)
        except ModelFileError as error:
            told_why = error.path == str(path) and error.place and error.reason
            answers[f"refused, check={check}"] += bool(told_why)
        else:
            if check:
                assert told(saved) == whole
            assert all(abs(p.data) < float("inf") for p in saved.model.parameters())

    for round_ in range(2000):
        path.write_bytes(foreign(draws) if round_ % 10 == 0 else spoiled(data, draws))
        assert calls_of(lambda: attempt(check=True)) < SECOND / 100, round_
        assert calls_of(lambda: attempt(check=False)) < SECOND / 100, round_
    assert answers["refused, check=True"] > 1900
    assert 1000 < answers["refused, check=False"] < answers["refused, check=True"]
