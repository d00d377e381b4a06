"""What the audit calls records, their fields and values, in words of people.

Fields that are not here are called as their models call them; what no person can read is left out.
"""

from collections.abc import Mapping
from typing import Any

from auditlog.models import LogEntry
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.sheets.columns import COLUMNS

UNREADABLE = {"id", "shop", "order", "shipment", "organization", "digest", "phase_scan_id"}
"""Ids, and the records above, which stand beside it."""

EMPTY = {"", "None", "null", "[]", "{}"}

KINDS: Mapping[str, str | Promise] = {
    "order": gettext_lazy("Order"),
    "order line": gettext_lazy("Product of an order"),
    "shipment": gettext_lazy("Parcel"),
    "shipment line": gettext_lazy("Product in a parcel"),
    "shop": gettext_lazy("Shop"),
    "user": gettext_lazy("Person"),
    "membership": gettext_lazy("Member"),
    "invitation": gettext_lazy("Invitation"),
    "API key": gettext_lazy("API key"),
    "grant": gettext_lazy("Access of an API key"),
    "webhook": gettext_lazy("Webhook"),
    "delivery target": gettext_lazy("Target for deliveries"),
    "campaign": gettext_lazy("Campaign"),
    "discount": gettext_lazy("Discount"),
}

ACTIONS: Mapping[int, Promise] = {
    LogEntry.Action.CREATE: gettext_lazy("created"),
    LogEntry.Action.UPDATE: gettext_lazy("changed"),
    LogEntry.Action.DELETE: gettext_lazy("deleted"),
    LogEntry.Action.ACCESS: gettext_lazy("read"),
}

FIELDS: Mapping[str, str | Promise] = {
    **{column.field: column.label for column in reversed(COLUMNS.values())},
    "weight": gettext_lazy("Weight in grams"),
    "name": gettext_lazy("Name"),
    "address": gettext_lazy("Address"),
    "position": gettext_lazy("Place"),
    "state": gettext_lazy("State"),
    "cancelled_at": gettext_lazy("Cancelled"),
    "discounts": gettext_lazy("Discounts"),
    "preferred_delivery_date": gettext_lazy("Preferred delivery date"),
    "order_analytics": gettext_lazy("Attribution"),
    "user_agent": gettext_lazy("Browser"),
    "is_test": gettext_lazy("Test"),
    "images": gettext_lazy("Pictures"),
    "tax_lines": gettext_lazy("Taxes"),
    "bundled_products": gettext_lazy("Products in the bundle"),
    "type": gettext_lazy("Kind"),
    "tracking_number": gettext_lazy("Tracking number"),
    "tracking_company": gettext_lazy("Carrier, as the shop calls it"),
    "tracking_url": gettext_lazy("Link"),
    "tracking_placed_at": gettext_lazy("Handed over"),
    "external_shipment_id": gettext_lazy("Number of the parcel in the shop"),
    "carrier_reference": gettext_lazy("Carrier"),
    "carrier_confidence": gettext_lazy("How sure the carrier is"),
    "carrier_reason": gettext_lazy("Why this carrier"),
    "is_carrier_corrected": gettext_lazy("Carrier corrected"),
    "phase": gettext_lazy("Phase"),
    "phase_since": gettext_lazy("In this phase since"),
    "direction": gettext_lazy("Direction"),
    "flag": gettext_lazy("Flag"),
    "last_scan_at": gettext_lazy("Last event"),
    "delivered_at": gettext_lazy("Delivered"),
    "pickup": gettext_lazy("Pickup"),
    "arrival_start": gettext_lazy("Expected from"),
    "arrival_end": gettext_lazy("Expected until"),
    "arrival_source": gettext_lazy("Expected by"),
    "promised_start": gettext_lazy("Promised from"),
    "promised_end": gettext_lazy("Promised until"),
    "has_own_lines": gettext_lazy("Has products of its own"),
    "order lines added": gettext_lazy("Products added"),
    "order lines changed": gettext_lazy("Products changed"),
    "order lines removed": gettext_lazy("Products removed"),
    "shipments added": gettext_lazy("Parcels added"),
    "shipments changed": gettext_lazy("Parcels changed"),
    "shipments removed": gettext_lazy("Parcels removed"),
    "shipment lines added": gettext_lazy("Products in parcels added"),
    "shipment lines changed": gettext_lazy("Products in parcels changed"),
    "second factor": gettext_lazy("Second factor"),
    "session": gettext_lazy("Logged in at"),
    "downloaded": gettext_lazy("Downloaded"),
    "photos_of_claim": gettext_lazy("Photos of the claim"),
    "shipment lines removed": gettext_lazy("Products in parcels removed"),
}


def action_words(action: int) -> str:
    return str(ACTIONS[action])


def kind_words(name: str) -> str:
    return str(KINDS.get(name, capfirst(name)))


def field_words(field: str, named: str) -> str:
    """`named`: what its model calls it."""
    return str(FIELDS.get(field, capfirst(named)))


def value_words(value: Any) -> str:
    """Nothing for what is empty, and for a truth that does not hold."""
    text = str(value)
    if text in EMPTY:
        return ""
    return {"True": _("yes"), "False": _("no")}.get(text, text)
