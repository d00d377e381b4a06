"""What the product stands on: servers, their settings, clocks and disk."""

import shutil
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import RedisError

from doctor.check import InstallationCheck, Trouble
from karla_portal.health import CHECKS

MOST_SKEW = 5.0
"""Seconds between our clock and the database's: leases and due times compare the two."""
LEAST_FREE = 0.05
MUST_BE = {"TimeZone": "UTC", "fsync": "on", "full_page_writes": "on"}
SHOULD_BE = {"track_commit_timestamp": "on"}


def _unanswered() -> Iterator[Trouble]:
    for name in ("database", "broker"):
        if why := CHECKS[name]():
            yield Trouble(subject=name, label=name, detail=why)
    try:
        cache.set("doctor", "well", 10)
        is_kept = cache.get("doctor") == "well"
    except (RedisError, OSError) as problem:
        yield Trouble(subject="cache", label="cache", detail=f"does not answer: {problem}")
    else:
        if not is_kept:
            yield Trouble(subject="cache", label="cache", detail="forgets at once")


def _unsuitable() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        for name, wanted in {**MUST_BE, **SHOULD_BE}.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            [said] = cursor.fetchone()
            if said != wanted:
                detail = f"is {said} in the database, and should be {wanted}"
                yield Trouble(subject=name, label=name, detail=detail)


def _apart() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        [theirs] = cursor.fetchone()
        after = time.time()
    skew = max(before - theirs, theirs - after)
    if skew > MOST_SKEW:
        detail = f"is {skew:.0f} s away from the database's"
        yield Trouble(subject="clock", label="this machine's clock", detail=detail)


def _nearly_full() -> Iterator[Trouble]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    if usage.free < LEAST_FREE * usage.total:
        detail = f"has {usage.free / 1e9:.1f} GB left of {usage.total / 1e9:.1f}"
        yield Trouble(subject="disk", label=str(settings.DATA_DIR), detail=detail)


SERVERS = InstallationCheck(
    name="servers",
    title="Database, broker and cache answer",
    means="Without the database requests are refused, without the broker tasks wait for beat, and "
    "without the cache nothing is limited and pages are slower.",
    advice="See that they run, and that DATABASE_URL, BROKER_URL and CACHE_URL lead to them.",
    ask=_unanswered,
)

DATABASE_SETTINGS = InstallationCheck(
    name="database-settings",
    title="The database is durable, keeps UTC and times of commits",
    means="A power cut loses what was acknowledged (fsync, full_page_writes); events may be told "
    "out of their order (track_commit_timestamp).",
    advice="Set them in postgresql.conf and restart PostgreSQL.",
    ask=_unsuitable,
)

CLOCKS = InstallationCheck(
    name="clocks",
    title="This machine and the database agree on the time",
    means="Leases end too early or too late, keys and signatures may be refused.",
    advice="Run a time service (chrony, systemd-timesyncd) on both machines.",
    ask=_apart,
)

DISK = InstallationCheck(
    name="disk",
    title="There is room in DATA_DIR",
    means="When it is full, nothing can be written: requests answer 503 or 500.",
    advice="Make room or grow the disk. Never delete from PostgreSQL's own folders.",
    ask=_nearly_full,
)
