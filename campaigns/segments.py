"""The segments of an order at its fulfilment, which say what its customer is shown.

They are the order's own until they change after its first parcel was sent; only then the earlier
ones are kept beside it. So what was never changed costs nothing, neither to write nor to keep.
"""

from collections.abc import Sequence
from uuid import UUID

from campaigns.models import FulfilledSegments
from common.ids import new_id
from common.rows import insert_new_rows
from orders.models import Order
from shops.models import Shop


def keep_segments(shop: Shop, earlier: Sequence[tuple[UUID, Sequence[str]]]) -> None:
    """Of orders that were fulfilled already: id, and the segments before they changed.

    The first ones kept stay. One statement, and none for none.
    """
    insert_new_rows(
        FulfilledSegments,
        [
            {
                "id": new_id(),
                "shop_id": shop.id,
                "order_id": order_id,
                "segments": list(segments),
            }
            for order_id, segments in earlier
        ],
    )


def segments_at_fulfilment(shop: Shop, order: Order) -> list[str]:
    """Before the fulfilment, the segments that it has now."""
    kept = FulfilledSegments.objects.of(shop).filter(order_id=order.id)
    found = kept.values_list("segments", flat=True).first()
    return list(order.segments if found is None else found)
