"""An order as a person writes it: what may be said is what a shop may say (`orders.inputs`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.countries import country_choices
from common.currencies import CURRENT_CURRENCIES
from common.wire_form import check_said, without_trailing_zeros
from orders.inputs import MAX_PRODUCTS, MAX_QUANTITY, AddressInput, OrderInput
from orders.models import Order, OrderLine
from orders.rows import PRODUCT_COLUMNS
from portal.moment_field import MomentField
from portal.sheets.cells import CellRefused, read_amount

ADDRESS_LABELS = {
    "name": _("Recipient"),
    "company": _("Company"),
    "address_line_1": _("Address line 1"),
    "address_line_2": _("Address line 2"),
    "street": _("Street"),
    "zip_code": _("ZIP code"),
    "city": _("City"),
    "province": _("Province"),
    "country_code": _("Country"),
    "phone": _("Phone"),
}
TOGETHER = {"country_code": "country", "province": "province_code"}
"""Two names of one thing: where the first is edited, the other one no longer holds."""
AMOUNTS = ("total_order_price", "sub_total_price", "shipping_price", "discount_price")
LINE_COUNT = "lines-TOTAL_FORMS"
"""What the form calls how many lines it has."""
WRITTEN: Mapping[object, Decimal] = {-1: Decimal("0.01"), -3: Decimal("0.0001")}
"""By the exponent of an amount, with which one it is written instead."""
EMAIL = EmailValidator(_("Write an address such as name@example.com."))
CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours the clock may be that an order is entered by."""
MOST_AMOUNT = 10**12
"""As the wire has it (`common.wire.Amount`)."""


def _text(
    label: Any, *, required: bool = False, max_length: int = 2000, **more: Any
) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=max_length, **more)


class AmountField(forms.DecimalField):
    """Read as an import reads it, written as the language writes it: a browser's own field of
    numbers would take 12,50 for 1250."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            try:
                value = read_amount(value.strip())
            except CellRefused as fault:
                raise forms.ValidationError(str(fault), code="invalid") from fault
        return super().to_python(value)


def _amount(label: Any) -> AmountField:
    return AmountField(
        label=label,
        required=False,
        min_value=-MOST_AMOUNT,
        max_value=MOST_AMOUNT,
        max_digits=18,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def as_written(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """The amounts among the values: 12.50 and 40, not 12.5 and 40.0000.

    Never with three decimals: that could be read as thousands.
    """
    exact = without_trailing_zeros(values)
    return {
        name: amount.quantize(WRITTEN.get(amount.as_tuple().exponent, amount))
        for name, amount in exact.items()
    }


class HandOrderForm(forms.Form):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    order_number = _text(_("Order number"), required=True)
    order_name = _text(_("Name of the order"))
    order_placed_at = MomentField(label=_("Placed"))
    email_id = _text(_("E-mail"))
    currency = forms.ChoiceField(label=_("Currency"))
    total_order_price = _amount(_("Total"))
    sub_total_price = _amount(_("Subtotal"))
    shipping_price = _amount(_("Shipping"))
    discount_price = _amount(_("Discount"))
    segments = _text(_("Segments, one in each line"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kept = {self.initial["currency"]} if "currency" in self.initial else set()
        choices = [(code, code) for code in sorted(CURRENT_CURRENCIES | kept)]
        cast("forms.ChoiceField", self.fields["currency"]).choices = choices
        for name, label in ADDRESS_LABELS.items():
            self.fields[f"address_{name}"] = _text(label, required=name == "zip_code")
        kept_country = self.initial.get("address_country_code", "")
        self.fields["address_country_code"] = forms.ChoiceField(
            label=ADDRESS_LABELS["country_code"],
            choices=country_choices(kept_country),
            required=False,
        )

    def clean_email_id(self) -> str:
        email: str = self.cleaned_data["email_id"]
        if email and "email_id" in self.changed_data:
            EMAIL(email)
        return email

    def clean_order_placed_at(self) -> datetime:
        """Where it was sent with a time to come, it may stay so: a shop may say that."""
        placed: datetime = self.cleaned_data["order_placed_at"]
        is_to_come = placed > timezone.now() + CLOCKS_DIFFER
        if is_to_come and "order_placed_at" in self.changed_data:
            raise forms.ValidationError(
                _("This is still to come: write when the order was placed."), code="to_come"
            )
        return placed

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
        lines = cleaned["segments"].splitlines()
        segments = [line.strip() for line in lines if line.strip()]
        if order is not None and "segments" not in self.changed_data:
            segments = order.segments
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
                "address": self._address(order.address if order else {}),
                "segments": segments,
                "products": products,
            },
        )

    def _address(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        address = {name: kept[name] for name in AddressInput.model_fields if name in kept}
        for name in ADDRESS_LABELS:
            text = self.cleaned_data[f"address_{name}"]
            if text or kept.get(name):
                address[name] = text
            if name in TOGETHER and f"address_{name}" in self.changed_data:
                address.pop(TOGETHER[name], None)
        return address

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
            **as_written(shown),
            "order_placed_at": order.order_placed_at.replace(second=0, microsecond=0),
            "seen": order.updated_at.isoformat(),
            "segments": "\n".join(order.segments),
            **{f"address_{name}": order.address.get(name) or "" for name in ADDRESS_LABELS},
        }


class HandLineForm(forms.Form):
    at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = _text(_("Product"))
    sku = _text(_("SKU"), max_length=255)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        required=False,
        min_value=0,
        max_value=MAX_QUANTITY,
        error_messages={"invalid": _("Write a whole number, such as 2.")},
    )
    price = _amount(_("Price"))

    def clean(self) -> None:
        said = self.cleaned_data
        is_nameless = not (said.get("title") or said.get("sku"))
        if is_nameless and {"title", "sku", "quantity", "price"} & set(self.changed_data):
            self.add_error("title", _("Say which product: its name, or its SKU."))

    def product(self, kept: Sequence[OrderLine]) -> dict[str, Any] | None:
        """As it is sent; of a line that there was, what the form has no field for stays."""
        cleaned = self.cleaned_data
        at = cleaned.get("at")
        line = kept[at] if at is not None and 0 <= at < len(kept) else None
        if line is None and not any(cleaned.get(name) for name in ("title", "sku")):
            return None
        own = {name: getattr(line, name) for name in PRODUCT_COLUMNS} if line else {}
        own.pop("position", None)
        quantity = cleaned["quantity"]
        written = {name: cleaned[name] for name in ("title", "sku", "price")}
        return {**own, **written, "quantity": 1 if quantity is None else quantity}


def line_formset(lines: Sequence[OrderLine], said: Any | None) -> "forms.BaseFormSet[HandLineForm]":
    """The order's lines, or an empty one; ticking “delete” takes a line away."""
    initial = [
        {
            "at": at,
            "title": line.title,
            "sku": line.sku,
            "quantity": line.quantity,
            **as_written({"price": line.price}),
        }
        for at, line in enumerate(lines)
    ]
    factory = forms.formset_factory(
        HandLineForm,
        extra=0 if lines else 1,
        max_num=MAX_PRODUCTS,
        validate_max=True,
        can_delete=True,
    )
    return factory(said, initial=initial, prefix="lines")


def with_a_line_more(said: QueryDict) -> tuple[HandOrderForm, "forms.BaseFormSet[HandLineForm]"]:
    """What was typed, unchecked, and below its lines an empty one."""
    count = line_formset([], said).total_form_count() + 1
    grown = said.copy()
    grown[LINE_COUNT] = str(count)
    return HandOrderForm(initial=said.dict()), line_formset([], grown)


def products_of(
    formset: "forms.BaseFormSet[HandLineForm]", kept: Sequence[OrderLine]
) -> list[dict[str, Any]]:
    written = (
        form.product(kept)
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    )
    return [product for product in written if product is not None]
