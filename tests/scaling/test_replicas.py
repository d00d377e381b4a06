"""Reads from a real streaming replica, and what callers see who have just written."""

import copy
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone
from redis import Redis

import common.cache_server
from common.replicas import positions
from common.replicas import written as written_module
from common.replicas.positions import watches
from common.replicas.reading import begin_reading, has_written, reading_alias, without_reading
from common.replicas.written import written
from karla_portal.embedded.postgres import Postgres
from orders.models import Order
from shops.models import ApiKey, Role, Shop
from tests.api import ShopClient
from tests.documented_order import documented_order
from tests.embedded.patience import eventually
from tests.factories import make_shop, place
from tests.metrics.scraping import TOKEN, WITH_REPLICAS, scrape
from tests.portal.pages import member_client, text_of
from tests.scaling.replica import Replica
from tests.tracking.pages import customer, delivered, page_url

ALIAS = "replica1"

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", ALIAS])


@pytest.fixture(scope="module", autouse=True)
def server(django_db_setup) -> Iterator[Replica]:
    folder = Path(tempfile.mkdtemp(prefix="replica-"))
    folder.chmod(0o755)
    replica = Replica(folder / "server", Postgres(Path(os.environ["DATA_DIR"])))
    try:
        replica.copy_primary()
        replica.start()
        database = copy.deepcopy(connections["default"].settings_dict)
        database |= {"HOST": str(replica.folder), "TEST": {"MIRROR": "default"}}
        connections.settings[ALIAS] = database
        yield replica
    finally:
        del connections.settings[ALIAS]
        replica.stop()
        shutil.rmtree(folder)


@pytest.fixture
def replica(server: Replica, settings, monkeypatch) -> Iterator[Replica]:
    """The product reads from it, as with DATABASE_REPLICA_URL; patiently, on a busy machine."""
    monkeypatch.setattr(positions, "MOST_BEHIND", 300.0)
    monkeypatch.setattr(positions, "SILENT_AFTER", 60.0)
    monkeypatch.setattr(common.cache_server, "TIMEOUT", 30.0)
    common.cache_server.cache_server.cache_clear()
    settings.DATABASE_ROUTERS = ["common.replicas.router.ReplicaRouter"]
    settings.MIDDLEWARE = ["common.replicas.middleware.ReplicaMiddleware", *settings.MIDDLEWARE]
    written.unpin()
    try:
        wait_for(server)
        yield server
    finally:
        watches.stop()
        connections[ALIAS].close()
        common.cache_server.cache_server.cache_clear()


def wait_for(server: Replica) -> None:
    """Until it is asked, having all that was written until now."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT (pg_logical_emit_message(false, 'tests', '', true) - '0/0')::bigint")
        [position] = cursor.fetchone()
    eventually(lambda: watches.fit(ALIAS, wanted=position))


def upsert(client: ShopClient, number: str) -> None:
    order = documented_order(order_number=number, external_id=f"external-{number}")
    assert client.put({"id": number, "order": order, "trackings": []}).status_code == 200


def numbers(client: ShopClient) -> set[str]:
    response = client.get("/orders")
    assert response.status_code == 200
    return {order["order_number"] for order in response.json()}


@pytest.fixture
def shop(replica: Replica) -> Shop:
    """With all that its callers need, on both servers."""
    return make_shop()


def test_who_wrote_sees_it_while_others_read_from_a_replica_that_has_not_heard(shop, replica):
    writer, reader = ShopClient(shop), ShopClient(shop)
    upsert(writer, "heard")
    wait_for(replica)
    with replica.paused():
        upsert(writer, "unheard")
        assert numbers(writer) == {"heard", "unheard"}
        assert numbers(reader) == {"heard"}
    eventually(lambda: numbers(reader) == {"heard", "unheard"})
    wait_for(replica)
    with replica.paused():
        upsert(reader, "later")
        assert numbers(writer) == {"heard", "unheard"}  # it has come back to the replica


PAGES = (
    "/shops/{slug}/orders",
    "/shops/{slug}/orders.csv",
    "/shops/{slug}/find?q=unheard",
    "/shops/{slug}/events",
)
NUMBER = "/analytics/orders?from=2023-03-01&to=2023-03-31"
"""Of the days on which the documented order was placed."""


def test_pages_exports_the_search_and_numbers_are_read_from_the_replica(shop, replica):
    person, program = member_client(shop), ShopClient(shop)
    upsert(ShopClient(shop), "heard")
    wait_for(replica)

    def pages() -> list[bool]:
        """Whether each shows the order."""
        answers = [person.get(path.format(slug=shop.slug)) for path in PAGES]
        assert {answer.status_code for answer in answers} == {200}
        return ["unheard-2" in text(answer) for answer in answers]

    with replica.paused():
        for number in ("unheard", "unheard-2"):
            upsert(ShopClient(shop), number)
        assert pages() == [False] * len(PAGES)
        assert program.get(NUMBER).json()["value"] == 1
        assert person.post("/theme", {"theme": "dark"}).status_code == 302  # writes, and so sees
        assert pages() == [True] * len(PAGES)
        assert program.put({}).status_code == 422  # it may have written
        assert program.get(NUMBER).json()["value"] == 3


def text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def test_a_session_of_the_replica_that_ends_within_a_request_is_no_error(shop, replica):
    reader = ShopClient(shop)
    place(shop, order_number="heard")
    wait_for(replica)
    assert numbers(reader) == {"heard"}
    ended = []

    def end(execute: Any, sql: Any, values: Any, many: bool, context: Any) -> Any:
        if not ended:
            ended.append(connections[ALIAS].connection.info.backend_pid)
            replica.ask("SELECT pg_terminate_backend(%s, 5000)", ended[0])
        return execute(sql, values, many, context)

    with connections[ALIAS].execute_wrapper(end):
        assert numbers(reader) == {"heard"}
    assert ended


def test_a_replica_that_was_killed_is_left_out_until_it_is_back(shop, replica):
    reader = ShopClient(shop)
    place(shop, order_number="before")
    wait_for(replica)
    assert numbers(reader) == {"before"}
    replica.kill()
    place(shop, order_number="meanwhile")
    assert numbers(reader) == {"before", "meanwhile"}
    replica.start()
    wait_for(replica)
    with replica.paused():
        place(shop, order_number="unheard")
        assert numbers(reader) == {"before", "meanwhile"}


def test_a_replica_that_is_too_far_behind_is_left_out(shop, replica, monkeypatch):
    reader = ShopClient(shop)
    wait_for(replica)
    monkeypatch.setattr(positions, "MOST_BEHIND", 0.0)
    with replica.paused():
        place(shop, order_number="unheard")
        eventually(lambda: not watches.fit(ALIAS, wanted=0))
        assert numbers(reader) == {"unheard"}


def test_while_the_cache_is_away_everybody_reads_from_the_primary(shop, replica):
    reader = ShopClient(shop)
    wait_for(replica)
    with replica.paused():
        place(shop, order_number="unheard")
        assert numbers(reader) == set()
        away = Redis(unix_socket_path="/nowhere/valkey.sock")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(written_module, "cache_server", lambda: away)
            assert numbers(reader) == {"unheard"}
        assert numbers(reader) == {"unheard"}  # it may have missed what this caller wrote
        written.unpin()


def test_customers_see_what_they_said_and_open_links_that_the_replica_has_not_heard_of(
    shop, replica
):
    shipment = delivered(shop)
    page = page_url(shipment.order)
    wait_for(replica)
    with replica.paused():
        assert customer().get(page_url(place(shop))).status_code == 200
        assert "You gave" not in text_of(customer().get(page))
        rating = {"score": "4", "comment": ""}
        said = customer().post(f"{page}/parcels/{shipment.id}/rating", rating)
        assert said.status_code == 302
        assert "You gave 4 of 5." in text_of(customer().get(page))


def test_a_request_that_writes_after_all_goes_on_at_the_primary(shop, replica):
    order = place(shop)
    wait_for(replica)
    with without_reading():
        begin_reading("somebody")
        assert Order.objects.of(shop).get()._state.db == ALIAS
        Order.objects.of(shop).filter(id=order.id).update(order_name="changed")
        assert Order.objects.of(shop).get().order_name == "changed"
        assert reading_alias() == "default"
        assert has_written()
    with without_reading():
        begin_reading("somebody")
        assert reading_alias() == ALIAS
        with transaction.atomic():
            assert reading_alias() == "default"
        assert reading_alias() == "default"


def test_keys_are_never_asked_of_a_replica(shop, replica):
    client = ShopClient(shop, role=Role.VIEWER)
    wait_for(replica)
    with replica.paused():
        ApiKey.objects.update(revoked_at=timezone.now())
        assert client.get("/orders").status_code == 401


def test_metrics_tell_how_far_it_is_behind_and_whether_it_is_read_from(
    shop, replica, settings, monkeypatch
):
    settings.METRICS_TOKEN = TOKEN

    def told() -> dict[str, float]:
        found = scrape()
        return {name: found[name, (("replica", ALIAS),)] for name in WITH_REPLICAS}

    eventually(lambda: told()["karla_replica_behind_bytes"] == 0)
    assert told()["karla_replica_up"] == 1
    with replica.paused():
        place(shop)
        eventually(lambda: told()["karla_replica_behind_bytes"] > 0)
        assert told()["karla_replica_behind_seconds"] > 0
        monkeypatch.setattr(positions, "MOST_BEHIND", 0.0)
        eventually(lambda: told()["karla_replica_up"] == 0)
