"""What becoming a text promises: the letters that were written, or which file this is instead."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import nn.data.file_text
from nn.data import load_csv
from nn.data.file_text import decoded, text_of_file
from nn.data.reading import Reading

TEXT = "größe,动物\n1,猫\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_what_shows_its_encoding_is_read(encoding: str) -> None:
    text = TEXT + "1,2\n" * 20
    assert decoded(text.encode(encoding), "x.csv") == text


def test_an_encoding_that_was_said_is_used_and_an_unknown_one_refused() -> None:
    content = "größe\n".encode("cp1252")
    assert decoded(content, "x.csv", Reading(encoding="cp1252")) == "größe\n"
    with pytest.raises(ValueError, match="there is no encoding 'cp12522'"):
        decoded(content, "x.csv", Reading(encoding="cp12522"))
    with pytest.raises(ValueError, match=r"line 1: the byte 0xf6 is not ASCII. Take another"):
        decoded(content, "x.csv", Reading(encoding="ascii"))
    with pytest.raises(ValueError, match="there is no encoding 'hex'"):
        decoded(content, "x.csv", Reading(encoding="hex"))


def test_an_older_windows_is_shown_how_it_would_read() -> None:
    with pytest.raises(ValueError, match=r"line 2: .* read 'süß,1', .* write encoding='cp1252'"):
        decoded("sorte,x\nsüß,1\n".encode("cp1252"), "x.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook .* save it as"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08", "gzip archive: unpack it"),
        (b"PAR1", "Parquet"),
        (b"SQLite format 3\0", "a database"),
        (b"\n<!doctype html>", "a web page, .*raw"),
        (b"<html>", "a web page"),
        (b'{"a": 1}', "is JSON"),
        (b'[{"a": 1}]', "is JSON"),
        (b'[\n  {"a": 1}\n]', "is JSON"),
        (b"\x89PNG", "a picture"),
    ],
)
def test_other_kinds_of_file_are_known_by_their_first_bytes(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decoded(content, "x.csv")


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ValueError, match=r'x.xlsx is an Excel workbook .* save it as "CSV UTF-8"'):
        load_csv(tmp_path / "x.xlsx")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nn.data.file_text, "LARGEST", 3)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="take a part of it"):
        text_of_file(tmp_path / "x.csv", Reading())
