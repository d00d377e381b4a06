"""Where parcels wait, in words."""

from django import template

from shipments.phases import PickupType

register = template.Library()


@register.filter
def pickup_kind(kind: str) -> str:
    return str(PickupType(kind).label) if kind in PickupType else kind
