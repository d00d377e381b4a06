"""The link to an order's tracking page: unguessable, and stored nowhere.

Its token names the shop and the order (common.link_tokens). So a link leads to its shop without a
search over all shops, and costs an order's writing nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from common.link_tokens import make_token, open_token, token_maker

SEEN_BY_SHOP = "?by=shop"
"""On links for the shop's own people, whose look at the page is no customer's."""

_ID = 16
_PURPOSE = "tracking links"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedOrder:
    """Whose page a link opens."""

    shop_id: UUID
    order_id: UUID


def tracking_page_url(shop_id: UUID, order_id: UUID) -> str:
    return page_urls(shop_id)(order_id.bytes)


def page_urls(shop_id: UUID) -> Callable[[bytes], str]:
    """The same for many orders of one shop, by the 16 bytes of their ids."""
    start, shop, token = f"{settings.BASE_URL}/t/", shop_id.bytes, token_maker(_PURPOSE)
    return lambda order_id: start + token(shop + order_id)


def tracking_token(shop_id: UUID, order_id: UUID) -> str:
    return make_token(shop_id.bytes + order_id.bytes, purpose=_PURPOSE)


def linked_order(token: str) -> LinkedOrder | None:
    """Whom the token names; None if it is none of ours."""
    named = open_token(token, length=2 * _ID, purpose=_PURPOSE)
    if named is None:
        return None
    return LinkedOrder(shop_id=UUID(bytes=named[:_ID]), order_id=UUID(bytes=named[_ID:]))
