"""A campaign's promotion as a customer reads it, wherever it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from campaigns.choice import Variant, properties_of
from campaigns.models import Campaign, Discount
from campaigns.web_url import is_web_url


@dataclass(frozen=True, kw_only=True)
class PromotedProduct:
    place: int
    """In the campaign's list, from 1: what its link says."""
    title: str
    has_link: bool
    image_url: str
    price: str


@dataclass(frozen=True, kw_only=True)
class Promotion:
    campaign_id: UUID
    variant: Variant
    title: str
    subtitle: str
    cta_label: str
    """Empty where there is nothing to lead to."""
    image_url: str
    products: Sequence[PromotedProduct]
    discount_code: str
    discount_words: str

    @property
    def picture_hosts(self) -> tuple[str, ...]:
        """Where the browser has to fetch pictures from, for the page's policy."""
        pictures = [self.image_url, *(product.image_url for product in self.products)]
        return tuple(dict.fromkeys(urlsplit(url).netloc.lower() for url in pictures if url))


def promotion_of(
    campaign: Campaign, variant: Variant, *, language: str, currency: str
) -> Promotion | None:
    """In the language that is active for texts of ours; None if there is nothing to read.

    `currency`: the shop's, of amounts that name none. What is held out has nothing to show.
    """
    said = properties_of(campaign, variant, language)
    if variant is Variant.HOLDOUT or not said["title"]:
        return None
    discount = campaign.discount
    return Promotion(
        campaign_id=campaign.id,
        variant=variant,
        title=said["title"],
        subtitle=said["subtitle"],
        cta_label=(said["cta_label"] or _("Have a look")) if is_web_url(said["cta_url"]) else "",
        image_url=_picture(said["image_url"]),
        products=[
            _product(place, product, currency)
            for place, product in enumerate(said["products"], start=1)
            if product.get("title")
        ],
        discount_code=discount.code if discount else "",
        discount_words=discount_words(discount, currency) if discount else "",
    )


def discount_words(discount: Discount, currency: str) -> str:
    """Its title or, without one, what it is worth."""
    if discount.title:
        return discount.title
    if discount.value_type == Discount.ValueType.PERCENTAGE:
        if discount.type == Discount.Type.SHIPPING and discount.value == 100:
            return _("Free shipping")
        amount = f"{format_decimal(discount.value, locale=_locale())} %"
    else:
        amount = format_currency(discount.value, currency, locale=_locale())
    match Discount.Type(discount.type):
        case Discount.Type.SHIPPING:
            return _("%s off shipping") % amount
        case Discount.Type.PRODUCT:
            return _("%s off selected products") % amount
        case Discount.Type.ORDER:
            return _("%s off your next order") % amount


def _product(place: int, said: dict[str, Any], currency: str) -> PromotedProduct:
    return PromotedProduct(
        place=place,
        title=said["title"],
        has_link=is_web_url(said.get("url")),
        image_url=_picture(said.get("image_url")),
        price=_price(said.get("price"), said.get("currency") or currency),
    )


def _price(said: Any, currency: str) -> str:
    try:
        return (
            "" if said is None else format_currency(Decimal(str(said)), currency, locale=_locale())
        )
    except InvalidOperation:
        return ""


def _picture(url: Any) -> str:
    """Over https only: browsers show no others within our pages."""
    is_shown = is_web_url(url) and urlsplit(url).scheme.lower() == "https"
    return str(url) if is_shown else ""


def _locale() -> str:
    return to_locale(get_language() or "en")
