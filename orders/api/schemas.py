"""What the calls of one order take (the contract's section 3)."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from common.wire import JsonObject, Text, Wire
from orders.inputs import MAX_PRODUCTS, AddressInput, ExpectedShipments, ProductInput


class OrderAmendment(Wire):
    address: AddressInput | None = None
    expected_number_of_shipments: ExpectedShipments | None = None


class ShipmentAmendment(Wire):
    tracking_url: Text | None = None
    products: Annotated[list[ProductInput], Field(max_length=MAX_PRODUCTS)] | None = None


class Attribution(Wire):
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.pop("required", None))

    order_analytics: JsonObject

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, sent: Any) -> Any:
        """Some clients send the attribution itself instead of an object that holds it."""
        is_bare = isinstance(sent, dict) and "order_analytics" not in sent
        return {"order_analytics": sent} if is_bare else sent
