"""Events lie in pieces of a month, which go when they are old enough and all was relayed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from common.partitions import cut, months_ago
from doctor.checks.deliveries import MESSAGES
from doctor.checks.events import CLAIM_EVENTS, ORDER_EVENTS, SCAN_EVENTS, TRACKING_EVENTS
from events.models import CLOCKS, Event
from events.relay import mark_relayed
from events.retention import EVENTS, cut_events
from karla_portal.settings import LEAST_MONTHS_KEPT, _months_kept
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, make_claim, make_shop, place
from tests.months import month
from tests.webhooks.conftest import loopback_allowed
from webhooks.dispatch import dispatch
from webhooks.services import create_webhook

__all__ = ["loopback_allowed"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def pieces_of(shop: Shop) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM events_event WHERE shop_id = %s", [shop.id]
        )
        return {name for (name,) in cursor.fetchall()}


def relay_all(shop: Shop) -> None:
    mark_relayed(shop, list(Event.objects.of(shop).values_list("id", flat=True)))
    connection.check_constraints()  # what a transaction would do at its end


def missed(shop: Shop) -> set[str]:
    """Names of the checks that miss an event of the shop."""
    checks = (ORDER_EVENTS, TRACKING_EVENTS, SCAN_EVENTS, CLAIM_EVENTS, MESSAGES)
    return {check.name for check in checks if list(check.look(shop))}


def test_events_go_into_the_piece_of_their_month(shop) -> None:
    place(shop)
    assert pieces_of(shop) == {"events_event_before"}  # that of all there was, and of next month
    made = [f"+{EVENTS.piece(month(number).date()).name}" for number in (5, 6, 7)]
    assert cut(EVENTS, now=month(5), kept_since=None) == made
    assert cut(EVENTS, now=month(5), kept_since=None) == []
    assert EVENTS.piece(date(2026, 11, 1)).name == "events_event_2026m11"


def test_events_of_an_order_are_looked_for_from_its_month_on_whatever_clocks_say(shop) -> None:
    order = place(shop)
    made_at = order.created_at + CLOCKS - timedelta(minutes=1)
    events = Event.objects.of(shop).of_order(order.id, made_at=made_at)
    assert [event.ref for event in events] == ["orders/placed"]
    later = Event.objects.of(shop).of_order(order.id, made_at=month(9))
    assert "events_event_before" in events.explain()
    assert "events_event_before" not in later.explain()


def test_beat_keeps_everything_until_a_number_of_months_is_said(
    shop, settings, monkeypatch
) -> None:
    place(shop)
    relay_all(shop)
    settings.PAGE_ACTIONS_KEPT_MONTHS = LEAST_MONTHS_KEPT
    later = month(8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    cut_events()
    assert pieces_of(shop) == {"events_event_before"}

    settings.EVENTS_KEPT_MONTHS = LEAST_MONTHS_KEPT
    assert "-events_event_before" in cut_events()
    assert pieces_of(shop) == set()


def test_whole_months_are_kept_before_the_one_that_runs() -> None:
    now = datetime(2026, 5, 17, 12, tzinfo=UTC)
    assert months_ago(now, 6) == datetime(2025, 11, 1, tzinfo=UTC)
    assert months_ago(now, None) is None


def test_a_piece_stays_until_all_its_events_were_relayed(shop) -> None:
    order = place(shop)
    connection.check_constraints()
    done = cut(EVENTS, now=month(8), kept_since=month(4))
    assert [name for name in done if name.startswith("-")] == []
    assert Event.objects.of(shop).filter(order_id=order.id).exists()

    relay_all(shop)
    assert "-events_event_before" in cut(EVENTS, now=month(8), kept_since=month(4))
    assert not Event.objects.of(shop).exists()


def test_an_old_event_that_came_late_goes_with_its_time(shop) -> None:
    relay_all(shop)
    cut(EVENTS, now=month(8), kept_since=month(4))
    place(shop)
    assert pieces_of(shop) == {"events_event_rest"}
    relay_all(shop)
    cut(EVENTS, now=month(8), kept_since=month(4))
    assert not Event.objects.of(shop).exists()


@pytest.mark.usefixtures("loopback_allowed")
def test_the_doctor_looks_for_what_is_kept(shop) -> None:
    create_webhook(shop, url="http://127.0.0.1:9/hook", enabled_events=["orders"])
    order = place(shop)
    fulfil(shop, order, "TRACK-1")
    [parcel] = Shipment.objects.of(shop)
    said = {"event_name": "DEPARTURE_FROM_TRANSPORT_HUB", "event_time": timezone.now()}
    record_scan(parcel, ScanInput.model_validate({**said, "external_id": "1"}), feed=Feed.API)
    make_claim(order)
    dispatch()
    relay_all(shop)
    cut(EVENTS, now=month(8), kept_since=month(4))
    assert not Event.objects.of(shop).exists()
    assert missed(shop) == set()

    cut(EVENTS, now=month(-1), kept_since=None)  # kept since before the order, and yet not there
    assert missed(shop) == {
        "order-events",
        "tracking-events",
        "scan-events",
        "claim-events",
        "messages",
    }


@pytest.mark.parametrize("said", ["3", "601", "-5", "a year"])
def test_a_time_that_cannot_be_meant_is_refused_in_plain_words(said, monkeypatch) -> None:
    monkeypatch.setenv("EVENTS_KEPT_MONTHS", said)
    with pytest.raises(ImproperlyConfigured, match=r"EVENTS_KEPT_MONTHS.*4 at least"):
        _months_kept("EVENTS_KEPT_MONTHS")


def test_so_many_months_are_kept_as_is_said(monkeypatch) -> None:
    monkeypatch.setenv("EVENTS_KEPT_MONTHS", "24")
    assert _months_kept("EVENTS_KEPT_MONTHS") == 24
    monkeypatch.setenv("EVENTS_KEPT_MONTHS", "")
    assert _months_kept("EVENTS_KEPT_MONTHS") is None
