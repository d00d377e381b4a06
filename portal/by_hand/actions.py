"""What an editor does to one order from its page: a tracking, a parcel more, cancelling it."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.retry import retried
from common.wire_form import check_said
from orders.models import MAX_EXPECTED_SHIPMENTS, Order
from orders.services import cancel_order
from portal.access import ShopRequest, shop_page
from shipments.audit import order_edited
from shipments.inputs import TrackingInput
from shipments.models import Shipment
from shipments.services import amend_order, attach_tracking, detach_tracking
from shipments.tracking_form import CARRIER_CHOICES
from shops.models import Role, Shop


class TrackingForm(forms.Form):
    """What may be said is what a shop may say (`shipments.inputs`)."""

    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    carrier_reference = forms.ChoiceField(
        label=gettext_lazy("Carrier"),
        choices=CARRIER_CHOICES,
        required=False,
        help_text=gettext_lazy("Leave it open, and the number says which."),
    )
    tracking_url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Leave it empty for the carrier’s own page."),
        validators=[
            URLValidator(
                schemes=["http", "https"],
                message=gettext_lazy("Write a web address, such as https://carrier.example/T1."),
            )
        ],
        widget=forms.URLInput(),
    )

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.tracking: TrackingInput | None = None

    def clean(self) -> None:
        if not self.errors:
            said = {name: value for name, value in self.cleaned_data.items() if value}
            self.tracking = check_said(self, TrackingInput, said)


class ExpectedForm(forms.Form):
    expected = forms.IntegerField(min_value=1, max_value=MAX_EXPECTED_SHIPMENTS)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def add_tracking(request: ShopRequest, shop: Shop, order_id: UUID) -> HttpResponse:
    """Fulfils the next expected parcel; without one, a parcel more."""
    order = _order(shop, order_id)
    form = TrackingForm(*([request.POST] if request.method == "POST" else []))
    if form.is_valid() and form.tracking is not None:
        tracking = form.tracking
        refusal = _refusal(order, lambda locked: _attach(locked, tracking))
        if refusal is None:
            said = _("The parcel %s is on the order.") % tracking.tracking_number
            messages.success(request, said)
            return redirect("portal:order", slug=shop.slug, order_id=order.id)
        form.add_error(None, refusal)
    context = {"order": order, "form": form, "room": "orders"}
    status = 422 if form.errors else 200
    return render(request, "portal/by_hand/tracking.html", context, status=status)


@require_POST
@shop_page(Role.EDITOR)
def take_tracking_off(
    request: ShopRequest, shop: Shop, order_id: UUID, shipment_id: UUID
) -> HttpResponse:
    order = _order(shop, order_id)
    shipment = get_object_or_404(Shipment.objects.of(shop), id=shipment_id, order_id=order.id)

    def detach(locked: Order) -> None:
        shipment.order = locked
        detach_tracking(shipment)

    number = shipment.tracking_number
    return _after(request, order, detach, done=_("The parcel %s was taken off.") % number)


@require_POST
@shop_page(Role.EDITOR)
def expect_parcels(request: ShopRequest, shop: Shop, order_id: UUID) -> HttpResponse:
    order = _order(shop, order_id)
    form = ExpectedForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Nothing was changed: write a whole number of parcels, from 1 to 100.")
        )
        return redirect("portal:order", slug=shop.slug, order_id=order.id)
    expected = form.cleaned_data["expected"]
    return _after(
        request,
        order,
        lambda locked: amend_order(locked, expected=expected),
        done=ngettext("The order expects %d parcel.", "The order expects %d parcels.", expected)
        % expected,
    )


@require_POST
@shop_page(Role.EDITOR)
def cancel_one(request: ShopRequest, shop: Shop, order_id: UUID) -> HttpResponse:
    order = _order(shop, order_id)
    return _after(request, order, cancel_order, done=_("The order is cancelled."))


def _order(shop: Shop, order_id: UUID) -> Order:
    order = get_object_or_404(Order.objects.of(shop), id=order_id)
    order.shop = shop
    return order


def _attach(order: Order, tracking: TrackingInput) -> None:
    taken = Shipment.objects.of(order.shop).filter(order=order)
    if any(map(tracking.is_of, taken.values_list("tracking_number", flat=True))):
        raise DomainError(_("The order has this tracking already."))
    attach_tracking(order, tracking)


def _after(
    request: ShopRequest, order: Order, change: Callable[[Order], object], *, done: str
) -> HttpResponse:
    """Back on the order's page, with what came of it."""
    refusal = _refusal(order, change)
    if refusal is None:
        messages.success(request, done)
    else:
        messages.error(request, _("Nothing was changed: %s") % refusal)
    return redirect("portal:order", slug=order.shop.slug, order_id=order.id)


def _refusal(order: Order, change: Callable[[Order], object]) -> str | None:
    """Does it under the order's lock and in its audit; what refused it, if anything did."""

    def once(_number: int) -> None:
        with order_edited(order.shop, order.id) as locked:
            change(locked)

    try:
        retried(once)
    except DomainError as refusal:
        return refusal.message
    return None
