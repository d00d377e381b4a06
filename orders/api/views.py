"""/v1/shops/{slug}/orders: searching, placing and upserting."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.answers import answer_list
from common.api.bodies import about_the_body, read_body
from common.api.paging import Cursor, next_link
from common.api.preferences import Preferences
from common.api.prepared_search import PreparedSearch
from common.api.queries import checked
from intake.idempotency import Answer
from intake.inputs import UpsertInput
from intake.upsert import place_order, upsert_order
from intake.wave import Upserted
from orders.api.description import describe_orders
from orders.api.filters import OrderFilters
from orders.api.once import respond_once
from orders.inputs import OrderInput
from orders.models import Order
from orders.segments import few_in_segment
from shipments.representation import find_orders, represent_orders
from shipments.selectors import few_orders_updated_since
from shops.api.views import ShopView

ORDERS = PreparedSearch(Order, OrderFilters, by="order_placed_at")


@describe_orders
class OrdersView(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Search, newest first: a bare array; `Link` leads to the next page."""
        asked = checked(OrderFilters, request.GET)
        sql, values = ORDERS.page(asked, self.shop.id, among=self._few(asked.filters))
        page, has_more = find_orders(self.shop, sql, values)
        cursor = Cursor(page[-1].placed_at, page[-1].id) if has_more else None
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_list(request, [order.json for order in page], headers)

    def _few(self, said: Mapping[str, Any]) -> list[UUID] | None:
        """Which orders can be meant at all, where what is asked for tells that they are few."""
        of_segment = few_in_segment(self.shop, said.get("segment", ""))
        updated = few_orders_updated_since(self.shop, said.get("shipment_updated_since"))
        return of_segment if updated is None else updated

    def post(self, request: Request, slug: str) -> Response:
        """Place an order; 409 when its number or external id is taken."""
        said = read_body(OrderInput, request.data)
        return respond_once(request, self.shop, lambda: self._placed(request, said))

    def put(self, request: Request, slug: str) -> Response:
        """Create or update an order, and attach trackings to it."""
        said = read_body(UpsertInput, request.data)
        with about_the_body():
            upserted = upsert_order(self.shop, said)
        answer = self._written(request, upserted)
        return Response(answer.content, headers=answer.headers)

    def _placed(self, request: Request, said: OrderInput) -> Answer:
        with about_the_body():
            placed = place_order(self.shop, said)
        return self._written(request, placed)

    def _written(self, request: Request, upserted: Upserted) -> Answer:
        preferences = Preferences.of(request)
        headers = {"Karla-Outcome": upserted.outcome.value, **preferences.applied(lenient=False)}
        if not preferences.wants_representation:
            return Answer(content=None, headers=headers)
        [represented] = represent_orders(self.shop, [upserted.order_id])
        ignored = orjson.dumps(upserted.ignored_trackings)
        content = b'%b,"ignored_trackings":%b}' % (represented.json[:-1], ignored)
        return Answer(content=orjson.Fragment(content), headers=headers)
