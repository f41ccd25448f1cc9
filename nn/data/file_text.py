"""The text of a file, from its bytes: in which encoding it is, or what else the file is.

A spreadsheet's own format, a picture or a web page is known by its first bytes and refused with
what to do. Bytes that are not UTF-8 are not guessed at: any of them is a letter in some encoding,
so a wrong guess would look like a name.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from nn.data.reading import Reading

LARGEST = 200_000_000  # bytes: a table of so many is beyond an engine that keeps a node a number
AS_CSV = 'open it in a spreadsheet and save it as "CSV UTF-8".'
# The first bytes of files that are handed over in place of a CSV file.
OTHER_KINDS = {
    b"PK\x03\x04": f"an Excel workbook or another archive (.xlsx, .ods), not a CSV file: {AS_CSV}",
    b"\xd0\xcf\x11\xe0": f"an old Excel workbook (.xls), not a CSV file: {AS_CSV}",
    b"\x1f\x8b": "a gzip archive: unpack it first, with gunzip.",
    b"%PDF": "a PDF, not a CSV file: look for the table that it was made of.",
    b"PAR1": "a Parquet file, not a CSV file: pandas.read_parquet and to_csv make one of it.",
    b"\x89PNG": "a picture, not a CSV file.",
    b"SQLite format": "a database, not a CSV file: export the table as CSV.",
    b"<!DOCTYPE": "a web page, not a CSV file: the link leads to a page about the file, so look "
    'there for "download" or "raw".',
    b"<html": 'a web page, not a CSV file: look on the page for "download" or "raw".',
    b"{": "JSON, not a CSV file: its first line would name the columns.",
    # A table of rows; a title in brackets alone, as some databases write it, is none.
    **dict.fromkeys(
        [b"[{", b"[[", b"[\n", b"[\r"],
        "JSON, not a CSV file: pandas.read_json and to_csv make one of it.",
    ),
}
# The longer marks come first: UTF-16's is the beginning of UTF-32's.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def text_of_file(path: Path, reading: Reading) -> str:
    """Return the text of a file; raise ValueError if it is none, OSError if it cannot be read."""
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError(
            f"{path.name} has {size / 1e6:,.0f} MB, more than an engine of scalars can learn: take "
            f"a part of it, for example: head -1000 {path.name} > part.csv"
        )
    return decoded(path.read_bytes(), path.name, reading)


def decoded(content: bytes, name: str, reading: Reading | None = None) -> str:
    r"""Return the text that the bytes of a file are, or raise ValueError with what to do.

    >>> decoded("größe\n".encode("utf-16"), "size.csv")
    'größe\n'
    """
    reading = reading or Reading()
    begin = content[:100].lstrip()
    for magic, what in OTHER_KINDS.items():
        if begin.lower().startswith(magic.lower()):
            raise ValueError(f"{name} is {what}")
    encoding = reading.encoding or encoding_of(content)
    try:
        text = content.decode(encoding)
    except LookupError:
        raise ValueError(
            f"there is no encoding {encoding!r}. Those in use are utf-8, cp1252 (Windows), "
            "latin-1, utf-16, shift_jis, gb18030."
        ) from None
    except UnicodeError as error:
        raise not_decoded(content, name, encoding, error, reading) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(
            f"{name}, line {line}: a byte 0, which no text has: {AS_CSV[0].upper()}{AS_CSV[1:]}"
        )
    return text.removeprefix("\ufeff")


def encoding_of(content: bytes) -> str:
    """Return the encoding that the bytes themselves show: by a mark, by zeros, else UTF-8.

    >>> encoding_of("a;b".encode("utf-16-le")), encoding_of(b"a;b")
    ('utf-16-le', 'utf-8')
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return encoding
    # In UTF-16, every other byte of the Latin letters and digits is 0; in UTF-8, none is.
    sample = content[:1000]
    if len(sample) >= 4 and len(sample) % 2 == 0:
        for first, encoding in enumerate(("utf-16-be", "utf-16-le")):
            if sample[first::2].count(0) > len(sample) // 4:
                return encoding
    return "utf-8"


def not_decoded(
    content: bytes, name: str, encoding: str, error: UnicodeError, reading: Reading
) -> ValueError:
    """Return the error that says what cannot be read, and how it would look as Windows writes."""
    if not isinstance(error, UnicodeDecodeError):
        return ValueError(f"{name} is not {encoding}: {error}.")
    if b"\0" in content:
        return ValueError(f"{name} is no text at all, so it is no CSV file.")
    start = error.start
    line = content.count(b"\n", 0, start) + 1
    place = f"{name}, line {line}: the byte 0x{content[start]:02x} is not {encoding.upper()}."
    if reading.encoding is not None:
        return ValueError(f"{place} Take another encoding.")
    before, after = content.rfind(b"\n", 0, start) + 1, content.find(b"\n", start)
    around = content[max(before, start - 20) : after if after > 0 else None][:40]
    shown = around.decode("cp1252", errors="replace").strip()
    return ValueError(
        f"{place} If it should read {shown!r}, the file is from an older Windows: write "
        f"{reading.spell({'encoding': 'cp1252'})}. Otherwise save it as UTF-8."
    )
