"""What the API's description says of webhooks, beside what the models say."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from webhooks.api import read_models
from webhooks.api.filters import DeliveryFilters
from webhooks.inputs import Rotation, TestInput, WebhookAmendment, WebhookInput, Window

SLUG = OpenApiParameter("slug", str, "path", description="The shop.")
UUID = {"type": "string", "format": "uuid"}
WEBHOOK_ID = OpenApiParameter("webhook_id", UUID, "path", description="The webhook's `uuid`.")
DELIVERY_ID = OpenApiParameter("delivery_id", UUID, "path", description="The delivery's `uuid`.")
LINK = OpenApiParameter(
    "Link", str, "header", response=[200], description='`rel="next"` leads to the next page.'
)

SAMPLE = {"url": "https://shop.example/hooks", "enabled_events": ["claims", "shipment_delivered"]}
SAMPLE_WINDOW = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}


def _example(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


describe_webhooks = extend_schema_view(
    get=extend_schema(
        operation_id="list_webhooks",
        summary="List Webhooks",
        parameters=[SLUG],
        responses={200: read_models.Webhooks, **refusals()},
    ),
    post=extend_schema(
        operation_id="create_webhook",
        summary="Create Webhook",
        parameters=[SLUG],
        request=WebhookInput,
        responses={200: read_models.CreatedWebhook, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("Claims and arrivals", SAMPLE)],
    ),
)

describe_webhook = extend_schema_view(
    get=extend_schema(
        operation_id="get_webhook",
        summary="Get Webhook",
        parameters=[SLUG, WEBHOOK_ID],
        responses={200: read_models.OneWebhook, **refusals()},
    ),
    patch=extend_schema(
        operation_id="update_webhook",
        summary="Update Webhook",
        parameters=[SLUG, WEBHOOK_ID],
        request=WebhookAmendment,
        responses={200: read_models.AmendedWebhook, **refusals(400, 413, 415, 422)},
        examples=[_example("Pause", {"status": "inactive"})],
    ),
    delete=extend_schema(
        operation_id="delete_webhook",
        summary="Delete Webhook",
        parameters=[SLUG, WEBHOOK_ID],
        responses={204: OpenApiResponse(description="Deleted."), **refusals()},
    ),
)

describe_rotate = extend_schema_view(
    post=extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Rotate Webhook Secret",
        parameters=[SLUG, WEBHOOK_ID],
        request=Rotation,
        responses={200: read_models.CreatedWebhook, **refusals(400, 413, 415, 422)},
        examples=[_example("Two days for both", {"overlap_hours": 48})],
    ),
)

describe_test = extend_schema_view(
    post=extend_schema(
        operation_id="send_test_event",
        summary="Send Test Event",
        parameters=[SLUG, WEBHOOK_ID],
        request=TestInput,
        responses={200: read_models.OneDelivery, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("Delivered", {"event": "shipments/delivered/SUCCESSFULLY_DELIVERED"})],
    ),
)

describe_deliveries = extend_schema_view(
    get=extend_schema(
        operation_id="list_webhook_deliveries",
        summary="List Webhook Deliveries",
        parameters=[
            SLUG,
            WEBHOOK_ID,
            LINK,
            *query_parameters(DeliveryFilters.base_filters, PageForm.base_fields),
        ],
        responses={200: read_models.Deliveries, **refusals(422)},
    ),
)

describe_delivery = extend_schema_view(
    get=extend_schema(
        operation_id="get_webhook_delivery",
        summary="Get Webhook Delivery",
        parameters=[SLUG, WEBHOOK_ID, DELIVERY_ID],
        responses={200: read_models.OneDelivery, **refusals()},
    ),
)

describe_resend = extend_schema_view(
    post=extend_schema(
        operation_id="resend_webhook_delivery",
        summary="Resend Webhook Delivery",
        parameters=[SLUG, WEBHOOK_ID, DELIVERY_ID],
        request=None,
        responses={200: read_models.OneDelivery, **refusals(409)},
    ),
)

describe_preview = extend_schema_view(
    post=extend_schema(
        operation_id="preview_webhook_replay",
        summary="Preview Webhook Replay",
        parameters=[SLUG, WEBHOOK_ID],
        request=Window,
        responses={200: read_models.Preview, **refusals(400, 413, 415, 422)},
        examples=[_example("A day", SAMPLE_WINDOW)],
    ),
)

describe_replays = extend_schema_view(
    get=extend_schema(
        operation_id="list_webhook_replays",
        summary="List Webhook Replays",
        parameters=[SLUG, WEBHOOK_ID, LINK, *query_parameters(PageForm.base_fields)],
        responses={200: read_models.Replays, **refusals(422)},
    ),
    post=extend_schema(
        operation_id="replay_webhook",
        summary="Replay Webhook",
        parameters=[SLUG, WEBHOOK_ID],
        request=Window,
        responses={200: read_models.Replay, **refusals(400, 409, 413, 415, 422)},
        examples=[_example("A day", SAMPLE_WINDOW)],
    ),
)
