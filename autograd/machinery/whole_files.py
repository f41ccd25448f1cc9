"""Files that are whole or not there: the one way in which this project writes a file."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

HOUR = 3600.0  # seconds
ABANDONED = re.compile(r"\.chalkgrad-[0-9a-f]{16}\.part")  # as write_whole names them, and no other


def write_whole(path: str | os.PathLike[str], data: bytes) -> Path:
    """Put the data into a file that is, at every moment, the old one or the new one, and whole.

    Returns the path. The data goes into a new file beside the old one, which takes the name over
    once it is on the disk. A link is followed and stays a link; the permissions of the old file
    are kept.

    Raises OSError, naming the file and leaving it as it was, if it is read-only, a folder or a
    device, if its folder is missing, or if the disk is full. After an error or Ctrl-C the new file
    is gone; only a process that is killed, or interrupted again while it cleans up, may leave
    ``.chalkgrad-*.part`` behind, which nothing reads, and which a later call in the same folder
    takes away.
    """
    target = Path(os.path.realpath(path))  # through a link to the file itself
    mode = mode_of(target)
    clear_abandoned(target.parent)
    part = target.with_name(f".chalkgrad-{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            if mode is not None:
                part.chmod(mode)  # before there is anything in it to be seen
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):  # it speaks of the new file, which nobody asked for
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    with suppress(OSError):  # not every system can; the file is whole anyhow
        sync(target.parent)
    return Path(path)


def mode_of(path: Path) -> int | None:
    """Return the permissions of a file, None if there is none, or raise OSError: not writable."""
    if path.is_file():
        if not os.access(path, os.W_OK):  # else it would be replaced, as only its folder is changed
            raise PermissionError(errno.EACCES, "cannot save: the file is read-only", str(path))
        return path.stat().st_mode & 0o7777
    if os.path.lexists(path):
        raise OSError(
            errno.EISDIR,
            "cannot save: it is a folder or a device, not a file; choose another name",
            str(path),
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "cannot save: there is no folder", str(path.parent))
    return None


def clear_abandoned(folder: Path) -> None:
    """Remove the new files that killed processes left in a folder, where it is safe to do so.

    Another process may be about to finish its own: writing takes seconds, so whatever has not
    changed for an hour is nobody's.
    """
    for part in folder.glob(".chalkgrad-*.part"):
        with suppress(OSError):  # somebody else's, or gone already
            if ABANDONED.fullmatch(part.name) and time.time() - part.lstat().st_mtime > HOUR:
                part.unlink()


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: a power cut then cannot undo the change."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
