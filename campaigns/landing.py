"""Where a click on a campaign leads: the address that it stores, marked with where it came from.

The address is the campaign's own and nothing else, so nobody can be led elsewhere by a link.
"""

from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from campaigns.choice import Variant, properties_of
from campaigns.models import Campaign
from campaigns.referral import PARAMETER, Referral, referral_text
from campaigns.web_url import is_web_url
from orders.models import Order

SOURCE, MEDIUM = "tracking-page", "post-purchase"


def landing_url(
    campaign: Campaign, variant: Variant, order: Order, *, language: str, product: int = 0
) -> str:
    """Of the campaign, or of its `product` (from 1); empty if it leads nowhere."""
    said = properties_of(campaign, variant, language)
    url = _product_url(said["products"], product) if product else said["cta_url"]
    if not is_web_url(url):
        return ""
    referral = Referral(campaign_id=campaign.id, order_id=order.id)
    tags = {
        "utm_source": SOURCE,
        "utm_medium": MEDIUM,
        "utm_campaign": campaign.code,
        **({"utm_content": variant.value} if campaign.alternative_properties else {}),
    }
    return with_parameters(
        url, tags, replaced={PARAMETER: referral_text(campaign.shop_id, referral)}
    )


def with_parameters(url: str, added: dict[str, str], *, replaced: dict[str, str]) -> str:
    """Its own parameters stay as they are, byte for byte, and before an added one of that name."""
    parts = urlsplit(url)
    own = [piece for piece in parts.query.split("&") if piece]
    kept = [piece for piece in own if piece.partition("=")[0] not in replaced]
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    new = {**{n: v for n, v in added.items() if n not in names}, **replaced}
    query = "&".join([*kept, *(f"{name}={quote(value, safe='')}" for name, value in new.items())])
    return parts._replace(query=query).geturl()


def _product_url(products: list[dict[str, Any]], place: int) -> Any:
    return products[place - 1].get("url") if 0 < place <= len(products) else ""
