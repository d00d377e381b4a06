"""Products as staff edit them: the lines of an order, and those of a parcel that has its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from common.wire_form import WireJSONField, check_said, without_trailing_zeros
from orders.inputs import MAX_PRODUCTS, ProductInput, json_list
from orders.models import OrderLine, ProductRow
from orders.rows import PRODUCT_COLUMNS
from shops.models import Shop

_JSON_COLUMNS = ("images", "tax_lines", "bundled_products")
LAST = 32_767


def _json_area(help_text: str) -> WireJSONField:
    return WireJSONField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=help_text,
    )


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LAST,
        help_text="Its place in the list, from 0; empty for the end.",
    )
    images = _json_area('A JSON list of {"src": …, "alt": …}.')
    tax_lines = _json_area('A JSON list of {"currency", "price", "rate", "title"}.')
    bundled_products = _json_area("A JSON list of the products in this bundle.")

    class Meta:
        fields = PRODUCT_COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(without_trailing_zeros(self.initial))
        if self.instance._state.adding:
            self.initial["position"] = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("position") is None:
            cleaned["position"] = LAST
        if not self.errors:
            said = check_said(self, ProductInput, {name: cleaned[name] for name in _SAID})
            if said is not None:
                cleaned |= {name: json_list(getattr(said, name)) for name in _JSON_COLUMNS}
        return cleaned


_SAID = tuple(name for name in PRODUCT_COLUMNS if name != "position")


class LineInline(admin.StackedInline):  # type: ignore[type-arg]
    form = ProductForm
    extra = 0
    max_num = MAX_PRODUCTS
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("title", "quantity"),
                    ("price", "weight"),
                    ("sku", "size"),
                    ("product_id", "variant_id"),
                    ("type", "position"),
                ]
            },
        ),
        (
            "Images, taxes, bundled products",
            {"fields": list(_JSON_COLUMNS), "classes": ["collapse"]},
        ),
    ]

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:  # type: ignore[type-arg]
        may_add = self.has_add_permission(request, obj)
        return super().get_formset(request, obj, validate_max=may_add, **kwargs)


class OrderLineInline(LineInline):
    model = OrderLine


def save_lines(
    formset: "BaseInlineFormSet[Any, Any, Any]", shop: Shop, siblings: "QuerySet[Any]"
) -> bool:
    """Write what the formset changed, column by column, and number the lines from 0 again.

    Told which lines those are by `formset.save(commit=False)`, which comes before.
    """
    for line in formset.deleted_objects:
        line.delete()
    for line, changed in formset.changed_objects:
        line.save(update_fields=changed)
    for line in formset.new_objects:
        line.shop = shop
        line.save(force_insert=True)
    if not (formset.deleted_objects or formset.changed_objects or formset.new_objects):
        return False
    misplaced: list[ProductRow] = []
    for position, line in enumerate(siblings.order_by("position", "id")):
        if line.position != position:
            line.position = position
            misplaced.append(line)
    siblings.bulk_update(misplaced, ["position"])
    return True
