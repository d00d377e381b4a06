"""The editor's forms: a campaign is several of them, checked and saved together."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.discounts import DiscountChanges
from campaigns.models import (
    CODE_PATTERN,
    DEFAULT_SEGMENT,
    MOST_HELD_OUT,
    Campaign,
    Discount,
)
from campaigns.web_url import LONGEST, check_web_url
from portal.moment_field import MomentField
from shops.models import Shop

MOST_DISCOUNTS = 200


class WebUrlField(forms.CharField):
    widget = forms.URLInput(attrs={"spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, required=False, **options)

    def clean(self, value: Any) -> str:
        url: str = super().clean(value)
        if url:
            try:
                check_web_url(url)
            except ValueError:
                raise ValidationError(
                    _now("Enter a web address, such as https://shop.example/new."), "invalid"
                ) from None
        return url


class TextsForm(forms.Form):
    """One variant in one language."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    subtitle = forms.CharField(
        label=_("Text"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cta_label = forms.CharField(label=_("Button"), max_length=60, required=False)
    cta_url = WebUrlField(
        label=_("Where the button leads"),
        help_text=_("Marks that tell where the customer came from are added to it."),
    )
    image_url = WebUrlField(
        label=_("Picture’s address"), help_text=_("Over https; wide pictures look best.")
    )


class ProductForm(forms.Form):
    title = forms.CharField(label=_("Product"), max_length=200, required=False)
    url = WebUrlField(label=_("Its page"))
    image_url = WebUrlField(label=_("Picture’s address"))
    price = forms.DecimalField(
        label=_("Price"), max_digits=16, decimal_places=4, min_value=0, required=False
    )


class CampaignForm(forms.Form):
    """All of a campaign but its texts."""

    name = forms.CharField(
        label=_("Name"), max_length=255, help_text=_("For you; customers do not see it.")
    )
    promotion_type = forms.ChoiceField(
        label=_("Shows"),
        choices=Campaign.PromotionType.choices,
        initial=Campaign.PromotionType.BASIC,
    )
    segment = forms.CharField(
        label=_("Segment"),
        max_length=255,
        initial=DEFAULT_SEGMENT,
        help_text=_("Of the orders it is for. “default” is for those that no other campaign fits."),
        widget=forms.TextInput(attrs={"list": "segments", "autocomplete": "off"}),
    )
    starts_at = MomentField(
        label=_("Starts"), required=False, help_text=_("In the shop’s time zone; empty is at once.")
    )
    ends_at = MomentField(label=_("Ends"), required=False, help_text=_("Empty is never."))
    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=-1000,
        max_value=1000,
        initial=0,
        help_text=_("Where an order fits several campaigns, the greatest wins."),
    )
    discount = forms.ChoiceField(label=_("Discount"), required=False)
    holdout_percent = forms.IntegerField(
        label=_("Held out, per cent"),
        min_value=0,
        max_value=MOST_HELD_OUT,
        initial=0,
        help_text=_(
            "Of the orders, to which it is not shown, so that its effect can be measured. "
            "10 is a good start; at most 50."
        ),
    )
    code = forms.RegexField(
        rf"\A{CODE_PATTERN}\Z",
        label=_("Code"),
        max_length=64,
        required=False,
        help_text=_(
            "utm_campaign of its links: small letters, digits and hyphens. "
            "Empty is made of the name."
        ),
        error_messages={
            "invalid": _("Use small letters, digits and hyphens, such as spring-sale.")
        },
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    is_enabled = forms.BooleanField(
        label=_("Enabled"),
        required=False,
        help_text=_("Shown while it runs. One campaign of a segment can be enabled."),
    )

    def __init__(self, *args: Any, shop: Shop, **options: Any) -> None:
        super().__init__(*args, **options)
        self.discounts = {
            str(discount.id): discount
            for discount in Discount.objects.of(shop).order_by("-created_at")[:MOST_DISCOUNTS]
        }
        field = self.fields["discount"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # nosec B101
        field.choices = [
            ("", _("No discount")),
            *((key, _named(discount)) for key, discount in self.discounts.items()),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        starts_at, ends_at = said.get("starts_at"), said.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _now("It must end after it starts."))
        return said


def _named(discount: Discount) -> str:
    return f"{discount.code} – {discount.title}" if discount.title else discount.code


class DiscountForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=255,
        help_text=_("As customers type it at your checkout, where it has to exist, too."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=255,
        required=False,
        help_text=_("What customers read; empty is said by what it is worth."),
    )
    type = forms.ChoiceField(label=_("On"), choices=Discount.Type.choices, initial="order")
    value_type = forms.ChoiceField(label=_("As"), choices=Discount.ValueType.choices)
    value = forms.DecimalField(label=_("Value"), min_value=0, max_digits=16, decimal_places=4)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_percentage = said.get("value_type") == Discount.ValueType.PERCENTAGE
        if is_percentage and (said.get("value") or 0) > 100:
            self.add_error("value", _now("A percentage is at most 100."))
        return said

    def changes(self) -> DiscountChanges:
        said = self.cleaned_data
        return {
            "code": said["code"],
            "title": said["title"],
            "type": said["type"],
            "value_type": said["value_type"],
            "value": said["value"],
        }
