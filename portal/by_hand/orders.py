"""Making an order by hand, and editing one: by the way that shops' orders take (`intake`)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Conflict, DomainError
from common.retry import retried
from intake.inputs import UpsertInput
from intake.upsert import place_order, upsert_order
from intake.wave import Upserted
from orders.errors import OrderCancelled
from orders.inputs import OrderInput
from orders.lookup import ReferenceType
from orders.models import Order, OrderLine
from portal.access import ShopRequest, shop_page
from portal.by_hand.order_form import (
    HandOrderForm,
    line_formset,
    products_of,
    with_a_line_more,
)
from portal.by_hand.shown_lines import shown_lines
from shipments.audit import order_edited, record_made_orders
from shops.models import Role, Shop

MORE = "another_line"
"""What the button says that saves nothing and adds a line."""


class ChangedMeanwhile(Conflict):
    """The order is not what it was when its form was opened."""

    key = "changed_meanwhile"


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def new_order(request: ShopRequest, shop: Shop) -> HttpResponse:
    if MORE in request.POST:
        return _page(request, *with_a_line_more(request.POST))
    said = request.POST if request.method == "POST" else None
    begun = {"order_placed_at": timezone.now(), "currency": shop.currency}
    form, formset = HandOrderForm(said, initial=begun), line_formset([], said)
    if said is not None and form.is_valid() and formset.is_valid():
        order = form.said(products_of(formset, []), order=None)
        if order is not None:
            try:
                placed = _place(shop, order)
            except DomainError as refusal:
                form.add_error("order_number", refusal.message)
            else:
                messages.success(request, _("The order is placed."))
                return redirect("portal:order", slug=shop.slug, order_id=placed.order_id)
    return _page(request, form, formset)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def edit_order(request: ShopRequest, shop: Shop, order_id: UUID) -> HttpResponse:
    order = get_object_or_404(Order.objects.of(shop), id=order_id)
    if MORE in request.POST:
        return _page(request, *with_a_line_more(request.POST), order=order)
    lines = list(OrderLine.objects.of(shop).filter(order=order).order_by("position"))
    said = request.POST if request.method == "POST" else None
    form = HandOrderForm(said, initial=HandOrderForm.initial_of(order))
    formset = line_formset(lines, said)
    if said is not None and form.is_valid() and formset.is_valid():
        written = form.said(products_of(formset, lines), order=order)
        if written is not None:
            try:
                _save(shop, order, written, seen=form.cleaned_data["seen"])
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The order is saved."))
                return redirect("portal:order", slug=shop.slug, order_id=order.id)
    return _page(request, form, formset, order=order)


def _place(shop: Shop, said: OrderInput) -> Upserted:
    @transaction.atomic
    def once(_number: int) -> Upserted:
        placed = place_order(shop, said)
        record_made_orders(shop, [placed.order_id])
        return placed

    return retried(once)


def _save(shop: Shop, order: Order, said: OrderInput, *, seen: str) -> None:
    """Raises ChangedMeanwhile rather than overwrite what the form did not show."""
    upsert = UpsertInput(id=str(order.id), id_type=ReferenceType.UUID, order=said, trackings=[])

    @transaction.atomic
    def once(_number: int) -> None:
        with order_edited(shop, order.id) as locked:
            if locked.is_cancelled:
                raise OrderCancelled(_("The order is cancelled; nothing was saved."))
            if locked.updated_at.isoformat() != seen:
                raise ChangedMeanwhile(
                    _(
                        "The order was changed after you opened the page, so nothing was saved. "
                        "Open it again in another tab, and repeat your change there."
                    )
                )
            upsert_order(shop, upsert)

    retried(once)


def _page(
    request: ShopRequest, form: HandOrderForm, formset: Any, *, order: Order | None = None
) -> HttpResponse:
    is_checked = form.is_bound
    is_wrong = is_checked and bool(form.errors or formset.total_error_count())
    context = {
        "form": form,
        "formset": formset,
        "management_form": formset.management_form,
        "line_errors": formset.non_form_errors() if is_checked else [],
        "lines": shown_lines(formset, is_checked=is_checked),
        "is_grown": formset.is_bound and not is_checked,
        "more": MORE,
        "is_wrong": is_wrong,
        "order": order,
        "room": "orders",
    }
    return render(request, "portal/by_hand/order.html", context, status=422 if is_wrong else 200)
