"""Scans as clients read them: the events of a shipment (the contract's section 4)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from shipments.catalogue.texts import MOST_REMEMBERED, event_strings
from shipments.phases import Phase
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


def represent_scan(shop: Shop, scan: Mapping[str, Any]) -> dict[str, Any]:
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
        "event_strings": _strings(scan["event_name"], scan["phase"], shop.language),
        "language": shop.language,
        "effect": scan["effect"],
    }


@lru_cache(maxsize=MOST_REMEMBERED)
def _strings(name: str, phase: Phase, language: str) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(event_strings(name, phase, language)))
