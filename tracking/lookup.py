"""Finding an order without its link: by its number and the ZIP code that it goes to."""

from hmac import compare_digest

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.addresses import client_address
from orders.models import Order
from orders.tracking_link import tracking_token
from shops.models import Shop
from tracking.access import not_found
from tracking.attempts import may_try
from tracking.languages import asked_language
from tracking.rendering import render_page

MOST_COMPARED = 5
"""Orders of one name; a shop may use a name again."""
NOBODYS = "\0"
"""Equal to no ZIP code that is typed."""


class LookupForm(forms.Form):
    number = forms.CharField(label=_("Order number"), max_length=255)
    zip_code = forms.CharField(label=_("ZIP code of the delivery address"), max_length=32)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def find_order(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every failure has the same answer after the same work: no such order, another ZIP code, too
    many attempts. Nothing is changed here, so nothing is gained by forging the form.
    """
    shop = Shop.objects.filter(slug=slug).first()
    if shop is None:
        return not_found(request)
    asked = asked_language(request)
    with translation.override(asked.code or shop.language):
        form = LookupForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            order = _found(request, shop, form) if form.is_valid() else None
            if order is not None:
                token = tracking_token(shop.id, order.id)
                url = reverse("tracking:order", kwargs={"token": token})
                return HttpResponseRedirect(f"{url}{asked.query}")
        has_failed = request.method == "POST"
        return render_page(
            request,
            "tracking/find.html",
            {"form": form, "has_failed": has_failed},
            shop=shop,
            status=404 if has_failed else 200,
        )


def _found(request: HttpRequest, shop: Shop, form: LookupForm) -> Order | None:
    number = form.cleaned_data["number"].strip()
    zip_code = _plain(form.cleaned_data["zip_code"])
    is_allowed = may_try(shop, address=client_address(request), number=number.lower())
    order = _matching(shop, number, zip_code)
    return order if is_allowed else None


def _matching(shop: Shop, number: str, zip_code: str) -> Order | None:
    """As many comparisons, each taking as long, whatever there is."""
    numbers = {number, number.removeprefix("#"), f"#{number}"}
    found = list(
        Order.objects.of(shop)
        .filter(Q(order_number__in=numbers) | Q(order_name__in=numbers), erased_at=None)
        .newest_first()
        .only("id", "shop_id", "zip_code")[:MOST_COMPARED]
    )
    matching = None
    for order in [*found, *[None] * (MOST_COMPARED - len(found))]:
        known = _plain(order.zip_code) if order else NOBODYS
        if compare_digest((known or NOBODYS).encode(), zip_code.encode()) and matching is None:
            matching = order
    return matching


def _plain(zip_code: str) -> str:
    """“sw1a1aa” for “SW1A 1AA”."""
    return "".join(character for character in zip_code.casefold() if character.isalnum())
