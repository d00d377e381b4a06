"""The embedded PostgreSQL: a cluster of its own, a Unix socket, no port."""

import os
import shutil
import signal
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from karla_portal.embedded.children import Command, run
from karla_portal.embedded.postgres_binaries import find_binaries, readable_copy
from karla_portal.embedded.server import Launch, Server, ServerError
from karla_portal.embedded.sockets import make_private
from karla_portal.embedded.unprivileged import User, on_the_way_to, owner_of

ROLE = DATABASE = "karla"
PORT = 5432  # names the socket, nothing else

# For a small machine that does other things as well; a real server is tuned where it runs.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # a table that is cut by time is many, with their indexes
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "15s",  # a new shop's statistics are soon there
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Statements that fail are the application's to tell, which leaves out what they were about.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "track_commit_timestamp": "on",  # in whose order facts are relayed (events.relay)
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

PROTOCOL_3 = 3 << 16
START_UP = f"user\0{ROLE}\0database\0{DATABASE}\0\0".encode()


@dataclass(frozen=True)
class Postgres(Server):
    name: ClassVar[str] = "PostgreSQL"
    socket_name: ClassVar[str] = f".s.PGSQL.{PORT}"
    stop_signal: ClassVar[signal.Signals] = (
        signal.SIGINT
    )  # "fast": ends the sessions, no recovery later
    hello: ClassVar[bytes] = struct.pack("!ii", 8 + len(START_UP), PROTOCOL_3) + START_UP
    welcome: ClassVar[bytes] = b"R"
    not_yet: ClassVar[bytes] = b"57P03"

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.socket_folder), safe='')}:{PORT}/{DATABASE}"

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def prepare(self) -> Launch:
        binaries = find_binaries()
        user = None
        if os.geteuid() == 0:
            user, binaries = self._as_somebody_else(binaries)
        for folder in (self.folder, self.socket_folder):
            make_private(folder, user.uid if user else os.geteuid())
        if not self.cluster.exists():
            self._make_cluster(binaries, user)
        self._forget_dead_postmaster()
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            settings |= NOT_DURABLE
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Launch(command=[binaries / "postgres", "-D", self.cluster, *options], user=user)

    def _as_somebody_else(self, binaries: Path) -> tuple[User, Path]:
        user = owner_of(self.folder)
        if able := on_the_way_to(user, self.folder, binaries / "postgres"):
            return able, binaries
        if on_the_way_to(user, self.folder):
            return user, readable_copy(binaries, self.folder)
        raise ServerError(
            f"PostgreSQL does not run as root, and user {user.uid} cannot enter {self.folder}: "
            "set DATA_DIR to a folder open to others, or start this as an ordinary user."
        )

    def _make_cluster(self, binaries: Path, user: User | None) -> None:
        """Beside its place and renamed when done: a cluster that is there is whole."""
        for left_over in self.folder.glob("initdb-*"):
            shutil.rmtree(left_over)
        side = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.folder))
        if user:
            os.chown(side, user.uid, user.gid)
        initdb: Command = [
            *(binaries / "initdb", "-D", side, "--username", ROLE, "--locale", "C.UTF-8"),
            *("--encoding", "UTF8", "--auth-local", "trust", "--auth-host", "reject"),
            *([] if self.durable else ["--no-sync"]),
        ]
        create: Command = [
            binaries / "postgres",
            "--single",
            "-D",
            side,
            "-c",
            "exit_on_error=on",
            "postgres",
        ]
        with self.log.open("ab") as log:
            run(initdb, output=log, user=user)
            run(create, output=log, user=user, typed=f"CREATE DATABASE {DATABASE}\n".encode())
        side.rename(self.cluster)

    def _forget_dead_postmaster(self) -> None:
        """Remove a dead server's pid files. The number may be a zombie's or a stranger's by now,
        and PostgreSQL would take that for a server; ours are all gone, `server_lock` says so."""
        pid_file = self.cluster / "postmaster.pid"
        if pid_file.exists():
            pid = pid_file.read_text().partition("\n")[0]
            if _runs_in(pid, self.cluster):
                raise ServerError(
                    f"A PostgreSQL we did not start runs on {self.cluster}, process {pid}."
                )
        pid_file.unlink(missing_ok=True)
        self.socket.with_name(f"{self.socket_name}.lock").unlink(missing_ok=True)


def _runs_in(pid: str, folder: Path) -> bool:
    try:
        return Path("/proc", pid, "cwd").samefile(folder)
    except OSError:
        return False
