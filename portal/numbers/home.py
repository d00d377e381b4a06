"""The home of a shop: its last 30 days, and what needs attention."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders.models import Order
from portal.access import ShopRequest, shop_page
from portal.first_order import no_numbers_yet
from portal.numbers.asking import ask
from portal.numbers.attention import what_waits
from portal.numbers.panels.lines import Lines
from portal.numbers.rooms import FIVE
from portal.numbers.scope import Scope
from portal.numbers.summary.wishes import wants_summary
from shops.models import Shop

PANELS = (Lines(number="orders", title=_("How many orders were placed?")),)


@require_safe
@shop_page()
def shop_home(request: ShopRequest, shop: Shop) -> HttpResponse:
    if not Order.objects.of(shop).real().exists():
        context = {**no_numbers_yet(request, shop), "waiting": what_waits(request.member)}
        return render(request, "portal/numbers/first.html", context)
    scope = Scope(QueryDict(), shop=shop)
    context = {
        "scope": scope,
        "sheet": ask(scope, numbers=(*FIVE, "orders"), panels=PANELS),
        "waiting": what_waits(request.member),
        "wants_summary": wants_summary(shop, request.user),
    }
    return render(request, "portal/numbers/home.html", context)
