"""What stored files promise: whole or not there, whatever happens on the way."""

from __future__ import annotations

import os
import random
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from interrupting import interrupted_at

from autograd.machinery.whole_files import write_whole
from nn.layers import Layer, Neuron
from nn.saving.model_file import load, load_into, save
from nn.saving.safe_json import (
    Flaw,
    ModelFileError,
    check_checksum,
    check_plain,
    encoded,
    flaws_of,
    parsed,
    text_of,
)

# Ctrl-C on the very line that closes a file leaves that to the interpreter, which warns about it.
INTERRUPTED = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


def bits(model: Any) -> list[str]:
    return [parameter.data.hex() for parameter in model.parameters()]


# Ctrl-C -------------------------------------------------------------------------------------------


@INTERRUPTED
def test_ctrl_c_at_any_line_of_save_leaves_the_old_file_or_the_new_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # a thousand waits for the disk
    first, second = Neuron(1, rng=random.Random(1)), Neuron(1, rng=random.Random(2))
    save(second, path)
    new = path.read_bytes()
    save(first, path)
    old = path.read_bytes()
    found = set()
    line, came = 0, True
    while came:
        line += 1
        path.write_bytes(old)
        came = interrupted_at(line, lambda: save(second, path))
        assert path.read_bytes() in (old, new), line
        assert list(path.parent.iterdir()) == [path], line
        found.add(path.read_bytes())
    assert found == {old, new}
    assert line > 100


@INTERRUPTED
def test_ctrl_c_where_no_file_was_leaves_none_or_a_whole_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    line, came = 0, True
    while came:
        line += 1
        path.unlink(missing_ok=True)
        came = interrupted_at(line, lambda: write_whole(path, b"whole"))
        assert [file.read_bytes() for file in path.parent.iterdir()] in ([], [b"whole"]), line
    assert line > 20


@INTERRUPTED
def test_ctrl_c_even_while_it_cleans_up_leaves_the_old_file_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    def attempt() -> None:
        with pytest.raises(OSError, match="No space left"):
            write_whole(path, b"new")

    monkeypatch.setattr(os, "fsync", full)
    path.write_bytes(b"old")
    line, came, left = 0, True, 0
    while came:
        line += 1
        came = interrupted_at(line, attempt)
        assert path.read_bytes() == b"old"
        debris = [file for file in path.parent.iterdir() if file != path]
        assert all(file.match(".chalkgrad-*.part") for file in debris)
        left += len(debris)
        for file in debris:
            file.unlink()
    assert left < 10  # only on the few lines of the cleaning itself


@INTERRUPTED
def test_ctrl_c_at_any_line_of_load_into_leaves_the_old_numbers_or_the_new(path: Path) -> None:
    save(Layer(1, 2, rng=random.Random(2)), path)
    new = bits(load(path))
    old = bits(Layer(1, 2, rng=random.Random(1)))
    line, came = 0, True
    while came:
        line += 1
        model = Layer(1, 2, rng=random.Random(1))
        came = interrupted_at(line, lambda: load_into(model, path))  # noqa: B023  called at once
        assert bits(model) in (old, new), line
    assert bits(model) == new
    assert line > 100


# kill -9 ------------------------------------------------------------------------------------------

KILLED = """
import os, random, signal, sys, time
from itertools import count
from pathlib import Path
from nn.saving.model_file import load, save
from nn.layers import MLP

path = Path(sys.argv[1])
models = [MLP(2, [8, 2], rng=random.Random(seed)) for seed in range(2)]
texts = []
for model in models:
    save(model, path)
    texts.append(path.read_bytes())
draws = random.Random(5)
seen = set()
for round_ in range(200):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        for turn in count(round_):
            save(models[turn % 2], path)
            if turn == round_:
                os.write(writing, b"saved once, and goes on")
    os.close(writing)
    assert os.read(reading, 1)
    os.close(reading)
    time.sleep(draws.uniform(0.0, 0.005))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    data = path.read_bytes()
    assert data in texts, (round_, len(data))
    load(path)
    seen.add(data)
print(len(seen), len(list(path.parent.glob(".chalkgrad-*.part"))), len(os.listdir(path.parent)))
"""


def test_a_process_killed_200_times_while_saving_always_leaves_a_whole_file(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    versions, torn, files = map(int, done.stdout.split())
    assert versions == 2
    assert torn > 0  # some were killed in the middle of writing: the test has tested
    assert files == torn + 1


# What the disk and the system refuse --------------------------------------------------------------


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write more into a file, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_where_only_a_part_fits_the_old_file_stays_and_no_other(size: int, path: Path) -> None:
    write_whole(path, b"old")
    with pytest.raises(OSError, match=r"model\.json") as raised, files_of_at_most(size):
        write_whole(path, b"new" * 100_000)
    assert raised.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("owner", "call"), [(os, "fsync"), (Path, "replace"), (Path, "open"), (Path, "chmod")]
)
def test_an_error_on_the_way_names_the_file_and_leaves_the_old_one_and_no_other(
    owner: Any, call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device", "some.part")

    write_whole(path, b"old")
    with monkeypatch.context() as patched:
        patched.setattr(owner, call, full)
        with pytest.raises(OSError, match=r"No space left on device: '.*model\.json'"):
            write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_wait_for_the_disk_is_no_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*arguments: Any) -> int:
        raise PermissionError(13, "this system opens no folders")

    monkeypatch.setattr(os, "open", unable)
    write_whole(path, b"whole")
    assert path.read_bytes() == b"whole"


def test_the_data_is_on_the_disk_before_the_name_changes_and_the_name_before_it_returns(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        sync(descriptor)
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        waited.append("folder" if folder else f"{os.fstat(descriptor).st_size} bytes")

    def noted_replace(part: Path, target: Path) -> None:
        replace(part, target)
        waited.append(target.name)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    write_whole(path, b"whole")
    assert waited == ["5 bytes", "model.json", "folder"]


def test_what_a_killed_process_left_is_cleared_once_it_is_old_and_nothing_else_is(
    path: Path,
) -> None:
    name = ".chalkgrad-0123456789abcdef.part"
    young = path.with_name(".chalkgrad-fedcba9876543210.part")
    others = [
        path.with_name(other)
        for other in ("notes.part", ".chalkgrad-mine.part", name + ".txt", name.upper())
    ]
    for each in (abandoned := path.with_name(name), young, *others):
        each.write_text("half")
    for each in (abandoned, *others):
        os.utime(each, (0.0, 0.0))
    write_whole(path, b"whole")
    assert not abandoned.exists()
    assert all(each.read_text() == "half" for each in (young, *others))
    assert path.read_text() == "whole"


def test_it_returns_the_path_and_takes_a_text_for_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    assert write_whole("model.json", b"1") == Path("model.json")
    assert path.read_bytes() == b"1"


def test_the_permissions_of_a_file_are_kept_and_a_new_one_has_the_usual(path: Path) -> None:
    usual = path.with_name("usual")
    usual.touch()
    write_whole(path, b"1")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o600)
    write_whole(path, b"2")
    assert path.stat().st_mode & 0o7777 == 0o600
    assert path.read_bytes() == b"2"


def test_a_read_only_file_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(path, b"old")
    # The administrator may write everything, so the system is asked to say no.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match=r"the file is read-only: '.*model\.json'"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_link_is_followed_and_stays_a_link(path: Path) -> None:
    target = path.with_name("target.json")
    path.symlink_to(target)  # to nothing yet
    for data in (b"1", b"2"):
        write_whole(path, data)
        assert path.is_symlink()
        assert target.read_bytes() == data


def test_a_folder_a_device_and_a_link_in_a_circle_are_not_replaced(tmp_path: Path) -> None:
    folder, pipe, circle = (tmp_path / name for name in ("folder", "pipe", "circle"))
    folder.mkdir()
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    before = sorted(tmp_path.iterdir())
    for path in (folder, pipe, circle):
        with pytest.raises(OSError, match=f"not a file; choose another name: '.*{path.name}'"):
            write_whole(path, b"new")
    assert sorted(tmp_path.iterdir()) == before
    assert circle.is_symlink()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder: '.*missing'"):
        write_whole(tmp_path / "missing" / "model.json", b"new")
    assert not list(tmp_path.iterdir())


# Reading ------------------------------------------------------------------------------------------


def test_a_folder_a_pipe_and_a_missing_file_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(ModelFileError, match="leads to a folder or a device"):
            load(path)
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        load(tmp_path / "missing.json")


def test_an_editor_may_put_a_mark_before_the_text(path: Path) -> None:
    path.write_text('{"a": "å"}', encoding="utf-8-sig")
    assert parsed(text_of(path)) == {"a": "å"}


def test_any_change_of_the_content_breaks_the_seal(path: Path) -> None:
    content = {"a": [1, 2.5, True, None], "b": {"c": "å"}}
    whole = parsed(encoded(content).decode())
    check_checksum(whole)
    assert whole.keys() == {"a", "b", "checksum"}
    for other in (
        {"a": [1, 2.5, True], "b": {"c": "å"}},
        {"a": [1.0, 2.5, True, None], "b": {"c": "å"}},
        {"a": [1, 2.5, 1, None], "b": {"c": "å"}},
        {"a": [1, 2.5000000000000004, True, None], "b": {"c": "å"}},
        {"a": [1, 2.5, True, None], "b": {"c": "å "}},
        {"a": [1, 2.5, True, None], "b": {"d": "å"}},
    ):
        with pytest.raises(Flaw, match="checksum does not belong"):
            check_checksum({**other, "checksum": whole["checksum"]})


def test_a_flaw_becomes_an_error_about_the_file(path: Path) -> None:
    notes: list[Any] = []
    notes.append(notes)
    told = r"model\.json: notes.* is nested more than 20 deep"
    with pytest.raises(ModelFileError, match=told), flaws_of(path):
        check_plain("notes", notes)
