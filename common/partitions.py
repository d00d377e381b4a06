"""Tables cut by time, so that what is too old goes as a piece and not row by row.

Ids are UUIDs of version 7: a range of ids is a range of times, and the key by which a table is cut
is one that rows have anyway. A piece is named for its time, `webhooks_attempt_2026w48` or
`events_event_2026m11`; rows that have none, should beat have rested for long, wait in
`webhooks_attempt_rest` and move into their piece when it is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError

from common.database_session import session_alias
from common.statements import server_version

PATIENCE = "1500ms"
"""So long a piece waits for those who use its table; whoever comes after waits behind it. Longer
than PostgreSQL's `deadlock_timeout`, after which an autovacuum gives way."""
FIRST_ID = UUID(int=0)


class Span(Enum):
    """How long the time of a piece is."""

    WEEK = "week"
    MONTH = "month"

    @property
    def ahead(self) -> int:
        """Pieces that there are beforehand."""
        return 4 if self is Span.WEEK else 2

    def begin(self, moment: datetime) -> date:
        """The first day of the span in which the moment lies."""
        day = moment.astimezone(UTC).date()
        if self is Span.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1)

    def later(self, first: date, number: int) -> date:
        """The first day so many spans later; before, if there are less than none."""
        if self is Span.WEEK:
            return first + number * timedelta(weeks=1)
        months = first.year * 12 + first.month - 1 + number
        return date(months // 12, months % 12 + 1, 1)

    def suffix(self, first: date) -> str:
        if self is Span.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}w{week:02}"
        return f"{first.year}m{first.month:02}"


@dataclass(frozen=True, kw_only=True)
class Piece:
    name: str
    first: UUID
    end: UUID
    """Of its ids, this one excluded."""


@dataclass(frozen=True, kw_only=True)
class CutTable:
    name: str
    span: Span
    key: str = "id"
    """The column whose ids say into which piece a row goes."""
    waits_for: str = "false"
    """SQL of a row that must not go yet, however old it is."""

    def piece(self, first: date) -> Piece:
        """That of the span which begins on this day."""
        return Piece(
            name=f"{self.name}_{self.span.suffix(first)}",
            first=first_id_of(first),
            end=first_id_of(self.span.later(first, 1)),
        )

    def kept_from(self, kept_since: datetime | None) -> UUID:
        """The first id of the span in which that moment lies; of all, if there is none."""
        return first_id_of(self.span.begin(kept_since)) if kept_since else FIRST_ID


def first_id_of(day: date) -> UUID:
    """Below every id made from that midnight on (UTC), and above every one made before."""
    return first_id_at(datetime.combine(day, time(), UTC))


def first_id_at(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def moment_of(id_: UUID) -> datetime:
    """When it was made."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)


def months_ago(now: datetime, months: int | None) -> datetime | None:
    """When so many whole months begin that lie before this one; None for None."""
    if months is None:
        return None
    first = Span.MONTH.later(Span.MONTH.begin(now), -months)
    return datetime.combine(first, time(), UTC)


def cut(table: CutTable, *, now: datetime, kept_since: datetime | None) -> list[str]:
    """Make the pieces that are missing, remove those of which nothing is kept; what was done.

    Without `kept_since` everything is kept. One of several at once does it; each piece is a
    transaction of its own. Raises OperationalError where the table is in use for too long, after
    everything else was done.
    """
    done: list[str] = []
    before = table.kept_from(kept_since)
    in_use: OperationalError | None = None
    try:
        done.extend(
            f"+{piece.name}"
            for piece in _missing(table, now, before, ahead=table.span.ahead)
            if _make(table, piece)
        )
    except OperationalError as error:
        in_use = error
    done += [f"-{name}" for name in _forget(table, before)]
    if done:
        _tell_planner(table)
    if in_use:
        raise in_use
    return done


def out_of_step(table: CutTable, *, now: datetime, kept_since: datetime | None) -> list[str]:
    """Pieces that should be there by now, and those that should be gone, by their names."""
    before = table.kept_from(kept_since)
    pieces = [*_missing(table, now, before, ahead=1), *_too_old(table, before)]
    return [piece.name for piece in pieces]


def _missing(table: CutTable, now: datetime, since: UUID, *, ahead: int) -> list[Piece]:
    """Of this span and so many ahead; and those of rows before them that wait, from that id on.

    None before the oldest piece: what lay there is gone (`kept_from`), and stays so.
    """
    this = table.span.begin(now)
    wanted = [table.piece(table.span.later(this, one)) for one in range(ahead + 1)]
    have = _pieces(table, session_alias())
    since = max(since, have[0].first) if have else since
    while waiting := _first_waiting(table, since, wanted[0].first):
        wanted.append(table.piece(table.span.begin(moment_of(waiting))))
        since = wanted[-1].end
    return [
        piece for piece in wanted if not any(one.first <= piece.first < one.end for one in have)
    ]


def _first_waiting(table: CutTable, since: UUID, before: UUID) -> UUID | None:
    """The first key in that range of the rows without a piece."""
    with connections[session_alias()].cursor() as cursor:
        cursor.execute(
            f"SELECT {table.key} FROM {table.name}_rest"
            f" WHERE {table.key} >= %s AND {table.key} < %s ORDER BY {table.key} LIMIT 1",
            [since, before],
        )
        row: tuple[UUID] | None = cursor.fetchone()
    return row[0] if row else None


def kept_from(table: CutTable) -> UUID:
    """No row was removed whose key is this or a later one: the first id of the oldest piece."""
    return min((piece.first for piece in _pieces(table, DEFAULT_DB_ALIAS)), default=FIRST_ID)


def _make(table: CutTable, piece: Piece) -> bool:
    name, key = table.name, table.key
    with _short_transaction() as cursor:
        # Of two that cut, the second waits and finds it done; nobody who writes waits.
        cursor.execute(f"LOCK TABLE ONLY {name} IN SHARE UPDATE EXCLUSIVE MODE")
        if any(one.first <= piece.first < one.end for one in _pieces(table, session_alias())):
            return False
        cursor.execute(f"LOCK TABLE {name}_rest IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET LOCAL statement_timeout = 0")  # many rows may have waited
        cursor.execute(f"CREATE TABLE {piece.name} (LIKE {name} INCLUDING ALL)")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {name}_rest WHERE {key} >= %s AND {key} < %s RETURNING *)"
            f" INSERT INTO {piece.name} SELECT * FROM moved",
            [piece.first, piece.end],
        )
        cursor.execute(
            f"ALTER TABLE {name} ATTACH PARTITION {piece.name}"
            f" FOR VALUES FROM ('{piece.first}') TO ('{piece.end}')"
        )
    return True


def _forget(table: CutTable, before: UUID) -> Iterator[str]:
    """Remove pieces of earlier ids than `before`, the oldest first; none behind one that stays."""
    if before == FIRST_ID:
        return
    for piece in _too_old(table, before):
        with _short_transaction() as cursor:
            cursor.execute(f"LOCK TABLE ONLY {table.name} IN ACCESS EXCLUSIVE MODE")
            if piece not in _pieces(table, session_alias()):
                continue
            cursor.execute(f"SELECT EXISTS (SELECT FROM {piece.name} WHERE {table.waits_for})")
            if cursor.fetchone() == (True,):
                return
            cursor.execute(f"DROP TABLE {piece.name}")
        yield piece.name
    with _short_transaction() as cursor:
        # A row may come long after its time, when its piece is gone already.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            f"DELETE FROM {table.name}_rest WHERE {table.key} < %s AND NOT ({table.waits_for})",
            [before],
        )


def _too_old(table: CutTable, before: UUID) -> list[Piece]:
    return [piece for piece in _pieces(table, session_alias()) if piece.end <= before]


def _tell_planner(table: CutTable) -> None:
    """Of the table as a whole: autovacuum looks after its pieces alone."""
    only = "ONLY" if server_version() >= 18_00_00 else ""
    with _short_transaction() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"ANALYZE {only} {table.name}")


def _pieces(table: CutTable, alias: str) -> list[Piece]:
    """The oldest first."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_PIECES, [table.name])
        found = [
            Piece(name=name, first=UUID(first) if first else FIRST_ID, end=UUID(end))
            for name, first, end in cursor.fetchall()
        ]
    return sorted(found, key=lambda piece: piece.first)


@contextmanager
def _short_transaction() -> Iterator[CursorWrapper]:
    with transaction.atomic(session_alias()), connections[session_alias()].cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        yield cursor


_PIECES = r"""
    SELECT piece.oid::regclass::text,
           substring(pg_get_expr(piece.relpartbound, piece.oid) FROM 'FROM \(''([-0-9a-f]+)''\)'),
           substring(pg_get_expr(piece.relpartbound, piece.oid) FROM 'TO \(''([-0-9a-f]+)''\)')
      FROM pg_inherits JOIN pg_class AS piece ON piece.oid = pg_inherits.inhrelid
     WHERE pg_inherits.inhparent = %s::regclass
       AND pg_get_expr(piece.relpartbound, piece.oid) <> 'DEFAULT'
"""
