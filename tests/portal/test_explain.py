"""What the order's page says of a parcel's arrival and phase, and of the order that follows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.test_parcels import send_test_parcel
from orders.models import Order
from orders.states import OrderState
from portal.explain import explain_arrival, window_words
from shipments.feeds.simulator.play import play_due_scans
from shipments.feeds.simulator.stories import STORIES, Speed
from shipments.models import Scan, Shipment
from shops.models import Shop
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, orders_url, text_of
from tests.shipments.arrival.journeys import report, send, window

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.now().year
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def page_of(shop: Shop, order_id) -> str:
    return text_of(member_client(shop).get(f"{orders_url(shop)}/{order_id}"))


def list_of(shop: Shop) -> str:
    return text_of(member_client(shop).get(orders_url(shop)))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((3, 3, 10), (3, 3, 14), "3 March, 10–14"),
        ((3, 3, 10), (3, 5, 18), "3–5 March"),
        ((3, 30, 10), (4, 2, 18), "30 March – 2 April"),
    ],
)
def test_a_window_in_words(start, end, words):
    times = [datetime(THIS_YEAR, *when, tzinfo=UTC) for when in (start, end)]

    with timezone.override("UTC"):
        assert window_words(*times).endswith(words)


def test_a_window_of_another_year_names_it_and_minutes_where_there_are_any():
    with timezone.override("Europe/Berlin"):
        words = window_words(
            datetime(2020, 3, 3, 9, 30, tzinfo=UTC), datetime(2020, 3, 3, 13, 0, tzinfo=UTC)
        )

    assert words == "Tue 3 March 2020, 10:30–14"


def test_a_test_parcels_window_is_made_up_and_says_so():
    shop = make_shop()
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.A_DAY_IN_A_MINUTE)
    order = Order.objects.of(shop).get()
    assert "Arrives" not in page_of(shop, order.id)

    play_due_scans(simulation.started_at + timedelta(seconds=10))

    assert "(as the story of this test goes)" in page_of(shop, order.id)


def test_the_page_says_when_a_parcel_arrives_in_the_shops_zone_and_who_says_so():
    shop = make_shop(timezone="Europe/Berlin")
    day = (timezone.now() + 3 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    shipment = send(shop, "1", at=timezone.now() - DAY)
    said = window(day, day + 4 * HOUR)
    report(shipment, "IN_TRANSIT", timezone.now() - HOUR, estimated_arrival=said)

    page = page_of(shop, shipment.order_id)

    local = day.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"Arrives {local:%a} {local.day} {local:%B}" in page
    assert f"{local:%H}–{local + 4 * HOUR:%H}" in page
    assert "as DHL Paket says" in page
    assert "promised" not in page


def test_the_first_promise_stands_beside_another_window():
    now = timezone.now()
    shipment = Shipment(
        phase="in_transit",
        arrival_source="history",
        arrival_start=now + 4 * DAY,
        arrival_end=now + 5 * DAY,
        promised_start=now + DAY,
        promised_end=now + 2 * DAY,
    )

    said = explain_arrival(shipment)

    assert said.words.startswith("Expected ")
    assert said.promise.startswith("first promised for ")
    assert not said.is_late


def test_what_is_only_usual_is_no_promise():
    shop = make_shop()
    shipment = send(shop, "1", at=timezone.now())

    page = page_of(shop, shipment.order_id)

    assert "Usually arrives" in page
    assert "too few deliveries yet" in page


def test_the_page_says_why_a_parcel_is_in_its_phase():
    shop = make_shop(timezone="UTC")
    at = datetime(THIS_YEAR, 3, 2, 14, 3, tzinfo=UTC)
    shipment = send(shop, "1", at=at - 2 * DAY)
    unscanned = page_of(shop, shipment.order_id)
    report(shipment, "SUCCESSFULLY_DELIVERED", at)
    report(shipment, "OUT_FOR_DELIVERY", at - 5 * HOUR)
    report(shipment, "IN_TRANSIT", at - 20 * HOUR)

    page = page_of(shop, shipment.order_id)

    assert "no carrier has scanned it yet" in unscanned
    assert "of 2 March, 14:03; 2 late scans ignored." in page
    assert "Delivered, by scan “" in page


def test_an_order_whose_parcels_are_all_delivered_shows_as_delivered_and_stays_so():
    shop = make_shop()
    now = timezone.now()
    first = send(shop, "1", at=now - 5 * DAY)
    order = fulfil(shop, first.order, "2", tracking_placed_at=(now - 4 * DAY).isoformat())
    second = order.shipments.get(tracking_number="2")
    report(first, "SUCCESSFULLY_DELIVERED", now - 3 * DAY)
    partly = list_of(shop)
    report(second, "SUCCESSFULLY_DELIVERED", now - 2 * DAY)

    assert "1 delivered" in partly
    assert "Delivered 2 days" in list_of(shop)
    assert "All 2 parcels were delivered." in page_of(shop, order.id)
    assert Order.objects.get(id=order.id).state == OrderState.FULFILLED

    report(second, "OUT_FOR_DELIVERY", now - 2 * DAY - HOUR)
    report(first, "RETURN_CREATED", now - DAY)
    assert "Delivered 2 days" in list_of(shop)


def test_an_order_that_lacks_a_parcel_is_not_delivered():
    shop = make_shop()
    now = timezone.now()
    order = place(shop, expected_number_of_shipments=2)
    order = fulfil(shop, order, "1", tracking_placed_at=(now - DAY).isoformat())
    report(order.shipments.get(tracking_number="1"), "SUCCESSFULLY_DELIVERED", now)

    assert "Partially fulfilled" in list_of(shop)


def test_a_page_costs_as_many_queries_however_many_parcels_and_scans_it_has():
    shop = make_shop()
    client = member_client(shop)

    def queries(number: int) -> int:
        order = place(shop, expected_number_of_shipments=number)
        for n in range(number):
            fulfil(shop, order, f"{number}-{n}")
        for shipment in order.shipments.all():
            for hours in range(number):
                report(shipment, "IN_TRANSIT", timezone.now() - HOUR * (10 - hours))
        assert Scan.objects.of(shop).filter(shipment__order=order).count() == number**2
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{orders_url(shop)}/{order.id}")
        return len(captured)

    assert queries(1) == queries(5)
