"""A PgBouncer of a test's own: as shipped, but on a Unix socket and with few sessions."""

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
from karla_portal.embedded.postgres import DATABASE, ROLE
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
def pgbouncer(folder: Path, server: Path, **changes: str) -> Iterator[str]:
    """The URL of a pool before the PostgreSQL whose socket lies in the folder `server`; `changes`
    are made to its configuration."""
    user = owner_of(server) if os.geteuid() == 0 else None
    folder.mkdir()
    ini = folder / "pgbouncer.ini"
    ini.write_text(_configuration(folder, server, changes))
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
            yield pool_url(folder)
        finally:
            process.terminate()
            process.wait(timeout=10)


def pool_url(folder: Path) -> str:
    return f"postgresql://{ROLE}@{quote(str(folder), safe='')}:{PORT}/{DATABASE}"


def _configuration(folder: Path, server: Path, changes: dict[str, str]) -> str:
    """The shipped one; only where it listens, whom it asks, and for how many, is another."""
    written = SHIPPED.read_text()
    for name, value in {
        "listen_addr": "",
        "unix_socket_dir": str(folder),
        "auth_type": "any",
        "default_pool_size": str(SESSIONS),
        **changes,
    }.items():
        written, found = re.subn(rf"^{name} =.*$", f"{name} = {value}", written, flags=re.MULTILINE)
        assert found == 1, name
    before, found, after = written.partition("host=postgres ")
    assert found
    return f"{before}host={server} user={ROLE} {after}".replace("auth_file =", ";auth_file =")
