"""One seeded order from its placing to its delivery, by the domain's own rules.

What the shop said goes through the same models and functions as in `intake.wave`, only with times
and ids of its own; so a seeded order is stored as an upserted one, and the next upsert finds it so.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db.models.expressions import DatabaseDefault

from common.rows import Row
from events.services import Fact
from intake.inputs import UpsertInput
from orders.facts import order_fact
from orders.inputs import OrderInput, ProductInput
from orders.rows import new_order_row, order_of, product_row
from orders.states import OrderState
from seeding.ids import SeededIds
from seeding.journeys import Scan
from shipments.arrival.destinations import Destination, destination_of
from shipments.arrival.expect import expect_arrival
from shipments.arrival.table import ArrivalTable
from shipments.facts import shipment_fact
from shipments.inputs import TrackingInput
from shipments.models import Effect, Feed, Shipment
from shipments.parcels import Parcels
from shipments.scans.inputs import ScanInput
from shipments.scans.journey import Journey
from shipments.services import fulfilment_facts
from shops.models import Shop


class Story:
    """The rows of one order, as they are after what happened so far."""

    def __init__(self, shop: Shop, rng: Random, said: OrderInput, *, at: datetime) -> None:
        """The order is placed: so many drafts as parcels are expected."""
        self.ids = SeededIds(rng)
        self.language = shop.language
        self.products: Sequence[ProductInput] = said.products or ()
        self.row = {
            **new_order_row(shop, said, now=at),
            "id": self.ids.at(at),
            "cancelled_at": None,
            "created_at": at,
            "updated_at": at,
        }
        self.order = order_of(self.row)
        self.lines: list[Row] = [
            {
                **product_row(shop.id, position, product),
                "id": self.ids.at(at),
                "order_id": self.order.id,
            }
            for position, product in enumerate(self.products)
        ]
        self.parcels = Parcels(shop_id=shop.id, order_id=self.order.id, now=at)
        self.parcels.expect(self.order.expected_number_of_shipments)
        self._name_new(at)
        self.scans: list[Row] = []
        self.facts: list[tuple[datetime, Fact]] = []
        self._arrivals = ArrivalTable(zone=ZoneInfo(shop.timezone), weekdays={}, counts=())
        self.tell(at, [order_fact(self.order, "placed")])
        self._said: OrderInput | None = said
        self._trackings: Sequence[TrackingInput] = ()

    @property
    def shipments(self) -> list[Shipment]:
        return self.parcels.shipments

    @property
    def destination(self) -> Destination:
        return destination_of(self.order.address)

    def fulfil(self, trackings: Sequence[TrackingInput], *, at: datetime) -> list[Shipment]:
        """The shop sends trackings, in one upsert; answers the shipments that they made."""
        previous = OrderState(self.order.state)
        self.parcels.now = at
        self.parcels.fulfilled_now = []
        for tracking in trackings:
            self.parcels.attach(tracking)
        self._name_new(at)
        for shipment in self.parcels.fulfilled_now:
            shipment.order = self.order
            expect_arrival(shipment, self._arrivals, self.order.address)
        expected = self.order.expected_number_of_shipments
        self.order.state = self.row["state"] = self.parcels.state(expected=expected)
        self.row["updated_at"] = at
        self.tell(at, fulfilment_facts(self.order, self.parcels, previous=previous, at=at))
        self._said, self._trackings = None, trackings
        return self.parcels.fulfilled_now

    def scan(self, shipment: Shipment, scan: Scan, number: int) -> None:
        """The carrier reports; scans of one shipment come in the order of their reports.

        What follows is decided where it is for every scan; `number` is its place among them.
        """
        journey = Journey(shipment, self._arrivals, now=scan.reported_at)
        said = ScanInput.model_construct(
            event_name=scan.name,
            event_time=scan.at,
            external_id=f"{shipment.tracking_number}-{number}",
            location=scan.location,
        )
        taken = journey.take(said, feed=Feed.CARRIER, is_repeated=False)
        made_id = taken.id
        taken.row["id"] = self.ids.at(scan.reported_at)
        self.scans.append(taken.row)
        if shipment.phase_scan_id == made_id:
            shipment.phase_scan_id = taken.id
        if taken.effect is Effect.APPLIED:
            happened = (scan.name, taken.group)
            self.tell(
                scan.reported_at, [shipment_fact(shipment, happened, at=scan.at, scan_id=taken.id)]
            )

    def cancel(self, *, at: datetime) -> None:
        self.order.state = self.row["state"] = OrderState.CANCELLED
        self.row["cancelled_at"] = self.row["updated_at"] = at
        self.tell(at, [order_fact(self.order, "cancelled")])

    def order_row(self) -> Row:
        """With the digest by which intake recognises the last upsert, were it to come again."""
        if self.order.state != OrderState.CANCELLED:
            last_upsert = UpsertInput(
                id=self.order.order_number, order=self._said, trackings=list(self._trackings)
            )
            self.row["last_upsert_digest"] = last_upsert.digest()
        return self.row

    def shipment_line_rows(self) -> list[Row]:
        return [
            {**line, "id": self.ids.at(self.parcels.now)}
            for lines in self.parcels.new_lines.values()
            for line in lines
        ]

    def _name_new(self, at: datetime) -> None:
        """Shipments that were added get ids and times of ours."""
        for shipment in self.shipments:
            if isinstance(shipment.created_at, DatabaseDefault):
                shipment.id = self.ids.at(at)
                shipment.created_at = at

    def tell(self, at: datetime, facts: Sequence[Fact]) -> None:
        self.facts += [(at, fact) for fact in facts]
