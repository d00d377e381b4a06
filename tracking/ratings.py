"""Rating a parcel on its order's page."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from engagement.models import BEST, WORST
from engagement.page_cache import forget_pages
from engagement.ratings import MOST_COMMENT, rate_shipment
from orders.models import Order
from shipments.models import Shipment
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.languages import asked_language
from tracking.rendering import render_not_found, render_page


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        choices=[(score, score) for score in range(WORST, BEST + 1)],
        coerce=int,
        error_messages={"required": _("Please choose from 1 to 5.")},
    )
    comment = forms.CharField(required=False, max_length=MOST_COMMENT)


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def rate(request: CustomerRequest, shop: Shop, order: Order, shipment_id: UUID) -> HttpResponse:
    """Opened as a page, it leads to the order's, where its form is."""
    if request.method != "POST":
        return HttpResponseRedirect(order_url(request))
    shipment = Shipment.objects.of(shop).filter(order=order, id=shipment_id).first()
    if shipment is None:
        return render_not_found(request)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _refuse(request, shop, order, _why(form))
    try:
        rate_shipment(shipment, **form.cleaned_data)
    except DomainError:
        return _refuse(request, shop, order, str(_("A parcel can be rated once it was delivered.")))
    forget_pages(shop.id, order.id)
    return HttpResponseRedirect(f"{order_url(request)}#rating-{shipment.position + 1}")


def order_url(request: CustomerRequest) -> str:
    """Back to the page, in the language that the link asked for."""
    url = reverse("tracking:order", kwargs={"token": request.token})
    return f"{url}{asked_language(request).query}"


def _refuse(request: CustomerRequest, shop: Shop, order: Order, why: str) -> HttpResponse:
    context = {"why": why, "back": order_url(request)}
    return render_page(
        request,
        "tracking/refused.html",
        context,
        shop=shop,
        order=order,
        token=request.token,
        status=422,
    )


def _why(form: RatingForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
