"""What an order says of the campaign that brought it, the strongest first.

`order_analytics` is free-form: whatever is in it is looked through for names that are known, up to
a bound, and what is not understood is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from campaigns.models import AttributionWay
from campaigns.referral import PARAMETER, Referral, read_referral
from campaigns.services import code_from
from orders.models import Order

LONGEST = 255
MOST_VALUES = 500
MOST_LEVELS = 5
MOST_PARAMETERS = 100

ANALYTICS_RANKS = {
    "campaignid": 0,
    "utmid": 0,
    "utmcampaign": 1,
    "campaigncode": 2,
    "campaign": 3,
    "campaignname": 3,
}
"""By a name's letters and digits: `campaign_id`, `campaignId` and `campaign-id` are the same."""
DISCOUNT_RANK, REFERRAL_RANK = 10, 20
CONTEXT = ("utmsource", "source", "utmmedium", "medium")
"""They name no campaign, but are kept with what does."""
_REFERRAL = re.sub(r"[^a-z0-9]", "", PARAMETER)
_KNOWN = {*ANALYTICS_RANKS, *CONTEXT, _REFERRAL}
_IN_CAMPAIGN = ("id", "code", "name")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that was said, which may name a campaign: by its id, its code or its discount."""

    rank: int
    """The smaller, the stronger."""
    way: AttributionWay
    words: str
    """For people: what said so."""
    campaign_id: UUID | None = None
    code: str | None = None
    discount_code: str | None = None


def evidence_of(order: Order) -> tuple[list[Evidence], UUID | None]:
    """What may name a campaign, and the order on whose page a link was clicked, if that is known.

    A link of the order's own page brought nothing: whatever came with it is left out.
    """
    said = list(_said(order.order_analytics)) if order.order_analytics else []
    referral = _referral(order, said)
    found = list(_by_discounts(order.discounts))
    if referral is not None and referral.order_id == order.id:
        return found, None
    found += _by_analytics(said)
    if referral is not None:
        found.append(
            Evidence(
                rank=REFERRAL_RANK,
                way=AttributionWay.REFERRAL,
                words=f"{PARAMETER}: a link of a tracking page",
                campaign_id=referral.campaign_id,
            )
        )
    return found, referral.order_id if referral is not None else None


def _referral(order: Order, said: list[tuple[str, str, str]]) -> Referral | None:
    read = (read_referral(order.shop_id, text) for name, _, text in said if name == _REFERRAL)
    return next(filter(None, read), None)


def _by_analytics(said: list[tuple[str, str, str]]) -> Iterator[Evidence]:
    context = [f"{written}={text}" for name, written, text in said if name in CONTEXT]
    for name, written, text in said:
        rank = ANALYTICS_RANKS.get(name)
        if rank is None:
            continue
        campaign_id = _uuid(text)
        yield Evidence(
            rank=0 if campaign_id else rank,
            way=AttributionWay.ANALYTICS,
            words=", ".join([f"{written}={text}", *context])[:LONGEST],
            campaign_id=campaign_id,
            code=None if campaign_id else code_from(text),
        )


def _by_discounts(discounts: Any) -> Iterator[Evidence]:
    for discount in discounts if isinstance(discounts, list) else ():
        code = _text(discount.get("code")) if isinstance(discount, dict) else ""
        if code:
            yield Evidence(
                rank=DISCOUNT_RANK,
                way=AttributionWay.DISCOUNT,
                words=f"discount code {code}"[:LONGEST],
                discount_code=code,
            )


def _said(analytics: Any) -> Iterator[tuple[str, str, str]]:
    """Known names in the analytics, as (name, as it was written, text), in their order."""
    pending: list[tuple[str, Any, int]] = [("", analytics, 0)]
    seen = 0
    while pending and seen < MOST_VALUES:
        written, value, level = pending.pop()
        seen += 1
        if isinstance(value, dict | list):
            if level < MOST_LEVELS:
                pending += [(n, v, level + 1) for n, v in reversed(_parts(written, value))]
            continue
        text = _text(value)
        name = _letters(written)
        if name in _KNOWN and text:
            yield name, written[:64], text
        if "=" in text:
            yield from _in_address(str(value))


def _parts(written: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [(written, part) for part in value[:MOST_VALUES]]
    if set(value) in ({"name", "value"}, {"key", "value"}):  # a list of attributes
        return [(str(value.get("name", value.get("key"))), value["value"])]
    if _letters(written) == "campaign":
        return [(f"{written}.{n}" if n in _IN_CAMPAIGN else str(n), v) for n, v in value.items()]
    return [(str(name), part) for name, part in value.items()]


def _in_address(text: str) -> Iterator[tuple[str, str, str]]:
    """The parameters of a landing page's address."""
    try:
        query = urlsplit(text).query or text
        pairs = parse_qsl(query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return
    for written, value in pairs:
        name, value = _letters(written), _text(value)
        if name in _KNOWN and value:
            yield name, written[:64].replace("\x00", ""), value


def _letters(written: str) -> str:
    return re.sub(r"[^a-z0-9]", "", written[:64].lower())


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.replace("\x00", "").strip()[:LONGEST] if isinstance(value, str) else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
