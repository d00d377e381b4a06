"""What the event log holds of customers. What happened stays; what somebody wrote of it goes."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

_STAYS = (
    "order_id",
    "order_number",
    "external_id",
    "shipment_id",
    "claim_id",
    "event_id",
    "event_name",
    "event_group",
    "event_time",
    "created_at",
    "updated_at",
    "state",
    "phase",
    "status",
    "reason",
    "resolution_preference",
    "carrier_reference",
    "tracking_number",
    "expected_number_of_shipments",
    "changed",
)
"""Of `event_data`; whatever else is there, now or later, is emptied."""


def what_stays(event_data: str) -> str:
    """SQL of what erasing leaves of that `event_data`, which is SQL too."""
    return f"""coalesce((SELECT jsonb_object_agg(name, CASE
        WHEN name = ANY('{{{",".join(_STAYS)}}}') THEN value
        WHEN jsonb_typeof(value) = 'array' THEN '[]'
        ELSE 'null' END)
        FROM jsonb_each({event_data}) AS each(name, value)), '{{}}')"""


HELD = (
    Held(
        what=_("Events"),
        table="events_event",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={"event_data": what_stays("event_data")},
    ),
)
