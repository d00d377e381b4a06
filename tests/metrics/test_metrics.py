"""What /metrics says, to whom, and that it is true."""

import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common import counters
from common.counters import ORDERS, counter
from common.heartbeats import SENDER, WORKER, note_alive
from events.models import Event
from tests.api import ShopClient
from tests.documented_order import documented_placement
from tests.factories import fulfil, make_shop, place
from tests.metrics.scraping import TOKEN, scrape
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def grown(name: str, during: Callable[[], object], **labels: str) -> float:
    """By how much the sample grew meanwhile."""
    key = (name, tuple(sorted(labels.items())))
    before = scrape().get(key, 0)
    during()
    return scrape()[key] - before


def test_without_a_token_in_the_settings_it_is_not_there(settings):
    settings.METRICS_TOKEN = ""
    answer = Client(SERVER_NAME="localhost").get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


@pytest.mark.parametrize("said", [{}, {"Authorization": "Bearer no"}, {"Authorization": TOKEN}])
def test_without_the_token_it_is_closed(said):
    answer = Client(SERVER_NAME="localhost").get("/metrics", headers=said)
    assert answer.status_code == 401
    assert b"karla" not in answer.content


def test_it_answers_under_any_host_name():
    """Prometheus finds pods by their addresses."""
    token = {"Authorization": f"Bearer {TOKEN}"}
    assert Client(SERVER_NAME="10.1.2.3").get("/metrics", headers=token).status_code == 200
    assert Client(SERVER_NAME="10.1.2.3").get("/login").status_code == 400


def test_a_request_is_counted_under_its_view_and_no_shop_is_named():
    shop = make_shop(slug="quite-a-name")
    client = ShopClient(shop)

    def ask() -> None:
        assert client.get().status_code == 200

    labels = {"view": "orders", "method": "GET", "status": "200"}
    assert grown("karla_http_responses_total", ask, **labels) == 1
    assert grown("karla_http_request_seconds_count", ask, view=labels["view"]) == 1
    assert "quite-a-name" not in str(scrape())


def test_what_a_client_makes_up_adds_no_series():
    def wander() -> None:
        client = Client(SERVER_NAME="localhost")
        client.generic("MADEUP", "/nowhere/at/all/one")
        client.generic("MADEUPTOO", "/nowhere/at/all/two")

    labels = {"view": "nowhere", "method": "other", "status": "404"}
    assert grown("karla_http_responses_total", wander, **labels) == 2


def test_orders_are_counted_by_what_came_of_them():
    client = ShopClient(make_shop())

    def send() -> None:
        client.put(documented_placement())

    assert grown("karla_orders_taken_in_total", send, outcome="created") == 1
    assert grown("karla_orders_taken_in_total", send, outcome="unchanged") == 1


def test_what_waits_is_told_with_its_age():
    shop = make_shop()
    fulfil(shop, place(shop), "T1")
    hour_ago = timezone.now() - timedelta(hours=1)
    Event.objects.of(shop).update(created_at=hour_ago, is_relayed=False)

    found = scrape()

    queue = (("queue", "facts"),)
    assert found["karla_queue_length", queue] == Event.objects.of(shop).count() > 0
    assert found["karla_queue_age_seconds", queue] == pytest.approx(3600, abs=60)
    assert found["karla_marked_hours", ()] > 0


def test_webhooks_are_told_by_their_health():
    webhook, _ = create_webhook(make_shop(), url="https://shop.example/")
    webhook.failing_since = timezone.now()
    webhook.save()
    assert scrape()["karla_webhooks", (("health", "failing"),)] == 1


def test_processes_are_told_by_how_long_they_have_been_silent():
    cache.clear()
    assert ("karla_process_silence_seconds", (("process", WORKER),)) not in scrape()

    note_alive(WORKER)
    note_alive(SENDER)

    found = scrape()
    for process in (WORKER, SENDER):
        assert found["karla_process_silence_seconds", (("process", process),)] < 60


def test_a_look_is_one_query_however_much_there_is():
    for number in range(3):
        place(make_shop(slug=f"shop-{number}"))
    with CaptureQueriesContext(connection) as queries:
        scrape()
    asked = [query["sql"] for query in queries if "SELECT" in query["sql"]]
    assert len(asked) == 1


def _count(times: int) -> None:
    for _ in range(times):
        counter(ORDERS, "created").inc()


def _count_beside_others(times: int, counted: Barrier) -> None:
    _count(times)
    counted.wait(timeout=60)


def test_counts_of_processes_at_once_add_up_and_outlive_them():
    """Each in a fork, as granian's workers are."""
    fork = multiprocessing.get_context("fork")

    def work() -> None:
        counted = fork.Barrier(3)  # whoever is done early waits: all three are there at once
        processes = [
            fork.Process(target=_count_beside_others, args=(1000, counted)) for _ in range(3)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()

    assert grown("karla_orders_taken_in_total", work, outcome="created") == 3000
    files = len(list(counters.FOLDER.iterdir()))
    assert grown("karla_orders_taken_in_total", work, outcome="created") == 3000
    assert len(list(counters.FOLDER.iterdir())) == files  # successors go on in the same ones


def test_threads_lose_no_count():
    def work() -> None:
        threads = [threading.Thread(target=_count, args=(1000,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert grown("karla_orders_taken_in_total", work, outcome="created") == 4000
