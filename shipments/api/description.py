"""What the API's description says of shipments, beside what the models say."""

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from pydantic import RootModel

from common.api.openapi import refusals
from orders.api.description import OUTCOME, SHIPMENT_ID, SLUG
from shipments.api import read_models
from shipments.scans.inputs import ReportedScan, ScanInput

SAMPLE_SCAN = {
    "event_name": "OUT_FOR_DELIVERY",
    "event_time": "2026-03-02T08:14:00+01:00",
    "external_id": "depot-7/4711",
    "location": "Berlin",
}
SAMPLE_REPORT = {**SAMPLE_SCAN, "tracking_number": "1Z12345E0205271688"}


class Reports(RootModel[list[ReportedScan]]):
    """At most 1,000; each names its shipment by `shipment_id` or `tracking_number`."""


class EventItems(RootModel[list[read_models.EventItem]]):
    """What became of each, in order."""


describe_events = extend_schema_view(
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
