"""Children that die with their parent, each in its own session: Ctrl-C is for the parent alone."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from karla_portal.embedded.linux import die_with
from karla_portal.embedded.unprivileged import User, become

Command = Sequence[str | Path]
File = IO[bytes] | int

GLANCE = 0.01  # seconds between two looks


def spawn(
    command: Command,
    *,
    output: File,
    death_signal: signal.Signals,
    user: User | None = None,
    stdin: File = subprocess.DEVNULL,
    errors: File = subprocess.STDOUT,
    environment: Mapping[str, str] | None = None,
    inherited: Sequence[int] = (),
    cwd: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a child that gets `death_signal` when this process dies, as `user` if one is given.

    Only for processes with one thread: code runs between fork and exec.
    """
    parent = os.getpid()

    def before_exec() -> None:
        if user:
            become(user)
        die_with(parent, death_signal)

    return subprocess.Popen(  # noqa: S603  # nosec B603
        command,
        stdin=stdin,
        stdout=output,
        stderr=errors,
        env=environment,
        cwd=cwd,
        pass_fds=inherited,
        start_new_session=True,
        preexec_fn=before_exec,
    )


def bury(*, within: float) -> None:
    """Wait up to so many seconds for the children that end now, so that none stays as a zombie."""
    deadline = time.monotonic() + within
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                time.sleep(GLANCE)


def run(command: Command, *, output: File, user: User | None, typed: bytes = b"") -> None:
    """Run a child to its end with `typed` as its input; raises CalledProcessError."""
    child = spawn(
        command, output=output, user=user, stdin=subprocess.PIPE, death_signal=signal.SIGKILL
    )
    child.communicate(typed)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, [str(word) for word in command])
