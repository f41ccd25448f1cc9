"""A file that grows by a line for each change, and is whole at every moment.

To write everything anew after each change costs more with each of them. So the file begins with
all of the content, as ``encoded`` writes it, and every later change is a line at its end. Once the
lines take as much room as what they follow, the content is written anew, with all changes in it:
so the file is at most twice as long as it must be, and a change costs the same, however many have
gone before it.

A line counts when its end has been written. A process that is killed, or a disk that is full, in
the middle of one leaves the content and the lines before it, which is what the file held a moment
ago. The checksum of a line includes that of the line before it: none can be changed, lost or
swapped unseen, but for the last.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     file = GrowingFile(Path(folder) / "sums.json")
...     file.rewrite({"numbers": [1, 2, 3], "sum": 6})
...     file.append({"number": 4})
...     content, changes = read(file.path)
True
>>> content["numbers"], [change["number"] for change in changes]
([1, 2, 3], [4])
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import Any

from autograd.machinery.whole_files import write_whole
from nn.saving.safe_json import (
    MOST_BYTES,
    MOST_ENTRIES,
    Flaw,
    checksum,
    encoded,
    first_parsed,
    parsed,
    text_of,
)


class GrowingFile:
    """The file at a path, and what is known of it since it was last written."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path
        self.size = 0  # in bytes
        self.largest = 0  # to which it may grow before it is written anew
        self.entries = 0  # counted by their commas, as whoever reads the file will
        self.checksum = ""  # of its last line

    def rewrite(self, content: Mapping[str, Any]) -> None:
        """Write all of the content, in place of whatever was in the file.

        Raises as ``write_whole`` does, and Flaw for more than is ever read again.
        """
        data = encoded(content)
        write_whole(self.path, data)
        self.size, self.largest = len(data), min(2 * len(data), MOST_BYTES)
        self.entries, self.checksum = data.count(b","), checksum(content)

    def append(self, change: Mapping[str, Any]) -> bool:
        """Add a line, and return whether that was done: if not, the file is to be written anew.

        That is so once it has grown enough, and if it is not there or not as it was left. Raises
        OSError, naming the file and leaving it as it was, if the line cannot be written.
        """
        mark = checksum({**change, "after": self.checksum})
        line = json.dumps({**change, "checksum": mark}).encode() + b"\n"
        entries = self.entries + line.count(b",")
        if self.size + len(line) > self.largest or entries > MOST_ENTRIES:
            return False
        try:
            with Path(self.path).open("r+b", buffering=0) as file:
                if file.seek(0, os.SEEK_END) != self.size:
                    return False
                add(file, line)
        except (FileNotFoundError, PermissionError):  # rewrite makes it, or says what is wrong
            return False
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None
        self.size, self.entries, self.checksum = self.size + len(line), entries, mark
        return True


def add(file: RawIOBase, line: bytes) -> None:
    """Write a line at the end of a file and wait until it is on the disk, or leave it as it was."""
    size = file.tell()
    left = memoryview(line)
    try:
        while left:  # a disk that is nearly full takes a part, and says how much
            left = left[file.write(left) or 0 :]
        os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):  # half a line may stay: it does not count
            file.truncate(size)
        raise


def read(path: str | os.PathLike[str]) -> tuple[Any, list[dict[str, Any]]]:
    """Return the content of a file and the changes since, or raise Flaw for damage.

    The checksum of the content itself is left to whoever knows what the content must be.
    """
    content, rest = first_parsed(text_of(path))
    *lines, last = rest.split("\n")
    if last.strip("\0") and not last.startswith("{"):
        raise Flaw("the last line", "is no part of this file: it was damaged, or edited.")
    # What no end of a line follows was cut off while it was written, and never counted.
    changes = []
    before = content.get("checksum") if isinstance(content, dict) else None
    for number, line in enumerate(filter(str.strip, lines), start=1):
        change = parsed(line)
        if not isinstance(change, dict) or change.get("checksum") != checksum(
            {**change, "after": before}
        ):
            raise Flaw(f"change {number}", "is not as it was written: the file was damaged.")
        before = change["checksum"]
        changes.append(change)
    return content, changes
