"""Which campaign the page of an order shows, in which variant, and why: always the same one.

Of the campaigns that run, those for a segment of the order at its fulfilment; if there is none, the
one for `default`. Of several the one with the greatest priority, then the oldest, then by id. The
variant follows from a hash of order and campaign: nothing is stored, and nothing drifts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import DEFAULT_SEGMENT, Campaign
from campaigns.segments import segments_at_fulfilment
from orders.models import Order
from orders.states import OrderState
from shops.models import Shop

TEXTS = ("title", "subtitle", "cta_label", "cta_url", "image_url")
STEPS = 2**32
MOST_SAID = 5
"""Campaigns or segments named in an explanation."""


class Variant(models.TextChoices):
    A = "a", "A"
    B = "b", "B"
    HOLDOUT = "holdout", "Hold-out"


@dataclass(frozen=True, kw_only=True)
class Choice:
    campaign: Campaign
    variant: Variant
    segments: Sequence[str]
    """Of the order, at its fulfilment."""
    passed_over: Sequence[Campaign] = ()
    """Those that fit as well, and were not chosen."""
    is_fulfilled: bool = True

    @property
    def is_shown(self) -> bool:
        return self.variant is not Variant.HOLDOUT

    def properties(self, language: str) -> dict[str, Any]:
        """What is shown, in that language where it is translated; always with all of TEXTS."""
        return properties_of(self.campaign, self.variant, language)

    def explanation(self) -> list[str]:
        """Why this campaign, and why this variant, as sentences."""
        return [self._why_this_one(), *self._why_not_others(), self._why_this_variant()]

    def _why_this_one(self) -> str:
        segment = self.campaign.segment
        if segment in self.segments:
            if self.is_fulfilled:
                return _("Shown because the order was in the segment “%s” when it was sent.") % (
                    segment
                )
            return _("Shown because the order is in the segment “%s”.") % segment
        if not self.segments:
            return _("Shown because the order is in no segment: this is the campaign for all else.")
        return _(
            "Shown because no running campaign is for the order’s segments (%s): this is the "
            "campaign for all else."
        ) % ", ".join(self.segments[:MOST_SAID])

    def _why_not_others(self) -> list[str]:
        if not self.passed_over:
            return []
        names = ", ".join(f"“{one.name}”" for one in self.passed_over[:MOST_SAID])
        has_priority = self.campaign.priority > self.passed_over[0].priority
        reason = _("its priority is greater") if has_priority else _("it is the oldest of them")
        text = ngettext(
            "It goes before %(names)s, which fits as well: %(reason)s.",
            "It goes before %(names)s, which fit as well: %(reason)s.",
            len(self.passed_over),
        )
        return [text % {"names": names, "reason": reason}]

    def _why_this_variant(self) -> str:
        if self.variant is Variant.HOLDOUT:
            return _(
                "Not shown all the same: the order is one of the %s %% that are held out, so that "
                "the campaign’s effect can be measured."
            ) % (self.campaign.holdout_percent)
        if self.campaign.alternative_properties:
            return _("It falls to variant %s by the order’s id.") % self.variant.label
        return _("There is one variant.")


def choose_campaign(shop: Shop, order: Order, *, at: datetime) -> Choice | None:
    """The choice for the order's page at that moment; two queries, one where nothing runs."""
    running = list(running_campaigns(shop, at=at))
    if not running:
        return None
    return choose_among(shop, order, running)


def running_campaigns(shop: Shop, *, at: datetime) -> models.QuerySet[Campaign]:
    """In the order in which they are tried."""
    campaigns = Campaign.objects.of(shop).kept().running(at).select_related("discount")
    return campaigns.order_by("-priority", "created_at", "id")


def choose_among(shop: Shop, order: Order, running: Sequence[Campaign]) -> Choice | None:
    segments = segments_at_fulfilment(shop, order)
    fitting = [one for one in running if one.segment in segments]
    fitting = fitting or [one for one in running if one.segment == DEFAULT_SEGMENT]
    if not fitting:
        return None
    chosen = fitting[0]
    return Choice(
        campaign=chosen,
        variant=variant_of(chosen, order.id),
        segments=segments,
        passed_over=fitting[1:],
        is_fulfilled=order.state in (OrderState.PARTIALLY_FULFILLED, OrderState.FULFILLED),
    )


def variant_of(campaign: Campaign, order_id: UUID) -> Variant:
    """The hold-out and A/B are drawn from different bits: changing one leaves the other alone."""
    drawn = blake2b(campaign.id.bytes + order_id.bytes, digest_size=8).digest()
    held_out, other = int.from_bytes(drawn[:4]), int.from_bytes(drawn[4:])
    if held_out < campaign.holdout_percent * STEPS // 100:
        return Variant.HOLDOUT
    if campaign.alternative_properties and other >= STEPS // 2:
        return Variant.B
    return Variant.A


def properties_of(campaign: Campaign, variant: Variant, language: str) -> dict[str, Any]:
    """Of variant B, what it leaves unsaid is as in A. `de-at` falls back to `de`, then to none."""
    own = campaign.promotion_properties
    layers = [own, *_translated(own, language)]
    if variant is Variant.B and campaign.alternative_properties:
        other = campaign.alternative_properties
        layers += [other, *_translated(other, language)]
    said = dict.fromkeys(TEXTS, "")
    for layer in layers:
        said.update({name: layer[name] for name in TEXTS if layer.get(name)})
    is_products = campaign.promotion_type == Campaign.PromotionType.PRODUCT
    products = [layer["products"] for layer in layers if layer.get("products")]
    return {**said, "products": products[-1] if products and is_products else []}


def _translated(properties: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The weaker first."""
    translations = {
        name.lower(): texts for name, texts in (properties.get("translations") or {}).items()
    }
    wanted = language.lower()
    return [
        translations[name]
        for name in dict.fromkeys([wanted.partition("-")[0], wanted])
        if name in translations
    ]
