"""A child of the supervisor: one Python module in a session of its own, with a log of its own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from karla_portal.embedded.children import spawn
from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.logs import last_lines, rotate


@dataclass(frozen=True, kw_only=True)
class Process:
    name: str
    module: tuple[str, ...]
    log: Path
    child: subprocess.Popen[bytes]

    def is_gone(self) -> bool:
        return self.child.poll() is not None

    def obituary(self) -> str:
        return (
            f"The {self.name} process ended by itself (exit code {self.child.poll()}). "
            f"From {self.log}:\n{last_lines(self.log)}"
        )

    def output(self) -> str:
        """What it has printed to a pipe; at most as much as one holds, 64 KiB."""
        return self.child.stdout.read().decode() if self.child.stdout else ""

    def ask_to_stop(self) -> None:
        """Only the session's first process is asked: it knows how to end its own children."""
        if not self.is_gone():
            self.child.terminate()

    def kill(self) -> None:
        """End what is left of the session."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def started_again(self) -> "Process":
        return start(self.name, *self.module, logs=self.log.parent)


def start(name: str, *module: str, logs: Path, output: int | None = None) -> Process:
    """Run `python -m module…`, to be killed with this process.

    What it prints goes to its log, or to `output`; what it complains about goes to its log.
    """
    log = logs / f"{name}.log"
    rotate(log)
    with log.open("ab") as errors:
        child = spawn(
            [sys.executable, "-m", *module],
            output=errors if output is None else output,
            errors=errors,
            death_signal=signal.SIGKILL,
            cwd=PROJECT,
        )
    return Process(name=name, module=module, log=log, child=child)
