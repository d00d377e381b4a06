"""The rules of the upsert that the documented journey does not show."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import DomainError
from intake.inputs import UpsertInput
from intake.upsert import (
    BulkRefused,
    Upserted,
    upsert_order,
    upsert_orders,
    upsert_orders_leniently,
)
from orders.errors import OrderCancelled, OrderExists
from orders.models import Order, OrderLine
from orders.services import cancel_order
from shipments.arrival.known import arrival_table
from shipments.models import Shipment
from shipments.services import amend_order, correct_carrier, detach_tracking
from shops.models import Shop
from tests.documented_order import PRODUCT, documented_order
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def said(number: str = "1", trackings: list[Any] | None = None, **order: Any) -> UpsertInput:
    """An upsert that brings the documented order under this number."""
    order = {"external_id": f"external-{number}", "order_name": f"#{number}", **order}
    document = documented_order(order_number=number, **order)
    return UpsertInput.model_validate(
        {"id": number, "order": document, "trackings": trackings or []}
    )


def tracked(number: str, *trackings: dict[str, Any], **upsert: Any) -> UpsertInput:
    """An upsert that only attaches trackings."""
    return UpsertInput.model_validate({"id": number, "trackings": trackings, **upsert})


def numbered(items: list[UpsertInput]) -> dict[int, UpsertInput]:
    return dict(enumerate(items))


def shipments_of(order: Order) -> list[tuple[str | None, str]]:
    rows = Shipment.objects.filter(order=order).order_by("position")
    return list(rows.values_list("tracking_number", "phase"))


def test_what_is_not_said_stays_as_it_is(shop):
    upsert_order(shop, said(email_id="a@example.com"))
    bare = {"order_number": "1", "address": {"zip_code": "1010"}, "email_id": None}

    upsert_order(shop, UpsertInput.model_validate({"id": "1", "order": bare, "trackings": []}))

    order = Order.objects.get()
    assert order.address == {"zip_code": "1010"}
    assert order.email_id == "a@example.com"
    assert order.total_order_price == Decimal("29.99")
    assert order.external_id == "external-1"
    assert order.lines.count() == 1


def test_products_are_replaced_as_a_whole(shop):
    upsert_order(shop, said())

    upsert_order(shop, said(products=[{**PRODUCT, "sku": "A"}, {"sku": "B", "quantity": 3}]))

    lines = OrderLine.objects.order_by("position").values_list("sku", "quantity")
    assert list(lines) == [("A", 1), ("B", 3)]
    upsert_order(shop, said(products=[]))
    assert not OrderLine.objects.exists()


def test_the_external_id_is_the_order_number_until_one_is_said(shop):
    upsert_order(shop, said(external_id=None))
    assert Order.objects.get().external_id == "1"

    result = upsert_order(
        shop,
        UpsertInput.model_validate(
            {
                "id": "E1",
                "id_type": "external_id",
                "order": documented_order(order_number="1", external_id="E1"),
                "trackings": [],
            }
        ),
    )

    assert result.outcome == "updated"
    assert Order.objects.get().external_id == "E1"


def test_the_reference_is_kept_where_the_order_does_not_repeat_it(shop):
    for id_type in ("external_id", "order_name"):
        document = documented_order(order_number=id_type)
        del document["external_id"], document["order_name"]
        upsert_order(
            shop,
            UpsertInput.model_validate(
                {"id": f"their {id_type}", "id_type": id_type, "order": document, "trackings": []}
            ),
        )
        assert getattr(Order.objects.get(order_number=id_type), id_type) == f"their {id_type}"


@pytest.mark.parametrize("id_type", ["order_number", "external_id", "order_name", "uuid"])
def test_an_order_is_found_by_every_reference(shop, id_type):
    upsert_order(shop, said())
    order = Order.objects.get()
    references = {
        "order_number": "1",
        "external_id": "external-1",
        "order_name": "#1",
        "uuid": str(order.id),
    }

    upsert_order(shop, tracked(references[id_type], {"tracking_number": "T"}, id_type=id_type))

    assert shipments_of(order) == [("T", "order_processed")]


def test_a_uuid_is_known_in_every_spelling(shop):
    order = place(shop)

    for spelling in (str(order.id).upper(), order.id.hex):
        upsert_order(shop, tracked(spelling, {"tracking_number": spelling}, id_type="uuid"))

    assert len(shipments_of(order)) == 2


def test_attribution_beside_the_order_counts_over_the_one_inside(shop):
    upsert = said(order_analytics={"a": 1}).model_copy(update={"order_analytics": {"a": 2}})

    upsert_order(shop, upsert)
    upsert_order(shop, tracked("1", {"tracking_number": "A"}))

    assert Order.objects.get().order_analytics == {"a": 2}
    assert upsert_order(shop, upsert).outcome == "unchanged"


def test_more_trackings_than_expected_make_more_shipments(shop):
    upsert_order(shop, said(trackings=[{"tracking_number": n} for n in "ABC"]))

    order = Order.objects.get()
    assert [number for number, _ in shipments_of(order)] == ["A", "B", "C"]
    assert (order.state, order.expected_number_of_shipments) == ("fulfilled", 1)


def test_expecting_more_adds_drafts_and_less_removes_only_drafts(shop):
    upsert_order(shop, said(trackings=[{"tracking_number": "A"}], expected_number_of_shipments=3))
    order = Order.objects.get()

    upsert_order(shop, said(expected_number_of_shipments=5))
    assert [number for number, _ in shipments_of(order)] == ["A", None, None, None, None]

    upsert_order(shop, said(expected_number_of_shipments=1))
    order.refresh_from_db()
    assert shipments_of(order) == [("A", "order_processed")]
    assert order.state == "fulfilled"


def test_a_duplicate_in_one_request_is_ignored_and_named(shop):
    trackings = [
        {"tracking_number": "A", "tracking_company": "first"},
        {"tracking_number": "A", "tracking_company": "second"},
    ]

    result = upsert_order(shop, said(trackings=trackings))

    assert result.ignored_trackings == ("A",)
    assert Shipment.objects.get().tracking_company == "first"


def test_a_known_number_updates_its_shipment(shop):
    order = fulfil(shop, place(shop), "A")

    fulfil(shop, order, "A", carrier_reference="ups", tracking_url="https://ups.example/A")

    shipment = Shipment.objects.get()
    assert (shipment.carrier_reference, shipment.tracking_url) == ("ups", "https://ups.example/A")


def test_a_number_spelled_otherwise_is_the_same_parcel_and_stays_as_it_came(shop):
    trackings = [{"tracking_number": "1Z999AA10123456784"}]
    order = fulfil(shop, place(shop, order_number="1"), "1Z999AA10123456784")
    other = {"tracking_number": "1z 999 aa1 0123456784"}

    result = upsert_order(shop, tracked("1", other, *trackings))

    assert result.ignored_trackings == (other["tracking_number"],)
    assert Shipment.objects.of(shop).get(order=order).tracking_number == "1Z999AA10123456784"


def test_a_carrier_that_a_person_corrected_stays(shop):
    order = fulfil(shop, place(shop), "A", carrier_reference="ups")
    correct_carrier(Shipment.objects.get(), "dhl")

    fulfil(shop, order, "A", carrier_reference="ups")

    assert Shipment.objects.get().carrier_reference == "dhl"


def test_products_of_a_parcel_are_its_own_only_when_sent(shop):
    order = place(shop, expected_number_of_shipments=3)

    fulfil(shop, order, "all")
    fulfil(shop, order, "some", products=[PRODUCT, {"sku": "B"}])
    fulfil(shop, order, "none", products=[])

    kept = {
        shipment.tracking_number: (shipment.has_own_lines, shipment.lines.count())
        for shipment in Shipment.objects.all()
    }
    assert kept == {"all": (False, 0), "some": (True, 2), "none": (True, 0)}


def test_order_analytics_may_stand_beside_the_order(shop):
    order = place(shop)

    upsert_order(shop, tracked(order.order_number, order_analytics={"utm_campaign": "spring"}))

    order.refresh_from_db()
    assert order.order_analytics == {"utm_campaign": "spring"}


def test_a_cancelled_order_takes_nothing_more(shop):
    order = cancel_order(place(shop))

    with pytest.raises(OrderCancelled):
        fulfil(shop, order, "A")
    assert shipments_of(order) == [(None, "order_created")]


def test_detaching_makes_the_shipment_a_draft_again(shop):
    order = fulfil(shop, place(shop), "wrong")
    shipment = Shipment.objects.get()

    detach_tracking(shipment)

    order.refresh_from_db()
    assert order.state == "placed"
    assert shipments_of(order) == [(None, "order_created")]
    fulfil(shop, order, "right")
    assert Shipment.objects.get().id == shipment.id


def test_an_upsert_after_an_edit_by_hand_is_compared_in_full(shop):
    upsert_order(shop, said(expected_number_of_shipments=2))
    amend_order(Order.objects.get(), expected=4)

    result = upsert_order(shop, said(expected_number_of_shipments=2))

    assert result.outcome == "updated"
    assert Shipment.objects.count() == 2


def test_a_bulk_is_all_or_nothing(shop):
    items = [said("1"), tracked("missing", {"tracking_number": "A"}), said("2"), tracked("no")]

    with pytest.raises(BulkRefused) as refusal:
        upsert_orders(shop, numbered(items))

    assert [fault.loc for fault in refusal.value.faults] == [(1, "id"), (3, "id")]
    assert not Order.objects.exists()


def test_a_lenient_bulk_applies_what_it_can(shop):
    items = [said("1"), tracked("missing", {"tracking_number": "A"}), said("2")]

    results = upsert_orders_leniently(shop, numbered(items))

    assert [r.outcome if isinstance(r, Upserted) else r.key for r in results.values()] == [
        "created",
        "order_not_found",
        "created",
    ]


def test_upserts_of_one_order_in_one_bulk_come_one_after_the_other(shop):
    items = [
        said("1", expected_number_of_shipments=2),
        tracked("1", {"tracking_number": "A"}),
        said("2"),
        tracked("external-1", {"tracking_number": "B"}, id_type="external_id"),
        tracked("1", {"tracking_number": "A", "tracking_company": "later"}),
    ]

    results = upsert_orders(shop, numbered(items))

    outcomes = ["created", "updated", "created", "updated", "updated"]
    assert [result.outcome for result in results.values()] == outcomes
    order = Order.objects.get(order_number="1")
    assert order.state == "fulfilled"
    assert Shipment.objects.get(tracking_number="A").tracking_company == "later"


def test_two_new_orders_with_one_external_id_in_one_bulk_clash(shop):
    items = numbered([said("1"), said("2", external_id="external-1")])

    results = upsert_orders_leniently(shop, items)

    assert isinstance(results[1], OrderExists)


def test_what_was_refused_leaves_no_trace_in_the_same_bulk(shop):
    cancelled = cancel_order(place(shop))
    items = numbered([tracked(cancelled.order_number, {"tracking_number": "A"}), said("1")])

    results = upsert_orders_leniently(shop, items)

    assert isinstance(results[0], DomainError)
    cancelled.refresh_from_db()
    assert cancelled.state == "cancelled"
    assert shipments_of(cancelled) == [(None, "order_created")]


def test_an_upsert_is_a_handful_of_statements_whatever_it_brings(shop):
    def statements(item: UpsertInput) -> int:
        with CaptureQueriesContext(connection) as captured:
            upsert_order(shop, item)
        return len([q for q in captured if "SAVEPOINT" not in q["sql"]])

    few = said("1", discounts=[], trackings=[{"tracking_number": "A", "products": [PRODUCT]}])
    many = said(
        "2",
        discounts=[],  # a code may be a campaign's: one more (tests/campaigns/test_attribution.py)
        products=[PRODUCT] * 200,
        trackings=[{"tracking_number": f"B{n}", "products": [PRODUCT] * 5} for n in range(50)],
        expected_number_of_shipments=60,
    )

    arrival_table(shop)  # read once a minute, whatever is upserted meanwhile
    assert statements(few) == statements(many) == 6
    assert statements(few) == statements(many) == 1

    changed_few = said(
        "1", discounts=[], currency="CHF", products=[], trackings=[{"tracking_number": "C"}]
    )
    changed_many = said(
        "2",
        discounts=[],
        currency="CHF",
        products=[PRODUCT] * 100,
        trackings=[{"tracking_number": f"C{n}"} for n in range(50)],
    )
    assert statements(changed_few) <= 10
    assert statements(changed_many) <= 10


def test_a_bulk_costs_as_many_statements_as_one(shop):
    arrival_table(shop)
    with CaptureQueriesContext(connection) as captured:
        trackings = [{"tracking_number": "A"}]
        items = [said(str(n), discounts=[], trackings=trackings) for n in range(99)]
        upsert_orders(shop, numbered(items))

    assert len([q for q in captured if "SAVEPOINT" not in q["sql"]]) == 5
