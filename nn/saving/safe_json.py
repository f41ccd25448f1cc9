"""JSON that is refused before it can lie: strictly read, and with a checksum over its content.

It knows no network; ``model_file`` keeps models with it. The content of a file is JSON, which holds
data and nothing that could be run: lists, dicts, texts, numbers, yes and no. What is read is read
more strictly than JSON asks for, and every refusal says where and why.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "seeds.json"
...     count = path.write_bytes(encoded({"seeds": [1, 2]}))
...     content = parsed(text_of(path))
>>> check_checksum(content)
>>> content["seeds"].append(3)
>>> check_checksum(content)
Traceback (most recent call last):
nn.saving.safe_json.Flaw: checksum does not belong to the content: ...
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

MOST_BYTES = 16 * 2**20  # bytes: some 300,000 parameters
MOST_ENTRIES = 400_000  # entries: so many are read, and refused, in about a second
DEEPEST = 20  # lists within lists
MOST_DIGITS = 18  # digits of a whole number


class ModelFileError(ValueError):
    """A file that is not what was saved, or never was: which file, where in it, and why."""

    def __init__(self, path: str, place: str, reason: str) -> None:
        super().__init__(path, place, reason)
        self.path, self.place, self.reason = path, place, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.place} {self.reason}"


class Flaw(Exception):  # noqa: N818  it becomes an error once the file is known
    """Something in the content that cannot be: where, and what about it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, reason

    def __str__(self) -> str:
        return f"{self.place} {self.reason}"


@contextmanager
def flaws_of(path: str | os.PathLike[str]) -> Iterator[None]:
    """Make a ModelFileError about this file of any Flaw that is found inside the ``with``."""
    try:
        yield
    except Flaw as flaw:
        raise ModelFileError(os.fspath(path), flaw.place, flaw.reason) from None


# Content and its checksum -------------------------------------------------------------------------


def checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of all of the content but the checksum itself.

    It is taken of the content in one fixed spelling, so that a file may be indented or sorted
    differently, or come back from a system that ends its lines differently.
    """
    rest = {key: value for key, value in content.items() if key != "checksum"}
    spelled = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(spelled.encode()).hexdigest()}"


def encoded(content: Mapping[str, Any]) -> bytes:
    """Return the content and its checksum as the bytes of a file that people can read.

    The content must have passed ``check_plain``. Raises Flaw if it is more than is ever read again.
    """
    whole = {**content, "checksum": checksum(content)}
    data = (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()
    check_weight(data)
    return data


def check_checksum(content: Mapping[str, Any]) -> None:
    """Raise Flaw unless the content has the checksum that belongs to it."""
    if content.get("checksum") != checksum(content):
        raise Flaw(
            "checksum",
            "does not belong to the content: the file was damaged, or edited. If you edited it on "
            "purpose, load it with check=False.",
        )


# What content may be ------------------------------------------------------------------------------


def check_keys(place: str, thing: Any, keys: Sequence[str], *, may: Sequence[str] = ()) -> None:
    """Raise Flaw unless the thing is a dict with exactly these keys, and those it ``may`` have."""
    if not isinstance(thing, dict):
        raise Flaw(place, f"must be a dict of {', '.join(keys)}, not {short(thing)}.")
    for key in keys:
        if key not in thing:
            raise Flaw(place, f"has no {key!r}: this is another kind of file, or a part of one.")
    for key in thing:
        if key not in keys and key not in may:
            raise Flaw(place, f"has {short(key)}, which does not belong there.")


def check_plain(place: str, thing: Any, depth: int = 0) -> None:
    """Raise Flaw unless the thing is made of what JSON can hold, to the bit."""
    place = place[:200]  # a long key would else be copied into the place of each thing below it
    if depth > DEEPEST:
        raise Flaw(place, f"is nested more than {DEEPEST} deep.")
    if isinstance(thing, dict):
        for key, member in thing.items():
            check_text(f"a key in {place}", key)
            check_plain(f"{place}.{key}", member, depth + 1)
    elif isinstance(thing, list):
        for position, member in enumerate(thing):
            check_plain(f"{place}[{position}]", member, depth + 1)
    elif isinstance(thing, str):
        check_text(place, thing)
    elif thing is not None and not isinstance(thing, bool):
        check_number(place, thing)


def check_text(place: str, thing: Any) -> None:
    """Raise Flaw unless the thing is a text that can be written into a file."""
    if not isinstance(thing, str):
        raise Flaw(place, f"must be a text, not {short(thing)}.")
    try:
        thing.encode()
    except UnicodeEncodeError:
        raise Flaw(place, f"is {short(thing)}, which holds half a character.") from None


def check_texts(place: str, thing: Any) -> None:
    """Raise Flaw unless the thing is a list of texts."""
    if not isinstance(thing, list):
        raise Flaw(place, f"must be a list of texts or nothing, not {short(thing)}.")
    for position, text in enumerate(thing):
        check_text(f"{place}[{position}]", text)


def check_number(place: str, thing: Any) -> None:
    """Raise Flaw unless the thing is a finite number."""
    if isinstance(thing, bool) or not isinstance(thing, int | float):
        raise Flaw(place, f"must be a number, not {short(thing)}.")
    # Larger ones come back as another number from programs that read them as floats.
    if isinstance(thing, int) and abs(thing) >= 10**MOST_DIGITS:
        raise Flaw(place, f"is a whole number of more than {MOST_DIGITS} digits.")
    if not math.isfinite(thing):
        raise Flaw(place, f"is {thing!r}, not a finite number.")


def check_numbers(place: str, thing: Any) -> None:
    """Raise Flaw unless the thing is a list of finite numbers."""
    if not isinstance(thing, list):
        raise Flaw(place, f"must be a list of numbers, not {short(thing)}.")
    for position, number in enumerate(thing):
        check_number(f"{place}[{position}]", number)


def check_size(place: str, thing: Any) -> None:
    """Raise Flaw unless the thing is a whole number of at least 1."""
    if type(thing) is not int or thing < 1:
        raise Flaw(place, f"must be a whole number of at least 1, not {short(thing)}.")


def short(thing: Any) -> str:
    """Return a few words for a thing of any size."""
    return reprlib.repr(thing)


# Reading ------------------------------------------------------------------------------------------


def text_of(path: str | os.PathLike[str]) -> str:
    """Return the text in a file, or raise Flaw for what is none. A missing file is an OSError."""
    path = Path(path)
    # To open a pipe would wait for somebody to write into it.
    if path.exists() and not path.is_file():
        raise Flaw("the path", "leads to a folder or a device, not to a file.")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    check_weight(data)
    if not data:
        raise Flaw("the file", "is empty.")
    try:
        return data.decode("utf-8-sig")  # some editors put a mark before the text
    except UnicodeDecodeError as error:
        raise Flaw(f"byte {error.start}", "is no text (UTF-8).") from None


def check_weight(data: bytes) -> None:
    """Raise Flaw for more data than is read in about a second, before any of it is read."""
    if len(data) > MOST_BYTES:
        raise Flaw("the file", f"has more than {MOST_BYTES} bytes, too many for scalar nodes.")
    if data.count(b",") > MOST_ENTRIES:  # one after each entry
        raise Flaw("the file", f"has more than {MOST_ENTRIES} entries, too many for scalar nodes.")


def parsed(text: str) -> Any:
    """Return the data in a JSON text, more strictly than JSON needs to be, or raise Flaw."""
    with decoding():
        return DECODER.decode(text)


def first_parsed(text: str) -> tuple[Any, str]:
    """Return the data that a text begins with, and the rest of the text, or raise Flaw.

    >>> first_parsed('{"a": 1} {"a": 2}')
    ({'a': 1}, ' {"a": 2}')
    """
    with decoding():
        content, end = DECODER.raw_decode(text, len(text) - len(text.lstrip()))
    return content, text[end:]


@contextmanager
def decoding() -> Iterator[None]:
    """Make a Flaw of whatever the decoder says inside the ``with``."""
    try:
        yield
    except json.JSONDecodeError as error:
        raise Flaw(
            f"line {error.lineno}, column {error.colno}:",
            f"{error.msg}. The file is cut off or damaged, or is no JSON.",
        ) from None
    except RecursionError:
        raise Flaw("content", f"is nested more than {DEEPEST} deep.") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as a dict. JSON lets a key come twice, and forgets the first."""
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Flaw(f"the key {short(key)}", "comes twice.")
            seen.add(key)
    return result


def read_whole_number(text: str) -> int:
    """Return the whole number in a text that is not too long: to read a long one takes minutes."""
    if len(text) > MOST_DIGITS + 1:
        raise Flaw("content", f"has a whole number of {len(text)} digits: {short(text)}.")
    return int(text)


def not_a_number(text: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON, though many programs write them."""
    raise Flaw("content", f"has a {text}, which is not a finite number.")


DECODER = json.JSONDecoder(
    object_pairs_hook=unique, parse_int=read_whole_number, parse_constant=not_a_number
)
