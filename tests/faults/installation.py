"""The product as real processes, each of which may be killed: what `make run` starts, without the
supervisor that would stop the others."""

import json
import os
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.postgres import Postgres
from karla_portal.embedded.server import Server
from karla_portal.embedded.services import used
from karla_portal.embedded.valkey import Valkey
from karla_portal.readiness import what_is_missing
from tests.embedded.patience import eventually
from tests.embedded.surroundings import surroundings

HOST = "127.0.0.1"
SHOP = "faults"
CELERY = ("celery", "-A", "karla_portal.celery")
PROCESSES = {
    "web": ("karla_portal.web",),
    "worker": (*CELERY, "worker", "--concurrency=1", "--without-gossip", "--without-mingle"),
    "beat": (*CELERY, "beat"),
    "deliver": ("manage", "deliver"),
}

Kind = TypeVar("Kind", bound="Installation")

PROGRAMS = {"database": "postgres", "broker": "valkey-server"}


@dataclass
class Installation:
    data_dir: Path
    port: int
    environment: dict[str, str]
    authorization: str = ""
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    servers: dict[str, ExitStack] = field(default_factory=dict)

    def server(self, name: str) -> Server:
        kinds: dict[str, type[Server]] = {"database": Postgres, "broker": Valkey}
        return kinds[name](self.data_dir)

    def start(self, name: str) -> None:
        if name in ("database", "broker"):
            self.servers[name] = ExitStack()
            self.servers[name].enter_context(used(self.server(name)))
            return
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *PROCESSES[name]],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """With SIGKILL, and whatever it forked."""
        if name in self.processes:
            self._kill_session(name)
            return
        server = self.server(name)
        for process in psutil.process_iter(["cmdline", "cwd"]):
            words = " ".join(process.info["cmdline"] or [])
            is_ours = str(self.data_dir) in words or _is_in(process.info["cwd"], self.data_dir)
            if is_ours and PROGRAMS[name] in words.split(" ")[0]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        eventually(lambda: not server.accepts(), within=10)
        self.servers.pop(name).close()

    def _kill_session(self, name: str) -> None:
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """As the supervisor does it; within its time."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            assert process.wait(30) is not None

    def open_shop(self) -> None:
        """Make the shop, and the key that requests come with."""
        self.managed("createshop", SHOP)
        key = self.managed("createapikey", SHOP, "--role", "admin").split()[-1]
        self.authorization = "Basic " + b64encode(f"{SHOP}:{key}".encode()).decode()

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def managed(self, *words: str) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def findings(self) -> list[dict[str, object]]:
        """What the doctor says; all must be settled before."""
        done = self.manage("doctor", "--json", "--pause", "3", "-v", "0")
        found: list[dict[str, object]] = json.loads(done.stdout)
        return found

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(Postgres(self.data_dir).url) as connection:
            return connection.execute(statement, values).fetchall()

    def is_ready(self) -> bool:
        return self.missing() is None

    def missing(self) -> str | None:
        """What /readyz says is not in order, or why it cannot be asked."""
        return what_is_missing(HOST, self.port)

    def has_told(self) -> bool:
        """Everything was relayed and sent."""
        return self._is_none(
            "SELECT (SELECT count(*) FROM events_event WHERE NOT is_relayed)"
            " + (SELECT count(*) FROM webhooks_delivery WHERE state <> 'succeeded')"
        )

    def has_counted(self) -> bool:
        """Every number was worked out."""
        return self._is_none("SELECT count(*) FROM analytics_mark")

    def _is_none(self, statement: str) -> bool:
        [(waiting,)] = self.ask(statement)
        return waiting == 0


@contextmanager
def installed(
    data_dir: Path, kind: type[Kind] = Installation, /, **environment: str
) -> Iterator[Kind]:
    """All of it is up, with one shop and a key for it; in the end nothing of it is left."""
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    installation = kind(
        data_dir=data_dir,
        port=port,
        environment=surroundings(
            data_dir,
            HOST=HOST,
            PORT=str(port),
            WEB_WORKERS="1",
            API_RATE_LIMIT="1000000000",
            WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8",
            DJANGO_SETTINGS_MODULE="karla_portal.settings",
            **environment,
        ),
    )
    try:
        for name in ("database", "broker"):
            installation.start(name)
        installation.managed("migrate", "-v", "0")
        installation.open_shop()
        for name in PROCESSES:
            installation.start(name)
        eventually(installation.is_ready, within=120)
        yield installation
    finally:
        for name in list(installation.processes):
            installation._kill_session(name)
        for name in ("broker", "database"):
            if name in installation.servers:
                installation.servers.pop(name).close()


def _is_in(folder: str | None, data_dir: Path) -> bool:
    return folder is not None and Path(folder).is_relative_to(data_dir)
