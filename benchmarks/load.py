"""An HTTP load generator that costs little next to what it measures: raw sockets, one process.

It keeps N connections busy, one request in flight on each, until the time is up.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context


@dataclass
class Measured:
    seconds: float
    latencies: list[float] = field(default_factory=list)
    """Of each answer, in seconds."""
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(port: int, requests: list[bytes], *, connections: int, seconds: float) -> Measured:
    """Send the requests in turn; raises if any is answered by something else than 2xx."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_load, args=(sender, port, requests, connections, seconds))
    process.start()
    sender.close()
    measured: Measured = receiver.recv()
    process.join()
    if any(status // 100 != 2 for status in measured.statuses):
        raise SystemExit(f"not all requests succeeded: {measured.statuses}")
    return measured


def _load(sender, port: int, requests: list[bytes], connections: int, seconds: float) -> None:  # type: ignore[no-untyped-def]
    selector = selectors.DefaultSelector()
    unsent: Iterator[bytes] = iter(requests)
    began = time.perf_counter()
    measured = Measured(seconds=seconds)
    for _ in range(connections):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(client, selectors.EVENT_READ, [time.perf_counter(), b""])
        client.sendall(next(unsent))
    while (now := time.perf_counter()) - began < seconds:
        for key, _ in selector.select(timeout=1):
            client, state = key.fileobj, key.data
            state[1] += client.recv(1 << 20)
            if not _is_whole(state[1]):
                continue
            now = time.perf_counter()
            measured.latencies.append(now - state[0])
            status = int(state[1][9:12])
            measured.statuses[status] = measured.statuses.get(status, 0) + 1
            state[:] = [now, b""]
            try:
                client.sendall(next(unsent))
            except StopIteration:
                raise SystemExit("too few requests were prepared") from None
    measured.seconds = now - began
    sender.send(measured)


def _is_whole(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return len(body) >= int(line[15:])
    raise SystemExit(f"an answer without a length: {head[:200]!r}")
