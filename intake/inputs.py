"""What a shop sends: an order with its trackings (the contract's section 3, upsert)."""

from collections import Counter
from hashlib import blake2b
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from common.wire import JsonObject, RequiredCode, Wire
from orders.inputs import OrderInput
from orders.lookup import Reference, ReferenceType
from shipments.inputs import MAX_TRACKINGS, TrackingInput, spelled_plainly

MAX_ITEMS = 1_000
"""In one bulk."""


class UpsertInput(Wire):
    id: RequiredCode
    id_type: ReferenceType | None = None
    order: OrderInput | None = None
    order_analytics: JsonObject | None = None
    """Some clients send it here instead of inside `order`."""
    trackings: Annotated[list[TrackingInput], Field(max_length=MAX_TRACKINGS)]

    @property
    def reference(self) -> Reference:
        if self.id_type is ReferenceType.UUID:
            return Reference(ReferenceType.UUID, _canonical_uuid(self.id))
        return Reference(self.id_type or ReferenceType.ORDER_NUMBER, self.id)

    @property
    def number(self) -> str:
        """The number of the order that it brings, else what it calls the order."""
        number: str = self.order.order_number if self.order is not None else self.id
        return number

    def references(self) -> list[Reference]:
        """Everything that this upsert says an order is called by."""
        references = [self.reference]
        if self.order is not None:
            number = self.order.order_number
            references.append(Reference(ReferenceType.ORDER_NUMBER, number))
            external_id = self.order.external_id or number
            references.append(Reference(ReferenceType.EXTERNAL_ID, external_id))
        return references

    def order_with_reference(self) -> OrderInput:
        """The order, with what stands beside it: the reference it is called by, its attribution."""
        if self.order is None:
            raise ValueError("this upsert brings no order")
        beside: dict[str, Any] = {}
        if self.order_analytics is not None:
            beside["order_analytics"] = self.order_analytics
        if self.reference.type in (ReferenceType.EXTERNAL_ID, ReferenceType.ORDER_NAME):
            beside[self.reference.type.value] = self.reference.value
        return self.order.model_copy(update=beside) if beside else self.order

    def different_trackings(self) -> list[TrackingInput]:
        """The trackings, of each number the first."""
        found = {spelled_plainly(t.tracking_number): t for t in reversed(self.trackings)}
        return list(found.values())[::-1]

    def repeated_trackings(self) -> list[str]:
        counts = Counter(spelled_plainly(tracking.tracking_number) for tracking in self.trackings)
        return [
            tracking.tracking_number
            for tracking in self.different_trackings()
            if counts[spelled_plainly(tracking.tracking_number)] > 1
        ]

    def digest(self) -> str:
        """Equal for upserts that say the same."""
        said = self.model_dump_json(exclude_none=True).encode()
        return blake2b(said, digest_size=16).hexdigest()


def _canonical_uuid(text: str) -> str:
    """In the one spelling that references are compared in; what is no UUID names nothing."""
    try:
        return str(UUID(text))
    except ValueError:
        return text
