"""The log files under DATA_DIR/logs: one for each process."""

from pathlib import Path

LARGEST = 10_000_000  # bytes
LONGEST = 400  # characters of a line at the terminal; the log has all of it


def rotate(log: Path) -> None:
    """Move a log that has grown too large aside, over the one before."""
    if log.exists() and log.stat().st_size > LARGEST:
        log.replace(log.with_suffix(".log.1"))


def last_lines(log: Path, count: int = 10) -> str:
    """The end of the log, indented, for the terminal."""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line[:LONGEST]}" for line in lines)
