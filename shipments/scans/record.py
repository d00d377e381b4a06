"""Taking in scans, one or a thousand: one transaction, one statement per table."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from common.counters import SCANS, counter
from common.errors import DomainError
from common.retry import retried
from common.rows import DOCUMENT, Row, insert_rows, update_rows
from common.statements import pipelined, prepared_cursor
from events.services import Fact, record
from shipments.arrival.known import arrival_table
from shipments.errors import ShipmentNotFound
from shipments.facts import shipment_fact
from shipments.lookup import LockedShipments
from shipments.models import Effect, Feed, Scan, Shipment
from shipments.scans.inputs import ReportedScan, ScanInput
from shipments.scans.journey import MOVED_COLUMNS, Journey, Taken
from shops.models import Shop

REUSED_AFTER = timedelta(days=180)
"""Carriers give a number again after a while: a scan is of parcels handed over not longer ago."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedScan:
    """What became of a reported scan at one shipment."""

    shipment: Shipment
    scan: Row
    """The row of `Scan`, as it is stored."""
    is_new: bool
    """Off: it had been reported already, under the same `external_id`."""
    fact: Fact | None = None
    """What the event log says of it; nothing of a scan that was not applied."""

    @property
    def effect(self) -> Effect:
        return Effect(self.scan["effect"]) if self.is_new else Effect.DUPLICATE


Results = dict[int, list[RecordedScan] | DomainError]


def record_scan(shipment: Shipment, said: ScanInput, *, feed: Feed) -> RecordedScan:
    """Raises `ShipmentIsDraft`, or `ShipmentNotFound` when it is gone meanwhile."""
    reported = ReportedScan.model_construct(**dict(said), shipment_id=shipment.id)
    [result] = record_scans(shipment.shop, {0: reported}, feed=feed).values()
    if isinstance(result, DomainError):
        raise result
    return result[0]


def record_scans(shop: Shop, items: Mapping[int, ReportedScan], *, feed: Feed) -> Results:
    """For each item by its index what became of it: at its shipment or, where several orders
    share a parcel's number, at each of theirs; or what refused it. A bad item costs only itself.
    """
    results = retried(lambda _: _record(shop, items, feed))
    effects = Counter(effect for result in results.values() for effect in _effects(result))
    for effect, number in effects.items():
        counter(SCANS, effect).inc(number)
    return results


def _effects(result: list[RecordedScan] | DomainError) -> list[str]:
    return ["refused"] if isinstance(result, DomainError) else [str(one.effect) for one in result]


@transaction.atomic
def _record(shop: Shop, items: Mapping[int, ReportedScan], feed: Feed) -> Results:
    with pipelined():
        locked = _lock(shop, items.values())
        asked = _ask_for_same(shop, items.values())
    shipments, kept = _Shipments(locked.all()), _Kept(asked)
    now = timezone.now()
    table = arrival_table(shop)
    journeys = {s.id: Journey(s, table, now=now) for s in shipments.all}
    results: Results = {}
    in_time = sorted(items, key=lambda index: (items[index].event_time, index))
    with pipelined():
        for start in range(0, len(in_time), DOCUMENT):
            scans: list[Row] = []
            facts: list[Fact] = []
            for index in in_time[start : start + DOCUMENT]:
                said = items[index]
                try:
                    recorded = [
                        _take(journeys[shipment.id], said, kept, feed)
                        for shipment in shipments.meant_by(said)
                    ]
                except DomainError as refusal:
                    results[index] = refusal
                    continue
                results[index] = recorded
                for one in recorded:
                    if one.is_new:
                        scans.append(one.scan)
                    if one.fact is not None:
                        facts.append(one.fact)
            # PostgreSQL writes these while the next ones are applied.
            insert_rows(Scan, scans)
            record(shop, facts)
        update_rows(Shipment, [_moved(j.shipment) for j in journeys.values() if j.has_changed])
    return {index: results[index] for index in items}


def _take(journey: Journey, said: ScanInput, kept: "_Kept", feed: Feed) -> RecordedScan:
    shipment = journey.shipment
    if shipment.order.erased_at is not None:
        said = said.of_nobody()
    known = kept.same(shipment, said)
    if known is not None:
        return RecordedScan(shipment=shipment, scan=known, is_new=False)
    taken = journey.take(said, feed=feed, is_repeated=kept.is_repeated(shipment, said))
    kept.add(taken.row)
    fact = _fact(shipment, said, taken) if taken.effect is Effect.APPLIED else None
    return RecordedScan(shipment=shipment, scan=taken.row, is_new=True, fact=fact)


def _fact(shipment: Shipment, said: ScanInput, taken: Taken) -> Fact:
    happened = (said.event_name, taken.group)
    return shipment_fact(shipment, happened, at=said.event_time, scan_id=taken.id)


def _lock(shop: Shop, said: Iterable[ReportedScan]) -> LockedShipments:
    ids, numbers = set(), set()
    for scan in said:
        if scan.shipment_id is not None:
            ids.add(scan.shipment_id)
        elif scan.tracking_number is not None:
            numbers.add(scan.tracking_number)
    return LockedShipments(shop, ids=ids, tracking_numbers=numbers)


class _Shipments:
    """Those that the scans are of, locked until the transaction ends."""

    def __init__(self, locked: list[Shipment]) -> None:
        self.all = locked
        self._by_id = {shipment.id: shipment for shipment in locked}
        self._by_number: dict[str, list[Shipment]] = defaultdict(list)
        for shipment in locked:
            self._by_number[shipment.tracking_number or ""].append(shipment)

    def meant_by(self, said: ReportedScan) -> list[Shipment]:
        """Raises `ShipmentNotFound`; another shop's is as missing as none at all."""
        if said.shipment_id is not None:
            shipment = self._by_id.get(said.shipment_id)
            if shipment is None:
                raise ShipmentNotFound(f"There is no shipment {said.shipment_id} in this shop.")
            return [shipment]
        found = [
            shipment
            for shipment in self._by_number.get(said.tracking_number or "", ())
            if shipment.tracking_placed_at
            and shipment.tracking_placed_at > said.event_time - REUSED_AFTER
        ]
        if not found:
            raise ShipmentNotFound(
                f"No shipment of the last {REUSED_AFTER.days} days in this shop has the "
                f"tracking number {said.tracking_number}."
            )
        return found


def _ask_for_same(shop: Shop, said: Iterable[ReportedScan]) -> list[CursorWrapper]:
    """For the scans kept already that those now reported may repeat."""
    by_id: list[Row] = []
    by_number: list[Row] = []
    for scan in said:
        (by_number if scan.shipment_id is None else by_id).append(_question(scan))
    cursors = []
    for statement, asked in ((_SAME_BY_ID, by_id), (_SAME_BY_NUMBER, by_number)):
        if asked:
            cursor = prepared_cursor()
            cursor.execute(statement, [orjson.dumps(asked).decode(), shop.id])
            cursors.append(cursor)
    return cursors


class _Kept:
    """What was reported before of these shipments that a scan now reported may repeat."""

    def __init__(self, asked: Iterable[CursorWrapper]) -> None:
        self._by_external_id: dict[tuple[UUID, str], Row] = {}
        self._happenings: set[tuple[Any, ...]] = set()
        for cursor in asked:
            for row in cursor.fetchall():
                self.add(dict(zip(_SCAN_COLUMNS, row, strict=True)))

    def same(self, shipment: Shipment, said: ScanInput) -> Row | None:
        return self._by_external_id.get((shipment.id, said.external_id))

    def is_repeated(self, shipment: Shipment, said: ScanInput) -> bool:
        """Two feeds may report one thing, each under an id of its own."""
        happening = (shipment.id, said.event_name, said.event_time, said.location or "")
        return happening in self._happenings

    def add(self, scan: Row) -> None:
        self._by_external_id[scan["shipment_id"], scan["external_id"]] = scan
        self._happenings.add(
            (scan["shipment_id"], scan["event_name"], scan["event_time"], scan["location"])
        )


_SCAN_COLUMNS = tuple(field.attname for field in Scan._meta.concrete_fields)
_SENT = (
    f"SELECT DISTINCT {', '.join(f'k.{column}' for column in _SCAN_COLUMNS)} "
    "FROM jsonb_to_recordset(%s::jsonb) AS sent(shipment_id uuid, tracking_number text, "
    "external_id text, event_name text, event_time timestamptz) "
)
_SAME = (
    "(k.external_id = sent.external_id"
    " OR (k.event_time = sent.event_time AND k.event_name = sent.event_name))"
)
_SAME_BY_ID = (
    f"{_SENT} JOIN shipments_scan AS k"
    f" ON k.shop_id = %s AND k.shipment_id = sent.shipment_id AND {_SAME}"
)
_SAME_BY_NUMBER = (
    f"{_SENT} JOIN shipments_shipment AS s"
    " ON s.shop_id = %s AND s.tracking_number = sent.tracking_number "
    f"JOIN shipments_scan AS k ON k.shop_id = s.shop_id AND k.shipment_id = s.id AND {_SAME}"
)


def _question(said: ReportedScan) -> Row:
    return {
        "shipment_id": said.shipment_id,
        "tracking_number": said.tracking_number,
        "external_id": said.external_id,
        "event_name": said.event_name,
        "event_time": said.event_time,
    }


def _moved(shipment: Shipment) -> Row:
    return dict(zip(_MOVED, _moved_values(shipment), strict=True))


_MOVED = ("id", "shop_id", *MOVED_COLUMNS)
_moved_values = attrgetter(*_MOVED)
