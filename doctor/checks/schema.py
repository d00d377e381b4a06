"""The schema: migrated, and every constraint and index of it in force."""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from common.management.commands.migrate import TURN
from doctor.check import InstallationCheck, Trouble


def _unapplied() -> Iterator[Trouble]:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Trouble(subject=str(migration), label=str(migration), detail="is not applied")


def _not_in_force() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS)
        unproven = cursor.fetchall()
        cursor.execute(_INDEXES)
        invalid = cursor.fetchall()
        cursor.execute(_TRIGGERS)
        disabled = cursor.fetchall()
        cursor.execute(_LEFT_BEHIND, [TURN])
        left_behind = cursor.fetchall()
    for table, name in unproven:
        yield Trouble(subject=f"{table}/{name}", label=name, detail=f"of {table} was never proven")
    for table, name in invalid:
        yield Trouble(subject=f"{table}//{name}", label=name, detail=f"of {table} is incomplete")
    for table, name in disabled:
        yield Trouble(subject=f"{table}///{name}", label=name, detail=f"on {table} is off")
    for table, name in left_behind:
        detail = (
            f"of {table}, left by a migration that was killed, will refuse rows of later months: "
            f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        )
        yield Trouble(subject=f"{table}////{name}", label=name, detail=detail)


def _put_in_force(subjects: Sequence[str]) -> int:
    for subject in subjects:
        table, _, name = subject.partition("/")
        if name.startswith("///"):
            words, name = "ALTER TABLE {table} DROP CONSTRAINT {name}", name[3:]
        elif name.startswith("//"):
            words, name = "ALTER TABLE {table} ENABLE TRIGGER {name}", name[2:]
        elif name.startswith("/"):
            words, name = "REINDEX INDEX CONCURRENTLY {name}", name[1:]
        else:
            words = "ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        statement = sql.SQL(words).format(table=sql.Identifier(table), name=sql.Identifier(name))
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("RESET statement_timeout")
    return len(subjects)


_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
     WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
"""
_INDEXES = """
    SELECT indrelid::regclass::text, relname
      FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace
       AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS made
                        WHERE made.index_relid = indexrelid)
"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE tgenabled = 'D' AND relnamespace = current_schema()::regnamespace AND NOT tgisinternal
"""
_LEFT_BEHIND = """
    SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE contype = 'c' AND conname = relname || '_before'
       AND relnamespace = current_schema()::regnamespace
       AND NOT EXISTS (SELECT FROM pg_locks
                        WHERE locktype = 'advisory' AND objsubid = 1
                          AND classid::bigint << 32 | objid::bigint = %s)
"""
"""While a migration runs, it is that one's."""

MIGRATIONS = InstallationCheck(
    name="migrations",
    title="All migrations are applied",
    means="The program expects tables and columns that are not there.",
    advice="manage.py migrate",
    ask=_unapplied,
)

SCHEMA = InstallationCheck(
    name="schema",
    title="Constraints are proven, indexes complete, triggers on",
    means="The database does not refuse what it should, is slow, or numbers miss changes.",
    advice="--mend validates constraints, builds indexes anew beside the traffic, and switches "
    "triggers on; a check that a killed migration left is dropped, and migrate makes it again. A "
    "constraint that rows break is refused: mend those rows first.",
    ask=_not_in_force,
    mend=_put_in_force,
)
