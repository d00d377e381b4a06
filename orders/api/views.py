"""/v1/shops/{slug}/orders: searching, placing and upserting."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.answers import answer_read
from common.api.bodies import about_the_body, read_body
from common.api.paging import next_link, take_page
from common.api.preferences import Preferences
from common.api.queries import filtered
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
from shipments.representation import represent_orders
from shops.api.views import ShopView


@describe_orders
class OrdersView(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Search, newest first: a bare array; `Link` leads to the next page."""
        rows = Order.objects.of(self.shop)
        few = few_in_segment(self.shop, request.GET.get("segment", ""))
        rows = rows if few is None else rows.filter(id__in=few)
        orders, paging = filtered(OrderFilters, request.GET, rows)
        found = orders.values_list("id", "order_placed_at", named=True)
        page, cursor = take_page(found, by="order_placed_at", **paging)
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        return answer_read(
            request, represent_orders(self.shop, [order.id for order in page]), headers
        )

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
        represented["ignored_trackings"] = list(upserted.ignored_trackings)
        return Answer(content=represented, headers=headers)
