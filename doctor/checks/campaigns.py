"""Which campaign brought an order: only where something still says so."""

from collections.abc import Sequence
from uuid import UUID

from campaigns.attribution import attribute_edited
from doctor.check import RowCheck
from orders.models import Order
from shops.models import Shop


def _attribute(shop: Shop, subjects: Sequence[str]) -> int:
    orders = Order.objects.of(shop).filter(id__in=[UUID(subject) for subject in subjects])
    for order in orders.select_related("shop"):
        attribute_edited(order)
    return len(subjects)


ATTRIBUTIONS = RowCheck(
    name="attributions",
    title="An order counts as a campaign's only where the order says something of it",
    means="Revenue is counted for a campaign that did not bring it.",
    advice="--mend finds out anew which campaign brought the order, if one did.",
    table="orders_order",
    moment="order_placed_at",
    mend=_attribute,
    statement="""
        SELECT it.id, it.order_number, concat('counts as brought by ', campaign.code, ' by its ',
                                              attribution.way, ', which says nothing')
          FROM orders_order AS it
          JOIN campaigns_attribution AS attribution
            ON attribution.shop_id = it.shop_id AND attribution.order_id = it.id
          JOIN campaigns_campaign AS campaign
            ON campaign.shop_id = attribution.shop_id AND campaign.id = attribution.campaign_id
         WHERE {rows}
           AND CASE attribution.way WHEN 'discount' THEN it.discounts = '[]'::jsonb
                                    ELSE it.order_analytics = '{{}}'::jsonb END
    """,
)
