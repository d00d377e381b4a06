"""Tables cut by time, a week a piece, so that what is too old goes as a piece and not row by row.

Ids are UUIDs of version 7: a range of ids is a range of times, and the primary key can stay what it
is. A piece is named for its week, `webhooks_attempt_2026w48`; rows that have none, should beat have
rested for weeks, wait in `webhooks_attempt_rest` and move into their piece when it is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from common.database_session import session_alias, session_connection

WEEK = timedelta(weeks=1)
AHEAD = 4
"""Weeks for which there are pieces beforehand."""
FIRST_ID = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Piece:
    name: str
    monday: date

    @property
    def bounds(self) -> tuple[UUID, UUID]:
        """Of its ids, the upper one excluded."""
        return first_id_of(self.monday), first_id_of(self.monday + WEEK)


def first_id_of(day: date) -> UUID:
    """Below every id made from that midnight on (UTC), and above every one made before."""
    milliseconds = int(datetime.combine(day, time(), UTC).timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def monday_of(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def piece_of(table: str, monday: date) -> Piece:
    year, week, _ = monday.isocalendar()
    return Piece(name=f"{table}_{year}w{week:02}", monday=monday)


def cut(table: str, *, now: datetime, kept_for: timedelta) -> list[str]:
    """Make the pieces that are missing, remove those of which nothing is kept; what was done.

    One of several at once does it; each piece is a transaction of its own.
    """
    done = []
    for number in range(AHEAD + 1):
        piece = piece_of(table, monday_of(now) + number * WEEK)
        if _make(table, piece):
            done.append(f"+{piece.name}")
    for name in _too_old(table, now - kept_for):
        with session_connection().cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        done.append(f"-{name}")
    return done


def _make(table: str, piece: Piece) -> bool:
    first, end = piece.bounds
    with transaction.atomic(session_alias()), session_connection().cursor() as cursor:
        # Of two that cut, the second waits and finds it done; nobody who writes waits.
        cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")
        if _has(table, first):
            return False
        cursor.execute(f"CREATE TABLE {piece.name} (LIKE {table} INCLUDING ALL)")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {table}_rest WHERE id >= %s AND id < %s RETURNING *)"
            f" INSERT INTO {piece.name} SELECT * FROM moved",
            [first, end],
        )
        cursor.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {piece.name}"
            f" FOR VALUES FROM ('{first}') TO ('{end}')"
        )
    return True


def _has(table: str, first: UUID) -> bool:
    """Whether a piece holds this id."""
    return any(start <= first < end for _, start, end in _pieces(table))


def _too_old(table: str, moment: datetime) -> list[str]:
    """Pieces whose newest row was made before."""
    return [name for name, _, end in _pieces(table) if end <= first_id_of(monday_of(moment))]


def _pieces(table: str) -> Iterator[tuple[str, UUID, UUID]]:
    with session_connection().cursor() as cursor:
        cursor.execute(_PIECES, [table])
        for name, start, end in cursor.fetchall():
            yield name, UUID(start) if start else FIRST_ID, UUID(end)


_PIECES = r"""
    SELECT piece.oid::regclass::text,
           substring(pg_get_expr(piece.relpartbound, piece.oid) FROM 'FROM \(''([-0-9a-f]+)''\)'),
           substring(pg_get_expr(piece.relpartbound, piece.oid) FROM 'TO \(''([-0-9a-f]+)''\)')
      FROM pg_inherits JOIN pg_class AS piece ON piece.oid = pg_inherits.inhrelid
     WHERE pg_inherits.inhparent = %s::regclass
       AND pg_get_expr(piece.relpartbound, piece.oid) <> 'DEFAULT'
     ORDER BY 1
"""
