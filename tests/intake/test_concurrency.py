"""What two clients can do at once, they will: real connections, real transactions."""

import http.client
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from events.models import Event
from orders.models import Order
from orders.services import cancel_order
from shipments.models import Shipment
from shipments.services import amend_order, detach_tracking
from shops.models import Shop
from tests.api import basic, dumps
from tests.documented_order import documented_fulfilment, documented_order, documented_placement
from tests.factories import fulfil, make_key, make_shop, place

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 8


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def send(live_server, shop) -> Callable[[Sequence[Any]], list[tuple[int, str]]]:
    """Sends the PUTs on 8 connections at once; answers each one's status and outcome."""
    _, secret = make_key(shop)
    headers = {"Authorization": basic(shop.slug, secret), "Content-Type": "application/json"}

    def put_all(bodies: Sequence[Any]) -> list[tuple[int, str]]:
        def put_some(bodies: Sequence[Any]) -> list[tuple[int, str]]:
            client = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=30)
            answers = []
            for body in bodies:
                client.request("PUT", f"/v1/shops/{shop.slug}/orders", dumps(body), headers)
                response = client.getresponse()
                answer = json.loads(response.read())
                outcome = response.headers.get("Karla-Outcome") or answer["key"]
                answers.append((response.status, outcome))
            client.close()
            return answers

        with ThreadPoolExecutor(CONNECTIONS) as pool:
            shares = [bodies[start::CONNECTIONS] for start in range(CONNECTIONS)]
            return [answer for share in pool.map(put_some, shares) for answer in share]

    return put_all


def run_at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, when all ran at the same time."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at what was raised
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_64_identical_upserts_make_one_order_and_one_shipment(send):
    both = {**documented_placement(), **documented_fulfilment()}

    answers = send([both] * 64)

    assert {status for status, _ in answers} == {200}
    assert Counter(outcome for _, outcome in answers) == {"created": 1, "unchanged": 63}
    assert Order.objects.count() == 1
    assert Shipment.objects.count() == 1
    assert sorted(Event.objects.values_list("ref", flat=True)) == [
        "orders/fulfilled",
        "orders/placed",
        "shipments/order_processed/ORDER_IN_PROCESSING",
    ]


def test_many_trackings_of_one_order_at_once_lose_none(send, shop):
    place(shop, order_number="11334422", expected_number_of_shipments=20)
    numbers = [f"T{number}" for number in range(32)]

    answers = send([documented_fulfilment(tracking_number=number) for number in numbers * 2])

    assert {status for status, _ in answers} == {200}
    kept = Shipment.objects.of(shop).values_list("tracking_number", flat=True)
    assert sorted(kept) == sorted(numbers)
    assert Order.objects.get().state == "fulfilled"
    assert Event.objects.filter(ref__endswith="ORDER_IN_PROCESSING").count() == 32
    assert Event.objects.filter(ref="orders/fulfilled").count() == 1


def test_orders_that_share_an_external_id_are_placed_once(send):
    bodies = [
        {"id": str(number), "order": documented_order(order_number=str(number)), "trackings": []}
        for number in range(32)
    ]

    answers = send(bodies)

    assert Counter(answers) == {(200, "created"): 1, (409, "order_exists"): 31}
    assert Order.objects.count() == 1


def test_cancelling_and_fulfilling_at_once_is_one_or_the_other(shop):
    for _ in range(8):
        order = place(shop)

        run_at_once(partial(cancel_order, order), partial(fulfil, shop, order, "T1"))

        order.refresh_from_db()
        trackings = Shipment.objects.of(shop).filter(order=order).fulfilled().count()
        assert (order.state, trackings) in {("cancelled", 0), ("fulfilled", 1)}


def test_edits_by_people_and_by_programs_come_one_after_the_other(shop):
    order = place(shop)
    fulfil(shop, order, "T0")
    wrong = Shipment.objects.of(shop).get(tracking_number="T0")

    results = run_at_once(
        lambda: detach_tracking(wrong),
        lambda: amend_order(order, expected=5),
        lambda: fulfil(shop, order, "T1"),
        lambda: fulfil(shop, order, "T2"),
        lambda: fulfil(shop, order, "T1"),
    )

    assert not [result for result in results if isinstance(result, Exception)]
    order.refresh_from_db()
    shipments = Shipment.objects.of(shop).filter(order=order)
    assert sorted(s.tracking_number for s in shipments.fulfilled()) == ["T1", "T2"]
    assert (order.state, shipments.drafts().count()) == ("partially_fulfilled", 3)
