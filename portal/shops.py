"""Which shop one works in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access import LAST_SHOP_COOKIE, PersonRequest, person_page
from portal.context import shops_of


@require_safe
@person_page
def home(request: PersonRequest) -> HttpResponse:
    """To the home of the shop last worked in, or of the only one, or to the choice.

    Staff who are members of no shop work in the back office.
    """
    shops = shops_of(request.user)
    last = shops.filter(slug=request.COOKIES.get(LAST_SHOP_COOKIE, "")).first()
    first_two = [last] if last else list(shops[:2])
    if len(first_two) == 1:
        return redirect("portal:shop", slug=first_two[0].slug)
    if not first_two and request.user.is_staff:
        return redirect("admin:index")
    return redirect("portal:shops")


@require_safe
@person_page
def shop_list(request: PersonRequest) -> HttpResponse:
    shops = list(shops_of(request.user))
    if not shops:
        return render(request, "portal/shops/none.html", status=403)
    return render(request, "portal/shops/list.html", {"shops": shops})
