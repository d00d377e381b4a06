"""What processes count: kept in files that they share (prometheus_client's multi-process mode).

A process has a slot, whose files it goes on writing where the last one in it stopped: there are
never more files than there were processes at once, and no count is lost with the process that made
it. Labels are names from the code, so their number is bounded by it.
"""

import fcntl
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings
from prometheus_client import Counter, Histogram, values

FOLDER = Path(settings.METRICS_DIR)
ROOM = 1 << 20
"""Bytes for the counts of a process, of each kind: all views with all their buckets need less."""
_held: list[tuple[int, int]] = []
"""Of this process: the descriptor of its lock, and its slot."""


def _slot() -> int:
    """The number of this process among those that count: asked at every count, hence so short."""
    return _held[0][1] if _held else _take_slot()


def _take_slot() -> int:
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 0
    while (descriptor := _lock(FOLDER / f"{number}.lock")) is None:
        number += 1
    _held.append((descriptor, number))
    for kind in ("counter", "histogram"):
        _make_room(FOLDER / f"{kind}_{number}.db")
    return number


def _let_go() -> None:
    """In a child: the slot is its parent's, whose lock must end with the parent."""
    while _held:
        os.close(_held.pop()[0])


os.register_at_fork(after_in_child=_let_go)


def _make_room(path: Path) -> None:
    """Beforehand: who writes to a file in memory that the disk has no room for is killed."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(OSError):  # full already
            os.posix_fallocate(file, 0, ROOM)
    finally:
        os.close(file)


def _lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)  # where its files are looked for
values.ValueClass = values.MultiProcessValue(_slot)  # type: ignore[no-untyped-call]

REQUEST_SECONDS = Histogram(
    "karla_http_request_seconds",
    "How long requests took, by the view that answered.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=None,
)
RESPONSES = Counter(
    "karla_http_responses",
    "Requests answered, by view, method and status.",
    ["view", "method", "status"],
    registry=None,
)
ORDERS = Counter(
    "karla_orders_taken_in",
    "Orders that shops sent, by what came of each: created, updated, unchanged or refused.",
    ["outcome"],
    registry=None,
)
SCANS = Counter(
    "karla_scans_taken_in",
    "Scans of parcels, by what came of each.",
    ["effect"],
    registry=None,
)
ATTEMPTS = Counter(
    "karla_webhook_attempts",
    "Webhooks posted, by whether the endpoint took them: success or failure.",
    ["outcome"],
    registry=None,
)
MAILS = Counter(
    "karla_mails_settled",
    "Mails that are over, by how they ended: sent, skipped, failed or unsure.",
    ["state"],
    registry=None,
)

FROM_THE_START: dict[Counter, tuple[str, ...]] = {
    ORDERS: ("created", "updated", "unchanged", "refused"),
    SCANS: ("applied", "late", "duplicate", "refused"),
    ATTEMPTS: ("success", "failure"),
    MAILS: ("sent", "skipped", "failed", "unsure"),
}
"""Series that are there before anything was counted: a rate needs a point to begin at."""


@cache
def counter(metric: Counter, *labels: str) -> Counter:
    """The counter under these labels; looked up faster than prometheus_client does."""
    return metric.labels(*labels)


@cache
def stopwatch(view: str) -> Histogram:
    return REQUEST_SECONDS.labels(view)
