"""What the setting of replicas brings along, and what callers' positions are."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as product_settings

from common.replicas import written as written_module
from common.replicas.written import written
from karla_portal.embedded.environment import PROJECT


def test_without_a_replica_nothing_is_in_the_way() -> None:
    assert product_settings.DATABASE_ROUTERS == []
    assert not any("replicas" in name for name in product_settings.MIDDLEWARE)


def test_the_setting_names_one_or_several() -> None:
    urls = "postgresql://reader@one:5433/karla postgresql://reader@two/karla"
    said = subprocess.run(
        [sys.executable, "-c", _SETTINGS],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_REPLICA_URL": urls},
        capture_output=True,
        check=True,
    )
    hosts, routers, middleware = json.loads(said.stdout)
    assert hosts["replica1"] == "one"
    assert hosts["replica2"] == "two"
    assert routers == ["common.replicas.router.ReplicaRouter"]
    assert middleware.count("common.replicas.middleware.ReplicaMiddleware") == 1


_SETTINGS = """
import json
from karla_portal import settings
hosts = {alias: database["HOST"] for alias, database in settings.DATABASES.items()}
print(json.dumps([hosts, settings.DATABASE_ROUTERS, settings.MIDDLEWARE]))
"""


FAR = 1 << 40
"""Bytes of WAL: more than other tests write meanwhile."""


@pytest.mark.django_db
def test_of_two_requests_at_once_the_further_position_stays():
    written.note("far-ahead")
    last = written.last_of("far-ahead")
    written_module.cache_server().zadd("karla:wrote:far-ahead", {"position": last + FAR})
    written.note("far-ahead")
    assert written.last_of("far-ahead") == last + FAR
