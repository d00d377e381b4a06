"""/v1/shops/{slug}/orders/{uuid}: one order and its shipments."""

from uuid import UUID

import orjson
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.attribution import replace_analytics
from common.api.answers import answer_json
from common.api.bodies import read_body
from intake.idempotency import Answer
from orders.api.description import (
    describe_analytics,
    describe_cancel,
    describe_order,
    describe_shipment,
)
from orders.api.once import respond_once
from orders.api.schemas import Attribution, OrderAmendment, ShipmentAmendment
from orders.errors import OrderNotFound
from orders.models import Order
from orders.services import cancel_order
from shipments.errors import ShipmentNotFound
from shipments.models import Shipment
from shipments.representation import represent_orders, represent_shipments
from shipments.services import amend_order, amend_shipment
from shops.api.views import ShopView


class OneOrderView(ShopView):
    """The base of what is below one order; another shop's is as missing as none at all."""

    def find_order(self, order_id: str) -> Order:
        if (uuid := _uuid(order_id)) is not None:
            order = Order.objects.of(self.shop).filter(id=uuid).first()
            if order is not None:
                order.shop = self.shop
                return order
        raise _missing(order_id)

    def represent(self, order: Order) -> orjson.Fragment:
        [represented] = represent_orders(self.shop, [order.id])
        return orjson.Fragment(represented.json)


@describe_order
class OrderView(OneOrderView):
    def get(self, request: Request, slug: str, order_id: str) -> HttpResponse:
        """One order."""
        uuid = _uuid(order_id)
        for order in represent_orders(self.shop, [uuid] if uuid else []):
            return answer_json(request, order.json)
        raise _missing(order_id)

    def patch(self, request: Request, slug: str, order_id: str) -> Response:
        """Change the address or the expected number of shipments; answers the order."""
        order = self.find_order(order_id)
        said = read_body(OrderAmendment, request.data)
        order = amend_order(order, address=said.address, expected=said.expected_number_of_shipments)
        return Response(self.represent(order))


@describe_shipment
class ShipmentView(OneOrderView):
    def patch(self, request: Request, slug: str, order_id: str, shipment_id: str) -> Response:
        """Change the link or the products of a shipment; answers the shipment."""
        order = self.find_order(order_id)
        shipment = self._find_shipment(order, shipment_id)
        said = read_body(ShipmentAmendment, request.data)
        amend_shipment(shipment, tracking_url=said.tracking_url, products=said.products)
        [represented] = represent_shipments(self.shop, [shipment.id])
        return Response(orjson.Fragment(represented))

    def _find_shipment(self, order: Order, shipment_id: str) -> Shipment:
        if (uuid := _uuid(shipment_id)) is not None:
            shipment = Shipment.objects.of(self.shop).filter(order_id=order.id, id=uuid).first()
            if shipment is not None:
                shipment.order = order
                return shipment
        raise ShipmentNotFound(f"There is no shipment {shipment_id} in this order.")


@describe_analytics
class AnalyticsView(OneOrderView):
    def put(self, request: Request, slug: str, order_id: str) -> Response:
        """Attach or replace the order's attribution; answers the order."""
        order = self.find_order(order_id)
        said = read_body(Attribution, request.data)
        return Response(self.represent(replace_analytics(order, said.order_analytics)))


@describe_cancel
class CancelView(OneOrderView):
    def post(self, request: Request, slug: str, order_id: str) -> Response:
        """Cancel an order of which nothing was fulfilled; answers the order."""
        order = self.find_order(order_id)
        return respond_once(
            request, self.shop, lambda: Answer(content=self.represent(cancel_order(order)))
        )


def _missing(order_id: str) -> OrderNotFound:
    return OrderNotFound(f"There is no order {order_id} in this shop.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
