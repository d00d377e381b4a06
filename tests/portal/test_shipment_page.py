import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.services import cancel_order
from portal import shipment_page
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shipments.services import detach_tracking
from shops.models import Role
from tests.documented_order import PRODUCT
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 13, 3, tzinfo=UTC)

_numbers = itertools.count(1)


@pytest.fixture
def shop():
    return make_shop(timezone="Europe/Berlin")


@pytest.fixture
def shipment(shop):
    order = place(shop, address={"zip_code": "10119", "city": "Berlin", "name": "Ada Lovelace"})
    return fulfil(shop, order, "1Z999AA10123456784", carrier_reference="ups").shipments.get()


def scan(shipment, name, *, hours=0, feed=Feed.API, **said):
    at = AT + timedelta(hours=hours)
    said = {"external_id": str(next(_numbers)), "event_name": name, "event_time": at, **said}
    record_scan(shipment, ScanInput.model_validate(said), feed=feed)


def page_of(shipment, role=Role.VIEWER, query=""):
    url = f"/shops/{shipment.shop.slug}/shipments/{shipment.id}{query}"
    return member_client(shipment.shop, role).get(url)


def test_it_says_what_it_is(shipment):
    page = page_of(shipment)

    text = text_of(page)
    assert "1Z999AA10123456784" in text
    assert "UPS" in text
    assert "Ada Lovelace" in text
    assert "All products of the order." in text
    html = page.content.decode()
    assert f'href="/shops/{shipment.shop.slug}/orders/{shipment.order_id}"' in html
    assert 'href="https://www.ups.com/' in html


def test_it_explains_its_phase_by_the_scan_that_decides(shipment):
    scan(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", hours=-20, location="Leipzig")
    scan(shipment, "SUCCESSFULLY_DELIVERED", location="Berlin", feed=Feed.AFTERSHIP)
    scan(shipment, "OUT_FOR_DELIVERY", hours=-5)
    scan(shipment, "OUT_FOR_DELIVERY", hours=-6)
    scan(shipment, "SUCCESSFULLY_DELIVERED", location="Berlin", external_id="again")

    text = text_of(page_of(shipment))

    assert (
        "Delivered, by scan “Delivered” of 2 March, 14:03; 2 late scans ignored; "
        "1 repeated scan ignored." in text
    ), text
    assert text.count("Late") >= 2
    assert "Duplicate" in text
    assert "Decides the phase" in text
    assert "AfterShip" in text
    newest, oldest = text.index("Berlin", text.index("What happened")), text.index("Leipzig")
    assert newest < oldest


def test_without_scans_it_says_since_when_it_waits_for_one(shipment):
    text = text_of(page_of(shipment))

    assert "no carrier has scanned it yet" in text
    assert "No carrier has reported of it yet." in text


def test_an_expected_parcel_has_a_page_too(shop):
    draft = place(shop).shipments.get()

    text = text_of(page_of(draft))

    assert "Expected parcel" in text
    assert "it has no tracking number yet" in text


def test_a_tracking_taken_off_leaves_no_reason(shipment):
    scan(shipment, "OUT_FOR_DELIVERY")
    detach_tracking(Shipment.objects.select_related("order__shop").get(id=shipment.id))

    assert "it has no tracking number yet" in text_of(page_of(shipment))


def test_where_it_waits_and_when_it_should_arrive(shipment):
    scan(
        shipment,
        "OUT_FOR_DELIVERY",
        hours=-3,
        estimated_arrival={"start": AT.isoformat(), "end": (AT + timedelta(hours=3)).isoformat()},
    )
    scan(
        shipment,
        "DELIVERED_TO_PARCEL_SHOP",
        pickup={"type": "shop", "name": "Kiosk", "address": "Ecke 1", "url": "javascript:alert(1)"},
        estimated_arrival={"start": AT.isoformat(), "end": (AT + timedelta(hours=9)).isoformat()},
    )

    page = page_of(shipment)

    text = text_of(page)
    assert "Where it waits Kind Parcel shop Place Kiosk Ecke 1" in text
    assert "Expected Mon 2 Mar 2026, 14:03 – 23:03 The carrier" in text
    assert "First told Mon 2 Mar 2026, 14:03 – 17:03" in text
    assert "javascript:" not in page.content.decode()


def test_own_lines_are_shown_as_its_content(shop):
    order = place(shop, products=[{"title": "Left out", "quantity": 3}])
    shipment = fulfil(shop, order, "T1", products=[PRODUCT]).shipments.get()

    text = text_of(page_of(shipment))

    assert PRODUCT["title"] in text
    assert "Left out" not in text


def test_what_senders_say_is_text(shipment):
    scan(shipment, "OUT_FOR_DELIVERY", location="<b>Berlin</b>", additional_info="<script>")

    html = page_of(shipment).content.decode()

    assert "&lt;b&gt;Berlin" in html
    assert "<b>Berlin" not in html


def test_editors_correct_the_carrier_and_come_back(shipment):
    client = member_client(shipment.shop, Role.EDITOR)
    path = f"/shops/{shipment.shop.slug}/shipments/{shipment.id}"
    assert "Correct the carrier" in text_of(client.get(path))
    action = f"/shops/{shipment.shop.slug}/orders/{shipment.order_id}/parcels/{shipment.id}/carrier"

    response = client.post(action, {"carrier_reference": "dhl", "back": "shipment"}, follow=True)

    assert response.redirect_chain[-1][0] == path
    assert "The carrier is DHL Paket now." in text_of(response)
    assert "Correct the carrier" not in text_of(page_of(shipment))


def test_nothing_is_corrected_of_a_cancelled_order(shop):
    order = place(shop)
    cancel_order(order)

    assert "Correct the carrier" not in text_of(page_of(order.shipments.get(), Role.EDITOR))


@pytest.mark.parametrize("shipment_id", ["019e8a4c-0000-7000-8000-000000000000", None])
def test_another_shops_and_missing_shipments_are_not_found(shop, shipment_id):
    other = make_shop()
    foreign = place(other).shipments.get().id

    path = f"/shops/{shop.slug}/shipments/{shipment_id or foreign}"

    assert member_client(shop).get(path).status_code == 404


def test_the_newest_scans_come_first_and_the_rest_on_demand(shipment, monkeypatch):
    monkeypatch.setattr(shipment_page, "FIRST_SHOWN", 2)
    scan(shipment, "OUT_FOR_DELIVERY", location="First stop")
    for hours in range(1, 4):
        scan(shipment, f"OWN_NAME_{hours}", hours=hours, location=f"Stop {hours}")

    some, everything = text_of(page_of(shipment)), text_of(page_of(shipment, query="?scans=all"))

    assert "Stop 3" in some
    assert "Stop 1" not in some
    assert "Out for delivery, by scan" in some  # though that scan is not among those shown
    assert "Show all of it" in some
    assert "Stop 1" in everything
    assert "Show all of it" not in everything


def test_a_page_costs_the_same_with_2_scans_as_with_30(shipment):
    client = member_client(shipment.shop)
    path = f"/shops/{shipment.shop.slug}/shipments/{shipment.id}"

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    for hours in range(2):
        scan(shipment, "OUT_FOR_DELIVERY", hours=hours)
    client.get(path)
    few = cost()
    for hours in range(28):
        scan(shipment, "OUT_FOR_DELIVERY", hours=10 + hours)

    assert cost() == few <= 22


def test_going_back_keeps_the_place_in_the_list(shipment):
    base = f"/shops/{shipment.shop.slug}/shipments"
    client = member_client(shipment.shop)

    def back(referer):
        page = client.get(f"{base}/{shipment.id}", headers={"Referer": referer})
        return page.context["back"]

    assert back(f"http://testserver{base}?flag=delay") == f"{base}?flag=delay"
    assert back(f"http://evil.example{base}?flag=delay") == base
    assert back("") == base


def test_the_order_leads_to_its_shipments(shipment):
    page = member_client(shipment.shop).get(
        f"/shops/{shipment.shop.slug}/orders/{shipment.order_id}"
    )

    link = f'href="/shops/{shipment.shop.slug}/shipments/{shipment.id}"'
    assert page.content.decode().count(link) == 2  # from the parcel, and from what happened
