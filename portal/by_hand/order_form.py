"""An order as a person writes it: what may be said is what a shop may say (`orders.inputs`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.currencies import CURRENT_CURRENCIES
from common.wire_form import check_said, without_trailing_zeros
from orders.inputs import MAX_PRODUCTS, AddressInput, OrderInput
from orders.models import Order, OrderLine
from orders.rows import PRODUCT_COLUMNS

ADDRESS_LABELS = {
    "name": _("Recipient"),
    "company": _("Company"),
    "address_line_1": _("Address line 1"),
    "address_line_2": _("Address line 2"),
    "street": _("Street"),
    "zip_code": _("ZIP code"),
    "city": _("City"),
    "province": _("Province"),
    "country_code": _("Country code, such as DE"),
    "phone": _("Phone"),
}
AMOUNTS = ("total_order_price", "sub_total_price", "shipping_price", "discount_price")
EMPTY_LINES = 3
"""Below those that there are, to write further products into."""
MOMENT = "%Y-%m-%dT%H:%M"


def _text(label: Any, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=2000, **more)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=18, decimal_places=4)


class HandOrderForm(forms.Form):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    order_number = _text(_("Order number"), required=True)
    order_name = _text(_("Name of the order"))
    order_placed_at = forms.DateTimeField(
        label=_("Placed"),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    email_id = _text(_("E-mail"))
    currency = forms.ChoiceField(label=_("Currency"))
    total_order_price = _amount(_("Total"))
    sub_total_price = _amount(_("Subtotal"))
    shipping_price = _amount(_("Shipping"))
    discount_price = _amount(_("Discount"))
    segments = _text(_("Segments"), help_text=_("With commas between them."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kept = {self.initial["currency"]} if "currency" in self.initial else set()
        choices = [(code, code) for code in sorted(CURRENT_CURRENCIES | kept)]
        cast("forms.ChoiceField", self.fields["currency"]).choices = choices
        for name, label in ADDRESS_LABELS.items():
            self.fields[f"address_{name}"] = _text(label, required=name == "zip_code")

    @property
    def address_fields(self) -> list[forms.BoundField]:
        return [self[f"address_{name}"] for name in ADDRESS_LABELS]

    @property
    def reference_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("order_number", "order_name", "order_placed_at")]

    @property
    def customer_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("email_id", "segments")]

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("currency", *AMOUNTS)]

    def said(self, products: Sequence[dict[str, Any]], *, order: Order | None) -> OrderInput | None:
        """What it says, checked; None with the faults beside the fields.

        Of the address what the form has no field for stays as it was.
        """
        cleaned = self.cleaned_data
        kept = order.address if order else {}
        address = {
            **{name: kept[name] for name in AddressInput.model_fields if name in kept},
            **{
                name: text
                for name in ADDRESS_LABELS
                if (text := cleaned[f"address_{name}"]) or kept.get(name)
            },
        }
        segments = [name.strip() for name in cleaned["segments"].split(",") if name.strip()]
        content = {
            name: cleaned[name]
            for name in ("order_number", "order_name", "order_placed_at", "email_id", "currency")
        }
        amounts = {name: cleaned[name] for name in AMOUNTS}
        return check_said(
            self,
            OrderInput,
            {
                **content,
                **amounts,
                "order_placed_at": self._placed_at(order).isoformat(),
                "external_id": order.external_id if order else None,
                "address": address,
                "segments": segments,
                "products": products,
            },
        )

    def _placed_at(self, order: Order | None) -> datetime:
        """The form shows minutes: left as it is shown, it is as it was."""
        is_written = order is None or "order_placed_at" in self.changed_data
        placed: datetime = self.cleaned_data["order_placed_at"]
        return placed if is_written or order is None else order.order_placed_at

    @staticmethod
    def initial_of(order: Order) -> dict[str, Any]:
        shown = {name: getattr(order, name) for name in HandOrderForm.base_fields if name != "seen"}
        return {
            **shown,
            **without_trailing_zeros(shown),
            "order_placed_at": order.order_placed_at.replace(second=0, microsecond=0),
            "seen": order.updated_at.isoformat(),
            "segments": ", ".join(order.segments),
            **{f"address_{name}": order.address.get(name) or "" for name in ADDRESS_LABELS},
        }


class HandLineForm(forms.Form):
    at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = _text(_("Product"))
    sku = _text(_("SKU"))
    quantity = forms.IntegerField(label=_("Quantity"), required=False, min_value=0)
    price = _amount(_("Price"))

    def product(self, kept: Sequence[OrderLine]) -> dict[str, Any] | None:
        """As it is sent; of a line that there was, what the form has no field for stays."""
        cleaned = self.cleaned_data
        if not any(cleaned.get(name) for name in ("title", "sku")):
            return None
        at = cleaned.get("at")
        line = kept[at] if at is not None and 0 <= at < len(kept) else None
        own = {name: getattr(line, name) for name in PRODUCT_COLUMNS} if line else {}
        own.pop("position", None)
        quantity = cleaned["quantity"]
        written = {name: cleaned[name] for name in ("title", "sku", "price")}
        return {**own, **written, "quantity": 1 if quantity is None else quantity}


def line_formset(lines: Sequence[OrderLine], said: Any | None) -> "forms.BaseFormSet[HandLineForm]":
    """The order's lines, and some empty ones; ticking “delete” takes a line away."""
    initial = [
        {
            "at": at,
            "title": line.title,
            "sku": line.sku,
            "quantity": line.quantity,
            **without_trailing_zeros({"price": line.price}),
        }
        for at, line in enumerate(lines)
    ]
    factory = forms.formset_factory(
        HandLineForm, extra=EMPTY_LINES, max_num=MAX_PRODUCTS, validate_max=True, can_delete=True
    )
    return factory(said, initial=initial, prefix="lines")


def products_of(
    formset: "forms.BaseFormSet[HandLineForm]", kept: Sequence[OrderLine]
) -> list[dict[str, Any]]:
    written = (
        form.product(kept)
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    )
    return [product for product in written if product is not None]
