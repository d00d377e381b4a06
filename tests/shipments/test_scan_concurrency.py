"""Scans that arrive at once, beside upserts and detachments: real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from common.errors import DomainError
from events.models import Event
from shipments.inputs import TrackingInput
from shipments.models import Feed, Scan, Shipment
from shipments.phases import Phase
from shipments.scans.inputs import ReportedScan
from shipments.scans.record import record_scans
from shipments.services import attach_tracking, detach_tracking
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JOURNEY = ["DEPARTURE_FROM_TRANSPORT_HUB", "OUT_FOR_DELIVERY", "SUCCESSFULLY_DELIVERED"]


def in_parallel(jobs):
    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, jobs))


def _reports(shipments) -> list[ReportedScan]:
    return [
        ReportedScan.model_validate(
            {
                "event_name": name,
                "event_time": (MORNING + timedelta(hours=hour)).isoformat(),
                "external_id": f"{name}-{hour}",
                "shipment_id": shipment.id,
            }
        )
        for shipment in shipments
        for hour, name in enumerate(JOURNEY)
    ]


def test_feeds_that_report_the_same_journeys_at_once_agree():
    shop = make_shop()
    shipments = [fulfil(shop, place(shop), f"N{n}").shipments.get() for n in range(12)]
    reports = _reports(shipments)
    calls = [reports, reports[::-1], reports[::2], reports[1::2]] * 4

    results = in_parallel(
        [
            lambda call=call: record_scans(shop, dict(enumerate(call)), feed=Feed.API)
            for call in calls
        ]
    )

    assert not any(isinstance(r, DomainError) for result in results for r in result.values())
    assert Scan.objects.count() == len(reports)
    assert set(Shipment.objects.of(shop).values_list("phase", flat=True)) == {Phase.DELIVERED}
    applied = set(Scan.objects.filter(effect="applied").values_list("id", flat=True))
    told = set(
        Event.objects.filter(source="shipments")
        .exclude(ref__endswith="ORDER_IN_PROCESSING")
        .values_list("id", flat=True)
    )
    assert told == applied


def test_scans_beside_detachments_leave_a_whole_shipment():
    shop = make_shop()
    order = place(shop)
    shipment = fulfil(shop, order, "N1").shipments.get()
    tracking = TrackingInput(tracking_number="N1")
    jobs = []
    for _ in range(6):
        jobs += [
            lambda: record_scans(shop, dict(enumerate(_reports([shipment]))), feed=Feed.API),
            lambda: detach_tracking(Shipment.objects.select_related("order").get(id=shipment.id)),
            lambda: attach_tracking(order, tracking),
        ]

    in_parallel(jobs)

    attach_tracking(order, tracking)
    record_scans(shop, dict(enumerate(_reports([shipment]))), feed=Feed.API)
    [only] = Shipment.objects.of(shop)
    assert only.phase == Phase.DELIVERED
    assert only.scans.count() == len(JOURNEY)
