"""A nudge after a commit: soon, seldom, and never in anybody's way."""

import time
from threading import Event as Flag

import pytest
from django.conf import settings as configured
from django.db import transaction
from redis import Redis

from events import nudge as nudging
from events.nudge import SPACING, Nudger, channel_of
from tests.factories import make_shop
from tests.webhooks.facts import record_fact


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_commits_is_few_nudges_and_a_rollback_none():
    shop = make_shop()
    server = Redis.from_url(configured.CACHES["default"]["LOCATION"])
    heard = server.pubsub(ignore_subscribe_messages=True)
    heard.subscribe(channel_of(server))
    heard.get_message(timeout=5)
    started = time.monotonic()
    for _ in range(50):
        record_fact(shop)
    took = time.monotonic() - started
    with transaction.atomic():
        record_fact(shop)
        transaction.set_rollback(True)

    count = 0
    while heard.get_message(timeout=0.5):
        count += 1
    heard.close()
    server.close()

    assert 1 <= count <= 2 + took / SPACING


def test_a_server_that_is_away_holds_nobody_up(monkeypatch):
    asked, held = Flag(), Flag()

    def away() -> Redis:
        asked.set()
        assert held.wait(10), "the nudge itself waits for the server"
        return Redis(host="127.0.0.1", port=1)

    monkeypatch.setattr(nudging, "cache_server", away)
    nudger = Nudger()

    nudger.nudge()
    assert asked.wait(10)
    for _ in range(1000):
        nudger.nudge()
    held.set()
    nudger.stop()


def test_a_nudger_that_was_stopped_says_nothing_more(monkeypatch):
    asked = []
    monkeypatch.setattr(nudging, "cache_server", lambda: asked.append(1) or Redis("127.0.0.1", 1))
    nudger = Nudger()

    nudger.nudge()
    nudger.stop()
    so_far = len(asked)
    nudger.nudge()
    nudger.stop()

    assert len(asked) == so_far
