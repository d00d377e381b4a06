"""What the API's description says of shipments, beside what the models say."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from pydantic import RootModel

from common.api.openapi import query_parameters, refusals
from common.api.paging import PageForm
from orders.api.description import (
    ETAG,
    IF_NONE_MATCH,
    LINK,
    NOT_MODIFIED,
    OUTCOME,
    SHIPMENT_ID,
    SLUG,
    answer,
)
from orders.api.read_models import Shipment
from orders.api.samples import READ_SHIPMENT
from shipments.api import read_models
from shipments.api.filters import ShipmentFilters
from shipments.feeds.aggregators.aftership import TrackingUpdate
from shipments.feeds.aggregators.easypost import Event
from shipments.scans.inputs import ReportedScan, ScanInput

SAMPLE_SCAN = {
    "event_name": "OUT_FOR_DELIVERY",
    "event_time": "2026-03-02T08:14:00+01:00",
    "external_id": "depot-7/4711",
    "location": "Berlin",
}
SAMPLE_REPORT = {**SAMPLE_SCAN, "tracking_number": "1Z12345E0205271686"}


class Reports(RootModel[list[ReportedScan]]):
    """At most 1,000; each names its shipment by `shipment_id` or `tracking_number`."""


class EventItems(RootModel[list[read_models.EventItem]]):
    """What became of each, in order."""


class Shipments(RootModel[list[Shipment]]):
    """Newest first."""


class Events(RootModel[list[read_models.Event]]):
    """Newest first."""


describe_shipments = extend_schema_view(
    get=extend_schema(
        operation_id="search_shipments",
        summary="Search Shipments",
        parameters=[
            SLUG,
            LINK,
            IF_NONE_MATCH,
            ETAG,
            *query_parameters(ShipmentFilters.base_filters, PageForm.base_fields),
        ],
        responses={
            **answer(Shipments, "The shipments, newest first.", [READ_SHIPMENT]),
            **NOT_MODIFIED,
            **refusals(422),
        },
    ),
)

describe_one_shipment = extend_schema_view(
    get=extend_schema(
        operation_id="get_shipment",
        summary="Get Shipment",
        parameters=[SLUG, SHIPMENT_ID, IF_NONE_MATCH, ETAG],
        responses={
            **answer(Shipment, "The shipment.", READ_SHIPMENT),
            **NOT_MODIFIED,
            **refusals(),
        },
    ),
)

describe_events = extend_schema_view(
    get=extend_schema(
        operation_id="get_shipment_events",
        summary="Get Shipment Events",
        parameters=[SLUG, SHIPMENT_ID, IF_NONE_MATCH, ETAG],
        responses={200: Events, **NOT_MODIFIED, **refusals()},
    ),
    post=extend_schema(
        operation_id="report_shipment_event",
        summary="Report Shipment Event",
        parameters=[SLUG, SHIPMENT_ID, OUTCOME],
        request=ScanInput,
        responses={
            200: read_models.Event,
            201: read_models.Event,
            **refusals(400, 409, 413, 415, 422),
        },
        examples=[OpenApiExample("A scan", SAMPLE_SCAN, request_only=True)],
    ),
)

describe_many_events = extend_schema_view(
    post=extend_schema(
        operation_id="report_shipment_events",
        summary="Report Shipment Events",
        parameters=[SLUG],
        request=Reports,
        responses={200: EventItems, **refusals(400, 413, 415, 422)},
        examples=[OpenApiExample("Scans of many shipments", [SAMPLE_REPORT], request_only=True)],
    ),
)

TOKEN = OpenApiParameter(
    "token",
    str,
    OpenApiParameter.PATH,
    description="Of the connection; the portal shows the whole address.",
)


def _describe_delivery(aggregator: str, model: Any, sample: dict[str, Any]) -> Any:
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"deliver_from_{aggregator.lower()}",
            summary=f"Deliver from {aggregator}",
            description=(
                f"For {aggregator}, which signs the raw body with the connection’s secret: "
                "an address that does not exist and a wrong signature are both 401. Answers 200 "
                "whatever became of single checkpoints; the same delivery again changes nothing."
            ),
            parameters=[TOKEN],
            auth=[],
            request=model,
            responses={
                200: read_models.Delivered,
                **refusals(400, 413, 415, 422, in_shop=False),
            },
            examples=[OpenApiExample("A delivery", sample, request_only=True)],
        ),
    )


describe_aftership = _describe_delivery(
    "AfterShip",
    TrackingUpdate,
    {
        "event": "tracking_update",
        "event_id": "0d8f2ee0-7d3a-4c5c-a8ee-4d9a7c3f9c01",
        "ts": 1772438400,
        "msg": {
            "tracking_number": "1Z12345E0205271686",
            "tag": "OutForDelivery",
            "expected_delivery": "2026-03-02",
            "checkpoints": [
                {
                    "checkpoint_time": "2026-03-02T08:14:00+01:00",
                    "tag": "OutForDelivery",
                    "subtag": "OutForDelivery_001",
                    "message": "Out for delivery",
                    "city": "Berlin",
                    "country_name": "Germany",
                }
            ],
        },
    },
)

describe_easypost = _describe_delivery(
    "EasyPost",
    Event,
    {
        "id": "evt_d0a62b04",
        "description": "tracker.updated",
        "result": {
            "object": "Tracker",
            "tracking_code": "1Z12345E0205271686",
            "est_delivery_date": "2026-03-02T00:00:00Z",
            "updated_at": "2026-03-02T07:20:00Z",
            "tracking_details": [
                {
                    "datetime": "2026-03-02T07:14:00Z",
                    "status": "out_for_delivery",
                    "status_detail": "out_for_delivery",
                    "message": "Out for delivery",
                    "tracking_location": {"city": "Berlin", "country": "DE"},
                }
            ],
        },
    },
)
