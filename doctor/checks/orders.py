"""Orders: their states, their parcels and their lines."""

from collections.abc import Sequence

from doctor.check import RowCheck
from orders.models import Order
from shipments.mending import recompute_state
from shops.models import Shop

SENT = """
    CROSS JOIN LATERAL (
      SELECT count(*) AS parcels, count(s.tracking_number) AS sent FROM shipments_shipment AS s
       WHERE s.shop_id = it.shop_id AND s.order_id = it.id
    ) AS of_order
"""


def _settle(shop: Shop, subjects: Sequence[str]) -> int:
    orders = Order.objects.of(shop).filter(id__in=subjects).exclude(state="cancelled")
    return sum(recompute_state(order) for order in orders.select_related("shop"))


ORDER_STATES = RowCheck(
    name="order-states",
    title="The state of every order follows from its parcels",
    means="Searches, numbers and customers' pages say of the order what is not so.",
    advice="--mend works the state out anew. A cancelled order with a parcel that was sent is left "
    "to you: detach the tracking in the back office, or place the order anew.",
    table="orders_order",
    moment="order_placed_at",
    mend=_settle,
    statement=f"""
        SELECT it.id, it.order_number,
               concat('is ', it.state, ', and ', sent, ' of ', it.expected_number_of_shipments,
                      ' expected parcels were sent')
          FROM orders_order AS it {SENT}
         WHERE {{rows}}
           AND it.state <> CASE
                 WHEN sent = 0 AND it.state = 'cancelled' THEN 'cancelled'
                 WHEN sent = 0 THEN 'placed'
                 WHEN sent < it.expected_number_of_shipments THEN 'partially_fulfilled'
                 ELSE 'fulfilled' END
    """,
)

ORDER_PARCELS = RowCheck(
    name="order-parcels",
    title="Every order has the parcels that it expects, and none besides but sent ones",
    means="The customer's page shows too many or too few parcels that are still to come.",
    advice="--mend adds the drafts that are missing and removes those too many; parcels that were "
    "sent stay.",
    table="orders_order",
    moment="order_placed_at",
    mend=_settle,
    statement=f"""
        SELECT it.id, it.order_number,
               concat('has ', parcels, ' parcels, ', sent, ' of them sent, and expects ',
                      it.expected_number_of_shipments)
          FROM orders_order AS it {SENT}
         WHERE {{rows}} AND parcels <> greatest(it.expected_number_of_shipments, sent)
    """,
)

ORDER_LINES = RowCheck(
    name="order-lines",
    title="No line of an order is there twice",
    means="The order shows products that nobody bought.",
    advice="Send the order again: an upsert replaces its lines.",
    table="orders_order",
    moment="order_placed_at",
    statement="""
        SELECT it.id, it.order_number, concat(count(*), ' lines share their place with another')
          FROM orders_order AS it
          JOIN orders_orderline AS line ON line.shop_id = it.shop_id AND line.order_id = it.id
          JOIN orders_orderline AS other ON other.shop_id = it.shop_id AND other.order_id = it.id
           AND other.position = line.position AND other.id > line.id
         WHERE {rows}
         GROUP BY it.id, it.order_number
    """,
)
