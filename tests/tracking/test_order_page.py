"""What the page says of an order, from its placing to its return."""

import gzip
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.announcements import announce
from engagement.design import Design, Link, save_design
from engagement.models import ActionKind, PageAction
from orders.services import cancel_order
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import text_of
from tests.tracking.pages import PHONE, customer, delivered, page_url, scan, ship

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def tomorrow(hour: int) -> datetime:
    day = timezone.localtime(timezone=BERLIN) + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def window(start: datetime, end: datetime) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}


def text(order, language="en", query=""):
    response = customer(language).get(page_url(order, query))
    assert response.status_code == 200
    return text_of(response)


def test_the_window_is_said_first_in_the_zone_of_the_shop():
    shipment = ship(make_shop())
    scan(shipment, "IN_TRANSIT", estimated_arrival=window(tomorrow(10), tomorrow(14)))

    assert "Arrives tomorrow, 10–14" in text(shipment.order)
    assert "Kommt morgen, 10–14 Uhr" in text(shipment.order, "de-AT,en;q=0.5")


def test_the_link_can_say_the_language_and_keeps_it():
    shipment = delivered(make_shop())

    page = customer("en").get(page_url(shipment.order, "?lang=de"))

    assert "Zugestellt" in page.content.decode()
    assert (
        f"{page_url(shipment.order)}/parcels/{shipment.id}/rating?lang=de" in page.content.decode()
    )


def test_whose_language_we_do_not_speak_reads_that_of_the_shop():
    order = place(make_shop(language="de"))

    assert "Bestellung" in text(order, "pt-BR")


def test_what_is_expected_is_shown_before_anything_was_sent():
    order = place(make_shop(), expected_number_of_shipments=2)

    said = text(order)

    assert "Your parcel is being prepared" in said
    assert "2 parcels: 2 not sent yet" in said


def test_of_several_parcels_the_one_to_come_speaks_for_the_order():
    shop = make_shop()
    shipment = ship(shop, "11111111", expected_number_of_shipments=3)
    scan(shipment, "SUCCESSFULLY_DELIVERED")
    order = fulfil(shop, shipment.order, "22222222")
    moving = order.shipments.get(tracking_number="22222222")
    scan(moving, "IN_TRANSIT", estimated_arrival=window(tomorrow(9), tomorrow(12)))

    said = text(order)

    assert "Arrives tomorrow, 9–12 " in said
    assert "3 parcels: 1 delivered, 1 on its way, 1 not sent yet" in said


def test_what_is_still_to_be_sent_is_called_the_rest():
    shipment = ship(make_shop(), "11111111", expected_number_of_shipments=2)
    scan(shipment, "SUCCESSFULLY_DELIVERED")

    assert "The rest is being prepared" in text(shipment.order)


def test_days_near_by_are_called_by_their_names():
    shipment = ship(make_shop())
    end = tomorrow(14) + timedelta(days=3)
    scan(shipment, "IN_TRANSIT", estimated_arrival=window(tomorrow(10), end))

    assert f"Arrives between tomorrow and {end:%A} " in text(shipment.order)


def test_where_it_was_left_is_said():
    shipment = ship(make_shop())
    scan(shipment, "DELIVERED_TO_NEIGHBOUR", pickup={"type": "neighbor", "name": "Roe, 3rd floor"})

    assert "Left here Neighbour Roe, 3rd floor" in text(shipment.order)


def test_a_parcel_that_waits_says_where_and_until_when():
    shipment = ship(make_shop())
    pickup = {
        "type": "shop",
        "name": "Kiosk",
        "address": "Teststr. 2, 10119 Berlin",
        "opening_hours": "Mon–Sat 8–20",
        "date_to": tomorrow(18).isoformat(),
    }
    scan(shipment, "DELIVERED_TO_PARCEL_SHOP", pickup=pickup)

    said = text(shipment.order)

    for words in ("It waits until tomorrow.", "Kiosk", "Teststr. 2", "Open: Mon–Sat 8–20"):
        assert words in said


def test_a_delay_says_the_new_window():
    shipment = ship(make_shop())
    scan(shipment, "DELAYED_BY_CARRIER", estimated_arrival=window(tomorrow(10), tomorrow(12)))

    assert "Later than planned: tomorrow, 10–12" in text(shipment.order)


def test_a_delay_without_a_new_time_is_said_calmly():
    shipment = ship(make_shop())
    ago = timezone.now() - timedelta(days=2)
    scan(shipment, "DELAYED_BY_CARRIER", estimated_arrival=window(ago, ago + timedelta(hours=4)))

    assert "Later than planned We are sorry. There is no new time yet" in text(shipment.order)


def test_nobody_home_is_said_as_it_is():
    shipment = ship(make_shop())
    soon = window(timezone.now(), timezone.now() + timedelta(hours=4))
    scan(shipment, "DELIVERY_ATTEMPTED_NOBODY_HOME", estimated_arrival=soon)

    said = text(shipment.order)

    assert "Nobody was home The carrier will try again" in said
    assert "Add to calendar" not in said


def test_a_cancelled_order_says_so_and_nothing_of_parcels():
    order = cancel_order(place(make_shop()))

    said = text(order)

    assert "This order was cancelled" in said
    assert "Your parcel" not in said


def test_a_return_goes_its_own_way():
    shipment = delivered(make_shop())
    scan(shipment, "RETURN_COLLECTED")

    said = text(shipment.order)

    assert "On its way back" in said
    assert "At the shop" in said


def test_products_stand_with_the_parcel_that_holds_them():
    shop = make_shop()
    order = place(shop, expected_number_of_shipments=2, products=[{"title": "Lamp"}])
    order = fulfil(shop, order, "11111111", products=[{"title": "Shade", "quantity": 3}])

    content = customer().get(page_url(order)).content.decode()

    first, second = content.split('id="parcel-2"')
    assert "Shade" in first
    assert "3 ×" in first
    assert "Lamp" in second


def test_pictures_come_only_from_where_the_shop_allows():
    shop = make_shop()
    images = [{"src": "https://cdn.shop.example/lamp.jpg"}]
    order = fulfil(shop, place(shop, products=[{"title": "Lamp", "images": images}]), "11111111")
    before = customer().get(page_url(order))

    save_design(shop, Design(picture_hosts=("cdn.shop.example",)))
    after = customer("de").get(page_url(order))

    assert b"<img" not in before.content
    assert "img-src 'self';" in before.headers["Content-Security-Policy"]
    assert b'src="https://cdn.shop.example/lamp.jpg"' in after.content
    policy = after.headers["Content-Security-Policy"]
    assert "img-src 'self' https://cdn.shop.example;" in policy


def test_announcements_are_said_while_they_hold():
    shop = make_shop()
    now = timezone.now()
    announce(shop, texts={"en": "A strike in the north.", "de": "Ein Streik im Norden."})
    announce(shop, texts={"en": "Not yet."}, starts_at=now + timedelta(hours=1))
    announce(shop, texts={"en": "No more."}, ends_at=now - timedelta(hours=1))

    order = place(shop)

    assert "A strike in the north." in text(order)
    assert "Ein Streik im Norden." in text(order, "de")
    assert "Not yet." not in text(order)
    assert "No more." not in text(order)


def test_markup_in_what_others_sent_stays_text():
    shop = make_shop(name="<b>Shop</b>")
    save_design(shop, Design(texts={"en": {"greeting": "<script>alert(1)</script>"}}))
    order = place(shop, order_name="<i>1</i>", products=[{"title": "<img src=x>"}])

    content = customer().get(page_url(fulfil(shop, order, "<u>12345"))).content.decode()

    for markup in ("<b>Shop", "<script", "<i>1", "<img", "<u>"):
        assert markup not in content


def test_the_page_is_for_nobody_but_who_opened_it():
    order = place(make_shop())

    headers = customer().get(page_url(order)).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action")
    assert "script-src" not in policy


def test_names_and_addresses_of_customers_are_not_on_it():
    order = fulfil(shop := make_shop(), place(shop), "11111111")

    content = customer().get(page_url(order)).content.decode()

    for told in ("Jane", "Teststr", "jane@example.com", "123 4567890"):
        assert told not in content


def test_an_opening_is_recorded_once_in_a_while_and_of_people_only():
    order = place(make_shop())
    opened = PageAction.objects.of(order.shop).filter(kind=ActionKind.OPENED)

    customer().get(page_url(order), headers={"User-Agent": "Googlebot/2.1"})
    customer().get(page_url(order, "?by=shop"))
    assert not opened.exists()
    for _ in range(3):
        customer().get(page_url(order))

    assert [action.times for action in opened] == [1]


def test_what_is_kept_costs_no_query_and_304_where_it_was_seen():
    order = fulfil(shop := make_shop(), place(shop), "11111111")
    client = customer()
    first = client.get(page_url(order))

    with CaptureQueriesContext(connection) as queries:
        second = client.get(page_url(order))
        third = client.get(page_url(order), headers={"If-None-Match": first.headers["ETag"]})

    assert len(queries) == 0
    assert second.content == first.content
    assert (third.status_code, third.content) == (304, b"")


def test_browsers_get_it_packed_and_others_as_it_is():
    order = place(make_shop())
    plain = customer().get(page_url(order))

    packed = customer().get(page_url(order), headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_what_happened_shows_though_the_page_was_kept(monkeypatch):
    shipment = ship(make_shop())
    assert "Delivered today" not in text(shipment.order)

    scan(shipment, "SUCCESSFULLY_DELIVERED")
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)

    assert "Delivered today" in text(shipment.order)


def test_a_late_scan_shows_too(monkeypatch):
    shipment = scan(ship(make_shop()), "SUCCESSFULLY_DELIVERED")
    before = text(shipment.order)

    scan(shipment, "OUT_FOR_DELIVERY", timezone.now() - timedelta(hours=3), location="Bremen")
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)

    assert "Bremen" not in before
    assert "Bremen" in text(shipment.order)


def test_a_kept_page_is_confirmed_by_one_query(monkeypatch):
    order = fulfil(shop := make_shop(), place(shop), "11111111")
    client = customer()
    client.get(page_url(order))
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)

    with CaptureQueriesContext(connection) as queries:
        client.get(page_url(order))

    assert len(queries) == 1


def test_a_bigger_order_costs_no_more_queries():
    shop = make_shop()
    small = fulfil(shop, place(shop), "1")
    big = place(shop, expected_number_of_shipments=10)
    for number in range(9):
        big = fulfil(shop, big, f"T{number}", products=[{"title": "Lamp"}])

    def queries_for(order):
        with CaptureQueriesContext(connection) as queries:
            customer().get(page_url(order), headers={"User-Agent": f"{PHONE} {order.id}"})
        return len(queries)

    assert queries_for(small) <= queries_for(big) <= 15


def test_links_at_the_foot_lead_by_a_stop_that_counts():
    shop = make_shop()
    save_design(shop, Design(links=(Link(url="https://shop.example/r", labels={"en": "Returns"}),)))
    order = place(shop)

    response = customer().get(page_url(order, "/links/1"))

    assert "Returns" in text(order)
    assert response.headers["Location"] == "https://shop.example/r"
    clicked = PageAction.objects.of(shop).get(kind=ActionKind.CLICKED)
    assert (clicked.element, clicked.order_id) == ("footer_link", order.id)
    assert customer().get(page_url(order, "/links/2")).status_code == 404


def test_the_carrier_is_reached_by_a_stop_that_counts_people_only():
    shipment = ship(make_shop())
    url = page_url(shipment.order, f"/parcels/{shipment.id}/carrier")

    robot = customer().get(url, headers={"User-Agent": "Googlebot/2.1"})
    person = customer().get(url)

    assert robot.headers["Location"] == person.headers["Location"] == shipment.carrier_url
    clicked = PageAction.objects.of(shipment.shop).filter(kind=ActionKind.CLICKED)
    assert [(action.element, action.times) for action in clicked] == [("carrier_link", 1)]


def test_an_address_that_a_browser_would_run_is_no_link():
    shop = make_shop()
    order = fulfil(shop, place(shop), "12345678", tracking_url="javascript:alert(1)")
    shipment = order.shipments.get()

    assert b"javascript" not in customer().get(page_url(order)).content
    url = page_url(order, f"/parcels/{shipment.id}/carrier")
    assert customer().get(url).status_code == 404


@pytest.mark.parametrize("rest", ["carrier", "arrival.ics", "rating"])
def test_the_parcel_of_another_order_is_out_of_reach(rest):
    shop = make_shop()
    own, other = delivered(shop, "11111111"), delivered(shop, "22222222")
    url = page_url(own.order, f"/parcels/{other.id}/{rest}")
    method = customer().post if rest == "rating" else customer().get

    assert method(url, {"score": "1"}).status_code == 404
