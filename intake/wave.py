"""Upserts of different orders, planned in memory and written at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.attribution import TELLING, attribute_again, attribute_orders
from campaigns.segments import keep_segments
from common.errors import Fault, Invalid
from common.retry import Raced
from common.rows import Row, delete_rows, insert_new_rows, insert_rows, update_rows
from events.services import Fact, record
from intake.inputs import UpsertInput
from orders.errors import OrderCancelled, OrderExists, OrderNotFound
from orders.facts import order_fact
from orders.inputs import OrderInput, ProductInput
from orders.lookup import FoundOrders, Reference, ReferenceType, find_orders
from orders.models import Order, OrderLine
from orders.rows import (
    PRODUCT_COLUMNS,
    change_order,
    content_row,
    new_order_row,
    order_of,
    product_row,
    same_products,
)
from orders.states import OrderState
from shipments.arrival.expect import expect_arrivals
from shipments.carrier_choice import destination_of
from shipments.parcels import Parcels, load_parcels, save_parcels
from shipments.services import fulfilment_facts
from shops.models import Shop


class Outcome(models.TextChoices):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upserted:
    outcome: Outcome
    order_id: UUID
    order_number: str
    ignored_trackings: tuple[str, ...] = ()
    """Numbers that came twice in one request; the first of each counted."""


class Wave:
    """Upserts of different orders; none is written before `save`.

    An upsert of an order that the wave has already (under whatever reference) is postponed to the
    next one, which finds what this one wrote.
    """

    def __init__(
        self, shop: Shop, items: Sequence[UpsertInput], *, nothing_known: bool = False
    ) -> None:
        self.shop = shop
        self.now = timezone.now()
        self.known = (
            FoundOrders(()) if nothing_known else find_orders(shop, references_of(items), lock=True)
        )
        orders = self.known.all
        with_lines = any(t.products is not None for item in items for t in item.trackings)
        self.parcels = load_parcels(shop, orders, now=self.now, with_lines=with_lines)
        self.kept_lines = _kept_lines(shop, orders) if any(i.order for i in items) else {}
        self.taken: set[Reference | UUID] = set()
        self.referred_names = {
            item.reference for item in items if item.reference.type is ReferenceType.ORDER_NAME
        }

        self.new_orders: list[Row] = []
        self.changed_orders: list[Order] = []
        self.new_lines: list[Row] = []
        self.emptied_orders: list[UUID] = []
        self.changed_parcels: list[Parcels] = []
        self.facts: list[Fact] = []
        self.to_attribute: list[Order] = []
        self.to_attribute_again: list[Order] = []
        self.segments_before: list[tuple[UUID, list[str]]] = []
        """Of orders that were fulfilled already, where they change."""

    def take(self, item: UpsertInput, digest: str, *, must_be_new: bool = False) -> Upserted | None:
        """Plan one upsert; None when it must wait for the next wave. Refuses before it changes."""
        order = _resolve(self.known, item)
        called = self._called(item, order)
        is_waiting = not self.taken.isdisjoint(called)
        self.taken |= called
        if is_waiting:
            return None
        if order is not None:
            if must_be_new:
                raise OrderExists(
                    _("Order %s exists already; nothing was changed.") % order.order_number
                )
            return self._update(order, item, digest)
        if item.order is None:
            can_create = item.reference.type is not ReferenceType.UUID
            advice = "; send “order” along to create it" if can_create else ""
            raise OrderNotFound(f"There is no order with the {item.reference}{advice}.")
        return self._create(item, item.order_with_reference(), digest)

    def _called(self, item: UpsertInput, order: Order | None) -> set[Reference | UUID]:
        """What must not be taken twice in one wave. A name counts only where it is referred to."""
        called: set[Reference | UUID] = {*item.references()}
        if order is not None:
            called.add(order.id)
        if item.order is not None and item.order.order_name:
            name = Reference(ReferenceType.ORDER_NAME, item.order.order_name)
            called |= {name} & self.referred_names
        return called

    def _create(self, item: UpsertInput, said: OrderInput, digest: str) -> Upserted:
        row = new_order_row(self.shop, said, now=self.now)
        row["last_upsert_digest"] = digest
        parcels = Parcels(
            shop_id=self.shop.id,
            order_id=row["id"],
            now=self.now,
            country_code=destination_of(row["address"]),
        )
        for tracking in item.different_trackings():
            parcels.attach(tracking)
        parcels.expect(row["expected_number_of_shipments"])
        expect_arrivals(self.shop, parcels.fulfilled_now, row["address"])
        row["state"] = parcels.state(expected=row["expected_number_of_shipments"])
        self.new_orders.append(row)
        self._write_lines(row["id"], said.products or [])
        self.changed_parcels.append(parcels)
        order = order_of(row)
        self.to_attribute.append(order)
        self.facts.append(order_fact(order, "placed"))
        self.facts += fulfilment_facts(order, parcels, previous=None, at=self.now)
        return outcome_of(Outcome.CREATED, order, item)

    def _update(self, order: Order, item: UpsertInput, digest: str) -> Upserted:
        if order.is_cancelled:
            raise OrderCancelled(
                _("Order %s is cancelled; nothing was changed.") % order.order_number
            )
        previous, changed, segments = OrderState(order.state), [], order.segments
        if item.order is not None:
            changed = change_order(order, item.order_with_reference())
            products = item.order.products
            if products is not None and not same_products(self.kept_lines[order.id], products):
                changed.append("products")
                self.emptied_orders.append(order.id)
                self._write_lines(order.id, products)
        elif order.erased_at is None and item.order_analytics not in (None, order.order_analytics):
            order.order_analytics = item.order_analytics
            changed.append("order_analytics")
        parcels = self.parcels[order.id]
        parcels.country_code = destination_of(order.address)
        parcels.is_nobodys = order.erased_at is not None
        for tracking in item.different_trackings():
            parcels.attach(tracking)
        parcels.expect(order.expected_number_of_shipments)
        expect_arrivals(self.shop, parcels.fulfilled_now, order.address)
        if not changed and not parcels.has_changed:
            return outcome_of(Outcome.UNCHANGED, order, item)
        order.state = parcels.state(expected=order.expected_number_of_shipments)
        order.last_upsert_digest = digest
        if not TELLING.isdisjoint(changed):
            self.to_attribute_again.append(order)
        if "segments" in changed and previous is not OrderState.PLACED:
            self.segments_before.append((order.id, segments))
        self.changed_orders.append(order)
        self.changed_parcels.append(parcels)
        fulfilments = fulfilment_facts(order, parcels, previous=previous, at=self.now)
        if changed or not fulfilments:
            self.facts.append(order_fact(order, "updated", changed=changed or ["trackings"]))
        self.facts += fulfilments
        return outcome_of(Outcome.UPDATED, order, item)

    def _write_lines(self, order_id: UUID, products: Sequence[ProductInput]) -> None:
        self.new_lines += [
            {**product_row(self.shop.id, position, product), "order_id": order_id}
            for position, product in enumerate(products)
        ]

    def save(self) -> None:
        """Write everything planned, parents first, one statement per table and kind of change.

        Inside a pipeline; after it, `check_written` says whether that was right.
        """
        self.new_orders.sort(key=lambda row: row["order_number"])
        self.inserted = insert_new_rows(Order, self.new_orders)
        update_rows(Order, [self._changed_row(order) for order in self.changed_orders])
        delete_rows(OrderLine, self.shop.id, "order_id", self.emptied_orders)
        insert_rows(OrderLine, self.new_lines)
        save_parcels(self.shop, self.changed_parcels)
        attribute_orders(self.shop, self.to_attribute)
        attribute_again(self.shop, self.to_attribute_again)
        keep_segments(self.shop, self.segments_before)
        record(self.shop, self.facts)

    def check_written(self) -> None:
        """Raises `Raced` when somebody else wrote an order first that this wave took for new."""
        if self.inserted.count < len(self.new_orders):
            raise Raced

    def _changed_row(self, order: Order) -> Row:
        return {
            "id": order.id,
            "shop_id": self.shop.id,
            **content_row(order),
            "state": order.state,
            "last_upsert_digest": order.last_upsert_digest,
            "updated_at": self.now,
        }


def references_of(items: Iterable[UpsertInput]) -> set[Reference]:
    return {reference for item in items for reference in item.references()}


def _resolve(known: FoundOrders, item: UpsertInput) -> Order | None:
    """The order that the upsert means; refuses a reference at odds with the order it brings."""
    order = known.one(item.reference)
    if item.order is None:
        return order
    if order is None and item.reference.type is ReferenceType.UUID:
        raise OrderNotFound(f"There is no order with the {item.reference}; uuids are given by us.")
    _check_agreement(item, item.order)
    same_number = known.one(Reference(ReferenceType.ORDER_NUMBER, item.order.order_number))
    if order is None and same_number is not None and _lacks_reference(same_number, item.reference):
        order = same_number
    if same_number is not None and order is not same_number:
        raise OrderExists(
            _("Order number %s is taken by another order of this shop.") % item.order.order_number
        )
    external_id = item.order.external_id or (item.order.order_number if order is None else None)
    if external_id is not None and item.reference.type is not ReferenceType.EXTERNAL_ID:
        same_external_id = known.one(Reference(ReferenceType.EXTERNAL_ID, external_id))
        if same_external_id is not None and same_external_id is not order:
            raise OrderExists(
                _("External id %s is taken by another order of this shop.") % external_id
            )
    return order


def _lacks_reference(order: Order, reference: Reference) -> bool:
    """Whether the order never got a reference of this type, and so may be given this one now."""
    if reference.type is ReferenceType.EXTERNAL_ID:
        return order.external_id == order.order_number
    return reference.type is ReferenceType.ORDER_NAME and not order.order_name


def _check_agreement(item: UpsertInput, said: OrderInput) -> None:
    if item.reference.type is ReferenceType.UUID:
        return
    value = getattr(said, item.reference.type.value)
    if value is not None and value != item.id:
        name = item.reference.type.value
        message = f"“id” says {item.id}, “order.{name}” says {value}: they must agree."
        raise Invalid(message, [Fault(loc=("id",), msg=message, type="reference_mismatch")])


def _kept_lines(shop: Shop, orders: Sequence[Order]) -> dict[UUID, list[dict[str, Any]]]:
    kept: dict[UUID, list[dict[str, Any]]] = {order.id: [] for order in orders}
    if kept:
        lines = OrderLine.objects.of(shop).filter(order_id__in=kept).order_by("position")
        for line in lines.values("order_id", *PRODUCT_COLUMNS):
            kept[line.pop("order_id")].append(line)
    return kept


def outcome_of(outcome: Outcome, order: Order, item: UpsertInput) -> Upserted:
    return Upserted(
        outcome=outcome,
        order_id=order.id,
        order_number=order.order_number,
        ignored_trackings=tuple(item.repeated_trackings()),
    )
