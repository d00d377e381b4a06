"""The event log: every change has its fact, and every fact is of something that there is.

Events of rows from before what is kept of them may be gone, so those rows are passed over.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from doctor.check import RowCheck
from doctor.checks.kept_events import events_kept_from
from events.models import Event
from events.services import record
from orders.facts import order_fact
from orders.lookup import lock_order
from orders.models import Order
from orders.states import OrderState
from shipments.facts import ATTACHED, shipment_fact
from shipments.lookup import LockedShipments
from shops.models import Shop

_OF_STATES = {OrderState.FULFILLED: "fulfilled", OrderState.CANCELLED: "cancelled"}


def _tell_of_orders(shop: Shop, subjects: Sequence[str]) -> int:
    return sum(_tell_of_order(shop, UUID(subject)) for subject in subjects)


@transaction.atomic
def _tell_of_order(shop: Shop, order_id: UUID) -> bool:
    order: Order = lock_order(shop, order_id)
    told = set(
        Event.objects.of(shop).filter(order_id=order.id).values_list("ref", flat=True).distinct()
    )
    happened = ["placed", *filter(None, [_OF_STATES.get(OrderState(order.state))])]
    missing = [one for one in happened if f"orders/{one}" not in told]
    record(shop, [order_fact(order, one) for one in missing])
    return bool(missing)


def _tell_of_trackings(shop: Shop, subjects: Sequence[str]) -> int:
    return sum(_tell_of_tracking(shop, UUID(subject)) for subject in subjects)


@transaction.atomic
def _tell_of_tracking(shop: Shop, shipment_id: UUID) -> bool:
    locked = LockedShipments(shop, ids=[shipment_id]).all()
    missing = [s for s in locked if not s.is_draft and not _is_told(shop, s.order_id, s.id)]
    facts = [shipment_fact(s, ATTACHED, at=s.tracking_placed_at or s.updated_at) for s in missing]
    record(shop, facts)
    return bool(facts)


def _is_told(shop: Shop, order_id: UUID, shipment_id: UUID) -> bool:
    events = Event.objects.of(shop).filter(order_id=order_id, shipment_id=shipment_id)
    return events.filter(ref__endswith=f"/{ATTACHED[0]}").exists()


ORDER_EVENTS = RowCheck(
    name="order-events",
    title="Every order has told once that it was placed, and of its end",
    means="Webhooks and notices were never told, or were told twice.",
    advice="--mend tells what is missing, now: subscribers hear of it late rather than never. "
    "What was told twice stays; receivers know it by its event_id.",
    table="orders_order",
    moment="order_placed_at",
    mend=_tell_of_orders,
    known_now=events_kept_from,
    statement="""
        SELECT it.id, it.order_number,
               concat('is ', it.state, ', and told ', placed, ' times that it was placed, ',
                      fulfilled, ' that it is fulfilled, ', cancelled, ' that it is cancelled')
          FROM orders_order AS it
         CROSS JOIN LATERAL (
           SELECT count(*) FILTER (WHERE ref = 'orders/placed') AS placed,
                  count(*) FILTER (WHERE ref = 'orders/fulfilled') AS fulfilled,
                  count(*) FILTER (WHERE ref = 'orders/cancelled') AS cancelled
             FROM events_event AS event
            WHERE event.shop_id = it.shop_id AND event.order_id = it.id
         ) AS told
         WHERE {rows} AND it.id >= %(kept_from)s
           AND (placed <> 1 OR (it.state = 'fulfilled' AND fulfilled = 0)
             OR cancelled <> (it.state = 'cancelled')::int)
    """,
)

TRACKING_EVENTS = RowCheck(
    name="tracking-events",
    title="Every tracking has told once that it was attached",
    means="Webhooks and notices were never told that the parcel was sent, or were told twice.",
    advice="--mend tells what is missing, now. What was told twice stays.",
    table="shipments_shipment",
    moment="created_at",
    mend=_tell_of_trackings,
    known_now=events_kept_from,
    statement="""
        SELECT it.id, it.tracking_number, concat('told ', attached, ' times that it was attached')
          FROM shipments_shipment AS it
         CROSS JOIN LATERAL (
           SELECT count(*) FILTER (WHERE event.ref LIKE '%%/ORDER_IN_PROCESSING'
                    AND event.event_data ->> 'tracking_number' = it.tracking_number
                    AND NOT EXISTS (SELECT FROM shipments_scan AS scan
                                     WHERE scan.shop_id = it.shop_id AND scan.id = event.id)
                  ) AS attached,
                  count(*) FILTER (WHERE event.ref LIKE '%%/ORDER_IN_PROCESSING') AS said,
                  count(*) FILTER (WHERE event.ref LIKE '%%/TRACKING_DETACHED') AS detached
             FROM events_event AS event
            WHERE event.shop_id = it.shop_id AND event.order_id = it.order_id
              AND event.shipment_id = it.id
         ) AS told
         WHERE {rows} AND it.id >= %(kept_from)s AND it.tracking_number IS NOT NULL
           AND (said = 0 OR attached > 1 + detached)
    """,
)

SCAN_EVENTS = RowCheck(
    name="scan-events",
    title="Every scan that moved a parcel has its event, under its own id",
    means="Webhooks and notices were never told of what the carrier reported.",
    advice="Tell the receivers that are concerned; the scan itself is kept and shown.",
    table="shipments_shipment",
    moment="created_at",
    known_now=events_kept_from,
    statement="""
        SELECT it.id, it.tracking_number, concat(count(*), ' scans have no event')
          FROM shipments_shipment AS it
          JOIN shipments_scan AS scan
            ON scan.shop_id = it.shop_id AND scan.shipment_id = it.id AND scan.effect = 'applied'
         WHERE {rows} AND scan.id >= %(kept_from)s
           AND NOT EXISTS (SELECT FROM events_event AS event
                            WHERE event.shop_id = it.shop_id AND event.id = scan.id)
         GROUP BY it.id, it.tracking_number
    """,
)

EVENT_SUBJECTS = RowCheck(
    name="event-subjects",
    title="Every event is of an order that there is, and its ref says its source",
    means="Links in webhooks and in the log lead nowhere.",
    advice="Rows were deleted past the services. Restore them from a backup, or leave the event.",
    table="events_event",
    moment="created_at",
    statement="""
        SELECT it.id, it.ref, concat('is of order ', it.order_id, ', which is missing, or of no ',
                                     it.source)
          FROM events_event AS it
          LEFT JOIN orders_order AS o ON o.shop_id = it.shop_id AND o.id = it.order_id
         WHERE {rows}
           AND ((it.order_id IS NOT NULL AND o.id IS NULL)
             OR split_part(it.ref, '/', 1) <> it.source)
    """,
)

CLAIM_EVENTS = RowCheck(
    name="claim-events",
    title="Every claim has told once that it was filed",
    means="Webhooks and notices were never told of the claim, or were told twice.",
    advice="Tell the receivers that are concerned; the claim itself is kept and shown.",
    table="claims_claim",
    moment="created_at",
    known_now=events_kept_from,
    statement="""
        SELECT it.id, it.id, concat('told ', told.created, ' times that it was filed')
          FROM claims_claim AS it
         CROSS JOIN LATERAL (
           SELECT count(*) AS created FROM events_event AS event
            WHERE event.shop_id = it.shop_id AND event.order_id = it.order_id
              AND event.ref = 'claims/created' AND event.event_data ->> 'claim_id' = it.id::text
         ) AS told
         WHERE {rows} AND it.id >= %(kept_from)s AND told.created <> 1
    """,
)
