"""What a product says of itself while a part of it is gone."""

import http.client
import json

import pytest

from tests.faults.installation import HOST, Installation


def health_is_told(installation: Installation, *, gone: tuple[str, ...]) -> None:
    """By the web server, of itself and of what it stands on; of the others by /metrics."""
    if "web" in gone:
        with pytest.raises(ConnectionError):
            asked(installation, "/healthz")
        return
    assert asked(installation, "/healthz")[0] == 200
    status, said = asked(installation, "/readyz")
    for server in ("database", "broker"):
        assert (said["checks"][server] == "ok") == (server not in gone)
    assert status == (200 if {"database", "broker"}.isdisjoint(gone) else 503)
    assert asked(installation, "/readyz?for=requests")[0] == (503 if "database" in gone else 200)


def asked(installation: Installation, path: str) -> tuple[int, dict[str, dict[str, str]]]:
    client = http.client.HTTPConnection(HOST, installation.port, timeout=10)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        client.close()
