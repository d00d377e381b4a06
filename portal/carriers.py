"""Why a parcel has the carrier it has, and correcting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Conflict, DomainError
from orders.models import Order
from portal.access import ShopRequest, shop_page
from shipments.audit import order_edited
from shipments.carrier_choice import is_said
from shipments.carrier_reasons import reason_words
from shipments.carriers import carrier_name
from shipments.matching.match import Candidate, match
from shipments.models import Shipment
from shipments.services import correct_carrier
from shipments.tracking_form import CARRIER_CHOICES
from shops.models import Role, Shop


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A carrier that it may be."""

    reference: str
    name: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class CarrierReason:
    why: str
    """A sentence; empty where nothing is kept."""
    needs_look: bool = False
    """Whether nobody knows the carrier, so that a person should say."""
    offers: Sequence[Offer] = ()
    """The likeliest first, where a look is needed."""


def carrier_reason(shipment: Shipment, *, country_code: str) -> CarrierReason:
    """Of a parcel with a tracking number; `country_code` is where its order goes."""
    if shipment.is_carrier_corrected:
        return CarrierReason(why=_("Corrected by hand."))
    if is_said(shipment):
        named = _("The shop named the carrier.")
        return CarrierReason(why=named if shipment.carrier_confidence else "")
    if shipment.is_test and not shipment.carrier_reference:
        return CarrierReason(why="")  # no carrier has it: the story does
    if shipment.carrier_reference:
        said = {
            "carrier": carrier_name(shipment.carrier_reference),
            "percent": _percent(shipment.carrier_confidence),
            "reason": reason_words(shipment.carrier_reason),
        }
        return CarrierReason(why=_("Matched to %(carrier)s, %(percent)d %%: %(reason)s.") % said)
    found = match(
        shipment.tracking_number or "",
        tracking_company=shipment.tracking_company,
        country_code=country_code,
    )
    return CarrierReason(
        why=f"{reason_words(shipment.carrier_reason or found.reason)}.",
        needs_look=True,
        offers=[_offer(candidate) for candidate in found.candidates],
    )


class CorrectionForm(forms.Form):
    carrier_reference = forms.ChoiceField(choices=CARRIER_CHOICES, required=False)


@require_POST
@shop_page(Role.EDITOR)
def correct_parcel_carrier(
    request: ShopRequest, shop: Shop, order_id: UUID, shipment_id: UUID
) -> HttpResponse:
    """Say which carrier it is, and go back; what the shop sends no longer changes it."""
    order = get_object_or_404(Order.objects.of(shop), id=order_id)
    get_object_or_404(Shipment.objects.of(shop), id=shipment_id, order_id=order.id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a carrier from the list; nothing was changed."))
    else:
        try:
            name = _correct(shop, order_id, shipment_id, form.cleaned_data["carrier_reference"])
        except DomainError as refusal:
            messages.error(request, _("Nothing was changed: %s") % refusal.message)
        else:
            messages.success(request, _("The carrier is %s now.") % (name or _("not known")))
    if request.POST.get("back") == "shipment":
        return redirect("portal:shipment", slug=shop.slug, shipment_id=shipment_id)
    return redirect("portal:order", slug=shop.slug, order_id=order_id)


def _correct(shop: Shop, order_id: UUID, shipment_id: UUID, carrier_reference: str) -> str:
    """Under the order's lock, and kept in its audit; answers the carrier's name."""
    with order_edited(shop, order_id) as order:
        shipment = Shipment.objects.of(shop).filter(id=shipment_id, order_id=order_id).first()
        if shipment is None or shipment.is_draft:
            raise Conflict(_("This parcel has no tracking number (any more)."))
        shipment.order = order
        return carrier_name(correct_carrier(shipment, carrier_reference).carrier_reference)


def _offer(candidate: Candidate) -> Offer:
    return Offer(
        reference=candidate.carrier_reference,
        name=carrier_name(candidate.carrier_reference),
        percent=_percent(candidate.confidence),
    )


def _percent(confidence: float) -> int:
    return round(confidence * 100)
