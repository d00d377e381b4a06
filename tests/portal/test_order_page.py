from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from common.trace import traced
from events.services import record
from orders.models import Order
from orders.services import cancel_order
from portal.addresses import label_lines
from portal.templatetags.moments import exact
from shipments.facts import shipment_fact
from shipments.models import Shipment
from shipments.phases import Phase
from shipments.services import detach_tracking
from shops.models import Role, Shop
from tests.documented_order import PRODUCT
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, orders_url, text_of

pytestmark = pytest.mark.django_db


def page_of(shop: Shop, order: Order, **headers: str):
    response = member_client(shop).get(order_url(shop, order), headers=headers)
    assert response.status_code == 200
    return response


def order_url(shop: Shop, order: Order) -> str:
    return f"{orders_url(shop)}/{order.id}"


def test_expected_parcels_and_sent_ones_are_told_apart():
    shop = make_shop()
    order = place(shop, expected_number_of_shipments=3)
    order = fulfil(shop, order, "00340434161094042557", carrier_reference="dhl", products=[PRODUCT])

    response = page_of(shop, order)
    page = text_of(response)

    assert "Parcel 1 of 3 Announced to the carrier" in page
    assert "DHL Paket 00340434161094042557" in page
    assert "piececode=00340434161094042557" in response.content.decode()
    assert "1 × Product A" in page
    assert "Expected parcel 2 of 3 No tracking number yet" in page
    assert "1 sent, waiting for the tracking numbers of 2 more." in page


@pytest.mark.parametrize(
    ("sent", "english", "german"),
    [
        ({"country_code": "DE"}, "Germany", "Deutschland"),
        ({"country_code": "de", "country": "Germany"}, "Germany", "Deutschland"),
        ({"country": "germany"}, "Germany", "Deutschland"),
        ({"country": "Österreich"}, "Austria", "Österreich"),
        ({"country_code": "GER", "country": "Deutschland"}, "Germany", "Deutschland"),
        ({"country_code": "XY", "country": "Atlantis"}, "Atlantis", "Atlantis"),
        ({"country_code": "XY"}, "XY", "XY"),
    ],
)
def test_a_label_names_the_country_in_the_language_of_the_reader(sent, english, german):
    last = {}
    for language in ("en", "de"):
        with override(language):
            last[language] = label_lines(sent)[-1]

    assert last == {"en": english, "de": german}


def test_a_parcel_of_which_nobody_said_what_it_holds_holds_all():
    shop = make_shop()
    order = fulfil(shop, place(shop), "111111")

    assert "Holds all products of the order." in text_of(page_of(shop, order))


def test_the_page_shows_what_the_shop_sent():
    shop = make_shop()
    bundle = {
        "title": "Gift set",
        "sku": "SET-1",
        "type": "bundle",
        "bundled_products": [{"title": "Mug", "sku": "MUG-1", "quantity": 2}],
    }
    order = place(shop, order_number="A-1", products=[PRODUCT, bundle])

    response = page_of(shop, order)
    page = text_of(response)

    for shown in (
        "A-1",
        "IXF1234",
        "€29.99",
        "€4.99",
        "€40.00",
        "ULTRA_OFFER 10.0 %",
        "SKU SET-1",
        "2 × Mug SKU MUG-1",
        "Jane Doe Example GmbH Teststr. 1 2nd floor 10119 Berlin Germany",
        "jane@example.com",
        "segment1",
        "1234067358984",
        "external-A-1",
        "Sat 24 Aug 2019, 16:15",
        "Fri 17 Mar 2023, 10:51 CET",
    ):
        assert shown in page, shown
    assert 'src="https://shop.example/myimage.png"' in response.content.decode()


def test_an_amount_that_was_not_sent_is_not_made_up():
    shop = make_shop()
    order = place(shop, sub_total_price=None, total_order_price=12.3456)

    page = text_of(page_of(shop, order))

    assert "Subtotal –" in page
    assert "€12.3456" in page


def test_the_timeline_tells_what_happened_and_who_did_it():
    shop = make_shop()
    with traced(actor="API key demo", request_id="req-1"):
        order = place(shop)
    with traced(actor="API key demo", request_id="req-2"):
        order = fulfil(shop, order, "111111", carrier_reference="dpd")
    with traced(actor="ada@example.com", request_id="req-3"):
        detach_tracking(Shipment.objects.of(shop).get())
        cancel_order(order)

    page = text_of(page_of(shop, order))
    told = page[page.index("What happened") :]

    sentences = [
        "Order cancelled",
        "Tracking number detached",
        "111111 DPD",
        "Order fulfilled",
        "Tracking number attached",
        "Order placed",
    ]
    assert all(sentence in told for sentence in sentences)
    assert (
        told.index("Order cancelled") < told.index("Order fulfilled") < told.index("Order placed")
    )
    assert "ada@example.com" in told
    assert "req-2" in told


def test_the_timeline_says_in_words_what_carriers_report():
    shop = make_shop()
    order = fulfil(shop, place(shop), "111111", carrier_reference="dpd")
    shipment = Shipment.objects.of(shop).get()
    reported = {
        "DEPARTURE_FROM_TRANSPORT_HUB": Phase.IN_TRANSIT,
        "CUSTOMS_HELD": Phase.IN_TRANSIT,
        "SUCCESSFULLY_DELIVERED": Phase.RETURN_RECEIVED,
        "GIFT_WRAPPED": Phase.IN_TRANSIT,
    }
    for name, phase in reported.items():
        shipment.phase = phase
        record(shop, [shipment_fact(shipment, (name, "any"), at=timezone.now())])

    page = page_of(shop, order)

    told = text_of(page)
    for sentence in ("Left a transport hub", "Held by customs", "Delivered", "Gift wrapped"):
        assert f"{sentence} 111111 DPD" in told
    html = page.content.decode()
    assert 'dot-attention" aria-hidden="true"></span><span>Held by customs<' in html
    assert 'dot-returned" aria-hidden="true"></span><span>Delivered<' in html
    assert 'dot-moving" aria-hidden="true"></span><span>Gift wrapped<' in html


def test_an_update_names_what_it_changed():
    shop = make_shop()
    place(shop, order_number="A-1")
    order = place(shop, order_number="A-1", email_id="new@example.com", segments=["vip"])

    assert "Order updated e-mail, segments" in text_of(page_of(shop, order))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://["])
def test_an_address_that_leads_to_no_page_is_no_link(address):
    shop = make_shop()
    image = {**PRODUCT, "images": [{"src": address}]}
    order = place(shop, order_status_url=address, products=[image])
    order = fulfil(shop, order, "111111", tracking_url=address)

    html = page_of(shop, order).content.decode()

    assert address not in html


def test_what_shops_send_is_text_and_never_markup():
    shop = make_shop()
    evil = "<script>alert(1)</script>"
    order = place(
        shop,
        order_name=evil,
        segments=[evil],
        order_analytics={evil: evil},
        user_agent=evil,
        products=[{"title": evil, "sku": evil}],
        address={"zip_code": evil[:32], "name": evil},
    )
    order = fulfil(shop, order, evil, tracking_company=evil)

    html = page_of(shop, order).content.decode()

    assert "<script>" not in html


def test_the_way_back_leads_to_the_list_as_it_was():
    shop = make_shop()
    order = place(shop)
    left = f"http://testserver{orders_url(shop)}?q=jane&state=placed"

    kept = page_of(shop, order, Referer=left).context["back"]
    foreign = page_of(shop, order, Referer="https://evil.example/shops").context["back"]

    assert kept == f"{orders_url(shop)}?q=jane&state=placed"
    assert foreign == orders_url(shop)


def test_a_bigger_order_costs_no_more_queries():
    shop = make_shop()
    small = fulfil(shop, place(shop), "1", products=[PRODUCT])
    big = place(shop, products=[PRODUCT] * 20, expected_number_of_shipments=10)
    for number in range(9):
        big = fulfil(shop, big, f"T{number}", products=[PRODUCT])

    assert queries_for(shop, big) == queries_for(shop, small) <= 24


def queries_for(shop, order):
    client = member_client(shop, Role.VIEWER)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(order_url(shop, order)).status_code == 200
    return len(queries)


def exact_in_berlin(order: Order) -> str:
    with timezone.override("Europe/Berlin"):
        return exact(order.order_placed_at)


def test_times_that_nothing_can_focus_are_printed_in_full():
    shop = make_shop()
    recent = place(shop, order_placed_at=(timezone.now() - timedelta(hours=3)).isoformat())
    old = place(shop, order_placed_at="2023-03-17T09:51:00Z")

    pages = [text_of(page_of(shop, order)) for order in (recent, old)]

    assert f"Placed 3 hours ago {exact_in_berlin(recent)} Customer" in pages[0]
    assert f"Placed {exact_in_berlin(old)} Customer" in pages[1]
