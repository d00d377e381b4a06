"""The servers this platform brings along, and the addresses they answer at."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.locks import is_held, is_shared, locked
from karla_portal.embedded.logs import last_lines, rotate
from karla_portal.embedded.postgres import Postgres
from karla_portal.embedded.server import Server, ServerError
from karla_portal.embedded.valkey import Valkey

PATIENCE = 60  # seconds for a start; recovering from a crash or a backup takes what it takes
GLANCE = 0.01  # seconds between two looks


def postgres_url(data_dir: Path) -> str:
    """Where the embedded PostgreSQL answers, over its Unix socket."""
    return Postgres(data_dir).url


def broker_url(data_dir: Path) -> str:
    """Where the embedded Valkey answers Celery."""
    return Valkey(data_dir).broker_url()


def cache_url(data_dir: Path) -> str:
    """Where the embedded Valkey answers as a cache: a database apart from the broker's."""
    return Valkey(data_dir).cache_url()


def servers(
    data_dir: Path, *, postgres: bool = True, valkey: bool = True, durable: bool = True
) -> list[Server]:
    """Those wanted, in the order in which they start."""
    return [
        *([Postgres(data_dir, durable)] if postgres else []),
        *([Valkey(data_dir, durable)] if valkey else []),
    ]


@contextmanager
def running(
    data_dir: Path, *, postgres: bool = True, valkey: bool = True, durable: bool = True
) -> Iterator[None]:
    """The embedded servers are up meanwhile: those that run already are shared, others started.

    The last process to leave sees them stopped, Valkey first. `durable` matters to the one that
    starts them: off, they are faster and lose data with the machine's power. Raises ServerError.
    """
    with ExitStack() as stack:
        for server in servers(data_dir, postgres=postgres, valkey=valkey, durable=durable):
            stack.enter_context(used(server))
        yield


@contextmanager
def used(server: Server) -> Iterator[None]:
    """One server is up meanwhile; raises ServerError."""
    _make_folders(server)
    try:
        with locked(server.users_lock, shared=True):
            bring_up(server)
            yield
    finally:
        _wait_if_last(server)


def bring_up(server: Server) -> None:
    """Return when it answers, also where it was up before and died; raises ServerError.

    For those who hold `users_lock`.
    """
    with locked(server.start_lock):
        _bring_up(server)


def _make_folders(server: Server) -> None:
    try:
        server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        server.log.parent.mkdir(mode=0o700, exist_ok=True)
        server.log.touch()
        server.start_lock.touch()
    except PermissionError as error:
        raise ServerError(f"Another user's data folder, or not to be made here: {error}") from error


def _bring_up(server: Server) -> None:
    is_started = False
    deadline = time.monotonic() + PATIENCE
    while not (said := server.greeting()).startswith(server.welcome):
        if server.not_yet in said:
            deadline = time.monotonic() + PATIENCE
        if not is_held(server.server_lock):
            if is_started:
                raise ServerError(f"{server.name} did not start:\n{last_lines(server.log)}")
            _start_keeper(server)
            is_started = True
        if time.monotonic() > deadline:
            raise ServerError(f"{server.name} does not answer, see {server.log}")
        time.sleep(GLANCE)


def _start_keeper(server: Server) -> None:
    """Returns when the keeper holds `server_lock`."""
    rotate(server.log)
    keeper: list[str | Path] = [
        *(sys.executable, "-m", "karla_portal.embedded.keeper"),
        *(server.name, server.data_dir),
    ]
    with server.log.open("ab") as log:
        subprocess.run(  # noqa: S603  # nosec B603
            [*keeper, *([] if server.durable else ["--not-durable"])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            start_new_session=True,
            check=False,
        )


def _wait_if_last(server: Server) -> None:
    """Return when the server is gone, or at once where others still use it."""
    while is_held(server.server_lock) and not is_shared(server.users_lock):
        time.sleep(GLANCE)
