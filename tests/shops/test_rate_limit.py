import pytest
from redis import Redis

from shops.api import rate_limit
from tests.api import ShopClient, assert_refused
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings) -> ShopClient:
    settings.API_RATE_LIMIT = 3
    return ShopClient(make_shop())


def test_every_answer_says_what_is_left(client):
    response = client.get()

    assert (response["RateLimit-Limit"], response["RateLimit-Remaining"]) == ("3", "2")
    assert 0 < int(response["RateLimit-Reset"]) <= 60


def test_beyond_the_limit_it_is_429_for_this_key_only(client, monkeypatch):
    monkeypatch.setattr(rate_limit.time, "time", lambda: 1_000_000_020.0)
    for _ in range(3):
        assert client.get().status_code == 200

    response = client.get()

    assert_refused(response, 429, "rate_limited")
    assert int(response["Retry-After"]) >= int(response["RateLimit-Reset"])
    assert response["RateLimit-Remaining"] == "0"
    assert ShopClient(client.shop).get().status_code == 200


def test_the_next_minute_starts_afresh(client, monkeypatch):
    monkeypatch.setattr(rate_limit.time, "time", lambda: 1_000_000_020.0)
    for _ in range(4):
        client.get()

    monkeypatch.setattr(rate_limit.time, "time", lambda: 1_000_000_090.0)

    assert client.get().status_code == 200


def test_without_the_cache_nobody_is_stopped(client, monkeypatch):
    nowhere = Redis.from_url("unix:///nonexistent/socket")
    monkeypatch.setattr(rate_limit, "cache_server", lambda: nowhere)

    assert {client.get().status_code for _ in range(5)} == {200}
