"""What the page of an order says of the campaign that brought it."""

from dataclasses import dataclass

from campaigns.models import Attribution
from orders.models import Order
from shops.models import Shop


@dataclass(frozen=True, kw_only=True)
class BroughtBy:
    attribution: Attribution
    referring_order: Order | None
    """On whose page the link was clicked, if that is known and it is still there."""


def brought_by(shop: Shop, order: Order) -> BroughtBy | None:
    rows = Attribution.objects.of(shop).filter(order=order, campaign__shop=shop)
    attribution = rows.select_related("campaign").first()
    if attribution is None:
        return None
    referring = None
    if attribution.referring_order_id is not None:
        orders = Order.objects.of(shop).only("id", "order_number")
        referring = orders.filter(id=attribution.referring_order_id).first()
    return BroughtBy(attribution=attribution, referring_order=referring)
