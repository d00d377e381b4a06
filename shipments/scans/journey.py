"""One shipment and the scans that arrive of it: the rules of phases, without a database.

Carriers report late, twice and out of order. The phase is that of the newest scan by the time it
was made; an older one is kept and shown, but moves nothing back (the contract's section 4).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.ids import new_id
from common.rows import Row
from shipments.arrival.expect import expect_arrival
from shipments.arrival.table import ArrivalTable
from shipments.catalogue.meanings import Meaning, meaning_of
from shipments.errors import ShipmentIsDraft
from shipments.models import ArrivalSource, Effect, Feed, Shipment
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase
from shipments.scans.inputs import PickupInput, ScanInput

MOVED_COLUMNS = (
    "phase",
    "direction",
    "flag",
    "phase_since",
    "phase_scan_id",
    "last_scan_at",
    "delivered_at",
    "pickup",
    "arrival_start",
    "arrival_end",
    "arrival_source",
    "promised_start",
    "promised_end",
    "updated_at",
)
"""What a scan may change of its shipment."""

WITH_PICKUP = {Phase.COLLECT, Phase.DELIVERED}
OWN_NAME_GROUP = "shipment_internal_trigger"
"""Of names that are no catalogue's: told to those who asked for everything, and nobody else."""

RANKS = {phase: rank for rank, phase in enumerate(Phase)}


@dataclass(frozen=True, slots=True)
class Taken:
    """A scan as it was taken: its row, and the group that its event belongs to."""

    row: Row
    group: str

    @property
    def id(self) -> UUID:
        scan_id: UUID = self.row["id"]
        return scan_id

    @property
    def effect(self) -> Effect:
        return Effect(self.row["effect"])


class Journey:
    """Applies scans to `shipment`, which its caller holds the lock of and saves."""

    def __init__(self, shipment: Shipment, arrivals: ArrivalTable, *, now: datetime) -> None:
        """`arrivals`: what the shop's earlier deliveries say of this one."""
        self.shipment = shipment
        self.arrivals = arrivals
        self.now = now
        self.has_changed = False

    def take(self, said: ScanInput, *, feed: Feed, is_repeated: bool) -> Taken:
        """`is_repeated`: the same was reported before, under another `external_id`."""
        meaning = meaning_of(said.event_name, Direction(self.shipment.direction))
        phase = Phase(self.shipment.phase) if meaning is None else meaning.phase
        if self.shipment.is_draft and phase != Phase.ORDER_CREATED:
            raise ShipmentIsDraft(
                "The shipment has no tracking number yet; attach it before its scans."
            )
        effect = self._effect(said.event_time, phase, is_repeated=is_repeated)
        row = {
            "id": new_id(),
            "shop_id": self.shipment.shop_id,
            "shipment_id": self.shipment.id,
            "external_id": said.external_id,
            "event_name": said.event_name,
            "event_time": said.event_time,
            "timezone": said.timezone or "",
            "location": said.location or "",
            "additional_info": said.additional_info or "",
            "phase": phase,
            "effect": effect,
            "feed": feed,
            "received_at": self.now,
        }
        if effect is Effect.APPLIED:
            self._apply(said, row["id"], meaning)
        return Taken(row=row, group=meaning.group if meaning else OWN_NAME_GROUP)

    def _effect(self, at: datetime, phase: Phase, *, is_repeated: bool) -> Effect:
        if is_repeated:
            return Effect.DUPLICATE
        newest = self.shipment.last_scan_at
        if newest is None:
            return Effect.APPLIED
        current = (newest, RANKS[Phase(self.shipment.phase)])
        return Effect.APPLIED if (at, RANKS[phase]) >= current else Effect.LATE

    def _apply(self, said: ScanInput, scan_id: UUID, meaning: Meaning | None) -> None:
        shipment = self.shipment
        shipment.updated_at = self.now
        self.has_changed = True
        self._expect(said)
        if meaning is None:
            if said.estimated_arrival is not None and shipment.flag == Flag.DELAY:
                shipment.flag = self._flag(Flag.NORMAL, is_overdue=self._is_overdue())
            return
        was = (shipment.phase, shipment.flag)
        shipment.last_scan_at = said.event_time
        shipment.phase_scan_id = scan_id
        self._turn(meaning.direction)
        is_overdue = self._is_overdue()
        self._enter(phase_reached(shipment, meaning.phase), at=said.event_time)
        shipment.pickup = self._pickup(said.pickup, meaning, at_location=said.location)
        shipment.flag = self._flag(meaning.flag, is_overdue=is_overdue)
        self._estimate(meaning, at=said.event_time, is_new=was != (shipment.phase, shipment.flag))

    def _turn(self, direction: Direction) -> None:
        """On the way back, nobody waits any more for what was expected on the way out."""
        shipment = self.shipment
        if shipment.direction != direction and shipment.arrival_end is not None:
            shipment.arrival_start = shipment.arrival_end = None
            shipment.arrival_source = ""
        shipment.direction = direction

    def _estimate(self, meaning: Meaning, *, at: datetime, is_new: bool) -> None:
        """Anew where the scan tells more: another stage, or not yet arrived though it could be."""
        shipment = self.shipment
        could_be_there = shipment.arrival_start is None or shipment.arrival_start <= at
        if is_new or could_be_there:
            expect_arrival(
                shipment,
                self.arrivals,
                shipment.order.address,
                said=meaning.flag,
                since=at if is_new else shipment.phase_since,
                as_of=at,
            )

    def _enter(self, phase: Phase, *, at: datetime) -> None:
        shipment = self.shipment
        if phase == shipment.phase:
            return
        shipment.phase = phase
        shipment.phase_since = at
        if phase not in RETURN_PHASES:  # what comes back was delivered all the same
            shipment.delivered_at = at if phase == Phase.DELIVERED else None

    def _expect(self, said: ScanInput) -> None:
        """The carrier's own window; the first one told is kept as the promise."""
        shipment, window = self.shipment, said.estimated_arrival
        if window is None:
            return
        shipment.arrival_start, shipment.arrival_end = window.start, window.end
        shipment.arrival_source = ArrivalSource.CARRIER
        if shipment.promised_end is None:
            shipment.promised_start, shipment.promised_end = window.start, window.end

    def _pickup(
        self, said: PickupInput | None, meaning: Meaning, *, at_location: str | None
    ) -> dict[str, Any] | None:
        """What is said of the place, beside what the event's name says and what was known."""
        if self.shipment.phase not in WITH_PICKUP:
            return None
        kept = self.shipment.pickup or {}
        if said is None and meaning.pickup is None:
            return kept or None
        place = said.model_dump(mode="json") if said else dict.fromkeys(PickupInput.model_fields)
        place["type"] = place["type"] or meaning.pickup or kept.get("type")
        place["name"] = place["name"] or kept.get("name") or at_location
        return place

    def _is_overdue(self) -> bool:
        """By its window, or by the promise: a new estimate of ours does not excuse a delay."""
        shipment = self.shipment
        own = [shipment.promised_end]
        own += [shipment.arrival_end] if shipment.arrival_source == ArrivalSource.HISTORY else []
        is_carriers = shipment.arrival_source == ArrivalSource.CARRIER
        ends = [shipment.arrival_end] if is_carriers else own
        return any(end is not None and end < self.now for end in ends)

    def _flag(self, flag: Flag, *, is_overdue: bool) -> Flag:
        """What the scan says; a parcel that is delayed stays so past its window, whatever moves it.

        One that was not yet is flagged by `shipments.arrival.overdue`, which tells of it.
        """
        stays = is_overdue and self.shipment.flag == Flag.DELAY and self.shipment.is_on_its_way
        return Flag.DELAY if flag is Flag.NORMAL and stays else flag


def phase_reached(shipment: Shipment, phase: Phase) -> Phase:
    """A parcel with a tracking number is announced at the least, whatever is said of its order."""
    if phase == Phase.ORDER_CREATED and not shipment.is_draft:
        return Phase.ORDER_PROCESSED
    return phase
