"""A clock for the product's processes that is set while they run (jumping_clock.c)."""

import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_suffix(".c")


@dataclass(frozen=True)
class JumpingClock:
    folder: Path

    def make(self) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("NOT TRIED, for it takes a C compiler")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", self.library, SOURCE], check=True)
        self.file.write_bytes(bytes(8))

    def set_off(self, seconds: int) -> None:
        with self.file.open("r+b") as file:  # in place: they look at this very file
            file.write(struct.pack("=q", seconds))

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCK": str(self.file)}

    @property
    def library(self) -> Path:
        return self.folder / "jumping_clock.so"

    @property
    def file(self) -> Path:
        return self.folder / "clock"
