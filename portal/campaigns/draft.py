"""A campaign as it stands in the editor: its forms, what they would save, what they would show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.choice import Variant
from campaigns.models import DEFAULT_SEGMENT, Campaign
from campaigns.services import CampaignChanges
from common.errors import DomainError
from portal.campaigns.forms import CampaignForm, ProductForm, TextsForm
from shops.models import Shop

PRODUCT_ROWS = 4
FIELD_OF = {
    "end_date": "ends_at",
    "campaign_active_segment_exists": "segment",
    "campaign_exists": "code",
    "discount": "discount",
}
"""Beside which field a refusal stands, by the field that it names or by its key."""


@dataclass(frozen=True, kw_only=True)
class LanguageTexts:
    """What a variant says in one language."""

    language: str
    name: str
    is_own: bool
    """Whether it is the shop's: the one that others fall back to."""
    form: TextsForm


class Draft:
    """`said` is what was posted; without it, the forms show the campaign, or an empty one."""

    def __init__(self, shop: Shop, campaign: Campaign | None, said: QueryDict | None) -> None:
        self.shop, self.campaign = shop, campaign
        stored = campaign or Campaign(segment=DEFAULT_SEGMENT)
        self.stored = {
            Variant.A: dict(stored.promotion_properties),
            Variant.B: dict(stored.alternative_properties or {}),
        }
        self.form = CampaignForm(said, shop=shop, initial=_initial(stored))
        self.texts = {variant: self._texts(variant, said) for variant in self.stored}
        title = self.variant_a[0].form.fields["title"]
        title.required = True
        title.error_messages["required"] = _("A campaign needs a title.")
        self.products = self._products(said)

    @property
    def variant_a(self) -> list[LanguageTexts]:
        return self.texts[Variant.A]

    @property
    def variant_b(self) -> list[LanguageTexts]:
        return self.texts[Variant.B]

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self._forms())

    @property
    def has_products(self) -> bool:
        return bool(self.form["promotion_type"].value() == Campaign.PromotionType.PRODUCT)

    @property
    def has_b(self) -> bool:
        forms_of_b = [texts.form for texts in self.variant_b]
        return any(form.errors or any(_read(form).values()) for form in forms_of_b)

    def is_valid(self) -> bool:
        """All are asked, so that each says what is wrong with it."""
        are_valid = [form.is_valid() for form in self._forms()]
        return all(are_valid)

    def changes(self) -> CampaignChanges:
        """Of valid forms."""
        said = self.form.cleaned_data
        changes: CampaignChanges = {
            "name": said["name"],
            "is_enabled": said["is_enabled"],
            "starts_at": said["starts_at"],
            "ends_at": said["ends_at"],
            "segment": said["segment"],
            "priority": said["priority"],
            "promotion_type": said["promotion_type"],
            "promotion_properties": self._properties(Variant.A),
            "alternative_properties": self._properties(Variant.B) or None,
            "holdout_percent": said["holdout_percent"],
            "discount_id": self._chosen_discount(said["discount"]),
        }
        if said["code"]:
            changes["code"] = said["code"]
        return changes

    def shown(self) -> Campaign:
        """What customers would see, as far as it can be read; saved nowhere."""
        self.is_valid()
        said = self.form.cleaned_data if self.form.is_bound else self.form.initial
        discount = self.form.discounts.get(str(said.get("discount") or ""))
        return Campaign(
            shop=self.shop,
            promotion_type=said.get("promotion_type") or Campaign.PromotionType.BASIC,
            promotion_properties=self._properties(Variant.A),
            alternative_properties=self._properties(Variant.B) or None,
            discount=discount,
        )

    def refuse(self, refusal: DomainError) -> None:
        names = [*(fault.field for fault in refusal.faults), refusal.key]
        field = next((FIELD_OF[name] for name in names if name in FIELD_OF), None)
        self.form.add_error(field, refusal.message)

    def _forms(self) -> list[forms.Form]:
        texts = [one.form for variant in self.texts.values() for one in variant]
        return [self.form, *texts, *self.products]

    def _chosen_discount(self, key: str) -> Any:
        discount = self.form.discounts.get(key)
        return discount.id if discount else None

    def _texts(self, variant: Variant, said: QueryDict | None) -> list[LanguageTexts]:
        own = self.shop.language
        codes = [own, *(code for code, _name in settings.LANGUAGES if code != own)]
        names = dict(settings.LANGUAGES)
        return [
            LanguageTexts(
                language=code,
                name=str(names.get(code, code)),
                is_own=code == own,
                form=TextsForm(
                    said, prefix=f"{variant.value}-{code}", initial=self._said_in(variant, code)
                ),
            )
            for code in codes
        ]

    def _said_in(self, variant: Variant, language: str) -> dict[str, Any]:
        stored = self.stored[variant]
        translated = (stored.get("translations") or {}).get(language) or {}
        return {**stored, **translated} if language == self.shop.language else translated

    def _products(self, said: QueryDict | None) -> list[ProductForm]:
        stored = self.stored[Variant.A].get("products") or []
        rows = max(PRODUCT_ROWS, len(stored))
        return [
            ProductForm(
                said,
                prefix=f"product-{row}",
                initial=stored[row] if row < len(stored) else None,
            )
            for row in range(rows)
        ]

    def _properties(self, variant: Variant) -> dict[str, Any]:
        """What the forms say; languages that the editor does not show stay as they are."""
        own, *others = self.texts[variant]
        said: dict[str, Any] = _said(_read(own.form))
        edited = {one.language: _said(_read(one.form)) for one in others}
        shown = {own.language, *edited}
        stored = self.stored[variant].get("translations") or {}
        translations = {
            **{code: texts for code, texts in stored.items() if code not in shown},
            **{code: texts for code, texts in edited.items() if texts},
        }
        if translations:
            said["translations"] = translations
        products = self._product_rows() if variant is Variant.A else self._products_of_b()
        if products:
            said["products"] = products
        return said

    def _products_of_b(self) -> list[dict[str, Any]]:
        products: list[dict[str, Any]] = self.stored[Variant.B].get("products") or []
        return products

    def _product_rows(self) -> list[dict[str, Any]]:
        """A row without a title is none; what the editor does not show of one stays."""
        stored = self.stored[Variant.A].get("products") or []
        rows = []
        for place, form in enumerate(self.products):
            said = _read(form)
            if not said.get("title"):
                continue
            price = said.pop("price", None)
            kept = stored[place] if place < len(stored) else {}
            hidden = {name: kept[name] for name in kept if name not in form.fields}
            priced = {} if price is None else {"price": float(price)}
            rows.append({**hidden, **_said(said), **priced})
        return rows


def _initial(campaign: Campaign) -> dict[str, Any]:
    names = ("name", "code", "segment", "starts_at", "ends_at", "priority")
    more = ("promotion_type", "holdout_percent", "is_enabled")
    discount = {"discount": str(campaign.discount_id or "")}
    return {name: getattr(campaign, name) for name in (*names, *more)} | discount


def _read(form: forms.Form) -> dict[str, Any]:
    """What is right in it, if it was posted; else what it shows."""
    if form.is_bound:
        form.is_valid()
        return {name: form.cleaned_data.get(name) for name in form.fields}
    return {name: (form.initial or {}).get(name) for name in form.fields}


def _said(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in texts.items() if text}
