"""The window in which a shipment is expected: set when it is sent, and whenever a scan tells more.

A carrier's own window stands above every estimate. The first window that was told stays beside the
current one, as the promise.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shipments.arrival.destinations import destination_of
from shipments.arrival.known import arrival_table
from shipments.arrival.stages import stage_of
from shipments.arrival.table import ArrivalTable, Group
from shipments.models import ArrivalSource, Shipment
from shipments.phases import Direction, Flag
from shops.models import Shop


def expect_arrivals(shop: Shop, shipments: Iterable[Shipment], address: Mapping[str, Any]) -> None:
    """Of shipments of one order that were just sent; `address` is the order's."""
    for shipment in shipments:
        expect_arrival(shipment, arrival_table(shop), address)


def expect_arrival(
    shipment: Shipment,
    table: ArrivalTable,
    address: Mapping[str, Any],
    *,
    said: Flag = Flag.NORMAL,
    since: datetime | None = None,
    as_of: datetime | None = None,
) -> None:
    """Estimate the shipment's arrival; its caller holds its lock and saves it.

    `address` is its order's. `said` is the flag of the newest scan, `since` when the stage was
    reached (if not given, the phase), `as_of` the time at which it had not arrived (`since`).
    """
    if shipment.is_test or shipment.arrival_source == ArrivalSource.CARRIER:
        return  # a test parcel's story says itself when it arrives
    stage = stage_of(shipment.phase, said)
    since = since or shipment.phase_since
    if stage is None or since is None or shipment.direction != Direction.MERCHANT_CUSTOMER:
        return
    group = Group(
        stage=stage,
        carrier_reference=shipment.carrier_reference,
        destination=destination_of(address),
    )
    window = table.window(group, since=since, as_of=as_of or since)
    if window is None:
        return
    shipment.arrival_start, shipment.arrival_end = window.start, window.end
    if not window.is_own_history:
        shipment.arrival_source = ArrivalSource.USUAL
        return
    shipment.arrival_source = ArrivalSource.HISTORY
    if shipment.promised_end is None:
        shipment.promised_start, shipment.promised_end = window.start, window.end


def expect_nothing(shipment: Shipment) -> None:
    """Take back what was told of its arrival; its caller saves these columns."""
    for column in EXPECTED_COLUMNS:
        setattr(shipment, column, "" if column == "arrival_source" else None)


EXPECTED_COLUMNS = (
    "arrival_start",
    "arrival_end",
    "arrival_source",
    "promised_start",
    "promised_end",
)
