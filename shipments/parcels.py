"""The parcels of one order, in memory: the rules of drafts and trackings, without a database.

`load_parcels` brings them, `save_parcels` writes what changed, in one statement per table however
many orders they belong to. The caller holds the orders' locks (`orders.lookup.find_orders`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField
from django.utils.translation import gettext as _

from common.ids import new_id
from common.rows import Row, delete_rows, insert_rows, update_rows
from orders.inputs import ProductInput
from orders.models import Order
from orders.rows import PRODUCT_COLUMNS, product_row, same_products
from orders.states import OrderState, state_from_shipments
from shipments.carrier_choice import (
    choose_as_said,
    choose_by_hand,
    choose_by_match,
    destination_of,
)
from shipments.errors import ShipmentNotFound
from shipments.inputs import TrackingInput
from shipments.models import Scan, Shipment, ShipmentLine
from shipments.phases import Direction, Flag, Phase
from shops.models import Shop

_COLUMNS = (
    "id",
    "shop_id",
    "order_id",
    "position",
    "tracking_number",
    "tracking_company",
    "tracking_url",
    "tracking_placed_at",
    "external_shipment_id",
    "carrier_reference",
    "carrier_confidence",
    "carrier_reason",
    "is_carrier_corrected",
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
    "is_test",
    "has_own_lines",
    "updated_at",
)

_BLANK = {
    field.attname: "" if isinstance(field, CharField) and not field.null else field.get_default()
    for field in Shipment._meta.concrete_fields
} | {"phase": Phase.ORDER_CREATED, "direction": Direction.MERCHANT_CUSTOMER, "flag": Flag.NORMAL}
"""A draft of which nothing is known."""
_ATTRIBUTES = list(_BLANK)

_OF_ITS_TRACKING = (
    "tracking_number",
    "tracking_placed_at",
    "phase_since",
    "phase_scan_id",
    "last_scan_at",
    "delivered_at",
    "pickup",
    "arrival_start",
    "arrival_end",
    "promised_start",
    "promised_end",
)
"""What goes with a tracking number when it is detached."""


@dataclass(kw_only=True)
class Parcels:
    """One order's shipments by position, and what became of them since they were loaded."""

    shop_id: UUID
    order_id: UUID
    now: datetime
    country_code: str = ""
    """Where the order goes, as far as its address says."""
    is_nobodys: bool = False
    """The customer was erased: links as sent, which may name them, are not kept."""
    shipments: list[Shipment] = field(default_factory=list)
    own_lines: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)

    added: dict[UUID, Shipment] = field(default_factory=dict)
    changed: dict[UUID, Shipment] = field(default_factory=dict)
    removed: list[UUID] = field(default_factory=list)
    detached: list[UUID] = field(default_factory=list)
    new_lines: dict[UUID, list[Row]] = field(default_factory=dict)
    """The whole new content of shipments whose lines are replaced."""
    fulfilled_now: list[Shipment] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.new_lines)

    def fulfilled(self) -> list[Shipment]:
        return [shipment for shipment in self.shipments if not shipment.is_draft]

    def drafts(self) -> list[Shipment]:
        return [shipment for shipment in self.shipments if shipment.is_draft]

    def state(self, *, expected: int) -> OrderState:
        return state_from_shipments(fulfilled=len(self.fulfilled()), expected=expected)

    def one(self, shipment_id: UUID) -> Shipment:
        for shipment in self.shipments:
            if shipment.id == shipment_id:
                return shipment
        raise ShipmentNotFound(_("This order has no such shipment (any more)."))

    def attach(self, tracking: TrackingInput) -> None:
        """The first draft becomes this tracking's shipment; without one, there is a new shipment.

        A number that the order has already, however it is spelled, updates that shipment.
        """
        known = next((s for s in self.shipments if tracking.is_of(s.tracking_number)), None)
        if known is not None:
            self._update(known, tracking)
            return
        drafts = self.drafts()
        shipment = drafts[0] if drafts else self._add()
        shipment.tracking_number = tracking.tracking_number
        shipment.tracking_placed_at = tracking.tracking_placed_at or self.now
        shipment.phase = Phase.ORDER_PROCESSED
        shipment.phase_since = shipment.tracking_placed_at
        self._say(shipment, tracking)
        choose_by_match(shipment, country_code=self.country_code)
        if tracking.products is not None:
            self.replace_lines(shipment, tracking.products)
        self.note_change(shipment)
        self.fulfilled_now.append(shipment)

    def expect(self, expected: int) -> None:
        """As many drafts as are missing to the expected number; fulfilled shipments stay."""
        drafts = self.drafts()
        missing = max(0, expected - len(self.fulfilled())) - len(drafts)
        for _number in range(missing):
            self._add()
        for shipment in drafts[missing:] if missing < 0 else ():
            self._remove(shipment)

    def detach(self, shipment: Shipment) -> None:
        """Take a wrong tracking off: the shipment is a draft again, and knows of no scan."""
        self.detached.append(shipment.id)
        for column in _OF_ITS_TRACKING:
            setattr(shipment, column, None)
        shipment.phase = Phase.ORDER_CREATED
        shipment.direction = Direction.MERCHANT_CUSTOMER
        shipment.flag = Flag.NORMAL
        shipment.arrival_source = ""
        shipment.carrier_confidence = 0
        shipment.carrier_reason = ""
        shipment.tracking_url = shipment.tracking_company = shipment.external_shipment_id = ""
        shipment.carrier_reference = ""
        shipment.is_carrier_corrected = False
        self.note_change(shipment)

    def amend(
        self,
        shipment: Shipment,
        *,
        tracking_url: str | None = None,
        products: Sequence[ProductInput] | None = None,
    ) -> None:
        """Set what was said and differs; products replace the whole list."""
        if self.is_nobodys:
            tracking_url = None
        if tracking_url is not None and tracking_url != shipment.tracking_url:
            shipment.tracking_url = tracking_url
            self.note_change(shipment)
        if products is not None and not self._holds(shipment, products):
            self.replace_lines(shipment, products)

    def correct_carrier(self, shipment: Shipment, carrier_reference: str) -> None:
        choose_by_hand(shipment, carrier_reference)
        self.note_change(shipment)

    def replace_lines(self, shipment: Shipment, products: Sequence[ProductInput]) -> None:
        shipment.has_own_lines = True
        self.new_lines[shipment.id] = [
            {**product_row(self.shop_id, position, product), "shipment_id": shipment.id}
            for position, product in enumerate(products)
        ]
        self.note_change(shipment)

    def follow_order_lines(self, shipment: Shipment) -> None:
        """Hold the order's lines again; its own ones go away."""
        shipment.has_own_lines = False
        self.new_lines[shipment.id] = []
        self.note_change(shipment)

    def _update(self, shipment: Shipment, tracking: TrackingInput) -> None:
        placed_at = tracking.tracking_placed_at
        company = shipment.tracking_company
        has_changed = self._say(shipment, tracking)
        if company != shipment.tracking_company:
            choose_by_match(shipment, country_code=self.country_code)
        if placed_at is not None and placed_at != shipment.tracking_placed_at:
            shipment.tracking_placed_at = placed_at
            has_changed = True
        self.amend(shipment, products=tracking.products)
        if has_changed:
            self.note_change(shipment)

    def _holds(self, shipment: Shipment, products: Sequence[ProductInput]) -> bool:
        kept = self.own_lines.get(shipment.id, [])
        return shipment.has_own_lines and same_products(kept, products)

    def _say(self, shipment: Shipment, tracking: TrackingInput) -> bool:
        """Set what was said and differs. A carrier that a person corrected stays."""
        said = {
            "tracking_url": None if self.is_nobodys else tracking.tracking_url,
            "tracking_company": tracking.tracking_company,
            "external_shipment_id": tracking.external_shipment_id,
        }
        differing = {
            name: value
            for name, value in said.items()
            if value is not None and value != getattr(shipment, name)
        }
        for name, value in differing.items():
            setattr(shipment, name, value)
        reference = tracking.carrier_reference
        is_other_carrier = reference is not None and choose_as_said(shipment, reference)
        return bool(differing) or is_other_carrier

    def _add(self) -> Shipment:
        said = {
            "id": new_id(),
            "shop_id": self.shop_id,
            "order_id": self.order_id,
            "position": max((s.position for s in self.shipments), default=-1) + 1,
            "is_test": any(other.is_test for other in self.shipments),
            "updated_at": self.now,
        }
        shipment = Shipment.from_db("default", _ATTRIBUTES, list({**_BLANK, **said}.values()))
        self.shipments.append(shipment)
        self.added[shipment.id] = shipment
        return shipment

    def _remove(self, shipment: Shipment) -> None:
        self.shipments.remove(shipment)
        if self.added.pop(shipment.id, None) is None:
            self.changed.pop(shipment.id, None)
            self.removed.append(shipment.id)
        self.new_lines.pop(shipment.id, None)

    def note_change(self, shipment: Shipment) -> None:
        shipment.updated_at = self.now
        if shipment.id not in self.added:
            self.changed[shipment.id] = shipment


def load_parcels(
    shop: Shop, orders: Collection[Order], *, now: datetime, with_lines: bool = False
) -> dict[UUID, Parcels]:
    """The parcels of each order, by its id; own lines only where a caller will compare them."""
    parcels = {
        order.id: Parcels(
            shop_id=shop.id,
            order_id=order.id,
            now=now,
            country_code=destination_of(order.address),
            is_nobodys=order.erased_at is not None,
        )
        for order in orders
    }
    if not parcels:
        return parcels
    rows = Shipment.objects.of(shop).filter(order_id__in=parcels).order_by("order_id", "position")
    for shipment in rows:
        parcels[shipment.order_id].shipments.append(shipment)
    own = [s for p in parcels.values() for s in p.shipments if s.has_own_lines]
    if with_lines and own:
        kept = defaultdict(list)
        lines = ShipmentLine.objects.of(shop).filter(shipment_id__in=[s.id for s in own])
        for line in lines.order_by("position").values("shipment_id", *PRODUCT_COLUMNS):
            kept[line.pop("shipment_id")].append(line)
        for shipment in own:
            parcels[shipment.order_id].own_lines[shipment.id] = kept[shipment.id]
    return parcels


def save_parcels(shop: Shop, parcels: Iterable[Parcels]) -> None:
    """Write what changed, one statement per table and kind of change."""
    all_parcels = list(parcels)
    removed = [shipment_id for p in all_parcels for shipment_id in p.removed]
    detached = [shipment_id for p in all_parcels for shipment_id in p.detached]
    emptied = [
        shipment_id
        for p in all_parcels
        for shipment_id in p.new_lines
        if shipment_id not in p.added
    ]
    delete_rows(ShipmentLine, shop.id, "shipment_id", [*emptied, *removed])
    delete_rows(Scan, shop.id, "shipment_id", [*detached, *removed])
    delete_rows(Shipment, shop.id, "id", removed)
    update_rows(Shipment, [_row(s) for p in all_parcels for s in p.changed.values()])
    insert_rows(Shipment, [_row(s) for p in all_parcels for s in p.added.values()])
    insert_rows(
        ShipmentLine, [row for p in all_parcels for rows in p.new_lines.values() for row in rows]
    )


def _row(shipment: Shipment) -> Row:
    return {column: getattr(shipment, column) for column in _COLUMNS}
