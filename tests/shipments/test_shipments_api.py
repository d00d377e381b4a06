"""Shipments over HTTP: searching, and one."""

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Order
from shipments.models import Feed, Shipment
from shipments.phases import Direction, Flag
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Role
from tests.api import ShopClient, assert_refused
from tests.documented_order import PRODUCT
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

_numbers = itertools.count(1)


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop(), role=Role.VIEWER)


def ship(shop, number, *, scans=(), order=None, **tracking):
    """A shipment of an order of its own, and what its carrier reported of it, hour by hour."""
    fulfil(shop, place(shop, **(order or {})), number, **tracking)
    shipment = Shipment.objects.of(shop).get(tracking_number=number)
    for hour, name in enumerate(scans):
        scanned(shipment, name, NOON + timedelta(hours=hour))
    return Shipment.objects.get(id=shipment.id)


def scanned(shipment, name, at):
    said = ScanInput(event_name=name, event_time=at, external_id=str(next(_numbers)))
    record_scan(shipment, said, feed=Feed.API)


def found(client, query=""):
    response = client.get(f"/shipments{query}")
    assert response.status_code == 200, response.content
    return [shipment["tracking_number"] for shipment in response.json()]


def test_a_shipment_is_the_same_alone_in_a_list_and_in_its_order(client):
    scans = ("DEPARTURE_FROM_TRANSPORT_HUB", "OUT_FOR_DELIVERY")
    own = ship(client.shop, "OWN", scans=scans, carrier_reference="ups", products=[PRODUCT])
    whole = ship(client.shop, "WHOLE", order={"address": {"zip_code": "1", "country_code": "AT"}})

    in_orders = [order["shipments"][0] for order in client.get("/orders").json()]
    listed = client.get("/shipments").json()
    alone = [client.get(f"/shipments/{shipment.id}").json() for shipment in (whole, own)]

    assert listed == alone == in_orders
    assert len(listed[1]["events"]) == 2
    assert client.get(f"/shipments/{own.id}/events").json() == listed[1]["events"]
    assert client.get(f"/shipments/{whole.id}/events").json() == []


def test_each_filter_finds_what_it_names(client):
    shop = client.shop
    berlin = {"zip_code": "10119", "country_code": "DE"}
    ship(
        shop,
        "NEW",
        order={"address": berlin, "segments": ["vip", "new"], "order_placed_at": "2026-03-01"},
        carrier_reference="dhl",
    )
    ship(
        shop,
        "OUT",
        order={"address": {**berlin, "country_code": "at"}, "order_placed_at": "2026-02-01"},
        scans=("OUT_FOR_DELIVERY",),
        carrier_reference="ups",
    )
    late = ship(shop, "LATE", order={"address": berlin, "order_placed_at": "2026-01-01"})
    Shipment.objects.filter(id=late.id).update(
        flag=Flag.DELAY,
        direction=Direction.CUSTOMER_MERCHANT,
        updated_at=timezone.now() - timedelta(days=9),
    )
    place(shop, address=berlin, order_placed_at="2025-01-01")

    expected = {
        "phase=in_delivery": ["OUT"],
        "phase=order_created": [None],
        "flag=delay": ["LATE"],
        "carrier_reference=ups": ["OUT"],
        "direction=customer_merchant": ["LATE"],
        "country_code=AT": ["OUT"],
        "country_code=at": ["OUT"],
        "segment=vip": ["NEW"],
        "tracking_number=LATE": ["LATE"],
        "placed_from=2026-02-01T00:00:00Z": ["NEW", "OUT"],
        "placed_to=2026-02-01T00:00:00Z": ["OUT", "LATE", None],
        "placed_from=2026-01-02T00:00:00Z&placed_to=2026-02-02T00:00:00Z": ["OUT"],
        "country_code=DE&flag=delay": ["LATE"],
        "phase=in_delivery&carrier_reference=dhl": [],
    }

    assert {query: found(client, f"?{query}") for query in expected} == expected
    yesterday = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "LATE" not in found(client, f"?updated_since={yesterday}")
    assert len(found(client, f"?updated_since={yesterday}")) == 3


@pytest.mark.parametrize(
    ("query", "key", "field"),
    [
        ("phases=delivered", "parameter_unknown", "phases"),
        ("phase=lost", "payload_invalid", "phase"),
        ("phase=", "payload_invalid", "phase"),
        ("phase=delivered&phase=collect", "payload_invalid", "phase"),
        ("flag=late", "payload_invalid", "flag"),
        ("carrier_reference=stork", "carrier_reference_invalid", "carrier_reference"),
        ("direction=up", "payload_invalid", "direction"),
        ("country_code=DEU", "payload_invalid", "country_code"),
        ("segment=a%00b", "payload_invalid", "segment"),
        ("updated_since=yesterday", "payload_invalid", "updated_since"),
        ("placed_from=9999-99-99", "payload_invalid", "placed_from"),
        ("placed_to=9999-12-31T23:59:59-23:59", "payload_invalid", "placed_to"),
        ("per_page=101", "payload_invalid", "per_page"),
        ("page=0", "payload_invalid", "page"),
        ("cursor=nonsense", "payload_invalid", "cursor"),
    ],
)
def test_what_makes_no_sense_is_refused(client, query, key, field):
    body = assert_refused(client.get(f"/shipments?{query}"), 422, key)

    assert body["errors"][0]["field"] == field


@pytest.mark.parametrize("query", ["", "&country_code=DE", "&phase=order_processed"])
def test_pages_follow_each_other_without_gaps_while_new_ones_arrive(client, query):
    address = {"zip_code": "10119", "country_code": "DE"}
    for number in range(7):  # two at a time were placed, and known, in the same second
        ship(client.shop, f"N{number}", order={"address": address})
    for number, shipment in enumerate(Shipment.objects.order_by("id")):
        at = NOON + timedelta(hours=number // 2)
        Shipment.objects.filter(id=shipment.id).update(created_at=at)
        Order.objects.filter(id=shipment.order_id).update(order_placed_at=at)

    seen, pages, url = [], 0, f"/shipments?per_page=3{query}"
    while url:
        response = client.get(url)
        seen += [shipment["tracking_number"] for shipment in response.json()]
        later = {"address": address, "order_placed_at": timezone.now().isoformat()}
        ship(client.shop, f"LATER{pages}", order=later)
        following = re.search(r"<[^>]*(/shipments[^>]*)>; rel=\"next\"", response.get("Link", ""))
        url, pages = following and following[1], pages + 1

    assert (seen, pages) == ([f"N{number}" for number in reversed(range(7))], 3)


@pytest.mark.parametrize("query", ["", "&country_code=DE&segment=vip&phase=order_processed"])
def test_a_list_takes_the_same_queries_however_long(client, query):
    order = {"address": {"zip_code": "10119", "country_code": "DE"}, "segments": ["vip"]}

    def queries():
        with CaptureQueriesContext(connection) as captured:
            count = len(found(client, f"?per_page=30{query}"))
        return count, len(captured)

    for number in range(2):
        ship(client.shop, f"A{number}", order=order, products=[PRODUCT] if number else None)
    found(client)
    few = queries()
    for number in range(28):
        ship(client.shop, f"B{number}", order=order, products=[PRODUCT] if number % 2 else None)
    many = queries()

    assert (few[0], many[0]) == (2, 30)
    assert few[1] == many[1] <= 8  # a segment is looked up first


def test_who_has_the_answer_already_is_told_just_that(client):
    shipment = ship(client.shop, "A")
    for path in ("/shipments", f"/shipments/{shipment.id}", f"/shipments/{shipment.id}/events"):
        first = client.get(path)
        again = client.get(path, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    before = client.get(f"/shipments/{shipment.id}")["ETag"]
    scanned(shipment, "OUT_FOR_DELIVERY", NOON)

    assert client.get(f"/shipments/{shipment.id}")["ETag"] != before


@pytest.mark.parametrize("shipment_id", ["nonsense", "019e8a4c-0000-7000-8000-000000000000"])
@pytest.mark.parametrize("below", ["", "/events"])
def test_an_unknown_shipment_is_not_found(client, shipment_id, below):
    assert_refused(client.get(f"/shipments/{shipment_id}{below}"), 404, "shipment_not_found")


def test_what_another_shop_has_is_never_found(client):
    foreign = ship(make_shop(), "FOREIGN")

    assert found(client) == found(client, "?tracking_number=FOREIGN") == []
    for below in ("", "/events"):
        assert_refused(client.get(f"/shipments/{foreign.id}{below}"), 404, "shipment_not_found")
