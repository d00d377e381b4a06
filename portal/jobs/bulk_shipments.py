"""What is done to many shipments at once."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.errors import Conflict
from orders.lookup import lock_order
from portal.jobs.bulk import Bulk, BulkList
from portal.paging import Sorting
from portal.shipment_filters import ShipmentFilters
from shipments.models import Shipment, ShipmentQuerySet
from shipments.services import correct_carrier
from shipments.tracking_form import CARRIER_CHOICES
from shops.models import Shop


class CarrierForm(forms.Form):
    carrier_reference = forms.ChoiceField(
        label=gettext_lazy("Carrier"), choices=CARRIER_CHOICES, required=False
    )


def _rows(shop: Shop) -> ShipmentQuerySet:
    return Shipment.objects.of(shop).with_order().select_related("order")


def _found(shop: Shop, query: str) -> ShipmentQuerySet:
    found: ShipmentQuerySet = ShipmentFilters(QueryDict(query), shop=shop).found
    return found.with_order().select_related("order")


def _sorting(shop: Shop, query: str) -> Sorting:
    return ShipmentFilters(QueryDict(query), shop=shop).lasting_sorting


SHIPMENTS = BulkList(
    page="shipments",
    tick="shipment",
    rows=_rows,
    found=_found,
    sorting=_sorting,
    subject=lambda shipment: f"{shipment.tracking_number or '–'} ({shipment.order.order_number})",
    order_id=lambda shipment: shipment.order_id,
)


def _correct(shipment: Shipment, said: dict[str, Any]) -> bool:
    """As on the page of one, under the order's lock."""
    now = Shipment.objects.of(shipment.shop).filter(id=shipment.id).first()
    if now is None or now.is_draft:
        raise Conflict(_("This parcel has no tracking number (any more)."))
    reference = said["carrier_reference"]
    if now.is_carrier_corrected and now.carrier_reference == reference:
        return False
    now.order = lock_order(shipment.shop, shipment.order_id)
    correct_carrier(now, reference)
    return True


CORRECT_CARRIER = Bulk(
    key="correct_carrier",
    title=gettext_lazy("Correct the carrier"),
    rows=SHIPMENTS,
    question=lambda count: (
        ngettext(
            "Correct the carrier of %d shipment?", "Correct the carrier of %d shipments?", count
        )
        % count
    ),
    explanation=gettext_lazy(
        "What the shop sends no longer changes it. Expected parcels have no carrier yet; the "
        "result names them."
    ),
    button=lambda count: ngettext("Correct %d shipment", "Correct %d shipments", count) % count,
    act=_correct,
    form=CarrierForm,
)
