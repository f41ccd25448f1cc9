"""What a file that grows promises: whole at every byte, no change unseen, not dearer with age."""

from __future__ import annotations

import errno
import random
from pathlib import Path
from typing import Any

import pytest
from interrupting import interrupted_at

from nn.saving import growing_file
from nn.saving.growing_file import GrowingFile, read
from nn.saving.safe_json import Flaw

CONTENT = {"numbers": [1.5] * 40, "name": "Größe"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


def grown(path: Path, changes: int = 3) -> GrowingFile:
    file = GrowingFile(path)
    file.rewrite(CONTENT)
    for number in range(changes):
        assert file.append({"number": number})
    return file


def numbers(path: Path) -> list[int]:
    content, changes = read(path)
    assert {name: content[name] for name in CONTENT} == CONTENT
    return [change["number"] for change in changes]


def test_what_was_written_is_read_in_its_order(path: Path) -> None:
    grown(path)
    assert numbers(path) == [0, 1, 2]


def test_cut_off_at_any_byte_it_holds_the_content_and_the_changes_that_were_whole(
    path: Path,
) -> None:
    grown(path)
    whole = path.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == ord("\n")]
    *_, content, first, second, third = ends
    assert third == len(whole)
    for length in range(content, third + 1):
        path.write_bytes(whole[:length])
        assert numbers(path) == [n for n, end in enumerate((first, second, third)) if end <= length]
    for length in range(content - 1):  # the content without its last line end is whole, too
        path.write_bytes(whole[:length])
        with pytest.raises(Flaw):
            read(path)


def test_no_bit_of_a_change_can_flip_unseen(path: Path) -> None:
    grown(path)
    whole = path.read_bytes()
    start = whole.index(b"}\n{") + 2
    for place in range(start, len(whole) - 1):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            try:
                found = numbers(path)
            except (Flaw, KeyError):
                continue
            assert found == [0, 1, 2], (place, bit)  # a blank, or a letter in an escape


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (1, 2), (0, 0, 1, 2), (0, 2, 1)])
def test_changes_cannot_be_lost_swapped_or_repeated(order: tuple[int, ...], path: Path) -> None:
    grown(path)
    whole = path.read_bytes()
    start = whole.index(b"}\n{") + 2
    lines = whole[start:].splitlines(keepends=True)
    path.write_bytes(whole[:start] + b"".join(lines[number] for number in order))
    with pytest.raises(Flaw, match="is not as it was written"):
        read(path)


@pytest.mark.parametrize("end", ["x", "5", "]", "\x0b"])
def test_what_is_no_beginning_of_a_line_at_the_end_is_damage(end: str, path: Path) -> None:
    grown(path)
    with path.open("a") as file:
        file.write(end)
    with pytest.raises(Flaw, match="the last line is no part of this file"):
        read(path)


def test_zeros_that_a_power_cut_leaves_at_the_end_do_not_count(path: Path) -> None:
    grown(path)
    with path.open("ab") as file:
        file.write(b"\0" * 100)
    assert numbers(path) == [0, 1, 2]


def test_it_is_twice_as_long_as_its_content_at_most_and_then_asks_to_be_written_anew(
    path: Path,
) -> None:
    file = GrowingFile(path)
    file.rewrite(CONTENT)
    size = path.stat().st_size
    count = 0
    while file.append({"number": count}):
        count += 1
    assert count > 3
    assert path.stat().st_size <= 2 * size
    assert numbers(path) == list(range(count))


@pytest.mark.parametrize("change", ["longer", "shorter", "gone"])
def test_a_file_that_somebody_else_has_changed_is_not_added_to(change: str, path: Path) -> None:
    file = grown(path)
    whole = path.read_bytes()
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(whole + b"\n" if change == "longer" else whole[:-5])
    before = path.read_bytes() if path.exists() else None
    assert not file.append({"number": 3})
    assert (path.read_bytes() if path.exists() else None) == before


def test_where_only_a_part_of_a_line_fits_the_file_stays_as_it_was_and_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = grown(path)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(growing_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        file.append({"number": 3})
    assert caught.value.filename == str(path)
    assert path.read_bytes() == before
    monkeypatch.undo()
    assert file.append({"number": 3})
    assert numbers(path) == [0, 1, 2, 3]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of a file that was open then
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_line_of_append_leaves_the_changes_of_before_or_one_more(path: Path) -> None:
    found = set()
    for line in range(1, 1000):
        file = grown(path)
        came = interrupted_at(line, lambda: file.append({"number": 3}))  # noqa: B023  at once
        found.add(tuple(numbers(path)))
        if file.append({"number": 4}):  # else it must be written anew, which is always right
            assert numbers(path)[-1] == 4
        if not came:
            break
    assert found == {(0, 1, 2), (0, 1, 2, 3)}
    assert 3 < line < 999


def test_a_link_stays_a_link_and_the_file_keeps_its_permissions(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0o640)
    link = path.with_name("link.json")
    link.symlink_to(path)
    grown(link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert numbers(path) == [0, 1, 2]


class Bytes:
    """Counts what is written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        whole, line = growing_file.write_whole, growing_file.add

        def write_whole(path: Any, data: bytes) -> Path:
            self.count += len(data)
            return whole(path, data)

        def add(file: Any, data: bytes) -> None:
            self.count += len(data)
            line(file, data)

        monkeypatch.setattr(growing_file, "write_whole", write_whole)
        monkeypatch.setattr(growing_file, "add", add)
        monkeypatch.setattr(growing_file.os, "fsync", lambda descriptor: None)


def test_a_change_costs_no_more_after_a_thousand_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Bytes(monkeypatch)
    file, history, state = GrowingFile(path), [0.0], list(range(300))
    file.rewrite({"history": history, "state": state})
    costs = []
    for epoch in range(4000):
        before = written.count
        history.append(random.Random(epoch).random())
        if not file.append({"row": history[-1], "state": state}):
            file.rewrite({"history": history, "state": state})
        costs.append(written.count - before)
    early, late = sum(costs[:1000]), sum(costs[3000:])
    assert late < 1.5 * early
    assert path.stat().st_size < 2.1 * len(str(history) + str(state)) * 1.5
