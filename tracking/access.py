"""Whoever has the link of an order may see its page, and nothing of any other order."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from orders.models import Order
from orders.tracking_link import LinkedOrder, linked_order
from shops.models import Shop
from tracking.languages import asked_language
from tracking.policy import seal
from tracking.rendering import render_not_found

Rest = ParamSpec("Rest")


class CustomerRequest(HttpRequest):
    """A request by somebody who has an order's link."""

    token: str
    linked: LinkedOrder
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
        linked = linked_order(token)
        order = order_of(linked)
        if linked is None or order is None or _is_forged(request):
            return not_found(request)
        customer = cast("CustomerRequest", request)
        customer.token, customer.linked = token, linked
        customer.language = asked_language(request).code or order.shop.language
        with (
            translation.override(customer.language),
            timezone.override(ZoneInfo(order.shop.timezone)),
        ):
            response = view(customer, order.shop, order, *args, **rest)
        seal(response)
        return response

    return page


def order_of(linked: LinkedOrder | None) -> Order | None:
    """With its shop. An erased order is nobody's to see."""
    if linked is None:
        return None
    found = Order.objects.filter(shop_id=linked.shop_id, id=linked.order_id, erased_at=None)
    return found.select_related("shop").first()


def not_found(request: HttpRequest) -> HttpResponseBase:
    with translation.override(asked_language(request).code or "en"):
        return render_not_found(request)


def _is_forged(request: HttpRequest) -> bool:
    is_safe = request.method in ("GET", "HEAD")
    return not is_safe and request.headers.get("Sec-Fetch-Site") == "cross-site"
