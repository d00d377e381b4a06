"""`make run`: everything the product needs in one foreground program.

Brings PostgreSQL and Valkey up, migrates, then runs the web server, the Celery worker, beat and
the sender of webhooks until Ctrl-C. What ends by itself is started again; what does so over and
over stops all of them, for only together they are the product.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType

from karla_portal.embedded import environment
from karla_portal.embedded.children import bury
from karla_portal.embedded.linux import adopt_orphans
from karla_portal.embedded.locks import is_held
from karla_portal.embedded.logs import last_lines, shorten
from karla_portal.embedded.server import Server, ServerError
from karla_portal.embedded.services import bring_up, servers, used
from karla_portal.preconditions import Refused, check_port, only_one
from karla_portal.processes import Process, start
from karla_portal.readiness import what_is_missing
from karla_portal.restarts import Restarts

GLANCE = 0.1  # seconds between two looks at the children
LOOK_AT_LOGS = 60  # seconds between two looks at how large they are
PATIENCE_TO_START = 120  # seconds
PATIENCE_TO_STOP = 30  # seconds; so long may a task in hand take to end

CELERY = ("celery", "--quiet", "-A", "karla_portal.celery")
BEAT = (*CELERY, "beat")
# The only worker has nobody to gossip with: it starts a second earlier.
WORKER = (*CELERY, "worker", "--without-gossip", "--without-mingle")


class Stopped(Exception):
    """Somebody asked this program to stop."""


def main() -> None:
    supervisor = Supervisor()
    for request in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request, supervisor.note_request)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # which is what nohup does
        signal.signal(signal.SIGHUP, supervisor.note_request)
    adopt_orphans()
    try:
        with only_one(supervisor.data_dir):
            check_port(environment.host(), environment.port())
            supervisor.run()
    except Stopped:
        say("Stopped.")
    except (Refused, ServerError, PermissionError) as error:
        sys.exit(f"\n{error}")
    finally:
        bury(within=0.5)


class Supervisor:
    def __init__(self) -> None:
        self.data_dir = environment.data_dir()
        self.logs = self.data_dir / "logs"
        self.servers = servers(
            self.data_dir, postgres=environment.needs_postgres(), valkey=environment.needs_valkey()
        )
        self.processes: list[Process] = []
        self.restarts = Restarts()
        self.requests_to_stop = 0
        self.looked_at_logs = time.monotonic()

    def run(self) -> None:
        """Never returns; raises Stopped, Refused or ServerError when everything has stopped."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")
        os.environ |= {"DATA_DIR": str(self.data_dir), "PYTHONUNBUFFERED": "1"}
        self.logs.mkdir(mode=0o700, exist_ok=True)
        forget_counts(environment.metrics_dir())
        with ExitStack() as stack:
            for server in self.servers:
                say(f"{server.name} …")
                stack.enter_context(used(server))
            stack.callback(self.stop)
            say("Migrations, static files, demo shop …")
            greeting = self.prepare()
            say("Web server, worker, beat, webhooks …")
            self.start()
            say(f"\n{greeting}\nReady. Ctrl-C stops everything; logs are in {self.logs}.")
            while True:
                self.pause()
                self.revive()
                self.shorten_logs()

    def prepare(self) -> str:
        """Migrate and the like; returns what there is to tell the person at the terminal."""
        process = start("prepare", "karla_portal.prepare", logs=self.logs, output=subprocess.PIPE)
        try:
            while not process.is_gone():
                self.pause()
                self.check_lives()
            output = process.output()
        finally:
            process.kill()
        if process.child.returncode:
            raise Refused(process.obituary())
        return output

    def start(self) -> None:
        """Return when the web server says that all is ready."""
        self.processes = [
            start("web", "karla_portal.web", logs=self.logs),
            start("worker", *WORKER, logs=self.logs),
            start("beat", *BEAT, logs=self.logs),
            start("webhooks", "karla_portal.manage", "deliver", logs=self.logs),
        ]
        deadline = time.monotonic() + PATIENCE_TO_START
        while missing := what_is_missing(environment.host(), environment.port()):
            if time.monotonic() > deadline:
                raise Refused(f"Not ready after {PATIENCE_TO_START} seconds: {missing}")
            self.pause()
            self.check_lives()

    def stop(self) -> None:
        """All of them at once; a second Ctrl-C, or too long a wait, kills them."""
        heard = self.requests_to_stop
        if heard:
            say("\nStopping: what is in hand is finished first.")
        deadline = time.monotonic() + PATIENCE_TO_STOP
        for process in self.processes:
            process.ask_to_stop()
        while not all(process.is_gone() for process in self.processes):
            if time.monotonic() > deadline or self.requests_to_stop > heard:
                break
            time.sleep(GLANCE)
        for process in self.processes:
            process.kill()

    def pause(self) -> None:
        """Wait a moment; raises Stopped."""
        time.sleep(GLANCE)
        if self.requests_to_stop:
            raise Stopped

    def check_lives(self) -> None:
        """Raises Refused where one is gone: what dies while all start would die again."""
        for process in self.processes:
            if process.is_gone():
                raise Refused(process.obituary())
        for server in self.servers:
            if not is_held(server.server_lock):
                raise Refused(obituary(server))

    def revive(self) -> None:
        """Start again what is gone; raises Refused where that has helped for moments only."""
        for server in self.servers:
            if not is_held(server.server_lock):
                self.restarts.note(server.name, obituary(server))
                say(f"\n{obituary(server)}\nIt is started again.")
                bring_up(server)
        for position, process in enumerate(self.processes):
            if process.is_gone():
                self.restarts.note(process.name, process.obituary())
                say(f"\n{process.obituary()}\nIt is started again.")
                process.kill()
                self.processes[position] = process.started_again()

    def shorten_logs(self) -> None:
        """Now and then, or they would fill the disk of a product that is never started anew."""
        if time.monotonic() > self.looked_at_logs + LOOK_AT_LOGS:
            self.looked_at_logs = time.monotonic()
            for log in self.logs.glob("*.log"):
                shorten(log)

    def note_request(self, _number: int, _frame: FrameType | None) -> None:
        self.requests_to_stop += 1


def forget_counts(folder: Path) -> None:
    """Counts begin anew (common.counters); whatever else lies in the folder is somebody's."""
    for pattern in ("counter_*.db", "histogram_*.db", "[0-9]*.lock"):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)


def obituary(server: Server) -> str:
    return f"{server.name} ended by itself. From {server.log}:\n{last_lines(server.log)}"


def say(line: str) -> None:
    """Print the line, if there is still a terminal to print it to."""
    with suppress(OSError):
        print(line, flush=True)


if __name__ == "__main__":
    main()
