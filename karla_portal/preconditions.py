"""What must hold before anything starts: nobody else on this data folder, or on this port."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karla_portal.embedded.locks import lock_at_once


class Refused(Exception):
    """The product cannot start or go on; the message is for the person at the terminal."""


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder meanwhile; raises Refused where another supervisor does."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Refused(f"DATA_DIR cannot be {data_dir}: {why}.") from error
    path = data_dir / "run.lock"
    descriptor = lock_at_once(path)
    if descriptor is None:
        raise Refused(
            f"It runs already on {data_dir}, as process {path.read_text()}. "
            "Stop that one, or start this one with another DATA_DIR and PORT."
        )
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def check_port(host: str, port: int) -> None:
    """Raises Refused where somebody listens there already: granian would share the port."""
    if not 1 <= port <= 65535:
        raise Refused("PORT must be a number between 1 and 65535.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}. "
            "Start it with another PORT or HOST."
        ) from error
