"""A shop's parcels that need a look, by the business days of its country (docs/arrival.md).

Test parcels never do.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import calendar, country_of
from shipments.models import Shipment, ShipmentQuerySet
from shipments.phases import Flag
from shops.models import Shop

FAILED_LATELY = timedelta(days=30)
"""Parcels that failed longer ago have been seen to, or never will be."""


def late_shipments(shop: Shop, now: datetime) -> ShipmentQuerySet:
    """Past the window in which their carrier, or the shop's history, expected them."""
    return Shipment.objects.of(shop).real().overdue(now)


def stalled_shipments(shop: Shop, now: datetime) -> ShipmentQuerySet:
    """Without any movement for `shipments.models.STALLED_AFTER` business days."""
    return Shipment.objects.of(shop).real().stalled(_local(shop, now), calendar(country_of(shop)))


def unscanned_shipments(shop: Shop, now: datetime) -> ShipmentQuerySet:
    """Sent `shipments.models.UNSCANNED_AFTER` business days ago, and never scanned since."""
    return (
        Shipment.objects.of(shop)
        .real()
        .never_scanned(_local(shop, now), calendar(country_of(shop)))
    )


def failed_shipments(shop: Shop, now: datetime) -> ShipmentQuerySet:
    """That their carrier lost, damaged, could not deliver, in the last FAILED_LATELY."""
    failed = Shipment.objects.of(shop).real().on_their_way().filter(flag=Flag.ERROR)
    return failed.filter(phase_since__gte=now - FAILED_LATELY)


def unmatched_shipments(shop: Shop, now: datetime) -> ShipmentQuerySet:
    """On their way with nobody knows whom."""
    return Shipment.objects.of(shop).real().on_their_way().filter(carrier_reference="")


def _local(shop: Shop, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(shop.timezone))
