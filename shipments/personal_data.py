"""What shipments, scans and the audit of edits hold of customers.

What carriers say of a parcel as such stays: its number, phases and times. Where it was handed over,
and to whom, goes.
"""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

_OF_SHIPMENTS = """held.shipment_id IN (
    SELECT id FROM shipments_shipment AS s
     WHERE s.shop_id = %(shop)s AND s.order_id = ANY(%(orders)s))"""

HELD = (
    Held(
        what=_("Shipments"),
        table="shipments_shipment",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={
            "tracking_url": "''",
            "pickup": "CASE WHEN pickup IS NOT NULL THEN"
            " jsonb_build_object('type', pickup -> 'type', 'name', NULL, 'address', NULL,"
            " 'url', NULL, 'opening_hours', NULL, 'date_to', NULL) END",
        },
    ),
    Held(
        what=_("Lines of shipments"),
        table="shipments_shipmentline",
        rows=_OF_SHIPMENTS,
    ),
    Held(
        what=_("Scans"),
        table="shipments_scan",
        rows=_OF_SHIPMENTS,
        becomes={"location": "''", "additional_info": "''"},
    ),
    Held(
        what=_("Edits by people, in the audit"),
        table="auditlog_logentry",
        of_shop="held.additional_data ->> 'shop' = %(shop)s::text",
        rows="""held.id IN (
            SELECT edit.id FROM auditlog_logentry AS edit
             WHERE edit.object_pk = ANY(%(orders)s::text[])
            UNION
            SELECT edit.id FROM shipments_shipment AS s
              JOIN auditlog_logentry AS edit ON edit.object_pk = s.id::text
             WHERE s.shop_id = %(shop)s AND s.order_id = ANY(%(orders)s)
            UNION
            SELECT edit.id FROM auditlog_logentry AS edit
             WHERE edit.additional_data ->> 'order' = ANY(%(orders)s::text[]) AND edit.cid IN (
                SELECT same.cid FROM auditlog_logentry AS same
                 WHERE same.object_pk = ANY(%(orders)s::text[])))""",
        becomes={
            "changes": """coalesce((SELECT jsonb_object_agg(field, CASE jsonb_typeof(change)
                WHEN 'array' THEN '["•••", "•••"]' ELSE change END)
                FROM jsonb_each(changes) AS each(field, change)), changes)""",
            "changes_text": "''",
            "serialized_data": "NULL",
        },
        untold=("remote_addr", "remote_port", "actor_email"),
    ),
)
