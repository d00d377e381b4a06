"""What a shop says of a parcel that has a tracking number (the contract's section 4)."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from common.wire import Code, Name, RequiredCode, Text, Timestamp, Wire
from orders.inputs import MAX_PRODUCTS, ProductInput
from shipments.carriers import CARRIERS

MAX_TRACKINGS = 200


def _known_carrier(reference: str) -> str | None:
    if reference and reference not in CARRIERS:
        raise PydanticCustomError(
            "carrier_reference_invalid",
            "“{reference}” is not a known carrier; leave it out and send tracking_company",
            {"reference": reference},
        )
    return reference or None


CarrierReference = Annotated[
    Name,
    AfterValidator(_known_carrier),
    WithJsonSchema({"type": "string", "enum": sorted(CARRIERS)}),
]


def spelled_plainly(tracking_number: str) -> str:
    """As numbers of one order are compared: capitals without spaces. They are kept as they came."""
    return "".join(tracking_number.split()).upper()


class TrackingInput(Wire):
    tracking_number: RequiredCode
    tracking_url: Text | None = None
    tracking_placed_at: Timestamp | None = None
    carrier_reference: CarrierReference | None = None
    tracking_company: Name | None = None
    external_shipment_id: Code | None = None
    products: Annotated[list[ProductInput], Field(max_length=MAX_PRODUCTS)] | None = None

    def is_of(self, tracking_number: str | None) -> bool:
        """Whether that is its number, however it is spelled."""
        return tracking_number is not None and (
            tracking_number == self.tracking_number
            or spelled_plainly(tracking_number) == spelled_plainly(self.tracking_number)
        )
