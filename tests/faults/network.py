"""A network between product and database that is slow, silent or cut, as a test wants it."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

PIECE = 65536


class Network:
    """Takes TCP connections, and passes what they say on to a Unix socket and back."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.delay = 0.0
        """Seconds that each piece takes, each way."""
        self.passes = threading.Event()
        """Off, everything stays connected and nothing arrives any more."""
        self.passes.set()
        self.is_cut = False
        self.sockets: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks; new ones are not let in until `mend`."""
        self.is_cut = True
        for one in list(self.sockets):
            self._close(one)
        self.passes.set()

    def mend(self) -> None:
        self.is_cut, self.delay = False, 0.0
        self.passes.set()

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.is_cut:
                    client.close()
                    continue
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(str(self.target))
                except OSError:
                    client.close()
                    continue
                self.sockets |= {client, server}
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self.passes.wait()
                if self.delay:
                    time.sleep(self.delay)
                sink.sendall(piece)
        for one in (source, sink):
            self._close(one)

    def _close(self, one: socket.socket) -> None:
        self.sockets.discard(one)
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
