"""Splitting a parcel: some of its products go into a further one, which is then expected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Conflict, DomainError
from common.retry import retried
from orders.inputs import ProductInput
from orders.models import MAX_EXPECTED_SHIPMENTS, Order, OrderLine, ProductRow
from orders.rows import PRODUCT_COLUMNS
from portal.access import ShopRequest, shop_page
from shipments.audit import order_edited
from shipments.models import Shipment, ShipmentLine
from shipments.services import split_shipment
from shops.models import Role, Shop

Moved = Sequence[int]
"""Of each line of the parcel how many go into the further one."""


class SplitRefused(Conflict):
    """The parcel cannot be split so."""

    key = "split_refused"


class SplitForm(forms.Form):
    """One number for each line of the parcel."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[ProductRow], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines = lines
        for at, line in enumerate(lines):
            self.fields[f"moved_{at}"] = forms.IntegerField(
                label=_named(line),
                help_text=_("of %d") % line.quantity,
                min_value=0,
                max_value=line.quantity,
                required=False,
                initial=0,
            )

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return [self[f"moved_{at}"] for at in range(len(self.lines))]

    @property
    def moved(self) -> list[int]:
        return [self.cleaned_data[f"moved_{at}"] or 0 for at in range(len(self.lines))]

    def clean(self) -> None:
        if self.errors:
            return
        left = sum(line.quantity for line in self.lines) - sum(self.moved)
        if not any(self.moved):
            self.add_error(None, _("Say of at least one product how many go into the new parcel."))
        elif not left:
            self.add_error(None, _("Leave something in the parcel: nothing would be left in it."))


def _named(line: ProductRow) -> str:
    """With what tells it from others of its name."""
    name = line.title or line.sku or line.product_id or _("Product without a name")
    return f"{name} · {line.size}" if line.size else name


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def split_parcel(
    request: ShopRequest, shop: Shop, order_id: UUID, shipment_id: UUID
) -> HttpResponse:
    order = get_object_or_404(Order.objects.of(shop), id=order_id)
    shipment = get_object_or_404(Shipment.objects.of(shop), id=shipment_id, order_id=order_id)
    lines = _lines(shop, shipment)
    said = request.POST if request.method == "POST" else None
    form = SplitForm(lines, said, initial={"seen": order.updated_at.isoformat()})
    if form.is_valid():
        try:
            _split(shop, order, shipment, form.moved, seen=form.cleaned_data["seen"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The order expects one parcel more, with these products."))
            return redirect("portal:order", slug=shop.slug, order_id=order.id)
    context = {"order": order, "shipment": shipment, "form": form, "room": "orders"}
    status = 422 if form.errors else 200
    return render(request, "portal/by_hand/split.html", context, status=status)


def _lines(shop: Shop, shipment: Shipment) -> list[ProductRow]:
    """What is in the parcel: its own lines, else all of its order's."""
    rows: Any = (
        ShipmentLine.objects.of(shop).filter(shipment=shipment)
        if shipment.has_own_lines
        else OrderLine.objects.of(shop).filter(order_id=shipment.order_id)
    )
    return list(rows.order_by("position"))


def _split(shop: Shop, order: Order, shipment: Shipment, moved: Moved, *, seen: str) -> None:
    def once(_number: int) -> None:
        with order_edited(shop, order.id) as locked:
            if locked.updated_at.isoformat() != seen:
                raise SplitRefused(
                    _(
                        "This was changed after you opened the page, so nothing was saved. "
                        "Open the page again and repeat your change."
                    )
                )
            _move(shop, locked, shipment, moved)

    retried(once)


def _move(shop: Shop, order: Order, shipment: Shipment, moved: Moved) -> None:
    lines = _lines(shop, shipment)
    if Shipment.objects.of(shop).filter(order=order).count() >= MAX_EXPECTED_SHIPMENTS:
        raise SplitRefused(_("An order has at most %d parcels.") % MAX_EXPECTED_SHIPMENTS)
    shipment.order = order
    kept = [line.quantity - count for line, count in zip(lines, moved, strict=True)]
    split_shipment(shipment, kept=_products(lines, kept), moved=_products(lines, moved))


def _products(lines: Sequence[ProductRow], counts: Sequence[int]) -> list[ProductInput]:
    """As many of each as is counted; what is none of is left out."""
    return [
        ProductInput.model_validate(
            {**{name: getattr(line, name) for name in PRODUCT_COLUMNS}, "quantity": count}
        )
        for line, count in zip(lines, counts, strict=True)
        if count
    ]
