"""/v1/shops/{slug}/shipments: searching, and one."""

from uuid import UUID

from django.http import HttpResponseBase
from rest_framework.request import Request

from common.api.answers import answer_json, answer_list
from common.api.paging import next_link, take_page
from common.api.queries import filtered
from orders.segments import few_in_segment
from shipments.api.description import describe_one_shipment, describe_shipments
from shipments.api.filters import ShipmentFilters
from shipments.errors import ShipmentNotFound
from shipments.listing import newest_by
from shipments.models import Shipment
from shipments.representation import represent_shipments
from shops.api.views import ShopView
from shops.models import Shop


@describe_shipments
class ShipmentsView(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Search, newest first: a bare array; `Link` leads to the next page."""
        rows = Shipment.objects.of(self.shop)
        few = few_in_segment(self.shop, request.GET.get("segment", ""))
        rows = rows if few is None else rows.filter(order_id__in=few)
        shipments, asked = filtered(ShipmentFilters, request.GET, rows)
        by = newest_by(request.GET)
        found = shipments.values_list("id", by, named=True)
        page, cursor = take_page(found, asked, by=by)
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        represented = represent_shipments(self.shop, [shipment.id for shipment in page])
        return answer_list(request, represented, headers)


@describe_one_shipment
class OneShipmentView(ShopView):
    def get(self, request: Request, slug: str, shipment_id: str) -> HttpResponseBase:
        """One shipment."""
        return answer_json(request, represent_shipment(self.shop, shipment_id))


def represent_shipment(shop: Shop, shipment_id: str) -> bytes:
    """Its JSON; another shop's is as missing as none at all."""
    try:
        [shipment] = represent_shipments(shop, [UUID(shipment_id)])
    except ValueError:
        raise ShipmentNotFound(f"There is no shipment {shipment_id} in this shop.") from None
    return shipment
