"""What the embedded servers have in common."""

import signal
import socket
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from karla_portal.embedded.children import Command
from karla_portal.embedded.sockets import socket_folder
from karla_portal.embedded.unprivileged import User


class ServerError(Exception):
    """A server cannot be started; the message is for the person at the terminal."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A server's program with its arguments, and whom it has to become, if anybody."""

    command: Command
    user: User | None = None


@dataclass(frozen=True)
class Server(ABC):
    """A server with its data under `data_dir` and a Unix socket as its only door.

    `durable` off trades what a power cut would lose for speed: for tests.
    """

    data_dir: Path
    durable: bool = True

    name: ClassVar[str]
    socket_name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    hello: ClassVar[bytes]
    welcome: ClassVar[bytes]
    not_yet: ClassVar[bytes]
    """Stands in what it says instead while it recovers what it holds."""

    @property
    def folder(self) -> Path:
        return self.data_dir / self.name.lower()

    @property
    def log(self) -> Path:
        return self.data_dir / "logs" / f"{self.name.lower()}.log"

    @property
    def socket_folder(self) -> Path:
        return socket_folder(self.folder, self.socket_name)

    @property
    def socket(self) -> Path:
        return self.socket_folder / self.socket_name

    @property
    def users_lock(self) -> Path:
        """Shared by every process that needs the server; held by the keeper to stop it."""
        return self.folder / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the process that brings the server up."""
        return self.folder / "start.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the keeper and every process of the server: free again when the last is gone."""
        return self.folder / "server.lock"

    def accepts(self) -> bool:
        """Whether the server welcomes a client."""
        return self.greeting().startswith(self.welcome)

    def greeting(self) -> bytes:
        """What it says to a client; nothing where it does not answer."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(self.hello)
                return client.recv(8192)
        except OSError:
            return b""

    @abstractmethod
    def prepare(self) -> Launch:
        """Make the folders and what else the server needs; raises ServerError.

        Called by the keeper, with `server_lock` held.
        """
