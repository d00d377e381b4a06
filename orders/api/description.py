"""What the API's description says of the Orders API, beside what the models say."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from pydantic import RootModel

from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from intake.inputs import UpsertInput
from orders.api import read_models
from orders.api.filters import OrderFilters
from orders.api.schemas import Attribution, OrderAmendment, ShipmentAmendment
from orders.inputs import OrderInput

SLUG = OpenApiParameter("slug", str, "path", description="The shop.")
ORDER_ID = OpenApiParameter(
    "order_id", {"type": "string", "format": "uuid"}, "path", description="The order's `uuid`."
)
SHIPMENT_ID = OpenApiParameter(
    "shipment_id",
    {"type": "string", "format": "uuid"},
    "path",
    description="The shipment's `uuid`.",
)
PREFER = OpenApiParameter(
    "Prefer",
    str,
    "header",
    description="`return=representation` answers what was written instead of `null`.",
)
PREFER_BULK = OpenApiParameter(
    "Prefer",
    str,
    "header",
    description="`handling=lenient` applies the good items and names the others.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "header",
    description="The same key within 24 hours is answered as the first time, and done once.",
)
OUTCOME = OpenApiParameter(
    "Karla-Outcome",
    {"type": "string", "enum": ["created", "updated", "unchanged"]},
    "header",
    response=[200],
    description="What was done.",
)
LINK = OpenApiParameter(
    "Link", str, "header", response=[200], description='`rel="next"` leads to the next page.'
)

SAMPLE_ADDRESS = {"zip_code": "10119", "city": "Berlin", "country_code": "DE", "name": "Jane Doe"}
SAMPLE_ORDER = {
    "order_number": "11334422",
    "external_id": "2205783916624",
    "total_order_price": 29.99,
    "currency": "EUR",
    "email_id": "jane@example.com",
    "address": SAMPLE_ADDRESS,
    "products": [{"sku": "A-1", "title": "Product A", "quantity": 1, "price": 10}],
}
SAMPLE_UPSERT = {"id": "11334422", "order": SAMPLE_ORDER, "trackings": []}
SAMPLE_FULFILMENT = {
    "id": "11334422",
    "trackings": [{"tracking_number": "1Z12345E0205271688", "carrier_reference": "ups"}],
}


def _example(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


class Orders(RootModel[list[read_models.Order]]):
    """Newest first."""


class Written(RootModel[read_models.WrittenOrder | None]):
    """`null`, unless a representation is preferred."""


class WrittenBulk(RootModel[list[read_models.BulkItem] | None]):
    """`null`, unless a representation is preferred or the handling is lenient."""


class Bulk(RootModel[list[UpsertInput]]):
    """At most 1,000."""


describe_orders = extend_schema_view(
    get=extend_schema(
        operation_id="search_orders",
        summary="Search Orders",
        parameters=[
            SLUG,
            LINK,
            *query_parameters(OrderFilters.base_filters, PageForm.base_fields),
        ],
        responses={200: Orders, **refusals(422)},
    ),
    post=extend_schema(
        operation_id="place_order",
        summary="Place Order",
        parameters=[SLUG, PREFER, IDEMPOTENCY_KEY, OUTCOME],
        request=OrderInput,
        responses={200: Written, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("An order", SAMPLE_ORDER)],
    ),
    put=extend_schema(
        operation_id="upsert_order",
        summary="Upsert Order",
        parameters=[SLUG, PREFER, OUTCOME],
        request=UpsertInput,
        responses={200: Written, **refusals(400, 409, 413, 415, 422)},
        examples=[
            _example("Place an order", SAMPLE_UPSERT),
            _example("Attach a tracking", SAMPLE_FULFILMENT),
        ],
    ),
)

describe_bulk = extend_schema_view(
    put=extend_schema(
        operation_id="fulfill_orders",
        summary="Fulfill Orders",
        parameters=[SLUG, PREFER_BULK, OUTCOME],
        request=Bulk,
        responses={200: WrittenBulk, **refusals(400, 413, 415, 422)},
        examples=[_example("Two orders", [SAMPLE_UPSERT, SAMPLE_FULFILMENT])],
    ),
)

describe_order = extend_schema_view(
    get=extend_schema(
        operation_id="get_order",
        summary="Get Order",
        parameters=[SLUG, ORDER_ID],
        responses={200: read_models.Order, **refusals()},
    ),
    patch=extend_schema(
        operation_id="update_order",
        summary="Update Order",
        parameters=[SLUG, ORDER_ID],
        request=OrderAmendment,
        responses={200: read_models.Order, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("Another address", {"address": SAMPLE_ADDRESS})],
    ),
)

describe_shipment = extend_schema_view(
    patch=extend_schema(
        operation_id="update_order_shipment",
        summary="Update Order Shipment",
        parameters=[SLUG, ORDER_ID, SHIPMENT_ID],
        request=ShipmentAmendment,
        responses={200: read_models.Shipment, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("Another link", {"tracking_url": "https://carrier.example/1Z"})],
    ),
)

describe_analytics = extend_schema_view(
    put=extend_schema(
        operation_id="upsert_order_analytics",
        summary="Upsert Order Analytics",
        parameters=[SLUG, ORDER_ID],
        request=Attribution,
        responses={200: read_models.Order, **refusals(400, 413, 415, 422)},
        examples=[_example("Campaign", {"order_analytics": {"utm_campaign": "spring"}})],
    ),
)

describe_cancel = extend_schema_view(
    post=extend_schema(
        operation_id="cancel_order",
        summary="Cancel Order",
        parameters=[SLUG, ORDER_ID, IDEMPOTENCY_KEY],
        request=None,
        responses={200: read_models.Order, **refusals(409, 422)},
    ),
)
