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
    data_dir.mkdir(parents=True, exist_ok=True)
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
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}. "
            "Start it with another PORT or HOST."
        ) from error
