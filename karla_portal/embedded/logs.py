"""The log files under DATA_DIR/logs: one for each process, and the one before."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LARGEST = 100_000_000  # bytes
LONGEST = 400  # characters of a line at the terminal; the log has all of it


def rotate(log: Path) -> None:
    """Move a log that has grown too large aside, over the one before, while nobody writes it."""
    if log.exists() and log.stat().st_size > LARGEST:
        log.replace(_before(log))


def shorten(log: Path) -> None:
    """The same under a process that goes on writing, which has to append.

    What it writes in the moment between copy and cut is lost.
    """
    if log.stat().st_size <= LARGEST:
        return
    copy = log.with_suffix(".part")
    try:
        shutil.copyfile(log, copy)
        copy.replace(_before(log))
        os.truncate(log, 0)
    except OSError:  # no room: as it was, until the next time
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def last_lines(log: Path, count: int = 10) -> str:
    """The end of the log, indented, for the terminal."""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line[:LONGEST]}" for line in lines)


def _before(log: Path) -> Path:
    return log.with_suffix(".log.1")
