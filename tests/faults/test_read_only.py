"""Nothing of the product writes to anything but /data and /tmp: as the image runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from karla_portal.embedded.postgres import DATABASE, ROLE, Postgres
from karla_portal.embedded.valkey import Valkey
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import ask
from tests.faults.containers import Containers, shipped_command, skip_without_namespaces
from tests.faults.installation import installed
from tests.faults.network import Network
from tests.faults.progress import goes_on
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]


@pytest.fixture
def containers(tmp_path: Path) -> Iterator[Containers]:
    skip_without_namespaces()
    database, cache = Network(Postgres(tmp_path).socket), Network(Valkey(tmp_path).socket)
    url = f"postgresql://{ROLE}@127.0.0.1:{database.port}/{DATABASE}"
    environment = {
        "DATABASE_URL": url,
        "DATABASE_SESSION_URL": url,
        "BROKER_URL": f"redis://127.0.0.1:{cache.port}/0",
        "CACHE_URL": f"redis://127.0.0.1:{cache.port}/1",
        "SECRET_KEY": "of-these-tests" * 5,
    }
    with installed(tmp_path, Containers, **environment) as containers:
        yield containers
        containers.stop()
    database.close()
    cache.close()


def test_the_image_s_processes_write_nowhere_but_to_their_volumes(containers: Containers) -> None:
    refused = containers.run("touch", "here")
    assert "Read-only file system" in refused.stderr
    for word in ("touch /root/here", "mount -t tmpfs none /srv", "id -u | grep -qx 0"):
        assert containers.run("sh", "-c", word).returncode != 0

    migrated = containers.run(*shipped_command("migrate"))
    assert migrated.returncode == 0, migrated.stderr
    page = ask(containers, "GET", "/login", cookie="theme=dark")
    assert page.status == 200
    assert b"/static/css/" in page.body
    with Traffic(containers) as acknowledged:
        goes_on(acknowledged)
    assert acknowledged.troubles == 0
    check_all_is_well(containers, acknowledged)
    assert [name for name, one in containers.processes.items() if one.poll() is not None] == []
