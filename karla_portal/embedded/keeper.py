"""Keeps one embedded server for as long as somebody needs it: a process of its own.

It belongs to none of the server's users, so whoever started it may leave first, or be killed: it
waits for the last of them to let go of the server's `users_lock`, which the kernel does for the
dead as well, then stops the server. Should it be killed itself, the kernel gives the server its
stop signal.
"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType

from karla_portal.embedded.children import spawn
from karla_portal.embedded.locks import lock, locked
from karla_portal.embedded.postgres import Postgres
from karla_portal.embedded.server import Server, ServerError
from karla_portal.embedded.valkey import Valkey

SERVERS: dict[str, type[Server]] = {server.name: server for server in (Postgres, Valkey)}
PATIENCE = 60  # seconds a server gets to write its last before it is killed


class ChildDied(Exception):
    """Cuts the wait for the last user short."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=SERVERS)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--not-durable", action="store_true")
    arguments = parser.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Not SIG_IGN, which the server would inherit. The users decide when it ends.
        signal.signal(ending, lambda *_: None)
    try:
        keep(SERVERS[arguments.name](arguments.data_dir, durable=not arguments.not_durable))
    except (ServerError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))


def keep(server: Server) -> None:
    """Run the server until its last user has left; raises ServerError.

    The process that called returns to its caller as soon as the lock is held, by a fork that stays.
    """
    held = lock(server.server_lock)  # until the process ends
    if os.fork():
        os._exit(0)
    launch = server.prepare()
    with server.log.open("ab") as log:
        child = spawn(
            launch.command,
            output=log,
            user=launch.user,
            death_signal=server.stop_signal,
            inherited=[held],
        )
    with suppress(ChildDied):
        signal.signal(signal.SIGCHLD, partial(_raise_if_dead, child))
        if child.poll() is None:
            with locked(server.users_lock):
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _stop(child, server.stop_signal)
                return
    raise ServerError(f"{server.name} ended by itself (exit code {child.wait()})")


def _raise_if_dead(child: "subprocess.Popen[bytes]", *_signal: int | FrameType | None) -> None:
    """Told of a child that was only stopped for a while as well."""
    if child.poll() is not None:
        raise ChildDied


def _stop(child: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    child.send_signal(stop_signal)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    main()
