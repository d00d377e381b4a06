from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.factories import make_shop
from tests.tracking.pages import customer, delivered, page_url, scan, ship

pytestmark = pytest.mark.django_db


def test_the_window_goes_into_a_calendar():
    shipment = ship(make_shop(name="Lamps"))
    start = timezone.now().replace(microsecond=0) + timedelta(hours=20)
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=4)).isoformat()}
    scan(shipment, "IN_TRANSIT", estimated_arrival=window)

    response = customer("de").get(page_url(shipment.order, f"/parcels/{shipment.id}/arrival.ics"))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart") == start
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=4)
    assert event["summary"] == "Paket von Lamps"
    assert event["url"].endswith(page_url(shipment.order))


def test_what_has_arrived_has_no_window_any_more():
    shipment = delivered(make_shop())

    url = page_url(shipment.order, f"/parcels/{shipment.id}/arrival.ics")

    assert customer().get(url).status_code == 404
