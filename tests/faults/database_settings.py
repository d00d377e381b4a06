import psycopg
from psycopg import sql

from karla_portal.embedded.postgres import Postgres
from tests.faults.installation import Installation


def change_setting(installation: Installation, name: str, value: str) -> None:
    """As an operator does; some take a restart."""
    with psycopg.connect(Postgres(installation.data_dir).url, autocommit=True) as connection:
        words = sql.SQL("ALTER SYSTEM SET {} = {}")
        connection.execute(words.format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")
