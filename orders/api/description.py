"""What the API's description says of the Orders API, beside what the models say."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from pydantic import BaseModel, RootModel

from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from intake.inputs import UpsertInput
from orders.api import read_models
from orders.api.filters import OrderFilters
from orders.api.samples import (
    READ_BULK,
    READ_ORDER,
    READ_SHIPMENT,
    SAMPLE_ADDRESS,
    SAMPLE_FULFILMENT,
    SAMPLE_ORDER,
    SAMPLE_UPSERT,
    WRITTEN_ORDER,
)
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

APPLIED = OpenApiParameter(
    "Preference-Applied", str, "header", response=[200], description="What of `Prefer` was heeded."
)
REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    "header",
    response=[200],
    description="This is the answer to an earlier request with the same key.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    "header",
    description="The `ETag` of what the client has already: if it is still so, the answer is 304.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    "header",
    response=[200, 304],
    description="Of this answer; another one if it changes.",
)
NOT_MODIFIED = {304: OpenApiResponse(description="It is still what `If-None-Match` names.")}


def _example(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


def answer(model: type[BaseModel], text: str, value: object) -> dict[int, OpenApiResponse]:
    return {200: OpenApiResponse(model, text, examples=[OpenApiExample("Answer", value)])}


def _written(model: type[BaseModel], value: object) -> dict[int, OpenApiResponse]:
    """`null` is documented; a representation must be asked for."""
    examples = [OpenApiExample("As documented", None), OpenApiExample("Representation", value)]
    return {200: OpenApiResponse(model, "Done; `Karla-Outcome` says what.", examples=examples)}


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
            IF_NONE_MATCH,
            ETAG,
            *query_parameters(OrderFilters.base_filters, PageForm.base_fields),
        ],
        responses={
            **answer(Orders, "The orders, newest first.", [READ_ORDER]),
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
    post=extend_schema(
        operation_id="place_order",
        summary="Place Order",
        parameters=[SLUG, PREFER, APPLIED, IDEMPOTENCY_KEY, REPLAYED, OUTCOME],
        request=OrderInput,
        responses={**_written(Written, WRITTEN_ORDER), **refusals(400, 409, 413, 415, 422)},
        examples=[_example("An order", SAMPLE_ORDER)],
    ),
    put=extend_schema(
        operation_id="upsert_order",
        summary="Upsert Order",
        parameters=[SLUG, PREFER, APPLIED, OUTCOME],
        request=UpsertInput,
        responses={**_written(Written, WRITTEN_ORDER), **refusals(400, 409, 413, 415, 422)},
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
        parameters=[SLUG, PREFER_BULK, APPLIED, OUTCOME],
        request=Bulk,
        responses={**_written(WrittenBulk, READ_BULK), **refusals(400, 413, 415, 422)},
        examples=[_example("Two orders", [SAMPLE_UPSERT, SAMPLE_FULFILMENT])],
    ),
)

describe_order = extend_schema_view(
    get=extend_schema(
        operation_id="get_order",
        summary="Get Order",
        parameters=[SLUG, ORDER_ID, IF_NONE_MATCH, ETAG],
        responses={
            **answer(read_models.Order, "The order.", READ_ORDER),
            **NOT_MODIFIED,
            **refusals(),
        },
    ),
    patch=extend_schema(
        operation_id="update_order",
        summary="Update Order",
        parameters=[SLUG, ORDER_ID],
        request=OrderAmendment,
        responses={
            **answer(read_models.Order, "The order as it is now.", READ_ORDER),
            **refusals(400, 409, 413, 415, 422),
        },
        examples=[_example("Another address", {"address": SAMPLE_ADDRESS})],
    ),
)

describe_shipment = extend_schema_view(
    patch=extend_schema(
        operation_id="update_order_shipment",
        summary="Update Order Shipment",
        parameters=[SLUG, ORDER_ID, SHIPMENT_ID],
        request=ShipmentAmendment,
        responses={
            **answer(read_models.Shipment, "The shipment as it is now.", READ_SHIPMENT),
            **refusals(400, 409, 413, 415, 422),
        },
        examples=[_example("Another link", {"tracking_url": "https://carrier.example/1Z"})],
    ),
)

describe_analytics = extend_schema_view(
    put=extend_schema(
        operation_id="upsert_order_analytics",
        summary="Upsert Order Analytics",
        parameters=[SLUG, ORDER_ID],
        request=Attribution,
        responses={
            **answer(read_models.Order, "The order as it is now.", READ_ORDER),
            **refusals(400, 413, 415, 422),
        },
        examples=[_example("Campaign", {"order_analytics": {"utm_campaign": "spring"}})],
    ),
)

describe_cancel = extend_schema_view(
    post=extend_schema(
        operation_id="cancel_order",
        summary="Cancel Order",
        parameters=[SLUG, ORDER_ID, IDEMPOTENCY_KEY, REPLAYED],
        request=None,
        responses={
            **answer(read_models.Order, "The order as it is now.", READ_ORDER),
            **refusals(409, 422),
        },
    ),
)
