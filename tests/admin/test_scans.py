"""Scans in the back office: found, seen, and never changed."""

from datetime import UTC, datetime, timedelta

import pytest

from shipments import scan_admin
from shipments.models import Feed, Scan, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from tests.admin.pages import change_url, list_url
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 13, 3, tzinfo=UTC)


def make_scanned(number, *names):
    shop = make_shop()
    fulfil(shop, place(shop), number)
    shipment = Shipment.objects.of(shop).get(tracking_number=number)
    for hours, name in enumerate(names):
        at = AT + timedelta(hours=hours)
        said = ScanInput(event_name=name, event_time=at, external_id=name, location=f"Stop {hours}")
        record_scan(shipment, said, feed=Feed.API)
    return shipment


@pytest.mark.parametrize("known", ["tracking_number", "shipment", "scan"])
def test_a_scan_is_found_by_whatever_one_knows(staff, known):
    shipment = make_scanned("T1", "OUT_FOR_DELIVERY")
    make_scanned("T2", "OUT_FOR_DELIVERY")
    scan = Scan.objects.get(shipment=shipment)
    words = {"tracking_number": "T1", "shipment": shipment.id, "scan": scan.id}

    page = staff.get(list_url(Scan), {"q": words[known]})

    assert list(page.context["cl"].result_list) == [scan]


def test_nothing_is_found_by_what_is_nowhere(staff):
    make_scanned("T1", "OUT_FOR_DELIVERY")

    assert not staff.get(list_url(Scan), {"q": "T"}).context["cl"].result_list


def test_a_shipments_page_lists_its_scans_newest_first(staff):
    shipment = make_scanned("T1", "DEPARTURE_FROM_TRANSPORT_HUB", "OUT_FOR_DELIVERY")

    html = staff.get(change_url(shipment)).content.decode()

    assert html.index("Stop 1") < html.index("Stop 0")
    for scan in Scan.objects.all():
        assert f'href="{change_url(scan)}"' in html


def test_of_very_many_scans_the_newest_are_shown_and_the_way_to_all(staff, monkeypatch):
    monkeypatch.setattr(scan_admin, "MOST_SHOWN", 2)
    shipment = make_scanned("T1", "A", "B", "C")

    html = staff.get(change_url(shipment)).content.decode()

    assert "Stop 0" not in html
    assert f'href="{list_url(Scan)}?q={shipment.id}"' in html


def test_a_scan_cannot_be_changed_added_or_deleted(staff):
    make_scanned("T1", "OUT_FOR_DELIVERY")
    scan = Scan.objects.get()

    posted = staff.post(change_url(scan), {"location": "Elsewhere"})
    added = staff.get(list_url(Scan) + "add/")
    deleted = staff.post(change_url(scan).replace("change", "delete"), {"post": "yes"})

    assert [one.status_code for one in (posted, added, deleted)] == [403, 403, 403]
    assert Scan.objects.get().location == "Stop 0"
