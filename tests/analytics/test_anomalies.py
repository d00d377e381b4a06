"""Parcels that need a look, as a number: the same as `shipments.arrival.anomalies` finds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from analytics.answering import answer
from analytics.questions import Dimension, Period, Question
from analytics.rows import rows
from orders.states import OrderState
from shipments.arrival.anomalies import late_shipments, stalled_shipments, unscanned_shipments
from shipments.models import Shipment
from tests.analytics.worlds import World

pytestmark = pytest.mark.django_db


def test_anomalies_are_counted_by_kind_and_listed():
    now = timezone.now()
    start = (now - timedelta(days=12)).replace(tzinfo=UTC)
    world = World(31, orders=150, start=start, days=13, timezone="Europe/Berlin")
    for parcel in Shipment.objects.of(world.shop).fulfilled()[::2]:
        parcel.last_scan_at = parcel.tracking_placed_at + timedelta(hours=5)
        parcel.save()
    period = Period((start - timedelta(days=2)).date(), (now + timedelta(days=2)).date())

    found = answer(world.shop, Question(number="anomalies", period=period))

    def ids(shipments) -> set[object]:
        of_orders = shipments.filter(order__is_test=False)
        return set(
            of_orders.exclude(order__state=OrderState.CANCELLED).values_list("id", flat=True)
        )

    unscanned = ids(unscanned_shipments(world.shop, now))
    stalled = ids(stalled_shipments(world.shop, now))
    late = ids(late_shipments(world.shop, now))
    assert min(len(unscanned), len(stalled), len(late)) > 0
    assert {group.keys[0]: group.value for group in found.groups} == {
        "never_scanned": len(unscanned),
        "no_movement": len(stalled),
        "past_eta": len(late),
    }
    assert found.value == len(unscanned | stalled | late)
    listed = rows(world.shop, Question(number="anomalies", period=period), size=1_000).rows
    assert {row["id"] for row in listed} == unscanned | stalled | late


def test_anomalies_are_narrowed_as_other_numbers_are():
    now = datetime.now(UTC)
    world = World(32, orders=80, start=now - timedelta(days=20), days=10)
    period = Period((now - timedelta(days=30)).date(), now.date())

    whole = answer(
        world.shop, Question(number="anomalies", period=period, group_by=(Dimension.CARRIER,))
    )
    of_dhl = answer(
        world.shop,
        Question(number="anomalies", period=period, filters={Dimension.CARRIER: "dhl"}),
    )

    [group] = [group for group in whole.groups if group.keys == ("dhl",)]
    assert group.value == of_dhl.value > 0
