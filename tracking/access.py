"""Whoever has the link of an order may see its page, and nothing of any other order."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from orders.models import Order
from orders.tracking_link import linked_order
from shops.models import Shop
from tracking.languages import asked_language
from tracking.policy import seal
from tracking.rendering import render_not_found

Rest = ParamSpec("Rest")


class CustomerRequest(HttpRequest):
    """A request by somebody who has an order's link."""

    token: str
    language: str


def order_page(
    view: Callable[Concatenate[CustomerRequest, Shop, Order, Rest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """For a view of the order that `token` in the URL opens: in the customer's language, in the
    shop's time zone, under the pages' policy. Whatever else the token may be is not found.

    Forms need no token against forgery: who can write a form that posts to the link has the link.
    What browsers say to come from another site is refused all the same.
    """

    @csrf_exempt
    @wraps(view)
    def page(
        request: HttpRequest, token: str, *args: Rest.args, **rest: Rest.kwargs
    ) -> HttpResponseBase:
        order = _order_of(token)
        language = asked_language(request) or (order.shop.language if order else "en")
        with translation.override(language):
            if order is None:
                return render_not_found(request, language)
            if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
                return HttpResponse(status=403)
            customer = cast("CustomerRequest", request)
            customer.token, customer.language = token, language
            with timezone.override(ZoneInfo(order.shop.timezone)):
                response = view(customer, order.shop, order, *args, **rest)
        seal(response)
        return response

    return page


def _order_of(token: str) -> Order | None:
    """With its shop."""
    linked = linked_order(token)
    if linked is None:
        return None
    found = Order.objects.filter(shop_id=linked.shop_id, id=linked.order_id)
    return found.select_related("shop").first()
