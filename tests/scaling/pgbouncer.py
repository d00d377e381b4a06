"""A PgBouncer of a test's own, in transaction mode, whose sessions are set as the shipped one's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.postgres import DATABASE, ROLE, Postgres
from karla_portal.embedded.unprivileged import become, owner_of
from tests.embedded.patience import eventually

SHIPPED = PROJECT / "deploy" / "pgbouncer" / "pgbouncer.ini"
SESSIONS = 3
"""Fewer than the product's processes hold connections, so that each session serves them all."""
PORT = 6432


def shipped_connect_query() -> str:
    found = re.search(r"connect_query='((?:[^']|'')*)'", SHIPPED.read_text())
    assert found
    return found[1].replace("''", "'")


def binary() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        why = "NOT TESTED: PgBouncer in transaction mode. Install it (apt-get install pgbouncer)."
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@contextmanager
def pgbouncer(folder: Path, server: Postgres) -> Iterator[str]:
    """The URL of a pool before the server, which runs already."""
    user = owner_of(server.folder) if os.geteuid() == 0 else None
    folder.mkdir()
    query = shipped_connect_query().replace("'", "''")
    ini = folder / "pgbouncer.ini"
    ini.write_text(
        f"[databases]\n{DATABASE} = host={server.socket_folder} port=5432 dbname={DATABASE}"
        f" user={ROLE} connect_query='{query}'\n"
        f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = {PORT}\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {SESSIONS}\nmax_client_conn = 200\n"
    )
    if user:
        os.chown(folder, user.uid, user.gid)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binary(), ini],
            stdout=log,
            stderr=log,
            preexec_fn=(lambda: become(user)) if user else None,
        )
        try:
            eventually(lambda: (folder / f".s.PGSQL.{PORT}").exists(), within=10)
            yield f"postgresql://{ROLE}@{quote(str(folder), safe='')}:{PORT}/{DATABASE}"
        finally:
            process.terminate()
            process.wait(timeout=10)
