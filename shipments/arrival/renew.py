"""Estimates for parcels on their way that have none of their own shop's history yet."""

from functools import partial
from uuid import UUID

from django.db import transaction

from common.retry import retried
from common.rows import update_rows
from shipments.arrival.expect import EXPECTED_COLUMNS, expect_arrival
from shipments.arrival.known import arrival_table
from shipments.catalogue.meanings import meaning_of
from shipments.lookup import lock_unexpected_shipments
from shipments.models import Scan, Shipment
from shipments.phases import Direction, Flag
from shops.models import Shop

AT_ONCE = 500
_FIRST = UUID(int=0)


def expect_unexpected(shop: Shop) -> int:
    """Estimate by a history that is new; answers how many shipments have a window now.

    `updated_at` stays: nothing happened to the parcels.
    """
    expected, after = 0, _FIRST
    while True:
        ids, count = retried(partial(_expect_some, shop, after))
        if not ids:
            return expected
        expected, after = expected + count, max(ids)


@transaction.atomic
def _expect_some(shop: Shop, after: UUID, _try: int) -> tuple[list[UUID], int]:
    table = arrival_table(shop)
    shipments = lock_unexpected_shipments(shop, after=after, most=AT_ONCE)
    said = _flags(shop, shipments)
    for shipment in shipments:
        expect_arrival(
            shipment,
            table,
            shipment.order.address,
            said=said.get(shipment.phase_scan_id, Flag.NORMAL),
            as_of=shipment.last_scan_at,
        )
    expected = [shipment for shipment in shipments if shipment.arrival_end]
    update_rows(
        Shipment,
        [
            {
                "id": shipment.id,
                "shop_id": shop.id,
                **{column: getattr(shipment, column) for column in EXPECTED_COLUMNS},
            }
            for shipment in expected
        ],
    )
    return [shipment.id for shipment in shipments], len(expected)


def _flags(shop: Shop, shipments: list[Shipment]) -> dict[UUID | None, Flag]:
    """What the newest scan of each shipment says by itself, by the scan's id."""
    ids = [shipment.phase_scan_id for shipment in shipments if shipment.phase_scan_id]
    names = Scan.objects.of(shop).filter(id__in=ids).values_list("id", "event_name")
    meanings = {scan: meaning_of(name, Direction.MERCHANT_CUSTOMER) for scan, name in names}
    return {scan: meaning.flag for scan, meaning in meanings.items() if meaning}
