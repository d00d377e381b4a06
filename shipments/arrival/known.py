"""The arrival tables of shops, kept in memory: an estimate in a hot path costs no query.

Once a minute, a process asks whether a shop's history was worked out anew, in one read of one row;
so it may estimate by the one before for as long.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shipments.arrival.clocks import Clock
from shipments.arrival.destinations import Destination
from shipments.arrival.durations import TOO_DEAR, Measure
from shipments.arrival.stages import Stage
from shipments.arrival.table import ArrivalTable, Group
from shipments.models import TransitHistory
from shops.models import Shop

ASKED_EVERY = 60.0
"""Seconds."""
MOST_SHOPS = 200
"""Whose tables one process keeps; one is a few MB at the most."""


@dataclass(slots=True)
class _Known:
    table: ArrivalTable
    computed_at: datetime | None
    zone: str
    asked_at: float


_known: OrderedDict[UUID, _Known] = OrderedDict()


def arrival_table(shop: Shop) -> ArrivalTable:
    known, now = _known.get(shop.id), time.monotonic()
    if known is None or known.zone != shop.timezone:
        known = _read(shop, now)
    elif now - known.asked_at >= ASKED_EVERY:
        known = _asked_again(shop, known, now)
    _known[shop.id] = known
    _known.move_to_end(shop.id)
    while len(_known) > MOST_SHOPS:
        _known.popitem(last=False)
    return known.table


def _asked_again(shop: Shop, known: _Known, now: float) -> _Known:
    versions = TransitHistory.objects.of(shop).values_list("computed_at", flat=True)
    if versions.first() != known.computed_at:
        return _read(shop, now)
    known.asked_at = now
    return known


def _read(shop: Shop, now: float) -> _Known:
    history = TransitHistory.objects.of(shop).first()
    return _Known(
        table=table_of(history, ZoneInfo(shop.timezone)),
        computed_at=history.computed_at if history else None,
        zone=shop.timezone,
        asked_at=now,
    )


def forget(shop: Shop) -> None:
    """Ask again at the next estimate."""
    _known.pop(shop.id, None)


def table_of(history: TransitHistory | None, zone: ZoneInfo) -> ArrivalTable:
    if history is None:
        return ArrivalTable(zone=zone, weekdays={}, counts=())
    return ArrivalTable(
        zone=zone,
        weekdays={(carrier, country): days for carrier, country, days in history.weekdays},
        measures={Stage(stage): _measure(*measure) for stage, *measure in history.measures},
        counts=(
            (
                Group(
                    stage=Stage(stage),
                    carrier_reference=carrier,
                    destination=Destination(country, area),
                ),
                {int(hour): count for hour, count in hours.items()},
            )
            for stage, carrier, country, area, hours in history.durations
        ),
    )


def _measure(clock: str, least: float, price: float = TOO_DEAR) -> Measure:
    """A history that was worked out before hours had a price has only the share."""
    return Measure(clock=Clock(clock), least=least, price=price)
