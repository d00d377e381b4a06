"""A shop's parcels that need a look, by the business days of its country (docs/arrival.md).

Test parcels never do.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import calendar, country_of
from shipments.models import Shipment, ShipmentQuerySet
from shops.models import Shop


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


def _local(shop: Shop, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(shop.timezone))
