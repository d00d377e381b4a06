"""`manage.py postgres PROGRAM …`: a program of the embedded PostgreSQL, such as psql or pg_dump.

Its server is up meanwhile, and is the one that the program asks.
"""

import os
import subprocess
import sys

from karla_portal.embedded import environment
from karla_portal.embedded.postgres import DATABASE, PORT, ROLE, Postgres
from karla_portal.embedded.postgres_binaries import find_binaries
from karla_portal.embedded.services import used


def run_program(words: list[str]) -> int:
    """Its exit code; raises ServerError."""
    if not environment.needs_postgres():
        sys.exit("DATABASE_URL names a PostgreSQL of yours: use its own programs.")
    binaries = find_binaries()
    known = sorted(path.name for path in binaries.iterdir())
    if not words or words[0] not in known:
        sys.exit(f"Which program, and with which options? There are {', '.join(known)}.")
    server = Postgres(environment.data_dir())
    where = {
        "PGHOST": str(server.socket_folder),
        "PGPORT": str(PORT),
        "PGUSER": ROLE,
        "PGDATABASE": DATABASE,
    }
    # What leads to a server of one's own, such as PGHOSTADDR or PGSERVICE, would lead there.
    others = {name: said for name, said in os.environ.items() if not name.startswith("PG")}
    with used(server):
        return subprocess.run(  # noqa: S603  # nosec B603
            [binaries / words[0], *words[1:]], env=others | where, check=False
        ).returncode
