"""How far each replica is behind, as the process that is asked has heard: for /metrics."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from common.replicas.positions import watches
from common.replicas.servers import replica_aliases


@dataclass(frozen=True, kw_only=True)
class Lag:
    alias: str
    is_read_from: bool
    """Whether requests are: it answers, and is not too far behind."""
    size: int | None
    """Bytes of the log of changes that it has yet to replay; None while either is silent."""
    seconds: float | None
    """Since the primary wrote what it has yet to replay, to a quarter of a second. It grows no
    further than positions are remembered, twice as long as a replica may be behind."""


def replica_lags() -> Iterator[Lag]:
    """Of those that were asked at least once; a question that is on its way says nothing yet."""
    primary = watches.of(DEFAULT_DB_ALIAS)
    for alias in replica_aliases():
        replica = watches.of(alias)
        if not (primary.was_asked and replica.was_asked):
            continue
        is_heard = primary.is_heard() and replica.is_heard()
        position = replica.position()
        yield Lag(
            alias=alias,
            is_read_from=watches.fit(alias, wanted=0),
            size=max(0, primary.position() - position) if is_heard else None,
            seconds=primary.seconds_since(position) if is_heard else None,
        )
