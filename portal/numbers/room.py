"""The room of the numbers: one page for each of its parts."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.targets import target_of
from orders.models import Order
from portal.access import ShopRequest, shop_page
from portal.first_order import no_numbers_yet
from portal.models import SavedFilter, SavedRoom
from portal.numbers.asking import ask
from portal.numbers.rooms import BY_KEY, PARTS
from portal.numbers.saved import view_address, view_query
from portal.numbers.scope import Scope
from portal.numbers.target import target_form, target_words
from shops.models import Role, Shop


@require_safe
@shop_page()
def numbers(request: ShopRequest, shop: Shop, part: str = PARTS[0].key) -> HttpResponse:
    chosen = BY_KEY.get(part)
    if chosen is None:
        raise Http404("The numbers have no such part.")
    if not Order.objects.of(shop).real().exists():
        return render(request, "portal/numbers/first.html", no_numbers_yet(request, shop))
    scope = Scope(request.GET, shop=shop)
    saved = list(SavedFilter.objects.of(shop).seen_by(request.user, in_room=SavedRoom.ANALYTICS))
    view = view_query(chosen.key, scope)
    is_editor = Role(request.member.role).includes(Role.EDITOR)
    context = {
        "part": chosen,
        "parts": PARTS,
        "scope": scope,
        "sheet": ask(scope, numbers=chosen.numbers, panels=chosen.panels),
        "saved": [(one, view_address(shop, one.query)) for one in saved],
        "view": view,
        "chosen_saved": next((one for one in saved if one.query == view), None),
        "may_share": is_editor,
    }
    if chosen.has_target:
        context["target"] = target_words(target_of(shop))
        context["target_form"] = target_form(shop) if is_editor else None
    return render(request, "portal/numbers/room.html", context)
