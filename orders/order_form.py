"""An order as staff edit it: what may be said of it is what a shop may say (`orders.inputs`)."""

from typing import Any

from django import forms

from common.seen_form import SeenForm
from common.wire_form import WireJSONField, check_said, without_trailing_zeros
from orders.inputs import AddressInput, OrderInput, json_list
from orders.models import Order
from orders.rows import address_as_stored, preferred_date_as_stored

ADDRESS_FIELDS = tuple(f"address_{name}" for name in AddressInput.model_fields)
UNIQUE_FIELDS = ("order_number", "external_id")
CONTENT_FIELDS = (
    "order_number",
    "order_name",
    "external_id",
    "order_placed_at",
    "expected_number_of_shipments",
    "currency",
    "total_order_price",
    "shipping_price",
    "sub_total_price",
    "discount_price",
    "weight",
    "discounts",
    "email_id",
    "external_customer_id",
    "segments",
    "order_status_url",
    "preferred_delivery_date",
    "user_agent",
    "order_analytics",
)


def json_area(help_text: str, rows: int = 4) -> WireJSONField:
    return WireJSONField(
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "cols": 70}),
        help_text=help_text,
    )


def address_text(label: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, widget=forms.TextInput(attrs={"class": "vTextField"})
    )


class OrderForm(SeenForm):
    address_name = address_text("Recipient")
    address_company = address_text("Company")
    address_address_line_1 = address_text("Address line 1")
    address_address_line_2 = address_text("Address line 2")
    address_street = address_text("Street")
    address_zip_code = address_text("ZIP code", required=True)
    address_city = address_text("City")
    address_province = address_text("Province")
    address_province_code = address_text("Province code")
    address_country = address_text("Country")
    address_country_code = address_text("Country code")
    address_phone = address_text("Phone")

    discounts = json_area('A JSON list of {"code": …, "amount": "…", "type": "…"}.')
    segments = json_area('A JSON list of names, such as ["vip"].', rows=2)
    preferred_delivery_date = json_area(
        "A JSON object with start, end, updated_at (ISO 8601) and source; empty for none."
    )
    user_agent = json_area("A JSON text, or a list of them; empty for none.", rows=2)
    order_analytics = json_area("A JSON object: where the order came from.")

    class Meta:
        model = Order
        fields = CONTENT_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = {name: getattr(self.instance, name) for name in (*CONTENT_FIELDS, "address")}
        self.initial.update(without_trailing_zeros(self.initial))
        if "order_status_url" in self.fields:
            self.fields["order_status_url"].widget.attrs["class"] = "vURLField"
        address = self.instance.address or {}
        self.initial.update(
            {f"address_{name}": address.get(name) for name in AddressInput.model_fields}
        )

    def version(self) -> str:
        return str(self.instance.updated_at.isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in UNIQUE_FIELDS:
            self._check_free(name, cleaned.get(name))
        if self.errors:
            return cleaned
        content = {name: cleaned[name] for name in CONTENT_FIELDS}
        address = {
            name: text for name in AddressInput.model_fields if (text := cleaned[f"address_{name}"])
        }
        said = check_said(self, OrderInput, {**content, "address": address})
        if said is not None:
            cleaned |= _as_stored(said)
            self.instance.address = address_as_stored(said.address)
        return cleaned

    def changed_columns(self) -> list[str]:
        """Which columns differ from the locked row; asked after the form was found valid."""
        touched = self.changed_names()
        columns = [
            name
            for name in touched
            if name in CONTENT_FIELDS and self.cleaned_data[name] != self.kept[name]
        ]
        spoken = {name: text for name, text in self.kept["address"].items() if text}
        if not set(touched).isdisjoint(ADDRESS_FIELDS) and self.instance.address != spoken:
            columns.append("address")
        return columns

    def _check_free(self, name: str, value: str | None) -> None:
        others = Order.objects.of(self.instance.shop).exclude(id=self.instance.id)
        if value and name in self.changed_data and others.filter(**{name: value}).exists():
            self.add_error(name, "Another order of this shop has this already.")


def _as_stored(said: OrderInput) -> dict[str, Any]:
    """Columns whose stored shape is the wire model's, not the text's."""
    preferred = said.preferred_delivery_date
    return {
        "currency": said.currency,
        "discounts": json_list(said.discounts),
        "segments": said.segments or [],
        "preferred_delivery_date": preferred_date_as_stored(preferred) if preferred else None,
        "user_agent": said.user_agent,
        "order_analytics": said.order_analytics or {},
    }
