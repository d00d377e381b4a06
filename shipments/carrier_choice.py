"""Who says which carrier a parcel has: the shop, else the match, and over both a person.

Each answers whether that changed the shipment; saving is the caller's.
"""

from collections.abc import Mapping
from typing import Any

from shipments.carrier_reasons import AS_THE_SHOP_SAID, BY_HAND
from shipments.matching.match import match
from shipments.models import Shipment


def destination_of(address: Mapping[str, Any] | None) -> str:
    """The country that an order's address names by its code, else empty."""
    return (address or {}).get("country_code") or ""


def choose_as_said(shipment: Shipment, carrier_reference: str) -> bool:
    """The shop named the carrier."""
    if shipment.is_carrier_corrected or (
        shipment.carrier_reference == carrier_reference and is_said(shipment)
    ):
        return False
    _set(shipment, carrier_reference, 1, AS_THE_SHOP_SAID)
    return True


def choose_by_match(shipment: Shipment, *, country_code: str) -> bool:
    """The number, the shop's words and the destination decide, where nobody named the carrier."""
    if shipment.is_carrier_corrected or is_said(shipment):
        return False
    found = match(
        shipment.tracking_number or "",
        tracking_company=shipment.tracking_company,
        country_code=country_code,
    )
    before = (shipment.carrier_reference, shipment.carrier_confidence, shipment.carrier_reason)
    _set(shipment, found.carrier_reference or "", found.confidence, found.reason)
    return before != (found.carrier_reference or "", found.confidence, found.reason)


def choose_by_hand(shipment: Shipment, carrier_reference: str) -> None:
    """A person knows better; empty where nobody can know."""
    _set(shipment, carrier_reference, 1, BY_HAND)
    shipment.is_carrier_corrected = True


def is_said(shipment: Shipment) -> bool:
    """Whether the carrier was named rather than matched; 0 is from before matches were kept."""
    return bool(shipment.carrier_reference) and shipment.carrier_confidence in (0, 1)


def _set(shipment: Shipment, carrier_reference: str, confidence: float, reason: str) -> None:
    shipment.carrier_reference = carrier_reference
    shipment.carrier_confidence = confidence
    shipment.carrier_reason = reason
