"""A RabbitMQ of one's own on this machine (Debian's package): its data, ports and names apart."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.product import free_port
from tests.embedded.patience import eventually
from tests.faults.installation import HOST

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@dataclass
class RabbitMQ:
    folder: Path
    port: int
    environment: dict[str, str] = field(repr=False)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{HOST}:{self.port}//"

    def start(self) -> None:
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                [SERVER], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self.accepts, within=90)

    def kill(self) -> None:
        """With SIGKILL, and whatever it forked."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def accepts(self) -> bool:
        """Whether it greets: it listens before it is ready to."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as client:
                client.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(client.recv(1))
        except OSError:
            return False


@contextmanager
def rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    """It is up; in the end nothing of it is left."""
    port, distribution, names = free_port(), free_port(), free_port()
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text("loopback_users.guest = true\n")
    environment = {
        **os.environ,
        "HOME": str(folder),  # where its cookie is
        "RABBITMQ_NODENAME": f"faults{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": str(names),
    }
    server = RabbitMQ(folder=folder, port=port, environment=environment)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        # What knows its name made itself a daemon.
        subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)
