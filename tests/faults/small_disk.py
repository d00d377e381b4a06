"""A disk of a few hundred megabytes, to be filled to its last byte and freed again."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PIECE = 1 << 16
SMALLEST = 1 << 9


@dataclass(frozen=True)
class SmallDisk:
    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Whatever was freed since the last time, too."""
        for size in (PIECE, SMALLEST):
            with suppress(OSError), self.ballast.open("ab", buffering=0) as ballast:
                while ballast.write(b"x" * size) == size:
                    pass

    def free(self) -> None:
        self.ballast.unlink()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "small-disk", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"NOT TRIED, for it takes a mount: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        for log in folder.rglob("*.log"):  # for whoever looks for what went wrong
            shutil.copy(log, folder.parent)
        subprocess.run(["umount", folder], check=True)
