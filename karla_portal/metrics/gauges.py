"""How things stand, asked when somebody looks: queues, signs of life, database, replicas."""

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection, transaction
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import RedisError

from common.heartbeats import silences
from common.replicas.lag import replica_lags
from common.replicas.servers import replica_aliases
from karla_portal.version import VERSION

MOST_COUNTED = 100_000
"""Of each queue: a longer one shows as so long, and costs no more to look at."""
PATIENCE = 5_000
"""Milliseconds that the database gets."""

_SQL = Path(__file__).with_name("queues.sql").read_text(encoding="utf-8")

QUEUES = ("facts", "deliveries", "mails", "claim_mails", "jobs")
HEALTHS = ("active", "failing", "off")


class Gauges(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("karla_build_info", "The version that runs.", {VERSION: 1}, "version")
        yield from _signs_of_life()
        try:
            yield from _database()
        except (DatabaseError, InterfaceError):
            yield GaugeMetricFamily("karla_database_up", "Whether it answers.", value=0)
        if replica_aliases():
            yield from _replicas()


def _signs_of_life() -> Iterator[GaugeMetricFamily]:
    try:
        heard = silences()
    except (RedisError, OSError):
        heard = None
    yield GaugeMetricFamily(
        "karla_cache_up", "Whether the cache answers.", value=float(heard is not None)
    )
    yield _gauge(
        "karla_process_silence_seconds",
        "Since a sign of life: of worker (with beat and broker), of sender.",
        heard or {},
        "process",
    )


def _database() -> Iterator[GaugeMetricFamily]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE}")
        cursor.execute(_SQL, {"most": MOST_COUNTED})
        names = [column.name for column in cursor.description]
        found: dict[str, float] = dict(zip(names, map(float, cursor.fetchone()), strict=True))
    yield GaugeMetricFamily("karla_database_up", "Whether it answers.", value=1)
    yield _gauge(
        "karla_queue_length",
        f"What waits, counted up to {MOST_COUNTED}.",
        {queue: found[queue] for queue in QUEUES},
        "queue",
    )
    yield _gauge(
        "karla_queue_age_seconds",
        "How long the first in the queue has been due.",
        {queue: found[f"{queue}_age"] for queue in QUEUES},
        "queue",
    )
    yield _gauge(
        "karla_webhooks",
        "Webhooks by health: active, failing since their last success, switched off by us.",
        {health: found[f"webhooks_{health}"] for health in HEALTHS},
        "health",
    )
    for name, text in {
        "marked_hours": "Hours (of shops) whose numbers are yet to be recomputed.",
        "database_connections": "Open to this database.",
        "database_connections_most": "The server's limit.",
        "database_idle_in_transaction_seconds": "The longest that a transaction has done nothing.",
        "database_bytes": "The database's size.",
    }.items():
        yield GaugeMetricFamily(f"karla_{name}", text, value=found[name])


def _replicas() -> Iterator[GaugeMetricFamily]:
    """Each under the number that it has in DATABASE_REPLICA_URL: `replica1` is the first."""
    lags = list(replica_lags())
    yield _gauge(
        "karla_replica_up",
        "Whether it answers and is not too far behind: only then requests are read from it.",
        {lag.alias: lag.is_read_from for lag in lags},
        "replica",
    )
    yield _gauge(
        "karla_replica_behind_seconds",
        "Since the primary wrote what the replica has yet to replay; no more than is remembered.",
        {lag.alias: lag.seconds for lag in lags if lag.seconds is not None},
        "replica",
    )
    yield _gauge(
        "karla_replica_behind_bytes",
        "Of the log of changes that the replica has yet to replay.",
        {lag.alias: lag.size for lag in lags if lag.size is not None},
        "replica",
    )


def _gauge(name: str, text: str, samples: dict[str, float], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, sample in samples.items():
        family.add_metric([value], sample)
    return family
