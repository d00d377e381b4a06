"""PostgreSQL's own settings, changed while it runs."""

import psycopg
from psycopg import sql

from karla_portal.embedded.postgres import Postgres
from tests.faults.installation import Installation


def change_setting(installation: Installation, name: str, value: str) -> None:
    """As an operator does; some take a restart."""
    words = sql.SQL("ALTER SYSTEM SET {} = {}")
    _alter(installation, words.format(sql.Identifier(name), sql.Literal(value)))


def reset_setting(installation: Installation, name: str) -> None:
    _alter(installation, sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))


def _alter(installation: Installation, statement: sql.Composed) -> None:
    with psycopg.connect(Postgres(installation.data_dir).url, autocommit=True) as connection:
        connection.execute(statement)
        connection.execute("SELECT pg_reload_conf()")
