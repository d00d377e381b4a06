"""/v1/shops/{slug}/shipments/{uuid}/events and /v1/shops/{slug}/shipments/events"""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.answers import answer_read
from common.api.bodies import read_body
from common.api.bulk import read_items
from common.api.errors import fault_body
from common.errors import DomainError, Fault
from shipments.api.description import describe_events, describe_many_events
from shipments.api.views import represent_shipment
from shipments.errors import ShipmentNotFound
from shipments.feeds.heard import Heard, take_in
from shipments.models import Feed, Shipment
from shipments.scans.inputs import MAX_SCANS, ReportedScan, ScanInput
from shipments.scans.record import RecordedScan, record_scan
from shipments.scans.representation import represent_scan
from shops.api.views import ShopView
from shops.models import Shop


@describe_events
class EventsView(ShopView):
    def get(self, request: Request, slug: str, shipment_id: str) -> HttpResponseBase:
        """The events of a shipment, newest first: a bare array."""
        return answer_read(
            request, orjson.loads(represent_shipment(self.shop, shipment_id))["events"]
        )

    def post(self, request: Request, slug: str, shipment_id: str) -> Response:
        """Report an event; the same `external_id` again is the same event."""
        said = read_body(ScanInput, request.data)
        recorded = record_scan(self._shipment(shipment_id), said, feed=Feed.API)
        return Response(
            represent_scan(self.shop, recorded.scan),
            status=status.HTTP_201_CREATED if recorded.is_new else status.HTTP_200_OK,
            headers={"Karla-Outcome": "created" if recorded.is_new else "unchanged"},
        )

    def _shipment(self, shipment_id: str) -> Shipment:
        """By its id alone: whether it exists is found out when it is locked."""
        try:
            return Shipment(id=UUID(shipment_id), shop=self.shop)
        except ValueError:
            raise ShipmentNotFound(f"There is no shipment {shipment_id} in this shop.") from None


@describe_many_events
class ManyEventsView(ShopView):
    def post(self, request: Request, slug: str) -> Response:
        """Report events of many shipments; a bad one costs only itself."""
        items, refused = read_items(ReportedScan, request.data, most=MAX_SCANS)
        results = take_in(self.shop, Heard(feed=Feed.API, scans=items, refused=refused))
        represented = [_represent(self.shop, i, result) for i, result in results.items()]
        return Response(represented)


def _represent(shop: Shop, index: int, result: list[RecordedScan] | DomainError) -> dict[str, Any]:
    if isinstance(result, DomainError):
        faults = result.faults or (Fault(loc=(), msg=result.message, type=result.key),)
        errors = [fault_body(fault.below("body", index)) for fault in faults]
        return {"index": index, "outcome": "refused", "events": [], "errors": errors}
    return {
        "index": index,
        "outcome": "created" if any(recorded.is_new for recorded in result) else "unchanged",
        "events": [
            {
                "shipment_id": recorded.shipment.id,
                "uuid": recorded.scan["id"],
                "phase": recorded.shipment.phase,
                "effect": recorded.effect,
            }
            for recorded in result
        ],
        "errors": [],
    }
