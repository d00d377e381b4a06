"""Scans as clients read them: the events of a shipment (the contract's section 4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from common.rows import Row
from shipments.catalogue.texts import event_strings
from shipments.models import Scan
from shops.models import Shop

SCAN_COLUMNS = (
    "id",
    "external_id",
    "event_name",
    "event_time",
    "timezone",
    "location",
    "additional_info",
    "phase",
    "effect",
)


def represent_scans(shop: Shop, shipment_ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The events of each shipment, newest first: one query, however many shipments."""
    grouped: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    if shipment_ids:
        rows = Scan.objects.of(shop).filter(shipment_id__in=shipment_ids)
        for row in rows.values("shipment_id", *SCAN_COLUMNS):
            grouped[row["shipment_id"]].append(represent_scan(shop, row))
    return grouped


def represent_scan(shop: Shop, scan: Mapping[str, Any] | Row) -> dict[str, Any]:
    """`scan` has at least SCAN_COLUMNS; texts are in the shop's language."""
    return {
        "uuid": scan["id"],
        "external_id": scan["external_id"],
        "event_key": scan["event_name"],
        "time": scan["event_time"],
        "timezone": scan["timezone"] or None,
        "location": scan["location"] or None,
        "additional_info": scan["additional_info"] or None,
        "phase": scan["phase"],
        "event_strings": event_strings(scan["event_name"], scan["phase"], shop.language),
        "language": shop.language,
        "effect": scan["effect"],
    }
