"""An HTTP load generator that costs little next to what it measures: raw sockets, one process.

It keeps N connections busy, one request in flight on each, until the time is up.
"""

import selectors
import socket
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context


class Asked(bytes):
    """A request that says of which kind it is."""

    kind: str

    def __new__(cls, kind: str, request: bytes) -> "Asked":
        asked = super().__new__(cls, request)
        asked.kind = kind
        return asked


@dataclass
class Measured:
    seconds: float
    latencies: list[float] = field(default_factory=list)
    """Of each answer, in seconds."""
    statuses: dict[int, int] = field(default_factory=dict)
    size: int = 0
    """Bytes of all bodies."""
    by_kind: dict[str, "Measured"] = field(default_factory=dict)
    """Of the requests that say of which kind they are."""

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(
    port: int,
    requests: Iterable[bytes],
    *,
    connections: int,
    seconds: float,
    refusals: Collection[int] = (),
) -> Measured:
    """Send the requests in turn; ends if any is answered by other than 2xx or one of `refusals`."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_load, args=(sender, port, requests, connections, seconds))
    process.start()
    sender.close()
    measured: Measured = receiver.recv()
    process.join()
    if any(status // 100 != 2 and status not in refusals for status in measured.statuses):
        raise SystemExit(f"not all requests succeeded: {measured.statuses}")
    return measured


def _load(sender, port: int, requests: Iterable[bytes], connections: int, seconds: float) -> None:  # type: ignore[no-untyped-def]
    selector = selectors.DefaultSelector()
    unsent: Iterator[bytes] = iter(requests)
    began = time.perf_counter()
    measured = Measured(seconds=seconds)
    for _ in range(connections):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = next(unsent)
        selector.register(client, selectors.EVENT_READ, [time.perf_counter(), b"", request])
        client.sendall(request)
    while (now := time.perf_counter()) - began < seconds:
        for key, _ in selector.select(timeout=1):
            client, state = key.fileobj, key.data
            received = client.recv(1 << 20)
            if not received:
                raise SystemExit(f"the connection was closed after {state[1][:200]!r}")
            state[1] += received
            if (size := _size_if_whole(state[1])) is None:
                continue
            now = time.perf_counter()
            status = int(state[1][9:12])
            for counted in _counters(measured, state[2]):
                counted.latencies.append(now - state[0])
                counted.size += size
                counted.statuses[status] = counted.statuses.get(status, 0) + 1
            try:
                request = next(unsent)
            except StopIteration:
                raise SystemExit("too few requests were prepared") from None
            state[:] = [time.perf_counter(), b"", request]
            client.sendall(request)
    for counted in (measured, *measured.by_kind.values()):
        counted.seconds = now - began
    sender.send(measured)


def _counters(measured: Measured, request: bytes) -> list[Measured]:
    if not isinstance(request, Asked):
        return [measured]
    return [measured, measured.by_kind.setdefault(request.kind, Measured(seconds=0))]


def _size_if_whole(answer: bytes) -> int | None:
    """Of the body."""
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return None
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
            return length if len(body) >= length else None
    raise SystemExit(f"an answer without a length: {head[:200]!r}")
