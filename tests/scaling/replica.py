"""A streaming replica of the tests' own PostgreSQL, which can be killed and come back."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from karla_portal.embedded.postgres import ROLE, Postgres
from karla_portal.embedded.postgres_binaries import find_binaries, readable_copy
from karla_portal.embedded.unprivileged import become, on_the_way_to, owner_of
from tests.embedded.patience import eventually


class Replica:
    def __init__(self, folder: Path, primary: Postgres) -> None:
        self.folder = folder
        self._primary = primary
        self._binaries = find_binaries()
        self._user = None
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            self._user = on_the_way_to(
                owner_of(primary.folder), self._binaries / "postgres", folder / "cluster"
            )
            if self._user is None:
                self._user = owner_of(primary.folder)
                self._binaries = readable_copy(self._binaries, primary.folder)
            os.chown(folder, self._user.uid, self._user.gid)
        self._process: subprocess.Popen[bytes] | None = None

    def copy_primary(self) -> None:
        copying = self._spawn(
            *("pg_basebackup", "--host", self._primary.socket_folder, "--username", ROLE),
            *("--pgdata", self.folder / "cluster", "--write-recovery-conf", "--no-sync"),
            *("--checkpoint", "fast", "--wal-method", "stream"),
        )
        assert copying.wait(timeout=60) == 0, (self.folder / "log").read_text()

    def start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "shared_buffers": "16MB",
            "max_locks_per_transaction": "256",  # no less than the primary's
            "fsync": "off",
            "wal_retrieve_retry_interval": "100ms",
        }
        said = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._spawn("postgres", "-D", self.folder / "cluster", *said)
        eventually(self._answers)

    def kill(self) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=10)

    def ask(self, statement: str, *values: Any, database: str = "postgres") -> Any:
        with psycopg.connect(
            host=str(self.folder), user=ROLE, dbname=database, autocommit=True
        ) as session:
            found = session.execute(statement, values).fetchone()
            return found[0] if found else None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Meanwhile it hears what the primary writes, and shows none of it."""
        self.ask("SELECT pg_wal_replay_pause()")
        eventually(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            self.ask("SELECT pg_wal_replay_resume()")

    def _answers(self) -> bool:
        try:
            return bool(self.ask("SELECT pg_is_in_recovery()"))
        except psycopg.OperationalError:
            return False

    def _spawn(self, program: str, *words: Any) -> subprocess.Popen[bytes]:
        user = self._user
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._binaries / program, *words],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=(lambda: become(user)) if user else None,
            )
