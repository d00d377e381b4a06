"""What two clients can do at once, they will: real connections, real transactions."""

import http.client
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from events.models import Event
from orders.models import Order
from orders.services import cancel_order
from orders.states import state_from_shipments
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


Call = tuple[str, str, Any]
"""Method, path below the shop's URL, body."""
Answer = tuple[int, str]
"""Status, and the outcome or what was refused."""


@pytest.fixture
def call_all(live_server, shop) -> Callable[[Sequence[Call]], list[Answer]]:
    """Makes the calls on 8 connections at once."""
    _, secret = make_key(shop)
    headers = {"Authorization": basic(shop.slug, secret), "Content-Type": "application/json"}

    def call_some(calls: Sequence[Call]) -> list[Answer]:
        client = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=30)
        answers = []
        for method, path, body in calls:
            client.request(method, f"/v1/shops/{shop.slug}{path}", dumps(body), headers)
            response = client.getresponse()
            content = json.loads(response.read())
            refused = content["key"] if response.status >= 400 else ""
            answers.append((response.status, response.headers.get("Karla-Outcome") or refused))
        client.close()
        return answers

    def call_all(calls: Sequence[Call]) -> list[Answer]:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            shares = [calls[start::CONNECTIONS] for start in range(CONNECTIONS)]
            return [answer for share in pool.map(call_some, shares) for answer in share]

    return call_all


@pytest.fixture
def send(call_all) -> Callable[[Sequence[Any]], list[Answer]]:
    """PUTs the upserts on 8 connections at once."""
    return lambda upserts: call_all([("PUT", "/orders", upsert) for upsert in upserts])


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


def test_everything_at_once_ends_as_some_order_of_the_calls_explains(call_all, shop):
    random = Random(1)
    orders = [place(shop, expected_number_of_shipments=2) for _ in range(4)]
    drafts = {order.id: order.shipments.first() for order in orders}

    def upsert(order: Order) -> dict[str, Any]:
        number = order.order_number
        said = documented_order(order_number=number, external_id=order.external_id)
        said["expected_number_of_shipments"] = random.randint(1, 4)
        trackings = [{"tracking_number": tracking} for tracking in random.sample("ABC", 2)]
        return {"id": number, "order": said, "trackings": trackings}

    def any_call() -> Call:
        order = random.choice(orders)
        one, shipment = f"/orders/{order.id}", f"/shipments/{drafts[order.id].id}"
        return random.choice(
            [
                ("PUT", "/orders", upsert(order)),
                ("PUT", "/orders/bulk", [upsert(o) for o in random.sample(orders, len(orders))]),
                ("PATCH", one, {"expected_number_of_shipments": random.randint(1, 4)}),
                ("PATCH", one + shipment, {"products": [{"sku": random.choice("ab")}]}),
                ("PUT", one + "/analytics", {"utm_campaign": random.choice("ab")}),
                ("POST", one + "/cancel", None),
            ]
        )

    answers = call_all([any_call() for _ in range(240)])

    late = {"order_cancelled", "order_fulfilled", "payload_invalid", "shipment_not_found"}
    assert {status for status, _ in answers} <= {200, 404, 409, 422}
    assert {refused for status, refused in answers if status != 200} <= late
    for order in orders:
        order.refresh_from_db()
        shipments = Shipment.objects.of(shop).filter(order=order)
        sent = list(shipments.fulfilled().values_list("tracking_number", flat=True))
        expected = order.expected_number_of_shipments
        assert len(sent) == len(set(sent))
        assert shipments.count() == max(expected, len(sent))
        if not order.is_cancelled:
            assert order.state == state_from_shipments(fulfilled=len(sent), expected=expected)
        else:
            assert sent == []
        told = Event.objects.filter(order_id=order.id, ref__endswith="ORDER_IN_PROCESSING")
        assert told.count() == len(sent)
